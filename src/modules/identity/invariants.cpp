// What must hold of accounts and sessions, beyond what the schema refuses by itself.
#include "modules/identity/identity.h"
#include "platform/sql/invariant.h"
#include "sql/identity.h"

namespace fairward::identity {

std::vector<sql::Invariant> invariants() {
  return {sql::invariant("identity.refresh_token", "session", sql_queries::check_refresh_token,
                         "A session has at most one refresh token that was not used."),
          sql::invariant("identity.guardian", "link", sql_queries::check_guardian,
                         "Only a patient acts for somebody, and for patients only.")};
}

std::vector<std::int64_t> people_ids(Snapshot& db) { return db.all<std::int64_t>(sql_queries::check_people); }

}  // namespace fairward::identity
