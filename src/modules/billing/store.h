// Payments in the database; the only caller of billing's SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/billing/billing.h"
#include "platform/sql/sql.h"

namespace fairward::billing {

// One row of billing_payment, in the order of the queries' columns.
struct PaymentRow {
  PaymentId id;
  std::string payable_kind;
  std::int64_t payable_id = 0;
  UserId payer;
  std::optional<HospitalId> hospital;
  PaymentStatus status = PaymentStatus::requested;
  std::string method;
  std::int64_t amount_minor = 0;
  std::string currency;
  std::string gateway_reference;  // random; ours towards the gateway, and our idempotency key there
  std::string gateway_id;         // the gateway's own; "" until it answered
  std::string sandbox_outcome;
  Instant expires_at;
  Instant requested_at;
  std::optional<Instant> answered_at;
  std::optional<Instant> captured_at;
  std::optional<Instant> refunded_at;
  std::int64_t version = 1;
};

Payment to_payment(const PaymentRow& row);

std::optional<PaymentRow> payment_find(Snapshot& db, PaymentId id);
// The same rows, locked until the end of the transaction where several may write at a time.
std::optional<PaymentRow> payment_lock(Txn& txn, PaymentId id);
std::optional<PaymentRow> payment_lock_by_reference(Txn& txn, std::string_view reference);
std::optional<PaymentRow> payment_lock_open(Txn& txn, std::string_view payable_kind, std::int64_t payable_id);

// nullopt when the payable has an open or kept payment already.
std::optional<PaymentId> payment_insert(Txn& txn, const PaymentRequest& request, std::string_view reference,
                                        Instant now);
// Writes status, gateway_id and the times; the row must be as it was read.
void payment_update(Txn& txn, const PaymentRow& row);

// False when the message was heard before.
bool message_is_new(Txn& txn, std::string_view webhook_id, Instant now);
void messages_prune(Txn& txn, Instant before);

// Captured money that has not come to its end; empty when nothing is under way.
struct UnsettledPayment {
  PaymentId id;
  PaymentStatus status = PaymentStatus::captured;
  Instant captured_at;
};
std::vector<UnsettledPayment> payments_unsettled(Snapshot& db);

}  // namespace fairward::billing
