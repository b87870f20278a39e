// What must hold of payments.
#include <set>

#include "modules/billing/service.h"
#include "platform/api/codec.h"
#include "platform/sql/invariant.h"
#include "sql/billing.h"

namespace fairward::billing {
namespace {

namespace q = sql_queries;

void payments_of_jobs(Snapshot& db, std::string_view kind, std::set<std::int64_t>& found) {
  for (const std::string& payload : jobs::payloads(db, kind))
    if (const auto job = api::decode<PaymentJob>(payload)) found.insert(job->payment_id.value);
}

// Payments of the query for which none of these jobs is there: nobody would ever ask the gateway again.
auto without_job(const sql::Query& query, std::vector<std::string_view> kinds) {
  return [&query, kinds = std::move(kinds)](Snapshot& db, const sql::Invariant::Violated& violated) {
    std::set<std::int64_t> with_job;
    for (const std::string_view kind : kinds) payments_of_jobs(db, kind, with_job);
    for (const std::int64_t id : db.all<std::int64_t>(query))
      if (!with_job.contains(id)) violated(id);
  };
}

}  // namespace

std::vector<sql::Invariant> invariants() {
  return {
      sql::invariant("billing.captured", "payment", q::check_captured,
                     "Captured money is settled or given back in the transaction that hears of it."),
      sql::invariant("billing.one", "payable", q::check_one, "Nothing is paid for twice."),
      {"billing.asked", "A job asks the gateway about every payment that is open.", "payment",
       without_job(q::check_requested, {"billing.send_payment", "billing.poll_payment"})},
      {"billing.refund", "A job gives back whatever is to be given back.", "payment",
       without_job(q::check_refund_due, {"billing.send_refund"})},
  };
}

std::vector<SettledPayable> payables_settled(Snapshot& db, std::string_view payable_kind) {
  return db.all<SettledPayable>(q::check_settled, payable_kind);
}

}  // namespace fairward::billing
