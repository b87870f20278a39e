// The engine of one node of a simulated world: the product's own batches (platform/sql/batch.h) over the database that
// the nodes share, in one thread, in a world where commits fail, end unknown, clash, and where the process dies between
// any two steps. Nothing of this is in the program: an Engine is a parameter, and this is another one. It lives as long
// as the process that it belongs to.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "database.h"
#include "follower.h"
#include "platform/audit/audit.h"
#include "platform/sql/batch.h"
#include "stage.h"

namespace fairward::sim {

inline const audit::Key audit_key = audit::Key::of_signing_seed("of this world");

// Goes through the product's stack when its process dies: no std::exception, so that nobody handles it.
struct Crashed {};

enum class Fault : std::uint8_t {
  none,
  commit_refused,       // the disk is full: nothing is stored, and that is known
  commit_lost,          // no answer to the commit; nothing is stored
  commit_kept,          // no answer to the commit; all of it is stored
  conflict,             // as PostgreSQL may: rolled back, to be run again
  connection_lost,      // before the commit: to be run again
  crash_in_batch,       // the process dies before a call of the batch
  crash_before_commit,  // after the last
  crash_after_commit,   // stored, and nobody was told
  crash_in_replies,     // some were told
};
std::string_view text(Fault fault);

// A call has run inside a transaction.
struct Ran {
  std::int64_t node = 0;    // 0: has its database for itself
  std::int64_t origin = 0;  // 0: the product itself
  std::int64_t order_key = 0;
  bool keep = false;         // it wants its changes stored
  bool has_changed = false;  // rows of modules; else there is nothing to compare
  Instant now;               // by its node's clock
};

// Who watches the transactions: the judge.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void transaction_begins() = 0;
  virtual void call_ran(const Ran& ran, Snapshot& db) = 0;  // which shows what it did
  virtual void transaction_ends(bool is_durable) = 0;
};

class SimEngine final : public sql::Engine {
 public:
  // is_shared: it is a node among others, even if there are none.
  SimEngine(Database& database, bool is_shared, const Clock& clock, Stage& stage);
  ~SimEngine() override;

  void write(std::int64_t order_key, Write work, Done done) override;
  void read(Read work, Done done) override;
  void read_long(Read work, Done done) override;  // at once: somebody waits
  void on_events(std::function<void(const std::vector<sql::Event>&, Instant)> listener) override;
  void follow(std::function<void()> lost) override;
  std::int64_t node() const override { return follower_.node(); }
  sql::EngineStats stats() const override { return {writes_, batches_, reads_run_, 0, retries_, queue_.size(), 0}; }
  void stop() override {}

  // Runs one thing of what was submitted, a batch of any size or a part of a read, or looks for what others have
  // committed; calls of equal order keys keep their order. False: there was nothing. Throws Crashed.
  bool step();
  bool is_idle() const { return queue_.empty() && reads_.empty(); }
  // Calls without an order key that are submitted while this lives run at once: for those who wait for their end.
  // Others of the queue may come along.
  class Immediate {
   public:
    explicit Immediate(SimEngine& engine) : engine_(engine) { ++engine_.immediate_; }
    ~Immediate() { --engine_.immediate_; }
    Immediate(const Immediate&) = delete;
    Immediate& operator=(const Immediate&) = delete;

   private:
    SimEngine& engine_;
  };
  // From whom the next calls come; 0: from the product itself.
  void origin(std::int64_t origin) { origin_ = origin; }
  // The process is gone, and with it what was queued. The database stays.
  void close() { is_closed_ = true; }
  // The process dies at the next thing it asks of the database.
  void kill() { is_dead_ = true; }

  void watch(Watcher* watcher) { watcher_ = watcher; }
  Follower& follower() { return follower_; }
  const Follower& follower() const { return follower_; }

 private:
  class Disk;  // the connection, with the faults
  struct Queued {
    std::int64_t origin = 0;
    sql::WriteCall call;
  };
  struct Reading {
    std::int64_t origin = 0;
    sql::ReadCall call;
    std::optional<sql::Outcome> outcome = {};  // it has run, and its end is not told yet
  };

  void run_until(const bool& is_over);
  std::vector<Queued> take_batch();
  void run_batch(std::vector<Queued> batch);
  void read_some();
  void begin(Reading& reading);
  void end(Reading& reading);
  void look();
  Fault draw_fault();
  sql::WriteCall watched(Queued queued);

  Database& database_;
  const bool is_shared_;
  const Clock& clock_;
  Stage& stage_;
  Watcher* watcher_ = nullptr;
  Follower follower_;
  std::unique_ptr<Disk> disk_;
  sql::Publisher publisher_;
  std::atomic<std::uint64_t> retries_{0};
  std::unique_ptr<sql::BatchRunner> runner_;
  std::deque<Queued> queue_;
  std::deque<Reading> reads_;
  std::int64_t origin_ = 0;
  std::int64_t known_commits_ = 0;  // that this node has seen, in whatever way
  int immediate_ = 0;
  bool is_running_ = false, is_dead_ = false, is_closed_ = false, has_changed_ = false;
  int replies_left_ = -1;  // until the process dies; -1: it does not
  std::uint64_t writes_ = 0, batches_ = 0, reads_run_ = 0;
};

}  // namespace fairward::sim
