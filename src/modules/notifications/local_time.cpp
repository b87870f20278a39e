#include "modules/notifications/local_time.h"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace fairward::notifications {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t far_seconds = 1'000'000'000'000;  // beyond any date, and safe to multiply

const date::time_zone* real(const Zone* zone) { return reinterpret_cast<const date::time_zone*>(zone); }

date::sys_info info_at(const Zone& zone, Instant at) {
  return real(&zone)->get_info(date::sys_seconds(std::chrono::seconds(at.ms / 1000)));
}

Instant instant_of_seconds(date::sys_seconds at) {
  return {std::clamp<std::int64_t>(at.time_since_epoch().count(), -far_seconds, far_seconds) * 1000};
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

const Zone& utc() {
  static const Zone* const zone = zone_find("Etc/UTC");
  return *zone;
}

LocalTime local_time(const Zone& zone, Instant at) {
  const std::int64_t local = at.ms + std::chrono::milliseconds(info_at(zone, at).offset).count();
  std::int64_t day = local / day_ms;
  if (local % day_ms < 0) --day;
  return {Date{static_cast<std::int32_t>(day)}, {static_cast<std::int32_t>((local - day * day_ms) / 60'000)}};
}

Instant instant_of(const Zone& zone, Date date, TimeOfDay time) {
  const date::local_seconds local{date::days{date.day} + std::chrono::minutes(time.minute)};
  const date::local_info info = real(&zone)->get_info(local);
  if (info.result == date::local_info::nonexistent) return instant_of_seconds(info.first.end);
  return {(local.time_since_epoch() - info.first.offset).count() * 1000};
}

std::vector<Offset> offsets_between(const Zone& zone, Instant from, Instant to) {
  constexpr std::size_t most = 64;
  std::vector<Offset> offsets;
  date::sys_info info = info_at(zone, from);
  std::int64_t before = info.offset.count();
  while (offsets.size() < most) {
    const Instant begins = instant_of_seconds(info.begin);
    offsets.push_back({begins, info.offset.count(), before, info.save != std::chrono::minutes(0), info.abbrev});
    before = info.offset.count();
    if (instant_of_seconds(info.end) >= to) break;
    info = real(&zone)->get_info(info.end);
  }
  return offsets;
}

}  // namespace fairward::notifications
