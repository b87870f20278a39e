// The Billing of make_billing: its parts are in payments.cpp (what a payment becomes), jobs.cpp (towards the gateway),
// webhooks.cpp (from the gateway) and routes.cpp.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "modules/billing/api.h"
#include "modules/billing/billing.h"
#include "modules/billing/gateway.h"
#include "modules/billing/rules.h"
#include "modules/billing/store.h"
#include "platform/crypto/crypto.h"

namespace fairward::billing {

// What the gateway says of a payment, by webhook or when asked.
struct GatewayAnswer {
  PaymentEvent event = PaymentEvent::captured;  // captured | failed | refund_done
  std::string gateway_id;
  std::int64_t amount_minor = 0;
  std::string currency;
};

// A webhook whose signature was found good.
struct GatewayMessage {
  std::string webhook_id;
  std::string reference;
  GatewayAnswer answer;
};

// The ids in a job's payload; and what its inside step locks.
struct PaymentJob {
  PaymentId payment_id;
  std::optional<std::int64_t> locks;
};
BOOST_DESCRIBE_STRUCT(PaymentJob, (), (payment_id, locks))

// A payment's reference: random, and after a dash the key of what its answer locks, so that a message of the gateway
// tells it before any transaction.
std::string reference_of(std::string random, std::int64_t lock_key);
std::int64_t lock_key_of(std::string_view reference);  // 0: it has none

class BillingService final : public Billing {
 public:
  BillingService(sql::Engine& engine, BillingOptions options, http::Client& client);

  void routes(api::Routes& routes) override;
  void jobs(jobs::Jobs& jobs) override;
  void payable(std::string kind, OnCaptured captured, OnFailed failed, LockKey locks = {}) override;
  void on_refunded(std::function<void(Txn&, Call&, const Payment&)> listener) override {
    refunded_ = std::move(listener);
  }
  Result<Payment> payment_request(Txn& txn, Call& call, const PaymentRequest& request) override;
  void payment_refund(Txn& txn, Call& call, std::string_view payable_kind, std::int64_t payable_id) override;

  // Routes. Errors of the webhook: signature_invalid, webhook_invalid, payment_not_found.
  Result<PaymentView> payment_get(Snapshot& db, Call& call, const PaymentGet& query);
  Result<GatewayMessage> webhook_prepare(api::Outside& outside, Call& call, const api::Empty&);
  Result<NoContent> webhook(Txn& txn, Call& call, const api::Empty&, GatewayMessage& message);

 private:
  struct Owner {
    OnCaptured captured;
    OnFailed failed;
    LockKey locks;  // may be empty
  };

  // payments.cpp
  const Owner& owner_of(const PaymentRow& payment) const;
  void gateway_answered(Txn& txn, Call& call, PaymentRow payment, const GatewayAnswer& answer);
  void captured(Txn& txn, Call& call, PaymentRow& payment, const GatewayAnswer& answer);
  Settlement settlement_of(Txn& txn, Call& call, const PaymentRow& payment, const GatewayAnswer& answer);
  void not_paid(Txn& txn, Call& call, PaymentRow& payment, PaymentEvent event);
  void refund_due(Txn& txn, Call& call, PaymentRow& payment);
  static void store(Txn& txn, const PaymentRow& payment);

  // jobs.cpp
  static void enqueue(Txn& txn, std::string_view kind, const PaymentRow& payment, Instant due_at, const Call& call);
  std::vector<std::string> ask_gateway(std::span<const jobs::Job> jobs, GatewayQuestion question);
  jobs::End send_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result);
  jobs::End poll_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result);
  jobs::End refund_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result);
  jobs::End send_failed(Txn& txn, Call& call, const jobs::Job& job, PaymentRow& payment);
  void sent(Txn& txn, Call& call, PaymentRow& payment, const GatewayReply& reply);

  sql::Engine& engine_;
  const BillingOptions options_;
  Gateway gateway_;
  std::optional<crypto::WebhookSecret> secret_;  // empty when no gateway is named
  std::map<std::string, Owner, std::less<>> owners_;
  std::function<void(Txn&, Call&, const Payment&)> refunded_;
};

}  // namespace fairward::billing
