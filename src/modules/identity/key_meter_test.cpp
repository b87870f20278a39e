// Quotas at their boundaries, by the clock and from many threads.
#include "modules/identity/key_meter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace fairward::identity {
namespace {

constexpr Instant noon{1'790'000'040'000 / 60'000 * 60'000};  // a minute begins
constexpr KeyQuota quota{3, 5};

TEST(key_meter, grants_exactly_the_quota_of_a_minute_and_says_when_the_next_begins) {
  KeyMeter meter;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(meter.take(1, quota, noon + seconds(10)).wait.ms, 0);
  EXPECT_EQ(meter.take(1, quota, noon + seconds(10)).wait.ms, 50'000);
  EXPECT_EQ(meter.take(1, quota, noon + milliseconds(59'001)).wait.ms, 1000);
  EXPECT_EQ(meter.take(1, quota, noon + milliseconds(59'999)).wait.ms, 1000);
  EXPECT_EQ(meter.take(2, quota, noon + seconds(10)).wait.ms, 0) << "another key";
  EXPECT_EQ(meter.take(1, quota, noon + seconds(60)).wait.ms, 0);
}

TEST(key_meter, grants_exactly_the_quota_of_a_day) {
  KeyMeter meter;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(meter.take(1, quota, noon + seconds(60) * i).wait.ms, 0);
  const Duration wait = meter.take(1, quota, noon + seconds(300)).wait;
  EXPECT_EQ((noon + seconds(300) + wait).ms % 86'400'000, 0);
  EXPECT_EQ(meter.take(1, quota, noon + seconds(300) + wait).wait.ms, 0);
}

TEST(key_meter, tells_what_is_left) {
  KeyMeter meter;
  const KeyMeter::Verdict first = meter.take(1, quota, noon + milliseconds(10'500));
  EXPECT_EQ(first.minute_left, 2);
  EXPECT_EQ(first.day_left, 4);
  EXPECT_EQ(first.minute_ends.ms, 50'000);
  for (int i = 0; i < 3; ++i) meter.take(1, quota, noon + seconds(10));
  EXPECT_EQ(meter.take(1, quota, noon + seconds(10)).minute_left, 0);
  EXPECT_EQ(meter.take(1, quota, noon + seconds(10)).day_left, 2);
}

TEST(key_meter, counts_what_other_nodes_stored_and_loses_nothing_on_the_way) {
  KeyMeter meter;
  const std::int64_t day = utc_day(noon);
  meter.stored(1, day, 3);
  EXPECT_EQ(meter.take(1, quota, noon).wait.ms, 0);
  auto counts = meter.flush();
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].calls, 1);
  meter.stored(1, day, 3);  // read while it was on its way
  EXPECT_EQ(meter.take(1, quota, noon).wait.ms, 0);
  EXPECT_NE(meter.take(1, quota, noon).wait.ms, 0);
  meter.flushed(counts[0], 4);
  counts = meter.flush();
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].calls, 1);
  EXPECT_EQ(counts[0].refused, 1);
  meter.not_flushed(counts[0]);
  EXPECT_NE(meter.take(1, quota, noon).wait.ms, 0);
  EXPECT_EQ(meter.flush()[0].calls, 1);
}

TEST(key_meter, keeps_the_day_before_until_it_is_stored) {
  KeyMeter meter;
  meter.take(1, quota, noon);
  meter.take(1, quota, noon + days(1));
  const auto counts = meter.flush();
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].day + 1, counts[1].day);
  EXPECT_EQ(utc_day_text(0), "1970-01-01");
}

TEST(key_meter, grants_the_quota_to_fifty_at_once) {
  KeyMeter meter;
  std::atomic<int> granted{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 50; ++i)
    callers.emplace_back([&] {
      for (int k = 0; k < 100; ++k) granted += meter.take(1, {1000, 1'000'000}, noon).wait.ms == 0 ? 1 : 0;
    });
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(granted, 1000);
}

}  // namespace
}  // namespace fairward::identity
