// The limits on guessing: what goes through, how long to wait, and that owners are not locked out.
#include "modules/identity/throttle.h"

#include <gtest/gtest.h>

namespace fairward::identity {
namespace {

const Instant start{1'790'000'000'000};

// Tries with a wrong password until one is refused; how many went through.
int tries(LoginThrottle& throttle, const std::string& login, const std::string& address, Instant now,
          int max = 10'000) {
  int count = 0;
  while (count < max && throttle.begin(login, address, now).ms == 0) ++count;
  return count;
}

TEST(throttle, gives_all_tries_at_once_then_one_at_a_time) {
  Throttle throttle(10);
  ManualClock clock(start);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(throttle.take(1, clock.now()).ms, 0) << i;
  EXPECT_EQ(throttle.take(1, clock.now()), seconds(6));
  EXPECT_EQ(throttle.take(2, clock.now()).ms, 0);
  clock.advance(seconds(6) - milliseconds(1));
  EXPECT_EQ(throttle.take(1, clock.now()), milliseconds(1));
  clock.advance(milliseconds(1));
  EXPECT_EQ(throttle.take(1, clock.now()).ms, 0);
  EXPECT_GT(throttle.take(1, clock.now()).ms, 0);
  clock.advance(minutes(10));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(throttle.take(1, clock.now()).ms, 0) << i;
  EXPECT_GT(throttle.take(1, clock.now()).ms, 0);
}

TEST(throttle, stays_of_one_size_and_keeps_who_tries_most) {
  Throttle throttle(5);
  while (throttle.take(7, start).ms == 0) {}
  for (std::uint64_t key = 1'000; key < 200'000; ++key) throttle.take(key * 7919, start);
  EXPECT_GT(throttle.wait(7, start).ms, 0);
}

TEST(throttle, takes_any_number_of_tries) {
  for (const int tries_per_minute : {-5, 0, 1, 60'000'000, 2'000'000'000}) {
    Throttle throttle(tries_per_minute);
    EXPECT_EQ(throttle.take(1, start).ms, 0) << tries_per_minute;
  }
}

TEST(login_throttle, limits_a_login_from_one_address) {
  auto entropy = make_seeded_entropy(1);
  LoginThrottle throttle(10, *entropy);
  EXPECT_EQ(tries(throttle, "asha", "10.0.0.1", start), 10);
  EXPECT_EQ(throttle.begin("asha", "10.0.0.1", start), seconds(6));
  EXPECT_EQ(throttle.begin("ravi", "10.0.0.1", start).ms, 0);
  EXPECT_EQ(throttle.begin("asha", "10.0.0.2", start).ms, 0);
  EXPECT_EQ(throttle.begin("asha", "10.0.0.1", start + seconds(6)).ms, 0);
}

TEST(login_throttle, limits_one_address_that_tries_many_logins) {
  auto entropy = make_seeded_entropy(1);
  LoginThrottle throttle(10, *entropy);
  int through = 0;
  for (int i = 0; i < 1000; ++i) through += throttle.begin("user" + std::to_string(i), "10.0.0.1", start).ms == 0;
  EXPECT_EQ(through, 100);
}

TEST(login_throttle, limits_a_login_tried_from_many_addresses) {
  auto entropy = make_seeded_entropy(1);
  LoginThrottle throttle(10, *entropy);
  int through = 0;
  for (int i = 0; i < 1000; ++i) through += throttle.begin("asha", "10.0.1." + std::to_string(i), start).ms == 0;
  EXPECT_EQ(through, 100);
}

TEST(login_throttle, does_not_let_an_attacker_lock_the_owner_out) {
  auto entropy = make_seeded_entropy(1);
  LoginThrottle throttle(10, *entropy);
  ASSERT_EQ(throttle.begin("asha", "home", start).ms, 0);
  throttle.succeeded("asha", "home");
  for (int i = 0; i < 1000; ++i) throttle.begin("asha", "10.0.1." + std::to_string(i), start);
  EXPECT_GT(throttle.begin("asha", "10.9.9.9", start).ms, 0);
  EXPECT_EQ(throttle.begin("asha", "home", start).ms, 0);
}

TEST(login_throttle, does_not_count_successes) {
  auto entropy = make_seeded_entropy(1);
  LoginThrottle throttle(10, *entropy);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(throttle.begin("asha", "10.0.0.1", start).ms, 0) << i;
    throttle.succeeded("asha", "10.0.0.1");
  }
}

}  // namespace
}  // namespace fairward::identity
