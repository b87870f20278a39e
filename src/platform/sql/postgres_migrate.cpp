// The migrator for PostgreSQL: one node at a time, each migration in a transaction.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>

#include "platform/sql/migrate.h"
#include "platform/sql/postgres_connection.h"

namespace fairward::sql {
namespace {

// Held to the end of the transaction, so that it holds behind a pooler, too. Advisory locks share one space of
// numbers; ours are the ASCII codes of "fairward".
constexpr const char* lock_text = "SELECT pg_advisory_xact_lock(7377293604959646308)";
constexpr const char* table_text =
    "CREATE TABLE IF NOT EXISTS platform_migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL)";

using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

Result checked(PGconn* connection, PGresult* raw) {
  Result result(raw, PQclear);
  const ExecStatusType status = PQresultStatus(raw);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  throw Error(PQstatus(connection) == CONNECTION_OK ? Error::Kind::bug : Error::Kind::unavailable,
              PQerrorMessage(connection));
}

Result execute(PGconn* connection, const char* text) { return checked(connection, PQexec(connection, text)); }

// Of a column that the schema keeps numeric.
int number_of(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<AppliedMigration> applied_of(PGconn* connection) {
  const Result result = execute(connection, "SELECT number, name, hash FROM platform_migration ORDER BY number");
  std::vector<AppliedMigration> applied;
  for (int row = 0; row < PQntuples(result.get()); ++row)
    applied.push_back({number_of(PQgetvalue(result.get(), row, 0)), PQgetvalue(result.get(), row, 1),
                       PQgetvalue(result.get(), row, 2)});
  return applied;
}

void apply(PGconn* connection, const Migration& migration) {
  const std::string number = std::to_string(migration.number), hash = migration_hash(migration);
  const char* const values[] = {number.c_str(), migration.name.c_str(), hash.c_str()};
  try {
    execute(connection, migration_text(migration, Dialect::postgres).c_str());
    checked(connection,
            PQexecParams(connection, "INSERT INTO platform_migration (number, name, hash) VALUES ($1, $2, $3)", 3,
                         nullptr, values, nullptr, nullptr, 0));
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("migration {:04} {}: {}", migration.number, migration.name, error.what()));
  }
}

// In one transaction, in which no other node does the same; nullptr when nothing is missing.
const Migration* apply_next(PGconn* connection, const std::vector<Migration>& migrations) {
  try {
    execute(connection, "BEGIN");
    execute(connection, lock_text);
    execute(connection, table_text);
    const std::vector<Migration> missing = migrations_missing(migrations, applied_of(connection));
    if (!missing.empty()) apply(connection, missing.front());
    execute(connection, "COMMIT");
    if (missing.empty()) return nullptr;
    const auto is_it = [&](const Migration& one) { return one.number == missing.front().number; };
    return &*std::find_if(migrations.begin(), migrations.end(), is_it);
  } catch (const Error&) {
    PQclear(PQexec(connection, "ROLLBACK"));
    throw;
  }
}

}  // namespace

void migrate_postgres(const std::string& url, const std::vector<Migration>& migrations, const Say& say) {
  const PostgresHandle handle(url);
  PGconn* connection = handle.get();
  PQsetNoticeProcessor(
      connection, [](void*, const char*) {}, nullptr);
  while (const Migration* applied = apply_next(connection, migrations))
    say(fmt::format("{:04} {}", applied->number, applied->name));
}

void migrate_postgres(const std::string& url, const Say& say) { migrate_postgres(url, all_migrations(), say); }

}  // namespace fairward::sql
