// What a payment may become, and what to make of the gateway's answers. Pure: no SQL, no clock, no network.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "modules/billing/billing.h"

namespace fairward::billing {

enum class PaymentEvent : std::uint8_t {
  captured,      // the gateway has taken the money, however late
  failed,        // the gateway says it will not take it
  given_up,      // nothing has reached the gateway before the payment expired
  kept,          // the owner of the payable took the captured money
  refund_asked,  // the owner does not want it, or wants to give it back
  refund_done,   // the gateway has given it back
};

// The status after the event; nullopt: the event changes nothing (said twice, out of order, too late).
std::optional<PaymentStatus> payment_transition(PaymentStatus status, PaymentEvent event);

// How the gateway took a request to pay, from its HTTP status; 0: there was no answer.
enum class SendAnswer : std::uint8_t { accepted, refused, unclear };
SendAnswer send_answer(int http_status);

// What the gateway knows of a payment when asked.
enum class GatewayView : std::uint8_t { unreachable, unknown, pending, captured, failed, refunded };

// What to do after asking.
enum class PollStep : std::uint8_t {
  close,       // nothing is open any more
  wait,        // ask again later
  send_again,  // the gateway never got it and there is time left
  give_up,     // the gateway never got it and never will
  captured,
  failed,
  refund_done,  // its answer, as events
};
PollStep poll_step(PaymentStatus status, GatewayView view, Instant now, Instant expires_at);

// Between asking and asking again: after the first answer 10 s, then 20 s … at most 5 min.
Duration poll_delay(std::int64_t attempts);
constexpr Duration poll_first_delay = seconds(5);
// A request may still be on its way to the gateway for that long after the payment expired.
constexpr Duration unknown_grace = seconds(60);

}  // namespace fairward::billing
