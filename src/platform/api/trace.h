// W3C Trace Context (https://www.w3.org/TR/trace-context/): to which trace a piece of work belongs, across programs.
// Read from the header traceparent, logged, and passed on to whatever is called. tracestate is other people's and ends
// here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fairward::api {

struct Trace {
  std::array<std::uint8_t, 16> id{};     // of the whole; all zero: there is no trace
  std::array<std::uint8_t, 8> span{};    // of this piece of work
  std::array<std::uint8_t, 8> parent{};  // of the piece that asked for it; all zero: the trace began here
  bool is_sampled = false;               // whoever asked for it may have recorded it

  explicit operator bool() const { return id != decltype(id){}; }
  bool has_parent() const { return parent != decltype(parent){}; }
  friend bool operator==(const Trace&, const Trace&) = default;
};

// Random bytes that a new piece of work takes.
constexpr std::size_t trace_random_bytes = 24;

// The trace that a header names, its span being the sender's; nullopt for what is not valid. A version above ours is
// read as ours, as far as that goes.
std::optional<Trace> trace_parse(std::string_view traceparent);
// A new piece of work of the trace that the header names, or of a trace that begins here when it names none.
Trace trace_begin(std::string_view traceparent, std::span<const std::uint8_t, trace_random_bytes> random);
// "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01": for what this piece of work calls.
std::string traceparent_text(const Trace& trace);

std::string hex_text(std::span<const std::uint8_t> bytes);  // lower case

}  // namespace fairward::api
