// The header's grammar: see trace.h. Section numbers are those of the recommendation.
#include "platform/api/trace.h"

#include <algorithm>

#include "base/text.h"

namespace fairward::api {
namespace {

// 2.2: version-trace id-parent id-flags.
constexpr std::size_t id_at = 3, span_at = 36, flags_at = 53, length = 55;
constexpr std::uint8_t flag_sampled = 1;

// The value of a digit; upper case is not allowed.
std::optional<std::uint8_t> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> bytes_of(std::string_view hex) {
  std::array<std::uint8_t, size> bytes;
  for (std::size_t i = 0; i < size; ++i) {
    const auto high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return bytes;
}

template <std::size_t size>
bool is_zero(const std::array<std::uint8_t, size>& bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

// 2.2.5, 4: what is behind the flags is allowed to later versions only, and begins with a dash.
bool has_form(std::string_view text, std::uint8_t version) {
  constexpr std::uint8_t version_forbidden = 0xff;
  if (version == version_forbidden) return false;
  if (text[id_at - 1] != '-' || text[span_at - 1] != '-' || text[flags_at - 1] != '-') return false;
  return text.size() == length || (version > 0 && text[length] == '-');
}

}  // namespace

std::optional<Trace> trace_parse(std::string_view traceparent) {
  const std::string_view text = trimmed(traceparent);
  if (text.size() < length) return std::nullopt;
  const auto version = bytes_of<1>(text), flags = bytes_of<1>(text.substr(flags_at));
  const auto id = bytes_of<16>(text.substr(id_at));
  const auto span = bytes_of<8>(text.substr(span_at));
  if (!version || !flags || !id || !span || !has_form(text, version->front())) return std::nullopt;
  if (is_zero(*id) || is_zero(*span)) return std::nullopt;
  return Trace{*id, *span, {}, (flags->front() & flag_sampled) != 0};
}

Trace trace_begin(std::string_view traceparent, std::span<const std::uint8_t, trace_random_bytes> random) {
  Trace trace;
  if (const auto sent = trace_parse(traceparent)) {
    trace = *sent;
    trace.parent = sent->span;
  } else {
    std::ranges::copy(random.first<16>(), trace.id.begin());
    trace.id.back() |= is_zero(trace.id) ? 1 : 0;  // zero says that there is none
  }
  std::ranges::copy(random.last<8>(), trace.span.begin());
  trace.span.back() |= is_zero(trace.span) ? 1 : 0;
  return trace;
}

std::string hex_text(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 0xf];
  }
  return text;
}

std::string traceparent_text(const Trace& trace) {
  return "00-" + hex_text(trace.id) + "-" + hex_text(trace.span) + (trace.is_sampled ? "-01" : "-00");
}

}  // namespace fairward::api
