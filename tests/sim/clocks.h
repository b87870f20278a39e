// The clocks of a simulated world. Time passes for everybody; what a clock on a wall says of it is another matter.
#pragma once

#include "platform/clock/clock.h"

namespace fairward::sim {

// Time as it passes, and what somebody without an error would read from it.
class WorldClock final : public Clock {
 public:
  explicit WorldClock(Instant start) : now_(start) {}
  Instant now() const override { return now_; }
  std::int64_t steady_us() const override { return steady_.ms * 1000; }
  void pass(Duration by) {
    now_ = now_ + by;
    steady_ = steady_ + by;
  }
  void set_by(Duration by) { now_ = now_ + by; }  // everybody's clock is set, no time passes

 private:
  Instant now_;
  Duration steady_{};
};

// The clock of one machine: some seconds off, and set now and then.
class SkewedClock final : public Clock {
 public:
  explicit SkewedClock(const Clock& world) : world_(world) {}
  Instant now() const override { return world_.now() + off_by_; }
  std::int64_t steady_us() const override { return world_.steady_us(); }
  Duration off_by() const { return off_by_; }
  void set(Duration off_by) { off_by_ = off_by; }

 private:
  const Clock& world_;
  Duration off_by_{};
};

}  // namespace fairward::sim
