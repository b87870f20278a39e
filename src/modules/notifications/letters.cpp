// A message with all that its words need, read at delivery: what has changed since is told as it is now, or not at all.
#include <fmt/format.h>

#include "modules/notifications/calendar_file.h"
#include "modules/notifications/module.h"
#include "platform/http/http.h"

namespace fairward::notifications {

std::optional<Letter> Module::letter_of(Snapshot& db, store::MessageRow message) const {
  auto facts = api::decode<Facts>(message.facts);
  if (!facts) return std::nullopt;
  Letter letter{std::move(message), std::move(*facts), {}, {}, {}};
  letter.reader = reader_of(db, letter.message);
  if (letter.reader.name.empty() && letter.facts.words)
    for (const Word& word : *letter.facts.words)
      if (word.name == "name") letter.reader.name = word.text;  // of an invitation: nobody of ours yet
  if (letter.facts.appointment) letter.visit = booking::visit_find(db, *letter.facts.appointment);
  if (letter.visit) letter.practice = directory::practice_find(db, letter.visit->doctor, letter.visit->hospital);
  if (letter.facts.wait && letter.facts.doctor)
    letter.doctor_names[*letter.facts.doctor] = directory::doctor_name(db, *letter.facts.doctor).value_or("");
  if (letter.facts.report) {
    for (const ReportRow& row : *letter.facts.report) {
      const auto practice = directory::practice_find(db, row.doctor, letter.message.hospital);
      if (!practice) continue;
      letter.doctor_names[row.doctor] = practice->doctor_name;
      letter.hospital_name = practice->hospital_name;
    }
    const auto hospital = letter.message.person ? std::nullopt : store::hospital_find(db, letter.message.hospital);
    if (hospital) letter.chat_url = hospital->chat_url;
  }
  return letter;
}

bool Module::is_of_use(const Letter& letter, Instant now) {
  if (now >= letter.message.useless_at) return false;
  if (!letter.visit || !letter.facts.starts_at) return true;
  const booking::Visit& visit = *letter.visit;
  return is_still_so(letter.message.kind, *letter.facts.starts_at,
                     {visit.is_booked, visit.is_pending, visit.is_cancelled, visit.starts_at});
}

Values Module::values_of(const Letter& letter, const Language& language, Instant now) const {
  Values values;
  if (letter.facts.words)
    for (const Word& word : *letter.facts.words) values[word.name] = word.text;
  const Zone* known = letter.practice ? zone_find(letter.practice->time_zone) : nullptr;
  const Zone& zone = known ? *known : utc();
  if (letter.practice) {
    values["doctor"] = letter.practice->doctor_name;
    values["hospital"] = letter.practice->hospital_name;
  }
  if (letter.facts.wait && letter.facts.doctor) values["doctor"] = letter.doctor_names.at(*letter.facts.doctor);
  if (letter.facts.starts_at) values["when"] = when_text(language, zone, *letter.facts.starts_at);
  if (letter.facts.before_at) values["before"] = when_text(language, zone, *letter.facts.before_at);
  if (letter.facts.until) values["until"] = until_text(language, zone, *letter.facts.until, now);
  if (letter.facts.amount_minor)
    values["amount"] = money_text(*letter.facts.amount_minor, letter.facts.currency.value_or(""));
  if (letter.facts.month) {
    const CivilDate civil = civil_from_date(*letter.facts.month);
    values["month"] = fmt::format("{} {}", language.months[static_cast<std::size_t>(civil.month - 1)], civil.year);
  }
  if (letter.facts.report) {
    const auto own = letter.facts.doctor ? letter.doctor_names.find(*letter.facts.doctor) : letter.doctor_names.end();
    values["subject"] = own == letter.doctor_names.end() ? letter.hospital_name : own->second;
    values["report"] = report_of(letter, language).first;
  }
  return values;
}

// Paths of the web UI.
std::string Module::link_of(const Letter& letter, const std::string& secret) const {
  const std::string& kind = letter.message.kind;
  const auto of = [&](std::string_view path) { return options_.public_url + std::string(path); };
  if (kind == "password_reset") return of("/password/new?token=" + http::url_encode(secret));
  if (kind == "invitation") return of("/invitation?token=" + http::url_encode(secret));
  if (kind == "account_approved") return of("/login");
  if (kind == "monthly_report" || kind == "export_ready") return of("/");
  if (kind == "appointment_cancelled") return of("/");
  if (letter.facts.wait) return of(fmt::format("/wait/{}", letter.facts.wait->value));
  if (!letter.facts.appointment) return "";
  return of(fmt::format("/{}/{}", kind == "offer_made" ? "book" : "a", letter.facts.appointment->value));
}

std::optional<Rendered> Module::words_of(const Letter& letter, const std::string& secret, Instant now) const {
  const Language& language = language_find(letter.reader.language);
  const Template* words = template_find(language, letter.message.kind);
  if (!words) return std::nullopt;
  Values values = values_of(letter, language, now);
  values["secret"] = secret;
  const std::string table = letter.facts.report ? report_of(letter, language).second : "";
  return render(language, *words, values, letter.reader.name, link_of(letter, secret), table);
}

// The calendar knows the visit by its UID; a later version replaces an earlier one, also when they arrive in another
// order.
std::optional<mail::Attachment> Module::invitation_of(const Letter& letter) const {
  const std::string& kind = letter.message.kind;
  const bool is_cancelled = kind == "appointment_cancelled";
  const bool has_file = is_cancelled || kind == "appointment_booked" || kind == "appointment_moved";
  if (!has_file || !letter.practice || !letter.facts.starts_at || !letter.reader.email) return std::nullopt;
  const std::string domain = options_.from.address.substr(options_.from.address.find('@') + 1);
  CalendarEvent event;
  event.uid = fmt::format("appointment-{}@{}", letter.facts.appointment->value, domain);
  event.sequence = letter.facts.version.value_or(0);
  event.starts_at = *letter.facts.starts_at;
  event.ends_at = letter.facts.ends_at.value_or(event.starts_at);
  event.stamped_at = letter.message.created_at;
  event.time_zone = letter.practice->time_zone;
  event.summary = letter.practice->doctor_name;
  event.location = letter.practice->hospital_name;
  event.url = fmt::format("{}/a/{}", options_.public_url, letter.facts.appointment->value);
  event.is_cancelled = is_cancelled;
  const CalendarFile file{is_cancelled ? CalendarMethod::cancel : CalendarMethod::request,
                          "",
                          options_.from.address,
                          *letter.reader.email,
                          {event}};
  return mail::Attachment{"appointment.ics",
                          fmt::format("text/calendar; charset=utf-8; method={}", method_text(file.method)),
                          calendar_text(file), true};
}

}  // namespace fairward::notifications
