// The durable jobs over platform_job, the threads that run them, and the ticker.
//
// A worker claims jobs of a kind in one transaction (the rows' due_at moves to the end of the lease), runs the outside
// step without any, and then runs each inside step in the transaction that deletes or reschedules its row; these go to
// the engine together, so that they share a commit with each other and with the calls of people. A worker that dies
// leaves rows that fall due again. The number of tries is the fence: an inside step whose claim is no longer the newest
// is undone.
#include "platform/jobs/jobs.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <latch>
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
  Jobs::OutsideMany outside;  // may be empty
  Jobs::Inside inside;
  std::int64_t at_once_max = 1;
  Jobs::LockKey locks;  // may be empty
};

Jobs::OutsideMany one_by_one(Jobs::Outside outside) {
  if (!outside) return {};
  return [outside = std::move(outside)](std::span<const Job> jobs) {
    std::vector<std::string> results;
    for (const Job& job : jobs) results.push_back(outside(job));
    return results;
  };
}

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

// The part of a traceparent that names the trace.
std::string_view trace_id_of(const Job& job) {
  constexpr std::size_t at = 3, length = 32;
  return std::string_view(job.trace).substr(std::min(at, job.trace.size()), length);
}

class DatabaseJobs final : public Jobs {
 public:
  DatabaseJobs(sql::Engine& engine, const Clock& clock, Entropy& entropy)
      : engine_(engine), clock_(clock), entropy_(entropy) {}
  ~DatabaseJobs() override { stop(); }

  void handle(std::string kind, Outside outside, Inside inside) override {
    FAIRWARD_CHECK(threads_.empty());
    add(std::move(kind), {one_by_one(std::move(outside)), std::move(inside), 1, {}});
  }  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): it cannot see that std::function deletes what it holds

  void handle_many(std::string kind, OutsideMany outside, Inside inside, LockKey locks) override {
    FAIRWARD_CHECK(threads_.empty());
    add(std::move(kind), {std::move(outside), std::move(inside), jobs_at_once_max, std::move(locks)});
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
    return run_jobs(1) || has_ticked;
  }

  Instant next_due() override {
    Instant next = claimable_now().due_at;
    for (const Tick& tick : ticks_) next = std::min(next, tick.next_at);
    return next;
  }

 private:
  void add(std::string kind, Handler handler) {
    FAIRWARD_CHECK(handler.inside);
    FAIRWARD_CHECK(handlers_.emplace(std::move(kind), std::move(handler)).second);
  }

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

  // Jobs of one kind, the earliest due first.
  std::vector<Job> claim(std::int64_t at_once_max) {
    const Instant now = clock_.now();
    const Claimable first = claimable_now();
    if (!first.kind || first.due_at > now) return {};
    const std::int64_t count = std::min(at_once_max, handlers_.find(*first.kind)->second.at_once_max);
    std::vector<Job> jobs;
    engine_.write_now([&](Txn& txn) {
      jobs = txn.all<Job>(sql_queries::claim, *first.kind, now, now + claim_lease, count);
      return !jobs.empty();
    });
    std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.id < b.id; });
    for (Job& job : jobs) job.trace = trace_of_try(job.trace);
    return jobs;
  }

  // A piece of work of its own in the trace of whoever asked for the job.
  std::string trace_of_try(std::string_view asker) {
    std::array<std::uint8_t, api::trace_random_bytes> random;
    entropy_.fill(random);
    return api::traceparent_text(api::trace_begin(asker, random));
  }

  // False when nothing was due, or the database is not there to ask.
  bool run_jobs(std::int64_t at_once_max) {
    try {
      const std::vector<Job> jobs = claim(at_once_max);
      if (!jobs.empty()) run(jobs);
      return !jobs.empty();
    } catch (const std::exception& error) {
      log::error("jobs: no job can be claimed", {{"error", error.what()}});
      return false;
    }
  }

  void run(std::span<const Job> jobs) {
    const Handler& handler = handlers_.find(jobs.front().kind)->second;
    std::vector<std::string> results(jobs.size());
    try {
      if (handler.outside) results = handler.outside(jobs);
      FAIRWARD_CHECK(results.size() == jobs.size());
    } catch (const std::exception& error) {
      if (jobs.size() == 1) return record_failure(jobs.front(), error.what());
      for (std::size_t i = 0; i < jobs.size(); ++i) run(jobs.subspan(i, 1));
      return;
    }
    finish(jobs, handler, results);
  }

  // What an inside step throws is kept, for the engine's outcome says only that something was thrown.
  struct Ending {
    sql::Outcome outcome = sql::Outcome::unavailable;
    std::string error;
  };

  void finish(std::span<const Job> jobs, const Handler& handler, std::span<const std::string> results) {
    std::vector<Ending> endings(jobs.size());
    // Outlives the last count on the engine's side.
    const auto writes = std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(jobs.size()));
    for (std::size_t i = 0; i < jobs.size(); ++i)
      engine_.write_locking(
          handler.locks ? handler.locks(jobs[i], results[i]) : 0,
          [&, i](Txn& txn) { return run_inside(txn, handler, jobs[i], results[i], endings[i]); },
          [&endings, writes, i](sql::Outcome outcome) {
            endings[i].outcome = outcome;
            writes->count_down();
          });
    writes->wait();
    for (std::size_t i = 0; i < jobs.size(); ++i) conclude(jobs[i], endings[i]);
  }

  bool run_inside(Txn& txn, const Handler& handler, const Job& job, const std::string& result, Ending& ending) {
    ending.error.clear();  // of a try before this one
    try {
      if (!txn.one<std::int64_t>(sql_queries::claim_lock, job.id, job.attempts)) return false;
      Call call = system_call(job);
      settle(txn, job, handler.inside(txn, call, job, result));
      return true;
    } catch (const std::exception& error) {
      ending.error = error.what();
      throw;
    }
  }

  void conclude(const Job& job, const Ending& ending) {
    switch (ending.outcome) {
      case sql::Outcome::done: return;
      case sql::Outcome::undone:
        return log::warning("jobs: a claim ran out before its job ended; another worker has it",
                            {{"kind", job.kind}, {"job", static_cast<long long>(job.id)}});
      case sql::Outcome::full: return record_failure(job, "the engine's queue was full");
      case sql::Outcome::unavailable: return record_failure(job, "the database did not take its result");
      case sql::Outcome::broken:
        return record_failure(job, ending.error.empty() ? "its inside step was undone" : ending.error);
    }
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
                                      {"trace_id", trace_id_of(job)},
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
    call.trace = api::trace_parse(job.trace).value_or(api::Trace{});
    return call;
  }

  void run_worker() {
    while (!stopping_) {
      const std::uint64_t seen = doorbell().rings();
      if (!run_jobs(jobs_at_once_max) && !stopping_) doorbell().wait(seen);
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

void enqueue(Txn& txn, std::string_view kind, Instant due_at, std::string_view payload, const Call& call) {
  const std::string trace = call.trace ? api::traceparent_text(call.trace) : "";
  txn.exec_later(sql_queries::insert, kind, due_at, payload, call.now, trace);
  if (due_at <= call.now) txn.on_commit([] { doorbell().ring(); });
}

std::vector<std::string> payloads(Snapshot& db, std::string_view kind) {
  return db.all<std::string>(sql_queries::payload_list, kind);
}

std::unique_ptr<Jobs> make_jobs(sql::Engine& engine, const Clock& clock, Entropy& entropy) {
  return std::make_unique<DatabaseJobs>(engine, clock, entropy);
}

}  // namespace fairward::jobs
