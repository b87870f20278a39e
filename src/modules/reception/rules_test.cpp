// The order of calls as tables.
#include "modules/reception/rules.h"

#include <gtest/gtest.h>

namespace fairward::reception {
namespace {

constexpr Instant at(std::int64_t minute) { return Instant{} + minutes(minute); }

struct Came {
  std::int64_t token, starts_minute, arrived_minute;
};

std::vector<Waiting> waiting(const std::vector<Came>& came) {
  std::vector<Waiting> all;
  for (const Came& one : came) all.push_back({due_at(at(one.starts_minute), at(one.arrived_minute)), one.token});
  return all;
}

TEST(calling_order, is_by_appointment_for_the_punctual_and_by_arrival_for_the_late) {
  struct Case {
    const char* what;
    std::vector<Came> came;
    std::vector<std::int64_t> order;
  };
  const Case cases[] = {
      {"nobody", {}, {}},
      {"in time: by appointment, however early", {{1, 60, 0}, {2, 30, 5}, {3, 45, 10}}, {2, 3, 1}},
      {"late: behind those who are due before the arrival", {{1, 30, 20}, {2, 40, 38}, {3, 10, 45}}, {1, 2, 3}},
      {"late: before those who are due after the arrival", {{1, 60, 20}, {2, 10, 45}}, {2, 1}},
      {"the same slot of two hospitals' worth: the smaller token", {{2, 30, 10}, {1, 30, 5}}, {1, 2}},
  };
  for (const Case& one : cases) EXPECT_EQ(calling_order(waiting(one.came)), one.order) << one.what;
}

TEST(ahead_of, counts_who_is_called_before) {
  const auto all = waiting({{1, 60, 0}, {2, 30, 5}, {3, 45, 10}});
  EXPECT_EQ(ahead_of(all, 2), 0);
  EXPECT_EQ(ahead_of(all, 3), 1);
  EXPECT_EQ(ahead_of(all, 1), 2);
  EXPECT_EQ(ahead_of(all, 4), std::nullopt);
}

}  // namespace
}  // namespace fairward::reception
