// What is remembered of free times, and when it is asked again.
#include "modules/directory/upcoming.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

namespace fairward::directory {
namespace {

const DoctorId doctor{1};
constexpr Instant minute(std::int64_t n) { return {n * 60'000}; }

// Slots at given minutes; one begins to be out of reach when its minute comes.
class CountedFree final : public FreeTimes {
 public:
  std::vector<std::int64_t> at_minutes;
  std::atomic<std::uint64_t> counter{1};
  mutable int asked = 0;
  bool is_counted = true;

  std::optional<Instant> first_free(DoctorId, HospitalId, Instant, Instant) const override { return std::nullopt; }
  std::vector<Instant> next_free(DoctorId, HospitalId, Instant, int) const override { return {}; }
  int max_booking_days(DoctorId) const override { return 30; }
  Upcoming upcoming(DoctorId, Instant now) const override {
    ++asked;
    Upcoming next;
    for (const auto at : at_minutes) {
      if (minute(at) > now && next.count < Upcoming::most) next.starts[next.count++] = minute(at);
    }
    next.max_booking_days = 30;
    next.good_from = now;
    next.good_until = next.count == 0 ? now : next.starts[0] - milliseconds(1);
    return next;
  }
  const std::atomic<std::uint64_t>* changes(DoctorId) const override { return is_counted ? &counter : nullptr; }
};

std::string text(const UpcomingMemo& memo, const FreeTimes& free, Instant now) {
  std::string out;
  memo.append(out, doctor, free, now);
  return out;
}

TEST(upcoming_memo, asks_again_when_times_changed_or_time_has_passed) {
  CountedFree free;
  free.at_minutes = {10, 20};
  const UpcomingMemo memo;
  EXPECT_EQ(memo.first_known(minute(1)), std::nullopt);
  const auto both =
      R"(,"first_free_at":"1970-01-01T00:10:00Z","next_free":["1970-01-01T00:10:00Z","1970-01-01T00:20:00Z"])";
  const auto later = R"(,"first_free_at":"1970-01-01T00:20:00Z","next_free":["1970-01-01T00:20:00Z"])";
  EXPECT_EQ(text(memo, free, minute(1)), both);
  EXPECT_EQ(text(memo, free, minute(9)), both);
  EXPECT_EQ(memo.first_known(minute(9)), minute(10).ms);
  EXPECT_EQ(free.asked, 1);
  EXPECT_EQ(text(memo, free, minute(10)), later);  // it has begun
  EXPECT_EQ(text(memo, free, minute(1)), both);    // the clock was set back
  EXPECT_EQ(free.asked, 3);
  free.at_minutes = {20};  // somebody holds it
  ++free.counter;
  EXPECT_EQ(memo.first_known(minute(1)), std::nullopt);
  EXPECT_EQ(text(memo, free, minute(1)), later);
  EXPECT_EQ(memo.summary(doctor, free, minute(2)).changes, 2u);
  EXPECT_EQ(memo.summary(doctor, free, minute(2)).max_booking_days, 30);
  EXPECT_EQ(free.asked, 4);
}

TEST(upcoming_memo, keeps_nothing_of_what_is_not_counted) {
  CountedFree free;
  free.is_counted = false;
  const UpcomingMemo memo;
  EXPECT_EQ(text(memo, free, minute(1)), R"(,"next_free":[])");
  free.at_minutes = {10};
  EXPECT_NE(text(memo, free, minute(1)), R"(,"next_free":[])");
  EXPECT_EQ(memo.first_known(minute(1)), std::nullopt);
}

// The minute n of the first slot is the counter itself: a reader must never see the text of one with the number of
// another, nor one older than what was there when it began.
class MovingFree final : public FreeTimes {
 public:
  std::atomic<std::uint64_t> counter{1};
  std::optional<Instant> first_free(DoctorId, HospitalId, Instant, Instant) const override { return std::nullopt; }
  std::vector<Instant> next_free(DoctorId, HospitalId, Instant, int) const override { return {}; }
  int max_booking_days(DoctorId) const override { return 30; }
  Upcoming upcoming(DoctorId, Instant) const override {
    Upcoming next;
    next.starts[0] = minute(static_cast<std::int64_t>(counter.load()));
    next.count = 1, next.max_booking_days = 30;
    next.good_from = {0}, next.good_until = {INT64_MAX};
    return next;
  }
  const std::atomic<std::uint64_t>* changes(DoctorId) const override { return &counter; }
};

TEST(upcoming_memo, is_never_older_than_the_question) {
  MovingFree free;
  const UpcomingMemo memo;
  std::atomic<bool> is_over = false;
  std::atomic<int> wrong = 0;
  const auto look = [&] {
    while (!is_over) {
      const auto before = free.counter.load();
      std::string out;
      const auto summary = memo.append(out, doctor, free, {0});
      const auto shown = static_cast<std::uint64_t>(summary.first_ms / 60'000);
      std::string expected;
      const Instant first{summary.first_ms};
      starts_append(expected, {&first, 1});
      if (shown < before || out != expected) ++wrong;
    }
  };
  std::thread one(look), other(look);
  for (int i = 0; i < 20'000; ++i) ++free.counter;
  is_over = true;
  one.join(), other.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace fairward::directory
