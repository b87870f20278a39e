// A doctor's weekly shifts, limits and exceptions. Source: mission B1; documents D and E.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "modules/booking/errors.h"
#include "modules/booking/turn.h"

namespace fairward::booking {
namespace {

constexpr int booking_days_usual = 60;

// The finding of one shift, or nothing. `at` is the JSON pointer of the shift.
void shift_check(const ShiftInput& shift, const std::string& at, std::vector<FieldError>& errors) {
  if (shift.weekdays.empty()) errors.push_back({at + "/weekdays", "Name at least one day."});
  if (shift.ends <= shift.starts) errors.push_back({at + "/ends", "This is not after `starts`."});
  if (shift.starts.minute % 5 != 0) errors.push_back({at + "/starts", "Use multiples of five minutes."});
  if (shift.ends.minute % 5 != 0) errors.push_back({at + "/ends", "Use multiples of five minutes."});
  if (shift.slot_minutes.value % 5 != 0) errors.push_back({at + "/slot_minutes", "Use multiples of five minutes."});
  if (shift.valid_from && shift.valid_to && *shift.valid_to < *shift.valid_from)
    errors.push_back({at + "/valid_to", "This is before `valid_from`."});
}

Shift shift_of(const ShiftInput& input, const Zone* zone) {
  int weekdays = 0;
  for (const Weekday& day : input.weekdays) weekdays |= 1 << (day.value - 1);
  return {0,
          input.hospital_id,
          zone,
          weekdays,
          input.starts,
          input.ends,
          static_cast<int>(input.slot_minutes.value),
          input.valid_from,
          input.valid_to};
}

const Zone* practice_zone(Snapshot& db, DoctorId doctor, HospitalId hospital) {
  const auto practice = directory::practice_find(db, doctor, hospital);
  return practice && practice->is_active ? zone_find(practice->time_zone) : nullptr;
}

// Errors: schedule_invalid with a pointer to each finding.
Result<std::vector<Shift>> shifts_of(Snapshot& db, DoctorId doctor, const std::vector<ShiftInput>& inputs) {
  std::vector<FieldError> errors;
  std::vector<Shift> shifts;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string at = fmt::format("/shifts/{}", i);
    shift_check(inputs[i], at, errors);
    const Zone* zone = practice_zone(db, doctor, inputs[i].hospital_id);
    if (!zone) errors.push_back({at + "/hospital_id", "The doctor does not practise there."});
    const Shift shift = shift_of(inputs[i], zone);
    for (std::size_t j = 0; j < shifts.size(); ++j)
      if (overlaps(shift, shifts[j])) errors.push_back({at, fmt::format("This overlaps shift {}.", j)});
    shifts.push_back(shift);
  }
  if (inputs.size() > 100) errors.push_back({"/shifts", "At most 100 shifts."});
  if (!errors.empty()) return fail(schedule_invalid, std::move(errors));
  return shifts;
}

// Who plans for one hospital leaves the doctor's hours at another as they are. Errors: schedule_invalid.
Result<void> check_foreign_kept(Snapshot& db, const Schedule& stored, const std::vector<Shift>& wanted,
                                HospitalId own) {
  const auto is_same = [](const Shift& a, const Shift& b) {
    return a.hospital == b.hospital && a.weekdays == b.weekdays && a.starts == b.starts && a.ends == b.ends &&
           a.slot_minutes == b.slot_minutes && a.valid_from == b.valid_from && a.valid_to == b.valid_to;
  };
  const auto has = [&](const std::vector<Shift>& shifts, const Shift& shift) {
    return std::any_of(shifts.begin(), shifts.end(), [&](const Shift& other) { return is_same(other, shift); });
  };
  std::vector<FieldError> errors;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i].hospital != own && !has(stored.shifts, wanted[i]))
      errors.push_back({fmt::format("/shifts/{}/hospital_id", i), "You plan for your own hospital."});
  for (const Shift& shift : stored.shifts)
    if (shift.hospital != own && !has(wanted, shift) && practice_zone(db, stored.doctor, shift.hospital))
      errors.push_back({"/shifts", "The hours at another hospital must stay as they are."});
  if (!errors.empty()) return fail(schedule_invalid, std::move(errors));
  return {};
}

// Leave and sessions as their author may set them: who plans for one hospital sets them there.
// Errors: schedule_invalid.
Result<ExceptionCreate> exception_within_reach(Snapshot& db, const Call& call, ExceptionCreate body) {
  if (call.scope != api::Scope::hospital) return body;
  if (body.hospital_id && *body.hospital_id != call.caller.hospital)
    return fail(schedule_invalid, {{"/hospital_id", "You plan for your own hospital."}});
  if (directory::practices_of(db, body.id).size() > 1) body.hospital_id = call.caller.hospital;
  return body;
}

// May the caller take this exception back? One that holds at every hospital is not one hospital's.
bool is_within_reach(Snapshot& db, const Call& call, const Schedule& schedule, std::int64_t id) {
  if (call.scope != api::Scope::hospital) return true;
  for (const Exception& e : schedule.exceptions)
    if (e.id == id)
      return e.hospital ? e.hospital == call.caller.hospital : directory::practices_of(db, schedule.doctor).size() == 1;
  return false;
}

// Why a doctor is away is for the doctor and those who plan.
bool may_read_reasons(Snapshot& db, const Call& call, DoctorId doctor) {
  const api::Caller& caller = call.caller;
  return caller.role == api::Role::platform_admin || (caller.doctor && caller.doctor == doctor) ||
         (caller.is_staff() && directory::practice_find(db, doctor, caller.hospital));
}

// Errors: schedule_invalid.
Result<Exception> exception_of(Snapshot& db, const Schedule& schedule, const ExceptionCreate& body, Instant now) {
  std::vector<FieldError> errors;
  Exception e{0,
              static_cast<ExceptionKind>(body.kind),
              body.hospital_id.value_or(HospitalId{}),
              nullptr,
              body.on,
              body.starts,
              body.ends,
              body.slot_minutes ? static_cast<int>(body.slot_minutes->value) : 0};
  if (body.on < today_of(now) - 1) errors.push_back({"/on", "This day is past."});
  if (body.on > today_of(now) + 800) errors.push_back({"/on", "This is too far ahead."});
  if (body.starts.has_value() != body.ends.has_value())
    errors.push_back({"/ends", "Name both `starts` and `ends`, or neither."});
  if (body.starts && body.ends && *body.ends <= *body.starts)
    errors.push_back({"/ends", "This is not after `starts`."});
  for (const auto& time : {body.starts, body.ends})
    if (time && time->minute % 5 != 0) errors.push_back({"/starts", "Use multiples of five minutes."});
  if (body.hospital_id) {
    e.zone = practice_zone(db, schedule.doctor, *body.hospital_id);
    if (!e.zone) errors.push_back({"/hospital_id", "The doctor does not practise there."});
  }
  if (e.kind == ExceptionKind::extra) {
    if (!body.hospital_id) errors.push_back({"/hospital_id", "This is required for an extra session."});
    if (!body.starts) errors.push_back({"/starts", "This is required for an extra session."});
    if (!body.slot_minutes || body.slot_minutes->value % 5 != 0)
      errors.push_back({"/slot_minutes", "Give a multiple of five minutes."});
  } else {
    e.slot_minutes = 0;
    e.zone = nullptr;
  }
  if (!errors.empty()) return fail(schedule_invalid, std::move(errors));
  return e;
}

// Would an extra session run into hours that the doctor already has?
bool collides(const Schedule& schedule, const Exception& e) {
  const Instant from = e.zone->instant(e.on, *e.starts), to = e.zone->instant(e.on, *e.ends);
  for (const Session& session : sessions_between(schedule, from - days(1), to))
    if (session.ends_at() > from && session.starts_at < to) return true;
  return false;
}

}  // namespace

// Plans for oneself, for a doctor of one's hospital, or for anyone. Errors: schedule_not_found.
Result<void> Module::may_plan(Snapshot& db, const Call& call, DoctorId doctor) const {
  if (call.scope == api::Scope::all || (call.scope == api::Scope::own && call.caller.doctor == doctor)) return {};
  if (call.scope == api::Scope::hospital && directory::practice_find(db, doctor, call.caller.hospital)) return {};
  return fail(schedule_not_found);
}

ScheduleView Module::schedule_view(Snapshot& db, const Schedule& schedule, const Call& call) const {
  ScheduleView view{schedule.doctor, schedule.minimum_notice_minutes, schedule.max_booking_days, {}, {},
                    schedule.version};
  for (const Shift& shift : schedule.shifts) {
    ShiftView s{shift.id,         shift.hospital, {}, shift.starts, shift.ends, shift.slot_minutes,
                shift.valid_from, shift.valid_to};
    for (int day = 1; day <= 7; ++day)
      if (shift.weekdays >> (day - 1) & 1) s.weekdays.push_back(day);
    view.shifts.push_back(std::move(s));
  }
  const auto reasons = store::exception_reasons(db, schedule.doctor, today_of(call.now) - 1);
  const bool has_reasons = may_read_reasons(db, call, schedule.doctor);
  for (const Exception& e : schedule.exceptions) {
    ExceptionView x{e.id, static_cast<ExceptionWord>(e.kind), {}, e.on, e.starts, e.ends, {}, {}};
    if (e.hospital) x.hospital_id = e.hospital;
    if (e.slot_minutes) x.slot_minutes = e.slot_minutes;
    for (const auto& stored : reasons)
      if (has_reasons && stored.id == e.id) x.reason = stored.reason;
    view.exceptions.push_back(std::move(x));
  }
  return view;
}

Result<ScheduleView> Module::schedule_get(Snapshot& db, Call& call, const ScheduleGet& path) {
  const auto schedule = store::schedule_find(db, path.id, today_of(call.now) - 1);
  if (!schedule) return fail(schedule_not_found);
  call.etag(schedule->version);
  return schedule_view(db, *schedule, call);
}

// What every change of a schedule ends with: memory follows the commit, new free slots go to the queue.
ScheduleView Module::schedule_changed(Txn& txn, Call& call, DoctorId doctor) {
  auto schedule = *store::schedule_find(txn, doctor, today_of(call.now) - 1);
  call.etag(schedule.version);
  auto view = schedule_view(txn, schedule, call);
  txn.emit({fmt::format("doctor/{}", doctor.value), std::string(schedule_changed_kind), "{}"});
  txn.on_commit([this, schedule, closed = closed_of(txn, doctor)] {
    availability_.put_closed(schedule.doctor, closed);
    availability_.put_schedule(schedule);
  });
  Turn::take(*this, txn, call, doctor)->sweep();
  return view;
}

// Replaces the weekly shifts and the limits. Appointments already booked stay.
// Errors, in this order: schedule_not_found, schedule_conflict, schedule_invalid.
// If-Match: "0" for a doctor without one. Who plans for one hospital names the hours at others as they are.
Result<ScheduleView> Module::schedule_update(Txn& txn, Call& call, const ScheduleUpdate& body) {
  FAIRWARD_TRY(may_plan(txn, call, body.id));
  if (directory::practices_of(txn, body.id).empty()) return fail(schedule_not_found);
  store::queue_lock(txn, body.id).one();
  auto schedule = store::schedule_find(txn, body.id, today_of(call.now) - 1)
                      .value_or(Schedule{body.id, 0, booking_days_usual, 0, {}, {}});
  if (call.if_match && *call.if_match != schedule.version) return fail(schedule_conflict);
  FAIRWARD_TRY_AS(shifts, shifts_of(txn, body.id, body.shifts));
  if (call.scope == api::Scope::hospital) FAIRWARD_TRY(check_foreign_kept(txn, schedule, shifts, call.caller.hospital));
  if (body.minimum_notice_minutes)
    schedule.minimum_notice_minutes = static_cast<int>(body.minimum_notice_minutes->value);
  if (body.max_booking_days) schedule.max_booking_days = static_cast<int>(body.max_booking_days->value);
  schedule.shifts = std::move(shifts);
  store::schedule_put(txn, schedule);
  return schedule_changed(txn, call, body.id);
}

// Errors, in this order: schedule_not_found, schedule_invalid. Source: mission B1.
Result<Created<ScheduleView>> Module::exception_create(Txn& txn, Call& call, const ExceptionCreate& body) {
  FAIRWARD_TRY(may_plan(txn, call, body.id));
  if (!store::queue_lock(txn, body.id).one()) return fail(schedule_not_found);
  const auto schedule = store::schedule_find(txn, body.id, today_of(call.now) - 1);
  FAIRWARD_TRY_AS(within_reach, exception_within_reach(txn, call, body));
  FAIRWARD_TRY_AS(exception, exception_of(txn, *schedule, within_reach, call.now));
  if (exception.kind == ExceptionKind::extra && collides(*schedule, exception))
    return fail(schedule_invalid, {{"/starts", "The doctor already works then."}});
  store::exception_add(txn, body.id, exception, body.reason ? std::optional(body.reason->value) : std::nullopt);
  store::schedule_touch(txn, body.id, schedule->version);
  return Created<ScheduleView>{schedule_changed(txn, call, body.id),
                               fmt::format("/api/doctors/{}/schedule", body.id.value)};
}

// Errors, in this order: schedule_not_found, exception_not_found.
Result<NoContent> Module::exception_delete(Txn& txn, Call& call, const ExceptionDelete& path) {
  FAIRWARD_TRY(may_plan(txn, call, path.id));
  const auto queue = store::queue_lock(txn, path.id).one();
  if (!queue) return fail(schedule_not_found);
  const auto schedule = store::schedule_find(txn, path.id, today_of(call.now) - 1);
  if (!is_within_reach(txn, call, *schedule, path.exception_id)) return fail(exception_not_found);
  if (!store::exception_remove(txn, path.id, path.exception_id)) return fail(exception_not_found);
  store::schedule_touch(txn, path.id, queue->schedule_version);
  schedule_changed(txn, call, path.id);
  return NoContent{};
}

Result<Created<ScheduleView>> Module::own_slots_create(Txn& txn, Call& call, const OwnSlotsCreate& body) {
  return exception_create(txn, call,
                          {call.caller.doctor,
                           ExceptionWord::extra,
                           body.hospital_id,
                           body.on,
                           body.starts,
                           body.ends,
                           body.slot_minutes,
                           {}});
}

// Two shifts a day of 36 slots of ten minutes: 08:00–14:00 and 15:00–21:00, every day. Source: mission, numbers.
std::int64_t demo_schedules(sql::Engine& engine) {
  constexpr int every_day = 127;
  std::int64_t made = 0;
  engine.write_now([&](Txn& txn) {
    made = 0;
    std::map<std::int64_t, std::vector<HospitalId>> doctors;
    directory::practices_each(txn, [&](const directory::Practice& p) {
      if (p.is_active) doctors[p.doctor.value].push_back(p.hospital);
    });
    for (const auto& [id, hospitals] : doctors) {
      if (store::queue_lock(txn, DoctorId{id}).one()) continue;
      const HospitalId second = hospitals.size() > 1 ? hospitals[1] : hospitals[0];
      store::schedule_put(txn, {DoctorId{id},
                                0,
                                booking_days_usual,
                                0,
                                {{0, hospitals[0], nullptr, every_day, {8 * 60}, {14 * 60}, 10, {}, {}},
                                 {0, second, nullptr, every_day, {15 * 60}, {21 * 60}, 10, {}, {}}},
                                {}});
      ++made;
    }
    return true;
  });
  return made;
}

}  // namespace fairward::booking
