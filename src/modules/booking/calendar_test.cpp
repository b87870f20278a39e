// Slots from wall time: days of 23 and 25 hours, gaps and folds, leave, extra sessions. Source: mission B1.
#include "modules/booking/calendar.h"

#include <gtest/gtest.h>

namespace fairward::booking {
namespace {

constexpr int every_day = 127;
const HospitalId hospital{1};

Instant at(const char* text) { return *parse_rfc3339(text); }
Date day(const char* text) { return *parse_date(text); }
TimeOfDay wall(const char* text) { return *parse_time_of_day(text); }

Schedule one_shift(const char* zone, const char* starts, const char* ends, int slot_minutes, int weekdays = every_day) {
  return {
      DoctorId{1}, 0, 60, 1, {{1, hospital, zone_find(zone), weekdays, wall(starts), wall(ends), slot_minutes, {}, {}}},
      {}};
}

std::vector<std::string> starts_of(const Schedule& schedule, const char* from, const char* to) {
  std::vector<std::string> starts;
  for (const Session& session : sessions_between(schedule, at(from), at(to)))
    for (int i = 0; i < session.slots; ++i) starts.push_back(to_rfc3339(session.starts_at + session.slot_length() * i));
  return starts;
}

struct DayCase {
  const char* name;
  const char* zone;
  const char* date;
  const char* starts;
  const char* ends;
  const char* first_slot;  // UTC
  int hours;               // slots of an hour
};

class day_length : public ::testing::TestWithParam<DayCase> {};

TEST_P(day_length, counts_real_hours) {
  const DayCase& c = GetParam();
  const Schedule schedule = one_shift(c.zone, c.starts, c.ends, 60);
  const Zone* zone = zone_find(c.zone);
  const Instant from = zone->instant(day(c.date), {0});
  const Instant to = zone->instant(day(c.date) + 1, {0});
  const auto sessions = sessions_between(schedule, from, to);
  int slots = 0;
  for (const Session& session : sessions) slots += session.slots;
  EXPECT_EQ(slots, c.hours);
  if (c.hours > 0) EXPECT_EQ(to_rfc3339(sessions.front().starts_at), c.first_slot);
}

INSTANTIATE_TEST_SUITE_P(
    calendar, day_length,
    ::testing::ValuesIn(std::vector<DayCase>{
        {"kolkata_plain", "Asia/Kolkata", "2026-12-01", "00:00", "24:00", "2026-11-30T18:30:00Z", 24},
        {"london_23_hours", "Europe/London", "2026-03-29", "00:00", "24:00", "2026-03-29T00:00:00Z", 23},
        {"london_25_hours", "Europe/London", "2026-10-25", "00:00", "24:00", "2026-10-24T23:00:00Z", 25},
        {"new_york_23_hours", "America/New_York", "2026-03-08", "00:00", "24:00", "2026-03-08T05:00:00Z", 23},
        {"new_york_25_hours", "America/New_York", "2026-11-01", "00:00", "24:00", "2026-11-01T04:00:00Z", 25},
        {"lord_howe_half_hour_short", "Australia/Lord_Howe", "2026-10-04", "00:00", "24:00", "2026-10-03T13:30:00Z",
         23},
        {"lord_howe_half_hour_long", "Australia/Lord_Howe", "2026-04-05", "00:00", "24:00", "2026-04-04T13:00:00Z", 24},
        {"shift_starts_in_the_gap", "Europe/London", "2026-03-29", "01:30", "04:00", "2026-03-29T01:00:00Z", 2},
        {"shift_lies_in_the_gap", "America/New_York", "2026-03-08", "02:00", "03:00", "", 0},
        {"shift_ends_in_the_gap", "America/New_York", "2026-03-08", "00:00", "02:30", "2026-03-08T05:00:00Z", 2},
        {"shift_starts_in_the_fold_first_time", "Europe/London", "2026-10-25", "01:00", "03:00", "2026-10-25T00:00:00Z",
         3},
        {"shift_ends_in_the_fold_first_time", "Europe/London", "2026-10-25", "00:00", "01:30", "2026-10-24T23:00:00Z",
         1},
        {"shift_across_the_fold", "America/New_York", "2026-11-01", "00:00", "03:00", "2026-11-01T04:00:00Z", 4},
        {"ordinary_shift_on_a_short_day", "Europe/London", "2026-03-29", "09:00", "12:00", "2026-03-29T08:00:00Z", 3},
        {"ordinary_shift_on_a_long_day", "Europe/London", "2026-10-25", "09:00", "12:00", "2026-10-25T09:00:00Z", 3},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST(zone, date_of_is_the_inverse_of_instant_around_every_transition) {
  for (const char* name :
       {"Asia/Kolkata", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"}) {
    const Zone* zone = zone_find(name);
    for (Date d = day("2026-01-01"); d < day("2027-01-01"); d = d + 1) {
      ASSERT_EQ(zone->date_of(zone->instant(d, {0})), d) << name << ' ' << to_iso(d);
      ASSERT_EQ(zone->date_of(zone->instant(d + 1, {0}) - milliseconds(1)), d) << name << ' ' << to_iso(d);
    }
  }
}

TEST(zone, an_unknown_name_is_no_zone) { EXPECT_EQ(zone_find("Mars/Olympus"), nullptr); }

TEST(sessions, follow_the_weekdays) {
  const Schedule schedule = one_shift("Asia/Kolkata", "09:00", "10:00", 30, 1 << 0 | 1 << 2);  // Monday, Wednesday
  EXPECT_EQ(starts_of(schedule, "2026-11-29T18:30:00Z", "2026-12-06T18:30:00Z"),
            (std::vector<std::string>{"2026-11-30T03:30:00Z", "2026-11-30T04:00:00Z", "2026-12-02T03:30:00Z",
                                      "2026-12-02T04:00:00Z"}));
}

TEST(sessions, are_cut_to_the_window) {
  const Schedule schedule = one_shift("Asia/Kolkata", "09:00", "10:00", 15);
  EXPECT_EQ(starts_of(schedule, "2026-12-01T03:40:00Z", "2026-12-01T04:15:00Z"),
            (std::vector<std::string>{"2026-12-01T03:45:00Z", "2026-12-01T04:00:00Z"}));
}

TEST(sessions, obey_the_dates_of_validity) {
  Schedule schedule = one_shift("Asia/Kolkata", "09:00", "09:30", 30);
  schedule.shifts[0].valid_from = day("2026-12-02");
  schedule.shifts[0].valid_to = day("2026-12-03");
  EXPECT_EQ(starts_of(schedule, "2026-11-30T00:00:00Z", "2026-12-09T00:00:00Z"),
            (std::vector<std::string>{"2026-12-02T03:30:00Z", "2026-12-03T03:30:00Z"}));
}

struct LeaveCase {
  const char* name;
  const char* starts;
  const char* ends;
  std::vector<std::string> left;
};
class leave : public ::testing::TestWithParam<LeaveCase> {};

TEST_P(leave, takes_every_slot_that_it_touches) {
  Schedule schedule = one_shift("Asia/Kolkata", "09:00", "10:00", 15);  // 03:30, 03:45, 04:00, 04:15 UTC
  Exception e{1, ExceptionKind::leave, {}, nullptr, day("2026-12-01"), {}, {}, 0};
  if (*GetParam().starts) e.starts = wall(GetParam().starts), e.ends = wall(GetParam().ends);
  schedule.exceptions.push_back(e);
  EXPECT_EQ(starts_of(schedule, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"), GetParam().left);
}

INSTANTIATE_TEST_SUITE_P(
    calendar, leave,
    ::testing::ValuesIn(std::vector<LeaveCase>{
        {"whole_day", "", "", {}},
        {"start", "08:00", "09:15", {"2026-12-01T03:45:00Z", "2026-12-01T04:00:00Z", "2026-12-01T04:15:00Z"}},
        {"middle", "09:20", "09:35", {"2026-12-01T03:30:00Z", "2026-12-01T04:15:00Z"}},
        {"end", "09:45", "12:00", {"2026-12-01T03:30:00Z", "2026-12-01T03:45:00Z", "2026-12-01T04:00:00Z"}},
        {"elsewhere",
         "12:00",
         "13:00",
         {"2026-12-01T03:30:00Z", "2026-12-01T03:45:00Z", "2026-12-01T04:00:00Z", "2026-12-01T04:15:00Z"}},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST(leave_at_one_hospital, keeps_the_other) {
  Schedule schedule = one_shift("Asia/Kolkata", "09:00", "09:30", 30);
  schedule.shifts.push_back(
      {2, HospitalId{2}, zone_find("Asia/Kolkata"), every_day, wall("11:00"), wall("11:30"), 30, {}, {}});
  schedule.exceptions.push_back({1, ExceptionKind::holiday, HospitalId{2}, nullptr, day("2026-12-01"), {}, {}, 0});
  EXPECT_EQ(starts_of(schedule, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
            (std::vector<std::string>{"2026-12-01T03:30:00Z"}));
}

TEST(extra_session, adds_slots_on_a_free_day) {
  Schedule schedule = one_shift("Asia/Kolkata", "09:00", "09:30", 30, 1);  // Mondays
  schedule.exceptions.push_back({1, ExceptionKind::extra, hospital, zone_find("Asia/Kolkata"), day("2026-12-01"),
                                 wall("18:00"), wall("18:20"), 10});
  EXPECT_EQ(starts_of(schedule, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
            (std::vector<std::string>{"2026-12-01T12:30:00Z", "2026-12-01T12:40:00Z"}));
}

TEST(session_at, wants_the_exact_start_the_hospital_and_enough_slots) {
  const Schedule schedule = one_shift("Asia/Kolkata", "09:00", "10:00", 15);
  EXPECT_TRUE(session_at(schedule, {}, at("2026-12-01T03:45:00Z"), 3));
  EXPECT_TRUE(session_at(schedule, hospital, at("2026-12-01T03:45:00Z"), 1));
  EXPECT_FALSE(session_at(schedule, {}, at("2026-12-01T03:45:00Z"), 4));
  EXPECT_FALSE(session_at(schedule, HospitalId{2}, at("2026-12-01T03:45:00Z"), 1));
  EXPECT_FALSE(session_at(schedule, {}, at("2026-12-01T03:50:00Z"), 1));
  EXPECT_FALSE(session_at(schedule, {}, at("2026-12-01T04:30:00Z"), 1));
}

TEST(session_at, does_not_run_across_a_break) {
  Schedule schedule = one_shift("Asia/Kolkata", "09:00", "10:00", 15);
  schedule.exceptions.push_back(
      {1, ExceptionKind::leave, {}, nullptr, day("2026-12-01"), wall("09:30"), wall("09:45"), 0});
  EXPECT_FALSE(session_at(schedule, {}, at("2026-12-01T03:45:00Z"), 2));
}

TEST(bookable_range, ends_with_the_last_day_and_starts_after_the_notice) {
  Schedule schedule = one_shift("Asia/Kolkata", "09:00", "10:00", 15);
  schedule.minimum_notice_minutes = 30;
  schedule.max_booking_days = 1;
  const BookableRange range = bookable_range(schedule, at("2026-12-01T03:00:00Z"));
  EXPECT_EQ(to_rfc3339(range.earliest), "2026-12-01T03:30:00Z");
  EXPECT_EQ(to_rfc3339(range.latest), "2026-12-02T18:30:00Z");
}

TEST(overlap, needs_a_common_day_and_time) {
  const Schedule a = one_shift("Asia/Kolkata", "09:00", "12:00", 15, 1);
  const Schedule same = one_shift("Asia/Kolkata", "11:00", "13:00", 15, 3);
  const Schedule later = one_shift("Asia/Kolkata", "12:00", "13:00", 15, 1);
  const Schedule other_day = one_shift("Asia/Kolkata", "09:00", "12:00", 15, 2);
  EXPECT_TRUE(overlaps(a.shifts[0], same.shifts[0]));
  EXPECT_FALSE(overlaps(a.shifts[0], later.shifts[0]));
  EXPECT_FALSE(overlaps(a.shifts[0], other_day.shifts[0]));
}

}  // namespace
}  // namespace fairward::booking
