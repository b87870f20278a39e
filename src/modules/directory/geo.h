// Places on the globe: distances along the great circle.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string_view>

namespace fairward::directory {

struct Place {
  double latitude = 0;   // degrees north, -90 … 90
  double longitude = 0;  // degrees east, -180 … 180
  friend bool operator==(const Place&, const Place&) = default;
};

inline constexpr double earth_radius_km = 6371.0088;  // IUGG mean radius
inline constexpr double radius_km_max = 20'037.6;     // half way round
inline constexpr double kilometres_per_degree = earth_radius_km * std::numbers::pi / 180;

constexpr bool is_place(double latitude, double longitude) {
  return latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180;  // false for NaN
}

// Haversine: right for near and far points alike, in kilometres.
inline double distance_km(Place a, Place b) {
  constexpr double radians = std::numbers::pi / 180;
  const double up = std::sin((b.latitude - a.latitude) * radians / 2);
  const double across = std::sin((b.longitude - a.longitude) * radians / 2);
  const double h = up * up + std::cos(a.latitude * radians) * std::cos(b.latitude * radians) * across * across;
  return 2 * earth_radius_km * std::asin(std::sqrt(std::min(1.0, h)));
}

// "lat, long" in decimal degrees, blanks allowed around both; nullopt when it is anything else or out of range.
std::optional<Place> place_parse(std::string_view text);
// A decimal number and nothing but it (no sign +, no exponent, no nan); nullopt otherwise.
std::optional<double> decimal_parse(std::string_view text);

}  // namespace fairward::directory
