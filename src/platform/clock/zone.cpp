// Zones over the system's time zone data.
#include "platform/clock/zone.h"

#include <date/tz.h>

#include <memory>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

namespace fairward {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr Date first_cached_day{18'993};  // 2022-01-01
constexpr int cached_days = 366 * 24;

date::local_time<std::chrono::milliseconds> local_of(Date date, TimeOfDay time) {
  return date::local_time<std::chrono::milliseconds>(
      std::chrono::milliseconds(std::int64_t{date.day} * day_ms + std::int64_t{time.minute} * 60'000));
}

Date date_of_ms(std::int64_t local_ms) {
  std::int64_t day = local_ms / day_ms;
  if (local_ms % day_ms < 0) --day;
  return {static_cast<std::int32_t>(day)};
}

const date::time_zone& zone_of(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

}  // namespace

Zone::Zone(std::string name) : name_(std::move(name)), zone_(date::locate_zone(name_)) {
  days_.reserve(cached_days);
  for (int i = 0; i < cached_days; ++i) {
    const Date day = first_cached_day + i;
    const Instant begin = lookup(day, {0});
    const Instant end = lookup(day + 1, {0});
    const std::int64_t offset_ms = std::int64_t{day.day} * day_ms - begin.ms;
    const bool is_plain =
        end.ms - begin.ms == day_ms && offset_ms % 60'000 == 0 && lookup(day, {720}).ms - begin.ms == day_ms / 2;
    days_.push_back({static_cast<std::int32_t>(offset_ms / 60'000), is_plain});
  }
}

Instant Zone::lookup(Date date, TimeOfDay time) const {
  const auto local = local_of(date, time);
  const date::local_info info = zone_of(zone_).get_info(local);
  // In a gap this is the first instant after it; in a fold `first` is the earlier occurrence.
  if (info.result == date::local_info::nonexistent)
    return {std::chrono::milliseconds(info.first.end.time_since_epoch()).count()};
  const auto offset = std::chrono::milliseconds(info.first.offset);
  return {(local.time_since_epoch() - offset).count()};
}

Instant Zone::instant(Date date, TimeOfDay time) const {
  const std::int64_t index = date - first_cached_day;
  if (index >= 0 && index < cached_days && days_[index].is_plain)
    return {std::int64_t{date.day} * day_ms + (time.minute - std::int64_t{days_[index].offset_minutes}) * 60'000};
  return lookup(date, time);
}

std::int64_t Zone::local_ms(Instant at) const {
  const Date utc = date_of_ms(at.ms);
  const std::int64_t index = utc - first_cached_day;
  if (index >= 0 && index < cached_days && days_[index].is_plain) {
    const std::int64_t local = at.ms + std::int64_t{days_[index].offset_minutes} * 60'000;
    const std::int64_t local_index = date_of_ms(local) - first_cached_day;
    const bool same = local_index >= 0 && local_index < cached_days && days_[local_index].is_plain &&
                      days_[local_index].offset_minutes == days_[index].offset_minutes;
    if (same) return local;
  }
  const auto info =
      zone_of(zone_).get_info(date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at.ms)));
  return at.ms + std::chrono::milliseconds(info.offset).count();
}

Date Zone::date_of(Instant at) const { return date_of_ms(local_ms(at)); }

TimeOfDay Zone::time_of(Instant at) const {
  const std::int64_t local = local_ms(at);
  return {static_cast<std::int32_t>((local - std::int64_t{date_of_ms(local).day} * day_ms) / 60'000)};
}

const Zone* zone_find(const std::string& name) {
  static std::mutex mutex;
  static auto& zones = *new std::unordered_map<std::string, std::unique_ptr<Zone>>();  // lives as long as the process
  const std::lock_guard lock(mutex);
  if (const auto found = zones.find(name); found != zones.end()) return found->second.get();
  try {
    return zones.emplace(name, std::make_unique<Zone>(name)).first->second.get();
  } catch (const std::runtime_error&) {  // the library's way to say "unknown zone"
    return nullptr;
  }
}

}  // namespace fairward
