// What the directory knows, in memory: immutable versions of cities, hospitals, doctors and postal codes. A search
// works on one version; a write makes the next. Not the search itself: search_index.h.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "modules/directory/directory.h"
#include "modules/directory/persistent_array.h"
#include "modules/directory/store.h"
#include "modules/directory/upcoming.h"
#include "modules/directory/zones.h"

namespace fairward::directory {

struct HospitalCard {
  HospitalRow row;
  std::string name_folded;
  std::string city_name;
  const std::string* time_zone;  // kept for ever
};
struct SpecialityCard {
  SpecialityRow row;
  std::string name_folded;
  std::uint64_t lay_bit = 0;  // lexicon.h
};
struct CityCard {
  CityRow row;
  std::string name_folded;
};

using LanguageId = std::uint16_t;

// Names of languages by small numbers; only ever grows.
struct Languages {
  std::vector<std::string> names;
  std::vector<std::string> names_folded;
  LanguageId ensure(std::string_view name);
  const std::string& name(LanguageId id) const { return names[id]; }
  std::optional<LanguageId> find(std::string_view name) const;
};
inline constexpr std::size_t languages_max = 1000;  // later ones share the last number

// A doctor as the search shows one: ready JSON text and what filters and orders need.
struct DoctorCard {
  DoctorRow row;
  struct At {
    HospitalId hospital;
    CityId city;
    std::int64_t fee_minor;
    const Zone* zone;
  };
  std::vector<At> practices;          // active ones, by hospital id
  std::vector<std::uint32_t> cities;  // of the practices, distinct; the first is the doctor's own
  std::vector<LanguageId> languages;
  std::int64_t fee_minor = 0;  // the lowest
  std::string name_folded;
  std::string json;  // members of the doctor's item, without braces and without what depends on the time
  std::string json_search_head, json_search_tail;  // the same for SearchDoctors: before and after max_bok_day
  bool is_listed = false;                          // active, with a practice

  int rating_hundredths() const {
    return row.rating_count == 0 ? 0
                                 : static_cast<int>((row.rating_sum * 100 + row.rating_count / 2) / row.rating_count);
  }

  // The first free time that was last heard of: unknown until asked. Only a hint for ordering; the port has the last
  // word.
  mutable std::atomic<std::int64_t> first_free{free_unknown};
  static constexpr std::int64_t free_unknown = -1;
  static constexpr std::int64_t free_never = UpcomingMemo::never;
  UpcomingMemo upcoming;
};

class HospitalList;

struct World {
  PersistentArray<CityCard> cities;
  PersistentArray<SpecialityCard> specialities;
  PersistentArray<HospitalCard> hospitals;
  std::shared_ptr<const HospitalList> hospital_list;        // of these hospitals, arranged when first asked for
  PersistentArray<std::vector<DepartmentRow>> departments;  // by hospital id
  PersistentArray<DoctorCard> doctors;                      // all, listed or not
  std::shared_ptr<const Languages> languages;
  std::shared_ptr<const std::unordered_map<std::string, PostalCodeRow>> postal_codes;
};

std::vector<std::string_view> language_names(std::string_view joined);  // "English,Hindi"
std::shared_ptr<const SpecialityCard> speciality_card(SpecialityRow row);
std::shared_ptr<const CityCard> city_card(CityRow row);
std::shared_ptr<const HospitalCard> hospital_card(const World& world, HospitalRow row);
// `year` is the current one, for the years of experience.
std::shared_ptr<const DoctorCard> doctor_card(const World& world, Languages& languages, DoctorRow row,
                                              const std::vector<PracticeRow>& practices, int year);

}  // namespace fairward::directory
