// What a backup needs of PostgreSQL beside pg_dump and pg_restore.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <thread>

#include "platform/log/log.h"
#include "platform/sql/copy.h"
#include "platform/sql/postgres_connection.h"

namespace fairward::sql {
namespace {

using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

Result execute(PGconn* connection, const std::string& text) {
  Result result(PQexec(connection, text.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  throw Error(PQstatus(connection) == CONNECTION_OK ? Error::Kind::bug : Error::Kind::unavailable,
              PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY) != nullptr
                  ? PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY)
                  : PQerrorMessage(connection));
}

// The rows of one column.
std::vector<std::string> texts(PGconn* connection, const std::string& text) {
  const Result result = execute(connection, text);
  std::vector<std::string> rows;
  rows.reserve(static_cast<std::size_t>(PQntuples(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row) rows.emplace_back(PQgetvalue(result.get(), row, 0));
  return rows;
}

std::int64_t number(PGconn* connection, const std::string& text) {
  const auto rows = texts(connection, text);
  std::int64_t found = 0;
  if (!rows.empty()) std::from_chars(rows[0].data(), rows[0].data() + rows[0].size(), found);
  return found;
}

std::string identifier(PGconn* connection, const std::string& name) {
  const std::unique_ptr<char, void (*)(void*)> quoted(PQescapeIdentifier(connection, name.c_str(), name.size()),
                                                      PQfreemem);
  if (!quoted) throw Error(Error::Kind::bug, PQerrorMessage(connection));
  return quoted.get();
}

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

Options options_of(const std::string& url) {
  char* reason = nullptr;
  Options options(PQconninfoParse(url.c_str(), &reason), PQconninfoFree);
  const std::unique_ptr<char, void (*)(void*)> owner(reason, PQfreemem);
  // The reason may quote the address, with the password in it.
  if (!options) throw Error(Error::Kind::unavailable, "the address of the database cannot be read");
  return options;
}

// Own tables of the schema in use; the parts of a partitioned one are counted with it.
constexpr const char* tables_text =
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND "
    "NOT c.relispartition AND n.nspname = 'public' ORDER BY c.relname COLLATE \"C\"";

}  // namespace

struct PostgresSnapshot::Connection {
  explicit Connection(const std::string& url) : handle(url) {}
  PostgresHandle handle;
};

PostgresSnapshot::PostgresSnapshot(const std::string& url) : connection_(std::make_unique<Connection>(url)) {
  PGconn* connection = connection_->handle.get();
  execute(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  // A dump may take longer than any call.
  for (const char* limit : {"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"})
    execute(connection, fmt::format("SET LOCAL {} = 0", limit));
  id_ = texts(connection, "SELECT pg_export_snapshot()").at(0);
}

PostgresSnapshot::~PostgresSnapshot() = default;

int PostgresSnapshot::server_major() const {
  constexpr int numbers_of_a_major = 10'000;
  return PQserverVersion(connection_->handle.get()) / numbers_of_a_major;
}

std::int64_t PostgresSnapshot::bytes() const {
  return number(connection_->handle.get(), "SELECT pg_database_size(current_database())");
}

DatabaseFacts PostgresSnapshot::facts() const {
  PGconn* connection = connection_->handle.get();
  DatabaseFacts facts;
  facts.version = PQparameterStatus(connection, "server_version");
  for (std::string& table : texts(connection, tables_text)) {
    const Result result = execute(
        connection, fmt::format("SELECT COUNT(*), COALESCE(SUM(hashtextextended(CAST(t AS TEXT), 0)), 0) FROM {} AS t",
                                identifier(connection, table)));
    const std::string rows = PQgetvalue(result.get(), 0, 0);
    TableFacts one{std::move(table), 0, PQgetvalue(result.get(), 0, 1)};
    std::from_chars(rows.data(), rows.data() + rows.size(), one.rows);
    facts.tables.push_back(std::move(one));
  }
  facts.schema = number(connection, "SELECT COALESCE(MAX(number), 0) FROM platform_migration");
  facts.newest_event = number(connection, "SELECT COALESCE(MAX(id), 0) FROM platform_event");
  return facts;
}

std::vector<std::pair<std::string, std::string>> postgres_environment(const std::string& url) {
  std::vector<std::pair<std::string, std::string>> variables{{"PGAPPNAME", "fairward backup"}};
  const Options options = options_of(url);
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr && option->envvar != nullptr) variables.emplace_back(option->envvar, option->val);
  return variables;
}

std::string postgres_url_of(const std::string& url, const std::string& database) {
  std::string text;
  const Options options = options_of(url);
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const bool is_database = std::string_view(option->keyword) == "dbname";
    if (option->val == nullptr && !is_database) continue;
    text += fmt::format("{}{}='", text.empty() ? "" : " ", option->keyword);
    for (const char c : is_database ? std::string_view(database) : std::string_view(option->val)) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += "'";
  }
  return text;
}

void postgres_database_make(const std::string& url, const std::string& database) {
  const PostgresHandle handle(url);
  PGconn* connection = handle.get();
  const auto of_this = [&](const char* column) {
    const std::string value =
        texts(connection, fmt::format("SELECT {} FROM pg_database WHERE datname = current_database()", column)).at(0);
    const std::unique_ptr<char, void (*)(void*)> quoted(PQescapeLiteral(connection, value.c_str(), value.size()),
                                                        PQfreemem);
    return std::string(quoted.get());
  };
  execute(connection, fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}",
                                  identifier(connection, database), of_this("pg_encoding_to_char(encoding)"),
                                  of_this("datcollate"), of_this("datctype")));
}

void postgres_database_drop(const std::string& url, const std::string& database) noexcept {
  try {
    const PostgresHandle handle(url);
    execute(handle.get(), fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", identifier(handle.get(), database)));
  } catch (const std::exception& error) {
    log::error("a scratch database could not be dropped", {{"database", database}, {"reason", error.what()}});
  }
}

bool postgres_is_empty(const std::string& url) {
  const PostgresHandle handle(url);
  return texts(handle.get(), tables_text).empty();
}

std::int64_t postgres_users(const std::string& url) {
  constexpr int looks = 20;
  constexpr std::chrono::milliseconds pause{50};
  const PostgresHandle handle(url);
  std::int64_t users = 0;
  for (int look = 0; look < looks; ++look) {
    if (look > 0) std::this_thread::sleep_for(pause);
    users = number(handle.get(),
                   "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = "
                   "'client backend' AND pid <> pg_backend_pid()");
    if (users == 0) break;
  }
  return users;
}

void postgres_put_aside(const std::string& url, const std::string& name) {
  const PostgresHandle handle(url);
  execute(handle.get(), fmt::format("BEGIN; ALTER SCHEMA public RENAME TO {}; CREATE SCHEMA public; COMMIT",
                                    identifier(handle.get(), name)));
}

void postgres_take_back(const std::string& url, const std::string& name) {
  const PostgresHandle handle(url);
  execute(handle.get(), fmt::format("BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA {} RENAME TO public; COMMIT",
                                    identifier(handle.get(), name)));
}

void postgres_clear(const std::string& url) {
  const PostgresHandle handle(url);
  PQsetNoticeProcessor(
      handle.get(), [](void*, const char*) {}, nullptr);
  execute(handle.get(), "BEGIN; DROP SCHEMA public CASCADE; CREATE SCHEMA public; COMMIT");
}

}  // namespace fairward::sql
