// Whether a database has the schema that this program knows, asked without changing it.
#pragma once

#include <string>

#include "platform/sql/invariant.h"

namespace fairward::sql {

// Number of the newest migration that was applied; 0: none. Throws Error where there is no table of migrations.
int schema_number(Snapshot& db);
// What is wrong with the schema, as a sentence for the operator; "" when it is the one of this program.
std::string schema_fault(Snapshot& db);

// On SQLite, rows whose foreign key leads nowhere; PostgreSQL lets none in.
Invariant references();

}  // namespace fairward::sql
