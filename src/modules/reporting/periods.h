// How a range of days is cut into periods. Pure.
#pragma once

#include <algorithm>

#include "base/time.h"
#include "modules/reporting/api.h"

namespace fairward::reporting {

constexpr int days_by_day_max = 62, days_by_week_max = 200;

constexpr StatsBy by_of(int days) {
  if (days <= days_by_day_max) return StatsBy::day;
  return days <= days_by_week_max ? StatsBy::week : StatsBy::month;
}

// The first day of the period of `day`: of its week (Monday) or month, but none before `from`.
inline Date period_begin(StatsBy by, Date day, Date from) {
  if (by == StatsBy::week) return std::max(day - (day.weekday() - 1), from);
  if (by == StatsBy::day) return day;
  const CivilDate civil = civil_from_date(day);
  return std::max(date_from_civil(civil.year, civil.month, 1), from);
}

// The first day of the period after that of `day`.
inline Date period_end(StatsBy by, Date day) {
  if (by == StatsBy::day) return day + 1;
  if (by == StatsBy::week) return day + (8 - day.weekday());
  const CivilDate civil = civil_from_date(day);
  return civil.month == 12 ? date_from_civil(civil.year + 1, 1, 1) : date_from_civil(civil.year, civil.month + 1, 1);
}

}  // namespace fairward::reporting
