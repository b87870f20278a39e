// Text from outside: see text.h.
#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace fairward {
namespace {

constexpr bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The length of the well-formed sequence at the front, or 0.
std::size_t sequence_length(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (first < 0xE0) return is_continuation(at(1)) ? 2 : 0;
  const unsigned char second = at(1);
  if (!is_continuation(second) || !is_continuation(at(2))) return 0;
  if (first < 0xF0) {
    if (first == 0xE0 && second < 0xA0) return 0;  // overlong
    if (first == 0xED && second > 0x9F) return 0;  // surrogates
    return 3;
  }
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return is_continuation(at(3)) ? 4 : 0;
}

std::uint32_t code_point(std::string_view sequence) {
  const auto bits = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[i]) & 0x3F);
  };
  const auto first = static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[0]));
  switch (sequence.size()) {
    case 1: return first;
    case 2: return (first & 0x1F) << 6 | bits(1);
    case 3: return (first & 0x0F) << 12 | bits(1) << 6 | bits(2);
    default: return (first & 0x07) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3);
  }
}

bool is_blank(std::uint32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
         c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

bool is_control(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

}  // namespace

bool utf8_valid(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t code_point_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<unsigned char>(c)); }));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0 || !is_blank(code_point(text.substr(0, length)))) break;
    text.remove_prefix(length);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && is_continuation(static_cast<unsigned char>(text[start]))) --start;
    const std::string_view last = text.substr(start);
    if (sequence_length(last) != last.size() || !is_blank(code_point(last))) break;
    text.remove_suffix(last.size());
  }
  return text;
}

bool has_control_characters(std::string_view text, bool lines_allowed) {
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, sequence_length(text));
    const std::uint32_t c = code_point(text.substr(0, length));
    const bool is_line = c == '\n' || c == '\r' || c == '\t';
    if (is_control(c) && !(is_line && lines_allowed)) return true;
    text.remove_prefix(length);
  }
  return false;
}

std::string json_pointer_escape(std::string_view member) {
  std::string escaped;
  escaped.reserve(member.size());
  for (const char c : member) {
    if (c == '~') escaped += "~0";
    else if (c == '/') escaped += "~1";
    else escaped += c;
  }
  return escaped;
}

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool ascii_equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace fairward
