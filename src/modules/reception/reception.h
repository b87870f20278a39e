// The reception: who has arrived, who is called next, what hangs on the wall: the only header of this module that
// others include.
#pragma once

#include <memory>

#include "modules/booking/booking.h"
#include "platform/api/routes.h"
#include "platform/sql/invariant.h"

namespace fairward::reception {

class Reception {
 public:
  virtual ~Reception() = default;
  virtual void routes(api::Routes& routes) = 0;
};
std::unique_ptr<Reception> make_reception(booking::Booking& booking);

// What must hold of arrivals in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();

}  // namespace fairward::reception
