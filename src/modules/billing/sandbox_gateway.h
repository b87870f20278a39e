// A payment gateway to try the product with: takes payments, decides as told, sends signed webhooks that it doubles,
// delays and loses. No real money. Keeps everything in memory. SandboxGateway is the whole behaviour in one thread,
// without sockets, for tests and the simulation; run_sandbox_gateway puts it behind a port of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "modules/billing/gateway_messages.h"
#include "platform/clock/clock.h"
#include "platform/crypto/crypto.h"
#include "platform/http/http.h"

namespace fairward::billing {

struct SandboxRules {
  std::string secret;                          // "whsec_…", the same as BillingOptions::gateway_secret
  Duration webhook_delay = milliseconds(200);  // from the request to the decision and its webhook
  Duration late_after = seconds(10);           // outcome "late": captured that long after expires_at
  double duplicate_probability = 0;            // of a webhook: sent twice, under the same id
  double loss_probability = 0;                 // of a webhook: never sent
  std::size_t payments_max = 1'000'000;        // above: 503
};

// A webhook that is to be sent now.
struct SandboxDelivery {
  http::OutgoingRequest request;  // signed at the time it was taken
  std::string webhook_id;
  std::string callback_url;
  std::string body;
  int tries = 0;      // before this one
  std::string trace;  // traceparent of whoever asked for the payment; "" for none
};

//   POST /payments {reference, amount_minor, currency, outcome?, expires_at, callback_url}   202 payment; the same
//        reference again: the same payment (409 if it asks for something else); 422 when expires_at has passed
//   GET  /payments/{reference}                                                               200 payment | 404
//   POST /refunds {reference}      200 payment, once and for all; 409 when nothing was captured | 404
//   GET  /totals                   200 {captured_minor, refunded_minor, payments, refunds}; needs no key
// All but the last need `Authorization: Bearer <gateway_api_key(secret)>`: else 401.
class SandboxGateway {
 public:
  // Throws std::invalid_argument when the secret is not one.
  SandboxGateway(SandboxRules rules, const Clock& clock, Entropy& entropy);

  http::Response handle(const http::Request& request);
  // The webhooks whose time has come. Each is reported back by delivered(); until then it is not due again.
  std::vector<SandboxDelivery> take_due();
  // Not accepted: sent again after 1 s, 2 s, 4 s …, ten times in all.
  void delivered(const SandboxDelivery& delivery, bool is_accepted);
  // When the next decision or webhook is due; the end of time when there is none.
  Instant next_due() const;
  // Of everything that was decided up to now.
  GatewayTotals totals();

 private:
  struct Record {
    GatewayPayment payment;
    GatewayPaymentRequest request;
    Instant decides_at;
    std::string trace;
  };
  struct Webhook {
    std::string id;
    std::string callback_url;
    std::string body;
    int tries = 0;
    std::string trace;
  };

  bool is_authorized(const http::Request& request) const;
  http::Response payment_create(const http::Request& asked);
  http::Response payment_get(const std::string& reference);
  http::Response refund_create(const std::string& body);
  http::Response payment_again(const Record& known, const GatewayPaymentRequest& request) const;
  void payment_add(const GatewayPaymentRequest& request, std::string_view trace);
  Instant decision_time(const GatewayPaymentRequest& request) const;
  void decide_due();
  void decide(Record& record);
  void webhook_add(const Record& record);
  bool chance(double probability);

  const SandboxRules rules_;
  const Clock& clock_;
  Entropy& entropy_;
  const crypto::WebhookSecret secret_;
  const std::string authorization_;
  std::map<std::string, Record> payments_;         // by reference
  std::multimap<Instant, std::string> undecided_;  // references by decision time
  std::multimap<Instant, Webhook> webhooks_;       // by due time
  GatewayTotals totals_;
  std::int64_t last_id_ = 0;
};

struct SandboxGatewayOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 9090;
  std::string secret;
  std::int64_t webhook_delay_ms = 200;
  std::int64_t late_after_ms = 10'000;
  double duplicate_probability = 0;
  double loss_probability = 0;
  std::uint64_t seed = 0;                         // of the chances; 0: unpredictable
  std::function<void(const std::string&)> print;  // one line when it listens
};
// Serves until SIGINT or SIGTERM. The main of a program of its own: 0 at the end, 3 when the options are wrong, 4 when
// the address cannot be had.
int run_sandbox_gateway(const SandboxGatewayOptions& options);

// The same, as an object: serves from construction to destruction.
class SandboxGatewayServer {
 public:
  // Throws std::invalid_argument and std::system_error.
  explicit SandboxGatewayServer(const SandboxGatewayOptions& options);
  ~SandboxGatewayServer();
  std::uint16_t port() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fairward::billing
