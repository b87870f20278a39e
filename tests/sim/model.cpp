// See the header. Searches everything every time: slow, and easy to believe.
#include "model.h"

#include <algorithm>

namespace fairward::sim {
namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr Duration one_day = days(1);

// The last Sunday of the month at 01:00 UTC: when British summer time begins (March) and ends (October).
Instant last_sunday(int year, int month) {
  Date day = date_from_civil(year, month, 31);
  while (day.weekday() != 7) day = day - 1;
  return Instant{std::int64_t{day.day} * one_day.ms} + hours(1);
}

int offset_minutes(Place place, Instant at) {
  if (place == Place::kolkata) return 330;
  const int year = civil_from_date({static_cast<std::int32_t>(at.ms / one_day.ms)}).year;
  return at >= last_sunday(year, 3) && at < last_sunday(year, 10) ? 60 : 0;
}

Answer refused(int status, std::string code) { return {status, std::move(code), 0, false, false}; }

}  // namespace

Instant to_utc(Place place, Date date, int minute) {
  const Instant wall{std::int64_t{date.day} * one_day.ms + minute * minute_ms};
  if (place == Place::kolkata) return wall - minutes(330);
  if (offset_minutes(place, wall - minutes(60)) == 60) return wall - minutes(60);  // summer, or the first of two
  if (offset_minutes(place, wall) == 0) return wall;
  return last_sunday(civil_from_date(date).year, 3);  // the hour that does not exist
}

Date local_date(Place place, Instant at) {
  return {static_cast<std::int32_t>((at.ms + offset_minutes(place, at) * minute_ms) / one_day.ms)};
}

std::vector<Slot> Hours::slots(Instant from, Instant to) const {
  std::vector<Slot> found;
  const auto add = [&](std::int64_t hospital, std::int64_t session, Date on, int starts, int ends, int length,
                       bool may_be_cut) {
    const Instant end = to_utc(place(hospital), on, ends);
    for (Instant at = to_utc(place(hospital), on, starts); at + minutes(length) <= end; at = at + minutes(length)) {
      const Slot slot{at, at + minutes(length), hospital, session};
      bool is_cut = false;
      for (const Exception& e : exceptions)
        is_cut |= may_be_cut && !e.is_extra && e.on == on && (e.hospital == 0 || e.hospital == hospital) &&
                  slot.starts < to_utc(place(hospital), on, e.ends) &&
                  slot.ends > to_utc(place(hospital), on, e.starts);
      if (!is_cut && slot.starts >= from && slot.starts < to) found.push_back(slot);
    }
  };
  const Date first{static_cast<std::int32_t>(from.ms / one_day.ms) - 2};
  const Date last{static_cast<std::int32_t>(to.ms / one_day.ms) + 2};
  for (Date on = first; on <= last; on = on + 1) {
    for (std::size_t i = 0; i < shifts.size(); ++i)
      add(shifts[i].hospital, on.day * 100 + static_cast<int>(i), on, shifts[i].starts, shifts[i].ends,
          shifts[i].slot_minutes, true);
    for (const Exception& e : exceptions)
      if (e.is_extra && e.on == on) add(e.hospital, -e.id - 1, on, e.starts, e.ends, e.slot_minutes, false);
  }
  std::stable_sort(found.begin(), found.end(), [](const Slot& a, const Slot& b) { return a.starts < b.starts; });
  return found;
}

Instant Hours::earliest(Instant now) const { return now + std::max(milliseconds(1), minutes(notice_minutes)); }

Instant Hours::latest(Instant now) const {
  const Place first = place(shifts.front().hospital);
  return to_utc(first, local_date(first, now) + horizon_days + 1, 0);
}

bool Hours::works_between(Instant from, Instant to) const {
  for (const Slot& slot : slots(from - one_day, to))
    if (slot.ends > from && slot.starts < to) return true;
  return false;
}

// ---- questions

Model::Use Model::use(std::int64_t doctor, Instant from, Instant to) const {
  Use worst = Use::free;
  for (const Appointment& a : state.appointments)
    if (a.doctor == doctor && a.owns_cells() && a.starts < to && from < a.ends)
      worst = std::max(worst, a.status == "pending" ? Use::held : Use::booked);
  return worst;
}

const Appointment* Model::owner(std::int64_t doctor, Instant at) const {
  for (const Appointment& a : state.appointments)
    if (a.doctor == doctor && a.owns_cells() && a.starts <= at && at < a.ends) return &a;
  return nullptr;
}

std::optional<Slot> Model::first_fit(Instant now, const Wish& wish, Use worst) const {
  const Hours& h = hours.at(wish.doctor);
  const Instant from = std::max(wish.from, h.earliest(now)), to = std::min(wish.to, h.latest(now));
  const std::vector<Slot> all = h.slots(from, to + one_day);
  for (const Slot& first : all) {
    if (first.starts >= to || (wish.hospital != 0 && first.hospital != wish.hospital)) continue;
    Slot run{first.starts, first.starts, first.hospital, first.session};
    std::int64_t length = 0;
    for (const Slot& slot : all)
      if (slot.session == first.session && slot.starts == run.ends && length < wish.slots &&
          use(wish.doctor, slot.starts, slot.ends) <= worst) {
        run.ends = slot.ends;
        ++length;
      }
    if (length == wish.slots) return run;
  }
  return std::nullopt;
}

const Wait* Model::overtaken(Instant now, std::int64_t doctor) const {
  for (const Wait& w : state.waits)
    if (w.doctor == doctor && w.status == "waiting" &&
        first_fit(now, {doctor, w.hospital, w.from, w.to, w.slots}, Use::free))
      return &w;
  return nullptr;
}

std::int64_t Model::waiting(std::int64_t doctor) const {
  return std::count_if(state.waits.begin(), state.waits.end(),
                       [&](const Wait& w) { return w.doctor == doctor && w.status == "waiting"; });
}

std::int64_t Model::open(std::int64_t patient) const {
  std::int64_t count = 0;
  for (const Appointment& a : state.appointments) count += a.patient == patient && a.status == "pending";
  for (const Wait& w : state.waits) count += w.patient == patient && w.status == "waiting";
  return count;
}

// ---- what calls are made of

std::optional<Slot> Model::run_at(Instant now, std::int64_t doctor, std::int64_t hospital, Instant starts,
                                  std::int64_t slots) const {
  const Hours& h = hours.at(doctor);
  if (starts < h.earliest(now) || starts >= h.latest(now)) return std::nullopt;
  const std::vector<Slot> all = h.slots(starts, starts + one_day);
  for (const Slot& first : all) {
    if (first.starts != starts || (hospital != 0 && first.hospital != hospital)) continue;
    Slot run{starts, starts, first.hospital, first.session};
    std::int64_t length = 0;
    for (const Slot& slot : all)
      if (slot.session == first.session && slot.starts == run.ends && length < slots) {
        run.ends = slot.ends;
        ++length;
      }
    if (length == slots) return run;
  }
  return std::nullopt;
}

// Refused because somebody has it: may waiting help?
std::optional<Answer> Model::taken(Instant now, std::int64_t doctor, const Slot& run, std::int64_t slots) const {
  if (use(doctor, run.starts, run.ends) == Use::free) return std::nullopt;
  const Place place = Hours::place(run.hospital);
  const Date day = local_date(place, run.starts);
  const Wish any{doctor, run.hospital, to_utc(place, day, 0), to_utc(place, day + 1, 0), slots};
  const bool may_wait = !first_fit(now, any, Use::free) && first_fit(now, any, Use::held);
  return refused(409, may_wait ? "booking.all_held" : "booking.slot_taken");
}

// The queue comes first: what is free is offered to those who wait before a newcomer may have it.
std::optional<Answer> Model::refusal(Instant now, std::int64_t doctor, const Slot& run, std::int64_t slots) {
  const bool was_free = use(doctor, run.starts, run.ends) == Use::free;
  hand_over(now, doctor);
  auto failure = taken(now, doctor, run, slots);
  if (failure && was_free) return refused(409, "booking.queue_first");
  return failure;
}

void Model::note(const Appointment* appointment, const Wait* wait, std::int64_t doctor, const std::string& kind) {
  state.ledger.push_back(
      {doctor, kind, wait ? wait->id : 0, wait ? wait->ticket : 0, appointment ? appointment->id : 0});
  ++reached["ledger " + kind];
}

Appointment& Model::claim(Instant now, std::int64_t doctor, const Slot& run, std::int64_t slots, std::int64_t patient,
                          bool is_hold, std::int64_t wait) {
  Appointment a;
  a.id = static_cast<std::int64_t>(state.appointments.size()) + 1;
  a.doctor = doctor;
  a.hospital = run.hospital;
  a.patient = patient;
  a.status = is_hold ? "pending" : "booked";
  a.starts = run.starts;
  a.ends = run.ends;
  a.slots = slots;
  a.fee = run.hospital == rules_.free_hospital ? 0 : rules_.fee_minor * slots;
  if (is_hold) a.lapses = now + rules_.hold_ttl + rules_.hold_grace;
  a.wait = wait;
  state.appointments.push_back(a);
  if (wait == 0 && waiting(doctor) > 0) note(&a, nullptr, doctor, "direct");
  return state.appointments.back();
}

void Model::end(Appointment& a, const std::string& status) {
  const bool was_pending = a.status == "pending";
  a.status = status;
  if (!was_pending || a.wait == 0) return;
  Wait& w = wait_at(a.wait);
  w.status = status == "expired" ? "lapsed" : "left";
  w.appointment = a.id;
  note(&a, &w, a.doctor, w.status);
  ++reached[status == "expired" ? "offer lapsed" : "offer declined"];
}

void Model::confirm(Instant now, Appointment& a) {
  a.status = "booked";
  if (a.wait != 0) {
    Wait& w = wait_at(a.wait);
    w.status = "booked";
    note(&a, &w, a.doctor, "booked");
    ++reached["offer paid"];
  }
  hand_over(now, a.doctor);
}

void Model::hand_over(Instant now, std::int64_t doctor) {
  bool has_older = false;
  for (std::size_t i = 0; i < state.waits.size(); ++i) {  // in order of tickets, which is that of ids
    Wait& w = state.waits[i];
    if (w.doctor != doctor || w.status != "waiting") continue;
    const auto run = first_fit(now, {doctor, w.hospital, w.from, w.to, w.slots}, Use::free);
    if (!run) {
      has_older = true;
      continue;
    }
    const Appointment& a = claim(now, doctor, *run, w.slots, w.patient, true, w.id);
    w.status = "offered";
    w.appointment = a.id;
    note(&a, &w, doctor, "offered");
    if (has_older) ++reached["offer past an older wait it does not fit"];
    if (w.slots > 1) ++reached["offer of several slots"];
  }
  for (Wait& w : state.waits) {
    if (w.doctor != doctor || w.status != "waiting") continue;
    if (first_fit(now, {doctor, w.hospital, w.from, w.to, w.slots}, Use::held)) continue;
    w.status = "unserved";
    note(nullptr, &w, doctor, "unserved");
  }
}

// ---- calls

Answer Model::hold(Instant now, std::int64_t patient, std::int64_t doctor, std::int64_t hospital, Instant starts,
                   std::int64_t slots) {
  const auto run = run_at(now, doctor, hospital, starts, slots);
  if (!run) return refused(422, "booking.slot_not_bookable");
  if (auto failure = refusal(now, doctor, *run, slots)) return *failure;
  if (open(patient) > 0) return refused(409, "booking.patient_has_open_hold");
  return {201, "", claim(now, doctor, *run, slots, patient, true, 0).id};
}

Answer Model::book(Instant now, std::int64_t patient, bool is_staff, std::int64_t doctor, Instant starts,
                   std::int64_t slots) {
  const auto run = run_at(now, doctor, 0, starts, slots);
  if (!run) return refused(422, "booking.slot_not_bookable");
  if (auto failure = refusal(now, doctor, *run, slots)) return *failure;
  const bool is_hold = !is_staff && run->hospital != rules_.free_hospital;
  if (is_hold && open(patient) > 0) return refused(409, "booking.patient_has_open_hold");
  const std::int64_t id = claim(now, doctor, *run, slots, patient, is_hold, 0).id;
  hand_over(now, doctor);
  return {201, "", id};
}

Answer Model::release(Instant now, std::int64_t hold) {
  Appointment& a = appointment_at(hold);
  if (a.status != "pending") return refused(409, "booking.hold_ended");
  end(a, "cancelled");
  hand_over(now, a.doctor);
  return {204, ""};
}

Answer Model::pay(Instant now, std::int64_t hold) {
  Appointment& a = appointment_at(hold);
  if (a.status != "pending" || now >= a.lapses) return refused(409, "booking.hold_ended");
  if (a.fee == 0) {
    confirm(now, a);
    return {202, ""};
  }
  for (const Payment& p : state.payments)
    if (p.appointment == hold && p.status == "requested") return {202, "", p.id};
  state.payments.push_back({static_cast<std::int64_t>(state.payments.size()) + 1, hold, "requested", a.fee});
  return {202, "", state.payments.back().id};
}

Answer Model::join(Instant now, std::int64_t patient, std::int64_t doctor, std::int64_t hospital, Date from, Date to,
                   std::int64_t slots) {
  const Place place = Hours::place(hospital != 0 ? hospital : hours.at(doctor).shifts.front().hospital);
  const Wish wish{doctor, hospital, to_utc(place, from, 0), to_utc(place, to + 1, 0), slots};
  if (!first_fit(now, wish, Use::booked)) return refused(409, "booking.no_slots_in_range");
  hand_over(now, doctor);
  if (first_fit(now, wish, Use::free)) return refused(409, "booking.slots_free");
  if (!first_fit(now, wish, Use::held)) return refused(409, "booking.slot_full");
  if (open(patient) > 0) return refused(409, "booking.patient_has_open_hold");
  std::int64_t ticket = 1;
  for (const Wait& w : state.waits) ticket += w.doctor == doctor;
  Wait w{static_cast<std::int64_t>(state.waits.size()) + 1,
         doctor,
         ticket,
         hospital,
         patient,
         wish.from,
         wish.to,
         slots,
         "waiting",
         now + rules_.wait_ttl,
         0};
  state.waits.push_back(w);
  note(nullptr, &w, doctor, "joined");
  return {201, "", w.id};
}

Answer Model::leave(Instant now, std::int64_t wait) {
  Wait& w = wait_at(wait);
  if (w.status == "offered") {
    end(appointment_at(w.appointment), "cancelled");
    hand_over(now, w.doctor);
    return {204, ""};
  }
  if (w.status != "waiting") return refused(409, "booking.wait_ended");
  w.status = "left";
  note(nullptr, &w, w.doctor, "left");
  return {204, ""};
}

Answer Model::change(Instant now, std::int64_t appointment, const std::string& to, bool is_staff) {
  Appointment& a = appointment_at(appointment);
  const std::string was = a.status;
  const bool is_known = (to == "cancelled" && (was == "pending" || was == "booked" || was == "arrived")) ||
                        (to == "arrived" && (was == "booked" || was == "noshow")) ||
                        (to == "noshow" && was == "booked") ||
                        (to == "fulfilled" && (was == "booked" || was == "arrived"));
  if (!is_known) return refused(409, "booking.appointment_status");
  if (to == "cancelled" && !is_staff && now >= a.starts) return refused(409, "booking.appointment_too_late");
  if ((to == "noshow" || to == "fulfilled") && now < a.starts) return refused(409, "booking.appointment_too_early");
  if (to != "cancelled") {
    a.status = to;
    return {200, ""};
  }
  end(a, "cancelled");
  if (was != "pending" && (is_staff || now + rules_.refund_notice <= a.starts)) refund(a.id);
  hand_over(now, a.doctor);
  return {200, ""};
}

Answer Model::move(Instant now, std::int64_t appointment, Instant starts) {
  const std::int64_t doctor = appointment_at(appointment).doctor;
  hand_over(now, doctor);
  Appointment& a = appointment_at(appointment);
  if (a.status != "booked") return refused(409, "booking.appointment_status");
  if (a.starts <= now) return refused(409, "booking.appointment_too_late");
  const auto run = run_at(now, doctor, a.hospital, starts, a.slots);
  if (!run) return refused(422, "booking.slot_not_bookable");
  a.status = "cancelled";  // its own cells do not stand in the way
  if (auto failure = taken(now, doctor, *run, a.slots)) return *failure;
  a.status = "booked";
  a.starts = run->starts;
  a.ends = run->ends;
  hand_over(now, doctor);
  return {200, ""};
}

Answer Model::exception_add(Instant now, std::int64_t doctor, Exception e) {
  Hours& h = hours.at(doctor);
  const Place place = Hours::place(e.hospital);
  if (e.is_extra && h.works_between(to_utc(place, e.on, e.starts), to_utc(place, e.on, e.ends)))
    return refused(422, "booking.schedule_invalid");
  e.id = 1;
  for (const auto& [id, other] : hours)
    for (const Exception& known : other.exceptions) e.id = std::max(e.id, known.id + 1);
  h.exceptions.push_back(e);
  ++h.version;
  hand_over(now, doctor);
  return {201, "", e.id};
}

Answer Model::exception_remove(Instant now, std::int64_t doctor, std::int64_t id) {
  Hours& h = hours.at(doctor);
  if (std::erase_if(h.exceptions, [&](const Exception& e) { return e.id == id; }) == 0)
    return refused(404, "booking.exception_not_found");
  ++h.version;
  hand_over(now, doctor);
  return {204, ""};
}

Answer Model::hours_change(Instant now, std::int64_t doctor, std::int64_t if_version, int horizon_days,
                           int notice_minutes) {
  Hours& h = hours.at(doctor);
  if (if_version != h.version) return refused(412, "booking.schedule_conflict");
  h.horizon_days = horizon_days;
  h.notice_minutes = notice_minutes;
  ++h.version;
  hand_over(now, doctor);
  return {200, ""};
}

// ---- time and the gateway

void Model::hold_lapsed(std::int64_t appointment) { end(appointment_at(appointment), "expired"); }

void Model::wait_lapsed(std::int64_t wait) {
  Wait& w = wait_at(wait);
  w.status = "expired";
  note(nullptr, &w, w.doctor, "expired");
}

bool Model::book_late(Instant now, Appointment& was) {
  const std::int64_t id = was.id, doctor = was.doctor;
  hand_over(now, doctor);
  Appointment& a = appointment_at(id);
  std::optional<Slot> run;  // the hours may have changed; notice and horizon do not matter any more
  const std::vector<Slot> all = hours.at(doctor).slots(a.starts, a.ends);
  for (const Slot& slot : all) {
    if (slot.hospital != a.hospital) continue;
    if (!run && slot.starts == a.starts) run = slot;
    else if (run && slot.session == run->session && slot.starts == run->ends) run->ends = slot.ends;
  }
  const auto length =
      std::count_if(all.begin(), all.end(), [&](const Slot& s) { return run && s.session == run->session; });
  if (!run || run->ends != a.ends || length != a.slots || a.starts <= now) return false;
  if (use(doctor, a.starts, a.ends) != Use::free) return false;
  a.status = "booked";
  note(&a, nullptr, doctor, "late");
  hand_over(now, doctor);
  return true;
}

void Model::captured(Instant now, std::int64_t payment) {
  const std::int64_t id = payment_at(payment).appointment;
  for (const Payment& other : state.payments)
    if (other.id != payment && other.appointment == id && other.status == "settled") {
      payment_at(payment).status = "refund_due";
      ++reached["paid twice, one returned"];
      return;
    }
  const std::string was = appointment_at(id).status;
  bool is_kept = was == "pending" && now < appointment_at(id).lapses;
  if (is_kept) {
    confirm(now, appointment_at(id));
  } else {
    if (was == "pending") end(appointment_at(id), "expired");
    is_kept = appointment_at(id).status == "expired" && book_late(now, appointment_at(id));
    if (!is_kept) hand_over(now, appointment_at(id).doctor);
    ++reached[is_kept              ? "late payment booked"
              : was == "cancelled" ? "payment of a given-back hold returned"
                                   : "late payment returned"];
  }
  payment_at(payment).status = is_kept ? "settled" : "refund_due";
  for (Payment& other : state.payments)
    if (is_kept && other.id != payment && other.appointment == id && other.status == "requested")
      other.status = "failed";
}

void Model::not_paid(std::int64_t payment) {
  payment_at(payment).status = "failed";
  ++reached["payment failed"];
}

void Model::refunded(std::int64_t payment) {
  payment_at(payment).status = "refunded";
  ++reached["refunded"];
}

void Model::refund(std::int64_t appointment) {
  for (Payment& p : state.payments)
    if (p.appointment == appointment && p.status == "settled") p.status = "refund_due";
}

}  // namespace fairward::sim
