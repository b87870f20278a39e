// How calls become transactions, the same on every engine: many writes to one commit, each undone alone where it must
// be; effects only after the commit. What differs between databases is behind Connection. Internal to platform/sql.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "platform/clock/clock.h"
#include "platform/sql/engine.h"
#include "platform/sql/sql.h"

namespace fairward::sql {

using RowSink = std::function<void(const Row&)>;

struct WriteCall {
  std::int64_t order_key = 0;
  Engine::Write work;
  Engine::Done done;
  // Set: the call may run beside others; who it is for. See Contention.
  std::optional<std::array<std::int64_t, 2>> people = {};
  std::int64_t lock_key = 0;  // of a call without order key; see Engine::write_locking
};

struct ReadCall {
  Engine::Read work;
  Engine::Done done;
  bool is_long = false;
};

// How a call talks to the database. Everything throws Error.
class Statements {
 public:
  // Runs the query, hands over each row, returns the number of rows changed.
  virtual std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) = 0;
  // The same, but its rows may be handed over later: by the time settle or a later run has returned. Errors may come
  // then, too.
  virtual void run_later(const Query& query, std::span<const Value> values, const RowSink& sink) {
    run(query, values, sink);
  }
  virtual void settle() {}

 protected:
  ~Statements() = default;
};

// The answer to a statement, when it has come.
class Answer {
 public:
  virtual ~Answer() = default;
  // Hands over each row, returns the number of rows changed.
  virtual std::int64_t hand_over(const RowSink& sink) const = 0;
};

// A statement that one of several calls asks for.
struct Request {
  const Query* query = nullptr;
  std::span<const Value> values;
  RowSink sink;                    // takes the rows when they come, if it is set
  std::unique_ptr<Answer> answer;  // else they are kept here
};

// One connection to a database, used by one thread at a time. Everything but rollback and end_read throws Error.
// A connection may send what returns nothing later, together with the next statement.
class Connection : public Statements {
 public:
  virtual ~Connection() = default;
  // True when statements can be sent; connects again where the connection was lost.
  virtual bool ready() = 0;
  // True when the transaction cannot go on, whatever the kind of the error was.
  virtual bool is_abandoned() const = 0;

  virtual void begin() = 0;
  virtual void call_begins() {}  // a call of the transaction; for simulations, which let the world break in between
  virtual void savepoint() = 0;
  virtual void savepoint_release() = 0;
  virtual void savepoint_undo() = 0;  // and release
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;
  virtual void begin_read() = 0;
  virtual void end_read() noexcept = 0;

  // True where waiting for an answer costs more than the statement: then calls had better wait together.
  virtual bool waits_long() const { return false; }
  // Sends the query of each request, which is the same; only where it waits long. They are answered by the time settle
  // has returned, and must stay where they are until then or until the rollback.
  virtual void send(std::span<Request* const>) {}
};

// What a call leaves behind when it is committed, and when nobody knows whether it is.
struct CallEffects {
  std::vector<Event> events;
  std::vector<std::function<void()>> actions;
  std::vector<std::function<void()>> doubts;
  Instant at;               // of the events
  std::string record = {};  // of what was done
  // What is left for the end of the transaction.
  struct Last {
    std::int64_t order;
    const Query* query;
    std::vector<Value> values;  // numbers
  };
  std::vector<Last> lasts = {};
};

// Hands committed effects to the world, one call at a time over all writers of an engine.
class Publisher {
 public:
  void add(std::function<void(const std::vector<Event>&, Instant)> listener);
  // Of a call that is committed.
  void publish(CallEffects& effects);
  // Of a call of which nobody knows whether it is. Who listens is told that something may have changed.
  void publish_doubt(CallEffects& effects);

 private:
  void tell(const CallEffects& effects);

  std::mutex mutex_;
  std::vector<std::function<void(const std::vector<Event>&, Instant)>> listeners_;
};

// Marks that the thread runs work or callbacks of an engine: waiting for an engine there would wait for ever.
class EngineScope {
 public:
  EngineScope() { ++depth_; }
  ~EngineScope() { --depth_; }
  EngineScope(const EngineScope&) = delete;
  EngineScope& operator=(const EngineScope&) = delete;
  static bool is_active() { return depth_ > 0; }

 private:
  static thread_local int depth_;
};

// Calls `done`; what it throws is logged and dropped.
void finish(Engine::Done& done, Outcome outcome);

// Runs one read on a snapshot and says how it ended.
Outcome run_read(Connection& connection, Engine::Read& work);

class SideBySide;

class BatchRunner {
 public:
  // What locks the rows of a key, see Engine::lock_first; nullptr while nothing is to be locked.
  using FirstLock = std::atomic<const Query*>;

  // node: whose events these are, see migration 0007; 0 where nobody follows.
  BatchRunner(Connection& connection, Publisher& publisher, const Clock& clock, std::atomic<std::uint64_t>& retries,
              const RecorderMaker& recorder = {}, std::int64_t node = 0, const FirstLock* first_lock = nullptr);
  ~BatchRunner();

  // Runs the calls in one transaction, where possible, and finishes each of them.
  void run(std::span<WriteCall> calls);

 private:
  // How the calls of a batch are kept from each other. Nearly every call is kept, or has changed nothing when it is
  // not: then savepoints would be for nothing. A batch in which that proves wrong runs again apart.
  enum class Isolation : std::uint8_t {
    together,  // no savepoints; side by side where that helps
    apart,     // each call in a savepoint
    alone,     // the transaction has one call
  };
  enum class Attempt : std::uint8_t {
    settled,    // committed; outcomes_ tells of each call
    entangled,  // rolled back: a call must be undone, and others that are to be kept are in the same transaction
    conflict,   // rolled back for a reason that may not come again when the calls run one by one
    lost,       // the connection went before the commit was sent: nothing is stored
    failed,     // nothing is stored as far as is known
  };
  class CallTxn;

  Attempt attempt_batch(std::span<WriteCall> calls);
  Attempt attempt(std::span<WriteCall> calls, Isolation isolation);
  void lock_first(std::span<const WriteCall> calls);
  bool run_calls(std::span<WriteCall> calls, Isolation isolation);
  bool run_side_by_side(std::span<WriteCall> calls, std::span<const std::vector<std::size_t>> groups);
  bool run_call(WriteCall& call, std::size_t index, Isolation isolation);
  bool perform(WriteCall& call, CallEffects& effects, CallTxn& txn);
  void note(std::size_t index, bool is_kept, const CallTxn& txn);
  void run_lasts();
  void record();
  Attempt attempt_commit(bool is_alone);
  Attempt given_up(const Error& error, bool is_alone, bool is_commit);
  void run_alone(WriteCall& call);
  void settle(std::span<WriteCall> calls, Attempt end);

  Connection& connection_;
  Publisher& publisher_;
  const Clock& clock_;
  std::atomic<std::uint64_t>& retries_;
  const std::int64_t node_;
  const FirstLock* const first_lock_;
  std::vector<Value> locked_;                 // keys, of lock_first
  std::vector<Request> locks_;                // their statements
  const std::unique_ptr<Recorder> recorder_;  // nullptr: no record is kept
  std::unique_ptr<SideBySide> side_by_side_;  // made when it is needed
  int batches_apart_ = 0;                     // so many more batches run apart, since a batch was entangled
  std::vector<Outcome> outcomes_;
  std::vector<CallEffects> effects_;
};

}  // namespace fairward::sql
