// Wall time of an IANA zone: days and times of day as instants, and back.
//
// Daylight saving: a wall time inside a gap means the first instant after it; an ambiguous one (fold) means its first
// occurrence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace fairward {

// An IANA zone with its offsets at hand. Immutable after construction; kept for ever by zone_find.
class Zone {
 public:
  // `date` at `time` on the wall, as an instant; gaps and folds as said above.
  Instant instant(Date date, TimeOfDay time) const;
  Date date_of(Instant at) const;
  TimeOfDay time_of(Instant at) const;  // on the wall, whole minutes
  const std::string& name() const { return name_; }

  struct Day {                    // what the calendar asks for thousands of times a second
    std::int32_t offset_minutes;  // of the whole day, when is_plain
    bool is_plain;                // no transition during the day
  };
  explicit Zone(std::string name);  // throws std::runtime_error for an unknown name

 private:
  Instant lookup(Date date, TimeOfDay time) const;
  std::int64_t local_ms(Instant at) const;  // what the wall shows, as if it were UTC
  std::string name_;
  const void* zone_;       // date::time_zone
  std::vector<Day> days_;  // from first_day
};
// nullptr for a name that the system does not know. Thread-safe.
const Zone* zone_find(const std::string& name);

}  // namespace fairward
