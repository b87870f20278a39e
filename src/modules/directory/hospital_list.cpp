#include "modules/directory/hospital_list.h"

#include "modules/directory/text.h"

namespace fairward::directory {

void HospitalList::arrange() const {
  hospitals_.each([&](const auto& card) { by_name_.push_back(card.get()); });
  std::ranges::sort(by_name_, [](const auto* a, const auto* b) {
    const int order = a->name_folded.compare(b->name_folded);
    return order != 0 ? order < 0 : a->row.id < b->row.id;
  });
  for (std::uint32_t number = 0; number < by_name_.size(); ++number) {
    const auto& hospital = *by_name_[number];
    by_city_[hospital.row.city.value].push_back(number);
    for (const auto word : words_of(hospital.name_folded)) {
      auto at = by_word_.find(word);
      if (at == by_word_.end()) at = by_word_.emplace(word, Numbers()).first;
      if (at->second.empty() || at->second.back() != number) at->second.push_back(number);
    }
  }
}

std::int64_t HospitalList::count_in(CityId city) const {
  arranged();
  const auto at = by_city_.find(city.value);
  if (at == by_city_.end()) return 0;
  return std::ranges::count_if(at->second, [&](std::uint32_t number) { return by_name_[number]->row.is_active; });
}

bool HospitalList::is_only_applied_for(CityId city) const {
  arranged();
  const auto at = by_city_.find(city.value);
  return at != by_city_.end() && std::ranges::none_of(at->second, [&](std::uint32_t number) {
           return by_name_[number]->row.approval == Approval::approved;
         });
}

HospitalList::Numbers HospitalList::with_word(const std::string& start) const {
  Numbers found;
  for (auto at = by_word_.lower_bound(start); at != by_word_.end() && at->first.starts_with(start); ++at)
    found.insert(found.end(), at->second.begin(), at->second.end());
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool HospitalList::passes(const HospitalCard& hospital, const HospitalFilter& filter) const {
  if (filter.is_active && hospital.row.is_active != *filter.is_active) return false;
  if (filter.approval && hospital.row.approval != *filter.approval) return false;
  if (filter.city != 0 && hospital.row.city.value != filter.city) return false;
  return filter.radius_km || filter.postal_code.empty() || hospital.row.postal_code == filter.postal_code;
}

std::vector<HospitalHit> HospitalList::find(const HospitalFilter& filter) const {
  arranged();
  std::optional<Numbers> numbers;
  const auto narrow = [&](Numbers more) {
    if (!numbers) return void(numbers = std::move(more));
    Numbers both;
    std::ranges::set_intersection(*numbers, more, std::back_inserter(both));
    numbers = std::move(both);
  };
  if (filter.city != 0) {
    const auto at = by_city_.find(filter.city);
    narrow(at == by_city_.end() ? Numbers() : at->second);
  }
  const auto keyword = folded(filter.keyword);
  for (const auto word : words_of(keyword)) narrow(with_word(std::string(word)));

  std::vector<HospitalHit> hits;
  const auto consider = [&](const HospitalCard& hospital) {
    if (!passes(hospital, filter)) return;
    HospitalHit hit{&hospital, std::nullopt};
    const auto place = place_of(hospital.row);
    if (filter.place && place) hit.distance_km = distance_km(*filter.place, *place);
    if (filter.radius_km && (!hit.distance_km || *hit.distance_km > *filter.radius_km)) return;
    hits.push_back(hit);
  };
  if (numbers) std::ranges::for_each(*numbers, [&](std::uint32_t number) { consider(*by_name_[number]); });
  else std::ranges::for_each(by_name_, [&](const auto* hospital) { consider(*hospital); });
  if (filter.radius_km) std::ranges::stable_sort(hits, {}, [](const HospitalHit& hit) { return *hit.distance_km; });
  return hits;
}

}  // namespace fairward::directory
