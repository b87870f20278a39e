// What may be meant while somebody types: from memory, cheap enough for each key pressed.
#include "modules/directory/hospital_list.h"
#include "modules/directory/lexicon.h"
#include "modules/directory/module.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr std::size_t hospital_letters_min = 3;  // shorter beginnings fit too many
constexpr std::size_t start_items = 8;           // of each kind before anything is typed

class Suggester {
 public:
  Suggester(const Version& version, const SuggestionQuery& query)
      : version_(version),
        world_(version.world),
        limit_(static_cast<std::size_t>(query.limit.value)),
        city_(query.city_id.value_or(CityId{}).value),
        keyword_(query.q ? query.q->value : std::string()) {}

  SuggestionList run() {
    if (folded(keyword_).empty()) return start();
    found_ = search(version_, {.keyword = keyword_, .city = city_, .limit = limit_}, nullptr, {});
    phrase_ = understand(version_, keyword_, true, Effort::as_typed);
    list_.suggestion = found_.suggestion;
    specialities();
    cities();
    hospitals();
    doctors();
    return std::move(list_);
  }

 private:
  // Where most doctors are, and what for.
  SuggestionList start() {
    limit_ = std::max(limit_, start_items);
    const auto all = search(version_, {.city = city_, .limit = 0}, nullptr, {});
    most(SuggestionKind::speciality, all.tally->facets.specialities, [](const SuggestionItem&) { return true; });
    if (city_ == 0) most(SuggestionKind::city, all.tally->facets.cities, [](const SuggestionItem&) { return true; });
    return std::move(list_);
  }

  // The fullest that are wanted.
  template <class F>
  void most(SuggestionKind kind, std::vector<Count> counts, F&& is_wanted) {
    std::ranges::sort(
        counts, [](const Count& a, const Count& b) { return std::pair(b.doctors, a.id) < std::pair(a.doctors, b.id); });
    std::size_t taken = 0;
    for (const auto& count : counts) {
      if (taken == limit_) return;
      auto item = kind == SuggestionKind::city ? city_item(count) : speciality_item(count);
      if (!is_wanted(item)) continue;
      list_.items.push_back(std::move(item));
      ++taken;
    }
  }
  SuggestionItem city_item(const Count& count) const {
    const CityCard* city = world_.cities.find(count.id);
    SuggestionItem item{SuggestionKind::city, count.id, city == nullptr ? "" : city->row.name, {}, count.doctors};
    if (city != nullptr && !city->row.state.empty()) item.detail = city->row.state;
    return item;
  }
  SuggestionItem speciality_item(const Count& count) const {
    const SpecialityCard* card = world_.specialities.find(count.id);
    return {SuggestionKind::speciality, count.id, card == nullptr ? "" : card->row.name, {}, count.doctors};
  }

  // Whether one of the words is what the need is about, or begins so.
  static bool answers(std::string_view words, const Need& need) {
    return std::ranges::any_of(words_of(words), [&](std::string_view word) {
      return word.starts_with(need.text) || std::ranges::any_of(need.meanings, [&](const Meaning& meaning) {
               if (meaning.kind == Meaning::Kind::initial) return word.starts_with(meaning.text);
               return meaning.kind == Meaning::Kind::word && word == meaning.text;
             });
    });
  }
  bool is_meant(std::int64_t speciality, const Need& need) const {
    return std::ranges::any_of(need.meanings, [&](const Meaning& meaning) {
      return meaning.kind == Meaning::Kind::specialities && meaning.fit != Fit::faint &&
             std::ranges::find(meaning.specialities, speciality) != meaning.specialities.end();
    });
  }
  template <class F>
  bool any_need(F&& holds) const {
    return std::ranges::any_of(phrase_.needs, holds);
  }

  void specialities() {
    most(SuggestionKind::speciality, found_.tally->facets.specialities, [&](const SuggestionItem& item) {
      const auto* card = world_.specialities.find(item.id);
      return card != nullptr &&
             any_need([&](const Need& need) { return is_meant(item.id, need) || answers(card->name_folded, need); });
    });
  }
  void cities() {
    most(SuggestionKind::city, found_.tally->facets.cities, [&](const SuggestionItem& item) {
      const auto* card = world_.cities.find(item.id);
      return card != nullptr && any_need([&](const Need& need) {
               return answers(card->name_folded, need) || answers(city_aliases(card->name_folded), need);
             });
    });
  }
  void hospitals() {
    std::string words;
    for (const auto& need : phrase_.needs) {
      if (need.text.size() < hospital_letters_min) return;
      words += (words.empty() ? "" : " ") + need.text;
    }
    if (words.empty() || world_.hospital_list == nullptr) return;
    std::size_t taken = 0;
    for (const auto& hit : world_.hospital_list->find({.city = city_, .keyword = words})) {
      if (taken++ == limit_) return;
      list_.items.push_back(
          {SuggestionKind::hospital, hit.hospital->row.id.value, hit.hospital->row.name, hit.hospital->city_name, {}});
    }
  }
  // Who is found by the name; who is found by the speciality is many.
  void doctors() {
    for (const auto& hit : found_.hits) {
      const auto& doctor = *hit.doctor;
      if (!any_need([&](const Need& need) { return answers(doctor.name_folded, need); })) continue;
      SuggestionItem item{SuggestionKind::doctor, doctor.row.id.value, doctor.row.full_name, {}, {}};
      if (const auto* speciality = world_.specialities.find(doctor.row.speciality.value))
        item.detail = speciality->row.name;
      const auto* city = doctor.cities.empty() ? nullptr : world_.cities.find(doctor.cities.front());
      if (city != nullptr) item.detail = item.detail.value_or("") + ", " + city->row.name;
      list_.items.push_back(std::move(item));
    }
  }

  const Version& version_;
  const World& world_;
  std::size_t limit_;
  std::int64_t city_;
  std::string keyword_;
  Found found_;
  Phrase phrase_;
  SuggestionList list_;
};

}  // namespace

Result<SuggestionList> Module::suggestion_list(Call&, const SuggestionQuery& query) {
  const auto version = current();
  return Suggester(*version, query).run();
}

}  // namespace fairward::directory
