// Values that cannot be out of range: the bounds are part of the type, so decoding checks them, the API
// document prints them, and no function has to ask again.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace fairward {

// A whole number from low to high, both included.
template <std::int64_t low, std::int64_t high>
struct BoundedInt {
  static_assert(low <= high);
  static constexpr std::int64_t minimum = low;
  static constexpr std::int64_t maximum = high;
  std::int64_t value = low;
  constexpr operator std::int64_t() const { return value; }
};

// The same for a member that may be left out of a request: then it is `preset`.
template <std::int64_t low, std::int64_t high, std::int64_t preset>
struct BoundedIntOr {
  static_assert(low <= preset && preset <= high);
  static constexpr std::int64_t minimum = low;
  static constexpr std::int64_t maximum = high;
  std::int64_t value = preset;
  constexpr operator std::int64_t() const { return value; }
};

// Text of min … max code points: valid UTF-8, no control characters (line feed and tab are allowed when max > 500),
// surrounding blanks removed before counting.
template <std::size_t min, std::size_t max>
struct BoundedText {
  static constexpr std::size_t minimum = min;
  static constexpr std::size_t maximum = max;
  std::string value;
  operator const std::string&() const { return value; }
  friend bool operator==(const BoundedText&, const BoundedText&) = default;
};

}  // namespace fairward
