// Bugs put in on purpose, to see that the simulation finds them: a source file asks `plant == Plant::…` in an
// `if constexpr`, and tests/sim compiles that one file a second time with -DFAIRWARD_PLANT=…. The program itself is
// never built with one; main.cpp asserts it.
#pragma once

namespace fairward {

enum class Plant {
  none,
  queue_check_skipped,         // a newcomer gets a freed slot past those who wait
  hold_released_twice,         // a hold that was given back can be given back again
  acknowledged_before_commit,  // a reply leaves before its transaction is on disk
  lease_unchecked,             // a node that stood still acts on leases that it has lost
  event_order_ignored,         // what another node tells is believed, however late it comes
};

#ifdef FAIRWARD_PLANT
constexpr Plant plant = Plant::FAIRWARD_PLANT;
#else
constexpr Plant plant = Plant::none;
#endif

}  // namespace fairward
