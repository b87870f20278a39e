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
SIM_QUERY(open_payments,
          "SELECT count(*) FROM billing_payment WHERE status IN ('requested', 'captured', 'refund_due')");
SIM_QUERY(lease_owner, "SELECT node FROM platform_lease WHERE part = $1 AND until_at > $2");
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

// Time is up for what the product says has lapsed? When it acts on it is its own affair, up to check_settled(). True
// when something has lapsed.
bool Judge::lapse(Model& model, const State& seen, Instant now) {
  bool has_lapsed = false;
  const auto accused = [&](const std::string& what) {
    accuse(fmt::format("expired before its time: {}", what));
    return true;
  };
  for (std::size_t i = 0; i < model.state.appointments.size() && i < seen.appointments.size(); ++i) {
    const Appointment& a = model.state.appointments[i];
    if (a.status != "pending" || seen.appointments[i].status != "expired") continue;
    if (now < a.lapses) return accused(text(a));
    model.hold_lapsed(a.id);
    has_lapsed = true;
  }
  for (std::size_t i = 0; i < model.state.waits.size() && i < seen.waits.size(); ++i) {
    const Wait& w = model.state.waits[i];
    if (w.status != "waiting" || seen.waits[i].status != "expired") continue;
    if (now < w.expires) return accused(text(w));
    model.wait_lapsed(w.id);
    has_lapsed = true;
  }
  return has_lapsed;
}

// What the product says of the gateway: true, and followed by what it must be followed by?
void Judge::payments(Model& model, const State& seen, Instant now, Snapshot& db) {
  for (std::size_t i = 0; i < model.state.payments.size() && i < seen.payments.size(); ++i) {
    const Payment was = model.state.payments[i];
    const std::string& is = seen.payments[i].status;
    if (was.status == is) continue;
    const std::string said = gateway(*db.one<std::string>(reference_of, was.id));
    if (is == "settled" || is == "refund_due") {
      if (said != "captured") accuse(fmt::format("{} is {}, the gateway says {}", text(was), is, said));
      model.captured(now, was.id);
    } else if (is == "refunded") {
      if (said != "refunded") accuse(fmt::format("{} is {}, the gateway says {}", text(was), is, said));
      model.refunded(was.id);
    } else if (is == "failed" && model.state.payments[i].status == "requested") {
      model.not_paid(was.id);
    }
  }
}

Answer Judge::ask(Model& model, const Claim& claim, Instant now) {
  if (claim.key.empty()) return claim.intent(model, now);
  if (const auto kept = model.keys.find(claim.key); kept != model.keys.end()) {
    if (kept->second.request != claim.request) return {422, "idempotency_key_reused", 0, false, false};
    Answer again = kept->second.answer;
    again.is_change = false;
    again.is_repeat = true;
    return again;
  }
  Answer answer = claim.intent(model, now);
  if (answer.status < 400) model.keys[claim.key] = {claim.request, answer};
  return answer;
}

void Judge::call_ran(const Ran& ran, Snapshot& db) {
  if (violation_) return;
  const auto open = open_.find(ran.origin);
  const bool is_asked = open != open_.end();
  if (!is_asked && ran.order_key == 0 && !ran.has_changed) return;  // leases, jobs, the event log
  State seen = read(db, ledger_now_);
  Model next = now_;
  next.state.ledger.clear();
  if (is_asked) {
    lapse(next, seen, ran.now);
    const Answer answer = ask(next, open->second.claim, ran.now);
    open->second.answer = answer;
    open->second.has_run = true;
    ran_.push_back(ran.origin);
    // Who comes with a key that is known is told what the first was, perhaps after having been refused.
    if (answer.code == "booking.queue_first" || answer.is_repeat || answer.code == "idempotency_key_reused")
      refused_.insert(ran.node);
    if ((answer.is_change || answer.is_repeat) !=
        ran.keep)  // a reply is told again when it is as safe as the first time
      accuse(fmt::format("request {} should be answered {} {} and {}", ran.origin, answer.status, answer.code,
                         ran.keep ? "is done" : "is refused"));
  } else {
    own_work(next, seen, ran, db);
  }
  if (!ran.keep) return;
  compare(next, seen, is_asked ? fmt::format("request {}", ran.origin) : "the product's own work");
  now_ = std::move(next);
  ledger_now_ = *db.one<std::int64_t>(ledger_last);
}

// What time and the gateway make due. A node that has lost its lease does none of it.
void Judge::own_work(Model& model, const State& seen, const Ran& ran, Snapshot& db) {
  const bool has_lapsed = lapse(model, seen, ran.now);
  payments(model, seen, ran.now, db);
  if (ran.order_key == 0) return;
  if (!ran.keep) return note("stale lease refused by the database");
  const std::size_t lines = model.state.ledger.size();
  model.hand_over(ran.now, ran.order_key);
  const bool has_changed = has_lapsed || model.state.ledger.size() > lines;
  if (has_changed && !may_sweep(ran, db))
    accuse(fmt::format("node {} swept doctor {} without the lease", ran.node, ran.order_key));
}

bool Judge::may_sweep(const Ran& ran, Snapshot& db) {
  constexpr std::int64_t parts = 64;  // as platform/nodes cuts them
  const auto part =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(ran.order_key) * 0x9e3779b97f4a7c15 >> 32) % parts;
  return ran.node == 0 || refused_.contains(ran.node) ||
         db.one<std::int64_t>(lease_owner, part, database_.clock().now()) == ran.node;
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
    remember_owners();
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

void Judge::remember_owners() {
  const std::int64_t commit = database_.commits();
  for (const Appointment& a : stored_.state.appointments) {
    const auto found = owned_by_.find(a.id);
    Owned* const was = found == owned_by_.end() ? nullptr : &owned_[found->second];
    if (was && a.owns_cells() && was->from == a.starts && was->to == a.ends) continue;
    if (was) {
      was->until = commit;
      owned_by_.erase(found);
    }
    if (!a.owns_cells()) continue;
    owned_by_[a.id] = owned_.size();
    owned_.push_back({a.doctor, a.starts, a.ends, commit});
  }
}

bool Judge::was_taken(std::int64_t doctor, Instant from, Instant to, std::int64_t since_commit) const {
  return std::any_of(owned_.begin(), owned_.end(), [&](const Owned& run) {
    return run.doctor == doctor && run.from < to && from < run.to && run.until > since_commit;
  });
}

void Judge::check(Snapshot& db) {
  if (violation_) return;
  Model model = stored_;
  model.state.ledger.clear();
  compare(model, read(db, ledger_stored_), "all that was committed");
  for (const sql::Invariant& invariant : invariants_)
    if (const auto finding = sql::look_for(invariant, db); finding.violations > 0)
      accuse(fmt::format("{}: {} violations, {} {} is one", invariant.name, finding.violations, invariant.noun,
                         finding.ids.front()));
}

// A waiter whose day has just opened is served within a minute or two, when a node looks.
void Judge::check_settled(const std::vector<Instant>& clocks, bool has_had_minutes) {
  if (violation_) return;
  const Instant late = *std::min_element(clocks.begin(), clocks.end()) - seconds(1);
  for (const Appointment& a : stored_.state.appointments)
    if (a.status == "pending" && a.lapses < late)
      accuse(fmt::format("past its deadline at {}: {}", to_rfc3339(late), text(a)));
  for (const Wait& w : stored_.state.waits)
    if (w.status == "waiting" && w.expires < late)
      accuse(fmt::format("past its deadline at {}: {}", to_rfc3339(late), text(w)));
  if (!has_had_minutes) return;
  for (const auto& [doctor, hours] : stored_.hours) {
    const auto overtaken = [&, doctor = doctor](Instant now) {
      const Wait* wait = stored_.overtaken(now, doctor);
      if (!wait) return false;
      const Model::Wish wish{doctor, wait->hospital, wait->from, wait->to, wait->slots};
      const auto run = stored_.first_fit(now, wish, Model::Use::free);
      const auto before = stored_.first_fit(now - minutes(2), wish, Model::Use::free);
      return run && before && run->starts == before->starts;
    };
    if (std::all_of(clocks.begin(), clocks.end(), overtaken))
      accuse(fmt::format("waits though a run is free: {}", text(*stored_.overtaken(clocks.front(), doctor))));
  }
}

void Judge::check_money(Snapshot& db, std::int64_t captured_minor, std::int64_t refunded_minor) {
  demand_none(db, open_payments, "payments without an end");
  const auto kept = *db.one<std::int64_t>(kept_minor);
  if (captured_minor - refunded_minor != kept)
    accuse(fmt::format("the gateway keeps {} - {}, the product knows of {}", captured_minor, refunded_minor, kept));
}

}  // namespace fairward::sim
