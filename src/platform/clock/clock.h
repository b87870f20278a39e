// Time and chance as parameters. Only src/main.cpp names the real ones.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/time.h"

namespace fairward {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  // Never goes back; for measuring how long something took, and nothing else.
  virtual std::int64_t steady_us() const { return now().ms * 1000; }
};

// Unpredictable bytes, safe to call from any thread.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
  std::uint64_t number();                    // uniform over all 64-bit values
  std::uint64_t below(std::uint64_t bound);  // uniform in [0, bound); bound above zero
  std::string token(std::size_t bytes);      // base64url without padding of that many random bytes
};

std::unique_ptr<Clock> make_system_clock();
std::unique_ptr<Entropy> make_system_entropy();                    // the operating system's generator
std::unique_ptr<Entropy> make_seeded_entropy(std::uint64_t seed);  // for tests and simulation only

// A clock that stands still until told. Safe to read and to set from any thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start) : now_ms_(start.ms) {}
  Instant now() const override { return {now_ms_.load()}; }
  void set(Instant at) { now_ms_ = at.ms; }
  void advance(Duration by) { now_ms_ += by.ms; }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace fairward
