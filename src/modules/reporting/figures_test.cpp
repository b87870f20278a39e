// Counting, adding, storing, case by case.
#include "modules/reporting/figures.h"

#include <gtest/gtest.h>

#include "modules/reporting/periods.h"

namespace fairward::reporting {
namespace {

Date on(std::string_view text) { return *parse_date(text); }

Figures some() {
  Figures figures;
  count_visit(figures, DoctorId{7}, "fulfilled", {9 * 60 + 59});
  count_visit(figures, DoctorId{7}, "noshow", {23 * 60 + 30});
  count_visit(figures, DoctorId{8}, "cancelled", {0});
  count_visit(figures, DoctorId{8}, "booked", {9 * 60});
  count_arrival(figures, {0}, Instant{119'999});
  count_arrival(figures, {0}, std::nullopt);
  count_arrival(figures, {60'000}, Instant{0});
  figures.money["INR"] = {500, 20};
  figures.money["EUR"] = {0, 1};
  return figures;
}

TEST(count_visit, counts_by_status_hour_and_doctor) {
  const Figures figures = some();
  EXPECT_EQ(figures.appointments, 4);
  EXPECT_EQ(figures.fulfilled, 1);
  EXPECT_EQ(figures.no_shows, 1);
  EXPECT_EQ(figures.cancelled, 1);
  EXPECT_EQ(figures.hours[0], 1);
  EXPECT_EQ(figures.hours[9], 2);
  EXPECT_EQ(figures.hours[23], 1);
  EXPECT_EQ(figures.doctors.at(DoctorId{7}), (DoctorCount{2, 1, 1}));
  EXPECT_EQ(figures.doctors.at(DoctorId{8}), (DoctorCount{2, 0, 0}));
}

TEST(count_arrival, measures_whole_minutes_of_who_was_called) {
  const Figures figures = some();
  EXPECT_EQ(figures.arrived, 3);
  EXPECT_EQ(figures.waits, (std::map<std::int64_t, std::int64_t>{{0, 1}, {1, 1}}));
  EXPECT_EQ(wait_sum(figures.waits).measured, 2);
  EXPECT_EQ(wait_sum(figures.waits).minutes, 1);
}

TEST(texts_of, is_read_back) {
  const Figures figures = some();
  const FigureTexts texts = texts_of(figures);
  EXPECT_EQ(texts.hours, "0:1,9:2,23:1");
  EXPECT_EQ(texts.money, "EUR:0:1,INR:500:20");
  Figures read;
  ASSERT_TRUE(texts_read(read, texts.hours, texts.doctors, texts.waits, texts.money));
  read.appointments = 4, read.fulfilled = read.no_shows = read.cancelled = 1, read.arrived = 3;
  EXPECT_EQ(read, figures);
  Figures twice = figures;
  twice.add(figures);
  ASSERT_TRUE(texts_read(read, texts.hours, texts.doctors, texts.waits, texts.money));
  EXPECT_EQ(read.hours, twice.hours);
  EXPECT_EQ(read.doctors, twice.doctors);
  EXPECT_EQ(read.waits, twice.waits);
  EXPECT_EQ(read.money, twice.money);
}

TEST(texts_read, refuses_what_is_none) {
  for (const char* wrong : {"24:1", "-1:1", "1", "1:", "1:x", "1:2:3", ":", "1:2 "}) {
    Figures figures;
    EXPECT_FALSE(texts_read(figures, wrong, "", "", "")) << wrong;
  }
  Figures figures;
  EXPECT_FALSE(texts_read(figures, "", "1:2:3", "", ""));
  EXPECT_FALSE(texts_read(figures, "", "", "", "INR:1"));
  EXPECT_TRUE(texts_read(figures, "", "", "", ""));
}

TEST(wait_percentile, is_the_nearest_rank) {
  EXPECT_EQ(wait_percentile({}, 50), std::nullopt);
  EXPECT_EQ(wait_percentile({{5, 1}}, 90), 5);
  EXPECT_EQ(wait_percentile({{1, 5}, {9, 5}}, 50), 1);
  EXPECT_EQ(wait_percentile({{1, 5}, {9, 6}}, 50), 9);
  EXPECT_EQ(wait_percentile({{1, 9}, {30, 1}}, 90), 1);
  EXPECT_EQ(wait_percentile({{1, 8}, {30, 1}}, 90), 30);
}

TEST(no_show_per_mille, is_rounded) {
  EXPECT_EQ(no_show_per_mille(0, 0), 0);
  EXPECT_EQ(no_show_per_mille(1, 2), 333);
  EXPECT_EQ(no_show_per_mille(2, 1), 667);
  EXPECT_EQ(no_show_per_mille(3, 0), 1000);
}

TEST(periods, cut_a_range) {
  EXPECT_EQ(by_of(1), StatsBy::day);
  EXPECT_EQ(by_of(62), StatsBy::day);
  EXPECT_EQ(by_of(63), StatsBy::week);
  EXPECT_EQ(by_of(200), StatsBy::week);
  EXPECT_EQ(by_of(201), StatsBy::month);
  const struct {
    StatsBy by;
    const char *day, *from, *begin, *end;
  } cases[] = {{StatsBy::day, "2026-11-22", "2026-01-01", "2026-11-22", "2026-11-23"},
               {StatsBy::week, "2026-11-22", "2026-01-01", "2026-11-16", "2026-11-23"},
               {StatsBy::week, "2026-11-23", "2026-01-01", "2026-11-23", "2026-11-30"},
               {StatsBy::week, "2026-11-22", "2026-11-18", "2026-11-18", "2026-11-23"},
               {StatsBy::month, "2026-12-31", "2026-01-01", "2026-12-01", "2027-01-01"},
               {StatsBy::month, "2028-02-29", "2028-02-10", "2028-02-10", "2028-03-01"}};
  for (const auto& [by, day, from, begin, end] : cases) {
    EXPECT_EQ(period_begin(by, on(day), on(from)), on(begin)) << day;
    EXPECT_EQ(period_end(by, on(day)), on(end)) << day;
  }
}

}  // namespace
}  // namespace fairward::reporting
