// What is told of this process agrees with what it does.
#include "platform/metrics/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <charconv>
#include <ctime>

namespace fairward::metrics {
namespace {

double value_of(const Metrics& metrics, const std::string& name) {
  const std::string text = metrics.exposition();
  const std::size_t at = text.find("\n" + name + " ");
  double value = -1;
  if (at != std::string::npos) std::from_chars(text.data() + at + name.size() + 2, text.data() + text.size(), value);
  return value;
}

TEST(process_measure, tells_of_memory_that_is_used) {
  const auto metrics = make_metrics();
  process_measure(*metrics);
  constexpr std::size_t bytes = 64 << 20;
  const double before = value_of(*metrics, "process_resident_memory_bytes");
  const std::string touched(bytes, 'x');
  EXPECT_GT(value_of(*metrics, "process_resident_memory_bytes"), before + bytes / 2.0);
  EXPECT_GT(value_of(*metrics, "process_virtual_memory_bytes"), static_cast<double>(touched.size()));
}

TEST(process_measure, counts_open_files) {
  const auto metrics = make_metrics();
  process_measure(*metrics);
  const double before = value_of(*metrics, "process_open_fds");
  const int first = ::open("/dev/null", O_RDONLY | O_CLOEXEC), second = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(value_of(*metrics, "process_open_fds"), before + 2);
  ::close(first);
  ::close(second);
  EXPECT_EQ(value_of(*metrics, "process_open_fds"), before);
  EXPECT_GT(value_of(*metrics, "process_max_fds"), before);
}

TEST(process_measure, knows_when_the_process_began_and_how_long_it_worked) {
  const auto metrics = make_metrics();
  process_measure(*metrics);
  constexpr double hour = 3600;
  const double age = static_cast<double>(std::time(nullptr)) - value_of(*metrics, "process_start_time_seconds");
  EXPECT_GT(age, -2);
  EXPECT_LT(age, hour);
  EXPECT_GE(value_of(*metrics, "process_cpu_seconds_total"), 0);
}

}  // namespace
}  // namespace fairward::metrics
