#include "platform/audit/marks.h"

#include <algorithm>
#include <charconv>

namespace fairward::audit {
namespace {

// Of a line: its members up to `of` and `on`, which are words of the program and numbers.
std::string_view head_of(std::string_view line) {
  return line.substr(0, std::min(line.find(",\"of\":["), line.find(",\"on\":\"")));
}

std::int64_t number_after(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(name);
  std::int64_t number = 0;
  if (at != std::string_view::npos) std::from_chars(head.data() + at + name.size(), head.data() + head.size(), number);
  return number;
}

void marks_append(std::string_view line, std::vector<Mark>& marks) {
  const std::string_view head = head_of(line);
  const bool is_refused = head.find(",\"refused\":\"") != std::string_view::npos;
  const bool is_patients = head.find("\"role\":\"patient\"") != std::string_view::npos;
  const auto add = [&](MarkKind kind, std::int64_t ref) {
    if (ref > 0) marks.push_back({kind, ref});
  };
  if (is_refused) marks.push_back({MarkKind::refused, 0});
  if (head.starts_with("{\"user\":") && (is_refused || !is_patients))
    add(MarkKind::actor, number_after(head, "{\"user\":"));
  add(MarkKind::actor, number_after(head, ",\"account\":"));
  add(MarkKind::hospital, number_after(head, ",\"hospital\":"));
}

}  // namespace

std::vector<Mark> marks_of(std::string_view entries) {
  std::vector<Mark> marks;
  while (!entries.empty()) {
    const std::string_view line = entries.substr(0, entries.find('\n'));
    entries.remove_prefix(std::min(entries.size(), line.size() + 1));
    marks_append(line, marks);
  }
  std::ranges::sort(marks);
  marks.erase(std::ranges::unique(marks).begin(), marks.end());
  return marks;
}

}  // namespace fairward::audit
