// Text forms of time as tables: what is accepted with its value, and what is refused.
#include "base/time.h"

#include <gtest/gtest.h>

namespace fairward {
namespace {

struct Accepted {
  std::string_view text;
  std::int64_t ms;
  std::string_view canonical;
};

TEST(rfc3339, accepts_and_writes_back) {
  const Accepted table[] = {
      {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
      {"1970-01-01t00:00:00z", 0, "1970-01-01T00:00:00Z"},
      {"2026-12-01T03:30:00Z", 1'796'095'800'000, "2026-12-01T03:30:00Z"},
      {"2026-12-01T09:00:00+05:30", 1'796'095'800'000, "2026-12-01T03:30:00Z"},
      {"2026-11-30T22:30:00-05:00", 1'796'095'800'000, "2026-12-01T03:30:00Z"},
      {"2026-12-01T03:30:00-00:00", 1'796'095'800'000, "2026-12-01T03:30:00Z"},
      {"2026-12-02T03:29:00+23:59", 1'796'095'800'000, "2026-12-01T03:30:00Z"},
      {"2026-12-01T03:30:00.5Z", 1'796'095'800'500, "2026-12-01T03:30:00.500Z"},
      {"2026-12-01T03:30:00.0079999999Z", 1'796'095'800'007, "2026-12-01T03:30:00.007Z"},
      {"2026-12-01T03:30:00.000Z", 1'796'095'800'000, "2026-12-01T03:30:00Z"},
      {"2000-02-29T12:00:00Z", 951'825'600'000, "2000-02-29T12:00:00Z"},
      {"2024-02-29T00:00:00Z", 1'709'164'800'000, "2024-02-29T00:00:00Z"},
      {"1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"},
      {"1900-01-01T00:00:00Z", -2'208'988'800'000, "1900-01-01T00:00:00Z"},
      {"1899-12-31T23:30:00-01:00", -2'208'987'000'000, "1900-01-01T00:30:00Z"},
      {"9999-12-31T23:59:59.999Z", 253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
  };
  for (const Accepted& row : table) {
    const auto at = parse_rfc3339(row.text);
    ASSERT_TRUE(at) << row.text;
    EXPECT_EQ(at->ms, row.ms) << row.text;
    EXPECT_EQ(to_rfc3339(*at), row.canonical) << row.text;
  }
}

TEST(rfc3339, refuses_everything_else) {
  const std::string_view table[] = {"",
                                    "Z",
                                    "2026",
                                    "2026-12-01",
                                    "2026-12-01T03:30",
                                    "2026-12-01T03:30Z",
                                    "2026-12-01T03:30:00",
                                    "2026-12-01 03:30:00Z",
                                    "2026-12-01T03:30:00 Z",
                                    " 2026-12-01T03:30:00Z",
                                    "2026-12-01T03:30:00Z ",
                                    "2026-12-01T03:30:00ZZ",
                                    "2026-12-01T24:00:00Z",
                                    "2026-12-01T23:60:00Z",
                                    "2026-12-01T23:59:60Z",
                                    "2026-12-01T23:59:61Z",
                                    "2026-13-01T00:00:00Z",
                                    "2026-00-01T00:00:00Z",
                                    "2026-12-00T00:00:00Z",
                                    "2026-12-32T00:00:00Z",
                                    "2026-11-31T00:00:00Z",
                                    "2025-02-29T00:00:00Z",
                                    "1900-02-29T00:00:00Z",
                                    "2100-02-29T00:00:00Z",
                                    "2026-12-01T03:30:00.Z",
                                    "2026-12-01T03:30:00,5Z",
                                    "2026-12-01T03:30:00+5:30",
                                    "2026-12-01T03:30:00+0530",
                                    "2026-12-01T03:30:00+24:00",
                                    "2026-12-01T03:30:00+05:60",
                                    "2026-12-01T03:30:00+05",
                                    "2026-12-01T03:30:00+",
                                    "2026-12-01T3:30:00Z",
                                    "+2026-12-01T03:30:00Z",
                                    "-026-12-01T03:30:00Z",
                                    "12026-12-01T03:30:00Z",
                                    "0000-01-01T00:00:00Z",
                                    "1899-12-31T23:59:59Z",
                                    "1900-01-01T00:30:00+01:00",
                                    "9999-12-31T23:59:59-00:01",
                                    "2026-12-01T03:30:00Z\n",
                                    std::string_view("2026-12-01T03:30:00Z\0", 21),
                                    "２026-12-01T03:30:00Z",
                                    "now",
                                    "1796095800000"};
  for (const std::string_view text : table) EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(date, accepts_days_that_exist) {
  const std::pair<std::string_view, int> table[] = {
      {"1970-01-01", 0},      {"1970-01-02", 1},        {"1969-12-31", -1},
      {"2000-02-29", 11'016}, {"2000-03-01", 11'017},   {"2024-02-29", 19'782},
      {"2026-12-01", 20'788}, {"0001-01-01", -719'162}, {"9999-12-31", 2'932'896}};
  for (const auto& [text, day] : table) {
    const auto date = parse_date(text);
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->day, day) << text;
    EXPECT_EQ(to_iso(*date), text);
  }
}

TEST(date, refuses_everything_else) {
  for (const std::string_view text :
       {"", "2026-12-1", "2026-2-01", "26-12-01", "2026/12/01", "2026-12-01T", "2025-02-29", "2100-02-29", "2026-04-31",
        "2026-12-00", "2026-00-10", "0000-01-01", "20261201", " 2026-12-01", "2026-12-01 ", "-001-01-01", "99999-01-01",
        "2026-1a-01"})
    EXPECT_FALSE(parse_date(text)) << text;
}

TEST(date, goes_through_the_calendar_day_by_day) {
  Date date = date_from_civil(1899, 12, 31);
  for (int year = 1900; year <= 2101; ++year)
    for (int month = 1; month <= 12; ++month)
      for (int day = 1; parse_date(to_iso(date + 1)) && day <= 31; ++day) {
        const CivilDate civil = civil_from_date(date + 1);
        if (civil.month != month) break;
        date = date + 1;
        ASSERT_EQ(civil.year, year);
        ASSERT_EQ(civil.day, day);
        ASSERT_EQ(date_from_civil(year, month, day), date);
      }
  EXPECT_EQ(to_iso(date), "2101-12-31");
  EXPECT_EQ(date - date_from_civil(1899, 12, 31), 202 * 365 + 49);  // leap years of 1900 … 2101: 1900 and 2100 are none
}

TEST(date, knows_the_weekday) {
  const std::pair<std::string_view, int> table[] = {{"1970-01-01", 4}, {"2026-12-01", 2}, {"1969-12-31", 3},
                                                    {"2024-02-29", 4}, {"1900-01-01", 1}, {"2000-01-02", 7}};
  for (const auto& [text, weekday] : table) EXPECT_EQ(parse_date(text)->weekday(), weekday) << text;
}

TEST(time_of_day, accepts_from_midnight_to_midnight) {
  const std::pair<std::string_view, int> table[] = {{"00:00", 0}, {"09:05", 545}, {"23:59", 1439}, {"24:00", 1440}};
  for (const auto& [text, minute] : table) {
    const auto time = parse_time_of_day(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(time->minute, minute);
    EXPECT_EQ(to_iso(*time), text);
  }
}

TEST(time_of_day, refuses_everything_else) {
  for (const std::string_view text : {"", "9:05", "09:5", "0905", "24:01", "25:00", "23:60", "-1:00", "09:05:00",
                                      "09.05", " 09:05", "09:05 ", "ab:cd", "+9:05"})
    EXPECT_FALSE(parse_time_of_day(text)) << text;
}

}  // namespace
}  // namespace fairward
