// What became of appointments: no-shows by what is known of them. See outcomes.cpp and outcomes_import.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "platform/sql/sql.h"

namespace fairward::reporting::outcomes {

struct Outcome {
  std::string key;
  Date visit_on;
  std::int64_t lead_days = 0;
  bool is_missed = false;
  std::optional<bool> is_reminded;
  std::optional<std::int64_t> age;
  std::optional<std::string> area;
};
bool outcome_put(Txn& txn, HospitalId hospital, const Outcome& outcome);  // false: nothing is new

// Visits that took place or were missed. `of`: the first day or year of the span, or the weekday.
struct Missed {
  std::int64_t of = 0, visits = 0, missed = 0;
};
struct MissedByLead {
  std::int64_t lead = 0;
  std::optional<bool> is_reminded;
  std::int64_t visits = 0, missed = 0;
};
struct MissedOfArea {
  std::string area;
  std::int64_t visits = 0, missed = 0;
};
// Of imported ones on the days [from, to); hospital 0: of all.
std::vector<MissedByLead> by_lead(Snapshot& db, HospitalId hospital, Date from, Date to);
std::vector<Missed> by_weekday(Snapshot& db, HospitalId hospital, Date from, Date to);
std::vector<Missed> by_age(Snapshot& db, HospitalId hospital, Date from, Date to);
std::vector<MissedOfArea> by_area(Snapshot& db, HospitalId hospital, Date from, Date to);
// Of the hospital's own visits, by how many times 24 hours lay between booking and visit.
std::vector<Missed> own_by_lead(Snapshot& db, HospitalId hospital, Instant from, Instant to);

}  // namespace fairward::reporting::outcomes
