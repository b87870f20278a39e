// Payments in the database.
#include "modules/billing/store.h"

#include <stdexcept>

#include "base/check.h"
#include "sql/billing.h"

namespace fairward::billing {

std::string_view sql_text(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::requested: return "requested";
    case PaymentStatus::captured: return "captured";
    case PaymentStatus::settled: return "settled";
    case PaymentStatus::failed: return "failed";
    case PaymentStatus::refund_due: return "refund_due";
    case PaymentStatus::refunded: return "refunded";
  }
  FAIRWARD_CHECK(false);
}

PaymentStatus sql_parse(std::string_view text, PaymentStatus*) {
  for (const auto status : {PaymentStatus::requested, PaymentStatus::captured, PaymentStatus::settled,
                            PaymentStatus::failed, PaymentStatus::refund_due, PaymentStatus::refunded})
    if (sql_text(status) == text) return status;
  throw std::runtime_error("billing_payment: a status that the schema does not know");
}

Payment to_payment(const PaymentRow& row) {
  return {row.id,     row.payable_kind, row.payable_id, row.payer,       row.status,
          row.method, row.amount_minor, row.currency,   row.requested_at};
}

std::optional<Payment> payment_of(Snapshot& db, std::string_view payable_kind, std::int64_t payable_id) {
  return db.one<Payment>(sql_queries::payment_of_payable, payable_kind, payable_id);
}

std::optional<PaymentRow> payment_find(Snapshot& db, PaymentId id) {
  return db.one<PaymentRow>(sql_queries::payment_get, id);
}

std::optional<PaymentRow> payment_lock(Txn& txn, PaymentId id) {
  return txn.one<PaymentRow>(sql_queries::payment_get_locked, id);
}

std::optional<PaymentRow> payment_lock_by_reference(Txn& txn, std::string_view reference) {
  return txn.one<PaymentRow>(sql_queries::payment_by_reference_locked, reference);
}

std::optional<PaymentRow> payment_lock_open(Txn& txn, std::string_view payable_kind, std::int64_t payable_id) {
  return txn.one<PaymentRow>(sql_queries::payment_open_locked, payable_kind, payable_id);
}

std::optional<PaymentId> payment_insert(Txn& txn, const PaymentRequest& request, std::string_view reference,
                                        Instant now) {
  const auto hospital = request.hospital ? std::optional(request.hospital) : std::nullopt;
  return txn.one<PaymentId>(sql_queries::payment_insert, request.payable_kind, request.payable_id, request.payer,
                            hospital, request.method, request.amount.amount_minor, request.amount.currency, reference,
                            request.sandbox_outcome, request.expires_at, now);
}

void payment_update(Txn& txn, const PaymentRow& row) {
  const auto changed = txn.exec(sql_queries::payment_update, row.id, row.version, row.status, row.gateway_id,
                                row.answered_at, row.captured_at, row.refunded_at);
  if (changed != 1) throw std::logic_error("billing_payment: a locked row changed under its transaction");
}

bool message_is_new(Txn& txn, std::string_view webhook_id, Instant now) {
  return txn.exec(sql_queries::message_insert, webhook_id, now) == 1;
}

void messages_prune(Txn& txn, Instant before) { txn.exec(sql_queries::message_prune, before); }

std::vector<UnsettledPayment> payments_unsettled(Snapshot& db) {
  return db.all<UnsettledPayment>(sql_queries::unsettled);
}

}  // namespace fairward::billing
