// Token buckets: see limiter.h.
#include "platform/api/limiter.h"

#include <algorithm>

namespace fairward::api {

const RateLimit& RateLimits::of(RateClass rate) const {
  switch (rate) {
    case RateClass::normal: return normal;
    case RateClass::login: return login;
    case RateClass::write: return write;
  }
  return normal;
}

Limiter::Limiter(std::size_t entries, Entropy& entropy)
    : secret_(entropy.token(16)), buckets_(std::max<std::size_t>(1, entries / ways) * ways) {}

// The bucket of the key in its set, or the one there that is nearest to full, made empty for it.
Limiter::Bucket& Limiter::bucket(std::size_t set, std::uint64_t key) {
  const auto first = buckets_.begin() + static_cast<std::ptrdiff_t>(set * ways);
  const auto last = first + ways;
  if (const auto own = std::find_if(first, last, [&](const Bucket& b) { return b.key == key; }); own != last)
    return *own;
  Bucket& oldest =
      *std::min_element(first, last, [](const Bucket& a, const Bucket& b) { return a.full_at_us < b.full_at_us; });
  oldest = {key, 0};
  return oldest;
}

RateVerdict Limiter::take(std::string_view key, RateClass rate, const RateLimit& limit, Instant now) {
  if (limit.quota <= 0) return {};
  const std::uint64_t hash =
      std::hash<std::string>()(secret_ + static_cast<char>('0' + static_cast<int>(rate)) + std::string(key)) | 1;
  const std::size_t set = (hash >> 1) % (buckets_.size() / ways);
  const std::int64_t now_us = now.ms * 1000;
  const std::int64_t window_us = limit.window.ms * 1000;
  const std::int64_t step_us = std::max<std::int64_t>(1, window_us / limit.quota);
  const std::lock_guard lock(locks_[set % lock_count]);
  Bucket& own = bucket(set, hash);
  const std::int64_t full_at_us = std::max(own.full_at_us, now_us) + step_us;
  const std::int64_t over_us = full_at_us - now_us - step_us * limit.quota;
  if (over_us > 0) return {false, 0, (over_us + 999'999) / 1'000'000};
  own.full_at_us = full_at_us;
  return {true, -over_us / step_us, 0};
}

}  // namespace fairward::api
