// What the reviews' endpoints take and give.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"

namespace fairward::reviews {

using ReviewId = Id<struct ReviewTag>;
using Rating = BoundedInt<1, 5>;
using ReviewText = BoundedText<0, 2000>;

struct ReviewCreate {
  DoctorId id;  // the doctor
  AppointmentId appointment_id;
  Rating rating;
  std::optional<ReviewText> text;
};
BOOST_DESCRIBE_STRUCT(ReviewCreate, (), (id, appointment_id, rating, text))
struct ReviewUpdate {  // what is absent stays
  ReviewId id;
  std::optional<Rating> rating;
  std::optional<ReviewText> text;
};
BOOST_DESCRIBE_STRUCT(ReviewUpdate, (), (id, rating, text))
struct ReviewHide {
  ReviewId id;
  bool hidden = true;
  std::optional<BoundedText<0, 500>> reason;
};
BOOST_DESCRIBE_STRUCT(ReviewHide, (), (id, hidden, reason))
struct ReviewPath {
  ReviewId id;
};
BOOST_DESCRIBE_STRUCT(ReviewPath, (), (id))

using ReviewCursor = BoundedText<1, 20>;
struct DoctorReviewQuery {
  DoctorId id;
  BoundedIntOr<1, 50, 10> limit;
  std::optional<ReviewCursor> cursor;
};
BOOST_DESCRIBE_STRUCT(DoctorReviewQuery, (), (id, limit, cursor))
struct ReviewQuery {
  std::optional<HospitalId> hospital_id;
  BoundedIntOr<1, 50, 10> limit;
  std::optional<ReviewCursor> cursor;
};
BOOST_DESCRIBE_STRUCT(ReviewQuery, (), (hospital_id, limit, cursor))

// What everybody may read.
struct PublicReview {
  ReviewId id;
  std::int64_t rating = 0;
  std::optional<std::string> text;
  std::string author;  // first name and an initial: "Asha R."
  Instant created_at;
  std::optional<Instant> changed_at;
};
BOOST_DESCRIBE_STRUCT(PublicReview, (), (id, rating, text, author, created_at, changed_at))
// How many gave one star, two, … five; of the reviews that are shown.
struct StarCounts {
  std::int64_t one = 0, two = 0, three = 0, four = 0, five = 0;
};
BOOST_DESCRIBE_STRUCT(StarCounts, (), (one, two, three, four, five))
struct DoctorReviewList {
  std::vector<PublicReview> items;
  std::optional<std::string> next;
  std::optional<StarCounts> stars;  // on the first page
};
BOOST_DESCRIBE_STRUCT(DoctorReviewList, (), (items, next, stars))
// What its author and the hospital's administrators see.
struct Review {
  ReviewId id;
  AppointmentId appointment_id;
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::int64_t rating = 0;
  std::optional<std::string> text;
  std::string author;
  Instant visited_at, created_at;
  std::optional<Instant> changed_at;
  bool hidden = false;
  std::optional<std::string> hidden_reason;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(Review, (),
                      (id, appointment_id, doctor_id, hospital_id, rating, text, author, visited_at, created_at,
                       changed_at, hidden, hidden_reason, version))

}  // namespace fairward::reviews
