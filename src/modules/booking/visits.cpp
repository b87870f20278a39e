// Appointments as other modules see them, and the invented past of the demo.
#include <algorithm>

#include "modules/booking/errors.h"
#include "modules/booking/store.h"
#include "modules/booking/turn.h"
#include "sql/booking.h"

namespace fairward::booking {

namespace {

Visit visit_of(const store::AppointmentRow& row) {
  return {row.doctor,
          row.hospital,
          row.patient,
          row.starts_at,
          row.status == AppointmentStatus::fulfilled,
          row.ends_at,
          row.status == AppointmentStatus::pending,
          row.status == AppointmentStatus::booked,
          row.status == AppointmentStatus::cancelled,
          std::string(sql_text(row.status)),
          row.reason};
}

}  // namespace

std::optional<Visit> visit_find(Snapshot& db, AppointmentId id) {
  const auto row = store::appointment_find(db, id);
  if (!row) return std::nullopt;
  return visit_of(*row);
}

std::vector<BookedVisit> visits_booked(Snapshot& db, HospitalId hospital, Instant from, Instant to, Instant after_start,
                                       AppointmentId after, std::int64_t limit) {
  const store::ListRange range{from, to, AppointmentStatus::booked, after_start, after.value, limit};
  std::vector<BookedVisit> visits;
  for (const auto& row : store::appointments_of_hospital(db, hospital, range))
    visits.push_back({row.id, visit_of(row), row.created_at, row.version});
  return visits;
}

namespace {

std::vector<BookedVisit> that_take_place(const std::vector<store::AppointmentRow>& rows) {
  std::vector<BookedVisit> visits;
  for (const auto& row : rows)
    if (row.status == AppointmentStatus::booked || row.status == AppointmentStatus::arrived ||
        row.status == AppointmentStatus::fulfilled)
      visits.push_back({row.id, visit_of(row), row.created_at, row.version});
  return visits;
}

}  // namespace

std::vector<MonthFigures> month_figures(Snapshot& db, HospitalId hospital, Instant from, Instant to) {
  return db.all<MonthFigures>(sql_queries::appointment_figures, hospital, from, to);
}

std::vector<BookedVisit> visits_of_patient(Snapshot& db, UserId patient, Instant from, Instant to, std::int64_t limit) {
  return that_take_place(store::appointments_of_patient(db, patient, {from, to, std::nullopt, {}, 0, limit}));
}

std::vector<BookedVisit> visits_of_doctor(Snapshot& db, DoctorId doctor, Instant from, Instant to, std::int64_t limit) {
  return that_take_place(
      store::appointments_of_doctor(db, doctor, std::nullopt, {from, to, std::nullopt, {}, 0, limit}));
}

bool doctor_treats(Snapshot& db, DoctorId doctor, UserId patient, Instant from) {
  return store::doctor_treats(db, doctor, patient, from);
}

bool hospital_treats(Snapshot& db, HospitalId hospital, UserId patient) {
  return store::hospital_treats(db, hospital, patient);
}

std::vector<TreatedPatient> patients_of_doctor(Snapshot& db, DoctorId doctor, Instant from, Instant now, UserId after,
                                               std::int64_t limit) {
  return store::patients_of_doctor(db, doctor, from, now, after, limit);
}

Result<void> Module::visit_begin(Txn& txn, Call& call, AppointmentId id) {
  auto row = store::appointment_find(txn, id);
  if (!row) return fail(appointment_not_found);
  auto turn = Turn::take(*this, txn, call, row->doctor);
  row = store::appointment_find(txn, id);
  if (row->status == AppointmentStatus::arrived || row->status == AppointmentStatus::fulfilled) return {};
  FAIRWARD_TRY(check_transition(row->status, AppointmentStatus::arrived, row->starts_at, call.now, true));
  turn->set_status(*row, AppointmentStatus::arrived);
  return {};
}

Result<void> Module::visit_finish(Txn& txn, Call& call, AppointmentId id) {
  auto row = store::appointment_find(txn, id);
  if (!row) return fail(appointment_not_found);
  auto turn = Turn::take(*this, txn, call, row->doctor);
  row = store::appointment_find(txn, id);
  if (row->status == AppointmentStatus::fulfilled) return {};
  const bool has_come = row->status == AppointmentStatus::arrived;
  const Instant at = has_come ? std::max(call.now, row->starts_at) : call.now;
  FAIRWARD_TRY(check_transition(row->status, AppointmentStatus::fulfilled, row->starts_at, at, true));
  turn->set_status(*row, AppointmentStatus::fulfilled);
  return {};
}

namespace {

DayVisit day_visit_of(const store::AppointmentRow& row) {
  return {row.id, row.doctor, row.hospital, row.patient, std::string(sql_text(row.status)), row.starts_at, row.ends_at};
}

}  // namespace

std::optional<DayVisit> day_visit_find(Snapshot& db, AppointmentId id) {
  const auto row = store::appointment_find(db, id);
  return row ? std::optional(day_visit_of(*row)) : std::nullopt;
}

std::vector<DayVisit> visits_of_day(Snapshot& db, HospitalId hospital, std::optional<DoctorId> doctor,
                                    const DayRange& range) {
  const store::ListRange list{range.from, range.to, {}, range.after_start, range.after_id.value, range.limit};
  std::vector<DayVisit> visits;
  for (const auto& row : doctor ? store::appointments_of_doctor(db, *doctor, hospital, list)
                                : store::appointments_of_hospital(db, hospital, list))
    visits.push_back(day_visit_of(row));
  return visits;
}

std::int64_t lock_key(AppointmentId id) { return store::doctor_number(id.value); }

namespace {

constexpr std::int64_t demo_doctor_step = 12;
constexpr std::int64_t demo_visits_max = 5;  // of one doctor
constexpr int demo_slot_minutes = 10;
constexpr int demo_slots = 36;  // of the morning, from eight o'clock

DemoVisit demo_visit_add(Txn& txn, const directory::Practice& practice, UserId patient, std::int64_t days_before,
                         std::int64_t slot, Instant now) {
  const Zone* zone = zone_find(practice.time_zone);
  const TimeOfDay starts{static_cast<std::int32_t>(8 * 60 + slot % demo_slots * demo_slot_minutes)};
  store::AppointmentRow row{};
  row.doctor = practice.doctor;
  row.hospital = practice.hospital;
  row.patient = row.made_by = patient;
  row.channel = Channel::staff;
  row.status = AppointmentStatus::fulfilled;
  row.starts_at = zone->instant(zone->date_of(now) - static_cast<int>(days_before), starts);
  row.ends_at = row.starts_at + minutes(demo_slot_minutes);
  row.slots = 1;
  row.fee_minor = practice.fee_minor;
  row.currency = practice.currency;
  row.created_at = row.starts_at - days(2);
  const auto id = store::appointment_insert(txn, row);
  store::claims_take(txn, row.doctor, row.starts_at, row.ends_at, id);
  return {id, visit_of(row)};
}

// The first hospital of each doctor: the mornings are there.
std::vector<directory::Practice> demo_mornings(Snapshot& db) {
  std::vector<directory::Practice> first;
  directory::practices_each(db, [&](const directory::Practice& practice) {
    if (practice.is_active && (first.empty() || first.back().doctor != practice.doctor)) first.push_back(practice);
  });
  return first;
}

}  // namespace

DemoVisits demo_visits(sql::Engine& engine, const std::vector<UserId>& patients, UserId guest, Instant now) {
  DemoVisits made;
  engine.write_now([&](Txn& txn) {
    made = {};
    const auto mornings = demo_mornings(txn);
    if (!mornings.empty()) made.of_guest = demo_visit_add(txn, mornings.front(), guest, 1, 0, now);
    for (std::size_t i = 0; i < mornings.size(); i += demo_doctor_step) {
      const auto number = static_cast<std::int64_t>(i) / demo_doctor_step;
      const auto count = 1 + (number * 7 + 3) % demo_visits_max;
      for (std::int64_t k = count - 1; k >= 0; --k) {  // the oldest first
        const auto patient = patients[static_cast<std::size_t>(number * 5 + k) % patients.size()];
        made.of_patients.push_back(
            demo_visit_add(txn, mornings[i], patient, 3 + k * 9 + number % 9, number * 11 + k, now));
      }
    }
    return true;
  });
  return made;
}

}  // namespace fairward::booking
