// What must hold of hospitals, doctors and practices, beyond what the schema refuses by itself.
#include "modules/directory/directory.h"
#include "platform/sql/invariant.h"
#include "sql/directory.h"

namespace fairward::directory {

std::vector<sql::Invariant> invariants() {
  return {sql::invariant("directory.department", "practice", sql_queries::check_department,
                         "A practice is in a department of its own hospital.")};
}

std::vector<std::int64_t> hospital_ids(Snapshot& db) { return db.all<std::int64_t>(sql_queries::check_hospitals); }

std::vector<Rating> ratings(Snapshot& db) { return db.all<Rating>(sql_queries::check_ratings); }

}  // namespace fairward::directory
