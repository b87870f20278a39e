#include "platform/sql/schema_state.h"

#include "platform/sql/migrate.h"

namespace fairward::sql {
namespace {

constexpr const char* applied_text = "SELECT number, name, hash FROM platform_migration ORDER BY number";
constexpr Query applied{"schema_applied", applied_text, applied_text};
constexpr Query foreign_keys{"schema_foreign_keys", "SELECT rowid FROM pragma_foreign_key_check",
                             "SELECT CAST(0 AS BIGINT) WHERE 1 = 0"};

}  // namespace

int schema_number(Snapshot& db) {
  const auto migrations = db.all<AppliedMigration>(applied);
  return migrations.empty() ? 0 : migrations.back().number;
}

std::string schema_fault(Snapshot& db) {
  try {
    const auto missing = migrations_missing(all_migrations(), db.all<AppliedMigration>(applied));
    if (missing.empty()) return "";
    return "the database is older than this program; run `fairward migrate`";
  } catch (const Error& error) { return error.what(); }
}

Invariant references() { return invariant("sql.references", "row", foreign_keys, "What a row refers to is there."); }

}  // namespace fairward::sql
