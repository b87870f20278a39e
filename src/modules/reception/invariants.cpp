// What must hold of arrivals; the numbers in the README's list are its sources.
#include "modules/reception/reception.h"
#include "sql/reception.h"

namespace fairward::reception {

std::vector<sql::Invariant> invariants() {
  return {sql::invariant("reception.tokens", "arrival", sql_queries::check_tokens,
                         "The numbers of a doctor's day begin with 1 and leave none out."),
          {"reception.appointment", "Who has arrived, arrived for an appointment that is not merely booked.",
           "appointment", [](Snapshot& db, const auto& violated) {
             sql::each_missing(db.all<std::int64_t>(sql_queries::check_arrivals), booking::visits_begun(db), violated);
           }}};
}

}  // namespace fairward::reception
