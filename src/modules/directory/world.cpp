#include "modules/directory/world.h"

#include "modules/directory/lexicon.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

void member_text(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  json_string_append(out, text);
}

void member_text_if(std::string& out, std::string_view name, const std::optional<std::string>& text) {
  if (text && !text->empty()) member_text(out, name, std::string_view(*text));
}

void member_integer(std::string& out, std::string_view name, std::int64_t value) {
  out += ",\"";
  out += name;
  out += "\":";
  integer_append(out, value);
}

void member_text_or_null(std::string& out, std::string_view name, const std::optional<std::string>& text) {
  if (text && !text->empty()) return member_text(out, name, std::string_view(*text));
  out += ",\"";
  out += name;
  out += "\":null";
}

void named(std::string& out, std::string_view member, std::int64_t id, std::string_view name) {
  out += ",\"";
  out += member;
  out += "\":{\"id\":";
  integer_append(out, id);
  member_text(out, "name", name);
  out += '}';
}

void languages_write(std::string& out, std::string_view joined) {
  out += ",\"languages\":[";
  for (const auto name : language_names(joined)) {
    if (out.back() != '[') out += ',';
    json_string_append(out, name);
  }
  out += ']';
}

// Can patients book there?
bool is_open(const PracticeRow& practice, const HospitalCard* hospital) {
  return practice.is_active && hospital != nullptr && hospital->row.is_active;
}

void practices_write(std::string& out, const World& world, const std::vector<PracticeRow>& practices) {
  out += ",\"practices\":[";
  for (const auto& practice : practices) {
    const auto* hospital = world.hospitals.find(practice.hospital.value);
    if (!is_open(practice, hospital)) continue;
    if (out.back() != '[') out += ',';
    out += "{\"hospital_id\":";
    integer_append(out, practice.hospital.value);
    member_text(out, "hospital_name", hospital->row.name);
    member_text(out, "city_name", hospital->city_name);
    if (practice.department) {
      out += ",\"department_id\":";
      integer_append(out, practice.department->value);
    }
    out += ",\"fee\":{\"amount_minor\":";
    integer_append(out, practice.fee_minor);
    member_text(out, "currency", practice.currency);
    out += '}';
    member_text(out, "time_zone", hospital->row.time_zone);
    out += '}';
  }
  out += ']';
}

std::string_view speciality_name(const World& world, const DoctorRow& row) {
  const auto* speciality = world.specialities.find(row.speciality.value);
  return speciality == nullptr ? std::string_view() : std::string_view(speciality->row.name);
}

std::string_view city_name(const World& world, const DoctorCard& card) {
  const auto* city = card.cities.empty() ? nullptr : world.cities.find(card.cities.front());
  return city == nullptr ? std::string_view() : std::string_view(city->row.name);
}

void item_write(const World& world, DoctorCard& card, const std::vector<PracticeRow>& practices, int year) {
  auto& out = card.json;
  const auto& row = card.row;
  out += "\"id\":";
  integer_append(out, row.id.value);
  member_text(out, "name", row.full_name);
  member_text(out, "title", row.title);
  named(out, "speciality", row.speciality.value, speciality_name(world, row));
  member_text(out, "qualification", row.qualification);
  if (row.practising_since)
    member_integer(out, "experience_years", std::max<std::int64_t>(0, year - *row.practising_since));
  languages_write(out, row.languages);
  out += ",\"rating\":";
  hundredths_append(out, card.rating_hundredths());
  member_integer(out, "reviews", row.rating_count);
  member_text(out, "bio", row.bio);
  member_text_if(out, "image_url", row.image_url);
  if (!card.cities.empty()) named(out, "city", card.cities.front(), city_name(world, card));
  practices_write(out, world, practices);
}

// The names of document (C), letter for letter.
void search_hit_write(const World& world, DoctorCard& card) {
  const auto& row = card.row;
  auto& head = card.json_search_head;
  head += "\"id\":";
  integer_append(head, row.id.value);
  member_text(head, "fname", row.given_name);
  member_text(head, "sname", row.family_name);
  member_text(head, "sal_name", row.title);
  member_text(head, "spec_name", speciality_name(world, row));
  member_text(head, "bio", row.bio);
  member_text_or_null(head, "img_url", row.image_url);
  auto& tail = card.json_search_tail;
  member_text(tail, "city_name", city_name(world, card));
  member_text_or_null(tail, "email", row.email);
  member_text_or_null(tail, "tel", row.telephone);
  member_text(tail, "ful_name", row.full_name);
  member_text(tail, "full_name", row.full_name);
}

void practices_note(const World& world, DoctorCard& card, const std::vector<PracticeRow>& practices) {
  for (const auto& practice : practices) {
    const auto* hospital = world.hospitals.find(practice.hospital.value);
    if (!is_open(practice, hospital)) continue;
    const auto city = static_cast<std::uint32_t>(hospital->row.city.value);
    card.fee_minor = card.practices.empty() ? practice.fee_minor : std::min(card.fee_minor, practice.fee_minor);
    card.practices.push_back(
        {practice.hospital, hospital->row.city, practice.fee_minor, zone_find(hospital->row.time_zone)});
    if (std::ranges::find(card.cities, city) == card.cities.end()) card.cities.push_back(city);
  }
}

}  // namespace

LanguageId Languages::ensure(std::string_view name) {
  if (const auto id = find(name)) return *id;
  if (names.size() >= languages_max) return static_cast<LanguageId>(names.size() - 1);
  names.emplace_back(name);
  names_folded.push_back(folded(name));
  return static_cast<LanguageId>(names.size() - 1);
}

std::optional<LanguageId> Languages::find(std::string_view name) const {
  const auto at = std::ranges::find(names_folded, folded(name));
  if (at == names_folded.end()) return std::nullopt;
  return static_cast<LanguageId>(at - names_folded.begin());
}

std::vector<std::string_view> language_names(std::string_view joined) {
  std::vector<std::string_view> names;
  while (!joined.empty()) {
    const auto comma = std::min(joined.find(','), joined.size());
    if (comma > 0) names.push_back(joined.substr(0, comma));
    joined.remove_prefix(std::min(comma + 1, joined.size()));
  }
  return names;
}

std::shared_ptr<const SpecialityCard> speciality_card(SpecialityRow row) {
  auto name = folded(row.name);
  const auto lay_bit = speciality_bit(name);
  return std::make_shared<const SpecialityCard>(std::move(row), std::move(name), lay_bit);
}

std::shared_ptr<const CityCard> city_card(CityRow row) {
  auto name = folded(row.name);
  return std::make_shared<const CityCard>(std::move(row), std::move(name));
}

std::shared_ptr<const HospitalCard> hospital_card(const World& world, HospitalRow row) {
  const auto* city = world.cities.find(row.city.value);
  auto name = folded(row.name);
  const auto* zone = zone_name_kept(row.time_zone);
  return std::make_shared<const HospitalCard>(std::move(row), std::move(name),
                                              city == nullptr ? std::string() : city->row.name, zone);
}

std::shared_ptr<const DoctorCard> doctor_card(const World& world, Languages& languages, DoctorRow row,
                                              const std::vector<PracticeRow>& practices, int year) {
  auto card = std::make_shared<DoctorCard>();
  card->row = std::move(row);
  card->name_folded = folded(card->row.full_name);
  practices_note(world, *card, practices);
  for (const auto name : language_names(card->row.languages)) card->languages.push_back(languages.ensure(name));
  card->is_listed = card->row.status == DoctorStatus::active && !card->practices.empty();
  item_write(world, *card, practices, year);
  search_hit_write(world, *card);
  card->row.bio.clear();  // it is in the texts already
  card->row.bio.shrink_to_fit();
  return card;
}

}  // namespace fairward::directory
