// The month's report: a mail to each doctor with the own figures, to each administrator with the hospital's, and a card
// for the hospital's chat. A round for each month and zone, begun on the first day of the next one. Source: mission J2.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "modules/notifications/errors.h"
#include "modules/notifications/module.h"

namespace fairward::notifications {
namespace {

constexpr std::string_view round_kind = "reports";
constexpr std::string_view kind_name = "monthly_report";
constexpr TimeOfDay sent_at{6 * 60};
constexpr Duration made_up_for =
    days(20);  // a program that is first started later does not report what it has not seen
constexpr Duration useful = days(14);
constexpr std::int64_t hospitals_at_once = 20;
constexpr std::size_t card_doctors_max = 50;

struct ReportRound {
  std::string zone;
  Date month;                 // its first day
  std::int64_t hospital = 0;  // up to this one all is done
};
BOOST_DESCRIBE_STRUCT(ReportRound, (), (zone, month, hospital))

Date month_begin(Date date) {
  const CivilDate civil = civil_from_date(date);
  return date_from_civil(civil.year, civil.month, 1);
}

Date next_month(Date first) { return month_begin(first + 31); }

std::string json_text(std::string_view text) {
  std::string out;
  api::encode(out, std::string(text));
  return out;
}

std::string widget(std::string_view label, const std::string& text) {
  return fmt::format(R"({{"decoratedText":{{"topLabel":{},"text":{}}}}})", json_text(label), json_text(text));
}

}  // namespace

void Module::reports_tick(Instant now) {
  const auto missing = std::make_shared<std::vector<std::pair<std::string, Date>>>();
  engine_.read(
      [now, missing](Snapshot& db) {
        missing->clear();
        for (const std::string& name : directory::time_zones(db)) {
          const Zone* zone = zone_find(name);
          if (!zone) continue;
          const Date this_month = month_begin(local_time(*zone, now).date);
          const Instant due = instant_of(*zone, this_month, sent_at);
          const Date reported = month_begin(this_month - 1);
          if (now >= due && now < due + made_up_for && !store::round_has_begun(db, round_kind, name, reported))
            missing->emplace_back(name, reported);
        }
      },
      [this, missing](sql::Outcome) {
        for (const auto& [zone, month] : *missing) report_begin(zone, month);
      });
}

void Module::report_begin(const std::string& zone, Date month) {
  engine_.write(
      0,
      [this, zone, month](Txn& txn) {
        Call call;
        call.now = clock_.now();
        if (!store::round_begin(txn, round_kind, zone, month, call.now)) return false;
        report_enqueue(txn, call, {zone, month});
        return true;
      },
      [](sql::Outcome) {});
}

void Module::report_enqueue(Txn& txn, const Call& call, const std::pair<std::string, Date>& what, HospitalId after) {
  std::string payload;
  api::encode(payload, ReportRound{what.first, what.second, after.value});
  jobs::enqueue(txn, "notifications.report", call.now, payload, call);
}

// To one reader, who may be a chat room: person 0.
void Module::report_tell(Txn& txn, Call& call, HospitalId hospital, UserId person, Date month,
                         std::vector<ReportRow> rows, std::optional<DoctorId> doctor) {
  store::MessageRow row;
  row.kind = kind_name;
  row.key = fmt::format("{}/{}/{}/{}", kind_name, hospital.value, to_iso(month), person.value);
  if (doctor) row.key += "/doctor";
  row.person = person;
  row.hospital = hospital;
  row.useless_at = call.now + useful;
  Facts facts;
  facts.doctor = doctor;
  facts.month = month;
  facts.report = std::move(rows);
  tell(txn, call, std::move(row), facts);
}

void Module::hospital_report(Txn& txn, Call& call, const Zone& zone, HospitalId hospital, Date month) {
  const auto figures =
      booking::month_figures(txn, hospital, instant_of(zone, month, {0}), instant_of(zone, next_month(month), {0}));
  if (figures.empty()) return;
  std::vector<ReportRow> rows;
  for (const auto& one : figures)
    rows.push_back({one.doctor, one.currency, one.visits, one.cancelled, one.missed, one.worth_minor});
  for (const UserId person : identity::administrators_of(txn, hospital))
    report_tell(txn, call, hospital, person, month, rows, std::nullopt);
  if (store::hospital_find(txn, hospital)) report_tell(txn, call, hospital, UserId{}, month, rows, std::nullopt);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && rows[i].doctor == rows[i - 1].doctor) continue;  // a second currency goes with the first
    std::vector<ReportRow> own;
    std::ranges::copy_if(rows, std::back_inserter(own), [&](const auto& row) { return row.doctor == rows[i].doctor; });
    if (const auto person = identity::user_of_doctor(txn, rows[i].doctor))
      report_tell(txn, call, hospital, *person, month, std::move(own), rows[i].doctor);
  }
}

jobs::End Module::report_inside(Txn& txn, Call& call, const jobs::Job& job) {
  const auto round = api::decode<ReportRound>(job.payload);
  const Zone* zone = round ? zone_find(round->zone) : nullptr;
  if (!zone) return jobs::End::done();
  const auto hospitals = directory::hospitals_of_zone(txn, round->zone, HospitalId{round->hospital}, hospitals_at_once);
  for (const HospitalId hospital : hospitals) hospital_report(txn, call, *zone, hospital, round->month);
  if (static_cast<std::int64_t>(hospitals.size()) == hospitals_at_once)
    report_enqueue(txn, call, {round->zone, round->month}, hospitals.back());
  return jobs::End::done();
}

// The figures as lines, and as a table.
std::pair<std::string, std::string> Module::report_of(const Letter& letter, const Language& language) {
  const auto& words = language.report;
  std::string lines, table = "<table style=\"border-collapse:collapse\">\n<tr>";
  for (const std::string_view head : {words.doctor, words.visits, words.cancelled, words.missed, words.worth})
    table += fmt::format("<th style=\"text-align:start;padding:4px 12px 4px 0\">{}</th>", html_escaped(head));
  table += "</tr>\n";
  for (const ReportRow& row : *letter.facts.report) {
    const auto name = letter.doctor_names.find(row.doctor);
    const std::string doctor = name == letter.doctor_names.end() ? "" : name->second;
    const std::string worth = money_text(row.worth_minor, row.currency);
    lines += fmt::format("{}: {} {}, {} {}, {} {}, {}\n", doctor, words.visits, row.visits, words.cancelled,
                         row.cancelled, words.missed, row.missed, worth);
    table += "<tr>";
    for (const std::string& cell :
         {doctor, std::to_string(row.visits), std::to_string(row.cancelled), std::to_string(row.missed), worth})
      table += fmt::format("<td style=\"padding:4px 12px 4px 0\">{}</td>", html_escaped(cell));
    table += "</tr>\n";
  }
  return {lines, table + "</table>\n"};
}

// A card as Google Chat takes it (cardsV2).
std::string Module::report_card(const Letter& letter, const Rendered& words, const Language& language) {
  std::int64_t visits = 0, cancelled = 0, missed = 0;
  std::string doctors;
  std::size_t shown = 0;
  for (const ReportRow& row : *letter.facts.report) {
    visits += row.visits, cancelled += row.cancelled, missed += row.missed;
    const auto name = letter.doctor_names.find(row.doctor);
    if (name == letter.doctor_names.end() || ++shown > card_doctors_max) continue;
    const std::string line = fmt::format("{}: {} · {}: {} · {}: {}", language.report.visits, row.visits,
                                         language.report.cancelled, row.cancelled, language.report.missed, row.missed);
    doctors += (doctors.empty() ? "" : ",") + widget(name->second, line);
  }
  const std::string sums = widget(language.report.visits, std::to_string(visits)) + "," +
                           widget(language.report.cancelled, std::to_string(cancelled)) + "," +
                           widget(language.report.missed, std::to_string(missed));
  return fmt::format(
      R"({{"cardsV2":[{{"cardId":"message-{}","card":{{"header":{{"title":{}}},"sections":[{{"widgets":[{}]}})"
      R"(,{{"collapsible":true,"widgets":[{}]}}]}}}}]}})",
      letter.message.id.value, json_text(words.subject), sums, doctors);
}

// Errors: list_invalid.
Result<HospitalChat> Module::hospital_chat_get(Snapshot& db, Call& call, const HospitalChatPath& path) {
  if (!call.reaches({}, path.id)) return fail(hospital_not_found);
  const auto row = store::hospital_find(db, path.id);
  HospitalChat chat;
  if (row) chat.chat_url = row->chat_url;
  return chat;
}

// Errors, in this order: hospital_not_found, url_refused.
Result<HospitalChat> Module::hospital_chat_put(Txn& txn, Call& call, const HospitalChatUpdate& body) {
  if (!call.reaches({}, body.id) || !directory::hospital_time_zone(txn, body.id)) return fail(hospital_not_found);
  std::optional<std::string> url;
  if (body.chat_url && !body.chat_url->value.empty()) url = body.chat_url->value;
  if (url && poster_)
    if (const std::string fault = poster_->url_fault(*url); !fault.empty())
      return fail(url_refused, {{"/chat_url", fault}});
  store::hospital_put(txn, body.id, {url, call.caller.user, call.now});
  return HospitalChat{url};
}

}  // namespace fairward::notifications
