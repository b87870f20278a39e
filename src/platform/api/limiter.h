// Token buckets by address and by user, in memory of a fixed size. Each bucket is one number: the instant at which it
// would be full again (GCRA), so that a bucket nobody draws from needs no care.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "platform/api/routes.h"
#include "platform/clock/clock.h"
#include "platform/http/forwarded.h"

namespace fairward::api {

// So many requests to a window, all of them at once if need be. quota 0: no limit.
struct RateLimit {
  std::int64_t quota = 0;
  Duration window = seconds(60);
};

struct RateLimits {
  RateLimit normal, login, write;
  const RateLimit& of(RateClass rate) const;
};

struct RateVerdict {
  bool is_allowed = true;
  std::int64_t remaining = 0;
  std::int64_t wait_seconds = 0;  // until the next request is allowed
};

class Limiter {
 public:
  // entries: how many buckets are remembered; the one that is nearest to full gives way.
  Limiter(std::size_t entries, Entropy& entropy);
  RateVerdict take(std::string_view key, RateClass rate, const RateLimit& limit, Instant now);

 private:
  struct Bucket {
    std::uint64_t key = 0;
    std::int64_t full_at_us = 0;
  };
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t lock_count = 64;

  Bucket& bucket(std::size_t set, std::uint64_t key);

  std::string secret_;  // so that nobody can choose addresses that push out a certain bucket
  std::vector<Bucket> buckets_;
  std::array<std::mutex, lock_count> locks_;
};

using http::address_key;

}  // namespace fairward::api
