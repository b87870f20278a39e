// Lists and pages of one patient stay fast with half a million patients: every query of records finds its rows by an
// index, on PostgreSQL too (SQLite: platform/sql/queries_test).
#include <gtest/gtest.h>

#include "platform/sql/engine.h"
#include "platform/sql/testing.h"

namespace fairward::records {
namespace {

// Told that reading a whole table costs the world, the planner does it only where there is no other way.
std::string without_scans(const std::string& place) {
  const bool is_url = place.find("://") != std::string::npos;
  if (!is_url) return place + " options='-c enable_seqscan=off'";
  return place + (place.find('?') == std::string::npos ? "?" : "&") + "options=-c%20enable_seqscan%3Doff";
}

bool is_scanned(const sql::Query& query, const std::string& place) {
  const auto plan = sql::testing::postgres_plan(query.postgres(), "1", without_scans(place));
  return std::ranges::any_of(plan,
                             [](const std::string& line) { return line.find("Seq Scan on ") != std::string::npos; });
}

constexpr sql::Query planted{"records_planted", "SELECT id FROM records_history WHERE words = $1",
                             "SELECT id FROM records_history WHERE words = $1"};

TEST(records_queries, find_their_rows_by_an_index_on_postgresql) {
  if (std::ranges::find(sql::testing::all_kinds, sql::testing::Kind::postgres) == sql::testing::all_kinds.end())
    GTEST_SKIP() << "without PostgreSQL";
  const sql::testing::Database database(sql::testing::Kind::postgres);
  int seen = 0;
  for (const sql::Query* query : sql::all_queries()) {
    if (!query->name().starts_with("records_")) continue;
    // A page that was read is joined as a whole, which is what its reason says: the tables below it are not.
    const bool is_whole = query->name().starts_with("records_check_") || query->name() == "records_icd10_all";
    if (is_whole) continue;
    ++seen;
    EXPECT_FALSE(is_scanned(*query, database.place())) << query->name();
  }
  EXPECT_GT(seen, 50);
  EXPECT_TRUE(is_scanned(planted, database.place()));
}

}  // namespace
}  // namespace fairward::records
