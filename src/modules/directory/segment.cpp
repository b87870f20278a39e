#include "modules/directory/segment.h"

#include <bit>
#include <numbers>

#include "modules/directory/lexicon.h"
#include "modules/directory/scripts.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr std::size_t facets_list_min = 1024;   // shorter lists are counted when asked for
constexpr std::size_t levels_kept_max = 1024;   // needs whose doctors are kept
constexpr std::size_t levels_weight_share = 8;  // and together not more numbers than so many times the doctors
constexpr std::size_t levels_weight_min = 100'000;

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

std::vector<Count> FacetCounter::Table::take() {
  std::vector<Count> result;
  for (std::uint32_t id = 0; id < counts.size(); ++id) {
    if (counts[id] != 0) result.push_back({id, std::exchange(counts[id], 0)});
  }
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
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> hospital_words, speciality_words, city_words,
      language_words;
  std::unordered_map<std::int64_t, std::uint32_t> located;
  std::vector<std::uint32_t> doctor_words;

  std::uint32_t number(std::string_view word) {
    const auto [at, is_new] = numbers.try_emplace(std::string(word), static_cast<std::uint32_t>(words.size()));
    if (is_new) words.emplace_back(), strong_words.emplace_back();
    return at->second;
  }
  void numbers_add(std::vector<std::uint32_t>& into, std::string_view text) {
    const auto latin = latinised(std::string(text));
    for (const auto word : words_of(latin)) into.push_back(number(word));
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
    const auto name = latinised(card.name_folded);
    for (const auto word : words_of(name)) doctor_words.push_back(number(word));
    initials_add(name, ordinal);
    append(cached(speciality_words, card.row.speciality.value,
                  speciality == nullptr ? nullptr : &speciality->name_folded));
    post(strong_words, doctor_words, ordinal);
    for (const auto language : card.languages) append(language_words_of(language));
    for (const auto& at : card.practices) append(hospital_words_of(at)), append(city_words_of(at.city));
    post(words, doctor_words, ordinal);
  }
  const std::vector<std::uint32_t>& language_words_of(LanguageId id) {
    const auto [at, is_new] = language_words.try_emplace(id);
    if (is_new) numbers_add(at->second, world.languages->names_folded[id]);
    return at->second;
  }
  const std::vector<std::uint32_t>& hospital_words_of(const DoctorCard::At& place) {
    const auto [at, is_new] = hospital_words.try_emplace(place.hospital.value);
    const auto* hospital = is_new ? world.hospitals.find(place.hospital.value) : nullptr;
    if (hospital != nullptr) {
      numbers_add(at->second, hospital->name_folded);
      if (hospital->row.postal_code) numbers_add(at->second, folded(*hospital->row.postal_code));
    }
    return at->second;
  }
  const std::vector<std::uint32_t>& city_words_of(CityId id) {
    const auto [at, is_new] = city_words.try_emplace(id.value);
    const auto* city = is_new ? world.cities.find(id.value) : nullptr;
    if (city != nullptr) {
      numbers_add(at->second, city->name_folded);
      numbers_add(at->second, city_aliases(city->name_folded));
    }
    return at->second;
  }
  // The first letters of what stands in the name, titles aside.
  void initials_add(std::string_view name, Ordinal ordinal) {
    for (const auto word : words_of(name)) {
      if (word[0] < 'a' || word[0] > 'z' || is_title(word)) continue;
      auto& list = segment.initials_[static_cast<std::size_t>(word[0] - 'a')].list;
      if (list.empty() || list.back() != ordinal) list.push_back(ordinal);
    }
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
    std::vector<std::string> sorted;
    sorted.reserve(order.size());
    for (const auto& [word, number] : order) {
      sorted.emplace_back(word);
      segment.words_.push_back(std::move(words[number]));
      segment.strong_words_.push_back(std::move(strong_words[number]));
    }
    segment.vocabulary_.fill(std::move(sorted));
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
    for (auto& posting : segment.strong_words_) posting_finish(posting, true);
    for (auto& posting : segment.initials_) posting_finish(posting, true);
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
  Builder builder{*segment, world, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  for (Ordinal ordinal = 0; ordinal < segment->size(); ++ordinal) {
    builder.words_add(segment->card(ordinal), ordinal);
    builder.terms_add(segment->card(ordinal), ordinal);
    segment->by_id_.emplace_back(segment->card(ordinal).row.id.value, ordinal);
  }
  std::ranges::sort(segment->by_id_);
  segment->free_orders_.resize(segment->size());
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

const Posting* Segment::word(std::string_view exact) const {
  const auto place = vocabulary_.find(exact);
  return place ? &words_[*place] : nullptr;
}

const Posting* Segment::strong_word(std::string_view exact) const {
  const auto place = vocabulary_.find(exact);
  return place && !strong_words_[*place].list.empty() ? &strong_words_[*place] : nullptr;
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

bool Segment::is_known(std::string_view word, bool is_prefix) const {
  if (!is_prefix) return vocabulary_.find(word).has_value();
  const auto [first, last] = vocabulary_.starting(word);
  return first < last;
}

std::size_t Levels::weight() const {
  std::size_t weight = 64;
  for (const auto& posting : owned) weight += posting->list.size() + posting->bits.size() * 2;
  return weight;
}

// A word elsewhere than in name or speciality is one level worse, but for words that only sound alike.
void Segment::postings_find(const Meaning& meaning, std::array<std::vector<const Posting*>, fits>& into) const {
  const auto best = static_cast<std::size_t>(meaning.fit);
  const auto elsewhere = meaning.fit == Fit::name || meaning.fit == Fit::beginning ? best + 1 : best;
  const auto put = [&](std::size_t level, const Posting* posting) {
    if (posting != nullptr && !posting->list.empty()) into[level].push_back(posting);
  };
  const auto word_put = [&](Vocabulary::Place place) {
    put(best, &strong_words_[place]), put(elsewhere, &words_[place]);
  };
  switch (meaning.kind) {
    case Meaning::Kind::word:
      if (const auto place = vocabulary_.find(meaning.text)) word_put(*place);
      return;
    case Meaning::Kind::beginning: {
      const auto [first, last] = vocabulary_.starting(meaning.text);
      for (auto place = first; place < last; ++place) word_put(place);
      return;
    }
    case Meaning::Kind::initial: return put(best, &initials_[static_cast<std::size_t>(meaning.text[0] - 'a')]);
    case Meaning::Kind::specialities:
      for (const auto id : meaning.specialities) put(best, term(TermKind::speciality, static_cast<std::uint64_t>(id)));
      return;
  }
}

Levels Segment::levels_make(const Need& need) const {
  std::array<std::vector<const Posting*>, fits> found;
  for (const auto& meaning : need.meanings) postings_find(meaning, found);
  Levels levels;
  const Posting* upto = nullptr;
  for (std::size_t fit = 0; fit < fits; ++fit) {
    auto& postings = found[fit];
    if (upto != nullptr && !postings.empty()) postings.push_back(upto);
    if (postings.size() == 1) {
      upto = postings.front();
    } else if (!postings.empty()) {
      levels.owned.push_back(united(postings));
      upto = levels.owned.back().get();
    }
    levels.upto[fit] = upto;
  }
  if (!levels.owned.empty() && levels.owned.back().get() == upto && upto->list.size() >= facets_list_min) {
    auto counted_too = std::make_shared<Posting>(*upto);
    counted_too->facets = std::make_shared<const FacetCounts>(counted(*this, upto->list));
    for (auto& level : levels.upto) level = level == upto ? counted_too.get() : level;
    levels.owned.back() = std::move(counted_too);
  }
  return levels;
}

// The commonest need makes nothing.
Levels Segment::levels_of_word(const Meaning& meaning) const {
  Levels levels;
  const auto place = vocabulary_.find(meaning.text);
  if (!place) return levels;
  const auto& strong = strong_words_[*place].list;
  const auto best = static_cast<std::size_t>(meaning.fit);
  if (!strong.empty()) levels.upto[best] = &strong_words_[*place];
  for (auto fit = best + (strong.size() < words_[*place].list.size() ? 1 : 0); fit < fits; ++fit)
    levels.upto[fit] = strong.size() < words_[*place].list.size() ? &words_[*place] : &strong_words_[*place];
  return levels;
}

Levels Segment::levels(const Need& need) const {
  if (need.meanings.size() == 1 && need.meanings.front().kind == Meaning::Kind::word)
    return levels_of_word(need.meanings.front());
  {
    const std::lock_guard lock(levels_mutex_);
    if (const auto at = levels_.find(need.key); at != levels_.end()) return at->second;
  }
  auto levels = levels_make(need);
  const auto weight = levels.weight();
  const std::lock_guard lock(levels_mutex_);
  if (levels_.size() >= levels_kept_max || levels_weight_ + weight > levels_weight_min + levels_weight_share * size()) {
    levels_.clear();
    levels_weight_ = 0;
  }
  if (levels_.emplace(need.key, levels).second) levels_weight_ += weight;
  return levels;
}

}  // namespace fairward::directory
