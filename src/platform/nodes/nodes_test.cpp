// Who holds which parts of the shared work: alone, among others, after one has left, and after one has gone silent.
#include "platform/nodes/nodes.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

#include "platform/sql/testing.h"

namespace fairward::nodes {
namespace {

using sql::testing::Database;
using sql::testing::Kind;

constexpr std::int64_t keys = 1000;

// One node: an engine of its own over the database that it shares.
struct Member {
  Member(Database& database, const Clock& clock) : engine(database.open(clock)), nodes(*engine, clock, "a test") {}
  ~Member() { engine->stop(); }
  // A tick, and the end of what it submitted.
  void tick() {
    nodes.tick();
    barrier();
  }
  void barrier() {
    for (int writer = 0; writer < 8; ++writer) engine->write_now([](sql::Txn&) { return true; });
  }
  bool holds_in_database(std::int64_t key) {
    bool is_held = false;
    engine->read_now([&](sql::Snapshot& db) { is_held = nodes.holds(db, key); });
    return is_held;
  }

  std::unique_ptr<sql::Engine> engine;
  Nodes nodes;
};

TEST(nodes, one_that_has_its_database_for_itself_holds_everything) {
  const auto clock = make_system_clock();
  Database database(Kind::sqlite);
  Member alone(database, *clock);
  alone.tick();
  EXPECT_EQ(alone.nodes.held(), parts);
  for (std::int64_t key = 0; key < keys; ++key) ASSERT_TRUE(alone.nodes.holds(key));
  EXPECT_TRUE(alone.holds_in_database(1));
}

class shared_nodes : public ::testing::Test {
 protected:
  void SetUp() override {
    if (sql::testing::all_kinds.back() != Kind::postgres) GTEST_SKIP() << "FAIRWARD_SKIP_POSTGRES=1";
    database.emplace(Kind::postgres, sql::testing::Options{.is_node = true});
  }
  std::unique_ptr<Clock> clock = make_system_clock();
  std::optional<Database> database;
};

TEST_F(shared_nodes, share_the_parts_and_no_key_is_held_twice) {
  Member one(*database, *clock), two(*database, *clock), three(*database, *clock);
  EXPECT_FALSE(one.nodes.holds(1)) << "before it was there";
  one.tick();
  EXPECT_EQ(one.nodes.held(), parts);
  for (int round = 0; round < 3; ++round)
    for (Member* member : {&two, &three, &one}) member->tick();
  EXPECT_EQ(one.nodes.living(), 3);
  EXPECT_EQ(one.nodes.held() + two.nodes.held() + three.nodes.held(), parts);
  for (const Member* member : {&one, &two, &three}) EXPECT_GE(member->nodes.held(), 20);
  for (std::int64_t key = 0; key < keys; ++key) {
    int holders = 0;
    for (const Member* member : {&one, &two, &three}) holders += member->nodes.holds(key) ? 1 : 0;
    ASSERT_EQ(holders, 1) << key;
  }
}

TEST_F(shared_nodes, take_over_at_once_from_one_that_leaves) {
  Member one(*database, *clock), two(*database, *clock);
  one.tick();
  one.nodes.leave();
  one.barrier();
  EXPECT_EQ(one.nodes.held(), 0);
  two.tick();
  EXPECT_EQ(two.nodes.held(), parts);
}

TEST_F(shared_nodes, forget_a_dead_node_once_an_hour) {
  constexpr sql::Query nodes_count{"test_nodes_count", "", "SELECT count(*) FROM platform_node"};
  ManualClock passing(clock->now());
  Member one(*database, passing);
  const auto nodes_after_tick = [&] {
    database->execute(
        "INSERT INTO platform_node (id, name, started_at, seen_at) VALUES (987654321, 'dead', 0, 0) ON CONFLICT DO "
        "NOTHING");
    one.tick();
    std::int64_t count = 0;
    one.engine->read_now([&](sql::Snapshot& db) { count = *db.one<std::int64_t>(nodes_count); });
    return count;
  };
  EXPECT_EQ(nodes_after_tick(), 1);
  EXPECT_EQ(nodes_after_tick(), 2) << "not with every tick";
  passing.advance(hours(1));
  EXPECT_EQ(nodes_after_tick(), 1);
}

// It stood still: what it believes ends with its clock, and the database has given its parts away.
TEST_F(shared_nodes, take_over_in_time_from_one_that_says_nothing) {
  Member one(*database, *clock), two(*database, *clock);
  one.tick();
  EXPECT_TRUE(one.holds_in_database(7));
  two.tick();
  EXPECT_EQ(two.nodes.held(), 0) << "the leases of the other are not over";
  std::this_thread::sleep_for(std::chrono::milliseconds(lease_ttl.ms + 100));
  EXPECT_EQ(one.nodes.held(), 0);
  two.tick();
  EXPECT_EQ(two.nodes.held(), parts);
  EXPECT_FALSE(one.holds_in_database(7));
  EXPECT_TRUE(two.holds_in_database(7));
}

}  // namespace
}  // namespace fairward::nodes
