// The header traceparent. What is taken for valid is written back as it was, and read again as the same.
#include "fuzz.h"
#include "platform/api/trace.h"

namespace fairward::fuzz {

void run(std::string_view input) {
  const auto trace = api::trace_parse(input);
  constexpr std::array<std::uint8_t, api::trace_random_bytes> random{1};
  const api::Trace begun = api::trace_begin(input, random);
  demand(begun && api::trace_parse(api::traceparent_text(begun)), "what begins here cannot be read");
  demand(begun.has_parent() == trace.has_value(), "a trace goes on that was not valid, or does not although it was");
  if (!trace) return;
  demand(*trace && trace->span != decltype(trace->span){}, "an id of zeros was taken");
  const std::string text = api::traceparent_text(*trace);
  demand(input.find(std::string_view(text).substr(2, 50)) != std::string_view::npos, "other ids than were sent");
  demand(api::trace_parse(text) == trace, "what is passed on reads otherwise");
}

}  // namespace fairward::fuzz
