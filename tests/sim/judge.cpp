// See the header. Its SQL is its own, so that an error in the product's queries cannot hide here; but for the
// invariants, which are those of `fairward check`: here they are proved after every step.
#include "judge.h"

#include <fmt/format.h>

#include <algorithm>

namespace fairward::sim {
namespace {

#define SIM_QUERY(name, text) \
  constexpr sql::Query name { #name, text, text }
SIM_QUERY(appointments,
          "SELECT id, doctor_id, hospital_id, patient_id, status, starts_at, ends_at, slots, fee_minor, "
          "COALESCE(lapses_at, 0), COALESCE(wait_id, 0) FROM booking_appointment ORDER BY id");
SIM_QUERY(waits,
          "SELECT id, doctor_id, ticket, COALESCE(hospital_id, 0), patient_id, from_at, to_at, slots, status, "
          "expires_at, COALESCE(appointment_id, 0) FROM booking_wait ORDER BY id");
SIM_QUERY(payments_all, "SELECT id, payable_id, status, amount_minor FROM billing_payment ORDER BY id");
SIM_QUERY(reference_of, "SELECT gateway_reference FROM billing_payment WHERE id = $1");
SIM_QUERY(ledger_new,
          "SELECT doctor_id, kind, COALESCE(wait_id, 0), COALESCE(ticket, 0), COALESCE(appointment_id, 0) FROM "
          "booking_ledger WHERE id > $1 ORDER BY id");
SIM_QUERY(ledger_last, "SELECT COALESCE(MAX(id), 0) FROM booking_ledger");
SIM_QUERY(overdue_holds, "SELECT count(*) FROM booking_appointment WHERE status = 'pending' AND lapses_at < $1");
SIM_QUERY(overdue_waits, "SELECT count(*) FROM booking_wait WHERE status = 'waiting' AND expires_at < $1");
SIM_QUERY(open_payments,
          "SELECT count(*) FROM billing_payment WHERE status IN ('requested', 'captured', 'refund_due')");
SIM_QUERY(kept_minor, "SELECT COALESCE(SUM(amount_minor), 0) FROM billing_payment WHERE status = 'settled'");
#undef SIM_QUERY

std::string text(const Appointment& a) {
  return fmt::format("appointment {} doctor {} patient {} {} {}…{} fee {} lapses {} wait {}", a.id, a.doctor, a.patient,
                     a.status, to_rfc3339(a.starts), to_rfc3339(a.ends), a.fee, to_rfc3339(a.lapses), a.wait);
}
std::string text(const Wait& w) {
  return fmt::format("wait {} doctor {} ticket {} patient {} {} {}…{} × {} hospital {} offer {}", w.id, w.doctor,
                     w.ticket, w.patient, w.status, to_rfc3339(w.from), to_rfc3339(w.to), w.slots, w.hospital,
                     w.appointment);
}
std::string text(const Payment& p) {
  return fmt::format("payment {} of {} {} {}", p.id, p.appointment, p.status, p.amount);
}
std::string text(const LedgerLine& l) {
  return fmt::format("ledger {} doctor {} wait {} ticket {} appointment {}", l.kind, l.doctor, l.wait, l.ticket,
                     l.appointment);
}

// "" when equal, else the first difference.
template <class Row>
std::string difference(const std::vector<Row>& wanted, const std::vector<Row>& seen) {
  for (std::size_t i = 0; i < std::max(wanted.size(), seen.size()); ++i) {
    if (i >= wanted.size()) return fmt::format("there should be no {}", text(seen[i]));
    if (i >= seen.size()) return fmt::format("there should be {}", text(wanted[i]));
    if (!(wanted[i] == seen[i])) return fmt::format("should be {}, is {}", text(wanted[i]), text(seen[i]));
  }
  return "";
}

}  // namespace

void Judge::accuse(std::string what) {
  trace_.say("VIOLATION {}", what);
  if (!violation_) violation_ = std::move(what);
}

void Judge::demand_none(Snapshot& db, const sql::Query& query, const char* what) {
  if (const auto count = *db.one<std::int64_t>(query)) accuse(fmt::format("{}: {}", what, count));
}

State Judge::read(Snapshot& db, std::int64_t ledger_after) {
  State state;
  state.appointments = db.all<Appointment>(appointments);
  state.waits = db.all<Wait>(waits);
  state.payments = db.all<Payment>(payments_all);
  state.ledger = db.all<LedgerLine>(ledger_new, ledger_after);
  return state;
}

void Judge::transaction_begins() {
  now_ = stored_;
  ledger_now_ = ledger_stored_;
  ran_.clear();
}

// Time is up for what the product says has lapsed? When it acts on it is its own affair, up to check().
void Judge::lapse(Model& model, const State& seen) {
  const Instant now = clock_.now();
  for (std::size_t i = 0; i < model.state.appointments.size() && i < seen.appointments.size(); ++i) {
    const Appointment& a = model.state.appointments[i];
    if (a.status != "pending" || seen.appointments[i].status != "expired") continue;
    if (now < a.lapses) return accuse(fmt::format("expired before its time: {}", text(a)));
    model.hold_lapsed(a.id);
  }
  for (std::size_t i = 0; i < model.state.waits.size() && i < seen.waits.size(); ++i) {
    const Wait& w = model.state.waits[i];
    if (w.status != "waiting" || seen.waits[i].status != "expired") continue;
    if (now < w.expires) return accuse(fmt::format("expired before its time: {}", text(w)));
    model.wait_lapsed(w.id);
  }
}

// What the product says of the gateway: true, and followed by what it must be followed by?
void Judge::payments(Model& model, const State& seen, Snapshot& db) {
  for (std::size_t i = 0; i < model.state.payments.size() && i < seen.payments.size(); ++i) {
    const Payment was = model.state.payments[i];
    const std::string& is = seen.payments[i].status;
    if (was.status == is) continue;
    const std::string said = gateway(*db.one<std::string>(reference_of, was.id));
    if (is == "settled" || is == "refund_due") {
      if (said != "captured") accuse(fmt::format("{} is {}, the gateway says {}", text(was), is, said));
      model.captured(clock_.now(), was.id);
    } else if (is == "refunded") {
      if (said != "refunded") accuse(fmt::format("{} is {}, the gateway says {}", text(was), is, said));
      model.refunded(was.id);
    } else if (is == "failed" && model.state.payments[i].status == "requested") {
      model.not_paid(was.id);
    }
  }
}

Answer Judge::ask(Model& model, const Claim& claim) {
  if (claim.key.empty()) return claim.intent(model, clock_.now());
  if (const auto kept = model.keys.find(claim.key); kept != model.keys.end()) {
    if (kept->second.request != claim.request) return {422, "idempotency_key_reused", 0, false, false};
    Answer again = kept->second.answer;
    again.is_change = false;
    again.is_repeat = true;
    return again;
  }
  Answer answer = claim.intent(model, clock_.now());
  if (answer.status < 400) model.keys[claim.key] = {claim.request, answer};
  return answer;
}

void Judge::call_ran(std::int64_t origin, std::int64_t order_key, bool keep, Snapshot& db) {
  if (violation_) return;
  State seen = read(db, ledger_now_);
  Model next = now_;
  next.state.ledger.clear();
  lapse(next, seen);
  const auto open = open_.find(origin);
  if (open != open_.end()) {
    const Answer answer = ask(next, open->second.claim);
    open->second.answer = answer;
    open->second.has_run = true;
    ran_.push_back(origin);
    if ((answer.is_change || answer.is_repeat) != keep)  // a reply is told again when it is as safe as the first time
      accuse(fmt::format("request {} should be answered {} {} and {}", origin, answer.status, answer.code,
                         keep ? "is done" : "is refused"));
  } else {
    payments(next, seen, db);
    if (order_key > 0) next.hand_over(clock_.now(), order_key);
  }
  if (!keep) return;
  compare(next, seen, open != open_.end() ? fmt::format("request {}", origin) : "the product's own work");
  now_ = std::move(next);
  ledger_now_ = *db.one<std::int64_t>(ledger_last);
}

void Judge::compare(Model& model, const State& seen, const std::string& when) {
  if (violation_) return;
  auto wanted_ledger = model.state.ledger, seen_ledger = seen.ledger;
  std::sort(wanted_ledger.begin(), wanted_ledger.end());
  std::sort(seen_ledger.begin(), seen_ledger.end());
  for (const std::string& found :
       {difference(model.state.appointments, seen.appointments), difference(model.state.waits, seen.waits),
        difference(model.state.payments, seen.payments), difference(wanted_ledger, seen_ledger)})
    if (!found.empty()) return accuse(fmt::format("after {}: {}", when, found));
}

void Judge::transaction_ends(bool is_durable) {
  if (is_durable) {
    stored_ = now_;
    ledger_stored_ = ledger_now_;
  }
  for (const std::int64_t origin : ran_) {
    const auto open = open_.find(origin);
    if (open == open_.end()) continue;
    open->second.is_stored = is_durable;
    const bool was_change = open->second.answer && open->second.answer->is_change;
    if (!is_durable && was_change && open->second.is_acknowledged)
      accuse(fmt::format("request {} was acknowledged, and lost", origin));
  }
  ran_.clear();
}

std::optional<Answer> Judge::answer(std::int64_t origin) const {
  const auto open = open_.find(origin);
  return open != open_.end() && open->second.has_run ? open->second.answer : std::nullopt;
}

void Judge::acknowledged(std::int64_t origin) {
  if (const auto open = open_.find(origin); open != open_.end()) open->second.is_acknowledged = true;
}

void Judge::check(Snapshot& db, bool is_settled) {
  if (violation_) return;
  Model model = stored_;
  model.state.ledger.clear();
  compare(model, read(db, ledger_stored_), "all that was committed");
  for (const sql::Invariant& invariant : invariants_)
    if (const auto finding = sql::look_for(invariant, db); finding.violations > 0)
      accuse(fmt::format("{}: {} violations, {} {} is one", invariant.name, finding.violations, invariant.noun,
                         finding.ids.front()));
  if (!is_settled) return;
  const Instant late = clock_.now() - seconds(1);
  if (const auto count = *db.one<std::int64_t>(overdue_holds, late))
    accuse(fmt::format("holds past their deadline: {}", count));
  if (const auto count = *db.one<std::int64_t>(overdue_waits, late))
    accuse(fmt::format("waits past their deadline: {}", count));
  for (const auto& [doctor, hours] : stored_.hours)
    if (const Wait* wait = stored_.overtaken(clock_.now(), doctor))
      accuse(fmt::format("waits though a run is free: {}", text(*wait)));
}

void Judge::check_money(Snapshot& db, std::int64_t captured_minor, std::int64_t refunded_minor) {
  demand_none(db, open_payments, "payments without an end");
  const auto kept = *db.one<std::int64_t>(kept_minor);
  if (captured_minor - refunded_minor != kept)
    accuse(fmt::format("the gateway keeps {} - {}, the product knows of {}", captured_minor, refunded_minor, kept));
}

}  // namespace fairward::sim
