// Token buckets under a clock that stands still until told.
#include "platform/api/limiter.h"

#include <gtest/gtest.h>

namespace fairward::api {
namespace {

TEST(limiter, lets_a_burst_through_and_then_one_by_one) {
  const auto entropy = make_seeded_entropy(1);
  Limiter limiter(1024, *entropy);
  const RateLimit limit{6, seconds(60)};
  const Instant now{1'000'000};
  for (int i = 0; i < 6; ++i) {
    const RateVerdict verdict = limiter.take("a", RateClass::login, limit, now);
    EXPECT_TRUE(verdict.is_allowed);
    EXPECT_EQ(verdict.remaining, 5 - i);
  }
  const RateVerdict refused = limiter.take("a", RateClass::login, limit, now);
  EXPECT_FALSE(refused.is_allowed);
  EXPECT_EQ(refused.wait_seconds, 10);
  EXPECT_TRUE(limiter.take("b", RateClass::login, limit, now).is_allowed);
  EXPECT_TRUE(limiter.take("a", RateClass::normal, limit, now).is_allowed);
  EXPECT_FALSE(limiter.take("a", RateClass::login, limit, now + seconds(9)).is_allowed);
  EXPECT_TRUE(limiter.take("a", RateClass::login, limit, now + seconds(10)).is_allowed);
}

TEST(limiter, a_limit_of_zero_is_none) {
  const auto entropy = make_seeded_entropy(1);
  Limiter limiter(8, *entropy);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.take("a", RateClass::normal, {}, {0}).is_allowed);
}

TEST(limiter, forgets_the_fullest_bucket_when_memory_is_full) {
  const auto entropy = make_seeded_entropy(1);
  Limiter limiter(8, *entropy);  // one set
  const RateLimit limit{1, seconds(60)};
  EXPECT_TRUE(limiter.take("first", RateClass::normal, limit, {0}).is_allowed);
  for (int i = 1; i < 8; ++i) EXPECT_TRUE(limiter.take(std::to_string(i), RateClass::normal, limit, {i}).is_allowed);
  EXPECT_FALSE(limiter.take("first", RateClass::normal, limit, {8}).is_allowed);
  EXPECT_TRUE(limiter.take("ninth", RateClass::normal, limit, {9}).is_allowed);  // pushes out "first"
  EXPECT_TRUE(limiter.take("first", RateClass::normal, limit, {10}).is_allowed);
}

TEST(address_key, joins_the_addresses_of_one_ipv6_network) {
  EXPECT_EQ(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:3::1"));
  EXPECT_EQ(address_key("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(address_key("10.0.0.1"), "10.0.0.1");
}

}  // namespace
}  // namespace fairward::api
