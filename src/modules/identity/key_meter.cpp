#include "modules/identity/key_meter.h"

#include <algorithm>

namespace fairward::identity {
namespace {

constexpr std::int64_t minute_ms = 60'000, day_ms = 86'400'000;
constexpr std::size_t idle_entries_max = 10'000;

Duration until_next(std::int64_t period_ms, Instant now) {
  const std::int64_t left = period_ms - now.ms % period_ms;
  return seconds((left + 999) / 1000);
}

}  // namespace

std::int64_t utc_day(Instant now) { return now.ms / day_ms; }

std::string utc_day_text(std::int64_t day) { return to_iso(Date{static_cast<std::int32_t>(day)}); }

KeyMeter::Entry& KeyMeter::entry_of(std::int64_t key, std::int64_t day) {
  Entry& entry = entries_[key];
  if (entry.day == day) return entry;
  if (entry.calls + entry.refused > 0) past_.push_back({key, entry.day, entry.calls, entry.refused});
  entry.day = day;
  entry.stored = entry.in_flight = entry.calls = entry.refused = 0;
  return entry;
}

KeyMeter::Verdict KeyMeter::take(std::int64_t key, const KeyQuota& quota, Instant now) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(key, utc_day(now));
  if (const std::int64_t minute = now.ms / minute_ms; entry.minute != minute) {
    entry.minute = minute;
    entry.minute_calls = 0;
  }
  Verdict verdict{{},
                  quota.per_minute - entry.minute_calls,
                  quota.per_day - entry.calls_today(),
                  until_next(minute_ms, now),
                  until_next(day_ms, now)};
  const bool is_day_full = verdict.day_left <= 0;
  if (is_day_full || verdict.minute_left <= 0) {
    ++entry.refused;
    verdict.wait = is_day_full ? verdict.day_ends : verdict.minute_ends;
  } else {
    ++entry.minute_calls;
    ++entry.calls;
    --verdict.minute_left;
    --verdict.day_left;
  }
  verdict.minute_left = std::max<std::int64_t>(verdict.minute_left, 0);
  verdict.day_left = std::max<std::int64_t>(verdict.day_left, 0);
  return verdict;
}

// While something is on its way, what was read may have it already or not.
void KeyMeter::stored(std::int64_t key, std::int64_t day, std::int64_t calls) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entry_of(key, day);
  if (entry.in_flight == 0) entry.stored = std::max(entry.stored, calls);
}

std::vector<KeyMeter::Count> KeyMeter::flush() {
  const std::lock_guard lock(mutex_);
  std::vector<Count> counts = std::move(past_);
  past_.clear();
  for (auto& [key, entry] : entries_) {
    if (entry.calls + entry.refused == 0 || entry.in_flight > 0) continue;
    counts.push_back({key, entry.day, entry.calls, entry.refused});
    entry.in_flight = entry.calls;
    entry.calls = entry.refused = 0;
  }
  if (entries_.size() > idle_entries_max)
    std::erase_if(entries_, [](const auto& one) { return one.second.in_flight + one.second.calls == 0; });
  return counts;
}

void KeyMeter::flushed(const Count& count, std::int64_t calls_stored) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(count.key);
  if (found == entries_.end() || found->second.day != count.day) return;
  found->second.in_flight = 0;
  found->second.stored = std::max(found->second.stored, calls_stored);
}

void KeyMeter::not_flushed(const Count& count) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(count.key);
  if (found == entries_.end() || found->second.day != count.day) {
    past_.push_back(count);
    return;
  }
  found->second.in_flight = 0;
  found->second.calls += count.calls;
  found->second.refused += count.refused;
}

}  // namespace fairward::identity
