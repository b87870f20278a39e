// The words of all messages. One file a language: another one is a file of the same shape and a line in templates.cpp.
//
// A text is paragraphs with an empty line between. {name} stands for what render.cpp puts in; a test compares
// the names of every language with those of English.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace fairward::notifications {

struct Template {
  std::string_view kind, subject, text;
  std::string_view sms;   // "" : not told by SMS
  std::string_view link;  // the words of the button; "" : none
};
struct ReportWords {
  std::string_view doctor, visits, cancelled, missed, worth;
};
struct Language {
  std::string_view code, own_name;
  std::string_view direction;                // "ltr", "rtl"
  std::array<std::string_view, 7> weekdays;  // Monday first
  std::array<std::string_view, 12> months;
  std::string_view calendar, appointment;       // "Appointments", "Appointment"
  std::string_view greeting, greeting_unnamed;  // "Dear {name},"
  std::string_view footer;                      // why one gets this, and where to change it
  ReportWords report;
  std::span<const Template> templates;
};
extern const Language english, hindi;

std::span<const Language* const> languages();
// The language, or the one of its first letters ("en" for "en-GB"); English when there is none.
const Language& language_find(std::string_view code);
const Template* template_find(const Language& language, std::string_view kind);

}  // namespace fairward::notifications
