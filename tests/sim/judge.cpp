// See the header. Its SQL is its own, so that an error in the product's queries cannot hide here.
#include "judge.h"

#include <fmt/format.h>

#include "modules/booking/store.h"

namespace fairward::sim {
namespace {

#define SIM_QUERY(name, text) \
  constexpr sql::Query name { #name, text, text }
SIM_QUERY(broken_claims,
          "SELECT count(*) FROM booking_slot_claim c JOIN booking_appointment a ON a.id = c.appointment_id "
          "WHERE a.status IN ('cancelled', 'expired') OR a.doctor_id <> c.doctor_id OR c.cell * 300000 < a.starts_at "
          "OR c.cell * 300000 >= a.ends_at");
SIM_QUERY(unclaimed,
          "SELECT count(*) FROM booking_appointment a WHERE a.status NOT IN ('cancelled', 'expired') AND (a.ends_at - "
          "a.starts_at) / 300000 <> "
          "(SELECT count(*) FROM booking_slot_claim c WHERE c.appointment_id = a.id)");
SIM_QUERY(overlapping,
          "SELECT count(*) FROM booking_appointment a JOIN booking_appointment b ON a.doctor_id = b.doctor_id AND a.id "
          "< b.id "
          "AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at "
          "WHERE a.status NOT IN ('cancelled', 'expired') AND b.status NOT IN ('cancelled', 'expired')");
SIM_QUERY(wrong_open_counts,
          "SELECT count(*) FROM booking_patient_open p WHERE p.open_count <> "
          "(SELECT count(*) FROM booking_appointment a WHERE a.patient_id = p.patient_id AND a.status = 'pending') + "
          "(SELECT count(*) FROM booking_wait w WHERE w.patient_id = p.patient_id AND w.status = 'waiting')");
SIM_QUERY(wrong_queue_counts,
          "SELECT count(*) FROM booking_doctor_queue q WHERE q.waiting <> "
          "(SELECT count(*) FROM booking_wait w WHERE w.doctor_id = q.doctor_id AND w.status = 'waiting')");
SIM_QUERY(orphan_offers,
          "SELECT count(*) FROM booking_wait w LEFT JOIN booking_appointment a ON a.id = w.appointment_id "
          "WHERE w.status = 'offered' AND (a.id IS NULL OR a.status <> 'pending')");
SIM_QUERY(overdue_holds, "SELECT count(*) FROM booking_appointment WHERE status = 'pending' AND lapses_at < $1");
SIM_QUERY(doctors_waited_for,
          "SELECT DISTINCT doctor_id FROM booking_wait WHERE status = 'waiting' ORDER BY doctor_id");
SIM_QUERY(waiters,
          "SELECT id, ticket, COALESCE(hospital_id, 0), from_at, to_at, slots FROM booking_wait WHERE doctor_id = $1 "
          "AND status = 'waiting' ORDER BY ticket");
SIM_QUERY(claims,
          "SELECT c.cell, a.status FROM booking_slot_claim c JOIN booking_appointment a ON a.id = c.appointment_id "
          "WHERE c.doctor_id = $1");
SIM_QUERY(new_offers,
          "SELECT l.id, l.doctor_id, l.kind, COALESCE(l.ticket, 0), a.starts_at, a.ends_at FROM booking_ledger l LEFT "
          "JOIN booking_appointment a ON a.id = l.appointment_id "
          "WHERE l.id > $1 ORDER BY l.id");
SIM_QUERY(ledger_kinds, "SELECT kind, count(*) FROM booking_ledger GROUP BY kind ORDER BY kind");
SIM_QUERY(open_payments,
          "SELECT count(*) FROM billing_payment WHERE status IN ('requested', 'captured', 'refund_due')");
SIM_QUERY(settled_minor, "SELECT COALESCE(SUM(amount_minor), 0) FROM billing_payment WHERE status = 'settled'");
SIM_QUERY(unpaid_bookings,
          "SELECT count(*) FROM booking_appointment a WHERE a.status = 'booked' AND a.channel <> 'staff' AND "
          "a.fee_minor > 0 AND "
          "(SELECT count(*) FROM billing_payment p WHERE p.payable_kind = 'appointment' AND p.payable_id = a.id AND "
          "p.status = 'settled') <> 1");
SIM_QUERY(status_of, "SELECT status FROM booking_appointment WHERE id = $1");
SIM_QUERY(all_appointments, "SELECT id, patient_id, starts_at, status, version FROM booking_appointment ORDER BY id");
#undef SIM_QUERY

void demand(bool holds, const std::string& what) {
  if (!holds) throw Violation(what);
}

void demand_none(Snapshot& db, const sql::Query& query, const char* what) {
  const auto count = *db.one<std::int64_t>(query);
  demand(count == 0, fmt::format("{}: {}", what, count));
}

}  // namespace

void Judge::check(Instant now, bool is_settled) {
  engine_.read_now([&](Snapshot& db) {
    check_claims(db);
    check_counters(db);
    check_ledger(db, now);
    if (!is_settled) return;
    check_deadlines(db, now);
    check_queue(db, now);
  });
}

void Judge::check_claims(Snapshot& db) {
  demand_none(db, overlapping, "appointments overlap");
  demand_none(db, broken_claims, "cells owned by an appointment that does not cover them");
  demand_none(db, unclaimed, "appointments that do not own their cells");
}

void Judge::check_counters(Snapshot& db) {
  demand_none(db, wrong_open_counts, "patients with a wrong count of open holds and waits");
  demand_none(db, wrong_queue_counts, "doctors with a wrong count of waiters");
  demand_none(db, orphan_offers, "offers without their hold");
}

void Judge::check_deadlines(Snapshot& db, Instant now) {
  const auto overdue = *db.one<std::int64_t>(overdue_holds, now - seconds(1));
  demand(overdue == 0, fmt::format("holds past their deadline: {}", overdue));
}

booking::Schedule Judge::schedule_of(Snapshot& db, DoctorId doctor) {
  return *booking::store::schedule_find(db, doctor, Date{0});
}

Judge::Cells Judge::cells_of(Snapshot& db, DoctorId doctor) {
  struct Row {
    std::int64_t cell;
    std::string status;
  };
  Cells cells;
  for (auto& row : db.all<Row>(claims, doctor)) cells[row.cell] = row.status;
  return cells;
}

std::vector<Judge::Waiter> Judge::waiters_of(Snapshot& db, DoctorId doctor) { return db.all<Waiter>(waiters, doctor); }

bool Judge::fits(const booking::Schedule& schedule, const Cells& taken, const Waiter& waiter, Instant now) const {
  const auto bookable = booking::bookable_range(schedule, now);
  for (const auto& session : booking::sessions_between(schedule, now - days(2), bookable.latest)) {
    if (waiter.hospital != 0 && session.hospital.value != waiter.hospital) continue;
    for (int first = 0; first + waiter.slots <= session.slots; ++first) {
      const Instant starts_at = session.starts_at + session.slot_length() * first;
      const Instant ends_at = starts_at + session.slot_length() * waiter.slots;
      bool is_usable = starts_at >= waiter.from && starts_at < waiter.to && starts_at >= bookable.earliest &&
                       starts_at < bookable.latest;
      for (std::int64_t cell = booking::cell_of(starts_at); cell < booking::cell_of(ends_at); ++cell)
        is_usable &= !taken.contains(cell);
      if (is_usable) return true;
    }
  }
  return false;
}

void Judge::check_queue(Snapshot& db, Instant now) {
  for (const auto doctor : db.all<DoctorId>(doctors_waited_for)) {
    const auto schedule = schedule_of(db, doctor);
    const Cells taken = cells_of(db, doctor);
    for (const Waiter& waiter : waiters_of(db, doctor))
      demand(!fits(schedule, taken, waiter, now),
             fmt::format("wait {} of doctor {} waits though a slot is free", waiter.wait, doctor.value));
  }
}

// Whoever got a slot: could somebody with an older ticket, who still waits, have used it?
void Judge::check_ledger(Snapshot& db, Instant now) {
  struct Row {
    std::int64_t id;
    DoctorId doctor;
    std::string kind;
    std::int64_t ticket;
    std::optional<Instant> starts_at, ends_at;
  };
  for (const auto& row : db.all<Row>(new_offers, ledger_seen_)) {
    ledger_seen_ = row.id;
    if ((row.kind != "offered" && row.kind != "direct" && row.kind != "late") || !row.starts_at) continue;
    Cells taken = cells_of(db, row.doctor);
    for (std::int64_t cell = booking::cell_of(*row.starts_at); cell < booking::cell_of(*row.ends_at); ++cell)
      taken.erase(cell);
    const auto schedule = schedule_of(db, row.doctor);
    for (const Waiter& waiter : waiters_of(db, row.doctor)) {
      if (row.kind == "offered" && waiter.ticket > row.ticket) break;
      skips_ += row.kind == "offered";
      demand(!fits(schedule, taken, waiter, now),
             fmt::format("ledger {} ({}): wait {} with the older ticket {} was overtaken", row.id, row.kind,
                         waiter.wait, waiter.ticket));
    }
  }
}

void Judge::check_money(std::int64_t captured_minor, std::int64_t refunded_minor) {
  engine_.read_now([&](Snapshot& db) {
    demand_none(db, open_payments, "payments without an end");
    demand_none(db, unpaid_bookings, "booked appointments without exactly one settled payment");
    const auto settled = *db.one<std::int64_t>(settled_minor);
    demand(captured_minor - refunded_minor == settled,
           fmt::format("the gateway keeps {} - {}, the product knows of {}", captured_minor, refunded_minor, settled));
  });
}

void Judge::check_booked(const std::set<std::int64_t>& booked, const std::set<std::int64_t>& ended) {
  engine_.read_now([&](Snapshot& db) {
    for (const auto id : booked) {
      const auto status = db.one<std::string>(status_of, id);
      demand(status && (*status == "booked" || ended.contains(id)),
             fmt::format("appointment {} was acknowledged as booked and is {}", id, status.value_or("lost")));
    }
  });
}

std::map<std::string, std::int64_t> Judge::ledger_counts() {
  struct Row {
    std::string kind;
    std::int64_t count;
  };
  std::map<std::string, std::int64_t> counts;
  if (skips_ > 0) counts["skipped"] = skips_;
  engine_.read_now([&](Snapshot& db) {
    for (const auto& row : db.all<Row>(ledger_kinds)) counts["ledger " + row.kind] = row.count;
  });
  return counts;
}

std::string Judge::fingerprint() {
  struct Row {
    std::int64_t id, patient, starts_at;
    std::string status;
    std::int64_t version;
  };
  std::size_t hash = 0;
  engine_.read_now([&](Snapshot& db) {
    for (const auto& row : db.all<Row>(all_appointments))
      hash = hash * 1'000'003 + std::hash<std::string>()(fmt::format("{} {} {} {} {}", row.id, row.patient,
                                                                     row.starts_at, row.status, row.version));
  });
  return fmt::format("{:016x}", hash);
}

}  // namespace fairward::sim
