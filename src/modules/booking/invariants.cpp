// What must hold of bookings, holds, waits and their money; the numbers in the README's list are its sources.
#include "modules/booking/booking.h"
#include "platform/sql/invariant.h"
#include "sql/booking.h"

namespace fairward::booking {
namespace {

namespace q = sql_queries;
using sql::invariant;

std::vector<std::int64_t> ids_of(Snapshot& db, const sql::Query& query) { return db.all<std::int64_t>(query); }

struct Price {
  std::int64_t id, amount_minor;
};

// Whoever must have paid and has not, or another amount than the price.
void unpaid_find(Snapshot& db, const sql::Invariant::Violated& violated) {
  const auto settled = billing::payables_settled(db, "appointment");
  db.each<Price>(q::check_paid, [&](Price&& price) {
    const auto found = std::ranges::lower_bound(settled, price.id, {}, &billing::SettledPayable::id);
    if (found == settled.end() || found->id != price.id || found->amount_minor != price.amount_minor)
      violated(price.id);
  });
}

// Money that is kept for nothing.
void overpaid_find(Snapshot& db, const sql::Invariant::Violated& violated) {
  const auto served = ids_of(db, q::check_may_keep_money);
  for (const auto& settled : billing::payables_settled(db, "appointment"))
    if (!std::ranges::binary_search(served, settled.id)) violated(settled.id);
}

std::vector<sql::Invariant> of_slots() {
  return {
      invariant("booking.claim_owner", "appointment", q::check_claim_owner,
                "A taken cell belongs to an appointment that covers it and has not ended."),
      invariant("booking.cells", "appointment", q::check_cells,
                "An appointment that has not ended owns exactly the cells it covers."),
      invariant("booking.overlap", "appointment", q::check_overlap,
                "No two appointments of a doctor that have not ended overlap."),
      invariant("booking.hold_deadline", "appointment", q::check_hold_deadline,
                "A hold has a deadline after its start."),
      invariant("booking.schedule_version", "doctor", q::check_schedule_version,
                "A schedule has a queue, and both have one version."),
  };
}

std::vector<sql::Invariant> of_queues(int open_holds_per_patient) {
  return {
      invariant("booking.open_limit", "patient", q::check_open_limit,
                "Nobody has more open holds and waits than booking.open_holds_per_patient.", open_holds_per_patient),
      invariant("booking.open_count", "patient", q::check_open_count,
                "The count of a patient's open holds and waits is right."),
      invariant("booking.queue_count", "doctor", q::check_queue_count, "The count of a doctor's waiters is right."),
      invariant("booking.ticket", "wait", q::check_ticket, "A ticket is below the queue's next one."),
      invariant("booking.ticket_order", "wait", q::check_ticket_order,
                "Tickets of a doctor grow in the order of arrival, and none is given twice."),
      invariant("booking.offer", "wait", q::check_offer, "A wait is offered exactly where a hold was made for it."),
      invariant("booking.wait_state", "wait", q::check_wait_state,
                "A wait has an end, an appointment and times as its status says."),
      invariant("booking.ledger_wait", "wait", q::check_ledger_wait,
                "Whoever waits joined once in the ledger, with this ticket."),
      invariant("booking.ledger_end", "wait", q::check_ledger_end,
                "The newest line of a wait in the ledger is its status."),
      invariant("booking.ledger_order", "wait", q::check_ledger_order,
                "The ledger has the tickets of a doctor in the order of arrival."),
  };
}

}  // namespace

std::vector<sql::Invariant> invariants(int open_holds_per_patient) {
  auto all = of_slots();
  for (auto& one : of_queues(open_holds_per_patient)) all.push_back(std::move(one));
  all.push_back(
      {"booking.paid", "A booking that has a price has one settled payment of it.", "appointment", unpaid_find});
  all.push_back({"booking.money", "Money is kept only for what was booked.", "appointment", overpaid_find});
  all.push_back(
      {"booking.patient", "The patient of an appointment is known.", "patient", [](Snapshot& db, const auto& violated) {
         sql::each_missing(ids_of(db, q::check_patients), identity::people_ids(db), violated);
       }});
  all.push_back({"booking.hospital", "The hospital of an appointment is known.", "hospital",
                 [](Snapshot& db, const auto& violated) {
                   sql::each_missing(ids_of(db, q::check_hospitals), directory::hospital_ids(db), violated);
                 }});
  return all;
}

std::vector<std::int64_t> visits_finished(Snapshot& db) { return ids_of(db, q::check_finished); }
std::vector<std::int64_t> visits_begun(Snapshot& db) { return ids_of(db, q::check_begun); }

}  // namespace fairward::booking
