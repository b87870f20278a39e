// What fairward top reckons from two looks at the metrics.
#include "app/vitals.h"

#include <gtest/gtest.h>

#include <cmath>

namespace fairward::app {
namespace {

constexpr std::string_view some = R"(# HELP a_total As.
# TYPE a_total counter
a_total{x="1",y="say \"hi\" \\ \n"} 3
a_total{x="2"} 4.5
b 1e3
c_bucket{le="+Inf"} 7
)";

Moment moment(std::string_view text, std::int64_t steady_us) {
  auto parsed = Exposition::parse(text);
  EXPECT_TRUE(parsed);
  return {std::move(*parsed), Instant{1'800'000'000'000}, steady_us};
}

std::string text_of(const std::vector<VitalLine>& lines, std::string_view heading) {
  for (const VitalLine& line : lines)
    if (line.heading == heading) return line.text;
  return "";
}

TEST(exposition_parse, reads_names_labels_and_values) {
  const auto read = Exposition::parse(some);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sum("a_total"), 7.5);
  EXPECT_EQ(read->sum("a_total", labelled("x", "2")), 4.5);
  EXPECT_EQ(read->of("a_total").front().label("y"), "say \"hi\" \\ n");
  EXPECT_EQ(read->sum("b"), 1000);
  EXPECT_EQ(read->sum("nothing"), 0);
  EXPECT_TRUE(read->has("c_bucket"));
}

TEST(exposition_parse, refuses_what_is_something_else) {
  for (const std::string_view text : {"<html>", "a", "a{x=\"1} 3", "a{x} 3", "a{x=\"1\"} many", "a{", "a{x=\"\\"})
    EXPECT_FALSE(Exposition::parse(text)) << text;
}

TEST(exposition_parse, lets_nothing_through_that_a_terminal_obeys) {
  const auto read = Exposition::parse("a{code=\"x\x1b[2J\xc2\x9b\"} 1\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->of("a").front().label("code"), "x?[2J??");
}

TEST(quantile_between, is_that_of_what_came_in_between) {
  const auto before = Exposition::parse("h_bucket{le=\"1\"} 100\nh_bucket{le=\"2\"} 100\nh_bucket{le=\"+Inf\"} 100\n");
  const auto now = Exposition::parse("h_bucket{le=\"1\"} 100\nh_bucket{le=\"2\"} 110\nh_bucket{le=\"+Inf\"} 110\n");
  EXPECT_DOUBLE_EQ(quantile_between(*before, *now, "h", 0.5), 1.5);
  EXPECT_DOUBLE_EQ(quantile_between(*before, *now, "h", 1), 2);
  EXPECT_TRUE(std::isnan(quantile_between(*now, *now, "h", 0.5))) << "nothing came";
  EXPECT_DOUBLE_EQ(quantile_between(*now, *before, "h", 0.5), 0.5) << "the node was started anew";
  const auto above = Exposition::parse("h_bucket{le=\"1\"} 0\nh_bucket{le=\"+Inf\"} 5\n");
  EXPECT_DOUBLE_EQ(quantile_between(*Exposition::parse(""), *above, "h", 0.5), 1) << "above all bounds";
}

TEST(vitals_of, counts_by_the_second_what_came_in_between) {
  const Moment before = moment(
      "fairward_http_requests_total{route=\"a\",code=\"200\"} 10\n"
      "fairward_http_requests_total{route=\"a\",code=\"503\"} 1\n"
      "fairward_problems_total{code=\"server.busy\"} 1\nfairward_problems_total{code=\"never\"} 0\n",
      0);
  const Moment now = moment(
      "fairward_http_requests_total{route=\"a\",code=\"200\"} 30\n"
      "fairward_http_requests_total{route=\"a\",code=\"503\"} 5\n"
      "fairward_problems_total{code=\"server.busy\"} 5\nfairward_problems_total{code=\"never\"} 0\n"
      "fairward_engine_write_queue 12\nfairward_holds_active 3\nprocess_resident_memory_bytes 104857600\n"
      "fairward_database_connections{kind=\"writer\"} 4\nfairward_database_connections_busy{kind=\"writer\"} 3\n",
      2'000'000);
  const auto lines = vitals_of(before, now);
  EXPECT_TRUE(text_of(lines, "calls").starts_with("12.0 /s")) << text_of(lines, "calls");
  EXPECT_NE(text_of(lines, "calls").find("5xx 2.0 /s"), std::string::npos);
  EXPECT_NE(text_of(lines, "queues").find("write 12 "), std::string::npos);
  EXPECT_NE(text_of(lines, "database").find("writers 3 of 4 busy"), std::string::npos);
  EXPECT_NE(text_of(lines, "booking").find("holds 3 "), std::string::npos);
  EXPECT_NE(text_of(lines, "process").find("memory 100 MB"), std::string::npos);
  std::string all;
  for (const VitalLine& line : lines) all += line.text + "\n";
  EXPECT_NE(all.find("server.busy                                 2.0          5"), std::string::npos) << all;
  EXPECT_EQ(all.find("never"), std::string::npos) << "what never came is not shown";
}

TEST(duration_text, has_three_digits_at_most) {
  EXPECT_EQ(duration_text(0.0000123), "12 us");
  EXPECT_EQ(duration_text(0.0123456), "12.3 ms");
  EXPECT_EQ(duration_text(12.3456), "12.3 s");
  EXPECT_EQ(duration_text(std::nan("")), "-");
}

}  // namespace
}  // namespace fairward::app
