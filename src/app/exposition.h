// Reads what /metrics answers: the text exposition of Prometheus, as far as this program writes it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairward::app {

struct Series {
  std::map<std::string, std::string, std::less<>> labels;
  double value = 0;

  std::string_view label(std::string_view name) const;  // "" when it has none of that name
};
using SeriesFilter = std::function<bool(const Series&)>;
// Keeps the series whose label has that value.
SeriesFilter labelled(std::string name, std::string value);

class Exposition {
 public:
  // nullopt for text of another kind. Comes from whatever answered: control characters become '?'.
  static std::optional<Exposition> parse(std::string_view text);

  bool has(std::string_view name) const { return series_.find(name) != series_.end(); }
  const std::vector<Series>& of(std::string_view name) const;
  // The sum over its series; 0 where there is none.
  double sum(std::string_view name, const SeriesFilter& filter = {}) const;

 private:
  std::map<std::string, std::vector<Series>, std::less<>> series_;
};

}  // namespace fairward::app
