// Who is taken for a user of a database that is about to be replaced.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "platform/sql/copy.h"
#include "platform/sql/postgres_connection.h"
#include "platform/sql/testing.h"

namespace fairward::sql {
namespace {

class postgres_users_count : public ::testing::Test {
 protected:
  void SetUp() override {
    if (testing::all_kinds.back() != testing::Kind::postgres) GTEST_SKIP() << "FAIRWARD_SKIP_POSTGRES=1";
    database.emplace(testing::Kind::postgres);
  }
  std::optional<testing::Database> database;
};

TEST_F(postgres_users_count, does_not_count_whoever_hangs_up_meanwhile) {
  std::optional<PostgresHandle> other(std::in_place, database->place());
  std::thread leaving([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    other.reset();
  });
  EXPECT_EQ(postgres_users(database->place()), 0);
  leaving.join();
}

TEST_F(postgres_users_count, counts_whoever_stays) {
  const PostgresHandle one(database->place()), two(database->place());
  EXPECT_EQ(postgres_users(database->place()), 2);
}

}  // namespace
}  // namespace fairward::sql
