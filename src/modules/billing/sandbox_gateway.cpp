// What the sandbox gateway does; its port is in sandbox_server.cpp.
#include "modules/billing/sandbox_gateway.h"

#include <algorithm>
#include <stdexcept>

#include "platform/api/codec.h"
#include "platform/api/trace.h"

namespace fairward::billing {
namespace {

constexpr int webhook_tries_max = 10;
constexpr Duration webhook_backoff_first = seconds(1);
constexpr std::int64_t duplicate_delay_ms_max = 2'000;

crypto::WebhookSecret secret_of(const std::string& text) {
  auto secret = crypto::WebhookSecret::parse(text);
  if (!secret)
    throw std::invalid_argument("the sandbox gateway's secret must be whsec_ and base64 of at least 24 bytes");
  return *secret;
}

http::Response json_reply(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = std::move(body);
  return response;
}

template <class T>
http::Response reply(int status, const T& value) {
  std::string body;
  api::encode(body, value);
  return json_reply(status, std::move(body));
}

http::Response refusal(int status, std::string_view reason) {
  std::string body = "{\"error\":";
  api::encode_text(body, reason);
  return json_reply(status, body + "}");
}

bool is_reference(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_currency(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_callback(std::string_view url) { return url.starts_with("http://") || url.starts_with("https://"); }

bool is_well_formed(const GatewayPaymentRequest& request) {
  return is_reference(request.reference.value) && is_currency(request.currency.value) &&
         is_callback(request.callback_url.value);
}

bool is_same(const GatewayPaymentRequest& a, const GatewayPaymentRequest& b) {
  return a.amount_minor.value == b.amount_minor.value && a.currency == b.currency && a.outcome == b.outcome &&
         a.expires_at == b.expires_at && a.callback_url == b.callback_url;
}

}  // namespace

SandboxGateway::SandboxGateway(SandboxRules rules, const Clock& clock, Entropy& entropy)
    : rules_(std::move(rules)),
      clock_(clock),
      entropy_(entropy),
      secret_(secret_of(rules_.secret)),
      authorization_("Bearer " + gateway_api_key(rules_.secret)) {}

http::Response SandboxGateway::handle(const http::Request& request) {
  constexpr std::string_view one_payment = "/payments/";
  decide_due();
  const bool is_post = request.method == http::Method::post;
  const bool is_get = request.method == http::Method::get;
  if (is_get && request.target == "/totals") return reply(200, totals());
  if (!is_authorized(request)) return refusal(401, "the key is missing or wrong");
  if (is_post && request.target == "/payments") return payment_create(request);
  if (is_post && request.target == "/refunds") return refund_create(request.body);
  if (is_get && request.target.starts_with(one_payment)) return payment_get(request.target.substr(one_payment.size()));
  return refusal(404, "there is nothing here");
}

bool SandboxGateway::is_authorized(const http::Request& request) const {
  return crypto::equal_constant_time(request.header("authorization"), authorization_);
}

http::Response SandboxGateway::payment_create(const http::Request& asked) {
  const auto request = api::decode<GatewayPaymentRequest>(asked.body);
  if (!request || !is_well_formed(*request)) return refusal(400, "the payment cannot be understood");
  if (const auto known = payments_.find(request->reference.value); known != payments_.end())
    return payment_again(known->second, *request);
  if (request->expires_at <= clock_.now()) return refusal(422, "the payment has expired");
  if (payments_.size() >= rules_.payments_max) return refusal(503, "the sandbox is full");
  payment_add(*request, asked.header("traceparent"));
  return reply(202, payments_.at(request->reference.value).payment);
}

http::Response SandboxGateway::payment_again(const Record& known, const GatewayPaymentRequest& request) const {
  if (!is_same(known.request, request)) return refusal(409, "the reference belongs to another payment");
  return reply(202, known.payment);
}

void SandboxGateway::payment_add(const GatewayPaymentRequest& request, std::string_view trace) {
  Record record;
  if (const auto sent = api::trace_parse(trace)) record.trace = api::traceparent_text(*sent);
  record.request = request;
  record.decides_at = decision_time(request);
  record.payment = {request.reference.value, "sandbox_" + std::to_string(++last_id_),
                    GatewayStatus::pending,  request.amount_minor.value,
                    request.currency.value,  std::nullopt};
  undecided_.emplace(record.decides_at, request.reference.value);
  payments_.emplace(request.reference.value, std::move(record));
  ++totals_.payments;
}

Instant SandboxGateway::decision_time(const GatewayPaymentRequest& request) const {
  const bool is_late = request.outcome == SandboxOutcome::late;
  return is_late ? request.expires_at + rules_.late_after : clock_.now() + rules_.webhook_delay;
}

http::Response SandboxGateway::payment_get(const std::string& reference) {
  const auto known = payments_.find(reference);
  return known == payments_.end() ? refusal(404, "there is no such payment") : reply(200, known->second.payment);
}

http::Response SandboxGateway::refund_create(const std::string& body) {
  const auto request = api::decode<GatewayRefundRequest>(body);
  if (!request) return refusal(400, "the refund cannot be understood");
  const auto known = payments_.find(request->reference.value);
  if (known == payments_.end()) return refusal(404, "there is no such payment");
  GatewayPayment& payment = known->second.payment;
  if (payment.status == GatewayStatus::captured) {
    payment.status = GatewayStatus::refunded;
    totals_.refunded_minor += payment.amount_minor;
    ++totals_.refunds;
  }
  if (payment.status != GatewayStatus::refunded) return refusal(409, "nothing was captured");
  return reply(200, payment);
}

void SandboxGateway::decide_due() {
  while (!undecided_.empty() && undecided_.begin()->first <= clock_.now()) {
    decide(payments_.at(undecided_.begin()->second));
    undecided_.erase(undecided_.begin());
  }
}

void SandboxGateway::decide(Record& record) {
  GatewayPayment& payment = record.payment;
  const bool is_captured = record.request.outcome != SandboxOutcome::fail;
  payment.status = is_captured ? GatewayStatus::captured : GatewayStatus::failed;
  if (is_captured) {
    payment.captured_at = record.decides_at;
    totals_.captured_minor += payment.amount_minor;
  }
  webhook_add(record);
}

void SandboxGateway::webhook_add(const Record& record) {
  const GatewayPayment& payment = record.payment;
  const auto type = payment.status == GatewayStatus::captured ? event_captured : event_failed;
  Webhook webhook{"msg_" + entropy_.token(16), record.request.callback_url.value, {}, 0, record.trace};
  api::encode(webhook.body, GatewayEvent{std::string(type), payment.reference, payment.gateway_id, payment.amount_minor,
                                         payment.currency});
  if (chance(rules_.loss_probability)) return;
  if (chance(rules_.duplicate_probability))
    webhooks_.emplace(
        record.decides_at + milliseconds(static_cast<std::int64_t>(entropy_.below(duplicate_delay_ms_max))), webhook);
  webhooks_.emplace(record.decides_at, std::move(webhook));
}

bool SandboxGateway::chance(double probability) {
  constexpr std::uint64_t parts = 1'000'000;
  return static_cast<double>(entropy_.below(parts)) < probability * static_cast<double>(parts);
}

std::vector<SandboxDelivery> SandboxGateway::take_due() {
  decide_due();
  const Instant now = clock_.now();
  std::vector<SandboxDelivery> due;
  while (!webhooks_.empty() && webhooks_.begin()->first <= now) {
    Webhook webhook = std::move(webhooks_.extract(webhooks_.begin()).mapped());
    const crypto::WebhookHeaders headers = secret_.sign(webhook.id, now, webhook.body);
    http::OutgoingRequest request{http::Method::post,
                                  webhook.callback_url,
                                  {{"Content-Type", "application/json"},
                                   {"webhook-id", headers.id},
                                   {"webhook-timestamp", headers.timestamp},
                                   {"webhook-signature", headers.signature}},
                                  webhook.body};
    if (!webhook.trace.empty()) request.headers.emplace_back("traceparent", webhook.trace);
    due.push_back({std::move(request), std::move(webhook.id), std::move(webhook.callback_url), std::move(webhook.body),
                   webhook.tries, std::move(webhook.trace)});
  }
  return due;
}

void SandboxGateway::delivered(const SandboxDelivery& delivery, bool is_accepted) {
  const int tries = delivery.tries + 1;
  if (is_accepted || tries >= webhook_tries_max) return;
  const Duration wait = webhook_backoff_first * (std::int64_t{1} << delivery.tries);
  webhooks_.emplace(clock_.now() + wait,
                    Webhook{delivery.webhook_id, delivery.callback_url, delivery.body, tries, delivery.trace});
}

Instant SandboxGateway::next_due() const {
  Instant next{INT64_MAX};
  if (!undecided_.empty()) next = undecided_.begin()->first;
  if (!webhooks_.empty()) next = std::min(next, webhooks_.begin()->first);
  return next;
}

GatewayTotals SandboxGateway::totals() {
  decide_due();
  return totals_;
}

}  // namespace fairward::billing
