// Private calendars: an address that nobody guesses, read by calendar programs without a login. A patient's holds the
// visits; a doctor's the times and places, and nobody's name.
#include <fmt/format.h>

#include <charconv>

#include "modules/notifications/calendar_file.h"
#include "modules/notifications/errors.h"
#include "modules/notifications/module.h"
#include "platform/crypto/crypto.h"

namespace fairward::notifications {
namespace {

constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t proof_bytes = 24;
constexpr std::string_view file_end = ".ics";
constexpr Duration past = days(30), ahead = days(400);
constexpr std::int64_t visits_max = 1000;

std::string proof_of(std::string_view key, UserId person, std::string_view nonce) {
  const auto digest = crypto::hmac_sha256(key, fmt::format("calendar/{}/{}", person.value, nonce));
  return crypto::base64url(crypto::bytes_of(digest).substr(0, proof_bytes));
}

std::string file_of(std::string_view key, UserId person, std::string_view nonce) {
  return fmt::format("{}-{}{}", person.value, proof_of(key, person, nonce), file_end);
}

// Whose file it claims to be.
UserId person_of(std::string_view file) {
  UserId person;
  const auto read = std::from_chars(file.data(), file.data() + file.size(), person.value);
  const bool is_one = read.ec == std::errc() && read.ptr != file.data() + file.size() && *read.ptr == '-';
  return is_one ? person : UserId{};
}

}  // namespace

CalendarAddress Module::address_of(UserId person, const store::CalendarRow& row) const {
  return {fmt::format("{}/api/calendar/{}", options_.public_url, file_of(options_.secret_key, person, row.nonce)),
          row.created_at};
}

// Errors: calendar_not_found, when there is none yet.
Result<CalendarAddress> Module::calendar_get(Snapshot& db, Call& call, const api::Empty&) {
  const auto row = store::calendar_find(db, call.caller.user);
  if (!row) return fail(calendar_not_found);
  return address_of(call.caller.user, *row);
}

Result<CalendarAddress> Module::calendar_put(Txn& txn, Call& call, const api::Empty&) {
  const store::CalendarRow row{call.random->token(nonce_bytes), call.now};
  store::calendar_put(txn, call.caller.user, row);
  return address_of(call.caller.user, row);
}

Result<NoContent> Module::calendar_delete(Txn& txn, Call& call, const api::Empty&) {
  store::calendar_delete(txn, call.caller.user);
  return NoContent{};
}

CalendarEvent Module::event_of(Snapshot& db, const booking::BookedVisit& one, const Language& language,
                               bool is_doctors) const {
  const std::string domain = options_.from.address.substr(options_.from.address.find('@') + 1);
  const auto practice = directory::practice_find(db, one.visit.doctor, one.visit.hospital);
  CalendarEvent event;
  event.uid = fmt::format("appointment-{}@{}", one.id.value, domain);
  event.sequence = one.version;
  event.starts_at = one.visit.starts_at;
  event.ends_at = one.visit.ends_at;
  event.stamped_at = one.created_at;
  event.time_zone = practice ? practice->time_zone : "Etc/UTC";
  event.summary = is_doctors || !practice ? std::string(language.appointment) : practice->doctor_name;
  event.location = practice ? practice->hospital_name : "";
  if (!is_doctors) event.url = fmt::format("{}/a/{}", options_.public_url, one.id.value);
  return event;
}

// An address that is none is not told from one that was taken back. Errors: calendar_not_found.
Result<Serialized<std::string>> Module::calendar_file_get(Snapshot& db, Call& call, const CalendarPath& path) {
  const UserId person = person_of(path.file.value);
  const auto row = person ? store::calendar_find(db, person) : std::nullopt;
  const std::string wanted = file_of(options_.secret_key, person, row ? row->nonce : "");
  const auto known = row ? identity::person_find(db, person) : std::nullopt;
  if (!crypto::equal_constant_time(wanted, path.file.value) || !row || !known || known->status != "active")
    return fail(calendar_not_found);
  call.concerns(person);
  const auto chosen = store::person_find(db, person);
  const Language& language = language_find(chosen && chosen->language ? *chosen->language : options_.language);
  const bool is_doctors = static_cast<bool>(known->doctor);
  const Instant from = call.now - past, to = call.now + ahead;
  const auto visits = is_doctors ? booking::visits_of_doctor(db, known->doctor, from, to, visits_max)
                                 : booking::visits_of_patient(db, person, from, to, visits_max);
  CalendarFile file;
  file.name = language.calendar;
  for (const auto& one : visits) file.events.push_back(event_of(db, one, language, is_doctors));
  return Serialized<std::string>{calendar_text(file)};
}

}  // namespace fairward::notifications
