// Instants, durations, local dates and times of day as different types. No clock here: see platform/clock.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairward {

struct Duration {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.ms * n}; }
};

constexpr Duration milliseconds(std::int64_t n) { return {n}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
constexpr Duration minutes(std::int64_t n) { return {n * 60'000}; }
constexpr Duration hours(std::int64_t n) { return {n * 3'600'000}; }
constexpr Duration days(std::int64_t n) { return {n * 86'400'000}; }

// A point in time: UTC milliseconds since 1970-01-01T00:00Z, without leap seconds.
struct Instant {
  std::int64_t ms = 0;
  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  friend constexpr Instant operator+(Instant a, Duration d) { return {a.ms + d.ms}; }
  friend constexpr Instant operator-(Instant a, Duration d) { return {a.ms - d.ms}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.ms - b.ms}; }
};

// A day of the civil calendar, in whatever zone the context names: days since 1970-01-01.
struct Date {
  std::int32_t day = 0;
  friend constexpr auto operator<=>(const Date&, const Date&) = default;
  friend constexpr Date operator+(Date d, int n) { return {d.day + n}; }
  friend constexpr Date operator-(Date d, int n) { return {d.day - n}; }
  friend constexpr int operator-(Date a, Date b) { return a.day - b.day; }
  constexpr int weekday() const { return static_cast<int>(((day + 3) % 7 + 7) % 7) + 1; }  // ISO: Monday 1 … Sunday 7
};

// Wall time: minutes after local midnight, 0 … 1440 (1440 = the end of the day).
struct TimeOfDay {
  std::int32_t minute = 0;
  friend constexpr auto operator<=>(const TimeOfDay&, const TimeOfDay&) = default;
};

// "2026-12-01T03:30:00Z"; fractions are written only when there are any.
std::string to_rfc3339(Instant at);
// Any RFC 3339 offset; fractions beyond milliseconds are cut. Years 1900 … 9999. nullopt when it is not one.
std::optional<Instant> parse_rfc3339(std::string_view text);

std::string to_iso(Date date);                                      // "2026-12-01"
std::optional<Date> parse_date(std::string_view text);              // exactly YYYY-MM-DD, a day that exists
std::string to_iso(TimeOfDay time);                                 // "09:05"
std::optional<TimeOfDay> parse_time_of_day(std::string_view text);  // "00:00" … "24:00"
Date date_from_civil(int year, int month, int day);
struct CivilDate {
  int year, month, day;
};
CivilDate civil_from_date(Date date);

}  // namespace fairward
