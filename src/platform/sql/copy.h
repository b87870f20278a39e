// A database as a whole, for backups: copied or counted in one snapshot while others write, looked through for damage,
// and on PostgreSQL what pg_dump and pg_restore need around them. Not for calls: see engine.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/sql/sql.h"

namespace fairward::sql {

struct TableFacts {
  std::string table;
  std::int64_t rows = 0;
  std::string hash;  // of all rows in any order; empty on SQLite, whose copy is compared byte by byte
  friend bool operator==(const TableFacts&, const TableFacts&) = default;
};
struct DatabaseFacts {
  std::string version;  // of the database software
  std::int64_t schema = 0;
  std::int64_t newest_event = 0;
  std::vector<TableFacts> tables;  // by name
};

// So many bytes of so many.
using CopyProgress = std::function<void(std::int64_t done, std::int64_t total)>;

// ---- SQLite ----

// Copies page by page under one read transaction, which the copy holds until its end: writers go on, and the copy never
// begins anew. Meanwhile the write-ahead log grows. `opened` is called when the file `to` is there and still empty.
// Throws Error.
DatabaseFacts sqlite_copy(const std::string& from, const std::string& to, const CopyProgress& progress,
                          const std::function<void()>& opened = {});
DatabaseFacts sqlite_facts(const std::string& path);
// What PRAGMA integrity_check and foreign_key_check say; empty: nothing is wrong.
std::vector<std::string> sqlite_damage(const std::string& path);
// Has another program, or this one, the database open?
bool sqlite_is_in_use(const std::string& path);

// ---- PostgreSQL ----

// A snapshot that others can look at as long as this lives.
class PostgresSnapshot {
 public:
  explicit PostgresSnapshot(const std::string& url);
  ~PostgresSnapshot();
  PostgresSnapshot(const PostgresSnapshot&) = delete;
  PostgresSnapshot& operator=(const PostgresSnapshot&) = delete;

  const std::string& id() const { return id_; }  // for pg_dump --snapshot
  int server_major() const;
  std::int64_t bytes() const;  // that the database takes on the disk
  DatabaseFacts facts() const;

 private:
  struct Connection;
  const std::unique_ptr<Connection> connection_;
  std::string id_;
};

// The connection string as variables for the programs of PostgreSQL: none of it need stand on a command line.
std::vector<std::pair<std::string, std::string>> postgres_environment(const std::string& url);
// The same server and user, another database.
std::string postgres_url_of(const std::string& url, const std::string& database);
// As the one of the url: encoding and locale. Throws Error, for example where the user may not.
void postgres_database_make(const std::string& url, const std::string& database);
void postgres_database_drop(const std::string& url, const std::string& database) noexcept;
// Has it no tables in its schema?
bool postgres_is_empty(const std::string& url);
// How many others are connected to it. Who has just hung up is still counted by the server for a while, so it looks for
// a second before it says that there are any.
std::int64_t postgres_users(const std::string& url);
// Renames the schema with all that is in it and makes an empty one; and takes this back.
void postgres_put_aside(const std::string& url, const std::string& name);
void postgres_take_back(const std::string& url, const std::string& name);
// Removes all that the schema has.
void postgres_clear(const std::string& url);

}  // namespace fairward::sql
