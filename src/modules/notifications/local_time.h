// Wall time of IANA zones, from the system's zone data: of quiet hours, reminders, calendars and words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace fairward::notifications {

class Zone;  // lives as long as the program

const Zone* zone_find(std::string_view name);  // nullptr: no such zone
const Zone& utc();

struct LocalTime {
  Date date;
  TimeOfDay time;  // whole minutes
};
LocalTime local_time(const Zone& zone, Instant at);
// A wall time inside a gap means the first instant after it; of an ambiguous one the first occurrence.
Instant instant_of(const Zone& zone, Date date, TimeOfDay time);

// A stretch of one offset.
struct Offset {
  Instant begins_at;  // may be far in the past
  std::int64_t seconds = 0, seconds_before = 0;
  bool is_summer = false;
  std::string name;  // "CEST"
};
// What holds at `from`, and every change until `to`.
std::vector<Offset> offsets_between(const Zone& zone, Instant from, Instant to);

}  // namespace fairward::notifications
