// Reporting in the database; the only caller of this module's SQL. Other modules' rows come from their report_ views.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "modules/reporting/figures.h"
#include "platform/clock/zone.h"
#include "platform/sql/sql.h"

namespace fairward::reporting::store {

// ---- what is told by others

std::optional<std::string> time_zone_of(Snapshot& db, HospitalId hospital);
// The zone of all hospitals, or UTC where they have several.
std::string time_zone_of_all(Snapshot& db);
std::vector<HospitalId> hospitals_with_visits(Snapshot& db);

// Counts what there was on the days [from, to) of the zone, from the rows themselves.
using DayTake = std::function<Figures&(Date)>;
void days_count(Snapshot& db, HospitalId hospital, const Zone& zone, Date from, Date to, const DayTake& day);

// The figures of each of the days [from, to) that has any.
void days_each(Snapshot& db, HospitalId hospital, const Zone& zone, Date from, Date to,
               const std::function<void(Date, const Figures&)>& take);

struct PracticeRow {
  DoctorId doctor;
  DepartmentId department;
  std::string department_name;
};
std::vector<PracticeRow> practices_of(Snapshot& db, HospitalId hospital);  // of those in a department

struct Now {
  std::int64_t hospitals = 0, doctors = 0, patients = 0, waits = 0, holds = 0;
};
Now now_of(Snapshot& db, Instant now);
Now now_of_hospital(Snapshot& db, HospitalId hospital, Instant now);

}  // namespace fairward::reporting::store
