// How a review is signed, and what it does to the doctor's rating. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairward::reviews {

// First name and the initial of the last: "Asha Devi Rao" is "Asha R."; one name stays alone.
std::string author_of(std::string_view name);

// What a review gives to its doctor: a hidden one nothing.
struct Weight {
  std::int64_t stars = 0, reviews = 0;
  friend bool operator==(const Weight&, const Weight&) = default;
};
constexpr Weight weight_of(std::int64_t rating, bool is_hidden) { return is_hidden ? Weight{} : Weight{rating, 1}; }
constexpr Weight operator-(const Weight& a, const Weight& b) { return {a.stars - b.stars, a.reviews - b.reviews}; }

}  // namespace fairward::reviews
