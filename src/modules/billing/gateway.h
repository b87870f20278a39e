// The payment gateway as billing calls it: three requests, each idempotent by the payment's reference, and many of them
// side by side. Blocking; for the outside steps of jobs only. Its webhooks come in through webhooks.cpp.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "modules/billing/billing.h"
#include "modules/billing/gateway_messages.h"
#include "modules/billing/rules.h"
#include "modules/billing/store.h"
#include "platform/http/http.h"

namespace fairward::billing {

// What came back; a job carries it as JSON from its outside to its inside step.
struct GatewayReply {
  std::int64_t http_status = 0;           // 0: no answer
  std::optional<GatewayPayment> payment;  // when the answer was a payment of the reference that was asked for
};
BOOST_DESCRIBE_STRUCT(GatewayReply, (), (http_status, payment))

GatewayView gateway_view(const GatewayReply& reply);

enum class GatewayQuestion : std::uint8_t { pay, find, refund };

class Gateway {
 public:
  Gateway(const BillingOptions& options, http::Client& client);
  // Asks the same of all, each with its W3C traceparent; the replies in the order of the payments.
  std::vector<GatewayReply> ask(GatewayQuestion question, std::span<const PaymentRow> payments,
                                std::span<const std::string> traces);

 private:
  http::OutgoingRequest request_of(GatewayQuestion question, const PaymentRow& payment) const;
  http::OutgoingRequest pay(const PaymentRow& payment) const;
  http::OutgoingRequest find(const PaymentRow& payment) const;
  http::OutgoingRequest refund(const PaymentRow& payment) const;
  http::OutgoingRequest request(http::Method method, const std::string& path, std::string body,
                                std::string idempotency_key) const;

  http::Client& client_;
  std::string url_;  // without a slash at the end
  std::string callback_url_;
  std::string authorization_;
};

}  // namespace fairward::billing
