// What the payment routes take and give.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/money.h"
#include "base/time.h"
#include "modules/billing/billing.h"

namespace fairward::billing {

struct PaymentGet {
  PaymentId id;
};
BOOST_DESCRIBE_STRUCT(PaymentGet, (), (id))

struct PaymentView {
  PaymentId id;
  PaymentStatus status = PaymentStatus::requested;
  std::string payable_kind;
  std::int64_t payable_id = 0;
  std::string method;
  Money amount;
  Instant requested_at;
  std::optional<Instant> answered_at;  // when the gateway's answer was heard
  std::optional<Instant> refunded_at;
};
BOOST_DESCRIBE_STRUCT(PaymentView, (),
                      (id, status, payable_kind, payable_id, method, amount, requested_at, answered_at, refunded_at))

}  // namespace fairward::billing
