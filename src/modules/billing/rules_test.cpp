// The rules of payments as tables: one rule a line.
#include "modules/billing/rules.h"

#include <gtest/gtest.h>

namespace fairward::billing {
namespace {

using Status = PaymentStatus;
using Event = PaymentEvent;
constexpr auto ignored = std::nullopt;

TEST(payment_transition, follows_the_table) {
  struct Rule {
    Status status;
    Event event;
    std::optional<Status> next;
  };
  const Rule table[] = {
      {Status::requested, Event::captured, Status::captured},
      {Status::requested, Event::failed, Status::failed},
      {Status::requested, Event::given_up, Status::failed},
      {Status::requested, Event::kept, ignored},
      {Status::requested, Event::refund_asked, ignored},
      {Status::requested, Event::refund_done, Status::refunded},  // by hand at the gateway
      {Status::captured, Event::captured, ignored},
      {Status::captured, Event::failed, ignored},
      {Status::captured, Event::given_up, ignored},
      {Status::captured, Event::kept, Status::settled},
      {Status::captured, Event::refund_asked, Status::refund_due},
      {Status::captured, Event::refund_done, ignored},
      {Status::settled, Event::captured, ignored},  // said twice
      {Status::settled, Event::failed, ignored},    // out of order
      {Status::settled, Event::given_up, ignored},
      {Status::settled, Event::kept, ignored},
      {Status::settled, Event::refund_asked, Status::refund_due},
      {Status::settled, Event::refund_done, ignored},
      {Status::failed, Event::captured, Status::captured},  // late success
      {Status::failed, Event::failed, ignored},
      {Status::failed, Event::given_up, ignored},
      {Status::failed, Event::kept, ignored},
      {Status::failed, Event::refund_asked, ignored},
      {Status::failed, Event::refund_done, Status::refunded},
      {Status::refund_due, Event::captured, ignored},
      {Status::refund_due, Event::failed, ignored},
      {Status::refund_due, Event::given_up, ignored},
      {Status::refund_due, Event::kept, ignored},
      {Status::refund_due, Event::refund_asked, ignored},  // never twice
      {Status::refund_due, Event::refund_done, Status::refunded},
      {Status::refunded, Event::captured, ignored},
      {Status::refunded, Event::failed, ignored},
      {Status::refunded, Event::given_up, ignored},
      {Status::refunded, Event::kept, ignored},
      {Status::refunded, Event::refund_asked, ignored},
      {Status::refunded, Event::refund_done, ignored},
  };
  static_assert(std::size(table) == 6 * 6, "every status meets every event");
  for (const Rule& rule : table)
    EXPECT_EQ(payment_transition(rule.status, rule.event), rule.next)
        << sql_text(rule.status) << " × " << static_cast<int>(rule.event);
}

TEST(send_answer, takes_only_a_plain_no_for_a_no) {
  const std::pair<int, SendAnswer> table[] = {
      {200, SendAnswer::accepted}, {202, SendAnswer::accepted}, {400, SendAnswer::refused}, {422, SendAnswer::refused},
      {0, SendAnswer::unclear},    {301, SendAnswer::unclear},  {401, SendAnswer::unclear}, {404, SendAnswer::unclear},
      {408, SendAnswer::unclear},  {409, SendAnswer::unclear},  {429, SendAnswer::unclear}, {500, SendAnswer::unclear},
      {503, SendAnswer::unclear},
  };
  for (const auto& [status, answer] : table) EXPECT_EQ(send_answer(status), answer) << status;
}

TEST(poll_step, follows_the_table) {
  constexpr Instant expires_at{1'000'000};
  constexpr Instant early = expires_at - seconds(1), late = expires_at + seconds(1), final = expires_at + unknown_grace;
  struct Rule {
    Status status;
    GatewayView view;
    Instant now;
    PollStep step;
  };
  const Rule table[] = {
      {Status::settled, GatewayView::captured, early, PollStep::close},
      {Status::refund_due, GatewayView::captured, early, PollStep::close},
      {Status::refunded, GatewayView::refunded, early, PollStep::close},
      {Status::captured, GatewayView::captured, early, PollStep::close},
      {Status::requested, GatewayView::unreachable, early, PollStep::wait},
      {Status::requested, GatewayView::unreachable, final, PollStep::wait},  // nobody knows: never given up
      {Status::requested, GatewayView::pending, final, PollStep::wait},
      {Status::failed, GatewayView::pending, final, PollStep::wait},
      {Status::requested, GatewayView::unknown, early, PollStep::send_again},
      {Status::requested, GatewayView::unknown, expires_at, PollStep::wait},  // it may be on its way
      {Status::requested, GatewayView::unknown, late, PollStep::wait},
      {Status::requested, GatewayView::unknown, final, PollStep::give_up},
      {Status::failed, GatewayView::unknown, early, PollStep::wait},
      {Status::failed, GatewayView::unknown, final, PollStep::give_up},
      {Status::requested, GatewayView::captured, early, PollStep::captured},
      {Status::requested, GatewayView::captured, final, PollStep::captured},
      {Status::failed, GatewayView::captured, final, PollStep::captured},
      {Status::requested, GatewayView::failed, early, PollStep::failed},
      {Status::failed, GatewayView::failed, early, PollStep::failed},
      {Status::requested, GatewayView::refunded, early, PollStep::refund_done},
  };
  for (const Rule& rule : table)
    EXPECT_EQ(poll_step(rule.status, rule.view, rule.now, expires_at), rule.step)
        << sql_text(rule.status) << " × " << static_cast<int>(rule.view) << " at " << rule.now.ms;
}

TEST(poll_delay, doubles_from_ten_seconds_to_five_minutes) {
  const std::pair<std::int64_t, Duration> table[] = {
      {0, seconds(10)}, {1, seconds(20)}, {4, seconds(160)}, {5, minutes(5)}, {1000, minutes(5)}, {-1, seconds(10)},
  };
  for (const auto& [attempts, delay] : table) EXPECT_EQ(poll_delay(attempts), delay) << attempts;
}

}  // namespace
}  // namespace fairward::billing
