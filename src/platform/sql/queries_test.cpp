// Guards every module's SQL: each query prepares on both engines over the migrated schema, and none reads a whole
// table unless its file says why.
#include <gtest/gtest.h>

#include <set>

#include "platform/sql/parameters.h"
#include "platform/sql/testing.h"

namespace fairward::sql {
namespace {

constexpr Query misspelt{"test_misspelt", "SELEKT 1", "SELEKT 1"};

class queries : public ::testing::TestWithParam<testing::Kind> {};

INSTANTIATE_TEST_SUITE_P(engines, queries, ::testing::ValuesIn(testing::all_kinds), testing::kind_name_of);

TEST_P(queries, prepare) {
  if (GetParam() == testing::Kind::inline_sqlite) GTEST_SKIP() << "the same as sqlite";
  const testing::Database database(GetParam());
  EXPECT_EQ(testing::prepare_problems(all_queries(), GetParam(), database.place()), std::vector<std::string>());
  EXPECT_EQ(testing::prepare_problems({&misspelt}, GetParam(), database.place()).size(), 1u);
}

TEST(queries_of_all_modules, have_names_of_their_own) {
  std::set<std::string_view> names;
  for (const Query* query : all_queries()) EXPECT_TRUE(names.insert(query->name()).second) << query->name();
  EXPECT_TRUE(names.contains("sql_event_insert"));
}

TEST(queries_of_all_modules, scan_no_table_without_a_reason) {
  const testing::Database database(testing::Kind::sqlite);
  for (const Query* query : all_queries()) {
    if (!query->scan_reason().empty()) continue;
    EXPECT_EQ(testing::scanned_tables(*query, database.place()), std::vector<std::string>())
        << query->name() << ": add an index or a line `-- scan: reason`";
  }
}

constexpr Query scanning{"test_scanning", "SELECT count(*) FROM test_thing WHERE kind = $1", ""};
constexpr Query searching{"test_searching", "SELECT count(*) FROM test_thing WHERE due_at < $1", ""};

TEST(scanned_tables, tells_a_scan_from_a_search) {
  testing::Database database(testing::Kind::sqlite);
  database.execute(
      "CREATE TABLE test_thing (kind TEXT, due_at INTEGER); CREATE INDEX test_thing_due ON test_thing (due_at)");
  EXPECT_EQ(testing::scanned_tables(scanning, database.place()).size(), 1u);
  EXPECT_TRUE(testing::scanned_tables(searching, database.place()).empty());
}

TEST(parameter_count, counts_the_highest_outside_of_literals) {
  const std::pair<std::string_view, int> table[] = {{"SELECT 1", 0},          {"SELECT $1", 1},
                                                    {"SELECT $2, $1, $2", 2}, {"SELECT $12", 12},
                                                    {"SELECT '$7'", 0},       {"SELECT 'it''s $7', $1", 1},
                                                    {"SELECT $", 0}};
  for (const auto& [text, count] : table) EXPECT_EQ(parameter_count(text), count) << text;
}

}  // namespace
}  // namespace fairward::sql
