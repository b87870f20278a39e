// Chance for the names of requests, spans and traces. They are no secrets, and a draw is a system call that costs as
// much as finding a route: so it is drawn for many requests at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <span>

#include "platform/api/trace.h"
#include "platform/clock/clock.h"

namespace fairward::api {

class TraceSource {
 public:
  using Bytes = std::array<std::uint8_t, trace_random_bytes>;

  explicit TraceSource(Entropy& entropy) : entropy_(entropy) {}

  // Any thread. Never the same twice.
  Bytes take() {
    const std::lock_guard lock(mutex_);
    if (left_ == 0) {
      entropy_.fill(drawn_);
      left_ = portions;
    }
    Bytes bytes;
    --left_;
    std::ranges::copy(std::span(drawn_).subspan(left_ * bytes.size(), bytes.size()), bytes.begin());
    return bytes;
  }

 private:
  static constexpr std::size_t portions = 32;

  Entropy& entropy_;
  std::mutex mutex_;
  std::array<std::uint8_t, portions * trace_random_bytes> drawn_{};
  std::size_t left_ = 0;
};

}  // namespace fairward::api
