// What jobs promise: at least one run, retried with backoff, the effect of a run exactly once, crash included.
#include "platform/jobs/jobs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "platform/sql/testing.h"

namespace fairward::jobs {
namespace {

// Effects are counted in the database, so that an undone transaction does not count: one row each.
constexpr sql::Query effect_insert{
    "test_effect_insert", "INSERT INTO platform_event (topic, kind, payload, at) VALUES ($1, 'effect', '', 0)",
    "INSERT INTO platform_event (topic, kind, payload, at) VALUES ($1, 'effect', '', 0)"};
constexpr sql::Query effect_count{"test_effect_count", "SELECT count(*) FROM platform_event WHERE topic = $1",
                                  "SELECT count(*) FROM platform_event WHERE topic = $1"};
constexpr sql::Query job_rows{"test_job_rows", "SELECT due_at, attempts, coalesce(last_error, '') FROM platform_job",
                              "SELECT due_at, attempts, coalesce(last_error, '') FROM platform_job"};

struct JobRow {
  Instant due_at;
  std::int64_t attempts;
  std::string last_error;
};

// Stands for the database going away under the process: while `is_gone`, nothing is written.
class MortalEngine final : public sql::Engine {
 public:
  explicit MortalEngine(std::unique_ptr<sql::Engine> engine) : engine_(std::move(engine)) {}
  void write(std::int64_t order_key, Write work, Done done) override {
    if (is_gone) return done(sql::Outcome::unavailable);
    engine_->write(order_key, std::move(work), std::move(done));
  }
  void read(Read work, Done done) override { engine_->read(std::move(work), std::move(done)); }
  void on_events(std::function<void(const std::vector<sql::Event>&, Instant)> listener) override {
    engine_->on_events(std::move(listener));
  }
  sql::EngineStats stats() const override { return engine_->stats(); }
  void stop() override { engine_->stop(); }

  std::atomic<bool> is_gone = false;

 private:
  std::unique_ptr<sql::Engine> engine_;
};

class jobs_on : public testing::TestWithParam<sql::testing::Kind> {
 protected:
  jobs_on() { restart(); }

  // As a new process over the same data; what is only in memory stays as it is.
  void restart() {
    jobs.reset();
    if (!engine || GetParam() != sql::testing::Kind::inline_sqlite) {
      engine.reset();
      engine = std::make_unique<MortalEngine>(database.open(clock));
    }
    engine->is_gone = false;
    jobs = make_jobs(*engine, clock, *entropy);
  }

  Call asker() const {
    Call call;
    call.now = clock.now();
    return call;
  }
  void add(std::string_view kind, Instant due_at) {
    engine->write_now([&](Txn& txn) {
      enqueue(txn, kind, due_at, "{}", asker());
      return true;
    });
  }

  // A handler whose inside step leaves one effect and ends as told.
  void handle(const std::string& kind, Jobs::Outside outside, End end = End::done()) {
    jobs->handle(kind, std::move(outside), [kind, end](Txn& txn, Call&, const Job&, const std::string&) {
      txn.exec(effect_insert, kind);
      return end;
    });
  }

  std::int64_t effects(std::string_view kind) {
    std::int64_t count = 0;
    engine->read_now([&](Snapshot& db) { count = *db.one<std::int64_t>(effect_count, kind); });
    return count;
  }

  std::vector<JobRow> rows() {
    std::vector<JobRow> found;
    engine->read_now([&](Snapshot& db) { found = db.all<JobRow>(job_rows); });
    return found;
  }

  sql::testing::Database database{GetParam()};
  ManualClock clock{Instant{1'000'000}};
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(1);
  std::unique_ptr<MortalEngine> engine;
  std::unique_ptr<Jobs> jobs;
};

INSTANTIATE_TEST_SUITE_P(engines, jobs_on, testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

const Jobs::Outside no_outside;

TEST(backoff, doubles_from_a_second_to_five_minutes) {
  const std::pair<std::int64_t, Duration> table[] = {
      {-1, seconds(1)},  {0, seconds(1)}, {1, seconds(2)},  {2, seconds(4)},
      {8, seconds(256)}, {9, minutes(5)}, {10, minutes(5)}, {INT64_MAX, minutes(5)},
  };
  for (const auto& [attempts, expected] : table) EXPECT_EQ(backoff(attempts), expected) << attempts;
}

TEST_P(jobs_on, a_job_runs_when_due_and_not_before) {
  handle("test.wait", no_outside);
  add("test.wait", clock.now() + seconds(5));
  EXPECT_EQ(jobs->next_due(), clock.now() + seconds(5));
  EXPECT_FALSE(jobs->run_due());
  clock.advance(seconds(5));
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.wait"), 1);
  EXPECT_TRUE(rows().empty());
  EXPECT_FALSE(jobs->run_due());
  EXPECT_EQ(jobs->next_due(), Instant{INT64_MAX});
}

TEST_P(jobs_on, each_try_is_a_span_of_its_own_in_the_trace_of_who_asked) {
  std::vector<std::string> outside;
  std::vector<api::Trace> inside;
  const auto go = [&](const Job& job) {
    outside.push_back(job.trace);
    if (outside.size() == 1) throw std::runtime_error("the first try fails");
    return std::string();
  };
  jobs->handle("test.traced", go, [&](Txn&, Call& call, const Job&, const std::string&) {
    inside.push_back(call.trace);
    return End::done();
  });
  Call call = asker();
  call.trace = *api::trace_parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  engine->write_now([&](Txn& txn) {
    enqueue(txn, "test.traced", clock.now(), "{}", call);
    return true;
  });
  while (inside.empty() && clock.now() < call.now + minutes(1)) {
    jobs->run_due();
    clock.advance(seconds(1));
  }
  ASSERT_EQ(outside.size(), 2u);
  ASSERT_EQ(inside.size(), 1u);
  for (const std::string& trace : outside) {
    const auto read = api::trace_parse(trace);
    ASSERT_TRUE(read) << trace;
    EXPECT_EQ(read->id, call.trace.id);
    EXPECT_NE(read->span, call.trace.span);
    EXPECT_TRUE(read->is_sampled);
  }
  EXPECT_NE(outside[0], outside[1]);
  EXPECT_EQ(api::traceparent_text(inside.front()), outside[1]);
}

TEST_P(jobs_on, what_nobody_asked_for_begins_a_trace) {
  std::string trace;
  jobs->handle(
      "test.untraced",
      [&](const Job& job) {
        trace = job.trace;
        return std::string();
      },
      [](Txn&, Call&, const Job&, const std::string&) { return End::done(); });
  add("test.untraced", clock.now());
  jobs->run_due();
  EXPECT_TRUE(api::trace_parse(trace)) << trace;
}

TEST_P(jobs_on, an_undone_transaction_leaves_no_job) {
  handle("test.none", no_outside);
  engine->write_now([&](Txn& txn) {
    enqueue(txn, "test.none", clock.now(), "{}", asker());
    return false;
  });
  EXPECT_FALSE(jobs->run_due());
}

TEST_P(jobs_on, the_inside_step_gets_the_outside_result_and_a_call_of_the_system) {
  engine->write_now([&](Txn& txn) {
    enqueue(txn, "test.result", clock.now(), "{\"a\":1}", asker());
    return true;
  });
  bool has_run = false;
  jobs->handle(
      "test.result", [](const Job& job) { return job.payload + "!"; },
      [&](Txn&, Call& call, const Job& job, const std::string& result) {
        has_run = true;
        EXPECT_EQ(result, "{\"a\":1}!");
        EXPECT_EQ(job.kind, "test.result");
        EXPECT_EQ(job.attempts, 0);
        EXPECT_EQ(call.caller.role, api::Role::system);
        EXPECT_EQ(call.scope, api::Scope::all);
        EXPECT_EQ(call.now, clock.now());
        EXPECT_NE(call.random, nullptr);
        EXPECT_FALSE(call.request_id.empty());
        return End::done();
      });
  EXPECT_TRUE(jobs->run_due());
  EXPECT_TRUE(has_run);
}

TEST_P(jobs_on, again_reschedules_in_the_same_transaction_and_counts_the_tries) {
  handle("test.again", no_outside, End::again(clock.now() + seconds(7), "not yet\nsecret"));
  add("test.again", clock.now());
  EXPECT_TRUE(jobs->run_due());
  ASSERT_EQ(rows().size(), 1u);
  EXPECT_EQ(rows()[0].due_at, clock.now() + seconds(7));
  EXPECT_EQ(rows()[0].attempts, 1);
  EXPECT_EQ(rows()[0].last_error, "not yet");
  EXPECT_EQ(effects("test.again"), 1);
}

TEST_P(jobs_on, an_exception_outside_is_retried_with_backoff) {
  int tries = 0;
  handle("test.outside", [&](const Job& job) -> std::string {
    EXPECT_EQ(job.attempts, tries);
    if (++tries < 3) throw std::runtime_error("the line is dead");
    return "";
  });
  add("test.outside", clock.now());
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(rows().at(0).due_at, clock.now() + seconds(1));
  EXPECT_EQ(rows().at(0).last_error, "the line is dead");
  EXPECT_FALSE(jobs->run_due());
  clock.advance(seconds(1));
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(rows().at(0).due_at, clock.now() + seconds(2));
  clock.advance(seconds(2));
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.outside"), 1);
  EXPECT_TRUE(rows().empty());
}

TEST_P(jobs_on, an_exception_inside_undoes_the_step_and_is_retried) {
  int tries = 0;
  jobs->handle("test.inside", no_outside, [&](Txn& txn, Call&, const Job&, const std::string&) {
    txn.exec(effect_insert, "test.inside");
    if (++tries == 1) throw std::logic_error("a bug");
    return End::done();
  });
  add("test.inside", clock.now());
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.inside"), 0);
  EXPECT_EQ(rows().at(0).last_error, "a bug");
  clock.advance(seconds(1));
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.inside"), 1);
}

TEST_P(jobs_on, what_an_error_says_is_kept_as_one_line_of_printable_ascii) {
  handle("test.error", [](const Job&) -> std::string {
    throw std::runtime_error("caf\xc3\xa9 \x01 broke\nDETAIL: Key (phone)=(+91…)");
  });
  add("test.error", clock.now());
  jobs->run_due();
  EXPECT_EQ(rows().at(0).last_error, "caf?? ? broke");
}

TEST_P(jobs_on, a_crash_between_outside_and_inside_runs_the_job_again_with_one_effect) {
  int sent = 0;
  handle("test.crash", [&](const Job&) {
    ++sent;
    engine->is_gone = true;
    return std::string();
  });
  add("test.crash", clock.now());
  EXPECT_TRUE(jobs->run_due());  // the message went out, its result could not be stored

  restart();
  handle("test.crash", [&](const Job& job) {
    ++sent;
    EXPECT_EQ(job.attempts, 1);
    return std::string();
  });
  EXPECT_EQ(effects("test.crash"), 0);
  EXPECT_FALSE(jobs->run_due()) << "the lease of the dead worker holds";
  clock.set(jobs->next_due());
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(sent, 2);
  EXPECT_EQ(effects("test.crash"), 1);
  EXPECT_FALSE(jobs->run_due());
}

TEST_P(jobs_on, a_claim_that_was_overtaken_has_no_effect) {
  auto second = make_jobs(*engine, clock, *entropy);
  second->handle("test.slow", no_outside, [](Txn& txn, Call&, const Job&, const std::string&) {
    txn.exec(effect_insert, "test.slow");
    return End::done();
  });
  handle("test.slow", [&](const Job&) {
    clock.advance(seconds(61));      // longer than the lease
    EXPECT_TRUE(second->run_due());  // another node takes the job and ends it
    return std::string();
  });
  add("test.slow", clock.now());
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.slow"), 1);
  EXPECT_TRUE(rows().empty());
}

TEST_P(jobs_on, a_failure_of_an_overtaken_claim_does_not_move_the_new_one) {
  auto second = make_jobs(*engine, clock, *entropy);
  const Instant later = clock.now() + hours(1);
  second->handle("test.slow", no_outside,
                 [&](Txn&, Call&, const Job&, const std::string&) { return End::again(later, ""); });
  handle("test.slow", [&](const Job&) -> std::string {
    clock.advance(seconds(61));
    EXPECT_TRUE(second->run_due());
    throw std::runtime_error("too late");
  });
  add("test.slow", clock.now());
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(rows().at(0).due_at, later);
  EXPECT_EQ(rows().at(0).attempts, 2);
}

TEST_P(jobs_on, the_earliest_due_job_of_all_kinds_goes_first) {
  std::string order;
  const auto note = [&](const char* name) {
    return [&order, name](Txn&, Call&, const Job&, const std::string&) {
      order += name;
      return End::done();
    };
  };
  jobs->handle("test.a", no_outside, note("a"));
  jobs->handle("test.b", no_outside, note("b"));
  add("test.b", clock.now() + seconds(2));
  add("test.a", clock.now() + seconds(3));
  add("test.a", clock.now() + seconds(1));
  clock.advance(minutes(1));
  while (jobs->run_due()) {}
  EXPECT_EQ(order, "aba");
}

TEST_P(jobs_on, a_kind_without_a_handler_is_left_for_a_node_that_has_one) {
  handle("test.mine", no_outside);
  add("test.other", clock.now());
  EXPECT_EQ(jobs->next_due(), Instant{INT64_MAX});
  EXPECT_FALSE(jobs->run_due());
  EXPECT_EQ(rows().size(), 1u);
}

TEST_P(jobs_on, a_database_that_is_gone_is_not_a_crash) {
  handle("test.gone", no_outside);
  add("test.gone", clock.now());
  engine->is_gone = true;
  EXPECT_FALSE(jobs->run_due());
  engine->is_gone = false;
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.gone"), 1);
}

TEST_P(jobs_on, ticks_come_once_a_period_however_late) {
  std::vector<Instant> ticks;
  const Instant start = clock.now();
  jobs->every("test.tick", seconds(10), [&](Instant at) { ticks.push_back(at); });
  EXPECT_EQ(jobs->next_due(), start);
  EXPECT_TRUE(jobs->run_due());
  EXPECT_FALSE(jobs->run_due());
  clock.advance(seconds(35));
  EXPECT_TRUE(jobs->run_due());
  EXPECT_FALSE(jobs->run_due());
  EXPECT_EQ(ticks, (std::vector<Instant>{start, start + seconds(35)}));
  EXPECT_EQ(jobs->next_due(), start + seconds(45));
}

TEST_P(jobs_on, ticks_survive_a_clock_that_is_set_back_and_a_tick_that_throws) {
  int ticks = 0;
  jobs->every("test.tick", seconds(10), [&](Instant) {
    ++ticks;
    throw std::runtime_error("tick");
  });
  EXPECT_TRUE(jobs->run_due());
  clock.advance(hours(-1));
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(ticks, 2);
}

// ---- with threads ----

template <class Condition>
bool eventually(Condition condition, std::chrono::milliseconds within) {
  const auto end = std::chrono::steady_clock::now() + within;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

TEST_P(jobs_on, workers_run_each_job_once_and_wake_at_once) {
  constexpr int count = 200;
  std::atomic<int> outside_runs = 0;
  handle("test.many", [&](const Job&) {
    ++outside_runs;
    return std::string();
  });
  jobs->start(4);
  std::this_thread::sleep_for(
      std::chrono::milliseconds(50));  // all workers asleep: only the bell can wake them in time
  add("test.many", clock.now());
  EXPECT_TRUE(eventually([&] { return effects("test.many") == 1; }, std::chrono::milliseconds(500)));
  for (int i = 1; i < count; ++i) add("test.many", clock.now());
  EXPECT_TRUE(eventually([&] { return effects("test.many") == count; }, std::chrono::seconds(10)));
  jobs->stop();
  EXPECT_EQ(effects("test.many"), count);
  EXPECT_EQ(outside_runs, count);
  EXPECT_TRUE(rows().empty());
}

TEST_P(jobs_on, many_jobs_go_outside_together_and_each_is_settled_alone) {
  std::mutex mutex;
  std::size_t most = 0;
  jobs->handle_many(
      "test.many",
      [&](std::span<const Job> many) {
        const std::lock_guard lock(mutex);
        most = std::max(most, many.size());
        std::vector<std::string> results;
        for (const Job& job : many) results.push_back(job.payload);
        return results;
      },
      [&](Txn& txn, Call&, const Job& job, const std::string& result) {
        EXPECT_EQ(result, job.payload);
        txn.exec(effect_insert, "test.many");
        if (result == "3" && job.attempts == 0) throw std::runtime_error("a bug in one of them");
        return End::done();
      });
  engine->write_now([&](Txn& txn) {
    for (int i = 0; i < 100; ++i) enqueue(txn, "test.many", clock.now(), std::to_string(i), asker());
    return true;
  });
  jobs->start(2);
  for (int i = 0; i < 500 && effects("test.many") < 99; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  jobs->stop();
  EXPECT_EQ(effects("test.many"), 99);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].last_error, "a bug in one of them");
  EXPECT_EQ(most, static_cast<std::size_t>(jobs_at_once_max));
  clock.advance(seconds(1));
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.many"), 100);
  EXPECT_TRUE(rows().empty());
}

TEST_P(jobs_on, jobs_whose_outside_step_throws_are_tried_alone) {
  jobs->handle_many(
      "test.apart",
      [&](std::span<const Job> many) -> std::vector<std::string> {
        if (many.size() > 1 || many[0].payload == "2") throw std::runtime_error("one of them is broken");
        return {""};
      },
      [&](Txn& txn, Call&, const Job&, const std::string&) {
        txn.exec(effect_insert, "test.apart");
        return End::done();
      });
  engine->write_now([&](Txn& txn) {
    for (int i = 0; i < 4; ++i) enqueue(txn, "test.apart", clock.now(), std::to_string(i), asker());
    return true;
  });
  jobs->start(1);
  for (int i = 0; i < 500 && effects("test.apart") < 3; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  jobs->stop();
  EXPECT_EQ(effects("test.apart"), 3);
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].last_error, "one of them is broken");
}

TEST_P(jobs_on, run_due_runs_one_job_at_a_time) {
  jobs->handle_many("test.one", {}, [&](Txn& txn, Call&, const Job&, const std::string&) {
    txn.exec(effect_insert, "test.one");
    return End::done();
  });
  for (int i = 0; i < 2; ++i) add("test.one", clock.now());
  EXPECT_TRUE(jobs->run_due());
  EXPECT_EQ(effects("test.one"), 1);
}

TEST_P(jobs_on, stop_ends_what_runs_and_starts_nothing_new) {
  std::atomic<bool> is_outside = false;
  handle("test.stop", [&](const Job&) {
    is_outside = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return std::string();
  });
  add("test.stop", clock.now());
  jobs->start(1);
  ASSERT_TRUE(eventually([&] { return is_outside.load(); }, std::chrono::seconds(5)));
  jobs->stop();
  EXPECT_EQ(effects("test.stop"), 1);
  add("test.stop", clock.now());
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(effects("test.stop"), 1);
}

TEST_P(jobs_on, the_ticker_ticks) {
  std::atomic<int> ticks = 0;
  const auto real = make_system_clock();
  const auto ticking = make_jobs(*engine, *real, *entropy);
  ticking->every("test.tick", milliseconds(5), [&](Instant) { ++ticks; });
  ticking->start(0);
  EXPECT_TRUE(eventually([&] { return ticks >= 5; }, std::chrono::seconds(5)));
  ticking->stop();
  const int after = ticks;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(ticks, after);
}

}  // namespace
}  // namespace fairward::jobs
