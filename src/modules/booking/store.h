// The only caller of booking's SQL. Rows as they are stored; no rules here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/booking/active_reservations.h"
#include "modules/booking/api.h"
#include "modules/booking/availability.h"
#include "modules/booking/booking.h"
#include "modules/booking/calendar.h"
#include "modules/booking/rules.h"
#include "modules/booking/waiting_users.h"
#include "platform/sql/sql.h"

namespace fairward::booking::store {

// ---- schedules

std::optional<Schedule> schedule_find(Snapshot& db, DoctorId doctor, Date from);  // exceptions from that day on
void schedules_each(Snapshot& db, Date from, const std::function<void(Schedule&&)>& visit);
// Writes shifts and limits under the version after `schedule.version`; makes the queue row of a new doctor.
std::int64_t schedule_put(Txn& txn, const Schedule& schedule);
std::int64_t exception_add(Txn& txn, DoctorId doctor, const Exception& exception,
                           const std::optional<std::string>& reason);
bool exception_remove(Txn& txn, DoctorId doctor, std::int64_t id);
struct StoredException {
  std::int64_t id;
  std::optional<std::string> reason;
};
std::vector<StoredException> exception_reasons(Snapshot& db, DoctorId doctor, Date from);
// After a change of exceptions: a new version for the schedule and the queue row. Returns it.
std::int64_t schedule_touch(Txn& txn, DoctorId doctor, std::int64_t version);

// ---- the doctor's queue row

struct Queue {
  std::int64_t next_ticket, waiting, schedule_version;
};
// Locks the row of the doctor that is the key: with what each transaction begins (sql::Engine::lock_first).
const sql::Query& queue_lock_query();
// The doctor whose appointment or wait has this id, where ids tell (adr/0013); 0 elsewhere, on SQLite.
constexpr std::int64_t doctor_number(std::int64_t id) { return id >> 26; }
Txn::Asked<Queue> queue_lock(Txn& txn, DoctorId doctor);  // others of this doctor wait until this transaction ends
std::int64_t queue_take_ticket(Txn& txn, DoctorId doctor);
void queue_leave(Txn& txn, DoctorId doctor, std::int64_t count);

// ---- appointments

struct AppointmentRow {
  AppointmentId id;
  DoctorId doctor;
  HospitalId hospital;
  UserId patient;
  UserId made_by;
  Channel channel;
  AppointmentStatus status;
  Instant starts_at, ends_at;
  std::int64_t slots;
  std::int64_t fee_minor;
  std::string currency;
  std::optional<std::string> reason;
  Instant created_at;
  std::optional<Instant> expires_at, lapses_at;
  std::optional<WaitId> wait;
  std::optional<Instant> ended_at;
  std::optional<std::string> end_reason;
  std::int64_t version;
};

AppointmentId appointment_insert(Txn& txn, const AppointmentRow& row);  // id and version are not read
std::optional<AppointmentRow> appointment_find(Snapshot& db, AppointmentId id);
void appointment_set_status(Txn& txn, AppointmentId id, AppointmentStatus status, std::optional<Instant> ended_at,
                            std::optional<std::string_view> end_reason);
void appointment_arrive(Txn& txn, AppointmentId id);
void appointment_move(Txn& txn, const AppointmentRow& row);
std::vector<AppointmentRow> pending_lapsed(Snapshot& db, DoctorId doctor, Instant now);
std::vector<ActiveReservations::Hold> pending_all(Snapshot& db);
std::vector<ActiveReservations::Hold> pending_of_doctor(Snapshot& db, DoctorId doctor, Instant from);  // ends after it
std::vector<DoctorId> doctors_lapsed(Snapshot& db, Instant now);
std::vector<DoctorId> doctors_at(Snapshot& db, HospitalId hospital);  // whose hours name it
std::optional<AppointmentId> pending_of(Snapshot& db, UserId patient);

struct ListRange {
  Instant from, to;
  std::optional<AppointmentStatus> status;
  Instant after_start;  // cursor: what comes after (start, id)
  std::int64_t after_id = 0;
  std::int64_t limit = 0;
  Instant pending_from{};  // pending ones of a doctor are not looked for before
};
std::vector<AppointmentRow> appointments_of_patient(Snapshot& db, UserId patient, const ListRange& range);
std::vector<AppointmentRow> appointments_of_doctor(Snapshot& db, DoctorId doctor, std::optional<HospitalId> hospital,
                                                   const ListRange& range);
std::vector<AppointmentRow> appointments_of_hospital(Snapshot& db, HospitalId hospital, const ListRange& range);

bool doctor_treats(Snapshot& db, DoctorId doctor, UserId patient, Instant from);
bool hospital_treats(Snapshot& db, HospitalId hospital, UserId patient);
std::vector<TreatedPatient> patients_of_doctor(Snapshot& db, DoctorId doctor, Instant from, Instant now, UserId after,
                                               std::int64_t limit);

// ---- claims: the cells an appointment owns

// Under the doctor's lock, of cells found free. A cell that somebody owns all the same breaks the call.
void claims_take(Txn& txn, DoctorId doctor, Instant starts_at, Instant ends_at, AppointmentId owner);
void claims_release(Txn& txn, DoctorId doctor, Instant starts_at, Instant ends_at, AppointmentId owner);
TakenCells claims_between(Snapshot& db, DoctorId doctor, Instant from, Instant to);
struct ClaimRow {
  std::int64_t cell;
  AppointmentId appointment;
  AppointmentStatus status;
};
Txn::Asked<ClaimRow> claims_ask(Txn& txn, DoctorId doctor, Instant from, Instant to);
TakenCells claims_of(const std::vector<ClaimRow>& rows);
TakenCells claims_from(Snapshot& db, DoctorId doctor, Instant from);

// ---- the cap on open holds and waits

// The counts of people are locked after the rows of doctors, and those of a call in the order of the people: what is
// given back waits for the end of the transaction, or for the taking of a count that comes after it.
bool patient_open_take(Txn& txn, UserId patient, std::int64_t cap);  // false: the cap is reached
void patient_open_give_back(Txn& txn, UserId patient);

// ---- waits

struct WaitRow {
  WaitId id;
  DoctorId doctor;
  std::int64_t ticket;
  std::optional<HospitalId> hospital;
  UserId patient;
  Instant from_at, to_at;
  std::int64_t slots;
  WaitStatus status;
  Instant joined_at, expires_at;
  std::optional<AppointmentId> appointment;
  std::optional<Instant> ended_at;
  std::int64_t version;

  Wish wish() const { return {hospital.value_or(HospitalId{}), from_at, to_at, static_cast<int>(slots)}; }
};
WaitId wait_insert(Txn& txn, const WaitRow& row);
std::optional<WaitRow> wait_find(Snapshot& db, WaitId id);
void wait_set_status(Txn& txn, WaitId id, WaitStatus status, std::optional<AppointmentId> appointment,
                     std::optional<Instant> ended_at);
std::vector<Wish> wishes_of(Snapshot& db, DoctorId doctor);  // what is waited for, each once, by its oldest ticket
std::optional<WaitRow> wait_head(Snapshot& db, DoctorId doctor, const Wish& wish);
std::vector<WaitRow> waits_of_wish(Snapshot& db, DoctorId doctor, const Wish& wish);
std::vector<WaitRow> waits_expired(Snapshot& db, DoctorId doctor, Instant now);
std::vector<WaitRow> waits_of_patient(Snapshot& db, UserId patient, std::optional<WaitStatus> status, Instant before,
                                      std::int64_t before_id, std::int64_t limit);
std::optional<WaitId> wait_of(Snapshot& db, UserId patient);
std::vector<WaitingUsers::Entry> waits_all(Snapshot& db);

// ---- ledger

struct LedgerRow {
  DoctorId doctor;
  Instant at;
  std::string_view kind;
  std::optional<WaitId> wait;
  std::optional<std::int64_t> ticket;
  std::optional<AppointmentId> appointment;
  std::optional<Instant> starts_at;
  std::string_view reason;
};
void ledger_append(Txn& txn, const LedgerRow& row);
std::vector<LedgerEntry> ledger_of(Snapshot& db, DoctorId doctor, std::int64_t after_id, std::int64_t limit);

}  // namespace fairward::booking::store
