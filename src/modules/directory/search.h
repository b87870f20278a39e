// Finding doctors in one version of the directory: filters, orders, spelling, distances, first free times, counts.
// From memory only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "modules/directory/version.h"

namespace fairward::directory {

enum class Order : std::uint8_t {
  relevance,  // by how well the words are answered to (phrase.h), then the best rated
  rating,
  rating_ascending,
  distance,  // nearest hospital of the doctor; who has no place comes last
  first_free,
  first_free_descending,  // who has no free time comes last either way
  fee,
  name,
  speciality_first_free,
  speciality_first_free_descending,  // by name of the speciality, then by first free time
  first_day_speciality,
  first_day_speciality_descending,  // by first free local day, then by name of the speciality
};

// Where a page ended: what the last doctor was ordered by.
struct Position {
  std::array<std::int64_t, 3> keys{};
  std::string text;
  std::int64_t doctor = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

struct Criteria {
  std::string keyword;  // as typed
  bool is_spelling_corrected = true;
  std::int64_t city = 0, speciality = 0, hospital = 0;  // 0: any
  std::optional<LanguageId> language;
  std::optional<std::int64_t> fee_max_minor;
  int rating_min_hundredths = 0;
  std::optional<Place> place;
  std::optional<double> radius_km;  // needs a place
  std::optional<Instant> available_from, available_to;
  Order order = Order::relevance;  // distance needs a place
  std::size_t limit = 10;
  std::optional<Position> after;
};

struct Hit {
  const DoctorCard* doctor;  // lives as long as the version
  std::optional<double> distance_km;
  Position position;
};

struct Found {
  std::vector<Hit> hits;
  bool is_more = false;
  std::shared_ptr<const Tally> tally;     // with a window of times: of the doctors that pass the other filters
  std::optional<std::string> suggestion;  // the keyword with its spelling mended, when that was needed
};

// `free` may be null: then nobody has free times.
Found search(const Version& version, const Criteria& criteria, const FreeTimes* free, Instant now);

// Asks for the first free time of anybody, DoctorCard::free_never when there is none.
FreeOrders::Ask first_free_ask(const FreeTimes* free, Instant now);

struct SearchPage {
  Found found;
  std::optional<std::string> next;  // the cursor of the page that follows
};
// The same as a page. It is kept with the version where time has no say in who is found.
std::shared_ptr<const SearchPage> search_page(const Version& version, const Criteria& criteria, const FreeTimes* free,
                                              Instant now);
// Is this a cursor of this search, and where does it point?
std::optional<Position> position_of(const Criteria& criteria, std::string_view cursor);

// {"specialities":[{id,name,count}…],"cities":[…],"languages":[{name,count}…]}
std::string facets_json(const World& world, const FacetCounts& facets);

}  // namespace fairward::directory
