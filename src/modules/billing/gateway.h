// The payment gateway as billing calls it: three requests, each idempotent by the payment's reference. Blocking; for
// the outside steps of jobs only. Its webhooks come in through webhooks.cpp.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>

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

class Gateway {
 public:
  Gateway(const BillingOptions& options, http::Client& client);
  GatewayReply pay(const PaymentRow& payment);
  GatewayReply find(const PaymentRow& payment);
  GatewayReply refund(const PaymentRow& payment);

 private:
  GatewayReply call(http::Method method, const std::string& path, std::string body, const PaymentRow& payment,
                    std::string idempotency_key);

  http::Client& client_;
  std::string url_;  // without a slash at the end
  std::string callback_url_;
  std::string authorization_;
};

}  // namespace fairward::billing
