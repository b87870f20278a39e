// What must hold of the stored figures.
#include <algorithm>

#include "modules/reporting/closing.h"
#include "modules/reporting/export_store.h"
#include "modules/reporting/reporting.h"

namespace fairward::reporting {
namespace {

// The hospital's stored days are those that its rows give, but days that are known to have changed.
bool is_true(Snapshot& db, const store::ClosedHospital& closed, const Zone& zone) {
  const Date first = std::min(store::first_day(db, closed.hospital, zone).value_or(closed.before), closed.before);
  auto stored = store::days_stored(db, closed.hospital, Date{INT32_MIN / 2}, closed.before);
  std::map<Date, Figures> counted;
  store::days_count(db, closed.hospital, zone, first, closed.before,
                    [&](Date day) -> Figures& { return counted[day]; });
  for (const Date changed : store::changed_all(db, closed.hospital)) stored.erase(changed), counted.erase(changed);
  return stored == counted;
}

template <class Holds>
auto of_hospitals(Holds holds) {
  return [holds](Snapshot& db, const sql::Invariant::Violated& violated) {
    for (const auto& closed : store::closed_all(db)) {
      const auto name = store::time_zone_of(db, closed.hospital);
      const Zone* zone = name && *name == closed.time_zone ? zone_find(*name) : nullptr;
      if (zone && !holds(db, closed, *zone)) violated(closed.hospital.value);
    }
  };
}

bool has_patients(Snapshot& db, const store::ClosedHospital& closed, const Zone& zone) {
  return !store::changed_all(db, closed.hospital).empty() ||
         !store::lacks_patients(db, closed.hospital, zone.instant(closed.before, {0}));
}

}  // namespace

std::vector<sql::Invariant> invariants() {
  return {{"reporting.day", "The stored figures of a day are those that its visits, arrivals and payments give.",
           "hospital", of_hospitals(is_true)},
          {"reporting.patient", "Who had a visit on a day that is over is counted as a patient of the hospital.",
           "hospital", of_hospitals(has_patients)},
          sql::invariant("reporting.closed", "hospital", store::orphan_days_query(),
                         "Figures are stored only of days that are over."),
          sql::invariant("reporting.export", "export", exports::check_query(),
                         "A file is there while its export is done, with as many rows as were told.")};
}

}  // namespace fairward::reporting
