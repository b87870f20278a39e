// Whose slow steps run when: in turn, and none of one client at the cost of another.
#include "platform/api/prepare_pool.h"

#include <gtest/gtest.h>

#include <future>

namespace fairward::api {
namespace {

// A pool of one thread that is kept busy until `go`, and what then runs, in order.
class prepare_pool : public ::testing::Test {
 protected:
  void open(std::size_t queue_max) {
    pool.emplace(1, queue_max);
    std::promise<void> has_begun;
    ASSERT_TRUE(pool->submit(
        "busy",
        [&has_begun, this] {
          has_begun.set_value();
          gate.get_future().wait();
        },
        [] {}));
    has_begun.get_future().wait();
  }
  bool submit(const std::string& client, int number) {
    const std::string name = client + std::to_string(number);
    return pool->submit(
        client, [this, name] { ran.push_back(name); }, [this, name] { displaced.push_back(name); });
  }
  void go() {
    gate.set_value();
    pool->stop();
  }

  std::promise<void> gate;
  std::vector<std::string> ran, displaced;
  std::optional<PreparePool> pool;
};

using Names = std::vector<std::string>;

TEST_F(prepare_pool, serves_clients_in_turn) {
  open(100);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(submit("a", i));
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(submit("b", i));
  ASSERT_TRUE(submit("c", 0));
  go();
  EXPECT_EQ(ran, (Names{"a0", "b0", "c0", "a1", "b1", "a2", "a3", "a4"}));
}

TEST_F(prepare_pool, gives_one_client_half_of_the_queue) {
  open(8);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(submit("a", i));
  EXPECT_FALSE(submit("a", 4));
  EXPECT_TRUE(submit("b", 0));
  go();
  EXPECT_EQ(ran.size(), 5u);
}

TEST_F(prepare_pool, takes_from_who_has_most_when_it_is_full) {
  open(6);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(submit("a", i));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(submit("b", i));
  EXPECT_TRUE(submit("c", 0));
  EXPECT_TRUE(submit("c", 1)) << "the other of those who had three";
  EXPECT_FALSE(submit("c", 2)) << "all have two";
  EXPECT_TRUE(submit("d", 0));
  EXPECT_EQ(displaced.size(), 3u);
  go();
  EXPECT_EQ(ran.size(), 6u);
  for (const std::string& name : displaced) EXPECT_EQ(std::find(ran.begin(), ran.end(), name), ran.end()) << name;
  EXPECT_EQ(std::set<std::string>(ran.begin(), ran.end()).count("a0"), 1u) << "the oldest stay";
}

TEST_F(prepare_pool, refuses_after_its_end) {
  open(8);
  ASSERT_TRUE(submit("a", 0));
  go();
  EXPECT_EQ(ran, Names{"a0"});
  EXPECT_FALSE(submit("a", 1));
}

}  // namespace
}  // namespace fairward::api
