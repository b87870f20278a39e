// The two searches for doctors: the product's own, and SearchDoctors of document (C). Both answer from memory on the
// HTTP thread.
#include <charconv>

#include "modules/directory/errors.h"
#include "modules/directory/hospital_list.h"
#include "modules/directory/module.h"
#include "modules/directory/search_text.h"
#include "modules/directory/text.h"
#include "platform/http/http.h"

namespace fairward::directory {
namespace {

constexpr int results_per_page_max = 30;

const Zone* zone_of(const World& world, std::int64_t hospital) {
  const HospitalCard* card = world.hospitals.find(hospital);
  if (card != nullptr) return zone_find(card->row.time_zone);
  const Zone* first = nullptr;
  for (std::int64_t id = 1; id < world.hospitals.id_bound() && first == nullptr && id < 1000; ++id) {
    if (const auto* any = world.hospitals.find(id)) first = zone_find(any->row.time_zone);
  }
  return first;
}

void cursor_take(SearchErrors& errors, Criteria& criteria, const std::optional<Cursor>& cursor) {
  if (!cursor) return;
  criteria.after = position_of(criteria, cursor->value);
  if (!criteria.after) errors.add("cursor", "is not a cursor of this search");
}

Order order_of(const DoctorQuery& query) {
  switch (query.sort.value_or(DoctorSort::relevance)) {
    case DoctorSort::relevance: return Order::relevance;
    case DoctorSort::rating: return Order::rating;
    case DoctorSort::distance: return Order::distance;
    case DoctorSort::first_free: return Order::first_free;
    case DoctorSort::fee: return Order::fee;
    case DoctorSort::name: return Order::name;
  }
  return Order::relevance;
}

std::optional<Place> place_asked(SearchErrors& errors, const World& world, std::optional<double> latitude,
                                 std::optional<double> longitude, const std::optional<PostalCodeText>& code) {
  if (latitude.has_value() != longitude.has_value()) {
    errors.add(latitude ? "longitude" : "latitude", "latitude and longitude go together");
    return std::nullopt;
  }
  if (latitude && !is_place(*latitude, *longitude)) {
    errors.add(*latitude >= -90 && *latitude <= 90 ? "longitude" : "latitude", "is not on the globe");
    return std::nullopt;
  }
  if (latitude) return Place{*latitude, *longitude};
  return code ? postal_place(errors, world, code->value) : std::nullopt;
}

const std::string* text_of(const auto& optional_text) { return optional_text ? &optional_text->value : nullptr; }

// nullopt: nobody can match (a language that no doctor speaks).
std::optional<Criteria> criteria_of(SearchErrors& errors, const World& world, const DoctorQuery& query) {
  Criteria c;
  if (query.keyword) c.keyword = query.keyword->value;
  c.city = query.city_id.value_or(CityId{}).value, c.speciality = query.speciality_id.value_or(SpecialityId{}).value;
  c.hospital = query.hospital_id.value_or(HospitalId{}).value;
  bool is_hopeless = false;
  if (query.language && !query.language->value.empty()) {
    c.language = world.languages->find(query.language->value);
    is_hopeless = !c.language;
  }
  if (query.fee_max_minor) c.fee_max_minor = query.fee_max_minor->value;
  if (query.rating_min && !(*query.rating_min >= 0 && *query.rating_min <= 5))
    errors.add("rating_min", "must be from 0 to 5");
  else if (query.rating_min) c.rating_min_hundredths = static_cast<int>(std::ceil(*query.rating_min * 100 - 1e-9));
  c.place = place_asked(errors, world, query.latitude, query.longitude, query.postal_code);
  c.radius_km = query.radius_km;
  radius_check(errors, c.radius_km, query.latitude || query.postal_code, "radius_km");
  const auto window =
      window_read(errors, text_of(query.available_from), text_of(query.available_to), "available_from", "available_to",
                  query.available_from || query.available_to ? zone_of(world, c.hospital) : nullptr);
  c.available_from = window.from, c.available_to = window.to;
  c.order = order_of(query);
  if (c.order == Order::distance && !query.latitude && !query.postal_code)
    errors.add("sort", "distance needs a place: coordinates or a postal code");
  c.limit = static_cast<std::size_t>(query.limit.value);
  cursor_take(errors, c, query.cursor);
  if (is_hopeless) return std::nullopt;
  return c;
}

// Of a hospital or a later time nothing is remembered.
bool is_remembered(const Criteria& criteria, Instant now) {
  return criteria.hospital == 0 && criteria.available_from.value_or(now) <= now;
}

void free_times_append(std::string& out, const DoctorCard& doctor, const Criteria& criteria, const FreeTimes* free,
                       Instant now) {
  if (free == nullptr) return starts_append(out, {});
  if (is_remembered(criteria, now)) return void(doctor.upcoming.append(out, doctor.row.id, *free, now));
  const auto times = free->next_free(doctor.row.id, HospitalId{criteria.hospital},
                                     std::max(now, criteria.available_from.value_or(now)), Upcoming::most);
  starts_append(out, times);
}

std::size_t page_bytes(const SearchPage& page) {
  constexpr std::size_t hit_bytes = 200, page_bytes = 1024;  // besides the ready texts
  std::size_t bytes = page_bytes + page.found.tally->facets_json.size();
  for (const auto& hit : page.found.hits) bytes += hit.doctor->json.size() + hit_bytes;
  return bytes;
}

std::string page_json(const World& world, const Criteria& criteria, const SearchPage& page, const FreeTimes* free,
                      Instant now) {
  const auto& found = page.found;
  std::string out;
  out.reserve(page_bytes(page));
  out += "{\"items\":[";
  for (const auto& hit : found.hits) {
    if (out.back() != '[') out += ',';
    out += '{';
    out += hit.doctor->json;
    if (hit.distance_km) hundredths_append(out += ",\"distance_km\":", std::llround(*hit.distance_km * 100));
    free_times_append(out, *hit.doctor, criteria, free, now);
    out += '}';
  }
  out += ']';
  if (page.next) json_string_append(out += ",\"next\":", *page.next);
  integer_append(out += ",\"total\":", found.tally->total);
  if (found.suggestion) json_string_append(out += ",\"suggestion\":", *found.suggestion);
  out += ",\"facets\":";
  out += found.tally->facets_json.empty() ? facets_json(world, {}) : found.tally->facets_json;
  out += '}';
  return out;
}

const SearchPage nobody{{{}, false, std::make_shared<const Tally>(), {}}, {}};

// SearchDoctors
// ---------------------------------------------------------------------------------------------------------

std::optional<Order> sorting_order_read(std::string_view text) {
  static constexpr std::pair<std::string_view, Order> orders[] = {
      {"rating,asc", Order::rating_ascending},
      {"rating,desc", Order::rating},
      {"date,asc", Order::first_free},
      {"date,desc", Order::first_free_descending},
      {"distance,asc", Order::distance},
      {"type,date,asc", Order::speciality_first_free},
      {"type,date,desc", Order::speciality_first_free_descending},
      {"date,type,asc", Order::first_day_speciality},
      {"date,type,desc", Order::first_day_speciality_descending},
  };
  for (const auto& [name, order] : orders) {
    if (name == text) return order;
  }
  return std::nullopt;
}

bool is_given(const auto& text) { return text && !text->value.empty(); }

void results_per_page_read(SearchErrors& errors, Criteria& c, const DoctorSearchQuery& query) {
  if (!is_given(query.results_per_page)) return;
  const std::string& text = query.results_per_page->value;
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > results_per_page_max)
    errors.add("results_per_page", "must be a whole number from 1 to 30");
  else c.limit = static_cast<std::size_t>(count);
}

void place_read(SearchErrors& errors, Criteria& c, const World& world, const DoctorSearchQuery& query) {
  const bool has_place = is_given(query.lat_long) || is_given(query.postal_code);
  if (is_given(query.lat_long)) {
    c.place = place_parse(query.lat_long->value);
    if (!c.place) errors.add("lat_long", "must be \"latitude,longitude\" in degrees");
  } else if (is_given(query.postal_code)) {
    c.place = postal_place(errors, world, query.postal_code->value);
  }
  if (!is_given(query.radius)) return;
  c.radius_km = decimal_parse(query.radius->value);
  if (!c.radius_km) errors.add("radius", "must be a number of kilometres");
  radius_check(errors, c.radius_km, has_place, "radius");
}

// nullopt: no doctor can match.
std::optional<Criteria> criteria_of(SearchErrors& errors, const World& world, const DoctorSearchQuery& query) {
  Criteria c;
  if (query.keyword) c.keyword = query.keyword->value;
  results_per_page_read(errors, c, query);
  place_read(errors, c, world, query);
  if (is_given(query.includeSpellcheck)) {
    const auto& text = query.includeSpellcheck->value;
    if (text != "yes" && text != "no") errors.add("includeSpellcheck", "must be yes or no");
    c.is_spelling_corrected = text == "yes";
  }
  const auto window =
      window_read(errors, text_of(query.start_datetime), text_of(query.end_datetime), "start_datetime", "end_datetime",
                  is_given(query.start_datetime) || is_given(query.end_datetime) ? zone_of(world, 0) : nullptr);
  c.available_from = window.from, c.available_to = window.to;
  c.order = Order::relevance;
  if (is_given(query.sorting_order)) {
    const auto order = sorting_order_read(query.sorting_order->value);
    if (!order) errors.add("sorting_order", "is not one of the known orders");
    else c.order = *order;
  }
  if (c.order == Order::distance && !is_given(query.lat_long) && !is_given(query.postal_code))
    errors.add("sorting_order", "distance needs lat_long or postal_code");
  bool is_hopeless = false;
  if (is_given(query.city)) {
    const auto wanted = folded(query.city->value);
    world.cities.each([&](const auto& city) {
      if (city->name_folded == wanted && c.city == 0) c.city = city->row.id.value;
    });
    is_hopeless = c.city == 0;
  }
  cursor_take(errors, c, query.cursor);
  if (is_hopeless) return std::nullopt;
  return c;
}

UpcomingMemo::Summary first_day_read(const DoctorCard& doctor, const Criteria& c, const FreeTimes* free, Instant now) {
  if (free == nullptr) return {};
  if (is_remembered(c, now) && !c.available_to) return doctor.upcoming.summary(doctor.row.id, *free, now);
  const auto from = std::max(now, c.available_from.value_or(now));
  const auto first = free->first_free(doctor.row.id, {}, from, c.available_to.value_or(from + days(400)));
  return {.first_ms = first ? first->ms : UpcomingMemo::never,
          .max_booking_days = free->max_booking_days(doctor.row.id)};
}

void search_hit_append(std::string& out, const DoctorCard& doctor, const Criteria& c, const FreeTimes* free,
                       Instant now, LocalDays& local) {
  out += '{';
  out += doctor.json_search_head;
  const auto times = first_day_read(doctor, c, free, now);
  integer_append(out += ",\"max_bok_day\":", times.max_booking_days);
  out += doctor.json_search_tail;
  out += ",\"first_avl_day\":";
  if (times.first_ms != UpcomingMemo::never)
    json_string_append(out, to_iso(local.day(doctor.practices.front().zone, Instant{times.first_ms})));
  else out += "null";
  out += '}';
}

// Percent-encoded only where a header could not bear it.
std::string header_text(const std::string& text) {
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  return is_plain ? text : http::url_encode(text);
}

// The same search, further on.
std::string search_link(const DoctorSearchQuery& query, const std::string& cursor) {
  std::string link = "</api/doctors/search?";
  const auto add = [&](std::string_view name, const auto& text) {
    if (is_given(text)) link += std::string(name) + "=" + http::url_encode(text->value) + "&";
  };
  add("keyword", query.keyword), add("city", query.city), add("lat_long", query.lat_long), add("radius", query.radius);
  add("start_datetime", query.start_datetime), add("end_datetime", query.end_datetime),
      add("postal_code", query.postal_code);
  add("includeSpellcheck", query.includeSpellcheck), add("results_per_page", query.results_per_page),
      add("sorting_order", query.sorting_order);
  return link + "cursor=" + http::url_encode(cursor) + ">; rel=\"next\"";
}

}  // namespace

Result<Serialized<DoctorPage>> Module::doctor_list(Call& call, const DoctorQuery& query) {
  const auto version = current();
  SearchErrors errors;
  const auto criteria = criteria_of(errors, version->world, query);
  if (!errors.is_empty()) return fail(search_invalid, errors.take());
  const FreeTimes* free = free_.load();
  if (!criteria) return Serialized<DoctorPage>{page_json(version->world, {}, nobody, free, call.now)};
  const auto page = search_page(*version, *criteria, free, call.now);
  return Serialized<DoctorPage>{page_json(version->world, *criteria, *page, free, call.now)};
}

// A page says the same while the directory is the same, the same doctors are found, nothing of theirs was taken or
// freed and nothing began. What changed and changes back is another state, because changes are counted.
api::ReplyState Module::doctor_list_state(const Call& call, const DoctorQuery& query) const {
  static std::atomic<std::uint64_t> others{0};
  const auto version = current();
  SearchErrors errors;
  const auto criteria = criteria_of(errors, version->world, query);
  const FreeTimes* free = free_.load();
  if (!criteria || !errors.is_empty() || free == nullptr || !is_remembered(*criteria, call.now)) return {++others, 0};
  api::ReplyState state{0, 1};
  const auto mix = [](std::uint64_t& into, std::uint64_t number, std::uint64_t odd) {
    into = (into ^ number) * odd;
    into ^= into >> 29;
  };
  const auto add = [&](std::uint64_t number) {
    mix(state.version, number, 0x9E3779B97F4A7C15);
    mix(state.moment, number, 0xC2B2AE3D27D4EB4F);
  };
  add(version->number);
  const auto page = search_page(*version, *criteria, free, call.now);
  for (const auto& hit : page->found.hits) {
    const auto times = hit.doctor->upcoming.summary(hit.doctor->row.id, *free, call.now);
    add(static_cast<std::uint64_t>(hit.doctor->row.id.value));
    add(times.changes);
    add(times.text_mark);
  }
  add(page->found.is_more ? 1 : 2);
  return state;
}

Result<Serialized<std::vector<DoctorSearchHit>>> Module::doctor_search(Call& call, const DoctorSearchQuery& query) {
  const auto version = current();
  SearchErrors errors;
  const auto criteria = criteria_of(errors, version->world, query);
  if (!errors.is_empty()) return fail(search_invalid, errors.take());
  if (!criteria) return Serialized<std::vector<DoctorSearchHit>>{"[]"};
  const FreeTimes* free = free_.load();
  const auto page = search_page(*version, *criteria, free, call.now);
  const auto& found = page->found;
  if (found.suggestion) call.header("X-Spellcheck-Suggestion", header_text(*found.suggestion));
  if (page->next) call.header("Link", search_link(query, *page->next));
  std::string out = "[";
  out.reserve(64 + found.hits.size() * 700);
  LocalDays local;
  for (const auto& hit : found.hits) {
    if (out.back() != '[') out += ',';
    search_hit_append(out, *hit.doctor, *criteria, free, call.now, local);
  }
  out += ']';
  return Serialized<std::vector<DoctorSearchHit>>{std::move(out)};
}

std::string Module::profile_json(const Version&, const DoctorCard& doctor, Instant now) const {
  const FreeTimes* free = free_.load();
  std::string out = "{" + doctor.json;
  const auto days = free == nullptr ? 0 : doctor.upcoming.append(out, doctor.row.id, *free, now).max_booking_days;
  if (free == nullptr) starts_append(out, {});
  integer_append(out += ",\"max_booking_days\":", days);
  if (doctor.row.telephone) json_string_append(out += ",\"telephone\":", *doctor.row.telephone);
  if (doctor.row.email) json_string_append(out += ",\"email\":", *doctor.row.email);
  json_string_append(out += ",\"given_name\":", doctor.row.given_name);
  json_string_append(out += ",\"family_name\":", doctor.row.family_name);
  json_string_append(out += ",\"status\":", sql_text(doctor.row.status));
  integer_append(out += ",\"version\":", doctor.row.version);
  return out + "}";
}

}  // namespace fairward::directory
