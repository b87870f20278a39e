// Who is here, and who is called in. Source: mission, "People and rights" (front desk); documents A, C.
#include <fmt/format.h>

#include <algorithm>

#include "modules/directory/directory.h"
#include "modules/reception/errors.h"
#include "modules/reception/module.h"
#include "modules/reception/rules.h"

namespace fairward::reception {
namespace {

std::vector<Waiting> waiting_of(const std::vector<store::ArrivalRow>& rows) {
  std::vector<Waiting> waiting;
  for (const auto& row : rows)
    if (!row.called_at) waiting.push_back({row.due_at, row.token});
  return waiting;
}

Arrival view(Snapshot& db, const store::ArrivalRow& row) {
  Arrival arrival{row.appointment, row.doctor,    row.hospital, row.patient, row.token,
                  row.arrived_at,  row.called_at, row.room,     {},          0};
  if (!row.called_at)
    arrival.ahead = ahead_of(waiting_of(store::arrivals_of_doctor(db, row.doctor, row.hospital, row.on)), row.token);
  for (const auto& delay : store::delays_of_hospital(db, row.hospital, row.on))
    if (delay.doctor == row.doctor) arrival.delay_minutes = delay.minutes;
  return arrival;
}

// The hospital of a call about a doctor: the one that it names, the caller's own, or the only one of the doctor.
// Errors, in this order: hospital_missing, doctor_not_found.
Result<HospitalId> hospital_of(Snapshot& db, const Call& call, DoctorId doctor, std::optional<HospitalId> named) {
  if (call.scope == api::Scope::own && call.caller.doctor != doctor) return fail(doctor_not_found);
  if (!named && call.scope == api::Scope::hospital) named = call.caller.hospital;
  const auto practices = directory::practices_of(db, doctor);
  if (!named && practices.size() == 1) named = practices.front().hospital;
  if (!named && !practices.empty()) return fail(hospital_missing, {{"/hospital_id", "The doctor works at several."}});
  const bool is_there = named && std::ranges::any_of(practices, [&](const auto& p) { return p.hospital == *named; });
  if (!is_there || (call.scope == api::Scope::hospital && *named != call.caller.hospital))
    return fail(doctor_not_found);
  return *named;
}

// Who is called: the one that the call names, or who is next. Errors: nobody_here.
Result<store::ArrivalRow> summoned(const std::vector<store::ArrivalRow>& rows, std::optional<AppointmentId> named) {
  if (named) {
    const auto row = std::ranges::find(rows, *named, &store::ArrivalRow::appointment);
    if (row == rows.end()) return fail(arrival_not_found);
    return *row;
  }
  const auto next = std::ranges::find_if(rows, [](const auto& row) { return !row.called_at; });  // they are in order
  if (next == rows.end()) return fail(nobody_here);
  return *next;
}

}  // namespace

std::string display_topic(HospitalId hospital) { return fmt::format("display/{}", hospital.value); }

void display_tell(Txn& txn, HospitalId hospital, std::string_view kind) {
  txn.emit({display_topic(hospital), std::string(kind), "{}"});
}

// Says that the patient is here, and gives the number; said again, it is the same one.
// Errors, in this order: appointment_not_found, not_today, not_expected.
Result<Arrival> Module::arrival_put(Txn& txn, Call& call, const ArrivalPath& path) {
  const auto before = booking::day_visit_find(txn, path.id);
  if (!before || !call.reaches(before->patient, before->hospital, before->doctor)) return fail(appointment_not_found);
  call.concerns(before->patient);
  FAIRWARD_TRY_AS(day, day_of(txn, before->hospital, std::nullopt, call.now));
  if (day.zone->date_of(before->starts_at) != day.on) return fail(not_today);
  if (!booking_.visit_begin(txn, call, path.id)) return fail(not_expected);
  const auto visit = booking::day_visit_find(txn, path.id);
  if (visit->status != "arrived") return fail(not_expected);
  auto row = store::arrival_of(txn, path.id);
  if (row) return view(txn, *row);
  row = store::ArrivalRow{0,
                          visit->id,
                          visit->doctor,
                          visit->hospital,
                          visit->patient,
                          day.text,
                          store::token_last(txn, visit->doctor, visit->hospital, day.text) + 1,
                          call.now,
                          due_at(visit->starts_at, call.now),
                          call.caller.user,
                          {},
                          {}};
  row->id = store::arrival_insert(txn, *row);
  display_tell(txn, row->hospital, "reception.patient_arrived");
  return view(txn, *row);
}

Result<Arrival> Module::arrival_get(Snapshot& db, Call& call, const ArrivalPath& path) {
  const auto row = store::arrival_of(db, path.id);
  if (!row || !call.reaches(row->patient, row->hospital, row->doctor)) return fail(arrival_not_found);
  call.concerns(row->patient);
  call.watch(display_topic(row->hospital));
  const Arrival arrival = view(db, *row);
  const std::int64_t called = row->called_at ? row->called_at->ms : 0;
  call.etag(called ^ (arrival.ahead.value_or(0) << 20) ^ (arrival.delay_minutes << 10) ^ row->token);
  return arrival;
}

// Calls the next patient in, or the named one, again if need be.
// Errors, in this order: hospital_missing, doctor_not_found, arrival_not_found, nobody_here.
Result<Arrival> Module::summons_create(Txn& txn, Call& call, const SummonsCreate& body) {
  FAIRWARD_TRY_AS(hospital, hospital_of(txn, call, body.id, body.hospital_id));
  FAIRWARD_TRY_AS(day, day_of(txn, hospital, std::nullopt, call.now));
  FAIRWARD_TRY_AS(row, summoned(store::arrivals_of_doctor(txn, body.id, hospital, day.text), body.appointment_id));
  call.concerns(row.patient);
  row.called_at = call.now;
  row.room = body.room ? std::optional(body.room->value) : std::nullopt;
  store::summons_insert(txn, row.id, call.now, row.room, call.caller.user);
  display_tell(txn, hospital, "reception.patient_called");
  return view(txn, row);
}

// Errors, in this order: hospital_missing, doctor_not_found.
Result<Delay> Module::delay_create(Txn& txn, Call& call, const DelayCreate& body) {
  FAIRWARD_TRY_AS(hospital, hospital_of(txn, call, body.id, body.hospital_id));
  FAIRWARD_TRY_AS(day, day_of(txn, hospital, std::nullopt, call.now));
  store::delay_insert(txn, body.id, hospital, day.text, body.minutes.value, call.now, call.caller.user);
  display_tell(txn, hospital, "reception.doctor_delayed");
  return Delay{body.id, hospital, body.minutes.value};
}

}  // namespace fairward::reception
