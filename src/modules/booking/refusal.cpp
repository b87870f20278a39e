// See the header.
#include "modules/booking/refusal.h"

#include "base/check.h"
#include "modules/booking/errors.h"

namespace fairward::booking {

Wish day_of(const Schedule& schedule, const Fit& run, int slots) {
  const Zone* zone = nullptr;
  for (const Shift& shift : schedule.shifts)
    if (shift.hospital == run.hospital) zone = shift.zone;
  for (const Exception& exception : schedule.exceptions)
    if (!zone && exception.zone && exception.hospital == run.hospital) zone = exception.zone;
  FAIRWARD_CHECK(zone != nullptr);
  const Date day = zone->date_of(run.starts_at);
  return {run.hospital, zone->instant(day, {0}), zone->instant(day + 1, {0}), slots};
}

Failure refusal_of(const Schedule& schedule, const TakenCells& taken, const Fit& run, int slots, Instant now) {
  const std::int64_t cell = cell_of(run.starts_at);
  const bool is_held = taken.status(cell, cell_of(run.ends_at) - cell) == SlotStatus::held;
  const Wish day = day_of(schedule, run, slots);
  const BookableRange bookable = bookable_range(schedule, now);
  const auto finds = [&](bool count_held) {
    return first_fit(schedule, day, bookable,
                     [&](std::int64_t first, std::int64_t n) {
                       const SlotStatus status = taken.status(first, n);
                       return status == SlotStatus::free || (count_held && status == SlotStatus::held);
                     })
        .has_value();
  };
  if (!finds(false) && finds(true))
    return Failure{&all_held, {}, {}, {}, 0}.with("outcome", outcome_retry).with("wait", "/api/waits");
  return Failure{&slot_taken, {}, {}, {}, 0}.with("outcome", is_held ? outcome_retry : outcome_slot_full);
}

}  // namespace fairward::booking
