// One SQLite connection: prepared statements by query constant, parameters by name, errors by kind.
// Internal to platform/sql.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "platform/sql/batch.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fairward::sql {

enum class SqliteAccess : std::uint8_t { write, read };

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(const std::string& path, SqliteAccess access, SqliteSync sync);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  bool ready() override { return true; }
  bool is_abandoned() const override;
  void begin() override;
  void savepoint() override;
  void savepoint_release() override;
  void savepoint_undo() override;
  void commit() override;
  void rollback() noexcept override;
  void begin_read() override;
  void end_read() noexcept override;
  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override;

  // Statements without parameters or rows, separated by semicolons.
  void execute(const std::string& text);
  // Prepares and drops the statement.
  void check(const Query& query);
  // Calls with the number of pages in the write-ahead log after each commit; turns automatic checkpoints off.
  void on_wal(std::function<void(int)> listener);
  enum class Checkpoint : std::uint8_t { passive, restart, truncate };
  // False when a reader or writer was in the way.
  bool checkpoint(Checkpoint mode);
  // Whether a statement found the disk full since this was last asked.
  bool met_full_disk() { return std::exchange(met_full_disk_, false); }

  // Copies the database as this connection's transaction sees it into a file that is new: see copy.h.
  void copy_to(const std::string& path, const std::function<void(std::int64_t, std::int64_t)>& progress,
               const std::function<void()>& opened);

  // A query of the moment, for migrations and the schema's text: one column of all rows, as text.
  std::vector<std::string> texts(const std::string& text, int column = 0);
  // The lines of EXPLAIN QUERY PLAN.
  std::vector<std::string> plan(const Query& query);

 private:
  struct Statement {
    sqlite3_stmt* handle = nullptr;
    std::vector<int> indexes;  // of $1, $2, … in SQLite's own numbering; 0: the text does not use it
    bool is_running = false;
    bool is_readonly = false;
    bool inserts_one = false;  // its row is that of `RETURNING id`, which was left off
  };
  class Running;

  Statement prepare(const Query& query);
  Statement& statement(const Query& query);
  std::int64_t step(const Query& query, Statement& statement, std::span<const Value> values, const RowSink& sink);
  void bind(const Query& query, const Statement& statement, std::span<const Value> values);
  [[noreturn]] void fail(std::string_view what);

  sqlite3* db_ = nullptr;
  bool met_full_disk_ = false;
  std::unordered_map<const Query*, Statement> statements_;
  std::function<void(int)> wal_listener_;
};

}  // namespace fairward::sql
