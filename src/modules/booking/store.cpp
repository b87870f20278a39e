// See the header.
#include "modules/booking/store.h"

#include "base/check.h"
#include "modules/directory/directory.h"
#include "sql/booking.h"

namespace fairward::booking::store {
namespace {

namespace q = sql_queries;

struct ScheduleRow {
  std::int64_t minimum_notice_minutes, max_booking_days, version;
};
struct ScheduleEachRow {
  DoctorId doctor;
  std::int64_t minimum_notice_minutes, max_booking_days, version;
};
struct ShiftRow {
  DoctorId doctor;
  std::int64_t id;
  HospitalId hospital;
  std::int64_t weekdays, starts_minute, ends_minute, slot_minutes;
  std::optional<std::string> valid_from, valid_to;
};
struct ExceptionRow {
  DoctorId doctor;
  std::int64_t id;
  std::string kind;
  std::optional<HospitalId> hospital;
  std::string on;
  std::optional<std::int64_t> starts_minute, ends_minute, slot_minutes;
  std::optional<std::string> reason;
};

TimeOfDay time_of(std::int64_t minute) { return {static_cast<std::int32_t>(minute)}; }
std::optional<Date> date_of(const std::optional<std::string>& text) { return text ? parse_date(*text) : std::nullopt; }
std::optional<TimeOfDay> time_of(const std::optional<std::int64_t>& minute) {
  return minute ? std::optional(time_of(*minute)) : std::nullopt;
}
template <class T>
std::optional<std::string> iso_of(const std::optional<T>& date) {
  return date ? std::optional(to_iso(*date)) : std::nullopt;
}
std::optional<std::int64_t> minute_of(const std::optional<TimeOfDay>& time) {
  return time ? std::optional<std::int64_t>(time->minute) : std::nullopt;
}

const Zone* zone_of(Snapshot& db, DoctorId doctor, HospitalId hospital) {
  const auto practice = directory::practice_find(db, doctor, hospital);
  return practice ? zone_find(practice->time_zone) : nullptr;  // nullptr: the doctor no longer practises there
}

Shift shift_of(const ShiftRow& row, const Zone* zone) {
  return {row.id,
          row.hospital,
          zone,
          static_cast<int>(row.weekdays),
          time_of(row.starts_minute),
          time_of(row.ends_minute),
          static_cast<int>(row.slot_minutes),
          date_of(row.valid_from),
          date_of(row.valid_to)};
}

constexpr std::pair<std::string_view, ExceptionKind> exception_kinds[] = {
    {"leave", ExceptionKind::leave}, {"holiday", ExceptionKind::holiday}, {"extra", ExceptionKind::extra}};

ExceptionKind kind_of(std::string_view text) {
  for (const auto& [word, kind] : exception_kinds)
    if (word == text) return kind;
  FAIRWARD_CHECK(!"an exception kind the schema does not allow");
  std::unreachable();
}

Exception exception_of(const ExceptionRow& row, const Zone* zone) {
  return {row.id,
          kind_of(row.kind),
          row.hospital.value_or(HospitalId{}),
          zone,
          *parse_date(row.on),
          time_of(row.starts_minute),
          time_of(row.ends_minute),
          static_cast<int>(row.slot_minutes.value_or(0))};
}

}  // namespace

std::optional<Schedule> schedule_find(Snapshot& db, DoctorId doctor, Date from) {
  const auto row = db.one<ScheduleRow>(q::schedule_find, doctor);
  if (!row) return std::nullopt;
  Schedule schedule{
      doctor, static_cast<int>(row->minimum_notice_minutes), static_cast<int>(row->max_booking_days), row->version, {},
      {}};
  for (const auto& shift : db.all<ShiftRow>(q::shift_list, doctor))
    if (const Zone* zone = zone_of(db, doctor, shift.hospital)) schedule.shifts.push_back(shift_of(shift, zone));
  for (const auto& exception : db.all<ExceptionRow>(q::exception_list, doctor, to_iso(from))) {
    const Zone* zone = exception.kind == "extra" ? zone_of(db, doctor, *exception.hospital) : nullptr;
    if (zone || exception.kind != "extra") schedule.exceptions.push_back(exception_of(exception, zone));
  }
  return schedule;
}

void schedules_each(Snapshot& db, Date from, const std::function<void(Schedule&&)>& visit) {
  std::unordered_map<DoctorId, Schedule> schedules;
  std::unordered_map<HospitalId, const Zone*> zones;
  directory::practices_each(db, [&](const directory::Practice& practice) {
    if (const Zone*& zone = zones[practice.hospital]; !zone) zone = zone_find(practice.time_zone);
  });
  db.each<ScheduleEachRow>(q::schedule_each, [&](ScheduleEachRow&& row) {
    schedules[row.doctor] = {row.doctor,
                             static_cast<int>(row.minimum_notice_minutes),
                             static_cast<int>(row.max_booking_days),
                             row.version,
                             {},
                             {}};
  });
  db.each<ShiftRow>(q::shift_each, [&](ShiftRow&& row) {
    if (const Zone* zone = zones[row.hospital]) schedules[row.doctor].shifts.push_back(shift_of(row, zone));
  });
  db.each<ExceptionRow>(
      q::exception_each,
      [&](ExceptionRow&& row) {
        const Zone* zone = row.kind == "extra" ? zones[*row.hospital] : nullptr;
        if (zone || row.kind != "extra") schedules[row.doctor].exceptions.push_back(exception_of(row, zone));
      },
      to_iso(from));
  for (auto& [doctor, schedule] : schedules) visit(std::move(schedule));
}

std::int64_t schedule_put(Txn& txn, const Schedule& schedule) {
  const std::int64_t version = schedule.version + 1;
  if (schedule.version == 0) {
    txn.exec(q::schedule_insert, schedule.doctor, schedule.minimum_notice_minutes, schedule.max_booking_days, version);
    txn.exec(q::queue_insert, schedule.doctor, version);
  } else {
    txn.exec(q::schedule_update, schedule.doctor, schedule.minimum_notice_minutes, schedule.max_booking_days, version);
    txn.exec(q::queue_set_schedule_version, schedule.doctor, version);
    txn.exec(q::shift_delete_all, schedule.doctor);
  }
  for (const Shift& s : schedule.shifts)
    txn.exec(q::shift_insert, schedule.doctor, s.hospital, s.weekdays, s.starts.minute, s.ends.minute, s.slot_minutes,
             iso_of(s.valid_from), iso_of(s.valid_to));
  return version;
}

std::int64_t schedule_touch(Txn& txn, DoctorId doctor, std::int64_t version) {
  const auto row = txn.one<ScheduleRow>(q::schedule_find, doctor);
  FAIRWARD_CHECK(row && row->version == version);
  txn.exec(q::schedule_update, doctor, row->minimum_notice_minutes, row->max_booking_days, version + 1);
  txn.exec(q::queue_set_schedule_version, doctor, version + 1);
  return version + 1;
}

std::int64_t exception_add(Txn& txn, DoctorId doctor, const Exception& e, const std::optional<std::string>& reason) {
  const auto hospital = e.hospital ? std::optional(e.hospital) : std::nullopt;
  const auto slot_minutes = e.slot_minutes ? std::optional<std::int64_t>(e.slot_minutes) : std::nullopt;
  return *txn.one<std::int64_t>(q::exception_insert, doctor, exception_kinds[static_cast<int>(e.kind)].first, hospital,
                                to_iso(e.on), minute_of(e.starts), minute_of(e.ends), slot_minutes, reason);
}

bool exception_remove(Txn& txn, DoctorId doctor, std::int64_t id) {
  return txn.exec(q::exception_delete, id, doctor) > 0;
}

std::vector<StoredException> exception_reasons(Snapshot& db, DoctorId doctor, Date from) {
  std::vector<StoredException> reasons;
  for (auto& row : db.all<ExceptionRow>(q::exception_list, doctor, to_iso(from)))
    reasons.push_back({row.id, std::move(row.reason)});
  return reasons;
}

const sql::Query& queue_lock_query() { return q::queue_lock; }
Txn::Asked<Queue> queue_lock(Txn& txn, DoctorId doctor) { return txn.ask<Queue>(q::queue_lock, doctor); }
std::int64_t queue_take_ticket(Txn& txn, DoctorId doctor) {
  return *txn.one<std::int64_t>(q::queue_take_ticket, doctor);
}
void queue_leave(Txn& txn, DoctorId doctor, std::int64_t count) { txn.exec_later(q::queue_leave, doctor, count); }

AppointmentId appointment_insert(Txn& txn, const AppointmentRow& r) {
  return *txn.one<AppointmentId>(q::appointment_insert, r.doctor, r.hospital, r.patient, r.made_by, r.channel, r.status,
                                 r.starts_at, r.ends_at, r.slots, r.fee_minor, r.currency, r.reason, r.created_at,
                                 r.expires_at, r.lapses_at, r.wait);
}

std::optional<AppointmentRow> appointment_find(Snapshot& db, AppointmentId id) {
  return db.one<AppointmentRow>(q::appointment_find, id);
}

void appointment_set_status(Txn& txn, AppointmentId id, AppointmentStatus status, std::optional<Instant> ended_at,
                            std::optional<std::string_view> end_reason) {
  txn.exec_later(q::appointment_set_status, id, status, ended_at, end_reason);
}

void appointment_arrive(Txn& txn, AppointmentId id) { txn.exec_later(q::appointment_arrive, id); }

void appointment_move(Txn& txn, const AppointmentRow& r) {
  txn.exec_later(q::appointment_move, r.id, r.hospital, r.starts_at, r.ends_at, r.fee_minor, r.currency);
}

std::vector<AppointmentRow> pending_lapsed(Snapshot& db, DoctorId doctor, Instant now) {
  return db.all<AppointmentRow>(q::pending_lapsed, doctor, now);
}
std::vector<ActiveReservations::Hold> pending_all(Snapshot& db) {
  return db.all<ActiveReservations::Hold>(q::pending_each);
}
std::vector<ActiveReservations::Hold> pending_of_doctor(Snapshot& db, DoctorId doctor, Instant from) {
  return db.all<ActiveReservations::Hold>(q::pending_of_doctor, doctor, cell_of(from));
}
std::vector<DoctorId> doctors_lapsed(Snapshot& db, Instant now) { return db.all<DoctorId>(q::doctor_lapsed_list, now); }
std::vector<DoctorId> doctors_at(Snapshot& db, HospitalId hospital) {
  return db.all<DoctorId>(q::doctor_list_hospital, hospital);
}
std::optional<AppointmentId> pending_of(Snapshot& db, UserId patient) {
  return db.one<AppointmentId>(q::pending_of_patient, patient);
}

bool doctor_treats(Snapshot& db, DoctorId doctor, UserId patient, Instant from) {
  return db.one<std::int64_t>(q::doctor_treats, patient, from, doctor).has_value();
}

bool hospital_treats(Snapshot& db, HospitalId hospital, UserId patient) {
  return db.one<std::int64_t>(q::hospital_treats, patient, hospital).has_value();
}

std::vector<TreatedPatient> patients_of_doctor(Snapshot& db, DoctorId doctor, Instant from, Instant now, UserId after,
                                               std::int64_t limit) {
  return db.all<TreatedPatient>(q::doctor_patients, doctor, from, now, after, limit);
}

std::vector<AppointmentRow> appointments_of_patient(Snapshot& db, UserId patient, const ListRange& r) {
  return db.all<AppointmentRow>(q::appointment_list_patient, patient, r.from, r.to, r.status, r.after_start, r.after_id,
                                r.limit);
}
std::vector<AppointmentRow> appointments_of_doctor(Snapshot& db, DoctorId doctor, std::optional<HospitalId> hospital,
                                                   const ListRange& r) {
  return db.all<AppointmentRow>(q::appointment_list_doctor, doctor, r.from, r.to, r.status, hospital, r.after_start,
                                r.after_id, r.limit, std::max(r.from, r.pending_from));
}
std::vector<AppointmentRow> appointments_of_hospital(Snapshot& db, HospitalId hospital, const ListRange& r) {
  return db.all<AppointmentRow>(q::appointment_list_hospital, hospital, r.from, r.to, r.status, r.after_start,
                                r.after_id, r.limit);
}

void claims_take(Txn& txn, DoctorId doctor, Instant starts_at, Instant ends_at, AppointmentId owner) {
  for (std::int64_t cell = cell_of(starts_at); cell < cell_of(ends_at); ++cell)
    txn.exec_later(q::claim_insert, doctor, cell, owner);
}

void claims_release(Txn& txn, DoctorId doctor, Instant starts_at, Instant ends_at, AppointmentId owner) {
  txn.exec_later(q::claim_delete, doctor, cell_of(starts_at), cell_of(ends_at), owner);
}

Txn::Asked<ClaimRow> claims_ask(Txn& txn, DoctorId doctor, Instant from, Instant to) {
  return txn.ask<ClaimRow>(q::claim_list, doctor, cell_of(from), cell_of(to + milliseconds(cell_ms - 1)));
}

TakenCells claims_of(const std::vector<ClaimRow>& rows) {
  TakenCells taken;
  for (const ClaimRow& row : rows)
    taken.set(row.cell, 1, row.status == AppointmentStatus::pending ? SlotStatus::held : SlotStatus::booked);
  return taken;
}

TakenCells claims_between(Snapshot& db, DoctorId doctor, Instant from, Instant to) {
  return claims_of(db.all<ClaimRow>(q::claim_list, doctor, cell_of(from), cell_of(to + milliseconds(cell_ms - 1))));
}

TakenCells claims_from(Snapshot& db, DoctorId doctor, Instant from) {
  struct ClaimRow {
    std::int64_t cell;
    bool is_held;
  };
  TakenCells taken;
  db.each<ClaimRow>(
      q::claim_each,
      [&](ClaimRow&& row) { taken.set(row.cell, 1, row.is_held ? SlotStatus::held : SlotStatus::booked); }, doctor,
      cell_of(from));
  return taken;
}

bool patient_open_take(Txn& txn, UserId patient, std::int64_t cap) {
  txn.last_up_to(patient.value);
  return txn.exec(q::patient_open_take, patient, cap) > 0;
}
void patient_open_give_back(Txn& txn, UserId patient) {
  txn.exec_last(patient.value, q::patient_open_give_back, patient);
}

WaitId wait_insert(Txn& txn, const WaitRow& r) {
  return *txn.one<WaitId>(q::wait_insert, r.doctor, r.ticket, r.hospital, r.patient, r.from_at, r.to_at, r.slots,
                          r.joined_at, r.expires_at);
}
std::optional<WaitRow> wait_find(Snapshot& db, WaitId id) { return db.one<WaitRow>(q::wait_find, id); }
void wait_set_status(Txn& txn, WaitId id, WaitStatus status, std::optional<AppointmentId> appointment,
                     std::optional<Instant> ended_at) {
  txn.exec_later(q::wait_set_status, id, status, appointment, ended_at);
}

std::vector<Wish> wishes_of(Snapshot& db, DoctorId doctor) {
  struct WishRow {
    std::optional<HospitalId> hospital;
    Instant from, to;
    int slots;
    std::int64_t ticket;
  };
  std::vector<Wish> wishes;
  for (const auto& row : db.all<WishRow>(q::wait_wishes, doctor))
    wishes.push_back({row.hospital.value_or(HospitalId{}), row.from, row.to, row.slots});
  return wishes;
}

namespace {
std::optional<HospitalId> hospital_of(const Wish& wish) {
  return wish.hospital ? std::optional(wish.hospital) : std::nullopt;
}
}  // namespace

std::optional<WaitRow> wait_head(Snapshot& db, DoctorId doctor, const Wish& w) {
  return db.one<WaitRow>(q::wait_head, doctor, hospital_of(w), w.from, w.to, w.slots);
}
std::vector<WaitRow> waits_of_wish(Snapshot& db, DoctorId doctor, const Wish& w) {
  return db.all<WaitRow>(q::wait_list_wish, doctor, hospital_of(w), w.from, w.to, w.slots);
}
std::vector<WaitRow> waits_expired(Snapshot& db, DoctorId doctor, Instant now) {
  return db.all<WaitRow>(q::wait_list_expired, doctor, now);
}
std::vector<WaitRow> waits_of_patient(Snapshot& db, UserId patient, std::optional<WaitStatus> status, Instant before,
                                      std::int64_t before_id, std::int64_t limit) {
  return db.all<WaitRow>(q::wait_list_patient, patient, status, before, before_id, limit);
}
std::optional<WaitId> wait_of(Snapshot& db, UserId patient) { return db.one<WaitId>(q::wait_of_patient, patient); }
std::vector<WaitingUsers::Entry> waits_all(Snapshot& db) { return db.all<WaitingUsers::Entry>(q::wait_each); }

void ledger_append(Txn& txn, const LedgerRow& r) {
  txn.exec_later(q::ledger_insert, r.doctor, r.at, r.kind, r.wait, r.ticket, r.appointment, r.starts_at, r.reason);
}
std::vector<LedgerEntry> ledger_of(Snapshot& db, DoctorId doctor, std::int64_t after_id, std::int64_t limit) {
  return db.all<LedgerEntry>(q::ledger_list, doctor, after_id, limit);
}

}  // namespace fairward::booking::store
