// The payment gateway as billing calls it.
#include "modules/billing/gateway.h"

#include "platform/api/codec.h"
#include "platform/log/log.h"

namespace fairward::billing {
namespace {

constexpr int gateway_timeout_ms = 10'000;  // below the lease of a job

std::string without_slash_at_end(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::optional<SandboxOutcome> outcome_of(const PaymentRow& payment) {
  if (payment.sandbox_outcome == "fail") return SandboxOutcome::fail;
  if (payment.sandbox_outcome == "late") return SandboxOutcome::late;
  return std::nullopt;
}

// Only a payment under our reference counts as an answer.
std::optional<GatewayPayment> payment_in(const http::OutgoingResponse& response, const PaymentRow& asked) {
  if (response.status < 200 || response.status >= 300) return std::nullopt;
  auto payment = api::decode<GatewayPayment>(response.body);
  if (!payment || payment->reference != asked.gateway_reference) return std::nullopt;
  return std::move(*payment);
}

}  // namespace

GatewayView gateway_view(const GatewayReply& reply) {
  if (reply.http_status == 404) return GatewayView::unknown;
  if (!reply.payment) return GatewayView::unreachable;
  switch (reply.payment->status) {
    case GatewayStatus::pending: return GatewayView::pending;
    case GatewayStatus::captured: return GatewayView::captured;
    case GatewayStatus::failed: return GatewayView::failed;
    case GatewayStatus::refunded: return GatewayView::refunded;
  }
  return GatewayView::unreachable;
}

Gateway::Gateway(const BillingOptions& options, http::Client& client)
    : client_(client),
      url_(without_slash_at_end(options.gateway_url)),
      callback_url_(options.callback_url),
      authorization_("Bearer " + gateway_api_key(options.gateway_secret)) {}

std::vector<GatewayReply> Gateway::ask(GatewayQuestion question, std::span<const PaymentRow> payments,
                                       std::span<const std::string> traces) {
  std::vector<http::OutgoingRequest> requests;
  for (std::size_t i = 0; i < payments.size(); ++i) {
    requests.push_back(request_of(question, payments[i]));
    if (!traces[i].empty()) requests.back().headers.emplace_back("traceparent", traces[i]);
  }
  const auto results = client_.call_many(requests);
  std::vector<GatewayReply> replies;
  for (std::size_t i = 0; i < payments.size(); ++i) {
    const auto& [response, why] = results[i];
    replies.push_back(response ? GatewayReply{response->status, payment_in(*response, payments[i])} : GatewayReply{});
    if (!response)
      log::warning("billing: the payment gateway does not answer",
                   {{"payment", static_cast<long long>(payments[i].id.value)}, {"error", why}});
  }
  return replies;
}

http::OutgoingRequest Gateway::request_of(GatewayQuestion question, const PaymentRow& payment) const {
  switch (question) {
    case GatewayQuestion::pay: return pay(payment);
    case GatewayQuestion::find: return find(payment);
    case GatewayQuestion::refund: break;
  }
  return refund(payment);
}

http::OutgoingRequest Gateway::pay(const PaymentRow& payment) const {
  GatewayPaymentRequest request;
  request.reference.value = payment.gateway_reference;
  request.amount_minor.value = payment.amount_minor;
  request.currency.value = payment.currency;
  request.outcome = outcome_of(payment);
  request.expires_at = payment.expires_at;
  request.callback_url.value = callback_url_;
  std::string body;
  api::encode(body, request);
  return this->request(http::Method::post, "/payments", std::move(body), payment.gateway_reference);
}

http::OutgoingRequest Gateway::find(const PaymentRow& payment) const {
  return request(http::Method::get, "/payments/" + http::url_encode(payment.gateway_reference), "", "");
}

http::OutgoingRequest Gateway::refund(const PaymentRow& payment) const {
  std::string body;
  api::encode(body, GatewayRefundRequest{{payment.gateway_reference}});
  return request(http::Method::post, "/refunds", std::move(body), "refund-" + payment.gateway_reference);
}

http::OutgoingRequest Gateway::request(http::Method method, const std::string& path, std::string body,
                                       std::string idempotency_key) const {
  http::OutgoingRequest request{method,
                                url_ + path,
                                {{"Authorization", authorization_}, {"Accept", "application/json"}},
                                std::move(body),
                                gateway_timeout_ms};
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!idempotency_key.empty()) request.headers.emplace_back("Idempotency-Key", std::move(idempotency_key));
  return request;
}

}  // namespace fairward::billing
