// Databases for tests: the same test body on every engine. Not for the program itself.
//
//   class hold_create : public ::testing::TestWithParam<sql::testing::Kind> {};
//   INSTANTIATE_TEST_SUITE_P(engines, hold_create, ::testing::ValuesIn(sql::testing::all_kinds),
//                            sql::testing::kind_name_of);
//   TEST_P(hold_create, refuses_a_slot_that_has_started) {
//     sql::testing::Database database(GetParam());
//     auto engine = database.open(clock);
//
// PostgreSQL is a cluster of this process alone, made on first use and gone at the end. Without PostgreSQL 15 on the
// machine Database throws, and the test fails; FAIRWARD_SKIP_POSTGRES=1 leaves the kind out of all_kinds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/sql/engine.h"

namespace fairward::sql::testing {

enum class Kind : std::uint8_t { inline_sqlite, sqlite, postgres };

// inline_sqlite, sqlite, and postgres unless it is to be skipped.
std::vector<Kind> available_kinds();
inline const std::vector<Kind> all_kinds = available_kinds();
std::string kind_name(Kind kind);
// For INSTANTIATE_TEST_SUITE_P.
inline constexpr auto kind_name_of = [](const auto& info) { return kind_name(info.param); };

struct Options {
  bool is_migrated = true;  // to the newest schema
  std::size_t queue_max = 20'000;
  std::size_t batch_max = 64;
  std::size_t writers = 4;  // PostgreSQL only
  bool is_node = false;     // PostgreSQL only
  RecorderMaker recorder = {};
};

// An empty database of its own; removed at the end. Engines of it must end before it does.
class Database {
 public:
  explicit Database(Kind kind, Options options = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  std::unique_ptr<Engine> open(const Clock& clock);
  // The file of SQLite, the connection string of PostgreSQL.
  const std::string& place() const { return place_; }
  // Runs statements of the test's own, for example to make its tables, before an engine is open (inline: kept and run
  // by open).
  void execute(const std::string& text);

 private:
  Kind kind_;
  Options options_;
  std::string directory_, place_;
  std::vector<std::string> texts_;
};

// A PostgreSQL 15 cluster in a directory of its own, on a socket there; stopped and removed at the end.
class PostgresCluster {
 public:
  explicit PostgresCluster(bool is_durable = false);
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  std::string url(const std::string& database) const;
  const std::string& directory() const { return directory_; }
  void start();
  // At once, as in a crash.
  void kill();

 private:
  void stop(int signal);

  std::string directory_;
  bool is_durable_;
  int pid_ = 0;
};

// Runs the work on an engine of the kind inline_sqlite; it is stored if `is_stored`, and the commit gets no answer.
void write_unanswered(Engine& engine, const Clock& clock, Engine::Write work, bool is_stored = true);

// Runs statements on a PostgreSQL database. Throws Error.
void postgres_execute(const std::string& url, const std::string& text);

// What the database says of the queries that it cannot prepare, one line each.
std::vector<std::string> prepare_problems(const std::vector<const Query*>& queries, Kind kind,
                                          const std::string& place);
// How PostgreSQL would run a text, planned for `value` as each parameter: the lines of EXPLAIN.
std::vector<std::string> postgres_plan(const std::string& text, const std::string& value, const std::string& place);
// The tables that SQLite would read in whole for the query, as EXPLAIN QUERY PLAN names them; none for one that does
// not prepare.
std::vector<std::string> scanned_tables(const Query& query, const std::string& path);

}  // namespace fairward::sql::testing
