// iCalendar (RFC 5545): what is attached to a confirmation, and what a private feed answers. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace fairward::notifications {

struct CalendarEvent {
  std::string uid;            // the same for ever, whatever becomes of the visit
  std::int64_t sequence = 0;  // grows with each change
  Instant starts_at, ends_at, stamped_at;
  std::string time_zone;  // IANA name
  std::string summary, description, location;
  std::optional<std::string> url;
  bool is_cancelled = false;
};
enum class CalendarMethod : std::uint8_t { publish, request, cancel };
struct CalendarFile {
  CalendarMethod method = CalendarMethod::publish;
  std::string name;                 // of a feed; "" : none
  std::string organizer, attendee;  // addresses; of a request or its cancellation
  std::vector<CalendarEvent> events;
};
// With CRLF, lines folded at 75 bytes, and a VTIMEZONE for each zone that an event names.
std::string calendar_text(const CalendarFile& file);
std::string_view method_text(CalendarMethod method);

}  // namespace fairward::notifications
