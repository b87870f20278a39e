#include "modules/directory/search_text.h"

namespace fairward::directory {

std::optional<Instant> moment_read(std::string_view text, const Zone* zone, bool is_end) {
  std::optional<Instant> at;
  if (const auto day = parse_date(text)) at = day_start(zone, is_end ? *day + 1 : *day);
  else at = parse_rfc3339(text);
  constexpr Instant least{946'684'800'000}, most{7'258'118'400'000};  // 2000-01-01, 2200-01-01
  if (!at || *at < least || *at >= most) return std::nullopt;
  return at;
}

Window window_read(SearchErrors& errors, const std::string* from, const std::string* to, std::string_view from_name,
                   std::string_view to_name, const Zone* zone) {
  Window window;
  const auto read = [&](const std::string* text, std::string_view name, bool is_end) -> std::optional<Instant> {
    if (text == nullptr || text->empty()) return std::nullopt;
    const auto at = moment_read(*text, zone, is_end);
    if (!at) errors.add(std::string(name), "must be an RFC 3339 time or a day (YYYY-MM-DD) from 2000 to 2199");
    return at;
  };
  window.from = read(from, from_name, false);
  window.to = read(to, to_name, true);
  if (!window.from || !window.to) return window;
  if (*window.to <= *window.from) errors.add(std::string(to_name), "must be after the start");
  else if (*window.to - *window.from > search_window_max)
    errors.add(std::string(to_name), "must be within 366 days of the start");
  return window;
}

std::optional<Place> postal_place(SearchErrors& errors, const World& world, std::string_view code) {
  const auto at = world.postal_codes->find(std::string(code));
  if (at == world.postal_codes->end() || !at->second.latitude || !at->second.longitude) {
    errors.add("postal_code", "is not known");
    return std::nullopt;
  }
  return Place{*at->second.latitude, *at->second.longitude};
}

void radius_check(SearchErrors& errors, std::optional<double> radius_km, bool has_place, std::string_view name) {
  if (!radius_km) return;
  if (!(*radius_km > 0) || *radius_km > search_radius_km_max)
    errors.add(std::string(name), "must be above 0 and at most 20000 km");
  else if (!has_place) errors.add(std::string(name), "needs a place: coordinates or a postal code");
}

}  // namespace fairward::directory
