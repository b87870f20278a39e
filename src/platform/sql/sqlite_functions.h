// What PostgreSQL has and SQLite lacks, so that one text serves both: string_agg, greatest, least, strpos.
// Internal to platform/sql.
#pragma once

struct sqlite3;

namespace fairward::sql {

void sqlite_functions_register(sqlite3* db);

}  // namespace fairward::sql
