// The durable jobs over platform_job, the threads that run them, and the ticker.
//
// A worker claims a job in one transaction (the row's due_at moves to the end of the lease), runs the outside step
// without any, and then runs the inside step in the transaction that deletes or reschedules the row. A worker that dies
// leaves a row that falls due again. The number of tries is the fence: an inside step whose claim is no longer the
// newest is undone.
#include "platform/jobs/jobs.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/check.h"
#include "platform/log/log.h"
#include "sql/jobs.h"

namespace fairward::jobs {
namespace {

// Longer than any outside step may take (outgoing calls time out after 10 s), short enough for a crash to go unnoticed.
constexpr Duration claim_lease = seconds(60);
constexpr Duration poll_period = seconds(1);
constexpr Duration backoff_max = minutes(5);
constexpr std::size_t error_bytes_max = 300;

// Rings when a job was committed by this process, so that its workers need not wait for their next poll. One for the
// process, because a transaction does not know the Jobs that will run it; a ring too many costs one look.
class Doorbell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      ++rings_;
    }
    rung_.notify_one();
  }
  void ring_all() {
    {
      const std::lock_guard lock(mutex_);
      ++rings_;
    }
    rung_.notify_all();
  }
  std::uint64_t rings() {
    const std::lock_guard lock(mutex_);
    return rings_;
  }
  // Until a ring after `seen`, or for the poll period.
  void wait(std::uint64_t seen) {
    std::unique_lock lock(mutex_);
    rung_.wait_for(lock, std::chrono::milliseconds(poll_period.ms), [&] { return rings_ != seen; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable rung_;
  std::uint64_t rings_ = 0;
};

Doorbell& doorbell() {
  static auto* const bell = new Doorbell;  // never destroyed: an engine thread may still ring at exit
  return *bell;
}

struct Handler {
  Jobs::Outside outside;
  Jobs::Inside inside;
};

struct Tick {
  std::string name;
  Duration period;
  std::function<void(Instant)> run;
  Instant next_at;
};

// What is kept of an error: its first line (databases put the offending values into the next ones), printable ASCII.
std::string error_line(std::string_view error) {
  std::string line(error.substr(0, std::min(error.find('\n'), error_bytes_max)));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

class DatabaseJobs final : public Jobs {
 public:
  DatabaseJobs(sql::Engine& engine, const Clock& clock, Entropy& entropy)
      : engine_(engine), clock_(clock), entropy_(entropy) {}
  ~DatabaseJobs() override { stop(); }

  void handle(std::string kind, Outside outside, Inside inside) override {
    FAIRWARD_CHECK(threads_.empty());
    FAIRWARD_CHECK(inside);
    FAIRWARD_CHECK(handlers_.emplace(std::move(kind), Handler{std::move(outside), std::move(inside)}).second);
  }

  void every(std::string name, Duration period, std::function<void(Instant)> tick) override {
    FAIRWARD_CHECK(threads_.empty());
    FAIRWARD_CHECK(period.ms > 0);
    ticks_.push_back({std::move(name), period, std::move(tick), clock_.now()});
  }

  void start(unsigned workers) override {
    FAIRWARD_CHECK(threads_.empty());
    stopping_ = false;
    threads_.emplace_back([this] { run_ticker(); });
    for (unsigned i = 0; i < workers; ++i) threads_.emplace_back([this] { run_worker(); });
  }

  void stop() override {
    {
      const std::lock_guard lock(ticker_mutex_);
      stopping_ = true;
    }
    ticker_wake_.notify_all();
    doorbell().ring_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  bool run_due() override {
    const bool has_ticked = run_due_ticks();
    return run_one_job() || has_ticked;
  }

  Instant next_due() override {
    Instant next = claimable_now().due_at;
    for (const Tick& tick : ticks_) next = std::min(next, tick.next_at);
    return next;
  }

 private:
  // The kind among ours whose earliest job is due first; no kind and the end of time when there is no job at all.
  struct Claimable {
    const std::string* kind = nullptr;
    Instant due_at{INT64_MAX};
  };

  Claimable claimable_now() {
    Claimable first;
    engine_.read_now([&](Snapshot& db) {
      first = {};
      for (const auto& [kind, handler] : handlers_) {
        const auto due_at = db.one<Instant>(sql_queries::next_due, kind);
        if (due_at && *due_at < first.due_at) first = {&kind, *due_at};
      }
    });
    return first;
  }

  std::optional<Job> claim() {
    const Instant now = clock_.now();
    const Claimable first = claimable_now();
    if (!first.kind || first.due_at > now) return std::nullopt;
    std::optional<Job> job;
    engine_.write_now([&](Txn& txn) {
      job = txn.one<Job>(sql_queries::claim, *first.kind, now, now + claim_lease);
      return job.has_value();
    });
    return job;
  }

  // False when nothing was due, or the database is not there to ask.
  bool run_one_job() {
    try {
      const std::optional<Job> job = claim();
      if (job) run(*job);
      return job.has_value();
    } catch (const std::exception& error) {
      log::error("jobs: no job can be claimed", {{"error", error.what()}});
      return false;
    }
  }

  void run(const Job& job) {
    const Handler& handler = handlers_.find(job.kind)->second;
    try {
      const std::string result = handler.outside ? handler.outside(job) : std::string();
      finish(job, handler, result);
    } catch (const std::exception& error) { record_failure(job, error.what()); }
  }

  void finish(const Job& job, const Handler& handler, const std::string& result) {
    const sql::Outcome outcome = engine_.write_now([&](Txn& txn) {
      if (!txn.one<std::int64_t>(sql_queries::claim_lock, job.id, job.attempts)) return false;
      Call call = system_call(job);
      settle(txn, job, handler.inside(txn, call, job, result));
      return true;
    });
    if (outcome == sql::Outcome::undone)
      log::warning("jobs: a claim ran out before its job ended; another worker has it",
                   {{"kind", job.kind}, {"job", static_cast<long long>(job.id)}});
  }

  static void settle(Txn& txn, const Job& job, const End& end) {
    if (end.is_done) txn.exec(sql_queries::remove, job.id);
    else txn.exec(sql_queries::reschedule, job.id, end.again_at, error_line(end.error));
  }

  // When the database refuses even this, the lease ends by itself and the job runs again.
  void record_failure(const Job& job, std::string_view error) {
    log::error("jobs: a job failed", {{"kind", job.kind},
                                      {"job", static_cast<long long>(job.id)},
                                      {"attempts", static_cast<long long>(job.attempts + 1)},
                                      {"error", error}});
    const Instant again_at = clock_.now() + backoff(job.attempts);
    try {
      engine_.write_now([&](Txn& txn) {
        txn.exec(sql_queries::fail, job.id, job.attempts, again_at, error_line(error));
        return true;
      });
    } catch (const std::exception& refused) {
      log::error("jobs: a failure could not be recorded", {{"kind", job.kind}, {"error", refused.what()}});
    }
  }

  Call system_call(const Job& job) {
    Call call;
    call.caller.role = api::Role::system;
    call.scope = api::Scope::all;
    call.now = clock_.now();
    call.random = &entropy_;
    call.request_id = "job-" + std::to_string(job.id) + "-" + std::to_string(job.attempts + 1);
    return call;
  }

  void run_worker() {
    while (!stopping_) {
      const std::uint64_t seen = doorbell().rings();
      if (!run_one_job() && !stopping_) doorbell().wait(seen);
    }
  }

  // Runs each tick that is due once, however late it is.
  bool run_due_ticks() {
    bool has_run = false;
    for (Tick& tick : ticks_) {
      const Instant now = clock_.now();
      if (tick.next_at > now + tick.period) tick.next_at = now;  // the clock was set back
      if (tick.next_at > now) continue;
      tick.next_at = now + tick.period;
      has_run = true;
      run_tick(tick, now);
    }
    return has_run;
  }

  static void run_tick(const Tick& tick, Instant now) {
    try {
      tick.run(now);
    } catch (const std::exception& error) {
      log::error("jobs: a tick failed", {{"tick", tick.name}, {"error", error.what()}});
    }
  }

  void run_ticker() {
    while (!stopping_) {
      run_due_ticks();
      std::unique_lock lock(ticker_mutex_);
      ticker_wake_.wait_for(lock, time_to_next_tick(), [&] { return stopping_.load(); });
    }
  }

  std::chrono::milliseconds time_to_next_tick() const {
    Duration wait = poll_period;
    for (const Tick& tick : ticks_) wait = std::min(wait, tick.next_at - clock_.now());
    return std::chrono::milliseconds(std::max<std::int64_t>(wait.ms, 1));
  }

  sql::Engine& engine_;
  const Clock& clock_;
  Entropy& entropy_;
  std::map<std::string, Handler> handlers_;  // fixed once started; ordered, so that a simulation repeats
  std::vector<Tick> ticks_;                  // of the ticker thread once started
  std::vector<std::thread> threads_;
  std::mutex ticker_mutex_;
  std::condition_variable ticker_wake_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace

Duration backoff(std::int64_t attempts) {
  constexpr std::int64_t doublings_max = 9;  // 512 s is above the bound
  const auto doublings = std::clamp<std::int64_t>(attempts, 0, doublings_max);
  return std::min(seconds(std::int64_t{1} << doublings), backoff_max);
}

void enqueue(Txn& txn, std::string_view kind, Instant due_at, std::string_view payload, Instant now) {
  txn.exec(sql_queries::insert, kind, due_at, payload, now);
  if (due_at <= now) txn.on_commit([] { doorbell().ring(); });
}

std::unique_ptr<Jobs> make_jobs(sql::Engine& engine, const Clock& clock, Entropy& entropy) {
  return std::make_unique<DatabaseJobs>(engine, clock, entropy);
}

}  // namespace fairward::jobs
