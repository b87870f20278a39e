// Payments through a gateway outside: requested, captured or failed, refunded. Knows nothing of appointments: what is
// paid for is a payable (kind and id), whose owner decides whether a captured payment is kept or given back.
#pragma once

#include <boost/describe/enum.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/api/call.h"
#include "platform/api/routes.h"
#include "platform/http/http.h"
#include "platform/jobs/jobs.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::billing {

// requested: sent or to be sent to the gateway, its answer is open. Every captured payment ends as settled
// (the payable took it) or goes refund_due → refunded.
enum class PaymentStatus : std::uint8_t { requested, captured, settled, failed, refund_due, refunded };
BOOST_DESCRIBE_ENUM(PaymentStatus, requested, captured, settled, failed, refund_due, refunded)
std::string_view sql_text(PaymentStatus status);
PaymentStatus sql_parse(std::string_view text, PaymentStatus*);

struct Payment {
  PaymentId id;
  std::string payable_kind;  // "appointment"
  std::int64_t payable_id = 0;
  UserId payer;
  PaymentStatus status = PaymentStatus::requested;
  std::string method;  // "sandbox"
  std::int64_t amount_minor = 0;
  std::string currency;
  Instant requested_at;
};

struct PaymentRequest {
  std::string payable_kind;
  std::int64_t payable_id = 0;
  UserId payer;
  std::string method;
  Money amount;
  Instant expires_at;           // told to the gateway: the sandbox's "late" answers after it
  std::string sandbox_outcome;  // "success" | "fail" | "late"; "" = success
  HospitalId hospital;          // whose staff may see the payment; 0: nobody but the payer and the platform
};

// What the owner of the payable says to captured money.
enum class Settlement : std::uint8_t { settled, refund };
using OnCaptured = std::function<Settlement(Txn&, Call&, const Payment&)>;
using OnFailed = std::function<void(Txn&, Call&, const Payment&)>;
// The key of the rows that OnCaptured locks (sql::Engine::lock_first), of a payable's id; 0: none.
using LockKey = std::function<std::int64_t(std::int64_t)>;

class Billing {
 public:
  virtual ~Billing() = default;
  virtual void routes(api::Routes& routes) = 0;
  virtual void jobs(jobs::Jobs& jobs) = 0;
  // Tells the owner of a payable kind, in the same transaction that records the gateway's answer. Every kind that is
  // requested must have an owner on every node that hears the gateway. The Call is of Role::system.
  virtual void payable(std::string kind, OnCaptured captured, OnFailed failed, LockKey locks = {}) = 0;
  // Called in the transaction that hears that money went back. Wired by src/app.
  virtual void on_refunded(std::function<void(Txn&, Call&, const Payment&)> listener) = 0;
  // Stores the request and the job that carries it to the gateway. Returns the open payment when one is already
  // requested for the payable (paying twice is not possible). Errors, in this order: payments_not_offered,
  // method_unknown, outcome_unknown, amount_invalid, already_paid.
  virtual Result<Payment> payment_request(Txn& txn, Call& call, const PaymentRequest& request) = 0;
  // Gives back all that was settled for the payable, if anything; refund by job. What is still requested is not
  // touched:
  // should it be captured, the owner is asked.
  virtual void payment_refund(Txn& txn, Call& call, std::string_view payable_kind, std::int64_t payable_id) = 0;
};

struct BillingOptions {
  std::string gateway_url;     // "http://127.0.0.1:9090"; empty: payments are refused with 503
  std::string gateway_secret;  // "whsec_<base64 of at least 24 bytes>": signs webhooks; the API key is derived from it
  std::string callback_url;    // where the gateway sends its webhooks
};
// Throws std::invalid_argument when a gateway is named and its secret is not one.
std::unique_ptr<Billing> make_billing(sql::Engine& engine, BillingOptions options, http::Client& client);

// The payment of the payable that counts: the one that is open or kept, else the newest.
std::optional<Payment> payment_of(Snapshot& db, std::string_view payable_kind, std::int64_t payable_id);

// What must hold of payments in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();
// What was paid for and is kept, in the order of the payables.
struct SettledPayable {
  std::int64_t id = 0, amount_minor = 0;
};
std::vector<SettledPayable> payables_settled(Snapshot& db, std::string_view payable_kind);

}  // namespace fairward::billing
