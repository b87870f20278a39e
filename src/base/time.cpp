// Text forms of instants, dates and times of day. The calendar arithmetic is that of Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms": eras of 400 years that begin on the first of March.
#include "base/time.h"

#include <fmt/format.h>

namespace fairward {
namespace {

constexpr std::int64_t ms_per_minute = 60'000;
constexpr std::int64_t ms_per_day = 86'400'000;
constexpr int days_per_era = 146'097;
constexpr int days_to_epoch = 719'468;  // from 0000-03-01 to 1970-01-01

constexpr bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr int month_length(int year, int month) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

// Reads a text of fixed form from left to right; after the first mismatch everything is a mismatch.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Exactly `count` decimal digits with a value in [low, high].
  int number(int count, int low, int high) {
    int value = 0;
    for (int i = 0; i < count; ++i) value = value * 10 + digit();
    if (value < low || value > high) ok_ = false;
    return ok_ ? value : low;
  }
  void literal(char wanted) {
    if (next() != wanted) ok_ = false;
  }
  char next() {
    if (text_.empty()) {
      ok_ = false;
      return '\0';
    }
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  void refuse() { ok_ = false; }
  bool ok() const { return ok_; }
  bool ended_ok() const { return ok_ && text_.empty(); }

 private:
  int digit() {
    const char c = next();
    if (c < '0' || c > '9') {
      ok_ = false;
      return 0;
    }
    return c - '0';
  }

  std::string_view text_;
  bool ok_ = true;
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

Date scan_date(Scanner& scanner, int year_min) {
  const int year = scanner.number(4, year_min, 9999);
  scanner.literal('-');
  const int month = scanner.number(2, 1, 12);
  scanner.literal('-');
  const int day = scanner.number(2, 1, month_length(year, month));
  return scanner.ok() ? date_from_civil(year, month, day) : Date{};
}

// The fraction of a second in milliseconds, cut, not rounded.
int scan_fraction(Scanner& scanner) {
  if (scanner.peek() != '.') return 0;
  scanner.next();
  if (!is_digit(scanner.peek())) scanner.refuse();
  int ms = 0;
  for (int weight = 100; is_digit(scanner.peek()); weight /= 10) ms += weight * (scanner.next() - '0');
  return ms;
}

// Minutes east of UTC.
int scan_offset(Scanner& scanner) {
  const char sign = scanner.next();
  if (sign == 'Z' || sign == 'z') return 0;
  if (sign != '+' && sign != '-') scanner.refuse();
  const int hour = scanner.number(2, 0, 23);
  scanner.literal(':');
  const int minute = scanner.number(2, 0, 59);
  return (sign == '-' ? -1 : 1) * (hour * 60 + minute);
}

}  // namespace

Date date_from_civil(int year, int month, int day) {
  const int shifted = year - (month <= 2 ? 1 : 0);
  const int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const int year_of_era = shifted - era * 400;
  const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return {era * days_per_era + day_of_era - days_to_epoch};
}

CivilDate civil_from_date(Date date) {
  const std::int64_t z = std::int64_t{date.day} + days_to_epoch;
  const std::int64_t era = (z >= 0 ? z : z - (days_per_era - 1)) / days_per_era;
  const int day_of_era = static_cast<int>(z - era * days_per_era);
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int march_month = (5 * day_of_year + 2) / 153;
  const int month = march_month < 10 ? march_month + 3 : march_month - 9;
  const int year = static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * march_month + 2) / 5 + 1};
}

std::string to_iso(Date date) {
  const CivilDate civil = civil_from_date(date);
  return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

std::string to_iso(TimeOfDay time) { return fmt::format("{:02}:{:02}", time.minute / 60, time.minute % 60); }

std::string to_rfc3339(Instant at) {
  const std::int64_t day = (at.ms >= 0 ? at.ms : at.ms - (ms_per_day - 1)) / ms_per_day;
  const int rest = static_cast<int>(at.ms - day * ms_per_day);
  const int second = rest / 1000;
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_iso(Date{static_cast<std::int32_t>(day)}), second / 3600,
                                 second / 60 % 60, second % 60);
  if (rest % 1000 != 0) text += fmt::format(".{:03}", rest % 1000);
  return text += 'Z';
}

// A leap second (:60) is refused: an Instant cannot say it.
std::optional<Instant> parse_rfc3339(std::string_view text) {
  // The year before the first and the offset: 1899-12-31T23:30:00-01:00 is an instant of 1900.
  Scanner scanner(text);
  const Date date = scan_date(scanner, 1899);
  if (const char t = scanner.next(); t != 'T' && t != 't') scanner.refuse();
  const int hour = scanner.number(2, 0, 23);
  scanner.literal(':');
  const int minute = scanner.number(2, 0, 59);
  scanner.literal(':');
  const int second = scanner.number(2, 0, 59);
  const int fraction = scan_fraction(scanner);
  const int offset = scan_offset(scanner);
  if (!scanner.ended_ok()) return std::nullopt;

  const Instant at{date.day * ms_per_day + (hour * 60 + minute - offset) * ms_per_minute + second * 1000 + fraction};
  const Instant first{date_from_civil(1900, 1, 1).day * ms_per_day};
  const Instant end{date_from_civil(10'000, 1, 1).day * ms_per_day};
  if (at < first || at >= end) return std::nullopt;
  return at;
}

std::optional<Date> parse_date(std::string_view text) {
  Scanner scanner(text);
  const Date date = scan_date(scanner, 1);
  if (!scanner.ended_ok()) return std::nullopt;
  return date;
}

std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
  Scanner scanner(text);
  const int hour = scanner.number(2, 0, 24);
  scanner.literal(':');
  const int minute = scanner.number(2, 0, hour == 24 ? 0 : 59);
  if (!scanner.ended_ok()) return std::nullopt;
  return TimeOfDay{hour * 60 + minute};
}

}  // namespace fairward
