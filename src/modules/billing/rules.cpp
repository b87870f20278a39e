// The table of payment states, and the judgement on the gateway's answers.
#include "modules/billing/rules.h"

#include <algorithm>

namespace fairward::billing {

std::optional<PaymentStatus> payment_transition(PaymentStatus status, PaymentEvent event) {
  using enum PaymentStatus;
  const bool is_unpaid = status == requested || status == failed;
  switch (event) {
    case PaymentEvent::captured: return is_unpaid ? std::optional(captured) : std::nullopt;
    case PaymentEvent::failed:
    case PaymentEvent::given_up: return status == requested ? std::optional(failed) : std::nullopt;
    case PaymentEvent::kept: return status == captured ? std::optional(settled) : std::nullopt;
    case PaymentEvent::refund_asked:
      return status == captured || status == settled ? std::optional(refund_due) : std::nullopt;
    case PaymentEvent::refund_done:  // also by hand at the gateway, before we knew that it had been captured
      return status == refund_due || is_unpaid ? std::optional(refunded) : std::nullopt;
  }
  return std::nullopt;
}

SendAnswer send_answer(int http_status) {
  if (http_status >= 200 && http_status < 300) return SendAnswer::accepted;
  // Anything else that is not a plain no may be a fault on the way: the request may have arrived earlier.
  return http_status == 400 || http_status == 422 ? SendAnswer::refused : SendAnswer::unclear;
}

namespace {

PollStep step_when_unknown(PaymentStatus status, Instant now, Instant expires_at) {
  if (status == PaymentStatus::requested && now < expires_at) return PollStep::send_again;
  return now < expires_at + unknown_grace ? PollStep::wait : PollStep::give_up;
}

}  // namespace

PollStep poll_step(PaymentStatus status, GatewayView view, Instant now, Instant expires_at) {
  if (status != PaymentStatus::requested && status != PaymentStatus::failed) return PollStep::close;
  switch (view) {
    case GatewayView::unreachable:
    case GatewayView::pending: return PollStep::wait;
    case GatewayView::unknown: return step_when_unknown(status, now, expires_at);
    case GatewayView::captured: return PollStep::captured;
    case GatewayView::failed: return PollStep::failed;
    case GatewayView::refunded: return PollStep::refund_done;
  }
  return PollStep::wait;
}

Duration poll_delay(std::int64_t attempts) {
  constexpr std::int64_t doublings_max = 6;
  const auto doublings = std::clamp<std::int64_t>(attempts, 0, doublings_max);
  return std::min(seconds(10) * (std::int64_t{1} << doublings), minutes(5));
}

}  // namespace fairward::billing
