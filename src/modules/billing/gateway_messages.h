// What billing and a payment gateway say to each other, as JSON; both the client and the sandbox speak through these.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bounded.h"
#include "base/time.h"

namespace fairward::billing {

enum class SandboxOutcome : std::uint8_t { success, fail, late };
BOOST_DESCRIBE_ENUM(SandboxOutcome, success, fail, late)

enum class GatewayStatus : std::uint8_t { pending, captured, failed, refunded };
BOOST_DESCRIBE_ENUM(GatewayStatus, pending, captured, failed, refunded)

constexpr std::int64_t gateway_amount_minor_max = 1'000'000'000'000;

// POST /payments. Idempotent by reference.
struct GatewayPaymentRequest {
  BoundedText<1, 64> reference;
  BoundedInt<1, gateway_amount_minor_max> amount_minor;
  BoundedText<3, 3> currency;
  std::optional<SandboxOutcome> outcome;  // the sandbox only; absent: success
  Instant expires_at;
  BoundedText<1, 500> callback_url;
};
BOOST_DESCRIBE_STRUCT(GatewayPaymentRequest, (), (reference, amount_minor, currency, outcome, expires_at, callback_url))

// The reply to it, to GET /payments/{reference} and to POST /refunds.
struct GatewayPayment {
  std::string reference;
  std::string gateway_id;
  GatewayStatus status = GatewayStatus::pending;
  std::int64_t amount_minor = 0;
  std::string currency;
  std::optional<Instant> captured_at;
};
BOOST_DESCRIBE_STRUCT(GatewayPayment, (), (reference, gateway_id, status, amount_minor, currency, captured_at))

// POST /refunds. Idempotent by reference: all of it, once.
struct GatewayRefundRequest {
  BoundedText<1, 64> reference;
};
BOOST_DESCRIBE_STRUCT(GatewayRefundRequest, (), (reference))

// The webhook.
struct GatewayEvent {
  std::string type;  // "payment.captured" | "payment.failed"
  std::string reference;
  std::string gateway_id;
  std::int64_t amount_minor = 0;
  std::string currency;
};
BOOST_DESCRIBE_STRUCT(GatewayEvent, (), (type, reference, gateway_id, amount_minor, currency))
inline constexpr std::string_view event_captured = "payment.captured";
inline constexpr std::string_view event_failed = "payment.failed";

// GET /totals of the sandbox, to reconcile money.
struct GatewayTotals {
  std::int64_t captured_minor = 0;
  std::int64_t refunded_minor = 0;
  std::int64_t payments = 0;
  std::int64_t refunds = 0;
};
BOOST_DESCRIBE_STRUCT(GatewayTotals, (), (captured_minor, refunded_minor, payments, refunds))

// The bearer key of requests to the gateway, derived from the shared secret so that the key that signs webhooks never
// travels.
std::string gateway_api_key(std::string_view secret);

}  // namespace fairward::billing
