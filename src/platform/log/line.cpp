// Escaping is the whole point: a hostile value must not be able to forge a second line or move the operator's cursor.
#include "platform/log/line.h"

#include <fmt/format.h>

#include <cmath>

namespace fairward::log {
namespace {

constexpr std::string_view level_text(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
    case Level::off: break;
  }
  return "off";
}

// The length of the well-formed UTF-8 sequence at the front of `text` (RFC 3629), 0 when it is broken.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                             : (first & 0xF0) == 0xE0         ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned char second = byte(1);
  const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool is_outside = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return is_overlong || is_outside ? 0 : length;
}

// C0, DEL, C1, and the two separators that some viewers take for the end of a line.
bool is_control(std::string_view sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (sequence.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  return sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9";
}

void append_control(std::string& out, std::string_view sequence) {
  if (sequence == "\n") {
    out += "\\n";
    return;
  }
  if (sequence == "\r") {
    out += "\\r";
    return;
  }
  if (sequence == "\t") {
    out += "\\t";
    return;
  }
  unsigned code = static_cast<unsigned char>(sequence.back());
  if (sequence.size() == 3) code = 0x2028 + (code - 0xA8);
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view sequence = text.substr(0, length);
    if (length == 0) out += "\\ufffd";
    else if (is_control(sequence)) append_control(out, sequence);
    else if (sequence == "\"" || sequence == "\\") (out += '\\') += sequence;
    else out += sequence;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_value(std::string& out, const std::variant<std::string_view, long long, double>& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return append_quoted(out, *text);
  if (const auto* number = std::get_if<long long>(&value)) {
    fmt::format_to(std::back_inserter(out), "{}", *number);
    return;
  }
  const double real = std::get<double>(value);
  if (std::isfinite(real)) fmt::format_to(std::back_inserter(out), "{}", real);
  else out += "null";
}

std::string json_line(std::optional<Instant> at, Level level, std::string_view message, std::span<const Field> fields) {
  std::string out = "{";
  if (at) fmt::format_to(std::back_inserter(out), "\"at\":\"{}\",", to_rfc3339(*at));
  fmt::format_to(std::back_inserter(out), "\"level\":\"{}\",\"message\":", level_text(level));
  append_quoted(out, message);
  for (const auto& [name, value] : fields) {
    out += ',';
    append_quoted(out, name);
    out += ':';
    append_value(out, value);
  }
  return out += "}\n";
}

std::string plain_line(std::optional<Instant> at, Level level, std::string_view message,
                       std::span<const Field> fields) {
  std::string out;
  if (at) out = to_rfc3339(*at) + ' ';
  fmt::format_to(std::back_inserter(out), "{:<7} ", level_text(level));
  std::string quoted;
  append_quoted(quoted, message);
  out += std::string_view(quoted).substr(1, quoted.size() - 2);
  for (const auto& [name, value] : fields) {
    fmt::format_to(std::back_inserter(out), " {}=", name);
    append_value(out, value);
  }
  return out += '\n';
}

}  // namespace

std::string line_text(Format format, std::optional<Instant> at, Level level, std::string_view message,
                      std::span<const Field> fields) {
  return format == Format::json ? json_line(at, level, message, fields) : plain_line(at, level, message, fields);
}

}  // namespace fairward::log
