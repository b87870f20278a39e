// See the header.
#include "modules/booking/turn.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/plant.h"
#include "modules/booking/errors.h"
#include "modules/booking/refusal.h"

namespace fairward::booking {
namespace {

// A run that starts before the end of a wish may end that much later: it lies in one local day, which has 25 hours at
// most, of a zone that need not be the wish's.
constexpr Duration run_reach = days(2);

}  // namespace

std::optional<Turn> Turn::take(Module& module, Txn& txn, Call& call, DoctorId doctor, const std::optional<Fit>& run) {
  Turn turn(module, txn, call, doctor);
  auto lock = store::queue_lock(txn, doctor);
  if (run)
    turn.glimpse_ = {*run, store::claims_ask(txn, doctor, run->starts_at, run->ends_at),
                     directory::practice_ask(txn, doctor, run->hospital)};
  const auto queue = lock.one();
  if (!queue) return std::nullopt;
  turn.queue_ = *queue;
  txn.on_doubt([&module, doctor] { module.reload_soon(doctor); });
  turn.schedule_ = module.availability_.schedule(doctor);
  // Memory may be behind (a change in this very batch, another node): then the database says.
  if (!turn.schedule_ || turn.schedule_->version != queue->schedule_version) {
    auto stored = store::schedule_find(txn, doctor, today_of(call.now) - 1);
    FAIRWARD_CHECK(stored.has_value());
    turn.schedule_ = std::make_shared<const Schedule>(std::move(*stored));
    txn.on_commit([&module, schedule = turn.schedule_] { module.availability_.put_schedule(*schedule); });
  }
  return turn;
}

Turn::News::~News() {
  if (kind.empty() && changes.empty()) return;
  std::string payload;
  api::encode(payload, changes);
  if (kind.empty()) txn.emit({fmt::format("waiting/{}", doctor.value), "booking.waits_changed", std::move(payload)});
  else txn.emit({fmt::format("doctor/{}", doctor.value), std::move(kind), std::move(payload)});
  if (!changes.empty())
    txn.on_commit([&m = m, doctor = doctor, changes = std::move(changes)] { m.apply(doctor, changes); });
}

const Schedule& Turn::open_schedule() {
  if (open_schedule_) return *open_schedule_;
  open_schedule_ = std::make_shared<const Schedule>(open_part(*schedule_, closed_of(txn_, doctor_)));
  return *open_schedule_;
}

Result<Fit> Turn::run_at(std::optional<HospitalId> hospital, Instant starts_at, int slots) const {
  const BookableRange bookable = bookable_range(*schedule_, call_.now);
  if (starts_at < bookable.earliest || starts_at >= bookable.latest)
    return fail(slot_not_bookable, {{"/starts_at", "This time is past, too soon or too far ahead."}});
  const auto session = session_at(*schedule_, hospital.value_or(HospitalId{}), starts_at, slots);
  if (!session)
    return fail(slot_not_bookable, {{"/starts_at", "No slot of the doctor starts then, or not that many in a row."}});
  return Fit{session->hospital, starts_at, starts_at + session->slot_length() * slots};
}

std::optional<directory::Practice> Turn::practice_at(const Fit& run) {
  if (glimpse_ && glimpse_->run.hospital == run.hospital) return glimpse_->practice.one();
  return directory::practice_find(txn_, doctor_, run.hospital);
}

TakenCells Turn::claims_at(const Fit& run) {
  if (glimpse_ && glimpse_->run.starts_at == run.starts_at && glimpse_->run.ends_at == run.ends_at)
    return store::claims_of(glimpse_->claims.all());
  return store::claims_between(txn_, doctor_, run.starts_at, run.ends_at);
}

Failure Turn::refusal(const Fit& run, int slots) const {
  const Wish day = day_of(*schedule_, run, slots);
  const TakenCells taken = store::claims_between(txn_, doctor_, day.from, day.to + days(1));
  return refusal_of(*schedule_, taken, run, slots, call_.now);
}

// Would the run be free, had this turn not offered some of it to those who wait?
bool Turn::is_handed_over(const Fit& run, const TakenCells& taken) const {
  const auto is_offered = [&](std::int64_t cell) {
    return std::any_of(offers_.begin(), offers_.end(), [&](const Fit& offer) {
      return cell_of(offer.starts_at) <= cell && cell < cell_of(offer.ends_at);
    });
  };
  bool is_any = false;
  for (std::int64_t cell = cell_of(run.starts_at); cell < cell_of(run.ends_at); ++cell) {
    if (taken.is_free(cell, 1)) continue;
    if (!is_offered(cell)) return false;
    is_any = true;
  }
  return is_any;
}

Result<void> Turn::check_free(const Fit& run, int slots) {
  const std::int64_t cell = cell_of(run.starts_at), cells = cell_of(run.ends_at) - cell;
  TakenCells taken = claims_at(run);
  const bool was_free = taken.is_free(cell, cells);
  // What lapsed a moment ago is free, and whoever waits for it comes first.
  if (!was_free || queue_.waiting > 0) {
    bool has_changed = true;
    if constexpr (plant == Plant::queue_check_skipped)
      for (auto& row : store::pending_lapsed(txn_, doctor_, call_.now))
        end(row, AppointmentStatus::expired, "not paid in time");
    else has_changed = sweep();
    if (has_changed) taken = store::claims_between(txn_, doctor_, run.starts_at, run.ends_at);
    if (is_handed_over(run, taken)) {
      m_.sweep_soon(doctor_, Module::Sweep::wanted);  // this refusal undoes the hand-over of this turn
      return fail(Failure{&queue_first, {}, {}, {}, 0}.with("outcome", outcome_retry).with("wait", "/api/waits"));
    }
  }
  if (taken.is_free(cell, cells)) return {};
  // Memory that shows the slot as free is behind; mostly a call of the same commit was faster, then it does no harm.
  m_.availability_.with(doctor_, [&](const Schedule&, const TakenCells& shown) {
    if (shown.is_free(cell, cells)) m_.reload_soon(doctor_);
  });
  return fail(refusal(run, slots));
}

store::AppointmentRow Turn::claim(const Fit& run, int slots, UserId patient, Channel channel,
                                  const directory::Practice& practice, const std::optional<Reason>& reason,
                                  bool is_hold, std::optional<WaitId> wait) {
  store::AppointmentRow row{};
  row.doctor = doctor_;
  row.hospital = run.hospital;
  row.patient = patient;
  row.made_by = call_.caller.user;
  row.channel = channel;
  row.status = is_hold ? AppointmentStatus::pending : AppointmentStatus::booked;
  row.starts_at = run.starts_at;
  row.ends_at = run.ends_at;
  row.slots = slots;
  row.fee_minor = practice.fee_minor * slots;
  row.currency = practice.currency;
  if (reason) row.reason = reason->value;
  row.created_at = call_.now;
  if (is_hold) {
    row.expires_at = call_.now + m_.options_.hold_ttl;
    row.lapses_at = *row.expires_at + m_.options_.hold_grace;
  }
  row.wait = wait;
  row.version = 1;
  row.id = store::appointment_insert(txn_, row);
  store::claims_take(txn_, doctor_, run.starts_at, run.ends_at, row.id);
  remember(row, is_hold ? SlotStatus::held : SlotStatus::booked);
  if (!is_hold) tell_past(row.hospital, row.starts_at);
  if (queue_.waiting > 0 && channel != Channel::offer) ledger("direct", nullptr, &row, "no waiter could use this slot");
  tell_doctor(is_hold ? "booking.slot_held" : "booking.slot_booked");
  if (!is_hold) notice(NoticeKind::booked, row);
  return row;
}

void Turn::remember(const store::AppointmentRow& row, SlotStatus status) {
  SlotChange change{row.id, row.starts_at, row.ends_at, status, {}, {}};
  if (status == SlotStatus::held) {
    change.expires_at = row.expires_at;
    change.lapses_at = row.lapses_at;
  }
  news_->changes.slots.push_back(change);
}

void Turn::tell(const store::AppointmentRow& row, std::string_view kind) {
  tell_doctor(kind);
  txn_.emit({fmt::format("hold/{}", row.id.value), std::string(kind), "{}"});
  txn_.emit({fmt::format("appointment/{}", row.id.value), std::string(kind), "{}"});
}

void Turn::notice(NoticeKind kind, const store::AppointmentRow& row, std::optional<Instant> before_at) {
  if (!m_.noticed_) return;
  const auto expires_at = kind == NoticeKind::offered ? row.expires_at : std::nullopt;
  m_.noticed_(txn_, call_,
              {kind, row.id, row.doctor, row.hospital, row.patient, row.starts_at, row.ends_at, before_at, expires_at,
               row.version});
}

// Who left, or has the appointment, knows of it.
void Turn::notice_wait(WaitStatus status, const store::WaitRow& wait) {
  std::optional<NoticeKind> kind;
  if (status == WaitStatus::unserved) kind = NoticeKind::unserved;
  if (status == WaitStatus::expired) kind = NoticeKind::expired;
  if (status == WaitStatus::lapsed) kind = NoticeKind::lapsed;
  if (!kind || !m_.noticed_) return;
  Notice notice{.kind = *kind, .doctor = doctor_, .patient = wait.patient, .wait = wait.id};
  notice.hospital = wait.hospital.value_or(HospitalId{});
  notice.starts_at = wait.from_at;
  notice.ends_at = wait.to_at;
  m_.noticed_(txn_, call_, notice);
}

void Turn::tell_past(HospitalId hospital, Instant starts_at) {
  if (starts_at < call_.now && m_.past_changed_) m_.past_changed_(txn_, hospital, starts_at, call_.now);
}

void Turn::tell_wait(WaitId id, std::string_view kind) {
  txn_.emit({fmt::format("wait/{}", id.value), std::string(kind), "{}"});
}

void Turn::ledger(std::string_view kind, const store::WaitRow* wait, const store::AppointmentRow* row,
                  std::string_view reason) {
  store::LedgerRow entry{doctor_, call_.now, kind, {}, {}, {}, {}, reason};
  if (wait) {
    entry.wait = wait->id;
    entry.ticket = wait->ticket;
  }
  if (row) {
    entry.appointment = row->id;
    entry.starts_at = row->starts_at;
  }
  store::ledger_append(txn_, entry);
}

void Turn::wait_end(WaitId id, WaitStatus status, std::optional<AppointmentId> appointment, std::string_view kind,
                    std::string_view reason) {
  const auto wait = store::wait_find(txn_, id);
  FAIRWARD_CHECK(wait.has_value());
  store::wait_set_status(txn_, id, status, appointment, call_.now);
  std::optional<store::AppointmentRow> row;
  if (appointment) row = store::appointment_find(txn_, *appointment);
  ledger(kind, &*wait, row ? &*row : nullptr, reason);
  notice_wait(status, *wait);
  tell_wait(id, fmt::format("booking.wait_{}", kind));
}

void Turn::confirm(store::AppointmentRow& row) {
  FAIRWARD_CHECK(row.status == AppointmentStatus::pending);
  row.status = AppointmentStatus::booked;
  ++row.version;
  store::appointment_set_status(txn_, row.id, row.status, std::nullopt, std::nullopt);
  tell_past(row.hospital, row.starts_at);
  store::patient_open_give_back(txn_, row.patient);
  if (row.wait) wait_end(*row.wait, WaitStatus::booked, row.id, "booked", "the offer was paid");
  remember(row, SlotStatus::booked);
  tell(row, "booking.appointment_booked");
  notice(NoticeKind::booked, row);
  hand_over();  // somebody may have waited for this very slot in vain
}

bool Turn::book_late(store::AppointmentRow& row) {
  sweep();  // whoever waits comes first
  const std::int64_t cell = cell_of(row.starts_at);
  const auto session = session_at(open_schedule(), row.hospital, row.starts_at, static_cast<int>(row.slots));
  const bool is_offered = session && row.starts_at + session->slot_length() * row.slots == row.ends_at;
  const bool is_free =
      is_offered && row.starts_at > call_.now &&
      store::claims_between(txn_, doctor_, row.starts_at, row.ends_at).is_free(cell, cell_of(row.ends_at) - cell);
  if (!is_free) return false;
  row.status = AppointmentStatus::booked;
  ++row.version;
  store::appointment_set_status(txn_, row.id, row.status, std::nullopt, std::nullopt);
  store::claims_take(txn_, doctor_, row.starts_at, row.ends_at, row.id);
  remember(row, SlotStatus::booked);
  ledger("late", nullptr, &row, "paid after the hold had ended; the slot was still free");
  tell(row, "booking.appointment_booked");
  notice(NoticeKind::booked, row);
  hand_over();  // it may have been somebody's last hope
  return true;
}

void Turn::end(store::AppointmentRow& row, AppointmentStatus to, std::string_view reason) {
  const bool was_pending = row.status == AppointmentStatus::pending;
  row.status = to;
  ++row.version;
  row.ended_at = call_.now;
  row.end_reason = std::string(reason);
  store::appointment_set_status(txn_, row.id, to, call_.now, reason);
  store::claims_release(txn_, doctor_, row.starts_at, row.ends_at, row.id);
  if (was_pending) store::patient_open_give_back(txn_, row.patient);
  if (was_pending && row.wait) {
    const bool is_lapsed = to == AppointmentStatus::expired;
    wait_end(*row.wait, is_lapsed ? WaitStatus::lapsed : WaitStatus::left, row.id, is_lapsed ? "lapsed" : "left",
             reason);
  }
  remember(row, SlotStatus::free);
  tell_past(row.hospital, row.starts_at);
  tell(row, to == AppointmentStatus::expired ? "booking.hold_expired" : "booking.appointment_cancelled");
  if (!was_pending && to == AppointmentStatus::cancelled) notice(NoticeKind::cancelled, row);
}

void Turn::set_status(store::AppointmentRow& row, AppointmentStatus to) {
  row.status = to;
  ++row.version;
  if (to == AppointmentStatus::arrived) store::appointment_arrive(txn_, row.id);
  else store::appointment_set_status(txn_, row.id, to, std::nullopt, std::nullopt);
  tell_past(row.hospital, row.starts_at);
  tell(row, fmt::format("booking.appointment_{}", sql_text(to)));
}

Result<void> Turn::move(store::AppointmentRow& row, const Fit& run, const directory::Practice& practice) {
  store::claims_release(txn_, doctor_, row.starts_at, row.ends_at, row.id);
  // The own cells do not stand in the way, and are not handed over before the new ones are taken.
  const std::int64_t cell = cell_of(run.starts_at), cells = cell_of(run.ends_at) - cell;
  const TakenCells taken = store::claims_between(txn_, doctor_, run.starts_at, run.ends_at);
  if (!taken.is_free(cell, cells)) return fail(refusal(run, static_cast<int>(row.slots)));
  remember(row, SlotStatus::free);
  const Instant before_at = row.starts_at;
  tell_past(row.hospital, before_at);
  row.hospital = practice.hospital;
  row.starts_at = run.starts_at;
  row.ends_at = run.ends_at;
  ++row.version;
  store::appointment_move(txn_, row);
  store::claims_take(txn_, doctor_, run.starts_at, run.ends_at, row.id);
  remember(row, SlotStatus::booked);
  tell(row, "booking.appointment_moved");
  notice(NoticeKind::moved, row, before_at);
  hand_over();
  return {};
}

store::WaitRow Turn::join(const WaitCreate& body, UserId patient, const Wish& wish) {
  store::WaitRow wait{};
  wait.doctor = doctor_;
  wait.ticket = store::queue_take_ticket(txn_, doctor_);
  wait.hospital = body.hospital_id;
  wait.patient = patient;
  wait.from_at = wish.from;
  wait.to_at = wish.to;
  wait.slots = wish.slots;
  wait.status = WaitStatus::waiting;
  wait.joined_at = call_.now;
  wait.expires_at = call_.now + m_.options_.wait_ttl;
  wait.version = 1;
  wait.id = store::wait_insert(txn_, wait);
  ++queue_.waiting;
  ledger("joined", &wait, nullptr, "all slots of the range are held");
  news_->changes.waits.push_back({wait.id, wait.ticket, wait.expires_at});
  return wait;
}

void Turn::leave(const store::WaitRow& wait, WaitStatus how, std::string_view reason) {
  store::queue_leave(txn_, doctor_, 1);
  --queue_.waiting;
  store::patient_open_give_back(txn_, wait.patient);
  wait_end(wait.id, how, std::nullopt, sql_text(how), reason);
  news_->changes.waits.push_back({wait.id, wait.ticket, {}});
}

bool Turn::fits(const Wish& wish, bool count_held) {
  const TakenCells taken = store::claims_between(txn_, doctor_, wish.from, wish.to + run_reach);
  return first_fit(open_schedule(), wish, bookable_range(*schedule_, call_.now),
                   [&](std::int64_t cell, std::int64_t n) {
                     const SlotStatus status = taken.status(cell, n);
                     return status == SlotStatus::free || (count_held && status == SlotStatus::held);
                   })
      .has_value();
}

bool Turn::fits_free(const Wish& wish) { return fits(wish, false); }
bool Turn::fits_if_holds_lapse(const Wish& wish) { return fits(wish, true); }

bool Turn::has_slots(const Wish& wish) {
  return first_fit(open_schedule(), wish, bookable_range(*schedule_, call_.now),
                   [](std::int64_t, std::int64_t) { return true; })
      .has_value();
}

void Turn::offer(const Wish& wish, const Fit& run, TakenCells& taken) {
  const auto wait = store::wait_head(txn_, doctor_, wish);
  const auto practice = directory::practice_find(txn_, doctor_, run.hospital);
  FAIRWARD_CHECK(wait && practice);
  const auto row = claim(run, wish.slots, wait->patient, Channel::offer, *practice, std::nullopt, true, wait->id);
  taken.set(cell_of(run.starts_at), cell_of(run.ends_at) - cell_of(run.starts_at), SlotStatus::held);
  offers_.push_back(run);
  store::queue_leave(txn_, doctor_, 1);
  --queue_.waiting;
  store::wait_set_status(txn_, wait->id, WaitStatus::offered, row.id, std::nullopt);
  ledger("offered", &*wait, &row, "first in line whom the freed slot fits");
  tell_wait(wait->id, "booking.wait_offered");
  notice(NoticeKind::offered, row);
  news_->changes.waits.push_back({wait->id, wait->ticket, {}});
}

void Turn::hand_over() {
  if (queue_.waiting == 0) return;
  const Snapshot::AddsOnly own_doing(txn_, false);
  std::vector<Wish> wishes = store::wishes_of(txn_, doctor_);  // the oldest ticket first
  Instant from{INT64_MAX}, to{0};
  for (const Wish& wish : wishes) {
    from = std::min(from, wish.from);
    to = std::max(to, wish.to);
  }
  TakenCells taken = store::claims_between(txn_, doctor_, from, to + run_reach);
  const BookableRange bookable = bookable_range(*schedule_, call_.now);
  const auto is_free = [&](std::int64_t cell, std::int64_t n) { return taken.is_free(cell, n); };
  const auto is_not_booked = [&](std::int64_t cell, std::int64_t n) {
    return taken.status(cell, n) != SlotStatus::booked;
  };
  // A wish that does not fit now will not fit after more has been given away, so each is given up once.
  for (std::size_t i = 0; i < wishes.size();) {
    const auto run = first_fit(open_schedule(), wishes[i], bookable, is_free);
    if (!run) {
      ++i;
      continue;
    }
    offer(wishes[i], *run, taken);
    const std::vector<Wish> given_up(wishes.begin(), wishes.begin() + static_cast<std::ptrdiff_t>(i));
    wishes = store::wishes_of(txn_, doctor_);
    std::erase_if(wishes,
                  [&](const Wish& w) { return std::find(given_up.begin(), given_up.end(), w) != given_up.end(); });
    wishes.insert(wishes.begin(), given_up.begin(), given_up.end());
  }
  for (const Wish& wish : wishes) {
    if (first_fit(open_schedule(), wish, bookable, is_not_booked)) continue;
    for (const auto& wait : store::waits_of_wish(txn_, doctor_, wish))
      leave(wait, WaitStatus::unserved, "every slot of the range is booked");
  }
}

bool Turn::sweep() {
  const Snapshot::AddsOnly own_doing(txn_, false);  // what time made due is done by the product, whoever calls
  auto lapsed = store::pending_lapsed(txn_, doctor_, call_.now);
  const bool has_waiting = queue_.waiting > 0;
  for (auto& row : lapsed) end(row, AppointmentStatus::expired, "not paid in time");
  if (has_waiting)
    for (const auto& wait : store::waits_expired(txn_, doctor_, call_.now))
      leave(wait, WaitStatus::expired, "waited for the longest time allowed");
  hand_over();
  return has_waiting || !lapsed.empty();
}

}  // namespace fairward::booking
