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

// The figures of each of the days [from, to) that has any: stored ones where the day is over and has not changed since.
void days_each(Snapshot& db, HospitalId hospital, const Zone& zone, Date from, Date to,
               const std::function<void(Date, const Figures&)>& take);

// Up to which day, not included, the figures of a hospital are stored, if they are for this zone.
struct Closed {
  std::string time_zone;
  Date before;
};
std::optional<Closed> closed_find(Snapshot& db, HospitalId hospital);
struct ClosedHospital {
  HospitalId hospital;
  std::string time_zone;
  Date before;
};
std::vector<ClosedHospital> closed_all(Snapshot& db);
bool closed_insert(Txn& txn, HospitalId hospital, const Closed& closed);                // false: somebody was faster
bool closed_advance(Txn& txn, HospitalId hospital, const Closed& closed, Date before);  // the same
void closed_forget(Txn& txn, HospitalId hospital, const std::string& time_zone);        // with all its days
// The first day on which there was anything; nullopt: there was nothing.
std::optional<Date> first_day(Snapshot& db, HospitalId hospital, const Zone& zone);

void day_put(Txn& txn, HospitalId hospital, Date day, const Figures& figures);
std::map<Date, Figures> days_stored(Snapshot& db, HospitalId hospital, Date from, Date to);
// Of the days [from, to): who had a visit is a patient of the hospital.
void patients_add(Txn& txn, HospitalId hospital, const Zone& zone, Date from, Date to);

// ---- days that have changed after they were over

struct ChangedDay {
  HospitalId hospital;
  Date day;
  friend auto operator<=>(const ChangedDay&, const ChangedDay&) = default;
};
void change_insert(Txn& txn, HospitalId hospital, Date day);
std::vector<ChangedDay> changes_due(Snapshot& db, std::int64_t limit);  // each day once
std::vector<Date> days_changed(Snapshot& db, HospitalId hospital, Date from, Date to);
std::vector<std::int64_t> change_ids(Snapshot& db, const ChangedDay& day);
bool change_delete(Txn& txn, std::int64_t id);  // false: it is gone

// ---- for fairward check
std::vector<Date> changed_all(Snapshot& db, HospitalId hospital);
bool lacks_patients(Snapshot& db, HospitalId hospital, Instant before);
const sql::Query& orphan_days_query();

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
Now now_of_hospital(Snapshot& db, HospitalId hospital, const Zone& zone, Instant now);

}  // namespace fairward::reporting::store
