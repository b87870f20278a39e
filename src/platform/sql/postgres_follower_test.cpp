// What nodes over one PostgreSQL hear of each other: everything that is committed, once, in the order of commits as far
// as it matters, and nothing that is not.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "platform/sql/postgres_follower.h"
#include "platform/sql/testing.h"

namespace fairward::sql {
namespace {

using namespace std::chrono_literals;

constexpr Query event_ids{"test_event_ids", "", "SELECT id FROM platform_event"};

// The events of others, as they come.
class Ear {
 public:
  explicit Ear(Engine& engine) {
    engine.on_events([this](const std::vector<Event>& events, Instant) {
      const std::lock_guard lock(mutex_);
      for (const Event& event : events)
        if (event.is_foreign) heard_.push_back(event);
      changed_.notify_all();
    });
  }
  // What was heard, when it is that much, or after a while.
  std::vector<Event> wait(std::size_t count, std::chrono::milliseconds most = 10s) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, most, [&] { return heard_.size() >= count; });
    return heard_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> heard_;
};

class follower : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::all_kinds.back() != testing::Kind::postgres) GTEST_SKIP() << "FAIRWARD_SKIP_POSTGRES=1";
    database.emplace(testing::Kind::postgres, testing::Options{.is_node = true});
    one = database->open(clock);
    two = database->open(clock);
  }
  static void tell(Engine& engine, std::string topic, bool is_kept = true) {
    engine.write_now([&](Txn& txn) {
      txn.emit({topic, "test.told", R"({"a":1})"});
      return is_kept;
    });
  }
  static std::vector<std::string> topics(const std::vector<Event>& events) {
    std::vector<std::string> topics;
    for (const Event& event : events) topics.push_back(event.topic);
    return topics;
  }
  // An event of a command beside the nodes, whose transaction stays open for that long.
  std::string slow_event(const std::string& topic, const std::string& open_seconds) const {
    return "BEGIN; INSERT INTO platform_event (topic, kind, payload, at) VALUES ('" + topic +
           "', 'test.told', '{}', 0); SELECT pg_sleep(" + open_seconds + "); COMMIT";
  }

  ManualClock clock{Instant{1'000}};
  std::optional<testing::Database> database;
  std::unique_ptr<Engine> one, two;
};

TEST_F(follower, hears_what_another_node_commits_and_nothing_else) {
  EXPECT_NE(one->node(), two->node());
  Ear first(*one), second(*two);
  one->follow([] {});
  two->follow([] {});
  tell(*one, "doctor/1");
  tell(*one, "doctor/2", false);
  tell(*one, "doctor/3");
  const auto heard = second.wait(2);
  EXPECT_EQ(topics(heard), (std::vector<std::string>{"doctor/1", "doctor/3"}));
  EXPECT_EQ(heard.front().payload, R"({"a":1})");
  EXPECT_LT(heard.front().id, heard.back().id);
  EXPECT_TRUE(first.wait(1, 200ms).empty()) << "its own";
}

TEST_F(follower, tells_what_was_committed_between_opening_and_following) {
  Ear ear(*two);
  tell(*one, "doctor/1");
  EXPECT_TRUE(ear.wait(1, 100ms).empty());
  two->follow([] {});
  EXPECT_EQ(topics(ear.wait(1)), std::vector<std::string>{"doctor/1"});
}

// Its numbers are lower than those of commits that were heard long before.
TEST_F(follower, hears_a_transaction_that_was_open_while_others_committed) {
  Ear ear(*two);
  two->follow([] {});
  std::thread slow([&] { testing::postgres_execute(database->place(), slow_event("doctor/7", "2")); });
  std::this_thread::sleep_for(150ms);
  for (int i = 0; i < 5; ++i) tell(*one, "doctor/8");
  EXPECT_EQ(ear.wait(5).size(), 5U);
  slow.join();
  const auto heard = ear.wait(6);
  ASSERT_EQ(heard.size(), 6U) << "a command gives no notice; it is found at the next look";
  EXPECT_EQ(heard.back().topic, "doctor/7");
  EXPECT_LT(heard.back().id, heard.front().id);
}

TEST_F(follower, hears_each_commit_of_a_crowd_once) {
  constexpr int threads = 4, rounds = 100;
  Ear ear(*two);
  two->follow([] {});
  std::vector<std::thread> crowd;
  for (int i = 0; i < threads; ++i)
    crowd.emplace_back([&, i] {
      for (int round = 0; round < rounds; ++round) tell(*one, "doctor/" + std::to_string(i));
    });
  std::thread slow([&] { testing::postgres_execute(database->place(), slow_event("doctor/9", "0.2")); });
  for (auto& thread : crowd) thread.join();
  slow.join();
  const auto heard = ear.wait(threads * rounds + 1);
  std::multiset<std::int64_t> told, stored;
  for (const Event& event : heard) told.insert(event.id);
  one->read_now([&](Snapshot& db) {
    for (const std::int64_t id : db.all<std::int64_t>(event_ids)) stored.insert(id);
  });
  EXPECT_EQ(told, stored);
  std::this_thread::sleep_for(1200ms);  // one more look
  EXPECT_EQ(ear.wait(0).size(), heard.size());
}

TEST_F(follower, comes_back_after_its_session_was_ended_and_has_missed_nothing) {
  Ear ear(*two);
  two->follow([] {});
  tell(*one, "doctor/1");
  EXPECT_EQ(ear.wait(1).size(), 1U);
  for (int round = 0; round < 3; ++round) {
    testing::postgres_execute(database->place(),
                              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                              "AND (query LIKE '%LISTEN%' OR query LIKE '%pg_snapshot_xmax%')");
    tell(*one, "doctor/2");
  }
  EXPECT_EQ(ear.wait(4).size(), 4U);
  const EngineStats stats = two->stats();
  EXPECT_EQ(stats.follower.open, 1U);
  EXPECT_GE(stats.follower.reconnects, 1U);
}

TEST_F(follower, knows_how_long_ago_it_looked) {
  EXPECT_GT(two->stats().heard_us_ago, 0U);
  std::this_thread::sleep_for(300ms);
  EXPECT_GE(two->stats().heard_us_ago, 300'000U) << "it does not follow yet";
  Ear ear(*two);
  two->follow([] {});
  tell(*one, "doctor/1");
  EXPECT_EQ(ear.wait(1).size(), 1U);
  EXPECT_LT(two->stats().heard_us_ago, 300'000U);
}

// A node that stood still, with its session still there: what was forgotten meanwhile cannot be told.
TEST_F(follower, says_that_events_may_be_gone_when_it_has_not_looked_for_long) {
  std::atomic<int> lost{0};
  std::atomic<bool> stands_still{true};
  PostgresFollower third(
      database->place(),
      [&](PostgresFollower::Heard&&) {
        if (stands_still.exchange(false)) std::this_thread::sleep_for(4s);
      },
      [&] { ++lost; }, 2s);
  third.start();
  std::this_thread::sleep_for(1500ms);
  EXPECT_EQ(lost, 0) << "it looks every second";
  tell(*one, "doctor/1");
  for (int i = 0; i < 100 && lost == 0; ++i) std::this_thread::sleep_for(100ms);
  EXPECT_EQ(lost, 1);
}

}  // namespace
}  // namespace fairward::sql
