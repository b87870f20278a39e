// What the gateway tells by webhook: signed, perhaps twice, perhaps out of order, perhaps never (then jobs.cpp asks).
#include "modules/billing/errors.h"
#include "modules/billing/service.h"
#include "platform/api/codec.h"
#include "platform/http/http.h"
#include "platform/log/log.h"

namespace fairward::billing {
namespace {

constexpr std::size_t webhook_id_bytes_max = 128;

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<GatewayMessage> message_of(const crypto::WebhookHeaders& headers, const std::string& body) {
  const auto event = api::decode<GatewayEvent>(body);
  if (!event) return fail(webhook_invalid);
  const bool is_captured = event->type == event_captured;
  if (!is_captured && event->type != event_failed) return fail(webhook_invalid);
  const PaymentEvent said = is_captured ? PaymentEvent::captured : PaymentEvent::failed;
  return GatewayMessage{headers.id, event->reference, {said, event->gateway_id, event->amount_minor, event->currency}};
}

}  // namespace

// Before any transaction: whoever cannot sign costs no write.
Result<GatewayMessage> BillingService::webhook_prepare(api::Outside&, Call& call, const api::Empty&) {
  const http::Request& request = *call.raw;
  const crypto::WebhookHeaders headers{std::string(request.header("webhook-id")),
                                       std::string(request.header("webhook-timestamp")),
                                       std::string(request.header("webhook-signature"))};
  const bool is_id = !headers.id.empty() && headers.id.size() <= webhook_id_bytes_max && is_printable(headers.id);
  if (!secret_ || !is_id || !secret_->verify(headers, request.body, call.now)) return fail(signature_invalid);
  auto message = message_of(headers, request.body);
  if (message && message->answer.event == PaymentEvent::captured) call.lock_key = lock_key_of(message->reference);
  return message;
}

Result<NoContent> BillingService::webhook(Txn& txn, Call& call, const api::Empty&, GatewayMessage& message) {
  call.caller = {};  // the signature made the caller the gateway: the product itself acts from here
  call.caller.role = api::Role::system;
  call.scope = api::Scope::all;
  if (!message_is_new(txn, message.webhook_id, call.now)) return NoContent{};
  const auto payment = payment_lock_by_reference(txn, message.reference);
  if (!payment) {
    log::error("billing: the gateway speaks of a payment that is not ours");
    return fail(payment_not_found);
  }
  call.concerns(payment->payer);
  gateway_answered(txn, call, *payment, message.answer);
  return NoContent{};
}

}  // namespace fairward::billing
