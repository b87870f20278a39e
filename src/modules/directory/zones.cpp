#include "modules/directory/zones.h"

#include <date/tz.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <stdexcept>

namespace fairward::directory {
namespace {

const date::time_zone* real(const Zone* zone) { return reinterpret_cast<const date::time_zone*>(zone); }

std::int64_t milliseconds_of(date::sys_seconds at) {
  constexpr std::int64_t bound = 1'000'000'000'000;  // far beyond any date, and safe to multiply
  return std::clamp<std::int64_t>(at.time_since_epoch().count(), -bound, bound) * 1000;
}

}  // namespace

const Zone* zone_find(std::string_view name) {
  if (name.empty() || name.size() > 64) return nullptr;
  try {
    return reinterpret_cast<const Zone*>(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {  // the library's way to say that there is none
    return nullptr;
  }
}

const std::string* zone_name_kept(std::string_view name) {
  static std::mutex mutex;
  static std::set<std::string, std::less<>> names;  // zones are few, and only known ones get into the database
  const std::lock_guard lock(mutex);
  if (const auto at = names.find(name); at != names.end()) return &*at;
  return &*names.emplace(name).first;
}

Instant day_start(const Zone* zone, Date day) {
  const date::local_days local{date::days{day.day}};
  const auto at = zone == nullptr ? date::sys_seconds(local.time_since_epoch())
                                  : real(zone)->to_sys(date::local_seconds(local), date::choose::earliest);
  return Instant{at.time_since_epoch().count() * 1000};
}

Date LocalDays::day(const Zone* zone, Instant at) {
  constexpr std::int64_t day_ms = 86'400'000;
  if (zone != zone_ || at.ms < begin_ || at.ms >= end_) {
    zone_ = zone;
    begin_ = INT64_MIN, end_ = INT64_MAX, offset_ms_ = 0;
    if (zone != nullptr) {
      const auto info = real(zone)->get_info(date::sys_seconds(std::chrono::seconds(at.ms / 1000)));
      begin_ = milliseconds_of(info.begin), end_ = milliseconds_of(info.end), offset_ms_ = info.offset.count() * 1000;
    }
  }
  const auto local = at.ms + offset_ms_;
  return Date{static_cast<std::int32_t>((local >= 0 ? local : local - day_ms + 1) / day_ms)};
}

}  // namespace fairward::directory
