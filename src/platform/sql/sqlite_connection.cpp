#include "platform/sql/sqlite_connection.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <mutex>

#include "platform/sql/parameters.h"
#include "platform/sql/sqlite_functions.h"
#include "platform/sql/sqlite_log_vfs.h"

namespace fairward::sql {
namespace {

constexpr int busy_timeout_ms = 5000;

constexpr Query begin_immediate{"sqlite_begin", "BEGIN IMMEDIATE", ""};
constexpr Query begin_deferred{"sqlite_begin_read", "BEGIN DEFERRED", ""};
constexpr Query commit_all{"sqlite_commit", "COMMIT", ""};
constexpr Query rollback_all{"sqlite_rollback", "ROLLBACK", ""};
constexpr Query savepoint_start{"sqlite_savepoint", "SAVEPOINT call", ""};
constexpr Query savepoint_keep{"sqlite_savepoint_release", "RELEASE call", ""};
constexpr Query savepoint_back{"sqlite_savepoint_undo", "ROLLBACK TO call", ""};

Error::Kind kind_of(sqlite3* db, int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return Error::Kind::constraint;
    case SQLITE_FULL: return Error::Kind::disk_full;
    case SQLITE_IOERR: return sqlite3_system_errno(db) == ENOSPC ? Error::Kind::disk_full : Error::Kind::unavailable;
    case SQLITE_BUSY:  // another process holds the file, for longer than busy_timeout_ms
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
    case SQLITE_PERM:
    case SQLITE_AUTH: return Error::Kind::unavailable;
    default: return Error::Kind::bug;
  }
}

std::string_view sync_text(SqliteSync sync) {
  switch (sync) {
    case SqliteSync::full: return "FULL";
    case SqliteSync::normal: return "NORMAL";
    case SqliteSync::off: return "OFF";
  }
  return "FULL";
}

// A column that has another type than the program thinks is a bug on both engines, not a silent zero on one.
class SqliteRow final : public Row {
 public:
  SqliteRow(const Query& query, sqlite3_stmt* statement) : query_(query), statement_(statement) {}

  bool is_null(int column) const override {
    check_column(column);
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    check_column(column);
    if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) refuse(column, "an integer");
    return sqlite3_column_int64(statement_, column);
  }
  double real(int column) const override {
    check_column(column);
    const int type = sqlite3_column_type(statement_, column);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) refuse(column, "a number");
    return sqlite3_column_double(statement_, column);
  }
  std::string_view text(int column) const override {
    check_column(column);
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) refuse(column, "a text");
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {text == nullptr ? "" : text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  void check_column(int column) const {
    if (column >= sqlite3_column_count(statement_)) refuse(column, "there");
  }
  [[noreturn]] void refuse(int column, std::string_view wanted) const {
    throw Error(Error::Kind::bug, fmt::format("column {} of {} is not {}", column, query_.name(), wanted));
  }

  const Query& query_;
  sqlite3_stmt* statement_;
};

// What `INSERT … RETURNING id` answers.
class InsertedRow final : public Row {
 public:
  explicit InsertedRow(std::int64_t id) : id_(id) {}
  bool is_null(int) const override { return false; }
  std::int64_t integer(int column) const override {
    if (column != 0) throw Error(Error::Kind::bug, "an insert returns its id and nothing else");
    return id_;
  }
  double real(int column) const override { return static_cast<double>(integer(column)); }
  std::string_view text(int) const override { throw Error(Error::Kind::bug, "an id is no text"); }

 private:
  const std::int64_t id_;
};

// The text before `RETURNING id`, where SQLite knows that id without being asked: of one row, inserted or not, into a
// table whose id is its rowid. Asked, it opens a table for the answer and keeps a copy of each page that the insert
// changes: together more than the insert. Empty for every other text.
std::string_view insert_without_returning(sqlite3* db, std::string_view text) {
  constexpr std::string_view ending = "RETURNING id", beginning = "INSERT INTO ";
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  text = text.substr(0, text.find_last_not_of(" \n;") + 1);
  if (!text.starts_with(beginning) || !text.ends_with(ending) || has("SELECT") || has("DO UPDATE")) return {};
  const std::string_view rest = text.substr(beginning.size());
  const std::string table(rest.substr(0, rest.find_first_of(" (\n")));
  const char* type = nullptr;
  int is_key = 0;
  if (sqlite3_table_column_metadata(db, nullptr, table.c_str(), "id", &type, nullptr, nullptr, &is_key, nullptr) !=
          SQLITE_OK ||
      is_key == 0 || type == nullptr || std::string_view(type) != "INTEGER")
    return {};
  return text.substr(0, text.size() - ending.size());
}

// Counting what is allocated takes a lock for each allocation, and nobody asks for the count.
void memory_statistics_off() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

// A statement in use: reset when left, however that happens.
class SqliteConnection::Running {
 public:
  explicit Running(Statement& statement) : statement_(statement) { statement_.is_running = true; }
  ~Running() {
    sqlite3_reset(statement_.handle);
    sqlite3_clear_bindings(statement_.handle);
    statement_.is_running = false;
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  Statement& statement_;
};

SqliteConnection::SqliteConnection(const std::string& path, SqliteAccess access, SqliteSync sync) {
  const bool writes = access == SqliteAccess::write;
  const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
  memory_statistics_off();
  try {
    const char* const vfs = writes && sync == SqliteSync::full ? sqlite_log_vfs() : nullptr;
    if (sqlite3_open_v2(path.c_str(), &db_, flags, vfs) != SQLITE_OK) fail("open " + path);
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, busy_timeout_ms);
    // "x" is a column or an error, never a text, as on PostgreSQL.
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite_functions_register(db_);
    execute(
        "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
        "PRAGMA case_sensitive_like=ON");
    execute(writes ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-16384");
    if (writes) {
      execute("PRAGMA journal_mode=WAL");
      execute(fmt::format("PRAGMA synchronous={}", sync_text(sync)));
    }
  } catch (...) {
    sqlite3_close_v2(db_);
    throw;
  }
}

SqliteConnection::~SqliteConnection() {
  for (auto& [query, statement] : statements_) sqlite3_finalize(statement.handle);
  sqlite3_close_v2(db_);
}

// SQLite rolls a whole transaction back by itself after some errors (disk full, I/O).
bool SqliteConnection::is_abandoned() const { return sqlite3_get_autocommit(db_) != 0; }

void SqliteConnection::begin() { run(begin_immediate, {}, {}); }
void SqliteConnection::savepoint() { run(savepoint_start, {}, {}); }
void SqliteConnection::savepoint_release() { run(savepoint_keep, {}, {}); }
void SqliteConnection::savepoint_undo() {
  run(savepoint_back, {}, {});
  run(savepoint_keep, {}, {});
}
void SqliteConnection::commit() { run(commit_all, {}, {}); }
void SqliteConnection::begin_read() { run(begin_deferred, {}, {}); }
void SqliteConnection::end_read() noexcept { rollback(); }

void SqliteConnection::rollback() noexcept {
  if (is_abandoned()) return;
  try {
    run(rollback_all, {}, {});
  } catch (const Error&) {
    // SQLite has ended the transaction already, or will refuse the next BEGIN, which is reported.
  }
}

std::int64_t SqliteConnection::run(const Query& query, std::span<const Value> values, const RowSink& sink) {
  Statement& cached = statement(query);
  if (cached.is_running) {  // the row callback of this very query asks it again
    Statement second = prepare(query);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(second.handle, sqlite3_finalize);
    const Running running(second);
    return step(query, second, values, sink);
  }
  const Running running(cached);
  return step(query, cached, values, sink);
}

std::int64_t SqliteConnection::step(const Query& query, Statement& statement, std::span<const Value> values,
                                    const RowSink& sink) {
  bind(query, statement, values);
  const SqliteRow row(query, statement.handle);
  for (;;) {
    const int code = sqlite3_step(statement.handle);
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) fail(query.name());
    if (sink) sink(row);
  }
  if (statement.is_readonly) return 0;
  const std::int64_t changed = sqlite3_changes64(db_);
  if (statement.inserts_one && changed > 1) throw Error(Error::Kind::bug, "more rows than one were inserted");
  if (statement.inserts_one && changed == 1 && sink) sink(InsertedRow(sqlite3_last_insert_rowid(db_)));
  return changed;
}

void SqliteConnection::execute(const std::string& text) {
  if (sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(text.substr(0, 80));
}

void SqliteConnection::check(const Query& query) { sqlite3_finalize(prepare(query).handle); }

void SqliteConnection::on_wal(std::function<void(int)> listener) {
  wal_listener_ = std::move(listener);
  const auto hook = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteConnection*>(self)->wal_listener_(pages);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(db_, hook, this);  // takes the place of the automatic checkpoint
}

bool SqliteConnection::checkpoint(Checkpoint mode) {
  constexpr int modes[] = {SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE};
  if (mode != Checkpoint::passive) sqlite3_busy_timeout(db_, 0);
  const int code = sqlite3_wal_checkpoint_v2(db_, nullptr, modes[static_cast<int>(mode)], nullptr, nullptr);
  sqlite3_busy_timeout(db_, busy_timeout_ms);
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return false;
  if (code != SQLITE_OK) fail("checkpoint");
  return true;
}

// The copy is nobody's database yet: it needs no journal, and is synced as a whole by whoever wanted it.
void SqliteConnection::copy_to(const std::string& path, const std::function<void(std::int64_t, std::int64_t)>& progress,
                               const std::function<void()>& opened) {
  constexpr int pages_a_step = 1024;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> target(raw, sqlite3_close);
  const auto refuse = [&](int reason) {
    throw Error(kind_of(raw, reason), fmt::format("copy to {}: {} ({})", path, sqlite3_errstr(reason), reason));
  };
  if (code != SQLITE_OK) refuse(code);
  if (opened) opened();
  sqlite3_exec(raw, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF", nullptr, nullptr, nullptr);
  sqlite3_backup* const backup = sqlite3_backup_init(raw, "main", db_, "main");
  if (backup == nullptr) refuse(sqlite3_extended_errcode(raw));
  const std::int64_t page_bytes = std::strtoll(texts("PRAGMA page_size").at(0).c_str(), nullptr, 10);
  int step = SQLITE_OK;
  while ((step = sqlite3_backup_step(backup, pages_a_step)) == SQLITE_OK) {
    const std::int64_t total = sqlite3_backup_pagecount(backup);
    if (progress) progress((total - sqlite3_backup_remaining(backup)) * page_bytes, total * page_bytes);
  }
  const int end = sqlite3_backup_finish(backup);
  if (step != SQLITE_DONE || end != SQLITE_OK) refuse(step != SQLITE_DONE ? step : end);
}

std::vector<std::string> SqliteConnection::texts(const std::string& text, int column) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db_, text.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail(text.substr(0, 80));
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  std::vector<std::string> found;
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    found.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
  if (code != SQLITE_DONE) fail(text.substr(0, 80));
  return found;
}

std::vector<std::string> SqliteConnection::plan(const Query& query) {
  constexpr int detail_column = 3;
  return texts(std::string("EXPLAIN QUERY PLAN ") + query.sqlite(), detail_column);
}

SqliteConnection::Statement SqliteConnection::prepare(const Query& query) {
  Statement statement;
  std::string_view text = query.sqlite();
  if (const std::string_view insert = insert_without_returning(db_, text); !insert.empty()) {
    text = insert;
    statement.inserts_one = true;
  }
  if (sqlite3_prepare_v3(db_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement.handle,
                         nullptr) != SQLITE_OK)
    fail(query.name());
  // $1 is a name to SQLite, numbered as first seen: `$2 … $1` makes $2 the first.
  const int count = std::max(parameter_count(query.sqlite()), parameter_count(query.postgres()));
  for (int n = 1; n <= count; ++n)
    statement.indexes.push_back(sqlite3_bind_parameter_index(statement.handle, fmt::format("${}", n).c_str()));
  statement.is_readonly = sqlite3_stmt_readonly(statement.handle) != 0;
  return statement;
}

SqliteConnection::Statement& SqliteConnection::statement(const Query& query) {
  const auto found = statements_.find(&query);
  return found != statements_.end() ? found->second : statements_.emplace(&query, prepare(query)).first->second;
}

void SqliteConnection::bind(const Query& query, const Statement& statement, std::span<const Value> values) {
  if (values.size() != statement.indexes.size())
    throw Error(Error::Kind::bug,
                fmt::format("{} takes {} parameters, not {}", query.name(), statement.indexes.size(), values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int index = statement.indexes[i];
    const Value& value = values[i];
    if (index == 0) continue;
    switch (value.kind) {
      case Value::Kind::null: sqlite3_bind_null(statement.handle, index); break;
      case Value::Kind::integer: sqlite3_bind_int64(statement.handle, index, value.integer); break;
      case Value::Kind::real: sqlite3_bind_double(statement.handle, index, value.real); break;
      case Value::Kind::text:
        if (value.text.find('\0') != std::string_view::npos)  // PostgreSQL cannot store it
          throw Error(Error::Kind::bug, fmt::format("parameter {} of {} holds a NUL", i + 1, query.name()));
        // A view of nothing has no address, which SQLite would take for NULL.
        sqlite3_bind_text64(statement.handle, index, value.text.data() == nullptr ? "" : value.text.data(),
                            value.text.size(), SQLITE_STATIC, SQLITE_UTF8);
        break;
    }
  }
}

void SqliteConnection::fail(std::string_view what) {
  const int code = sqlite3_extended_errcode(db_);
  const Error::Kind kind = kind_of(db_, code);
  met_full_disk_ |= kind == Error::Kind::disk_full;
  throw Error(kind, fmt::format("{}: {} ({})", what, sqlite3_errmsg(db_), code));
}

}  // namespace fairward::sql
