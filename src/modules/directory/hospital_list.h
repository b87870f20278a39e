// Hospitals by name, city, word and distance. Arranged on first use after a change, so that many changes in a row cost
// one arrangement.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "modules/directory/world.h"

namespace fairward::directory {

struct HospitalFilter {
  std::int64_t city = 0;
  std::string keyword;
  std::string postal_code;  // exactly, when there is no radius
  std::optional<Place> place;
  std::optional<double> radius_km;                        // needs a place; then the nearest come first, else by name
  std::optional<bool> is_active = true;                   // nullopt: the closed ones too
  std::optional<Approval> approval = Approval::approved;  // nullopt: those that were not approved, too
};
struct HospitalHit {
  const HospitalCard* hospital;
  std::optional<double> distance_km;
};

class HospitalList {
 public:
  explicit HospitalList(PersistentArray<HospitalCard> hospitals) : hospitals_(std::move(hospitals)) {}
  // All that pass, in order.
  std::vector<HospitalHit> find(const HospitalFilter& filter) const;
  std::int64_t count_in(CityId city) const;     // closed ones are not counted
  bool is_only_applied_for(CityId city) const;  // its hospitals are none that was approved

 private:
  using Numbers = std::vector<std::uint32_t>;  // places in by_name_, ascending
  void arrange() const;
  void arranged() const {
    std::call_once(once_, [this] { arrange(); });
  }
  Numbers with_word(const std::string& start) const;
  bool passes(const HospitalCard& hospital, const HospitalFilter& filter) const;

  PersistentArray<HospitalCard> hospitals_;
  mutable std::once_flag once_;
  mutable std::vector<const HospitalCard*> by_name_;
  mutable std::map<std::string, Numbers, std::less<>> by_word_;
  mutable std::unordered_map<std::int64_t, Numbers> by_city_;
};

}  // namespace fairward::directory
