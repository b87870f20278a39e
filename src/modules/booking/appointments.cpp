// Appointments: booking at once, the lists, and the life after the hold. Source: mission B8, B11, documents D and E.
#include <fmt/format.h>

#include <functional>
#include <unordered_map>

#include "modules/booking/errors.h"
#include "modules/booking/turn.h"
#include "platform/api/pair_cursor.h"

namespace fairward::booking {

namespace {

constexpr std::int64_t page_size = 30;

AppointmentStatus status_of(StatusChange change) {
  switch (change) {
    case StatusChange::cancelled: return AppointmentStatus::cancelled;
    case StatusChange::completed:
    case StatusChange::fulfilled: return AppointmentStatus::fulfilled;
    case StatusChange::arrived: return AppointmentStatus::arrived;
    case StatusChange::noshow: return AppointmentStatus::noshow;
  }
  return AppointmentStatus::cancelled;
}

// The days of a list are days on the wall of the hospital where the visit takes place. What is read from the database
// is a day wider on both sides than it would be in UTC, which covers every zone; DayFilter has the last word.
// Errors: range_invalid.
// A hold of a time that has begun ends within minutes, or when the server is back.
constexpr Duration pending_kept = days(7);

Result<store::ListRange> range_of(const AppointmentQuery& query, Instant now) {
  store::ListRange range;
  const Date first = query.from.value_or(Date{0});
  const Date last = query.to.value_or(Date{100'000});
  if (query.from && query.to && last < first) return fail(range_invalid, {{"?to", "This is before `from`."}});
  const auto cursor = api::pair_cursor_read(query.cursor);
  if (!cursor) return fail(range_invalid, {{"?cursor", "This is not a cursor of this list."}});
  range.after_start = {cursor->first};
  range.after_id = cursor->second;
  range.from = std::max(range.after_start, Instant{(std::int64_t{first.day} - 1) * days(1).ms});
  range.pending_from = now - pending_kept;
  range.to = {(std::int64_t{last.day} + 2) * days(1).ms};
  range.status = query.status;
  range.limit = (query.limit ? query.limit->value : page_size) + 1;  // one more tells whether a page follows
  return range;
}

// Is a visit on one of the days that were asked for, where it takes place? Knows each hospital's zone once.
class DayFilter {
 public:
  DayFilter(Snapshot& db, const AppointmentQuery& query) : db_(db), from_(query.from), to_(query.to) {}

  bool passes(const store::AppointmentRow& row) {
    if (!from_ && !to_) return true;
    const Zone* zone = zone_of(row.hospital);
    const Date on =
        zone ? zone->date_of(row.starts_at) : Date{static_cast<std::int32_t>(row.starts_at.ms / days(1).ms)};
    return (!from_ || on >= *from_) && (!to_ || on <= *to_);
  }

 private:
  const Zone* zone_of(HospitalId hospital) {
    const auto [at, is_new] = zones_.try_emplace(hospital, nullptr);
    if (is_new)
      if (const auto name = directory::hospital_time_zone(db_, hospital)) at->second = zone_find(*name);
    return at->second;
  }

  Snapshot& db_;
  std::optional<Date> from_, to_;
  std::unordered_map<HospitalId, const Zone*> zones_;
};

// One page of what `list` reads and `passes` lets through. Only the days at both ends are looked at in vain.
template <class List>
std::vector<store::AppointmentRow> page_read(store::ListRange range, DayFilter filter, List&& list) {
  std::vector<store::AppointmentRow> kept;
  while (true) {
    const std::vector<store::AppointmentRow> rows = list(range);
    for (const auto& row : rows)
      if (filter.passes(row)) kept.push_back(row);
    const auto limit = static_cast<std::size_t>(range.limit);
    if (kept.size() >= limit) kept.resize(limit);
    if (kept.size() == limit || rows.size() < limit) return kept;
    range.after_start = rows.back().starts_at;
    range.after_id = rows.back().id.value;
  }
}

// Of every hospital, for who sees all: each gives the page that it would give alone.
std::vector<store::AppointmentRow> appointments_of_all(Snapshot& db, const store::ListRange& range) {
  std::vector<store::AppointmentRow> rows;
  const auto place = [](const store::AppointmentRow& row) { return std::pair(row.starts_at, row.id); };
  for (const std::int64_t hospital : directory::hospital_ids(db)) {
    const auto more = store::appointments_of_hospital(db, HospitalId{hospital}, range);
    rows.insert(rows.end(), more.begin(), more.end());
    std::ranges::sort(rows, {}, place);
    if (std::ssize(rows) > range.limit) rows.resize(static_cast<std::size_t>(range.limit));
  }
  return rows;
}

}  // namespace

Appointment Module::appointment_view(Snapshot& db, const store::AppointmentRow& row) const {
  Appointment a;
  a.id = row.id;
  a.status = row.status;
  a.doctor_id = row.doctor;
  a.hospital_id = row.hospital;
  if (const auto practice = directory::practice_find(db, row.doctor, row.hospital)) {
    a.doctor_name = practice->doctor_name;
    a.hospital_name = practice->hospital_name;
    a.time_zone = practice->time_zone;
  }
  a.patient_id = row.patient;
  if (const auto person = identity::person_find(db, row.patient)) a.patient_name = person->name;
  a.starts_at = row.starts_at;
  a.ends_at = row.ends_at;
  a.slots = row.slots;
  a.price = price_of(row);
  a.payment = {payment_status_of(db, row.id)};
  a.channel = row.channel;
  a.expires_at = row.expires_at;
  if (row.status == AppointmentStatus::booked && (a.payment.status == "captured" || a.payment.status == "settled"))
    a.refund_until = row.starts_at - options_.refund_notice;
  a.reason = row.reason;
  a.cancel_reason = row.end_reason;
  if (const auto outcome = outcome_of(row.status)) a.outcome = std::string(*outcome);
  if (row.status == AppointmentStatus::pending) a.payment_link = fmt::format("/api/holds/{}/payments", row.id.value);
  if (row.status == AppointmentStatus::fulfilled && review_find_) a.review_id = review_find_(db, row.id);
  a.reservation_code = reservation_code(row.status);
  a.created_at = row.created_at;
  a.version = row.version;
  return a;
}

// Books at once when staff logs a booking or nothing is to be paid; else holds the slot and says where to pay.
// Errors as hold_create. Source: mission B11, documents D and E.
Result<Created<Appointment>> Module::appointment_create(Txn& txn, Call& call, const HoldCreate& body) {
  FAIRWARD_TRY_AS(open, opening(txn, call, body));
  const bool is_staff = call.caller.role != api::Role::patient;
  const bool is_hold = !is_staff && open.practice.fee_minor > 0;
  if (is_hold && !store::patient_open_take(txn, open.patient, options_.open_holds_per_patient))
    return fail(open_hold_failure(txn, open.patient, call.now));
  const auto row = open.turn.claim(open.run, open.slots, open.patient, is_staff ? Channel::staff : Channel::web,
                                   open.practice, body.reason, is_hold);
  call.concerns(row.patient);
  open.turn.hand_over();  // a slot booked at once may have been somebody's last hope
  call.etag(shown_version(row.version, row.status, "none"));
  return Created<Appointment>{appointment_view(txn, row), fmt::format("/api/appointments/{}", row.id.value)};
}

Result<Appointment> Module::appointment_get(Snapshot& db, Call& call, const AppointmentGet& path) {
  const auto row = store::appointment_find(db, path.id);
  if (!row || !call.reaches(row->patient, row->hospital, row->doctor)) return fail(appointment_not_found);
  call.concerns(row->patient);
  call.watch(fmt::format("appointment/{}", row->id.value));
  auto view = appointment_view(db, *row);
  call.etag(shown_version(row->version, view.status, view.payment.status, view.review_id.has_value()));
  return view;
}

// A patient's own, a doctor's own, a hospital's; the platform's administrator must name one of the three.
// Errors: range_invalid.
Result<Page<Appointment>> Module::appointment_list(Snapshot& db, Call& call, const AppointmentQuery& query) {
  FAIRWARD_TRY_AS(range, range_of(query, call.now));
  std::function<std::vector<store::AppointmentRow>(const store::ListRange&)> list;
  const auto of_patient = [&](UserId patient) {
    list = [&db, patient](const auto& range) { return store::appointments_of_patient(db, patient, range); };
  };
  const auto of_doctor = [&](DoctorId doctor, std::optional<HospitalId> hospital) {
    list = [&db, doctor, hospital](const auto& range) {
      return store::appointments_of_doctor(db, doctor, hospital, range);
    };
  };
  const auto of_hospital = [&](HospitalId hospital) {
    list = [&db, hospital](const auto& range) { return store::appointments_of_hospital(db, hospital, range); };
  };
  const auto keep = [&](const store::AppointmentRow& row) {
    return call.reaches(row.patient, row.hospital, row.doctor) &&
           (!query.doctor_id || row.doctor == *query.doctor_id) &&
           (!query.hospital_id || row.hospital == *query.hospital_id) &&
           (!query.patient_id || row.patient == *query.patient_id);
  };
  const bool is_of_hospital = call.scope == api::Scope::hospital;
  if (call.caller.role == api::Role::patient)
    of_patient(query.patient_id && call.caller.acts_for(*query.patient_id) ? *query.patient_id : call.caller.user);
  else if (query.patient_id) of_patient(*query.patient_id);
  else if (call.caller.role == api::Role::doctor) of_doctor(call.caller.doctor, query.hospital_id);
  else if (query.doctor_id)
    of_doctor(*query.doctor_id, is_of_hospital ? std::optional(call.caller.hospital) : query.hospital_id);
  else if (is_of_hospital) of_hospital(call.caller.hospital);
  else if (query.hospital_id) of_hospital(*query.hospital_id);
  else list = [&db](const auto& range) { return appointments_of_all(db, range); };
  auto rows = page_read(range, DayFilter(db, query), list);
  Page<Appointment> page;
  page.next = api::page_cut(rows, range.limit - 1, [](const store::AppointmentRow& row) {
    return api::pair_cursor({row.starts_at.ms, row.id.value});
  });
  for (const auto& row : rows)
    if (keep(row)) page.items.push_back(appointment_view(db, row));
  call.concerns_all(page.items, &Appointment::patient_id);
  return page;
}

Result<Page<Appointment>> Module::doctor_appointment_list(Snapshot& db, Call& call, const AppointmentQuery& query) {
  return appointment_list(db, call, query);
}

// A new time reschedules, a status cancels or completes; both at once are refused. Source: documents D and E.
// Errors, in this order: appointment_change_ambiguous, then those of status_change or reschedule.
Result<Appointment> Module::appointment_update(Txn& txn, Call& call, const AppointmentUpdate& body) {
  if (body.starts_at.has_value() == body.status.has_value())
    return fail(appointment_change_ambiguous,
                {{body.status ? "/status" : "",
                  body.status ? "Either a time or a status, not both." : "Name a new time or a status."}});
  return body.starts_at ? reschedule(txn, call, body.id, *body.starts_at)
                        : status_change(txn, call, body.id, *body.status, body.reason);
}

Result<Appointment> Module::appointment_cancel(Txn& txn, Call& call, const AppointmentCancel& body) {
  return status_change(txn, call, body.id, StatusChange::cancelled, body.reason);
}

Result<Appointment> Module::doctor_appointment_update(Txn& txn, Call& call, const DoctorAppointmentUpdate& body) {
  return status_change(txn, call, body.id, body.status, std::nullopt);
}

// Errors, in this order: appointment_not_found, appointment_status, appointment_too_late, appointment_too_early.
// A patient may cancel and nothing else. Cancelling frees the slot and hands it to the queue. Source: mission B5, B11.
Result<Appointment> Module::status_change(Txn& txn, Call& call, AppointmentId id, StatusChange change,
                                          const std::optional<Reason>& reason) {
  auto row = store::appointment_find(txn, id);
  if (!row || !call.reaches(row->patient, row->hospital, row->doctor)) return fail(appointment_not_found);
  call.concerns(row->patient);
  auto turn = Turn::take(*this, txn, call, row->doctor);
  row = store::appointment_find(txn, id);
  const AppointmentStatus to = status_of(change);
  const bool is_patient = call.caller.role == api::Role::patient;
  if (is_patient && to != AppointmentStatus::cancelled) return fail(appointment_status);
  FAIRWARD_TRY(check_transition(row->status, to, row->starts_at, call.now, !is_patient));
  if (to != AppointmentStatus::cancelled) {
    turn->set_status(*row, to);
  } else {
    const bool was_booked = row->status != AppointmentStatus::pending;
    turn->end(*row, to, reason ? reason->value : is_patient ? "cancelled by the patient" : "cancelled by the hospital");
    if (was_booked && is_refunded({options_.refund_notice}, row->starts_at, call.now, !is_patient))
      billing_.payment_refund(txn, call, "appointment", row->id.value);
    turn->hand_over();
  }
  auto view = appointment_view(txn, *row);
  call.etag(shown_version(row->version, view.status, view.payment.status));
  return view;
}

// Moves a booked appointment at once: the old slot is kept until the new one is taken.
// Errors, in this order: appointment_not_found, appointment_status, appointment_too_late, slot_not_bookable,
// doctor_not_bookable, slot_taken, all_held.
Result<Appointment> Module::reschedule(Txn& txn, Call& call, AppointmentId id, Instant starts_at) {
  auto row = store::appointment_find(txn, id);
  if (!row || !call.reaches(row->patient, row->hospital, row->doctor)) return fail(appointment_not_found);
  call.concerns(row->patient);
  auto turn = Turn::take(*this, txn, call, row->doctor);
  turn->sweep();  // what lapsed is free, and whoever waits comes first
  row = store::appointment_find(txn, id);
  if (row->status != AppointmentStatus::booked) return fail(appointment_status);
  if (row->starts_at <= call.now) return fail(appointment_too_late);
  FAIRWARD_TRY_AS(run, turn->run_at(row->hospital, starts_at, static_cast<int>(row->slots)));
  const auto practice = directory::practice_find(txn, row->doctor, run.hospital);
  if (!practice || !practice->is_active) return fail(doctor_not_bookable);
  FAIRWARD_TRY(turn->move(*row, run, *practice));
  auto view = appointment_view(txn, *row);
  call.etag(shown_version(row->version, view.status, view.payment.status));
  return view;
}

}  // namespace fairward::booking
