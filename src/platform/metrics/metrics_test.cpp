// The exposition keeps the rules that `promtool check metrics` asks for: HELP and TYPE before the series, every
// family in one piece, histogram buckets cumulative and closed by +Inf, equal to _count.
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <thread>

#include "platform/metrics/metrics.h"

namespace fairward::metrics {
namespace {

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) found.push_back(line);
  return found;
}

TEST(metrics_counter, the_same_name_and_labels_are_the_same_counter) {
  const auto metrics = make_metrics();
  metrics->counter("a_total", "As.", "x=\"1\"").add();
  metrics->counter("a_total", "As.", "x=\"1\"").add(2);
  metrics->counter("a_total", "As.", "x=\"2\"").add();
  EXPECT_EQ(metrics->exposition(),
            "# HELP a_total As.\n# TYPE a_total counter\na_total{x=\"1\"} 3\na_total{x=\"2\"} 1\n");
}

TEST(metrics_gauge, is_read_when_asked) {
  const auto metrics = make_metrics();
  double value = 1;
  metrics->gauge("queue", "Length.", [&] { return value; });
  value = 2.5;
  EXPECT_EQ(metrics->exposition(), "# HELP queue Length.\n# TYPE queue gauge\nqueue 2.5\n");
}

TEST(metrics_counter, may_be_counted_elsewhere) {
  const auto metrics = make_metrics();
  metrics->counter_from("calls_total", "Calls.", [] { return 7.0; });
  EXPECT_EQ(metrics->exposition(), "# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total 7\n");
}

TEST(metrics_histogram, buckets_are_cumulative_and_end_in_the_count) {
  const auto metrics = make_metrics();
  auto& histogram = metrics->histogram("time_seconds", "Time.", "route=\"a\"");
  for (const double seconds : {0.0001, 0.0005, 0.003, 99.0}) histogram.observe(seconds);
  const auto text = lines(metrics->exposition());
  ASSERT_EQ(text.size(), 2u + Histogram::buckets + 2);
  EXPECT_EQ(text[2], "time_seconds_bucket{route=\"a\",le=\"0.0005\"} 2");  // the bound belongs to its bucket
  EXPECT_EQ(text[3], "time_seconds_bucket{route=\"a\",le=\"0.001\"} 2");
  EXPECT_EQ(text[5], "time_seconds_bucket{route=\"a\",le=\"0.005\"} 3");
  EXPECT_EQ(text[2 + Histogram::buckets - 2], "time_seconds_bucket{route=\"a\",le=\"10\"} 3");
  EXPECT_EQ(text[2 + Histogram::buckets - 1], "time_seconds_bucket{route=\"a\",le=\"+Inf\"} 4");
  EXPECT_EQ(text.back(), "time_seconds_count{route=\"a\"} 4");
}

TEST(metrics_histogram, survives_a_clock_that_steps_back) {
  Histogram histogram;
  histogram.observe(-5);
  histogram.observe(std::nan(""));
  EXPECT_EQ(histogram.bucket(0), 2u);
  EXPECT_EQ(histogram.sum(), 0);
}

TEST(metrics_histogram, counts_every_observation_of_many_threads) {
  Histogram histogram;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) histogram.observe(0.0001);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(histogram.bucket(0), 40'000u);
}

TEST(metrics_exposition, escapes_help_and_labels) {
  const auto metrics = make_metrics();
  metrics->counter("b_total", "One\nline \\ only.", "x=\"" + label_value("a\"b\\c\nd") + "\"").add();
  EXPECT_EQ(metrics->exposition(),
            "# HELP b_total One\\nline \\\\ only.\n# TYPE b_total counter\nb_total{x=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(metrics_exposition, keeps_each_family_in_one_piece) {
  const auto metrics = make_metrics();
  metrics->counter("a_total", "A.", "n=\"1\"");
  metrics->counter("b_total", "B.");
  metrics->counter("a_total", "A.", "n=\"2\"");
  int help = 0;
  for (const auto& line : lines(metrics->exposition())) help += line.starts_with("# HELP");
  EXPECT_EQ(help, 2);
}

}  // namespace
}  // namespace fairward::metrics
