#include "modules/directory/rules.h"

#include <set>

#include "modules/directory/text.h"
#include "modules/directory/zones.h"

namespace fairward::directory {
namespace {

constexpr std::size_t practices_max = 20;
constexpr std::size_t languages_of_doctor_max = 20;
constexpr std::int64_t fee_minor_max = 1'000'000'000'000;

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::vector<FieldError> hospital_errors(const HospitalRow& row) {
  std::vector<FieldError> errors;
  if (folded(row.name).empty()) errors.push_back({"/name", "needs a letter or digit"});
  if (row.postal_code && !is_postal_code(*row.postal_code)) errors.push_back({"/postal_code", "is not a postal code"});
  if (zone_find(row.time_zone) == nullptr) errors.push_back({"/time_zone", "is not an IANA time zone"});
  if (row.latitude.has_value() != row.longitude.has_value())
    errors.push_back({row.latitude ? "/longitude" : "/latitude", "latitude and longitude go together"});
  else if (row.latitude && !is_place(*row.latitude, *row.longitude))
    errors.push_back({*row.latitude >= -90 && *row.latitude <= 90 ? "/longitude" : "/latitude", "is not on the globe"});
  return errors;
}

std::vector<FieldError> doctor_errors(const DoctorRow& row) {
  std::vector<FieldError> errors;
  if (folded(row.given_name).empty()) errors.push_back({"/given_name", "needs a letter"});
  if (row.image_url && !is_web_address(*row.image_url))
    errors.push_back({"/image_url", "must be an http or https address"});
  if (row.email && !is_email(*row.email)) errors.push_back({"/email", "is not an e-mail address"});
  return errors;
}

std::vector<FieldError> language_errors(const std::vector<std::string>& names) {
  std::vector<FieldError> errors;
  if (names.size() > languages_of_doctor_max) errors.push_back({"/languages", "must be at most 20"});
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].find(',') != std::string::npos)
      errors.push_back({"/languages/" + std::to_string(i), "must not contain a comma"});
  }
  return errors;
}

std::vector<FieldError> practice_errors(const std::vector<PracticeInput>& practices) {
  std::vector<FieldError> errors;
  if (practices.size() > practices_max) errors.push_back({"/practices", "must be at most 20"});
  std::set<HospitalId> seen;
  for (std::size_t i = 0; i < practices.size(); ++i) {
    const auto at = "/practices/" + std::to_string(i);
    if (!seen.insert(practices[i].hospital_id).second) errors.push_back({at + "/hospital_id", "is listed twice"});
    const auto amount = practices[i].fee.amount_minor;
    if (amount < 0 || amount > fee_minor_max)
      errors.push_back({at + "/fee/amount_minor", "must be from 0 to 1000000000000"});
    if (practices[i].fee.currency.size() != 3) errors.push_back({at + "/fee/currency", "must be an ISO 4217 code"});
  }
  return errors;
}

std::string full_name(std::string_view title, std::string_view given_name, std::string_view family_name) {
  std::string name;
  for (const auto part : {title, given_name, family_name}) {
    if (part.empty()) continue;
    if (!name.empty()) name += ' ';
    name += part;
  }
  return name;
}

std::string languages_joined(const std::vector<std::string>& names) {
  std::string joined;
  std::set<std::string> seen;
  for (const auto& name : names) {
    if (name.empty() || !seen.insert(folded(name)).second) continue;
    if (!joined.empty()) joined += ',';
    joined += name;
  }
  return joined;
}

bool is_web_address(std::string_view text) {
  if (text.empty()) return true;
  if (text.find_first_of(" \t\n\r\"'<>\\`") != std::string_view::npos) return false;
  const bool is_path = text.size() > 1 && text[0] == '/' && text[1] != '/';
  return is_path || (text.starts_with("https://") && text.size() > 8) ||
         (text.starts_with("http://") && text.size() > 7);
}

bool is_email(std::string_view text) {
  if (text.empty()) return true;
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at + 1 == text.size() ||
      text.find('@', at + 1) != std::string_view::npos)
    return false;
  return std::ranges::none_of(text, [](char c) { return c <= ' ' || c == '<' || c == '>' || c == '"' || c == ','; });
}

bool is_postal_code(std::string_view text) {
  if (text.size() < 3 || text.size() > 12 || !is_alphanumeric(text.front()) || !is_alphanumeric(text.back()))
    return false;
  return std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == ' ' || c == '-'; });
}

}  // namespace fairward::directory
