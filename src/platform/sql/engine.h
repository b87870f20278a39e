// Runs calls against a database: many writes to one commit, reads on snapshots, no reply before the commit is durable.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "platform/clock/clock.h"
#include "platform/sql/sql.h"

namespace fairward::sql {

// How a submitted call ended.
enum class Outcome : std::uint8_t {
  done,         // read finished, or write durable
  undone,       // the work returned false: its changes are rolled back
  full,         // the queue was full; nothing ran
  unavailable,  // the database failed (gone, disk full, commit failed): as far as is known nothing is stored
  broken,       // the work threw something that is a bug; rolled back
};

// The connections of an engine for one kind of work.
struct PoolStats {
  std::uint64_t open = 0;        // connections, now
  std::uint64_t busy = 0;        // of them at work, now
  std::uint64_t reconnects = 0;  // made anew after a loss
  std::uint64_t waited_us = 0;   // how long all calls together have waited for a connection
};

// What the log and the metrics want to know of an engine.
struct EngineStats {
  std::uint64_t write_calls, write_batches, read_calls, refused_full, retries;
  std::uint64_t write_queue, read_queue;
  PoolStats writers = {}, readers = {}, follower = {};
  std::uint64_t heard_us_ago = 0;  // when this node last looked for what others commit; 0 where there are no others
};

// All that a write may contend for with other writes which name it: what it reads and then writes belongs to one of
// these. Who names it promises that, besides, the work only
// - reads what no such work writes,
// - inserts rows that are its own,
// - changes rows by single statements whose order does not matter (a count goes down by one),
// - reads what belongs to others for a hint and decides nothing by it,
// and that it holds no mutex while it waits for the database.
struct Contention {
  std::int64_t order_key = 0;
  std::array<std::int64_t, 2> people{};  // users; 0: nobody
};

// What the record keeps of a call.
struct CallRecord {
  std::string_view entry;  // Txn::record; empty: nobody asked for it, the product did it by itself
  std::span<const Event> events;
};

// Keeps a record of the calls of each commit, in their own transaction: no call without its record, no record without
// its call. One to a writer, on that writer's thread. See platform/audit.
class Recorder {
 public:
  enum class End : std::uint8_t { committed, undone, unknown };

  virtual ~Recorder() = default;
  // After the calls that are to be kept, in their order, and before the commit. What it throws undoes them.
  virtual void keep(Txn& txn, std::span<const CallRecord> calls, Instant at) = 0;
  // How the transaction ended, in which something was kept or which ended before that.
  virtual void ended(End end) = 0;
};
// Empty: no record is kept.
using RecorderMaker = std::function<std::unique_ptr<Recorder>(std::int64_t node)>;

class Engine {
 public:
  using Write = std::move_only_function<bool(Txn&)>;  // true: keep; false: undo. May run again after a conflict
  using Read = std::move_only_function<void(Snapshot&)>;
  // Always called exactly once, on an engine thread; for what is refused (full, stopped) on the caller's, before the
  // call returns.
  using Done = std::move_only_function<void(Outcome)>;

  virtual ~Engine() = default;

  // Writes with the same order key run one after the other, in the order submitted (0: any order).
  virtual void write(std::int64_t order_key, Write work, Done done) = 0;
  // The same, of work that may run side by side, in one transaction, with work that contends for nothing in common.
  // Where the people are in common they run one after the other, too.
  virtual void write_beside(const Contention& contention, Write work, Done done) {
    write(contention.order_key, std::move(work), std::move(done));
  }
  // A write that may run in any order, and locks the rows of this key (see lock_first) in the course of its work.
  virtual void write_locking(std::int64_t /*lock_key*/, Write work, Done done) {
    write(0, std::move(work), std::move(done));
  }
  // From here on a transaction begins by locking the rows that this query locks for the keys of its calls, order keys
  // and lock keys: those of the smallest key first. Since every transaction does so, none of them waits for such a row
  // while it holds anything, and they cannot lock each other out over these rows.
  virtual void lock_first(const Query& /*rows_lock*/) {}
  virtual void read(Read work, Done done) = 0;
  // The same, of work that may take long, as what memory is rebuilt from: a silent server is not given up so soon.
  virtual void read_long(Read work, Done done) { read(std::move(work), std::move(done)); }
  // The same, waiting for the end; for start-up, command line and tests, never on an HTTP thread. Throws Error unless
  // done/undone,
  // with the words of what broke; also where it would wait for itself, on an engine thread.
  Outcome write_now(Write work);
  void read_now(Read work);

  // Called with the events of each committed call, one call at a time, after its on_commit actions and before its Done.
  // In commit order, and before any Done of the same commit; on PostgreSQL the order of commits is kept among calls of
  // one order key. Also with the events of a call whose commit got no answer: an event says that something may have
  // changed, and is read again.
  // Events of other nodes come in between, `is_foreign`: those of one doctor in the order of their turns among
  // themselves, but an own commit may be told before or after a foreign one that it followed; ids tell.
  virtual void on_events(std::function<void(const std::vector<Event>&, Instant)> listener) = 0;
  // From here on the listeners are told what other nodes have committed since the engine was opened. Call it once, when
  // memory is loaded. `lost`: this node was away for so long that events may be gone; memory must be loaded anew.
  virtual void follow(std::function<void()> /*lost*/) {}
  // The node that this engine is among those that share a database; 0: it has its database for itself.
  virtual std::int64_t node() const { return 0; }
  virtual EngineStats stats() const = 0;
  // Finishes what was accepted, refuses what comes after.
  virtual void stop() = 0;
};

// What has reached the disk when a call is acknowledged.
enum class SqliteSync : std::uint8_t {
  full,    // the commit
  normal,  // perhaps an older one: the control of tests/powercut, which must find calls lost
  off,     // nobody knows: only for filling demo data and for tests
};

struct SqliteOptions {
  std::string path;  // a file; ":memory:" for the inline engine only
  std::size_t queue_max = 20'000;
  std::size_t batch_max = 256;  // calls to one commit: a crowd shares one sync, and nobody waits for two large batches
  std::size_t readers = 2;
  SqliteSync sync = SqliteSync::full;
  int checkpoint_pages = 4'000;  // of 4 KiB; when the log has grown by so many it is copied into the database
  // Space kept in a file beside the database, for copying the log when the disk is full. The log takes up to 32 times
  // checkpoint_pages KiB, and the database may grow by as much. 0: none.
  std::int64_t reserve_bytes = 0;
  RecorderMaker recorder = {};
};
struct PostgresOptions {
  std::string url;  // libpq connection string
  // A server: it hears what others commit, on a session of its own (`follow_url`, or `url` when that is empty), which
  // must not lead through a pooler. A command that runs beside servers follows nobody.
  bool is_node = false;
  std::string follow_url;
  std::size_t writers = 4;  // connections; calls are spread by order key
  std::size_t readers = 4;
  std::size_t batch_max = 64;
  std::size_t queue_max = 20'000;
  bool is_pooled = false;  // a pooler gives each transaction another session
  // A server that says nothing for so long is given up; by what may take long after four times that. 0: never.
  std::chrono::milliseconds silence_max{0};
  RecorderMaker recorder = {};
};

// The clock stamps the events and nothing else.
std::unique_ptr<Engine> open_sqlite(const SqliteOptions& options, const Clock& clock);
std::unique_ptr<Engine> open_postgres(const PostgresOptions& options, const Clock& clock);
// Runs every call at once on the caller's thread: for the simulation and unit tests. Batches of one.
std::unique_ptr<Engine> open_sqlite_inline(const std::string& path, const Clock& clock,
                                           const RecorderMaker& recorder = {});

// Brings the schema to the newest version. Throws Error. Progress lines go to `say`.
struct Migration {
  int number;
  std::string name;
  std::string text;
};                                        // text has dialect tokens {id} {i64} {text} {strict} …
std::vector<Migration> all_migrations();  // embedded from db/migrations at build time, in order
void migrate_sqlite(const std::string& path, const std::function<void(const std::string&)>& say);
void migrate_postgres(const std::string& url, const std::function<void(const std::string&)>& say);
void migrate_inline(Engine& engine);  // for open_sqlite_inline

// Every query constant of the program, for the contract tests (prepare all, explain all, executed by some test).
std::vector<const Query*> all_queries();

}  // namespace fairward::sql
