// What a payment becomes: requested by the owner of a payable, answered by the gateway, kept or given back.
#include <charconv>
#include <stdexcept>

#include "base/check.h"
#include "modules/billing/errors.h"
#include "modules/billing/service.h"
#include "platform/log/log.h"

namespace fairward::billing {
namespace {

constexpr std::size_t reference_bytes = 18;  // 144 bits: cannot be guessed, and never the same twice
constexpr std::size_t reference_random_length = reference_bytes / 3 * 4;

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_sandbox_outcome(std::string_view text) {
  return text.empty() || text == "success" || text == "fail" || text == "late";
}

Result<void> request_check(const PaymentRequest& request) {
  if (request.method != "sandbox") return fail(method_unknown, {{"/method", "Only \"sandbox\" is offered."}});
  if (!is_sandbox_outcome(request.sandbox_outcome))
    return fail(outcome_unknown, {{"/outcome", "One of success, fail, late."}});
  const Money& amount = request.amount;
  if (amount.amount_minor < 1 || amount.amount_minor > gateway_amount_minor_max || !is_currency(amount.currency))
    return fail(amount_invalid);
  return {};
}

Result<Payment> open_or_paid(const PaymentRow& open) {
  if (open.status != PaymentStatus::requested) return fail(already_paid);
  return to_payment(open);
}

std::string_view event_kind(PaymentStatus status) {
  switch (status) {
    case PaymentStatus::requested: return "billing.payment_requested";
    case PaymentStatus::captured: return "billing.payment_captured";
    case PaymentStatus::settled: return "billing.payment_settled";
    case PaymentStatus::failed: return "billing.payment_failed";
    case PaymentStatus::refund_due: return "billing.refund_due";
    case PaymentStatus::refunded: return "billing.payment_refunded";
  }
  FAIRWARD_CHECK(false);
}

// Whoever follows the payable hears of its payment.
void emit(Txn& txn, const PaymentRow& payment) {
  txn.emit({payment.payable_kind + "/" + std::to_string(payment.payable_id), std::string(event_kind(payment.status)),
            "{\"payment_id\":" + std::to_string(payment.id.value) + "}"});
}

}  // namespace

BillingService::BillingService(sql::Engine& engine, BillingOptions options, http::Client& client)
    : engine_(engine), options_(std::move(options)), gateway_(options_, client) {
  if (options_.gateway_url.empty()) return;
  secret_ = crypto::WebhookSecret::parse(options_.gateway_secret);
  if (!secret_)
    throw std::invalid_argument("the payment gateway's secret must be whsec_ and base64 of at least 24 bytes");
}

std::unique_ptr<Billing> make_billing(sql::Engine& engine, BillingOptions options, http::Client& client) {
  return std::make_unique<BillingService>(engine, std::move(options), client);
}

void BillingService::payable(std::string kind, OnCaptured captured, OnFailed failed, LockKey locks) {
  FAIRWARD_CHECK(captured && failed);
  Owner owner{std::move(captured), std::move(failed), std::move(locks)};
  FAIRWARD_CHECK(owners_.emplace(std::move(kind), std::move(owner)).second);
}

std::string reference_of(std::string random, std::int64_t lock_key) {
  return lock_key == 0 ? random : random + "-" + std::to_string(lock_key);
}

std::int64_t lock_key_of(std::string_view reference) {
  std::int64_t key = 0;
  if (reference.size() > reference_random_length && reference[reference_random_length] == '-')
    std::from_chars(reference.data() + reference_random_length + 1, reference.data() + reference.size(), key);
  return std::max<std::int64_t>(key, 0);
}

// A bug of the composition; thrown before anything is written, so the gateway's message is heard again later.
const BillingService::Owner& BillingService::owner_of(const PaymentRow& payment) const {
  const auto owner = owners_.find(payment.payable_kind);
  if (owner == owners_.end())
    throw std::logic_error("billing: nobody owns payables of the kind " + payment.payable_kind);
  return owner->second;
}

Result<Payment> BillingService::payment_request(Txn& txn, Call& call, const PaymentRequest& request) {
  if (!secret_) return fail(payments_not_offered);
  FAIRWARD_TRY(request_check(request));
  const auto owner = owners_.find(request.payable_kind);
  FAIRWARD_CHECK(owner != owners_.end());
  if (const auto open = payment_lock_open(txn, request.payable_kind, request.payable_id)) return open_or_paid(*open);
  const std::int64_t lock_key = owner->second.locks ? owner->second.locks(request.payable_id) : 0;
  const std::string reference = reference_of(call.random->token(reference_bytes), lock_key);
  const auto id = payment_insert(txn, request, reference, call.now);
  if (!id) {  // another transaction was faster
    const auto open = payment_lock_open(txn, request.payable_kind, request.payable_id);
    if (!open) throw sql::Error(sql::Error::Kind::busy_retry, "billing_payment: the open payment came and went");
    return open_or_paid(*open);
  }
  const auto payment = payment_find(txn, *id);
  emit(txn, *payment);
  enqueue(txn, "billing.send_payment", *payment, call.now, call);
  return to_payment(*payment);
}

void BillingService::payment_refund(Txn& txn, Call& call, std::string_view payable_kind, std::int64_t payable_id) {
  auto payment = payment_lock_open(txn, payable_kind, payable_id);
  if (payment && payment->status == PaymentStatus::settled) refund_due(txn, call, *payment);
}

void BillingService::gateway_answered(Txn& txn, Call& call, PaymentRow payment, const GatewayAnswer& answer) {
  if (!payment_transition(payment.status, answer.event)) return;
  payment.gateway_id = answer.gateway_id;
  payment.answered_at = call.now;
  if (answer.event == PaymentEvent::captured) return captured(txn, call, payment, answer);
  if (answer.event == PaymentEvent::refund_done) payment.captured_at = payment.captured_at.value_or(call.now);
  if (answer.event == PaymentEvent::refund_done) payment.refunded_at = call.now;
  not_paid(txn, call, payment, answer.event);
}

// The owner is asked and the answer stored in one step: no transaction leaves a payment merely captured.
void BillingService::captured(Txn& txn, Call& call, PaymentRow& payment, const GatewayAnswer& answer) {
  payment.status = PaymentStatus::captured;
  payment.captured_at = call.now;
  if (settlement_of(txn, call, payment, answer) == Settlement::refund) return refund_due(txn, call, payment);
  auto other = payment_lock_open(txn, payment.payable_kind, payment.payable_id);
  if (other && other->id != payment.id) {  // a second try to pay is under way; should it be captured, it is given back
    other->status = *payment_transition(other->status, PaymentEvent::given_up);
    store(txn, *other);
  }
  payment.status = *payment_transition(payment.status, PaymentEvent::kept);
  store(txn, payment);
}

Settlement BillingService::settlement_of(Txn& txn, Call& call, const PaymentRow& payment, const GatewayAnswer& answer) {
  if (answer.amount_minor != payment.amount_minor || answer.currency != payment.currency) {
    log::error("billing: the gateway captured another amount than was asked; it is given back",
               {{"payment", static_cast<long long>(payment.id.value)}});
    return Settlement::refund;
  }
  const auto other = payment_lock_open(txn, payment.payable_kind, payment.payable_id);
  if (other && other->id != payment.id && other->status != PaymentStatus::requested)
    return Settlement::refund;  // paid already
  return owner_of(payment).captured(txn, call, to_payment(payment));
}

// failed, given_up, or refunded by hand at the gateway: the owner hears of it if it still waited for the money.
void BillingService::not_paid(Txn& txn, Call& call, PaymentRow& payment, PaymentEvent event) {
  const auto next = payment_transition(payment.status, event);
  if (!next) return;
  const bool was_open = payment.status == PaymentStatus::requested;
  payment.status = *next;
  store(txn, payment);
  if (was_open) owner_of(payment).failed(txn, call, to_payment(payment));
  if (payment.status == PaymentStatus::refunded && refunded_) refunded_(txn, call, to_payment(payment));
}

// The job that gives the money back is enqueued with the only transition that leads here: never twice.
void BillingService::refund_due(Txn& txn, Call& call, PaymentRow& payment) {
  payment.status = *payment_transition(payment.status, PaymentEvent::refund_asked);
  store(txn, payment);
  enqueue(txn, "billing.send_refund", payment, call.now, call);
}

void BillingService::store(Txn& txn, const PaymentRow& payment) {
  payment_update(txn, payment);
  emit(txn, payment);
}

}  // namespace fairward::billing
