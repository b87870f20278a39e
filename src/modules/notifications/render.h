// Facts become words: at delivery, in the reader's language, on the wall of the hospital. Pure.
#pragma once

#include <boost/describe/class.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "modules/notifications/local_time.h"
#include "modules/notifications/templates.h"
#include "platform/api/codec.h"

namespace fairward::notifications {

struct Word {
  std::string name, text;
};
BOOST_DESCRIBE_STRUCT(Word, (), (name, text))

// Of a doctor's month at a hospital, in one currency.
struct ReportRow {
  DoctorId doctor;
  std::string currency;
  std::int64_t visits = 0, cancelled = 0, missed = 0, worth_minor = 0;
};
BOOST_DESCRIBE_STRUCT(ReportRow, (), (doctor, currency, visits, cancelled, missed, worth_minor))

// What a message keeps: ids, instants and sums; words only of what came with words.
struct Facts {
  std::optional<AppointmentId> appointment;
  std::optional<DoctorId> doctor;
  std::optional<WaitId> wait;
  std::optional<Instant> starts_at, ends_at, before_at, until;
  std::optional<std::int64_t> amount_minor, version;
  std::optional<std::string> currency;
  std::optional<std::vector<Word>> words;
  std::optional<Date> month;  // its first day
  std::optional<std::vector<ReportRow>> report;
};
BOOST_DESCRIBE_STRUCT(Facts, (),
                      (appointment, doctor, wait, starts_at, ends_at, before_at, until, amount_minor, version, currency,
                       words, month, report))

using Values = std::map<std::string, std::string, std::less<>>;

struct Rendered {
  std::string subject, text, html, sms;
  std::string brief;  // the text without greeting and footer: for the application's own list
};
// link: an address, "" for none. reader: a name, "" when it is not known. html_body: in place of the text's paragraphs.
Rendered render(const Language& language, const Template& words, const Values& values, const std::string& reader,
                const std::string& link, const std::string& html_body = "");

// "Mon, 23 Nov 2026, 10:30"
std::string when_text(const Language& language, const Zone& zone, Instant at);
// "10:30", with the day where it is another one than `now`'s.
std::string until_text(const Language& language, const Zone& zone, Instant at, Instant now);
std::string money_text(std::int64_t amount_minor, std::string_view currency);
// {name} → its value; what has none stays empty.
std::string filled(std::string_view pattern, const Values& values);

}  // namespace fairward::notifications
