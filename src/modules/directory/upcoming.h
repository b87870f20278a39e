// The free times that a search shows of one doctor, as text, remembered while they are true: pages are asked for far
// more often than a doctor's times change. Thread-safe and without locks.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>

#include "modules/directory/directory.h"

namespace fairward::directory {

class UpcomingMemo {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  struct Summary {
    std::uint64_t changes = 0;  // grows with every change of the doctor's times
    std::uint64_t text_mark = 0;
    std::int64_t first_ms = never;
    int max_booking_days = 0;
  };

  UpcomingMemo() = default;
  UpcomingMemo(const UpcomingMemo&) = delete;
  ~UpcomingMemo() { delete kept_.load(std::memory_order_relaxed); }

  // Appends ,"first_free_at":…,"next_free":[…] as it is at `now`.
  Summary append(std::string& out, DoctorId doctor, const FreeTimes& free, Instant now) const;
  Summary summary(DoctorId doctor, const FreeTimes& free, Instant now) const;
  // The first free time, when it is remembered.
  std::optional<std::int64_t> first_known(Instant now) const;

 private:
  static constexpr std::size_t text_words = 19;
  // Written by one thread at a time, while `turn` is odd. Who read the same even turn before and after has read what
  // belongs together. Made for doctors that are shown: most of a large directory never are.
  struct Kept {
    std::atomic<std::uint64_t> turn{0}, changes{0}, good_from{1}, good_until{0}, first_ms{0}, sizes{0}, text_mark{0};
    std::array<std::atomic<std::uint64_t>, text_words> text{};
  };
  using Text = std::array<std::uint64_t, text_words>;

  bool read(Instant now, Summary& summary, Text* text, std::size_t& size) const;
  Summary make(std::string& text, DoctorId doctor, const FreeTimes& free, Instant now) const;
  void keep(const Summary& summary, const Upcoming& upcoming, const std::string& text) const;

  mutable std::atomic<const std::atomic<std::uint64_t>*> counter_{nullptr};  // of the port, once it counts
  mutable std::atomic<Kept*> kept_{nullptr};
};

// The same text of some starts.
void starts_append(std::string& out, std::span<const Instant> starts);

}  // namespace fairward::directory
