#include "modules/directory/search.h"

#include <numbers>
#include <queue>

#include "modules/directory/cursor.h"
#include "modules/directory/phrase.h"
#include "modules/directory/text.h"

namespace fairward::directory {

// What was typed, as far as somebody answers to it, and how many do.
struct Understood {
  Phrase phrase;
  std::shared_ptr<const Tally> tally;
};

namespace {

constexpr std::size_t few_doctors = 512;      // so many are looked at one by one without thinking
constexpr int free_asks_max = 2000;           // of one search; beyond it the order trusts what was heard last
constexpr int window_asks_max = 50'000;       // doctors looked at for a window of times in which hardly anybody is free
constexpr std::size_t relaxed_needs_max = 8;  // of more words none is left out: each costs a search
constexpr std::int64_t key_never = INT64_MAX;

bool is_by_speciality(Order order) {
  return order == Order::speciality_first_free || order == Order::speciality_first_free_descending;
}

// How two doctors of a result are ordered; `text` lies between the first and the second key.
struct Row {
  std::array<std::int64_t, 3> keys;
  std::string_view text;
  const DoctorCard* doctor;
};
bool is_before(const Row& a, const Row& b, bool is_text_descending) {
  if (a.keys[0] != b.keys[0]) return a.keys[0] < b.keys[0];
  if (const int order = a.text.compare(b.text); order != 0) return is_text_descending ? order > 0 : order < 0;
  if (a.keys[1] != b.keys[1]) return a.keys[1] < b.keys[1];
  if (a.keys[2] != b.keys[2]) return a.keys[2] < b.keys[2];
  return a.doctor->row.id < b.doctor->row.id;
}
// Before it (below 0), beside it (0) or after it, the doctors' ids aside.
int compare(const Row& row, const Position& position, bool is_text_descending) {
  const auto sign = [](std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b ? 1 : 0; };
  if (const int order = sign(row.keys[0], position.keys[0]); order != 0) return order;
  if (const int order = row.text.compare(position.text); order != 0) return is_text_descending ? -order : order;
  if (const int order = sign(row.keys[1], position.keys[1]); order != 0) return order;
  return sign(row.keys[2], position.keys[2]);
}
bool is_after(const Row& row, const Position& position, bool is_text_descending) {
  const int order = compare(row, position, is_text_descending);
  return order != 0 ? order > 0 : row.doctor->row.id.value > position.doctor;
}

// The filters that are numbers of their own; -1 and 0: none.
std::array<std::int64_t, 6> plain_filters(const Criteria& c) {
  return {c.city,
          c.speciality,
          c.hospital,
          c.language ? std::int64_t{*c.language} + 1 : 0,
          c.fee_max_minor.value_or(-1),
          std::int64_t{c.rating_min_hundredths}};
}

// Whatever decides who passes and how the keyword is understood.
std::string filters_key(const Criteria& c) {
  std::string key;
  const auto add = [&](std::int64_t number) { key.append(reinterpret_cast<const char*>(&number), sizeof number); };
  for (const auto number : plain_filters(c)) add(number);
  const Place place = c.place.value_or(Place{});
  for (const auto number : {place.latitude, place.longitude, c.radius_km.value_or(-1)})
    add(std::bit_cast<std::int64_t>(number));
  key += c.place ? 'p' : '-';
  key += c.is_spelling_corrected ? 'c' : '-';
  return key += c.keyword;
}
std::string page_key(const Criteria& c) {
  std::string key = filters_key(c);
  for (const auto number : {static_cast<std::int64_t>(c.order), static_cast<std::int64_t>(c.limit)})
    integer_append(key += '\0', number);
  return key += c.after ? cursor_write(*c.after, 0) : std::string();
}
bool is_timeless(const Criteria& c) {
  const bool is_by_time = c.order == Order::first_free || c.order == Order::first_free_descending ||
                          is_by_speciality(c.order) || c.order == Order::first_day_speciality ||
                          c.order == Order::first_day_speciality_descending;
  return !is_by_time && !c.available_from && !c.available_to;
}

// Whatever makes one search another, so that a cursor cannot wander.
std::uint64_t search_mark(const Criteria& c) {
  std::string text = folded(c.keyword);
  for (const auto number : plain_filters(c)) integer_append(text += '|', number);
  for (const std::int64_t number : std::initializer_list<std::int64_t>{
           static_cast<std::int64_t>(c.order), c.place ? std::llround(c.place->latitude * 1e6) : -1,
           c.place ? std::llround(c.place->longitude * 1e6) : -1, c.radius_km ? std::llround(*c.radius_km * 1e3) : -1,
           c.available_from ? c.available_from->ms : -1, c.available_to ? c.available_to->ms : -1})
    integer_append(text += '|', number);
  return text_hash(text);
}

// The filters as one text, for the tallies.
std::string filters_text(const Criteria& c, const Phrase& phrase) {
  std::string key = phrase.key();
  key += '.';
  for (const auto number : plain_filters(c)) {
    integer_append(key, number);
    key += ',';
  }
  if (c.radius_km) {
    for (const auto number : {c.place->latitude, c.place->longitude, *c.radius_km})
      integer_append(key += ',', std::llround(number * 1e5));
  }
  return key;
}

// Which doctors of a segment pass the filters that need no clock.
class Match {
 public:
  Match(const SegmentView& view, const Criteria& criteria, const Phrase& phrase)
      : view_(view), segment_(*view.segment), criteria_(criteria) {
    end_ = static_cast<Ordinal>(segment_.size());
    if (criteria.rating_min_hundredths > 0) end_ = rated_end(criteria.rating_min_hundredths);
    terms_find();
    for (const auto& need : phrase.needs) {
      if (!is_empty_) need_find(need);
    }
    if (criteria.radius_km && !is_empty_) around_find();
    std::ranges::sort(terms_, {}, [](const Posting* posting) { return posting->list.size(); });
    if (end_ == 0) is_empty_ = true;
  }
  Match(const Match&) = delete;

  bool is_empty() const { return is_empty_; }
  const Segment& segment() const { return segment_; }
  // Who answers to each need, level by level.
  const std::vector<Levels>& levels() const { return levels_; }
  // At most so many pass.
  std::size_t size_max() const {
    return terms_.empty() ? end_ : std::min<std::size_t>(end_, terms_.front()->list.size());
  }

  bool accepts(Ordinal ordinal) const {
    if (ordinal >= end_) return false;
    for (const auto* term : terms_) {
      if (!term->contains(ordinal)) return false;
    }
    return accepts_rest(ordinal);
  }

  // From the best rated on; stops when visit says false.
  template <class F>
  void each(Ordinal begin, F&& visit) const {
    if (is_empty_) return;
    if (terms_.empty()) {
      for (Ordinal ordinal = begin; ordinal < end_; ++ordinal) {
        if (accepts_rest(ordinal) && !visit(ordinal)) return;
      }
      return;
    }
    const auto& list = terms_.front()->list;
    for (auto at = std::ranges::lower_bound(list, begin); at != list.end() && *at < end_; ++at) {
      if (accepts_others(*at) && !visit(*at)) return;
    }
  }
  // The same from before `end` downwards.
  template <class F>
  void each_backwards(Ordinal end, F&& visit) const {
    if (is_empty_) return;
    end = std::min(end, end_);
    if (terms_.empty()) {
      for (Ordinal ordinal = end; ordinal-- > 0;) {
        if (accepts_rest(ordinal) && !visit(ordinal)) return;
      }
      return;
    }
    const auto& list = terms_.front()->list;
    for (auto at = std::ranges::lower_bound(list, end); at != list.begin();) {
      if (--at; accepts_others(*at) && !visit(*at)) return;
    }
  }

  void tally_add(Tally& tally, FacetCounter& counter) const {
    if (is_empty_) return;
    if (const auto* facets = facets_known()) {
      tally.total += static_cast<std::int64_t>(size_max());
      counter.add(*facets, 1);
      for (const auto ordinal : view_.dead) {
        if (terms_.empty() || terms_.front()->contains(ordinal)) --tally.total, counter.subtract(segment_, ordinal);
      }
      return;
    }
    each(0, [&](Ordinal ordinal) {
      ++tally.total;
      counter.add(segment_, ordinal);
      return true;
    });
  }

 private:
  bool accepts_rest(Ordinal ordinal) const {
    return !view_.is_dead(ordinal) &&
           (!criteria_.fee_max_minor || segment_.fee_minor(ordinal) <= *criteria_.fee_max_minor);
  }
  bool accepts_others(Ordinal ordinal) const {
    for (std::size_t i = 1; i < terms_.size(); ++i) {
      if (!terms_[i]->contains(ordinal)) return false;
    }
    return accepts_rest(ordinal);
  }
  const FacetCounts* facets_known() const {
    if (criteria_.fee_max_minor || end_ != segment_.size() || terms_.size() > 1) return nullptr;
    return terms_.empty() ? segment_.facets().get() : terms_.front()->facets.get();
  }
  Ordinal rated_end(int rating_min) const {
    const auto& cards = segment_.cards();
    return static_cast<Ordinal>(
        std::ranges::partition_point(cards, [&](const auto& card) { return card->rating_hundredths() >= rating_min; }) -
        cards.begin());
  }

  void need(const Posting* posting) {
    if (posting == nullptr || posting->list.empty()) is_empty_ = true;
    else terms_.push_back(posting);
  }
  void terms_find() {
    const auto number = [](std::int64_t id) { return static_cast<std::uint64_t>(id); };
    const auto& c = criteria_;
    if (c.city != 0 && c.speciality != 0)
      need(segment_.term(TermKind::city_speciality, number(c.city), number(c.speciality)));
    else if (c.city != 0) need(segment_.term(TermKind::city, number(c.city)));
    else if (c.speciality != 0) need(segment_.term(TermKind::speciality, number(c.speciality)));
    if (c.hospital != 0) need(segment_.term(TermKind::hospital, number(c.hospital)));
    if (c.language) need(segment_.term(TermKind::language, *c.language));
  }
  void need_find(const Need& wanted) {
    levels_.push_back(segment_.levels(wanted));
    need(levels_.back().upto.back());
  }

  // All doctors of the hospitals within the radius.
  void around_find() {
    const double reach = *criteria_.radius_km;
    std::vector<const Posting*> near;
    const double most_degrees = reach / kilometres_per_degree + 1e-6;
    for (const auto& hospital : segment_.located()) {
      if (std::abs(hospital.place.latitude - criteria_.place->latitude) > most_degrees) continue;
      if (distance_km(*criteria_.place, hospital.place) > reach) continue;
      near.push_back(hospital.doctors);
    }
    owned_.push_back(segment_.united(near));
    need(owned_.back().get());
  }

  const SegmentView& view_;
  const Segment& segment_;
  const Criteria& criteria_;
  std::vector<const Posting*> terms_;
  std::vector<Levels> levels_;
  std::vector<std::shared_ptr<const Posting>> owned_;
  Ordinal end_ = 0;
  bool is_empty_ = false;
};

// One search in one segment: appends its best rows, at most limit + 1 and ordered, to the result.
class Selection {
 public:
  Selection(const Version& version, const SegmentView& view, const Criteria& criteria, const Phrase& phrase,
            const FreeTimes* free, Instant now)
      : version_(version),
        criteria_(criteria),
        free_(free),
        now_(now),
        match_(view, criteria, phrase),
        segment_(*view.segment),
        most_(criteria.limit + 1) {
    free_from_ = std::max(now, criteria.available_from.value_or(now));
    free_to_ = criteria.available_to.value_or(free_from_ + days(400));
    is_window_ = criteria.available_from.has_value() || criteria.available_to.has_value();
    is_text_descending_ = criteria.order == Order::speciality_first_free_descending ||
                          criteria.order == Order::first_day_speciality_descending;
  }

  std::vector<Row> run() {
    if (match_.is_empty()) return {};
    switch (criteria_.order) {
      case Order::relevance: relevance(); break;
      case Order::rating: best_rated(); break;
      case Order::rating_ascending: worst_rated(); break;
      case Order::fee: permuted(segment_.by_fee()); break;
      case Order::name: permuted(segment_.by_name()); break;
      case Order::distance: nearest(); break;
      case Order::first_free:
      case Order::first_free_descending:
      case Order::speciality_first_free:
      case Order::speciality_first_free_descending: soonest(); break;
      case Order::first_day_speciality:
      case Order::first_day_speciality_descending: by_day(); break;
    }
    return std::move(rows_);
  }

 private:
  Row row_of(Ordinal ordinal, std::int64_t first = 0, std::int64_t second = 0) const {
    const auto& doctor = segment_.card(ordinal);
    switch (criteria_.order) {
      case Order::relevance:
      case Order::rating: return {{first, -doctor.rating_hundredths(), -doctor.row.rating_count}, {}, &doctor};
      case Order::rating_ascending: return {{0, doctor.rating_hundredths(), doctor.row.rating_count}, {}, &doctor};
      case Order::fee: return {{doctor.fee_minor, 0, 0}, {}, &doctor};
      case Order::name: return {{0, 0, 0}, doctor.name_folded, &doctor};
      case Order::distance:
      case Order::first_free:
      case Order::first_free_descending: return {{first, 0, 0}, {}, &doctor};
      case Order::speciality_first_free:
      case Order::speciality_first_free_descending: return {{0, first, 0}, speciality_text(doctor), &doctor};
      case Order::first_day_speciality:
      case Order::first_day_speciality_descending: return {{first, second, 0}, speciality_text(doctor), &doctor};
    }
    return {{}, {}, &doctor};
  }
  std::string_view speciality_text(const DoctorCard& doctor) const {
    const auto* speciality = version_.world.specialities.find(doctor.row.speciality.value);
    return speciality == nullptr ? std::string_view() : std::string_view(speciality->name_folded);
  }

  bool is_wanted(const Row& row) const {
    return !criteria_.after || is_after(row, *criteria_.after, is_text_descending_);
  }
  // Takes a row that comes in order; false when there are enough.
  bool take(const Row& row) {
    if (is_wanted(row) && is_available(*row.doctor)) rows_.push_back(row);
    return rows_.size() < most_;
  }
  bool is_available(const DoctorCard& doctor) {
    return !is_window_ || (window_asks_left_-- > 0 && ask(doctor) != key_never);
  }

  // Sorts everything that passes; for few doctors.
  template <class KeyOf>
  void sorted_all(KeyOf&& row_make) {
    std::vector<Row> all;
    match_.each(0, [&](Ordinal ordinal) {
      const auto row = row_make(ordinal);
      if (is_wanted(row)) all.push_back(row);
      return true;
    });
    sorted_take(all);
  }
  void sorted_take(std::vector<Row>& all) {
    const auto less = [&](const Row& a, const Row& b) { return is_before(a, b, is_text_descending_); };
    std::size_t sorted = 0;
    while (sorted < all.size() && rows_.size() < most_) {
      const auto upto = std::min(all.size(), sorted + most_);
      std::partial_sort(all.begin() + static_cast<std::ptrdiff_t>(sorted),
                        all.begin() + static_cast<std::ptrdiff_t>(upto), all.end(), less);
      for (; sorted < upto; ++sorted) {
        if (!take(all[sorted])) return;
      }
    }
  }

  // Fit by fit, the best rated of each first. Who answered better before is passed over.
  void relevance() {
    if (match_.levels().empty()) return best_rated();
    std::vector<const Posting*> before;
    for (std::size_t fit = 0; fit < fits; ++fit) {
      std::vector<const Posting*> upto;
      upto.reserve(match_.levels().size());
      for (const auto& levels : match_.levels()) upto.push_back(levels.upto[fit]);
      if (upto == before || std::ranges::find(upto, nullptr) != upto.end()) continue;
      const auto rank = static_cast<std::int64_t>(fit);
      if ((!criteria_.after || criteria_.after->keys[0] <= rank) && !fitting(rank, upto, before)) return;
      before = std::move(upto);
    }
  }
  // False when there are enough.
  bool fitting(std::int64_t rank, const std::vector<const Posting*>& upto, const std::vector<const Posting*>& before) {
    const auto* shortest = *std::ranges::min_element(upto, {}, [](const Posting* p) { return p->list.size(); });
    const auto is_among = [](Ordinal ordinal, const std::vector<const Posting*>& postings) {
      return std::ranges::all_of(postings, [&](const Posting* p) { return p->contains(ordinal); });
    };
    const auto& list = shortest->list;
    for (auto at = std::ranges::lower_bound(list, start(rank)); at != list.end(); ++at) {
      if (!is_among(*at, upto) || (!before.empty() && is_among(*at, before)) || !match_.accepts(*at)) continue;
      if (!take(row_of(*at, rank))) return false;
    }
    return true;
  }
  void best_rated() {
    match_.each(start(0), [&](Ordinal ordinal) { return take(row_of(ordinal, 0)); });
  }
  // The first doctor that can come after the position.
  Ordinal start(std::int64_t rank) const {
    if (!criteria_.after || criteria_.after->keys[0] != rank) return 0;
    Ordinal low = 0, high = static_cast<Ordinal>(segment_.size());
    while (low < high) {
      const Ordinal middle = low + (high - low) / 2;
      if (is_wanted(row_of(middle, rank))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
  // Group by group of one rating from the end on: within a group the order is by id, as it lies.
  void worst_rated() {
    for (Ordinal end = static_cast<Ordinal>(segment_.size()); end > 0;) {
      std::optional<Ordinal> last;
      match_.each_backwards(end, [&](Ordinal ordinal) {
        last = ordinal;
        return false;
      });
      if (!last) return;
      const auto begin = group_begin(*last);
      bool goes_on = true;
      match_.each(begin, [&](Ordinal ordinal) { return ordinal < end && (goes_on = take(row_of(ordinal))); });
      if (!goes_on) return;
      end = begin;
    }
  }
  Ordinal group_begin(Ordinal of) const {
    const auto& cards = segment_.cards();
    const auto rating = [](const DoctorCard& card) {
      return std::pair(card.rating_hundredths(), card.row.rating_count);
    };
    const auto is_better = [&](const auto& card) { return rating(*card) > rating(segment_.card(of)); };
    return static_cast<Ordinal>(std::partition_point(cards.begin(), cards.begin() + of, is_better) - cards.begin());
  }

  // The doctors in a ready order, as long as that finds enough soon; else all that pass are sorted.
  void permuted(std::span<const Ordinal> order) {
    std::size_t steps_left = match_.size_max() * 2;
    if (match_.size_max() > few_doctors) {
      for (const auto ordinal : order) {
        if (steps_left-- == 0) break;
        if (match_.accepts(ordinal) && !take(row_of(ordinal))) return;
      }
      rows_.clear();
    }
    sorted_all([&](Ordinal ordinal) { return row_of(ordinal); });
  }

  static std::int64_t millimetres(double km) { return std::llround(km * 1e6); }
  std::int64_t distance_of(Ordinal ordinal) {
    auto least = key_never;
    for (const auto number : segment_.located_of(ordinal)) {
      auto& known = distances_[number];
      if (known < 0) known = millimetres(distance_km(*criteria_.place, segment_.located()[number].place));
      least = std::min(least, known);
    }
    return least;
  }
  void nearest() {
    distances_.assign(segment_.located().size(), -1);
    if (match_.size_max() > few_doctors && nearest_by_hospital()) return;
    rows_.clear();
    sorted_all([&](Ordinal ordinal) { return row_of(ordinal, distance_of(ordinal)); });
  }
  // Hospital by hospital from the nearest on; false when that did not find enough soon.
  bool nearest_by_hospital() {
    constexpr double radians = std::numbers::pi / 180;
    const auto& place = *criteria_.place;
    const double x = std::cos(place.latitude * radians) * std::cos(place.longitude * radians),
                 y = std::cos(place.latitude * radians) * std::sin(place.longitude * radians),
                 z = std::sin(place.latitude * radians);
    std::vector<std::pair<double, std::uint32_t>> near;  // a heap: the nearest on top
    near.reserve(segment_.located().size());
    for (std::uint32_t i = 0; i < segment_.located().size(); ++i) {
      const auto& at = segment_.located()[i];
      near.emplace_back(at.x * x + at.y * y + at.z * z, i);
    }
    std::ranges::make_heap(near);
    std::size_t steps_left = match_.size_max() * 2;
    std::vector<Row> group;
    constexpr double like = 1e-9;  // hospitals so close that rounding might swap them are ordered together
    double group_start = 2;
    while (!near.empty()) {
      std::ranges::pop_heap(near);
      const auto [nearness, number] = near.back();
      near.pop_back();
      if (nearness < group_start - like) {
        if (!group_take(group)) return true;
        group_start = nearness;
      }
      for (const auto ordinal : segment_.located()[number].doctors->list) {
        if (steps_left-- == 0) return false;
        if (!match_.accepts(ordinal)) continue;
        const auto distance = distance_of(ordinal);
        if (distance == millimetres(distance_km(place, segment_.located()[number].place)))
          group.push_back(row_of(ordinal, distance));
      }
    }
    return !group_take(group);
  }
  bool group_take(std::vector<Row>& group) {
    std::ranges::sort(group, [](const Row& a, const Row& b) { return is_before(a, b, false); });
    const auto same = [](const Row& a, const Row& b) { return a.doctor == b.doctor; };
    group.erase(std::unique(group.begin(), group.end(), same), group.end());
    const bool goes_on = std::ranges::all_of(group, [&](const Row& row) { return take(row); });
    group.clear();
    return goes_on;
  }

  // What the port says now. Remembered only when it is about the doctor as such.
  std::int64_t ask(const DoctorCard& doctor) const {
    if (free_ == nullptr) return key_never;
    const bool is_plain = criteria_.hospital == 0 && !is_window_;
    if (is_plain) {
      if (const auto known = doctor.upcoming.first_known(now_)) return *known;
    }
    const auto first = free_->first_free(doctor.row.id, HospitalId{criteria_.hospital}, free_from_, free_to_);
    const auto at = first ? first->ms : key_never;
    if (is_plain) doctor.first_free.store(at, std::memory_order_relaxed);
    return at;
  }
  // Not later than the true first free time in the window, unless the doctor's times changed unheard.
  std::int64_t free_bound(std::int64_t known) const {
    return known == key_never ? known : std::max(known, free_from_.ms);
  }

  bool is_descending() const {
    return criteria_.order == Order::first_free_descending ||
           criteria_.order == Order::speciality_first_free_descending ||
           criteria_.order == Order::first_day_speciality_descending;
  }
  std::int64_t free_key(std::int64_t at) const { return at == key_never ? key_never : is_descending() ? -at : at; }

  struct Candidate {
    std::int64_t key;
    std::int64_t doctor;
    Ordinal ordinal;
    std::int64_t known;
    bool is_asked = false;
    bool is_unsorted = false;  // others with the same key and a smaller id may come after it
    bool operator>(const Candidate& other) const { return std::tie(key, doctor) > std::tie(other.key, other.doctor); }
    bool is_due(const Candidate& best) const {
      return key < best.key || (key == best.key && (is_unsorted || doctor < best.doctor));
    }
  };
  using Candidates = std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>;
  Candidate candidate(std::int64_t known, Ordinal ordinal) const {
    return {free_key(free_bound(known)), segment_.card(ordinal).row.id.value, ordinal, known, false,
            known < free_from_.ms};
  }

  // The order of everybody is gone through as long as few pass over that way, else those who pass are looked at.
  bool is_worth_an_order() const {
    const auto passing = match_.size_max();
    return passing > few_doctors || passing * passing * 4 > most_ * segment_.size();
  }

  // Candidates come by their last known time; the best is asked and goes back until an asked one is best.
  void soonest() {
    if (is_worth_an_order()) return soonest_in_order();
    std::vector<Candidate> all;
    match_.each(0, [&](Ordinal ordinal) {
      all.push_back(candidate(segment_.card(ordinal).first_free.load(std::memory_order_relaxed), ordinal));
      return true;
    });
    Candidates waiting({}, std::move(all));
    soonest_take(waiting, [] { return std::optional<Candidate>(); });
  }
  void soonest_in_order() {
    const auto order = segment_.free_orders().by_time(segment_, now_, first_free());
    auto walk = soonest_walk(*order);
    Candidates waiting;
    soonest_take(waiting, [&]() -> std::optional<Candidate> {
      while (const auto* entry = walk.next()) {
        if (match_.accepts(entry->ordinal)) return candidate(entry->at, entry->ordinal);
      }
      return std::nullopt;
    });
  }
  // From the position on; and those whose time is over, because nobody knows where they belong now.
  Walk<FreeEntry> soonest_walk(const FreeOrder& order) const {
    const auto free = order.free();
    const auto from = [&](std::int64_t at) {
      return static_cast<std::size_t>(std::ranges::lower_bound(free, at, {}, &FreeEntry::at) - free.begin());
    };
    const auto last = criteria_.after ? criteria_.after->keys[is_by_speciality(criteria_.order) ? 1 : 0] : 0;
    if (is_descending()) {
      const auto size = !criteria_.after ? free.size() : last == key_never ? 0 : from(-last + 1);
      return {free.first(size), order.never(), true};
    }
    const auto over = from(free_from_.ms);
    const auto rest = criteria_.after ? std::max(over, from(last)) : over;
    return {free.first(over), std::span(order.entries).subspan(rest), false};
  }
  template <class Next>
  void soonest_take(Candidates& waiting, Next&& next) {
    int asks_left = free_asks_max;
    auto coming = next();
    while ((coming || !waiting.empty()) && rows_.size() < most_) {
      while (coming && (waiting.empty() || coming->is_due(waiting.top()))) {
        waiting.push(*coming);
        coming = next();
      }
      auto best = waiting.top();
      waiting.pop();
      if (!best.is_asked && asks_left-- > 0) {
        const auto at = ask(segment_.card(best.ordinal));
        if (at != best.known && criteria_.hospital == 0 && !is_window_) segment_.free_orders().changed(best.ordinal);
        best.key = free_key(at);
        best.is_asked = true;
        if (!is_window_ || best.key != key_never) waiting.push(best);
        continue;
      }
      const auto row = row_of(best.ordinal, best.key);
      if (is_wanted(row)) rows_.push_back(row);
    }
  }

  // By day and speciality. A window or a hospital has days of its own; few doctors are asked.
  void by_day() {
    if (is_window_ || criteria_.hospital != 0 || match_.size_max() <= few_doctors) {
      LocalDays local;
      return sorted_all([&](Ordinal ordinal) {
        const auto at = window_asks_left_-- > 0 ? ask(segment_.card(ordinal)) : key_never;
        return day_row(ordinal, at == key_never ? key_never : local.day(segment_.zone(ordinal), Instant{at}).day, at);
      });
    }
    const auto order = segment_.free_orders().by_day(segment_, version_.world, now_, first_free());
    const auto row = [&](const DayEntry& entry) {
      return day_row(entry.ordinal, entry.at == key_never ? key_never : entry.day, entry.at);
    };
    // Backwards the rest is what comes before, beginning with the equals of the position.
    const auto rest = [&](std::span<const DayEntry> part) {
      if (!criteria_.after) return part;
      const auto border = std::ranges::partition_point(part, [&](const DayEntry& entry) {
        const int side = compare(row(entry), *criteria_.after, is_text_descending_);
        return is_descending() ? side >= 0 : side < 0;
      });
      const auto before = static_cast<std::size_t>(border - part.begin());
      return is_descending() ? part.first(before) : part.subspan(before);
    };
    Walk<DayEntry> walk(rest(order->free()), rest(order->never()), is_descending());
    while (const auto* entry = walk.next()) {
      if (match_.accepts(entry->ordinal) && !take(row(*entry))) return;
    }
  }
  Row day_row(Ordinal ordinal, std::int64_t day, std::int64_t at) const {
    return row_of(ordinal, free_key(day), free_key(at));
  }
  FreeOrders::Ask first_free() const { return first_free_ask(free_, now_); }

  const Version& version_;
  const Criteria& criteria_;
  const FreeTimes* free_;
  Instant now_, free_from_, free_to_;
  Match match_;
  const Segment& segment_;
  std::size_t most_;
  int window_asks_left_ = window_asks_max;
  bool is_window_ = false, is_text_descending_ = false;
  std::vector<std::int64_t> distances_;  // by located hospital; -1: not computed
  std::vector<Row> rows_;
};

std::optional<double> distance_to(const World& world, const DoctorCard& doctor, const std::optional<Place>& from) {
  std::optional<double> least;
  if (!from) return least;
  for (const auto& at : doctor.practices) {
    const auto* hospital = world.hospitals.find(at.hospital.value);
    const auto place = hospital == nullptr ? std::nullopt : place_of(hospital->row);
    if (!place) continue;
    const auto km = distance_km(*from, *place);
    if (!least || km < *least) least = km;
  }
  return least;
}

void select(std::vector<Row>& into, const Version& version, const Criteria& criteria, const Phrase& phrase,
            const FreeTimes* free, Instant now) {
  const std::size_t before = into.size();
  for (const auto& view : version.segments) {
    auto rows = Selection(version, view, criteria, phrase, free, now).run();
    into.insert(into.end(), rows.begin(), rows.end());
  }
  if (version.segments.size() < 2) return;
  const bool is_descending = criteria.order == Order::speciality_first_free_descending ||
                             criteria.order == Order::first_day_speciality_descending;
  std::sort(into.begin() + static_cast<std::ptrdiff_t>(before), into.end(),
            [&](const Row& a, const Row& b) { return is_before(a, b, is_descending); });
  into.resize(std::min(into.size(), before + criteria.limit + 1));
}

// One speciality after the other, in the order of their names.
void select_by_speciality(std::vector<Row>& rows, const Version& version, Criteria criteria, const Phrase& phrase,
                          const FreeTimes* free, Instant now) {
  std::vector<const SpecialityCard*> specialities;
  version.world.specialities.each([&](const auto& card) {
    if (criteria.speciality == 0 || card->row.id.value == criteria.speciality) specialities.push_back(card.get());
  });
  const bool is_descending = criteria.order == Order::speciality_first_free_descending;
  std::ranges::sort(specialities, [&](const auto* a, const auto* b) {
    return is_descending ? a->name_folded > b->name_folded : a->name_folded < b->name_folded;
  });
  const auto limit = criteria.limit;
  const auto position = std::exchange(criteria.after, std::nullopt);
  for (const auto* speciality : specialities) {
    if (rows.size() > limit) return;
    if (position &&
        (is_descending ? speciality->name_folded > position->text : speciality->name_folded < position->text))
      continue;
    criteria.after = position && speciality->name_folded == position->text ? position : std::nullopt;
    criteria.speciality = speciality->row.id.value;
    criteria.limit = limit - rows.size();
    select(rows, version, criteria, phrase, free, now);
  }
}

std::shared_ptr<const Tally> tally_of(const Version& version, const Criteria& criteria, const Phrase& phrase) {
  const auto filters = filters_text(criteria, phrase);
  if (auto known = version.tallies.find(filters)) return known;
  thread_local FacetCounter counter;
  auto tally = std::make_shared<Tally>();
  for (const auto& view : version.segments) Match(view, criteria, phrase).tally_add(*tally, counter);
  tally->facets = counter.take();
  tally->facets_json = facets_json(version.world, tally->facets);
  version.tallies.keep(filters, tally);
  return tally;
}

// What was typed, taken as loosely as it must be for somebody to answer: mended word by word, then with words left out.
class Understanding : public Understood {
 public:
  Understanding(const Version& version, const Criteria& criteria) : version_(version), criteria_(criteria) {
    if (take(understand(version, criteria.keyword, criteria.is_spelling_corrected, Effort::as_typed))) return;
    if (!criteria.is_spelling_corrected || phrase.needs.empty()) return;
    const auto typed = phrase;
    if (take(understand(version, criteria.keyword, true, Effort::mended))) return;
    const bool is_worth_it = phrase.needs.size() > 1 && phrase.needs.size() <= relaxed_needs_max;
    if (is_worth_it && (without_one(Phrase(phrase)) || only_one(Phrase(phrase)))) return;
    take(typed);
  }

 private:
  bool take(Phrase candidate) {
    phrase = std::move(candidate);
    tally = phrase.is_hopeless ? std::make_shared<const Tally>() : tally_of(version_, criteria_, phrase);
    return tally->total > 0;
  }
  // Places and the like are given up before names and specialities, what came last before what came first.
  static std::vector<std::size_t> dispensable(const Phrase& all) {
    std::vector<std::size_t> order;
    for (const bool is_strong : {false, true}) {
      for (std::size_t i = all.needs.size(); i-- > 0;) {
        if (all.needs[i].is_strong == is_strong) order.push_back(i);
      }
    }
    return order;
  }
  bool without_one(const Phrase& all) {
    return std::ranges::any_of(dispensable(all), [&](std::size_t i) {
      Phrase rest = all;
      rest.needs.erase(rest.needs.begin() + static_cast<std::ptrdiff_t>(i));
      rest.is_mended = true;
      return take(std::move(rest));
    });
  }
  bool only_one(const Phrase& all) {
    auto order = dispensable(all);
    std::ranges::reverse(order);
    return std::ranges::any_of(order, [&](std::size_t i) { return take({{all.needs[i]}, true, false}); });
  }

  const Version& version_;
  const Criteria& criteria_;
};

std::shared_ptr<const Understood> understood(const Version& version, const Criteria& criteria) {
  const auto key = filters_key(criteria);
  if (auto known = version.understood.find(key)) return known;
  auto made = std::make_shared<const Understood>(Understanding(version, criteria));
  version.understood.keep(key, made);
  return made;
}

}  // namespace

Found search(const Version& version, const Criteria& criteria, const FreeTimes* free, Instant now) {
  Found found;
  const auto understanding = understood(version, criteria);
  const auto& phrase = understanding->phrase;
  found.suggestion = phrase.suggestion();
  found.tally = understanding->tally;
  if (phrase.is_hopeless) return found;
  std::vector<Row> rows;
  if (is_by_speciality(criteria.order)) select_by_speciality(rows, version, criteria, phrase, free, now);
  else select(rows, version, criteria, phrase, free, now);
  found.is_more = rows.size() > criteria.limit;
  rows.resize(std::min(rows.size(), criteria.limit));
  for (const auto& row : rows) {
    found.hits.push_back({row.doctor,
                          distance_to(version.world, *row.doctor, criteria.place),
                          {row.keys, std::string(row.text), row.doctor->row.id.value}});
  }
  return found;
}

FreeOrders::Ask first_free_ask(const FreeTimes* free, Instant now) {
  return [free, now](const DoctorCard& doctor) {
    const auto first = free == nullptr ? std::nullopt : free->first_free(doctor.row.id, {}, now, now + days(400));
    return first ? first->ms : DoctorCard::free_never;
  };
}

std::shared_ptr<const SearchPage> search_page(const Version& version, const Criteria& criteria, const FreeTimes* free,
                                              Instant now) {
  const auto key = is_timeless(criteria) ? page_key(criteria) : std::string();
  if (!key.empty()) {
    if (auto known = version.pages.find(key)) return known;
  }
  auto page = std::make_shared<SearchPage>(SearchPage{search(version, criteria, free, now), std::nullopt});
  const auto& found = page->found;
  if (found.is_more && !found.hits.empty())
    page->next = cursor_write(found.hits.back().position, search_mark(criteria));
  if (!key.empty()) version.pages.keep(key, page);
  return page;
}

std::optional<Position> position_of(const Criteria& criteria, std::string_view cursor) {
  return cursor_read(cursor, search_mark(criteria));
}

}  // namespace fairward::directory
