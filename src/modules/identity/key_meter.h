// How much each API key was used: so many calls in a calendar minute and in a day of UTC, counted on this node at once
// and stored every few seconds, where the nodes' counts meet. Safe on any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.h"

namespace fairward::identity {

struct KeyQuota {
  std::int64_t per_minute = 0, per_day = 0;
};

class KeyMeter {
 public:
  // Counts a call, or a refusal.
  struct Verdict {
    Duration wait;  // zero: it may go on; else how long to wait, in whole seconds, rounded up
    std::int64_t minute_left = 0, day_left = 0;
    Duration minute_ends, day_ends;  // from now, in whole seconds, rounded up
  };
  Verdict take(std::int64_t key, const KeyQuota& quota, Instant now);

  // What the database says of the key's calls on that day: those of every node that were stored.
  void stored(std::int64_t key, std::int64_t day, std::int64_t calls);

  // What was counted since, to be stored; each is followed by flushed, or by not_flushed.
  struct Count {
    std::int64_t key = 0, day = 0, calls = 0, refused = 0;
  };
  std::vector<Count> flush();
  void flushed(const Count& count, std::int64_t calls_stored);
  void not_flushed(const Count& count);

 private:
  struct Entry {
    std::int64_t minute = 0, minute_calls = 0;
    std::int64_t day = 0, stored = 0, in_flight = 0, calls = 0, refused = 0;
    std::int64_t calls_today() const { return stored + in_flight + calls; }
  };
  // A day that has passed and was not stored yet, aside.
  Entry& entry_of(std::int64_t key, std::int64_t day);

  std::mutex mutex_;
  std::unordered_map<std::int64_t, Entry> entries_;
  std::vector<Count> past_;
};

std::int64_t utc_day(Instant now);
std::string utc_day_text(std::int64_t day);  // "2026-11-22"

}  // namespace fairward::identity
