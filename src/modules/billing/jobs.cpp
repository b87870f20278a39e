// The sagas towards the gateway: send the payment, ask what became of it (webhooks get lost), give the money back.
// Each is safe to run twice: the gateway is idempotent by our reference, the inside steps judge the payment's state.
#include <stdexcept>

#include "modules/billing/service.h"
#include "platform/api/codec.h"
#include "platform/log/log.h"

namespace fairward::billing {
namespace {

constexpr Duration send_backoff_max = seconds(10);  // the payer waits
constexpr Duration message_age_max = days(7);       // well above the signature's tolerance and the gateway's retries
constexpr std::string_view not_asked;               // result of an outside step that found nothing to ask

PaymentId payment_id_of(const jobs::Job& job) {
  const auto payload = api::decode<PaymentJob>(job.payload);
  if (!payload) throw std::logic_error("billing: a job whose payload cannot be read");
  return payload->payment_id;
}

GatewayReply reply_of(const std::string& result) {
  auto reply = api::decode<GatewayReply>(result);
  if (!reply) throw std::logic_error("billing: a job's own result cannot be read");
  return std::move(*reply);
}

GatewayAnswer answer_of(PaymentEvent event, const GatewayPayment& payment) {
  return {event, payment.gateway_id, payment.amount_minor, payment.currency};
}

std::string status_text(const GatewayReply& reply) {
  return reply.http_status == 0 ? std::string("no answer")
                                : "the gateway answered " + std::to_string(reply.http_status);
}

}  // namespace

void BillingService::jobs(jobs::Jobs& jobs) {
  jobs.handle(
      "billing.send_payment", [this](const jobs::Job& job) { return send_outside(job); },
      [this](Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
        return send_inside(txn, call, job, result);
      });
  jobs.handle(
      "billing.poll_payment", [this](const jobs::Job& job) { return poll_outside(job); },
      [this](Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
        return poll_inside(txn, call, job, result);
      });
  jobs.handle(
      "billing.send_refund", [this](const jobs::Job& job) { return refund_outside(job); },
      [this](Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
        return refund_inside(txn, call, job, result);
      });
  jobs.every("billing.prune_messages", hours(1), [this](Instant now) {
    engine_.write(
        0,
        [now](Txn& txn) {
          messages_prune(txn, now - message_age_max);
          return true;
        },
        [](sql::Outcome) {});
  });
}

void BillingService::enqueue(Txn& txn, std::string_view kind, PaymentId payment, Instant due_at, Instant now) {
  std::string payload;
  api::encode(payload, PaymentJob{payment});
  jobs::enqueue(txn, kind, due_at, payload, now);
}

std::optional<PaymentRow> BillingService::payment_of_job(const jobs::Job& job) {
  const PaymentId id = payment_id_of(job);
  std::optional<PaymentRow> payment;
  engine_.read_now([&](Snapshot& db) { payment = payment_find(db, id); });
  return payment;
}

// `ask` gives the gateway's reply, or nothing when the payment's state leaves nothing to ask.
template <class Ask>
std::string BillingService::ask_gateway(const jobs::Job& job, Ask ask) {
  const auto payment = payment_of_job(job);
  if (!payment) return std::string(not_asked);
  const std::optional<GatewayReply> reply = ask(*payment);
  std::string result(not_asked);
  if (reply) api::encode(result, *reply);
  return result;
}

std::string BillingService::send_outside(const jobs::Job& job) {
  return ask_gateway(job, [&](const PaymentRow& payment) {
    return payment.status == PaymentStatus::requested ? std::optional(gateway_.pay(payment)) : std::nullopt;
  });
}

jobs::End BillingService::send_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
  auto payment = payment_lock(txn, payment_id_of(job));
  if (!payment) return jobs::End::done();
  if (result == not_asked) {  // an earlier try of this job may have reached the gateway
    enqueue(txn, "billing.poll_payment", payment->id, call.now + poll_first_delay, call.now);
    return jobs::End::done();
  }
  const GatewayReply reply = reply_of(result);
  switch (send_answer(static_cast<int>(reply.http_status))) {
    case SendAnswer::accepted: sent(txn, call, *payment, reply); return jobs::End::done();
    case SendAnswer::refused:
      payment->answered_at = call.now;
      not_paid(txn, call, *payment, PaymentEvent::failed);
      return jobs::End::done();
    case SendAnswer::unclear: break;
  }
  if (call.now >= payment->expires_at) return send_failed(txn, call, job, *payment);
  const Instant again_at =
      std::min(call.now + std::min(jobs::backoff(job.attempts), send_backoff_max), payment->expires_at);
  return jobs::End::again(again_at, status_text(reply));
}

void BillingService::sent(Txn& txn, Call& call, PaymentRow& payment, const GatewayReply& reply) {
  if (reply.payment && payment.gateway_id != reply.payment->gateway_id) {
    payment.gateway_id = reply.payment->gateway_id;
    payment_update(txn, payment);
  }
  enqueue(txn, "billing.poll_payment", payment.id, call.now + poll_first_delay, call.now);
}

// Time is up. One of the tries may have arrived all the same: keep asking until the gateway knows for certain.
jobs::End BillingService::send_failed(Txn& txn, Call& call, const jobs::Job& job, PaymentRow& payment) {
  log::warning(
      "billing: a payment expired before the gateway took it",
      {{"payment", static_cast<long long>(payment.id.value)}, {"attempts", static_cast<long long>(job.attempts + 1)}});
  not_paid(txn, call, payment, PaymentEvent::given_up);
  enqueue(txn, "billing.poll_payment", payment.id, call.now + poll_first_delay, call.now);
  return jobs::End::done();
}

std::string BillingService::poll_outside(const jobs::Job& job) {
  return ask_gateway(job, [&](const PaymentRow& payment) {
    const bool is_open = payment.status == PaymentStatus::requested || payment.status == PaymentStatus::failed;
    return is_open ? std::optional(gateway_.find(payment)) : std::nullopt;
  });
}

jobs::End BillingService::poll_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
  auto payment = payment_lock(txn, payment_id_of(job));
  if (!payment || result == not_asked) return jobs::End::done();
  const GatewayReply reply = reply_of(result);
  switch (poll_step(payment->status, gateway_view(reply), call.now, payment->expires_at)) {
    case PollStep::close: break;
    case PollStep::wait: return jobs::End::again(call.now + poll_delay(job.attempts), status_text(reply));
    case PollStep::send_again: enqueue(txn, "billing.send_payment", payment->id, call.now, call.now); break;
    case PollStep::give_up: not_paid(txn, call, *payment, PaymentEvent::given_up); break;
    case PollStep::captured:
      gateway_answered(txn, call, *payment, answer_of(PaymentEvent::captured, *reply.payment));
      break;
    case PollStep::failed:
      gateway_answered(txn, call, *payment, answer_of(PaymentEvent::failed, *reply.payment));
      break;
    case PollStep::refund_done:
      gateway_answered(txn, call, *payment, answer_of(PaymentEvent::refund_done, *reply.payment));
      break;
  }
  return jobs::End::done();
}

std::string BillingService::refund_outside(const jobs::Job& job) {
  return ask_gateway(job, [&](const PaymentRow& payment) {
    return payment.status == PaymentStatus::refund_due ? std::optional(gateway_.refund(payment)) : std::nullopt;
  });
}

// Money is owed until the gateway says that it went back: this job has no last try.
jobs::End BillingService::refund_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
  auto payment = payment_lock(txn, payment_id_of(job));
  if (!payment || result == not_asked) return jobs::End::done();
  const GatewayReply reply = reply_of(result);
  if (gateway_view(reply) != GatewayView::refunded)
    return jobs::End::again(call.now + jobs::backoff(job.attempts), status_text(reply));
  gateway_answered(txn, call, *payment, answer_of(PaymentEvent::refund_done, *reply.payment));
  return jobs::End::done();
}

}  // namespace fairward::billing
