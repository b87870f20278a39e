#include "modules/directory/geo.h"

#include <charconv>

namespace fairward::directory {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<double> decimal_parse(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<Place> place_parse(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const auto latitude = decimal_parse(text.substr(0, comma));
  const auto longitude = decimal_parse(text.substr(comma + 1));
  if (!latitude || !longitude || !is_place(*latitude, *longitude)) return std::nullopt;
  return Place{*latitude, *longitude};
}

}  // namespace fairward::directory
