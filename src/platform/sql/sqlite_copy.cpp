// Copies of an SQLite database that people go on writing.
#include <fmt/format.h>
#include <sqlite3.h>

#include <charconv>

#include "platform/sql/copy.h"
#include "platform/sql/sqlite_connection.h"

namespace fairward::sql {
namespace {

std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::int64_t one_number(SqliteConnection& connection, const std::string& text) {
  const auto rows = connection.texts("SELECT CAST(COALESCE((" + text + "), 0) AS TEXT)");
  return rows.empty() ? 0 : number_of(rows.front());
}

// Inside a transaction all of it is of one snapshot.
DatabaseFacts facts_of(SqliteConnection& connection) {
  DatabaseFacts facts;
  facts.version = sqlite3_libversion();
  for (std::string& table : connection.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                                             "'sqlite~_%' ESCAPE '~' ORDER BY name"))
    facts.tables.push_back({table, one_number(connection, fmt::format("SELECT COUNT(*) FROM \"{}\"", table)), ""});
  facts.schema = one_number(connection, "SELECT MAX(number) FROM platform_migration");
  facts.newest_event = one_number(connection, "SELECT MAX(id) FROM platform_event");
  return facts;
}

}  // namespace

DatabaseFacts sqlite_copy(const std::string& from, const std::string& to, const CopyProgress& progress,
                          const std::function<void()>& opened) {
  SqliteConnection source(from, SqliteAccess::write, SqliteSync::full);
  source.begin_read();
  auto facts = facts_of(source);  // the first read takes the snapshot
  source.copy_to(to, progress, opened);
  source.end_read();
  return facts;
}

DatabaseFacts sqlite_facts(const std::string& path) {
  SqliteConnection connection(path, SqliteAccess::write, SqliteSync::off);
  return facts_of(connection);
}

std::vector<std::string> sqlite_damage(const std::string& path) {
  SqliteConnection connection(path, SqliteAccess::write, SqliteSync::off);
  auto said = connection.texts("PRAGMA integrity_check");
  std::erase(said, "ok");
  for (const std::string& table : connection.texts("PRAGMA foreign_key_check"))
    said.push_back("a row of " + table + " refers to one that is not there");
  return said;
}

// Whoever has opened a database with a log keeps a lock on it, which refuses an exclusive one.
bool sqlite_is_in_use(const std::string& path) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(raw, sqlite3_close);
  constexpr const char* text = "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK";
  return opened == SQLITE_OK && (sqlite3_exec(raw, text, nullptr, nullptr, nullptr) & 0xff) == SQLITE_BUSY;
}

}  // namespace fairward::sql
