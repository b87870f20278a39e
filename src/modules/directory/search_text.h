// Reading what searches are asked with: places, windows of time, numbers in text. Collects every error with its
// pointer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "modules/directory/geo.h"
#include "modules/directory/world.h"

namespace fairward::directory {

inline constexpr Duration search_window_max = days(366);
inline constexpr double search_radius_km_max = 20'000;

class SearchErrors {
 public:
  void add(std::string parameter, std::string detail) {
    errors_.push_back({"?" + std::move(parameter), std::move(detail)});
  }
  bool is_empty() const { return errors_.empty(); }
  std::vector<FieldError> take() { return std::move(errors_); }

 private:
  std::vector<FieldError> errors_;
};

// An instant in RFC 3339, or a day (its start in the zone; its end when is_end). Years 2000 … 2200.
std::optional<Instant> moment_read(std::string_view text, const Zone* zone, bool is_end);
// Both ends of a window; errors are told by the names of the parameters.
struct Window {
  std::optional<Instant> from, to;
};
Window window_read(SearchErrors& errors, const std::string* from, const std::string* to, std::string_view from_name,
                   std::string_view to_name, const Zone* zone);
// The place of a postal code; an error when it is unknown or has none.
std::optional<Place> postal_place(SearchErrors& errors, const World& world, std::string_view code);
void radius_check(SearchErrors& errors, std::optional<double> radius_km, bool has_place, std::string_view name);

}  // namespace fairward::directory
