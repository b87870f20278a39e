// Why a run of slots cannot be had, in the words of document C. Pure. Source: mission B7.
#pragma once

#include "base/result.h"
#include "modules/booking/availability.h"

namespace fairward::booking {

// The local day of the run at its hospital, as a wish for that many slots. The run is one of the schedule.
Wish day_of(const Schedule& schedule, const Fit& run, int slots);

// all_held when nothing of that day is free but something is only held, else slot_taken; with `outcome`, and `wait`
// where waiting may help. `taken` has at least the cells of day_of(…) and one day more.
Failure refusal_of(const Schedule& schedule, const TakenCells& taken, const Fit& run, int slots, Instant now);

}  // namespace fairward::booking
