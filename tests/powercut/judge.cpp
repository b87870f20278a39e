// See the header.
#include "judge.h"

#include <fmt/format.h>

#include <set>

#include "app/invariants.h"

namespace fairward::powercut {
namespace {

#define POWERCUT_QUERY(name, text) \
  constexpr sql::Query name { #name, text, text }
// In this world every hold is made with a key, or offered to a waiter.
POWERCUT_QUERY(keys, "SELECT count(*) FROM platform_idempotency WHERE status = 201 AND headers LIKE '%:/api/holds/%'");
POWERCUT_QUERY(holds_by_key, "SELECT count(*) FROM booking_appointment WHERE channel = 'web'");
POWERCUT_QUERY(holds, "SELECT count(*) FROM booking_appointment");
POWERCUT_QUERY(hold_events,
               "SELECT count(*) FROM platform_event e, json_each(e.payload, '$.slots') s WHERE e.topic LIKE 'doctor/%' "
               "AND json_extract(s.value, '$.status') = 'held'");
POWERCUT_QUERY(payments, "SELECT count(*) FROM billing_payment");
POWERCUT_QUERY(payment_events,
               "SELECT count(DISTINCT topic) FROM platform_event WHERE kind = 'booking.payment_requested'");
POWERCUT_QUERY(
    recorded_holds,
    "SELECT coalesce(sum((length(entries) - length(replace(entries, '\"did\":\"hold_create\"', ''))) / 19), 0) "
    "FROM platform_audit_block");
POWERCUT_QUERY(integrity, "PRAGMA integrity_check");
POWERCUT_QUERY(foreign_keys, "SELECT count(*) FROM pragma_foreign_key_check");
POWERCUT_QUERY(all_holds, "SELECT id, patient_id, starts_at, status FROM booking_appointment");
POWERCUT_QUERY(all_waits, "SELECT id, patient_id, ticket, status FROM booking_wait");
POWERCUT_QUERY(paid_holds, "SELECT payable_id FROM billing_payment WHERE payable_kind = 'appointment'");
#undef POWERCUT_QUERY

void demand(bool holds, const std::string& what) {
  if (!holds) throw Violation(what);
}

std::int64_t count(Snapshot& db, const sql::Query& query) { return *db.one<std::int64_t>(query); }

void demand_none(Snapshot& db, const sql::Query& query, const char* what) {
  const auto found = count(db, query);
  demand(found == 0, fmt::format("{}: {}", what, found));
}

void demand_equal(Snapshot& db, const sql::Query& one, const sql::Query& other, const char* what) {
  const auto left = count(db, one), right = count(db, other);
  demand(left == right, fmt::format("{}: {} and {}", what, left, right));
}

// Violations cross the engine as values: what is thrown inside a call would be reported as its bug.
template <class F>
void on_snapshot(sql::Engine& engine, F&& f) {
  std::optional<Violation> violation;
  engine.read_now([&](Snapshot& db) {
    try {
      f(db);
    } catch (const Violation& found) { violation = found; }
  });
  if (violation) throw *violation;
}

struct HoldRow {
  std::int64_t id, patient;
  Instant starts_at;
  std::string status;
};
struct WaitRow {
  std::int64_t id, patient, ticket;
  std::string status;
};

bool is_kept(const ToldHold& told, const HoldRow& row, const std::set<std::int64_t>& paid, Instant now) {
  if (row.patient != told.patient || row.starts_at != told.starts_at) return false;
  if (told.is_payment_asked && !paid.contains(row.id)) return false;
  const bool may_have_ended = told.may_be_released || now >= told.expires_at;
  if (told.is_released) return row.status == "cancelled" || (may_have_ended && row.status == "expired");
  return row.status == "pending" || may_have_ended;
}

bool is_kept(const ToldWait& told, const WaitRow& row) {
  return row.patient == told.patient && row.ticket == told.ticket && !(told.is_left && row.status == "waiting");
}

}  // namespace

void judge_invariants(sql::Engine& engine) {
  on_snapshot(engine, [](Snapshot& db) {
    for (const sql::Invariant& invariant : app::invariants(open_holds_per_patient, audit_key))
      demand(sql::look_for(invariant, db).violations == 0, std::string(invariant.name));
    demand_equal(db, keys, holds_by_key, "idempotency keys and holds");
    demand_equal(db, hold_events, holds, "events of holds and holds");
    demand_equal(db, payment_events, payments, "events of payments and payments");
    demand_equal(db, recorded_holds, keys, "holds in the record of who did what and idempotency keys");
  });
}

void judge_integrity(sql::Engine& engine) {
  on_snapshot(engine, [](Snapshot& db) {
    const auto said = db.all<std::string>(integrity);
    demand(said == std::vector<std::string>{"ok"}, "integrity_check: " + (said.empty() ? "" : said.front()));
    demand_none(db, foreign_keys, "rows without the row that they refer to");
  });
}

std::int64_t judge_told(sql::Engine& engine, Instant now, Told& told, std::string& first) {
  std::map<std::int64_t, HoldRow> hold_rows;
  std::map<std::int64_t, WaitRow> wait_rows;
  std::set<std::int64_t> paid;
  on_snapshot(engine, [&](Snapshot& db) {
    db.each<HoldRow>(all_holds, [&](HoldRow&& row) { hold_rows[row.id] = std::move(row); });
    db.each<WaitRow>(all_waits, [&](WaitRow&& row) { wait_rows[row.id] = std::move(row); });
    db.each<std::int64_t>(paid_holds, [&](std::int64_t id) { paid.insert(id); });
  });
  std::int64_t lost = 0;
  const auto note = [&](const char* what, std::int64_t id) {
    if (lost++ == 0) first = fmt::format("the acknowledged {} {} is lost", what, id);
  };
  std::erase_if(told.holds, [&](const auto& entry) {
    const auto row = hold_rows.find(entry.first);
    const bool is_lost = row == hold_rows.end() || !is_kept(entry.second, row->second, paid, now);
    if (is_lost) note("hold", entry.first);
    return is_lost;
  });
  std::erase_if(told.waits, [&](const auto& entry) {
    const auto row = wait_rows.find(entry.first);
    const bool is_lost = row == wait_rows.end() || !is_kept(entry.second, row->second);
    if (is_lost) note("wait", entry.first);
    return is_lost;
  });
  return lost;
}

}  // namespace fairward::powercut
