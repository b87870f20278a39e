// Reviews: what patients say of a doctor after a finished visit, and stars that become the doctor's rating: the only
// header of this module that others include. Source: mission S1.
#pragma once

#include <memory>

#include "modules/booking/booking.h"
#include "modules/directory/directory.h"
#include "platform/api/routes.h"
#include "platform/sql/invariant.h"

namespace fairward::reviews {

class Reviews {
 public:
  virtual ~Reviews() = default;
  virtual void routes(api::Routes& routes) = 0;
};
// The review of a visit, if it has one.
std::optional<std::int64_t> review_of(Snapshot& db, AppointmentId visit);
// For demo data: a review for most of the visits. The doctors' ratings come from them.
void demo_reviews(sql::Engine& engine, const std::vector<booking::DemoVisit>& visits);
// The directory keeps the ratings.
std::unique_ptr<Reviews> make_reviews(directory::Directory& directory);

// What must hold of reviews in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();

}  // namespace fairward::reviews
