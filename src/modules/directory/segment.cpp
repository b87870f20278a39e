#include "modules/directory/segment.h"

#include <bit>
#include <numbers>

#include "modules/directory/hints.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr std::size_t facets_list_min = 1024;   // shorter lists are counted when asked for
constexpr std::size_t prefixes_kept_max = 512;  // unions of words that begin alike
constexpr std::size_t prefix_copy_min = 2;
constexpr std::size_t free_refresh_share = 16;  // that part of the doctors is asked again with every new order

// Three bytes of "^word$", so that beginnings and ends count.
template <class F>
void trigrams_each(std::string_view word, F&& visit) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i == 0 ? '^' : i <= word.size() ? static_cast<unsigned char>(word[i - 1]) : '$';
  };
  for (std::size_t i = 0; i < word.size(); ++i) visit(byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2));
}

bool is_better_rated(const DoctorCard& a, const DoctorCard& b) {
  const auto rating = std::pair(a.rating_hundredths(), a.row.rating_count),
             other = std::pair(b.rating_hundredths(), b.row.rating_count);
  return rating != other ? rating > other : a.row.id < b.row.id;
}

FacetCounts counted(const Segment& segment, const std::vector<Ordinal>& list) {
  thread_local FacetCounter counter;
  for (const auto ordinal : list) counter.add(segment, ordinal);
  return counter.take();
}

}  // namespace

void Posting::bits_make(std::size_t doctors) {
  if (list.size() * 64 < doctors || doctors < 64) return;
  bits.assign(doctors / 64 + 1, 0);
  for (const auto ordinal : list) bits[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
}

void FacetCounter::Table::add(std::uint32_t id, std::uint32_t by) {
  if (id >= counts.size()) counts.resize(id + 64);
  if (counts[id] == 0) touched.push_back(id);
  counts[id] += by;  // may wrap below zero for a moment while dead doctors are subtracted
}

std::vector<Count> FacetCounter::Table::take() {
  std::ranges::sort(touched);
  std::vector<Count> result;
  result.reserve(touched.size());
  for (const auto id : touched) {
    if (counts[id] != 0) result.push_back({id, counts[id]});
    counts[id] = 0;
  }
  touched.clear();
  return result;
}

void FacetCounter::add(const Segment& segment, Ordinal ordinal) {
  specialities_.add(segment.speciality(ordinal), 1);
  for (const auto city : segment.cities_of(ordinal)) cities_.add(city, 1);
  for (const auto language : segment.languages_of(ordinal)) languages_.add(language, 1);
}

void FacetCounter::subtract(const Segment& segment, Ordinal ordinal) {
  constexpr auto minus_one = static_cast<std::uint32_t>(-1);
  specialities_.add(segment.speciality(ordinal), minus_one);
  for (const auto city : segment.cities_of(ordinal)) cities_.add(city, minus_one);
  for (const auto language : segment.languages_of(ordinal)) languages_.add(language, minus_one);
}

void FacetCounter::add(const FacetCounts& counts, int sign) {
  for (const auto& [id, doctors] : counts.specialities)
    specialities_.add(id, doctors * static_cast<std::uint32_t>(sign));
  for (const auto& [id, doctors] : counts.cities) cities_.add(id, doctors * static_cast<std::uint32_t>(sign));
  for (const auto& [id, doctors] : counts.languages) languages_.add(id, doctors * static_cast<std::uint32_t>(sign));
}

FacetCounts FacetCounter::take() { return {specialities_.take(), cities_.take(), languages_.take()}; }

// Fills a segment doctor by doctor; words get numbers in order of appearance first, their place in the vocabulary at
// the end.
struct Segment::Builder {
  Segment& segment;
  const World& world;
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<Posting> words, strong_words;
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> hospital_words, speciality_words, city_words;
  std::unordered_map<std::int64_t, std::uint32_t> located;
  std::vector<std::uint32_t> doctor_words;

  std::uint32_t number(std::string_view word) {
    const auto [at, is_new] = numbers.try_emplace(std::string(word), static_cast<std::uint32_t>(words.size()));
    if (is_new) words.emplace_back(), strong_words.emplace_back();
    return at->second;
  }
  void numbers_add(std::vector<std::uint32_t>& into, std::string_view text) {
    for (const auto word : words_of(text)) into.push_back(number(word));
  }
  const std::vector<std::uint32_t>& cached(std::unordered_map<std::int64_t, std::vector<std::uint32_t>>& cache,
                                           std::int64_t id, const std::string* text) {
    const auto [at, is_new] = cache.try_emplace(id);
    if (is_new && text != nullptr) numbers_add(at->second, *text);
    return at->second;
  }
  void append(const std::vector<std::uint32_t>& more) {
    doctor_words.insert(doctor_words.end(), more.begin(), more.end());
  }

  static void post(std::vector<Posting>& postings, std::vector<std::uint32_t>& of, Ordinal ordinal) {
    std::ranges::sort(of);
    of.erase(std::unique(of.begin(), of.end()), of.end());
    for (const auto word : of) postings[word].list.push_back(ordinal);
  }

  void words_add(const DoctorCard& card, Ordinal ordinal) {
    const auto* speciality = world.specialities.find(card.row.speciality.value);
    doctor_words.clear();
    numbers_add(doctor_words, card.name_folded);
    append(cached(speciality_words, card.row.speciality.value,
                  speciality == nullptr ? nullptr : &speciality->name_folded));
    post(strong_words, doctor_words, ordinal);
    if (speciality != nullptr) {
      const std::string hints(hints_of(speciality->name_folded));
      append(cached(speciality_words, -card.row.speciality.value - 1, &hints));
    }
    for (const auto& at : card.practices) {
      const auto* hospital = world.hospitals.find(at.hospital.value);
      append(cached(hospital_words, at.hospital.value, hospital == nullptr ? nullptr : &hospital->name_folded));
      const auto* city = world.cities.find(at.city.value);
      append(cached(city_words, at.city.value, city == nullptr ? nullptr : &city->name_folded));
    }
    post(words, doctor_words, ordinal);
  }

  void term_add(TermKind kind, std::uint64_t id, std::uint64_t second, Ordinal ordinal) {
    auto& list = segment.terms_[term_key(kind, id, second)].list;
    if (list.empty() || list.back() != ordinal) list.push_back(ordinal);
  }

  void terms_add(const DoctorCard& card, Ordinal ordinal) {
    const auto speciality = static_cast<std::uint32_t>(card.row.speciality.value);
    term_add(TermKind::speciality, speciality, 0, ordinal);
    for (const auto city : card.cities) {
      term_add(TermKind::city, city, 0, ordinal);
      term_add(TermKind::city_speciality, city, speciality, ordinal);
      segment.cities_of_.add(city);
    }
    for (const auto language : card.languages) {
      term_add(TermKind::language, language, 0, ordinal);
      segment.languages_of_.add(language);
    }
    for (const auto& at : card.practices) {
      term_add(TermKind::hospital, static_cast<std::uint64_t>(at.hospital.value), 0, ordinal);
      if (const auto place = located_number(at.hospital)) segment.located_of_.add(*place);
    }
    segment.cities_of_.row_end(), segment.languages_of_.row_end(), segment.located_of_.row_end();
    segment.specialities_.push_back(speciality);
    segment.fees_.push_back(card.fee_minor);
    segment.zones_.push_back(card.practices.front().zone);
  }

  std::optional<std::uint32_t> located_number(HospitalId id) {
    if (const auto at = located.find(id.value); at != located.end()) return at->second;
    const auto* hospital = world.hospitals.find(id.value);
    const auto place = hospital == nullptr ? std::nullopt : place_of(hospital->row);
    if (!place) return std::nullopt;
    constexpr double radians = std::numbers::pi / 180;
    const double across = std::cos(place->latitude * radians);
    segment.located_.push_back({id, *place, across * std::cos(place->longitude * radians),
                                across * std::sin(place->longitude * radians), std::sin(place->latitude * radians),
                                nullptr});
    return located.emplace(id.value, static_cast<std::uint32_t>(segment.located_.size() - 1)).first->second;
  }

  void vocabulary_sort() {
    std::vector<std::pair<std::string_view, std::uint32_t>> order(numbers.begin(), numbers.end());
    std::ranges::sort(order);
    for (const auto& [word, number] : order) {
      const auto place = static_cast<std::uint32_t>(segment.vocabulary_.size());
      segment.vocabulary_.emplace_back(word);
      segment.words_.push_back(std::move(words[number]));
      segment.strong_words_.push_back(std::move(strong_words[number]));
      trigrams_each(word, [&](std::uint32_t trigram) {
        auto& list = segment.trigrams_[trigram];
        if (list.empty() || list.back() != place) list.push_back(place);
      });
    }
  }

  void posting_finish(Posting& posting, bool is_counted) {
    posting.list.shrink_to_fit();
    posting.bits_make(segment.size());
    if (is_counted && posting.list.size() >= facets_list_min)
      posting.facets = std::make_shared<const FacetCounts>(counted(segment, posting.list));
  }

  void orders_make() {
    auto& by_fee = segment.by_fee_;
    for (Ordinal i = 0; i < segment.size(); ++i) by_fee.push_back(i);
    segment.by_name_ = by_fee;
    const auto id = [&](Ordinal i) { return segment.card(i).row.id; };
    std::ranges::sort(by_fee, [&](Ordinal a, Ordinal b) {
      return std::pair(segment.fees_[a], id(a)) < std::pair(segment.fees_[b], id(b));
    });
    std::ranges::sort(segment.by_name_, [&](Ordinal a, Ordinal b) {
      const int order = segment.card(a).name_folded.compare(segment.card(b).name_folded);
      return order != 0 ? order < 0 : id(a) < id(b);
    });
  }

  void finish() {
    vocabulary_sort();
    std::vector<Ordinal> everybody;
    for (Ordinal i = 0; i < segment.size(); ++i) everybody.push_back(i);
    segment.facets_ = std::make_shared<const FacetCounts>(counted(segment, everybody));
    for (auto& posting : segment.words_) posting_finish(posting, true);
    for (auto& posting : segment.strong_words_) posting_finish(posting, false);
    for (auto& [key, posting] : segment.terms_) posting_finish(posting, true);
    for (auto& located : segment.located_)
      located.doctors = segment.term(TermKind::hospital, static_cast<std::uint64_t>(located.id.value));
    orders_make();
  }
};

std::shared_ptr<const Segment> Segment::make(const World& world, std::vector<std::shared_ptr<const DoctorCard>> cards) {
  auto segment = std::make_shared<Segment>();
  std::ranges::sort(cards, [](const auto& a, const auto& b) { return is_better_rated(*a, *b); });
  segment->cards_ = std::move(cards);
  Builder builder{*segment, world, {}, {}, {}, {}, {}, {}, {}, {}};
  for (Ordinal ordinal = 0; ordinal < segment->size(); ++ordinal) {
    builder.words_add(segment->card(ordinal), ordinal);
    builder.terms_add(segment->card(ordinal), ordinal);
    segment->by_id_.emplace_back(segment->card(ordinal).row.id.value, ordinal);
  }
  std::ranges::sort(segment->by_id_);
  builder.finish();
  return segment;
}

std::optional<Ordinal> Segment::ordinal_of(DoctorId doctor) const {
  const auto at = std::ranges::lower_bound(by_id_, doctor.value, {}, &std::pair<std::int64_t, Ordinal>::first);
  if (at == by_id_.end() || at->first != doctor.value) return std::nullopt;
  return at->second;
}

const Posting* Segment::term(TermKind kind, std::uint64_t id, std::uint64_t second) const {
  const auto at = terms_.find(term_key(kind, id, second));
  return at == terms_.end() ? nullptr : &at->second;
}

namespace {

std::optional<std::size_t> place_in(const std::vector<std::string>& vocabulary, std::string_view word) {
  const auto at = std::ranges::lower_bound(vocabulary, word);
  if (at == vocabulary.end() || *at != word) return std::nullopt;
  return static_cast<std::size_t>(at - vocabulary.begin());
}

}  // namespace

const Posting* Segment::word(std::string_view exact) const {
  const auto place = place_in(vocabulary_, exact);
  return place ? &words_[*place] : nullptr;
}

const Posting* Segment::strong_word(std::string_view exact) const {
  const auto place = place_in(vocabulary_, exact);
  return place && !strong_words_[*place].list.empty() ? &strong_words_[*place] : nullptr;
}

std::span<const std::string> Segment::words_from(std::string_view start) const {
  const auto first = std::ranges::lower_bound(vocabulary_, start);
  const auto last =
      std::partition_point(first, vocabulary_.end(), [&](const std::string& word) { return word.starts_with(start); });
  return {first, last};
}

std::shared_ptr<Posting> Segment::united(const std::vector<const Posting*>& postings) const {
  auto all = std::make_shared<Posting>();
  std::vector<std::uint64_t> bits(size() / 64 + 1, 0);
  for (const auto* posting : postings) {
    for (const auto ordinal : posting->list) bits[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
  }
  for (std::size_t i = 0; i < bits.size(); ++i) {
    for (auto left = bits[i]; left != 0; left &= left - 1)
      all->list.push_back(static_cast<Ordinal>(i * 64 + static_cast<std::size_t>(std::countr_zero(left))));
  }
  if (all->list.size() * 64 >= size()) all->bits = std::move(bits);
  return all;
}

std::shared_ptr<const Posting> Segment::prefix(std::string_view start) const {
  const auto found = words_from(start);
  const auto first = static_cast<std::size_t>(found.data() - vocabulary_.data());
  if (found.empty()) return nullptr;
  if (found.size() < prefix_copy_min)
    return {std::shared_ptr<const Posting>(), &words_[first]};  // the segment outlives the search
  {
    const std::lock_guard lock(prefixes_mutex_);
    if (const auto at = prefixes_.find(std::string(start)); at != prefixes_.end()) return at->second;
  }
  std::vector<const Posting*> postings;
  for (auto place = first; place < first + found.size(); ++place) postings.push_back(&words_[place]);
  auto all = united(postings);
  if (all->list.size() >= facets_list_min) all->facets = std::make_shared<const FacetCounts>(counted(*this, all->list));
  const std::lock_guard lock(prefixes_mutex_);
  if (prefixes_.size() >= prefixes_kept_max) prefixes_.clear();
  prefixes_.emplace(start, all);
  return all;
}

bool Segment::is_known(std::string_view word, bool is_prefix) const {
  return is_prefix ? !words_from(word).empty() : place_in(vocabulary_, word).has_value();
}

std::optional<Segment::Near> Segment::nearest(std::string_view misspelt) const {
  const int most = mistakes_max(misspelt.size());
  if (most == 0) return std::nullopt;
  std::unordered_map<std::uint32_t, int> shared;
  int trigrams = 0;
  trigrams_each(misspelt, [&](std::uint32_t trigram) {
    ++trigrams;
    if (const auto at = trigrams_.find(trigram); at != trigrams_.end()) {
      for (const auto place : at->second) ++shared[place];
    }
  });
  std::optional<Near> best;
  for (const auto& [place, count] : shared) {
    if (count + 3 * most < trigrams) continue;  // one mistake spoils three of them at most
    const int mistakes = edit_distance(misspelt, vocabulary_[place], most);
    if (mistakes > most) continue;
    const Near near{vocabulary_[place], mistakes, words_[place].list.size()};
    if (!best ||
        std::tuple(near.mistakes, best->doctors, best->word) < std::tuple(best->mistakes, near.doctors, near.word))
      best = near;
  }
  return best;
}

bool Segment::free_order_is_old(Instant now) const {
  if (!free_order_) return true;
  const auto age = now - free_built_at_;
  const auto age_max =
      milliseconds(1000 + static_cast<std::int64_t>(size()) / 200);  // making one costs about a fiftieth of that
  return age > age_max || age.ms < 0 ||
         (free_outdated_.load(std::memory_order_relaxed) > 64 && age.ms > age_max.ms / 10);
}

std::shared_ptr<const Segment::FreeOrder> Segment::free_order(
    Instant now, const std::function<std::int64_t(const DoctorCard&)>& ask) const {
  std::shared_ptr<const FreeOrder> current;
  {
    const std::lock_guard lock(free_mutex_);
    if (!free_order_is_old(now)) return free_order_;
    current = free_order_;
  }
  std::unique_lock build(free_build_mutex_, std::defer_lock);
  if (current) {
    if (!build.try_lock()) return current;  // somebody is at it
  } else {
    build.lock();
    const std::lock_guard lock(free_mutex_);
    if (!free_order_is_old(now)) return free_order_;
  }
  free_outdated_.store(0, std::memory_order_relaxed);
  auto order = std::make_shared<FreeOrder>();
  order->reserve(size());
  const auto turn = free_refreshed_++ % free_refresh_share;
  for (const auto& [id, ordinal] : by_id_) {
    const auto& doctor = card(ordinal);
    auto first = doctor.first_free.load(std::memory_order_relaxed);
    if (first < now.ms || ordinal % free_refresh_share == turn) {
      first = ask(doctor);
      doctor.first_free.store(first, std::memory_order_relaxed);
    }
    order->emplace_back(first, ordinal);
  }
  std::ranges::stable_sort(*order, {}, &std::pair<std::int64_t, Ordinal>::first);
  const std::lock_guard lock(free_mutex_);
  free_order_ = order;
  free_built_at_ = now;
  return order;
}

}  // namespace fairward::directory
