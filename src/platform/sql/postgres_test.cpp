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
constexpr Query seat_sum{"test_seat_sum", "", "SELECT CAST(sum(taken) AS BIGINT) FROM test_seat"};
constexpr Query sessions_end{"test_sessions_end", "",
                             "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
                             "current_database() AND pid <> pg_backend_pid()"};
constexpr Query session_end{"test_session_end", "",
                            "SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 0 END"};

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

}  // namespace
}  // namespace fairward::sql
