// What must hold of reviews and of the ratings that come from them.
#include <set>

#include "modules/reviews/reviews.h"
#include "platform/sql/invariant.h"
#include "sql/reviews.h"

namespace fairward::reviews {
namespace {

using directory::Rating;

struct Order {
  bool operator()(const Rating& a, const Rating& b) const {
    return std::tie(a.doctor, a.stars, a.reviews) < std::tie(b.doctor, b.stars, b.reviews);
  }
};

// Doctors whose stars are not the sum of the reviews that are shown.
void wrong_ratings_find(Snapshot& db, const sql::Invariant::Violated& violated) {
  const auto shown = directory::ratings(db), counted = db.all<Rating>(sql_queries::check_ratings);
  std::vector<Rating> different;
  std::ranges::set_symmetric_difference(shown, counted, std::back_inserter(different), Order{});
  std::set<std::int64_t> doctors;
  for (const Rating& rating : different) doctors.insert(rating.doctor.value);
  for (const std::int64_t doctor : doctors) violated(doctor);
}

}  // namespace

std::vector<sql::Invariant> invariants() {
  return {{"reviews.rating", "A doctor's stars are those of the reviews that are shown.", "doctor", wrong_ratings_find},
          {"reviews.visit", "A review is of a finished visit.", "appointment", [](Snapshot& db, const auto& violated) {
             sql::each_missing(db.all<std::int64_t>(sql_queries::check_visits), booking::visits_finished(db), violated);
           }}};
}

}  // namespace fairward::reviews
