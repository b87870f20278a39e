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

// Only captured money leads to its owner's rows: the other answers must not wait for them.
std::int64_t captured_locks(const jobs::Job& job, const std::string& result) {
  const auto reply = api::decode<GatewayReply>(result);
  const auto payload = api::decode<PaymentJob>(job.payload);
  const bool is_captured = reply && payload && gateway_view(*reply) == GatewayView::captured;
  return is_captured ? payload->locks.value_or(0) : 0;
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

bool is_asked(GatewayQuestion question, PaymentStatus status) {
  switch (question) {
    case GatewayQuestion::pay: return status == PaymentStatus::requested;
    case GatewayQuestion::find: return status == PaymentStatus::requested || status == PaymentStatus::failed;
    case GatewayQuestion::refund: break;
  }
  return status == PaymentStatus::refund_due;
}

}  // namespace

void BillingService::jobs(jobs::Jobs& jobs) {
  using Many = std::span<const jobs::Job>;
  jobs.handle_many(
      "billing.send_payment", [this](Many many) { return ask_gateway(many, GatewayQuestion::pay); },
      [this](Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
        return send_inside(txn, call, job, result);
      });
  jobs.handle_many(
      "billing.poll_payment", [this](Many many) { return ask_gateway(many, GatewayQuestion::find); },
      [this](Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
        return poll_inside(txn, call, job, result);
      },
      captured_locks);
  jobs.handle_many(
      "billing.send_refund", [this](Many many) { return ask_gateway(many, GatewayQuestion::refund); },
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

void BillingService::enqueue(Txn& txn, std::string_view kind, const PaymentRow& payment, Instant due_at,
                             const Call& call) {
  std::string payload;
  const std::int64_t locks = lock_key_of(payment.gateway_reference);
  api::encode(payload, PaymentJob{payment.id, locks != 0 ? std::optional(locks) : std::nullopt});
  jobs::enqueue(txn, kind, due_at, payload, call);
}

// The gateway's replies, or not_asked where the payment's state leaves nothing to ask.
std::vector<std::string> BillingService::ask_gateway(std::span<const jobs::Job> jobs, GatewayQuestion question) {
  std::vector<std::string> results(jobs.size(), std::string(not_asked));
  std::vector<PaymentRow> payments;
  std::vector<std::string> traces;
  std::vector<std::size_t> places;
  engine_.read_now([&](Snapshot& db) {
    payments.clear();
    traces.clear();
    places.clear();
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      auto payment = payment_find(db, payment_id_of(jobs[i]));
      if (!payment || !is_asked(question, payment->status)) continue;
      payments.push_back(std::move(*payment));
      traces.push_back(jobs[i].trace);
      places.push_back(i);
    }
  });
  if (payments.empty()) return results;
  const std::vector<GatewayReply> replies = gateway_.ask(question, payments, traces);
  for (std::size_t i = 0; i < replies.size(); ++i) api::encode(results[places[i]], replies[i]);
  return results;
}

jobs::End BillingService::send_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
  auto payment = payment_lock(txn, payment_id_of(job));
  if (!payment) return jobs::End::done();
  if (result == not_asked) {  // an earlier try of this job may have reached the gateway
    enqueue(txn, "billing.poll_payment", *payment, call.now + poll_first_delay, call);
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
  enqueue(txn, "billing.poll_payment", payment, call.now + poll_first_delay, call);
}

// Time is up. One of the tries may have arrived all the same: keep asking until the gateway knows for certain.
jobs::End BillingService::send_failed(Txn& txn, Call& call, const jobs::Job& job, PaymentRow& payment) {
  log::warning(
      "billing: a payment expired before the gateway took it",
      {{"payment", static_cast<long long>(payment.id.value)}, {"attempts", static_cast<long long>(job.attempts + 1)}});
  not_paid(txn, call, payment, PaymentEvent::given_up);
  enqueue(txn, "billing.poll_payment", payment, call.now + poll_first_delay, call);
  return jobs::End::done();
}

jobs::End BillingService::poll_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
  auto payment = payment_lock(txn, payment_id_of(job));
  if (!payment || result == not_asked) return jobs::End::done();
  const GatewayReply reply = reply_of(result);
  switch (poll_step(payment->status, gateway_view(reply), call.now, payment->expires_at)) {
    case PollStep::close: break;
    case PollStep::wait: return jobs::End::again(call.now + poll_delay(job.attempts), status_text(reply));
    case PollStep::send_again: enqueue(txn, "billing.send_payment", *payment, call.now, call); break;
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
