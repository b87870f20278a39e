// The wait queue: joining, position, offers, leaving, and the ledger that shows who was served when.
// Source: mission B6.
#include <fmt/format.h>

#include "modules/booking/errors.h"
#include "modules/booking/turn.h"
#include "platform/api/pair_cursor.h"

namespace fairward::booking {
namespace {

constexpr std::int64_t page_size = 30;
constexpr int days_max = 62;

// Errors: range_invalid, no_slots_in_range.
Result<Wish> wish_of(const Schedule& schedule, const WaitCreate& body) {
  if (body.to < body.from) return fail(range_invalid, {{"/to", "This is before `from`."}});
  if (body.to - body.from > days_max)
    return fail(range_invalid, {{"/to", fmt::format("At most {} days at once.", days_max)}});
  const Zone* zone = schedule_zone(schedule, body.hospital_id);
  if (!zone) return fail(no_slots_in_range, {{"/hospital_id", "The doctor has no hours there."}});
  return Wish{body.hospital_id.value_or(HospitalId{}), zone->instant(body.from, {0}), zone->instant(body.to + 1, {0}),
              body.slots ? static_cast<int>(body.slots->value) : 1};
}

}  // namespace

Wait Module::wait_view(Snapshot& db, const store::WaitRow& row, Instant now, std::optional<std::int64_t> place) const {
  Wait wait;
  wait.id = row.id;
  wait.status = row.status;
  wait.doctor_id = row.doctor;
  wait.hospital_id = row.hospital;
  wait.patient_id = row.patient;
  wait.slots = row.slots;
  wait.ticket = row.ticket;
  wait.joined_at = row.joined_at;
  wait.expires_at = row.expires_at;
  if (row.status == WaitStatus::waiting) {
    wait.position = place ? *place : waiting_.position(row.doctor, row.id);
    if (const auto lapse = active_.lapse_of(row.doctor, *wait.position))
      wait.estimate_seconds = std::max<std::int64_t>(0, (lapse->ms - now.ms + 999) / 1000);
  }
  if (row.status == WaitStatus::offered)
    if (const auto hold = store::appointment_find(db, *row.appointment))
      wait.offer = Offer{hold->id, hold->hospital, hold->starts_at, hold->ends_at, *hold->expires_at};
  if (const auto outcome = outcome_of(row.status)) wait.outcome = std::string(*outcome);
  return wait;
}

// Joins the queue of a doctor; the order of arrival is the order in which the doctor's turns are taken.
// Errors, in this order: patient_not_found, doctor_not_bookable, range_invalid, no_slots_in_range, slots_free,
// slot_full, patient_has_open_hold.
Result<Created<Wait>> Module::wait_create(Txn& txn, Call& call, const WaitCreate& body) {
  FAIRWARD_TRY_AS(patient, patient_for(txn, call, body.patient_id));
  auto turn = Turn::take(*this, txn, call, body.doctor_id);
  if (!turn) return fail(doctor_not_bookable, {{"/doctor_id", "This doctor takes no bookings."}});
  FAIRWARD_TRY_AS(wish, wish_of(turn->schedule(), body));
  if (!turn->has_slots(wish)) return fail(no_slots_in_range);
  turn->sweep();
  if (turn->fits_free(wish)) return fail(slots_free);
  if (!turn->fits_if_holds_lapse(wish))
    return fail(Failure{&slot_full, {}, {}, {}, 0}.with("outcome", outcome_slot_full));
  if (!store::patient_open_take(txn, patient, options_.open_holds_per_patient))
    return fail(open_hold_failure(txn, patient, call.now));
  const auto row = turn->join(body, patient, wish);
  call.concerns(patient);
  return Created<Wait>{wait_view(txn, row, call.now, turn->waiting()), fmt::format("/api/waits/{}", row.id.value)};
}

Result<Wait> Module::wait_get(Snapshot& db, Call& call, const WaitGet& path) {
  const auto row = store::wait_find(db, path.id);
  if (!row || !call.reaches(row->patient, row->hospital.value_or(HospitalId{}))) return fail(wait_not_found);
  call.concerns(row->patient);
  call.watch(fmt::format("wait/{}", row->id.value));
  if (row->status == WaitStatus::waiting) call.watch(fmt::format("queue/{}", row->doctor.value));
  auto view = wait_view(db, *row, call.now);
  call.etag(row->version * 1'000'000 + view.position.value_or(0));
  return view;
}

// Errors, in this order: wait_not_found, wait_ended. Leaving with an offer gives the offered slot to the next.
Result<NoContent> Module::wait_delete(Txn& txn, Call& call, const WaitGet& path) {
  auto row = store::wait_find(txn, path.id);
  if (!row || !call.reaches(row->patient, row->hospital.value_or(HospitalId{}))) return fail(wait_not_found);
  call.concerns(row->patient);
  auto turn = Turn::take(*this, txn, call, row->doctor);
  row = store::wait_find(txn, path.id);
  if (is_over(row->status)) return fail(wait_ended);
  if (row->status == WaitStatus::offered) {
    auto hold = store::appointment_find(txn, *row->appointment);
    turn->end(*hold, AppointmentStatus::cancelled, "offer declined");
    turn->hand_over();
  } else {
    turn->leave(*row, WaitStatus::left, "left by the patient");
  }
  return NoContent{};
}

Result<Page<Wait>> Module::wait_list(Snapshot& db, Call& call, const WaitQuery& query) {
  const auto cursor = api::pair_cursor_read(query.cursor);
  if (!cursor) return fail(range_invalid, {{"?cursor", "This is not a cursor of this list."}});
  const std::int64_t limit = query.limit ? query.limit->value : page_size;
  const Instant before{query.cursor ? cursor->first : INT64_MAX};
  const UserId patient = query.patient_id.value_or(call.caller.user);
  call.concerns_nobody();
  if (!call.caller.acts_for(patient)) return Page<Wait>{};
  auto rows = store::waits_of_patient(db, patient, query.status, before, cursor->second, limit + 1);
  Page<Wait> page;
  page.next = api::page_cut(rows, limit, [](const store::WaitRow& row) {
    return api::pair_cursor({row.joined_at.ms, row.id.value});
  });
  for (const auto& row : rows) page.items.push_back(wait_view(db, row, call.now));
  call.concerns_all(page.items, &Wait::patient_id);
  return page;
}

// The order in which freed slots were given away, for staff of a hospital where the doctor practises.
Result<Page<LedgerEntry>> Module::ledger_list(Snapshot& db, Call& call, const LedgerQuery& query) {
  FAIRWARD_TRY(may_plan(db, call, query.id));
  const auto cursor = api::pair_cursor_read(query.cursor);
  if (!cursor) return fail(range_invalid, {{"?cursor", "This is not a cursor of this list."}});
  const std::int64_t limit = query.limit ? query.limit->value : 100;
  Page<LedgerEntry> page;
  page.items = store::ledger_of(db, query.id, cursor->first, limit + 1);
  page.next = api::page_cut(page.items, limit, [](const LedgerEntry& entry) {
    return api::pair_cursor({entry.id, 0});
  });
  return page;
}

}  // namespace fairward::booking
