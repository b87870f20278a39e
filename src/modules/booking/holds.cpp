// Holds: a slot taken for five minutes, to pay. And what the gateway's answer does to them. Source: mission B3, B4, B5.
#include <fmt/format.h>

#include <algorithm>

#include "base/plant.h"
#include "modules/booking/errors.h"
#include "modules/booking/refusal.h"
#include "modules/booking/turn.h"

namespace fairward::booking {

std::string payment_status_of(Snapshot& db, AppointmentId id) {
  const auto payment = billing::payment_of(db, "appointment", id.value);
  return payment ? std::string(sql_text(payment->status)) : "none";
}

std::int64_t shown_version(std::int64_t version, AppointmentStatus shown, std::string_view payment_status,
                           bool is_reviewed) {
  constexpr std::string_view payments[] = {"none",   "requested",  "captured", "settled",
                                           "failed", "refund_due", "refunded"};
  const auto payment = std::find(std::begin(payments), std::end(payments), payment_status) - std::begin(payments);
  return version * 128 + (is_reviewed ? 64 : 0) + static_cast<std::int64_t>(shown) * 8 + payment;
}

namespace {

Hold hold_view(const store::AppointmentRow& row, std::string payment_status, Instant now) {
  Hold hold;
  hold.id = row.id;
  // A hold past its deadline is over, whether or not somebody has cleared it away yet.
  const bool is_lapsed = row.status == AppointmentStatus::pending && row.lapses_at && *row.lapses_at <= now;
  hold.status = is_lapsed ? AppointmentStatus::expired : row.status;
  hold.doctor_id = row.doctor;
  hold.hospital_id = row.hospital;
  hold.patient_id = row.patient;
  hold.starts_at = row.starts_at;
  hold.ends_at = row.ends_at;
  hold.slots = row.slots;
  hold.expires_at = row.expires_at;
  hold.price = price_of(row);
  hold.reason = row.reason;
  hold.payment_status = std::move(payment_status);
  if (const auto outcome = outcome_of(hold.status)) hold.outcome = std::string(*outcome);
  hold.server_now = now;
  hold.links = {fmt::format("/api/holds/{}", row.id.value), fmt::format("/api/holds/{}/payments", row.id.value),
                fmt::format("/api/appointments/{}", row.id.value)};
  return hold;
}

}  // namespace

Failure open_hold_failure(Snapshot& db, UserId patient, Instant now) {
  Failure failure{&patient_has_open_hold, {}, {}, {}, 0};
  if (const auto hold = store::pending_of(db, patient)) {
    const auto row = store::appointment_find(db, *hold);
    // An offer of this very turn is undone with the refusal; the wait is there, and will show it.
    if (row && row->wait && row->created_at == now)
      return std::move(failure).with("wait", fmt::format("/api/waits/{}", row->wait->value));
    return std::move(failure).with("hold", fmt::format("/api/holds/{}", hold->value));
  }
  if (const auto wait = store::wait_of(db, patient))
    return std::move(failure).with("wait", fmt::format("/api/waits/{}", wait->value));
  return failure;
}

// The person that the booking is for: oneself or one of the family, or for staff whom they name.
// Errors, in this order: patient_missing, patient_not_found.
Result<UserId> Module::patient_for(Snapshot& db, const Call& call, std::optional<UserId> asked) const {
  if (call.caller.role == api::Role::patient) {
    if (asked && !call.caller.acts_for(*asked))
      return fail(patient_not_found, {{"/patient_id", "You can book for yourself and your family."}});
    return asked.value_or(call.caller.user);
  }
  if (!asked) return fail(patient_missing, {{"/patient_id", "This is required."}});
  const auto person = identity::person_find(db, *asked);
  const bool is_theirs =
      person && person->role == api::Role::patient && person->status != "disabled" &&
      (!person->hospital || person->hospital == call.caller.hospital || call.scope == api::Scope::all);
  if (!is_theirs) return fail(patient_not_found, {{"/patient_id", "There is no such patient."}});
  return *asked;
}

// Refuses from memory a slot that somebody else has: when a thousand people want it, one transaction is enough.
// Everything that is not plain is left to hold_create: repeats of a keyed request, odd times, holds about to lapse.
Result<void> Module::hold_gate(const Call& call, const HoldCreate& body) const {
  const bool is_plain = call.idempotency_key.empty() && call.caller.role == api::Role::patient && !body.patient_id;
  const auto schedule = is_plain ? availability_.schedule(body.doctor_id) : nullptr;
  if (!schedule) return {};
  const int slots = body.slots ? static_cast<int>(body.slots->value) : 1;
  const BookableRange bookable = bookable_range(*schedule, call.now);
  if (body.starts_at < bookable.earliest || body.starts_at >= bookable.latest) return {};
  const auto session = session_at(*schedule, body.hospital_id.value_or(HospitalId{}), body.starts_at, slots);
  if (!session) return {};
  for (int i = 0; i < slots; ++i) {
    const auto frees_by = active_.frees_by(body.doctor_id, body.starts_at + session->slot_length() * i);
    if (frees_by && *frees_by <= call.now) return {};
  }
  const Fit run{session->hospital, body.starts_at, body.starts_at + session->slot_length() * slots};
  std::optional<Failure> failure;
  availability_.with(body.doctor_id, [&](const Schedule& current, const TakenCells& taken) {
    const std::int64_t cell = cell_of(run.starts_at);
    if (current.version != schedule->version || taken.is_free(cell, cell_of(run.ends_at) - cell)) return;
    failure = refusal_of(current, taken, run, slots, call.now);
  });
  if (!failure || gate_lets_one_pass(body.doctor_id, call.now)) return {};
  return fail(std::move(*failure));
}

// Memory may be behind the database (another node, a commit whose end was not heard of): once a second the database is
// asked all the same, and sets memory right.
bool Module::gate_lets_one_pass(DoctorId doctor, Instant now) const {
  auto& passed_at = gate_passed_at_[static_cast<std::uint64_t>(doctor.value) % gate_passed_at_.size()];
  std::int64_t last = passed_at.load(std::memory_order_relaxed);
  return now.ms - last >= seconds(1).ms && passed_at.compare_exchange_strong(last, now.ms, std::memory_order_relaxed);
}

// The slots as memory has them: what to ask the database for along with the doctor's lock.
std::optional<Fit> Module::run_seen(const HoldCreate& body) const {
  const auto schedule = availability_.schedule(body.doctor_id);
  if (!schedule) return std::nullopt;
  const int slots = body.slots ? static_cast<int>(body.slots->value) : 1;
  const auto session = session_at(*schedule, body.hospital_id.value_or(HospitalId{}), body.starts_at, slots);
  if (!session) return std::nullopt;
  return Fit{session->hospital, body.starts_at, body.starts_at + session->slot_length() * slots};
}

// Errors, in this order: patient_missing, patient_not_found, doctor_not_bookable, slot_not_bookable, hospital_foreign,
// queue_first, slot_taken | all_held.
Result<Opening> Module::opening(Txn& txn, Call& call, const HoldCreate& body) {
  FAIRWARD_TRY_AS(patient, patient_for(txn, call, body.patient_id));
  const auto not_bookable = [] {
    return fail(doctor_not_bookable, {{"/doctor_id", "This doctor takes no bookings."}});
  };
  auto turn = Turn::take(*this, txn, call, body.doctor_id, run_seen(body));
  if (!turn) return not_bookable();
  const int slots = body.slots ? static_cast<int>(body.slots->value) : 1;
  FAIRWARD_TRY_AS(run, turn->run_at(body.hospital_id, body.starts_at, slots));
  const auto practice = turn->practice_at(run);
  if (!practice || !practice->is_active) return not_bookable();
  if (call.scope == api::Scope::hospital && practice->hospital != call.caller.hospital) return fail(hospital_foreign);
  FAIRWARD_TRY(turn->check_free(run, slots));
  return Opening{std::move(*turn), patient, run, slots, *practice};
}

// Takes the slot for the patient to pay; busy for everyone else meanwhile. expires_at = call.now + hold_ttl.
// Errors, in this order: those of opening, patient_has_open_hold. Emits booking.slot_held. Source: mission B3, B6, B9,
// B10.
Result<Created<Hold>> Module::hold_create(Txn& txn, Call& call, const HoldCreate& body) {
  FAIRWARD_TRY_AS(open, opening(txn, call, body));
  if (!store::patient_open_take(txn, open.patient, options_.open_holds_per_patient))
    return fail(open_hold_failure(txn, open.patient, call.now));
  const auto row = open.turn.claim(open.run, open.slots, open.patient, Channel::web, open.practice, body.reason, true);
  call.concerns(row.patient);
  call.etag(shown_version(row.version, row.status, "none"));
  return Created<Hold>{hold_view(row, "none", call.now), fmt::format("/api/holds/{}", row.id.value)};
}

Result<Hold> Module::hold_get(Snapshot& db, Call& call, const HoldId& path) {
  const auto row = store::appointment_find(db, path.id);
  if (!row || !call.reaches(row->patient, row->hospital, row->doctor)) return fail(hold_not_found);
  call.concerns(row->patient);
  call.watch(fmt::format("hold/{}", row->id.value));
  call.watch(fmt::format("appointment/{}", row->id.value));  // billing tells of the payment there
  auto view = hold_view(*row, payment_status_of(db, row->id), call.now);
  call.etag(shown_version(row->version, view.status, view.payment_status));
  return view;
}

// Gives the slot back at once. Errors, in this order: hold_not_found, hold_ended. Source: mission B5.
Result<NoContent> Module::hold_delete(Txn& txn, Call& call, const HoldId& path) {
  auto row = store::appointment_find(txn, path.id);
  if (!row || !call.reaches(row->patient, row->hospital, row->doctor)) return fail(hold_not_found);
  call.concerns(row->patient);
  auto turn = Turn::take(*this, txn, call, row->doctor);
  row = store::appointment_find(txn, path.id);
  if constexpr (plant == Plant::hold_released_twice)
    if (row->status == AppointmentStatus::cancelled) row->status = AppointmentStatus::pending;
  if (row->status != AppointmentStatus::pending) return fail(hold_ended);
  turn->end(*row, AppointmentStatus::cancelled, "released");
  turn->hand_over();
  return NoContent{};
}

// Asks the gateway to take the fee; the booking follows from its answer. A hold that costs nothing is booked at once,
// answered by a payment with the id 0.
// Errors, in this order: hold_not_found, hold_ended, those of billing. Source: mission B4.
Result<Accepted<HoldPayment>> Module::hold_payment_create(Txn& txn, Call& call, const HoldPaymentCreate& body) {
  auto row = store::appointment_find(txn, body.id);
  if (!row || !call.reaches(row->patient, row->hospital, row->doctor)) return fail(hold_not_found);
  call.concerns(row->patient);
  auto turn = Turn::take(*this, txn, call, row->doctor);
  row = store::appointment_find(txn, body.id);
  if (row->status != AppointmentStatus::pending || *row->lapses_at <= call.now)
    return fail(Failure{&hold_ended, {}, {}, {}, 0}.with("outcome", outcome_retry));
  if (row->fee_minor == 0) {
    turn->confirm(*row);
    return Accepted<HoldPayment>{{PaymentId{}, "settled", row->id, price_of(*row)}};
  }
  constexpr const char* outcomes[] = {"success", "fail", "late"};
  const std::string outcome = body.outcome ? outcomes[static_cast<int>(*body.outcome)] : "";
  FAIRWARD_TRY_AS(payment, billing_.payment_request(txn, call,
                                                    {"appointment", row->id.value, row->patient, "sandbox",
                                                     price_of(*row), *row->lapses_at, outcome, row->hospital}));
  txn.emit({fmt::format("hold/{}", row->id.value), "booking.payment_requested", "{}"});
  return Accepted<HoldPayment>{
      {payment.id, std::string(sql_text(payment.status)), row->id, {payment.amount_minor, payment.currency}}};
}

// The fee was taken. A hold that is still open is booked; one that ended is booked if its slot is still free, else the
// money goes back. Source: mission B4.
billing::Settlement Module::payment_captured(Txn& txn, Call& call, const billing::Payment& payment) {
  const AppointmentId id{payment.payable_id};
  auto row = store::appointment_find(txn, id);
  if (!row) return billing::Settlement::refund;
  auto turn = Turn::take(*this, txn, call, row->doctor);
  row = store::appointment_find(txn, id);
  if (row->status == AppointmentStatus::pending && call.now < *row->lapses_at) {
    turn->confirm(*row);
    return billing::Settlement::settled;
  }
  if (row->status == AppointmentStatus::pending) turn->end(*row, AppointmentStatus::expired, "not paid in time");
  const bool may_rebook = row->status == AppointmentStatus::expired;  // a released or cancelled one stays so
  const bool is_booked = may_rebook && turn->book_late(*row);
  if (!is_booked) {
    turn->hand_over();
    turn->tell_payment(*row);
  }
  return is_booked ? billing::Settlement::settled : billing::Settlement::refund;
}

void Module::payment_failed(Txn& txn, Call&, const billing::Payment& payment) {
  for (const char* topic : {"hold", "appointment"})
    txn.emit({fmt::format("{}/{}", topic, payment.payable_id), "booking.payment_failed", "{}"});
}

}  // namespace fairward::booking
