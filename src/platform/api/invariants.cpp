// What must hold of the replies that are kept for repeated requests.
#include "platform/api/invariants.h"

#include "sql/api.h"

namespace fairward::api {

std::vector<sql::Invariant> invariants() {
  return {sql::invariant("api.reply", "key", sql_queries::check_reply, "A key of a repeated request has its reply.")};
}

}  // namespace fairward::api
