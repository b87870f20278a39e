// The grammar of the exposition, a line at a time: see exposition.h.
#include "app/exposition.h"

#include <cstdlib>

namespace fairward::app {
namespace {

std::string printable(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c < ' ' || c > '~') c = '?';
  return out;
}

// Takes `"value"` with its escapes off the front; nullopt when it does not end.
std::optional<std::string> quoted_take(std::string_view& line) {
  if (!line.starts_with('"')) return std::nullopt;
  std::string value;
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (line[at] == '"') {
      line.remove_prefix(at + 1);
      return printable(value);
    }
    if (line[at] == '\\') ++at;
    if (at < line.size()) value += line[at];
  }
  return std::nullopt;
}

// Takes `{a="1",b="2"}` off the front, if it is there.
bool labels_take(std::string_view& line, Series& series) {
  if (!line.starts_with('{')) return true;
  line.remove_prefix(1);
  while (!line.starts_with('}')) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string name = printable(line.substr(0, equals));
    line.remove_prefix(equals + 1);
    auto value = quoted_take(line);
    if (!value) return false;
    series.labels[name] = std::move(*value);
    if (line.starts_with(',')) line.remove_prefix(1);
  }
  line.remove_prefix(1);
  return true;
}

bool value_take(std::string_view line, Series& series) {
  const std::string text(line);
  char* end = nullptr;
  series.value = std::strtod(text.c_str(), &end);
  return end != text.c_str();
}

}  // namespace

std::string_view Series::label(std::string_view name) const {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

SeriesFilter labelled(std::string name, std::string value) {
  return
      [name = std::move(name), value = std::move(value)](const Series& series) { return series.label(name) == value; };
}

std::optional<Exposition> Exposition::parse(std::string_view text) {
  Exposition exposition;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t name_end = line.find_first_of("{ ");
    if (name_end == std::string_view::npos) return std::nullopt;
    const std::string name = printable(line.substr(0, name_end));
    line.remove_prefix(name_end);
    Series series;
    if (!labels_take(line, series) || !value_take(line, series)) return std::nullopt;
    exposition.series_[name].push_back(std::move(series));
  }
  return exposition;
}

const std::vector<Series>& Exposition::of(std::string_view name) const {
  static const std::vector<Series> none;
  const auto found = series_.find(name);
  return found == series_.end() ? none : found->second;
}

double Exposition::sum(std::string_view name, const SeriesFilter& filter) const {
  double sum = 0;
  for (const Series& series : of(name))
    if (!filter || filter(series)) sum += series.value;
  return sum;
}

}  // namespace fairward::app
