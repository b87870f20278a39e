#include "modules/directory/cursor.h"

#include <charconv>

#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> hex_read(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

std::string_view part_next(std::string_view& text) {
  const auto end = std::min(text.find('.'), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

template <class T>
bool number_next(std::string_view& text, T& value) {
  const auto part = part_next(text);
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
  return !part.empty() && error == std::errc() && end == part.data() + part.size();
}

std::uint32_t mark(std::uint64_t search) { return static_cast<std::uint32_t>(search ^ search >> 32); }

}  // namespace

std::string cursor_write(const Position& position, std::uint64_t search) {
  std::string out;
  integer_append(out, mark(search));
  for (const auto key : position.keys) integer_append(out += '.', key);
  integer_append(out += '.', position.doctor);
  out += '.';
  for (const unsigned char byte : position.text) (out += hex_digits[byte >> 4]) += hex_digits[byte & 15];
  return out;
}

std::optional<Position> cursor_read(std::string_view text, std::uint64_t search) {
  Position position;
  std::uint32_t of = 0;
  if (!number_next(text, of) || of != mark(search)) return std::nullopt;
  for (auto& key : position.keys) {
    if (!number_next(text, key)) return std::nullopt;
  }
  if (!number_next(text, position.doctor)) return std::nullopt;
  auto words = hex_read(text);
  if (!words) return std::nullopt;
  position.text = std::move(*words);
  return position;
}

}  // namespace fairward::directory
