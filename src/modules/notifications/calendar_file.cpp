#include "modules/notifications/calendar_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "modules/notifications/local_time.h"

namespace fairward::notifications {
namespace {

constexpr std::size_t line_bytes_max = 75;  // RFC 5545 3.1, without the line break

// Folds between characters, not inside of one.
void line_add(std::string& out, std::string_view line) {
  std::size_t taken = 0;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t next = i + 1;
    while (next < line.size() && (static_cast<std::uint8_t>(line[next]) & 0xC0) == 0x80) ++next;
    if (taken + next - i > line_bytes_max) {
      out += "\r\n ";
      taken = 1;
    }
    out += line.substr(i, next - i);
    taken += next - i;
    i = next;
  }
  out += "\r\n";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += "\\n";
    else if (c == ',' || c == ';' || c == '\\') out += std::string{'\\', c};
    else if (static_cast<std::uint8_t>(c) >= ' ' && c != 0x7F) out += c;
  }
  return out;
}

std::string local_text(std::int64_t ms) {
  const Date day{static_cast<std::int32_t>(ms >= 0 ? ms / days(1).ms : (ms + 1) / days(1).ms - 1)};
  const CivilDate civil = civil_from_date(day);
  const std::int64_t second = (ms - std::int64_t{day.day} * days(1).ms) / 1000;
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}", civil.year, civil.month, civil.day, second / 3600,
                     second / 60 % 60, second % 60);
}

std::string utc_text(Instant at) { return local_text(at.ms) + "Z"; }

std::string offset_text(std::int64_t seconds) {
  const std::int64_t size = std::abs(seconds);
  const std::string minutes = fmt::format("{}{:02}{:02}", seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  return size % 60 == 0 ? minutes : minutes + fmt::format("{:02}", size % 60);
}

// Each change of the clocks as an observance of its own: right for as long as the events last, and for no guess beyond.
void zone_add(std::string& out, const std::string& name, Instant from, Instant to) {
  const Zone* zone = zone_find(name);
  if (!zone) return;
  line_add(out, "BEGIN:VTIMEZONE");
  line_add(out, "TZID:" + name);
  bool is_first = true;
  for (const Offset& offset : offsets_between(*zone, from, to)) {
    const char* kind = offset.is_summer ? "DAYLIGHT" : "STANDARD";
    // What held before the first event began at a time that does not matter.
    const std::string begins =
        is_first ? "19700101T000000" : local_text(offset.begins_at.ms + offset.seconds_before * 1000);
    line_add(out, fmt::format("BEGIN:{}", kind));
    line_add(out, "DTSTART:" + begins);
    line_add(out, "TZOFFSETFROM:" + offset_text(offset.seconds_before));
    line_add(out, "TZOFFSETTO:" + offset_text(offset.seconds));
    line_add(out, "TZNAME:" + escaped(offset.name));
    line_add(out, fmt::format("END:{}", kind));
    is_first = false;
  }
  line_add(out, "END:VTIMEZONE");
}

std::string wall_text(const CalendarEvent& event, Instant at) {
  const Zone* zone = zone_find(event.time_zone);
  if (!zone) return ":" + utc_text(at);
  const LocalTime local = local_time(*zone, at);
  const std::int64_t ms = std::int64_t{local.date.day} * days(1).ms + std::int64_t{local.time.minute} * 60'000;
  return fmt::format(";TZID={}:{}", event.time_zone, local_text(ms));
}

void event_add(std::string& out, const CalendarFile& file, const CalendarEvent& event) {
  line_add(out, "BEGIN:VEVENT");
  line_add(out, "UID:" + escaped(event.uid));
  line_add(out, fmt::format("SEQUENCE:{}", event.sequence));
  line_add(out, "DTSTAMP:" + utc_text(event.stamped_at));
  line_add(out, "DTSTART" + wall_text(event, event.starts_at));
  line_add(out, "DTEND" + wall_text(event, event.ends_at));
  line_add(out, "SUMMARY:" + escaped(event.summary));
  if (!event.description.empty()) line_add(out, "DESCRIPTION:" + escaped(event.description));
  if (!event.location.empty()) line_add(out, "LOCATION:" + escaped(event.location));
  if (event.url) line_add(out, "URL:" + *event.url);
  line_add(out, fmt::format("STATUS:{}", event.is_cancelled ? "CANCELLED" : "CONFIRMED"));
  if (file.method != CalendarMethod::publish) {
    line_add(out, "ORGANIZER:mailto:" + file.organizer);
    line_add(out, "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:" + file.attendee);
  }
  line_add(out, "END:VEVENT");
}

}  // namespace

std::string_view method_text(CalendarMethod method) {
  switch (method) {
    case CalendarMethod::publish: return "PUBLISH";
    case CalendarMethod::request: return "REQUEST";
    case CalendarMethod::cancel: break;
  }
  return "CANCEL";
}

std::string calendar_text(const CalendarFile& file) {
  std::string out;
  line_add(out, "BEGIN:VCALENDAR");
  line_add(out, "VERSION:2.0");
  line_add(out, "PRODID:-//Fairward//Fairward//EN");
  line_add(out, "CALSCALE:GREGORIAN");
  line_add(out, fmt::format("METHOD:{}", method_text(file.method)));
  if (!file.name.empty()) {
    line_add(out, "NAME:" + escaped(file.name));
    line_add(out, "X-WR-CALNAME:" + escaped(file.name));
    line_add(out, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
  }
  struct Span {
    Instant from{INT64_MAX}, to{0};
  };
  std::map<std::string, Span> zones;
  for (const CalendarEvent& event : file.events) {
    Span& span = zones[event.time_zone];
    span.from = std::min(span.from, event.starts_at - days(1));
    span.to = std::max(span.to, event.ends_at + days(1));
  }
  for (const auto& [name, span] : zones) zone_add(out, name, span.from, span.to);
  for (const CalendarEvent& event : file.events) event_add(out, file, event);
  line_add(out, "END:VCALENDAR");
  return out;
}

}  // namespace fairward::notifications
