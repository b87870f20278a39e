// Work that moves with time: periodic ticks of this node, and durable jobs that survive a crash.
// A job is a saga step: something outside (an HTTP call), then its result inside one transaction. Every step is
// idempotent: it may run again after a crash between the two.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/time.h"
#include "platform/api/call.h"
#include "platform/clock/clock.h"
#include "platform/sql/engine.h"

namespace fairward::jobs {

struct Job {
  std::int64_t id = 0;
  std::string kind;
  std::string payload;        // JSON of ids
  std::int64_t attempts = 0;  // tries before this one
  std::string trace;          // W3C traceparent of this try, for what it calls: of the trace of who asked for the job
};

// What became of a job inside its transaction. done: delete it. again: run it again at that instant.
struct End {
  bool is_done = true;
  Instant again_at;
  std::string error;  // kept with the job for the operator; no personal data
  static End done() { return {}; }
  static End again(Instant at, std::string error) { return {false, at, std::move(error)}; }
};
// 1 s, 2 s, 4 s … at most 5 min, from the number of tries.
Duration backoff(std::int64_t attempts);

// Appends a job to the transaction. Kinds are "module.verb_noun".
void enqueue(Txn& txn, std::string_view kind, Instant due_at, std::string_view payload, const Call& call);

// The payloads of all jobs of a kind that are not done.
std::vector<std::string> payloads(Snapshot& db, std::string_view kind);

constexpr std::int64_t jobs_at_once_max = 32;

class Jobs {
 public:
  using Outside = std::function<std::string(const Job&)>;  // blocking; its result goes to inside
  // The same for several jobs at once: their results, in their order. When it throws, each is tried alone.
  using OutsideMany = std::function<std::vector<std::string>(std::span<const Job>)>;
  using Inside = std::function<End(Txn&, Call&, const Job&, const std::string& result)>;  // Call of Role::system

  using LockKey = std::function<std::int64_t(const Job&, const std::string& result)>;

  virtual ~Jobs() = default;
  virtual void handle(std::string kind, Outside outside, Inside inside) = 0;
  // Up to jobs_at_once_max of the kind are claimed, go outside and are settled together. What the outside step waits
  // for, it must wait for side by side: the claim of all of them ends after a minute.
  // locks: the key of the rows that the inside step will lock (sql::Engine::lock_first); 0: none. Must not throw.
  virtual void handle_many(std::string kind, OutsideMany outside, Inside inside, LockKey locks = {}) = 0;
  // Calls tick(now) on the ticker thread about every period. A tick must not block: it submits to the engine.
  virtual void every(std::string name, Duration period, std::function<void(Instant)> tick) = 0;
  virtual void start(unsigned workers) = 0;  // threads for the outside steps and one ticker
  virtual void stop() = 0;
  // For the simulation: runs on this thread what is due now; false when nothing was.
  virtual bool run_due() = 0;
  // The next instant at which something is due, for the simulation to jump to.
  virtual Instant next_due() = 0;
};

std::unique_ptr<Jobs> make_jobs(sql::Engine& engine, const Clock& clock, Entropy& entropy);

}  // namespace fairward::jobs
