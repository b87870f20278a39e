#include "modules/reviews/rules.h"

namespace fairward::reviews {
namespace {

// One letter, however many bytes it takes.
std::string_view first_letter(std::string_view word) {
  std::size_t end = 1;
  while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) ++end;
  return word.substr(0, end);
}

}  // namespace

std::string author_of(std::string_view name) {
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  const auto first_end = name.find(' ');
  if (first_end == std::string_view::npos) return std::string(name);
  const auto last = name.substr(name.rfind(' ') + 1);
  return std::string(name.substr(0, first_end)) + " " + std::string(first_letter(last)) + ".";
}

}  // namespace fairward::reviews
