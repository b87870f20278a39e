// Local days of IANA zones, from the system's zone data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace fairward::directory {

class Zone;  // lives as long as the program

const Zone* zone_find(std::string_view name);  // nullptr: no such zone

// The one copy of the name, valid as long as the program.
const std::string* zone_name_kept(std::string_view name);
// The instant at which the day begins there.
Instant day_start(const Zone* zone, Date day);

// Remembers the offset that holds around the last instant asked for: asking for many times of few zones costs next to
// nothing.
class LocalDays {
 public:
  // The day in that zone; nullptr is UTC.
  Date day(const Zone* zone, Instant at);

 private:
  const Zone* zone_ = nullptr;
  std::int64_t begin_ = 1, end_ = 0, offset_ms_ = 0;
};

}  // namespace fairward::directory
