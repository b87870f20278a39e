// Calendar files by the letter of RFC 5545; that others read them is shown by tests/http.
#include "modules/notifications/calendar_file.h"

#include <gtest/gtest.h>

#include <sstream>

namespace fairward::notifications {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

CalendarEvent event() {
  CalendarEvent one;
  one.uid = "appointment-17@clinic.example";
  one.sequence = 3;
  one.starts_at = at("2026-10-26T09:00:00Z");
  one.ends_at = at("2026-10-26T09:20:00Z");
  one.stamped_at = at("2026-10-20T08:00:00Z");
  one.time_zone = "Europe/Berlin";
  one.summary = "Dr Weiß; Haut, Haar\\Nägel";
  one.location = "Klinik\nSüd";
  return one;
}

bool has(const std::string& text, const std::string& line) {
  return text.find("\r\n" + line + "\r\n") != std::string::npos;
}

TEST(calendar_text, says_when_on_the_wall) {
  const std::string text =
      calendar_text({CalendarMethod::request, "", "no-reply@clinic.example", "asha@example.org", {event()}});
  EXPECT_TRUE(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
  EXPECT_TRUE(has(text, "METHOD:REQUEST"));
  EXPECT_TRUE(has(text, "UID:appointment-17@clinic.example"));
  EXPECT_TRUE(has(text, "SEQUENCE:3"));
  EXPECT_TRUE(has(text, "DTSTART;TZID=Europe/Berlin:20261026T100000"));
  EXPECT_TRUE(has(text, "DTEND;TZID=Europe/Berlin:20261026T102000"));
  EXPECT_TRUE(has(text, "DTSTAMP:20261020T080000Z"));
  EXPECT_TRUE(has(text, "SUMMARY:Dr Weiß\\; Haut\\, Haar\\\\Nägel"));
  EXPECT_TRUE(has(text, "LOCATION:Klinik\\nSüd"));
  EXPECT_TRUE(has(text, "ORGANIZER:mailto:no-reply@clinic.example"));
}

// The clocks went back on the day before: both offsets are told.
TEST(calendar_text, tells_of_the_clocks) {
  const std::string text = calendar_text({CalendarMethod::publish, "", "", "", {event()}});
  EXPECT_TRUE(has(text, "TZID:Europe/Berlin"));
  CalendarEvent later = event();
  later.starts_at = at("2027-04-01T09:00:00Z");
  later.ends_at = at("2027-04-01T09:20:00Z");
  const std::string two = calendar_text({CalendarMethod::publish, "", "", "", {event(), later}});
  EXPECT_TRUE(has(two, "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200"));
  EXPECT_TRUE(has(two, "DTSTART;TZID=Europe/Berlin:20270401T110000"));
  std::size_t zones = 0;
  for (std::size_t i = 0; (i = two.find("BEGIN:VTIMEZONE", i)) != std::string::npos; ++i) ++zones;
  EXPECT_EQ(zones, 1U);
}

TEST(calendar_text, folds_between_characters) {
  CalendarEvent one = event();
  for (int i = 0; i < 40; ++i) one.summary += "नमस्ते ";
  const std::string text = calendar_text({CalendarMethod::publish, "", "", "", {one}});
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(line.ends_with('\r'));
    EXPECT_LE(line.size(), 76U);
    EXPECT_NE(static_cast<unsigned char>(line[0]) & 0xC0, 0x80) << "a line begins inside of a character";
    if (line[0] == ' ') { EXPECT_NE(static_cast<unsigned char>(line[1]) & 0xC0, 0x80) << line; }
  }
}

TEST(calendar_text, lets_no_property_be_smuggled_in) {
  CalendarEvent one = event();
  one.summary = "x\r\nATTENDEE:mailto:evil@example.org\nEND:VEVENT";
  const std::string text = calendar_text({CalendarMethod::publish, "a\nb", "", "", {one}});
  EXPECT_EQ(text.find("\nATTENDEE"), std::string::npos);
  EXPECT_TRUE(has(text, "NAME:a\\nb"));
}

TEST(calendar_text, cancels_the_same_event) {
  CalendarEvent one = event();
  one.is_cancelled = true;
  const std::string text = calendar_text({CalendarMethod::cancel, "", "a@b.example", "c@d.example", {one}});
  EXPECT_TRUE(has(text, "METHOD:CANCEL"));
  EXPECT_TRUE(has(text, "STATUS:CANCELLED"));
  EXPECT_TRUE(has(text, "UID:appointment-17@clinic.example"));
}

}  // namespace
}  // namespace fairward::notifications
