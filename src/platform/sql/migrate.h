// Migrations by dialect, and the schema that results. Internal to platform/sql; the public part is in engine.h.
#pragma once

#include <string>
#include <vector>

#include "platform/sql/engine.h"

namespace fairward::sql {

enum class Dialect : std::uint8_t { sqlite, postgres };

// The text of a migration in one dialect: tokens replaced, `/*pg … */` opened for PostgreSQL, `/*sqlite … */` for
// SQLite. Throws Error for a token that nobody knows.
std::string migration_text(const Migration& migration, Dialect dialect);
// Tells a changed text from the one that was applied.
std::string migration_hash(const Migration& migration);

// A migration as the database remembers it.
struct AppliedMigration {
  int number;
  std::string name, hash;
};
// The migrations that are still to be applied. Throws Error when an applied one was changed, is unknown to this
// program, or has a successor that was applied before it.
std::vector<Migration> migrations_missing(const std::vector<Migration>& known,
                                          const std::vector<AppliedMigration>& applied);

using Say = std::function<void(const std::string&)>;
void migrate_sqlite(const std::string& path, const std::vector<Migration>& migrations, const Say& say);
void migrate_postgres(const std::string& url, const std::vector<Migration>& migrations, const Say& say);

// All CREATE statements of an SQLite database, in the order of creation: db/schema.sql.
std::string sqlite_schema(const std::string& path);

}  // namespace fairward::sql
