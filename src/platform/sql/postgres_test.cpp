// What only PostgreSQL can do to a call: deadlocks, lost connections, commits of unknown end.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <future>
#include <thread>

#include "platform/sql/testing.h"

namespace fairward::sql {
namespace {

constexpr const char* tables =
    "CREATE TABLE test_seat (id BIGINT PRIMARY KEY, taken BIGINT NOT NULL); INSERT INTO test_seat VALUES (1, 0), (2, "
    "0)";
constexpr Query seat_take{"test_seat_take", "", "UPDATE test_seat SET taken = taken + 1 WHERE id = $1"};
constexpr Query seat_lock{"test_seat_lock", "", "SELECT taken FROM test_seat WHERE id = $1 FOR UPDATE", "",
                          "SELECT u.place, s.taken FROM unnest($1::bigint[]) WITH ORDINALITY AS u (id, place) JOIN "
                          "test_seat s ON s.id = u.id ORDER BY s.id FOR UPDATE OF s"};
constexpr Query line_insert{"test_line_insert", "", "INSERT INTO test_line (number) VALUES ($1)"};
constexpr Query line_list{"test_line_list", "", "SELECT number FROM test_line ORDER BY place"};
constexpr Query seat_sum{"test_seat_sum", "", "SELECT CAST(sum(taken) AS BIGINT) FROM test_seat"};
constexpr Query sessions_end{"test_sessions_end", "",
                             "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
                             "current_database() AND pid <> pg_backend_pid()"};
constexpr Query session_end{"test_session_end", "",
                            "SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 0 END"};

constexpr Query stand_still{"test_stand_still", "", "SELECT CAST(1 AS BIGINT) FROM pg_sleep(30)"};
constexpr Query take_a_breath{"test_take_a_breath", "", "SELECT CAST(1 AS BIGINT) FROM pg_sleep(0.6)"};
constexpr Query limit_get{"test_limit_get", "", "SELECT current_setting('lock_timeout')"};
constexpr Query statements_count{"test_statements_count", "", "SELECT count(*) FROM pg_prepared_statements"};

class postgres : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::all_kinds.back() != testing::Kind::postgres) GTEST_SKIP() << "FAIRWARD_SKIP_POSTGRES=1";
  }
  ManualClock clock{Instant{0}};
};

Engine::Done into(std::promise<Outcome>& end) {
  return [&end](Outcome outcome) { end.set_value(outcome); };
}

std::int64_t sum(Engine& engine) {
  std::int64_t found = -1;
  engine.read_now([&](Snapshot& db) { found = *db.one<std::int64_t>(seat_sum); });
  return found;
}

TEST_F(postgres, runs_the_victim_of_a_deadlock_again_and_forgets_its_first_try) {
  testing::Database database(testing::Kind::postgres, {.writers = 2});
  database.execute(tables);
  auto engine = database.open(clock);
  std::atomic<int> works{0}, actions{0}, events{0};
  engine->on_events([&](const std::vector<Event>& heard, Instant) { events += static_cast<int>(heard.size()); });
  std::barrier both_hold_one(2);
  std::promise<Outcome> ends[2];
  const auto take_both = [&](std::int64_t first, std::int64_t second) {
    return [&, first, second, tries = 0](Txn& txn) mutable {
      ++works;
      txn.on_commit([&] { ++actions; });
      txn.emit({"seat", "test.taken", "{}"});
      txn.exec(seat_take, first);
      if (++tries == 1) both_hold_one.arrive_and_wait();
      txn.exec(seat_take, second);
      return true;
    };
  };
  // Order key 0 goes to the writers in turn: the two run side by side.
  engine->write(0, take_both(1, 2), into(ends[0]));
  engine->write(0, take_both(2, 1), into(ends[1]));
  for (auto& end : ends) EXPECT_EQ(end.get_future().get(), Outcome::done);
  EXPECT_EQ(sum(*engine), 4);
  EXPECT_GT(works, 2);
  EXPECT_EQ(actions, 2);
  EXPECT_EQ(events, 2);
  EXPECT_GT(engine->stats().retries, 0u);
}

// Two writers, each with a batch of two calls for the two seats, in opposite orders: the first calls keep both busy
// until the others wait for them.
void take_crosswise(Engine& engine) {
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  std::atomic<int> begun{0};
  std::promise<Outcome> ends[6];
  for (int writer = 0; writer < 2; ++writer)
    engine.write_locking(
        0,
        [&begun, gone](Txn&) {
          ++begun;
          gone.wait();
          return true;
        },
        into(ends[writer]));
  while (begun < 2) std::this_thread::yield();
  int end = 2;
  for (const std::int64_t seat : {1, 2, 2, 1})
    engine.write_locking(
        seat,
        [seat](Txn& txn) {
          txn.exec(seat_take, seat);
          txn.one<std::int64_t>(take_a_breath);
          return true;
        },
        into(ends[end++]));
  go.set_value();
  for (auto& ended : ends) EXPECT_EQ(ended.get_future().get(), Outcome::done);
}

TEST_F(postgres, locks_the_rows_of_all_calls_first_and_in_one_order) {
  testing::Database database(testing::Kind::postgres, {.writers = 2});
  database.execute(tables);
  auto engine = database.open(clock);
  engine->lock_first(seat_lock);
  take_crosswise(*engine);
  EXPECT_EQ(sum(*engine), 4);
  EXPECT_EQ(engine->stats().retries, 0u);
}

TEST_F(postgres, would_deadlock_if_each_call_locked_for_itself) {
  testing::Database database(testing::Kind::postgres, {.writers = 2});
  database.execute(tables);
  auto engine = database.open(clock);
  take_crosswise(*engine);
  EXPECT_EQ(sum(*engine), 4);
  EXPECT_GT(engine->stats().retries, 0u);
}

TEST_F(postgres, runs_at_the_end_in_one_order_what_calls_have_left_for_it) {
  testing::Database database(testing::Kind::postgres, {.writers = 1});
  database.execute("CREATE TABLE test_line (place BIGINT GENERATED ALWAYS AS IDENTITY, number BIGINT)");
  auto engine = database.open(clock);
  std::promise<void> all_wait;
  std::promise<Outcome> ends[5];
  engine->write(
      0, [waited = all_wait.get_future().share()](Txn&) { return waited.wait(), true; }, into(ends[0]));
  const auto leave = [](std::vector<std::int64_t> numbers, bool is_kept, std::int64_t up_to = 0) {
    return [=](Txn& txn) {
      for (const std::int64_t number : numbers) txn.exec_last(number, line_insert, number);
      txn.last_up_to(up_to);
      return is_kept;
    };
  };
  engine->write(1, leave({5, 1}, true), into(ends[1]));
  engine->write(2, leave({3}, false), into(ends[2]));
  engine->write(3, leave({8, 2, 0}, true, 2), into(ends[3]));
  all_wait.set_value();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ends[i].get_future().get(), i == 2 ? Outcome::undone : Outcome::done);
  engine->write(1, leave({7, 6}, true), into(ends[4]));  // alone
  EXPECT_EQ(ends[4].get_future().get(), Outcome::done);
  std::vector<std::int64_t> numbers;
  engine->read_now([&](Snapshot& db) { numbers = db.all<std::int64_t>(line_list); });
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{0, 2, 1, 5, 8, 6, 7}));
}

TEST_F(postgres, goes_on_with_new_connections_when_idle_ones_were_lost) {
  testing::Database database(testing::Kind::postgres);
  database.execute(tables);
  auto engine = database.open(clock);
  for (int round = 0; round < 8; ++round)
    EXPECT_EQ(engine->write_now([](Txn& txn) {
      txn.exec(seat_take, 1);
      return true;
    }),
              Outcome::done);
  EXPECT_EQ(sum(*engine), 8);
  {
    auto other = database.open(clock);
    other->read_now([](Snapshot& db) { EXPECT_GE(*db.one<std::int64_t>(sessions_end), 8); });
  }
  for (int round = 0; round < 8; ++round) {
    EXPECT_EQ(engine->write_now([](Txn& txn) {
      txn.exec(seat_take, 1);
      return true;
    }),
              Outcome::done);
    EXPECT_EQ(sum(*engine), 9 + round);
  }
  const EngineStats stats = engine->stats();
  EXPECT_EQ(stats.writers.reconnects, 4u);  // each writer was given a call
  EXPECT_GE(stats.readers.reconnects, 1u);
  EXPECT_EQ(stats.writers.open, 4u);
}

TEST_F(postgres, runs_a_call_once_more_whose_connection_went_in_the_middle) {
  testing::Database database(testing::Kind::postgres, {.writers = 1});
  database.execute(tables);
  auto engine = database.open(clock);
  int works = 0;
  EXPECT_EQ(engine->write_now([&](Txn& txn) {
    txn.exec(seat_take, 1);
    if (++works == 1) txn.one<std::int64_t>(session_end);
    return true;
  }),
            Outcome::done);
  EXPECT_EQ(works, 2);
  EXPECT_EQ(sum(*engine), 1);
}

TEST_F(postgres, does_not_repeat_a_commit_of_unknown_end) {
  testing::Database database(testing::Kind::postgres, {.writers = 1});
  database.execute(tables);
  // The session dies while it commits.
  database.execute(
      "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_terminate_backend(pg_backend_pid()); "
      "PERFORM pg_sleep(10); RETURN NULL; END $$; "
      "CREATE CONSTRAINT TRIGGER dies AFTER UPDATE ON test_seat DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN "
      "(NEW.id = 1) EXECUTE FUNCTION die()");
  auto engine = database.open(clock);
  int works = 0, actions = 0;
  std::promise<Outcome> end;
  engine->write(
      0,
      [&](Txn& txn) {
        ++works;
        txn.on_commit([&] { ++actions; });
        txn.exec(seat_take, 1);
        return true;
      },
      into(end));
  EXPECT_EQ(end.get_future().get(), Outcome::unavailable);
  EXPECT_EQ(works, 1);
  EXPECT_EQ(actions, 0);
  EXPECT_EQ(engine->write_now([](Txn& txn) {
    txn.exec(seat_take, 2);
    return true;
  }),
            Outcome::done);
}

TEST_F(postgres, is_unavailable_while_the_server_is_down_and_recovers_by_itself) {
  testing::PostgresCluster cluster;
  testing::postgres_execute(cluster.url("postgres"), tables);
  auto engine = open_postgres({.url = cluster.url("postgres"), .writers = 2, .readers = 2}, clock);
  EXPECT_EQ(engine->write_now([](Txn& txn) {
    txn.exec(seat_take, 1);
    return true;
  }),
            Outcome::done);
  cluster.kill();
  for (int i = 0; i < 20; ++i) {
    std::promise<Outcome> write, read;
    engine->write(
        i,
        [](Txn& txn) {
          txn.exec(seat_take, 1);
          return true;
        },
        into(write));
    engine->read([](Snapshot& db) { db.one<std::int64_t>(seat_sum); }, into(read));
    EXPECT_EQ(write.get_future().get(), Outcome::unavailable);
    EXPECT_EQ(read.get_future().get(), Outcome::unavailable);
  }
  cluster.start();
  const auto recovered = [&](auto&& call) {
    for (int tries = 0; tries < 100; ++tries) {
      if (call() == Outcome::done) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  };
  EXPECT_TRUE(recovered([&] {
    std::promise<Outcome> end;
    engine->write(
        1,
        [](Txn& txn) {
          txn.exec(seat_take, 2);
          return true;
        },
        into(end));
    return end.get_future().get();
  }));
  EXPECT_TRUE(recovered([&] {
    std::promise<Outcome> end;
    engine->read([](Snapshot& db) { EXPECT_EQ(*db.one<std::int64_t>(seat_sum), 2); }, into(end));
    return end.get_future().get();
  }));
}

TEST_F(postgres, says_at_once_that_there_is_no_server) {
  EXPECT_THROW(open_postgres({.url = "host=/nonexistent dbname=none"}, clock), Error);
}

Engine::Write take(std::int64_t seat) {
  return [seat](Txn& txn) {
    txn.exec(seat_take, seat);
    return true;
  };
}

// How the call ends, at the latest a minute from now.
Outcome end_of(Engine& engine, Engine::Write work) {
  const auto end = std::make_shared<std::promise<Outcome>>();
  auto future = end->get_future();
  engine.write(1, std::move(work), [end](Outcome outcome) { end->set_value(outcome); });
  return future.wait_for(std::chrono::minutes(1)) == std::future_status::ready ? future.get() : Outcome::full;
}

bool is_done_within_seconds(Engine& engine, std::int64_t seat) {
  for (int tries = 0; tries < 100; ++tries) {
    if (end_of(engine, take(seat)) == Outcome::done) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

// The server has the commit on its own disk, ends the wait for the standby, and says COMMIT with a warning.
TEST_F(postgres, does_not_acknowledge_a_commit_that_did_not_reach_the_standby) {
  testing::PostgresCluster cluster;
  const std::string url = cluster.url("postgres");
  testing::postgres_execute(url, tables);
  auto engine = open_postgres({.url = url, .writers = 1, .readers = 1}, clock);
  testing::postgres_execute(url, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  testing::postgres_execute(url, "SELECT pg_reload_conf()");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::atomic<int> actions{0}, doubts{0};
  std::promise<Outcome> end;
  engine->write(
      1,
      [&](Txn& txn) {
        txn.on_commit([&] { ++actions; });
        txn.on_doubt([&] { ++doubts; });
        txn.exec(seat_take, 1);
        return true;
      },
      into(end));
  auto future = end.get_future();
  while (future.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready)
    testing::postgres_execute(url, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  EXPECT_EQ(future.get(), Outcome::unavailable);
  EXPECT_EQ(actions, 0);
  EXPECT_EQ(doubts, 1);
  EXPECT_EQ(sum(*engine), 1) << "the test has lost its reason";
}

TEST_F(postgres, gives_up_a_server_that_says_nothing) {
  testing::Database database(testing::Kind::postgres);
  database.execute(tables);
  database.execute(
      "CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; "
      "END $$; CREATE CONSTRAINT TRIGGER stands_still AFTER UPDATE ON test_seat DEFERRABLE INITIALLY DEFERRED FOR EACH "
      "ROW WHEN (NEW.id = 1) EXECUTE FUNCTION stand_still()");
  auto engine = open_postgres(
      {.url = database.place(), .writers = 1, .readers = 1, .silence_max = std::chrono::milliseconds(300)}, clock);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(end_of(*engine, take(1)), Outcome::unavailable) << "a commit";
  std::promise<Outcome> read;
  engine->read([](Snapshot& db) { db.one<std::int64_t>(stand_still); }, into(read));
  EXPECT_EQ(read.get_future().get(), Outcome::unavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_NO_THROW(engine->read_now([](Snapshot& db) { db.one<std::int64_t>(take_a_breath); })) << "what may take long";
  EXPECT_EQ(end_of(*engine, take(2)), Outcome::done) << "a new connection serves";
}

// A primary that became a standby, or a standby reached by mistake.
TEST_F(postgres, is_unavailable_where_the_server_accepts_no_writes) {
  testing::PostgresCluster cluster;
  const std::string url = cluster.url("postgres");
  testing::postgres_execute(url, tables);
  auto engine = open_postgres({.url = url, .writers = 1, .readers = 1}, clock);
  EXPECT_EQ(end_of(*engine, take(1)), Outcome::done);
  const auto turn = [&](const std::string& value) {
    testing::postgres_execute(url + " target_session_attrs=any",
                              "ALTER SYSTEM SET default_transaction_read_only = " + value);
    testing::postgres_execute(url + " target_session_attrs=any", "SELECT pg_reload_conf()");
  };
  turn("on");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  for (int round = 0; round < 3; ++round) EXPECT_EQ(end_of(*engine, take(1)), Outcome::unavailable);
  EXPECT_THROW(open_postgres({.url = url}, clock), Error) << "no session on a server that accepts no writes";
  turn("off");
  EXPECT_TRUE(is_done_within_seconds(*engine, 2));
}

// Behind a pooler the next transaction may have another session.
TEST_F(postgres, leaves_nothing_in_a_session_that_is_pooled) {
  testing::Database database(testing::Kind::postgres);
  database.execute(tables);
  auto engine = open_postgres({.url = database.place(), .writers = 1, .readers = 1, .is_pooled = true}, clock);
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(end_of(*engine, take(1)), Outcome::done);
    EXPECT_EQ(sum(*engine), round + 1);
  }
  EXPECT_EQ(engine->write_now([](Txn& txn) {
    EXPECT_EQ(*txn.one<std::string>(limit_get), "5s");
    EXPECT_EQ(*txn.one<std::int64_t>(statements_count), 0);
    return true;
  }),
            Outcome::done);
  engine->read_now([](Snapshot& db) {
    EXPECT_EQ(*db.one<std::string>(limit_get), "0");
    EXPECT_EQ(*db.one<std::int64_t>(statements_count), 0);
  });
}

// What was committed in vain before a crash may leave its numbers to others afterwards.
TEST_F(postgres, says_that_events_may_be_gone_when_another_server_answers) {
  testing::PostgresCluster cluster;
  const std::string url = cluster.url("postgres");
  migrate_postgres(url, [](const std::string&) {});
  auto engine = open_postgres({.url = url, .is_node = true, .writers = 1, .readers = 1}, clock);
  std::atomic<int> losses{0};
  engine->follow([&] { ++losses; });
  testing::postgres_execute(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%LISTEN%'");
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_EQ(losses, 0) << "a connection was lost, and nothing with it";
  cluster.kill();
  cluster.start();
  for (int tries = 0; tries < 100 && losses == 0; ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(losses, 1);
}

constexpr Query seat_get{
    "test_seat_get", "", "SELECT taken FROM test_seat WHERE id = $1", "",
    "SELECT place, taken FROM unnest($1::bigint[]) WITH ORDINALITY AS u (id, place) JOIN test_seat USING (id)"};
constexpr Query word_put{
    "test_word_put", "", "INSERT INTO test_word (id, word) VALUES ($1, $2) ON CONFLICT DO NOTHING", "",
    "INSERT INTO test_word (id, word) SELECT id, word FROM unnest($1::bigint[], $2::text[]) AS u (id, word) "
    "ON CONFLICT DO NOTHING RETURNING array_position($1::bigint[], id)"};
constexpr Query word_get{"test_word_get", "", "SELECT word FROM test_word WHERE id = $1"};

// Holds the only writer of an engine until it ends, so that what is submitted meanwhile is one batch.
class Busy {
 public:
  explicit Busy(Engine& engine) {
    const auto began = std::make_shared<std::promise<void>>();  // outlives set_value on the engine's side
    engine.write(
        1, [](Txn&) { return true; },
        [began, gate = ends_.get_future().share()](Outcome) {
          began->set_value();
          gate.wait();
        });
    began->get_future().wait();
  }
  ~Busy() { ends_.set_value(); }

 private:
  std::promise<void> ends_;
};

class postgres_side_by_side : public ::testing::Test {
 protected:
  static constexpr int count = 40;
  postgres_side_by_side() {
    database.execute(tables);
    database.execute("CREATE TABLE test_word (id BIGINT PRIMARY KEY, word TEXT)");
    engine = database.open(clock);
  }
  void pool() { engine = open_postgres({.url = database.place(), .writers = 1, .is_pooled = true}, clock); }
  // Runs one call for each number, all in one batch.
  template <class C, class F>
  std::vector<Outcome> run(C&& contention, F&& work) {
    std::vector<std::promise<Outcome>> ends(count);
    {
      const Busy busy(*engine);
      for (int i = 0; i < count; ++i)
        engine->write_beside(
            contention(i), [work, i](Txn& txn) { return work(txn, i); }, into(ends[static_cast<std::size_t>(i)]));
    }
    std::vector<Outcome> outcomes;
    for (auto& end : ends) outcomes.push_back(end.get_future().get());
    return outcomes;
  }

  void expect_own_answers();

  ManualClock clock{Instant{0}};
  testing::Database database{testing::Kind::postgres, {.writers = 1}};
  std::unique_ptr<Engine> engine;
};

TEST_F(postgres_side_by_side, each_call_gets_its_own_answer) { expect_own_answers(); }

TEST_F(postgres_side_by_side, each_call_gets_its_own_answer_from_a_pooler) {
  pool();
  expect_own_answers();
}

void postgres_side_by_side::expect_own_answers() {
  const std::optional<std::string> words[] = {
      "plain", std::nullopt, "", "NULL", "it's \"quoted\" \\ {a,b}", "ഡോക്ടർ 👩‍⚕️\n\t",
      "a\\",   "\"\"",       ","};
  std::vector<int> steps;
  std::atomic<int> heard{0};
  engine->on_events([&](const std::vector<Event>& events, Instant) {
    for (const Event& event : events) heard += event.id > 0 && event.topic == "seat/" + event.payload;
  });
  const auto outcomes = run(
      [](int i) {
        return Contention{i + 1, {100 + i, 0}};
      },
      [&](Txn& txn, int i) {
        steps.push_back(i);
        const auto seat = txn.one<std::int64_t>(seat_get, i % 3);  // 0 is not there
        EXPECT_EQ(seat.has_value(), i % 3 != 0);
        steps.push_back(i);
        const auto& word = words[static_cast<std::size_t>(i) % std::size(words)];
        EXPECT_EQ(txn.exec(word_put, i / 2, word), i % 2 == 0 ? 1 : 0);
        const auto kept = txn.one<std::optional<std::string>>(word_get, i / 2);
        EXPECT_TRUE(kept.has_value());
        EXPECT_TRUE(i % 2 != 0 || *kept == word);
        txn.emit({"seat/" + std::to_string(i), "test.taken", std::to_string(i)});
        return true;
      });
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::done), count);
  EXPECT_EQ(heard, count);
  ASSERT_EQ(steps.size(), 2u * count);
  EXPECT_EQ(steps[1], 1) << "the second call began before the first had its answer";
}

// One person, or one doctor, wants the same seat in all of its calls.
TEST_F(postgres_side_by_side, who_contends_takes_a_seat_once) {
  const std::function<Contention(int)> contentions[] = {[](int i) {
                                                          return Contention{1, {100 + i, 0}};
                                                        },
                                                        [](int i) {
                                                          return Contention{1 + i, {55, 0}};
                                                        },
                                                        [](int i) {
                                                          return Contention{1 + i, {i % 2 ? 55 : 100 + i, 55}};
                                                        }};
  for (std::size_t round = 0; round < std::size(contentions); ++round) {
    const auto outcomes = run(
        [&](int i) {
          return i == 0 ? Contention{1'000, {999, 0}} : contentions[round](i);  // somebody else beside them
        },
        [&](Txn& txn, int i) {
          const auto taken = txn.one<std::int64_t>(seat_get, 1);
          if (i > 0 && *taken == static_cast<std::int64_t>(round)) txn.exec(seat_take, 1);
          return i == 0 || *taken == static_cast<std::int64_t>(round);
        });
    EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::done), 2);
    EXPECT_EQ(sum(*engine), static_cast<std::int64_t>(round) + 1);
  }
}

TEST_F(postgres_side_by_side, one_that_is_undone_or_broken_leaves_the_others) {
  const auto outcomes = run(
      [](int i) {
        return Contention{i + 1, {100 + i, 0}};
      },
      [&](Txn& txn, int i) {
        txn.exec_later(word_put, i, "word");
        txn.one<std::int64_t>(seat_get, 1);
        if (i == 7) txn.exec(word_put, std::nullopt, "no key");
        return i != 3;
      });
  EXPECT_EQ(outcomes[3], Outcome::undone);
  EXPECT_EQ(outcomes[7], Outcome::broken);
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::done), count - 2);
  engine->read_now([&](Snapshot& db) {
    EXPECT_FALSE(db.one<std::string>(word_get, 3));
    EXPECT_FALSE(db.one<std::string>(word_get, 7));
    EXPECT_TRUE(db.one<std::string>(word_get, 8));
  });
}

TEST_F(postgres_side_by_side, a_session_that_goes_in_the_middle_lets_all_run_once_more) {
  std::atomic<int> works{0};
  const auto outcomes = run(
      [](int i) {
        return Contention{i + 1, {100 + i, 0}};
      },
      [&](Txn& txn, int i) {
        txn.exec(word_put, i, "word");
        if (++works == count / 2) txn.one<std::int64_t>(session_end);
        txn.one<std::int64_t>(seat_get, 1);
        return true;
      });
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::done), count);
  EXPECT_EQ(works, 2 * count);
}

}  // namespace
}  // namespace fairward::sql
