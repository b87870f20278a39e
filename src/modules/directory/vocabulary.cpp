#include "modules/directory/vocabulary.h"

#include <algorithm>

#include "modules/directory/sound.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr std::size_t short_letters_min = 3,
                      short_letters_max = 8;  // one slip in these is found by leaving out letters
constexpr std::size_t long_letters_min = 6;   // several slips, by shared trigrams
constexpr int letters_spoilt_by_a_slip = 4;   // trigrams that two swapped letters change

std::uint32_t hash_of(std::string_view text) {
  const auto hash = text_hash(text);
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

// Three bytes of "^word$", so that beginnings and ends count.
template <class F>
void trigrams_each(std::string_view word, F&& visit) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i == 0 ? '^' : i <= word.size() ? static_cast<unsigned char>(word[i - 1]) : '$';
  };
  for (std::size_t i = 0; i < word.size(); ++i) visit(byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2));
}

// The word, and the word with each of its letters left out.
template <class F>
void lacking_each(std::string_view word, F&& visit) {
  visit(hash_of(word));
  std::string rest;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (i > 0 && word[i] == word[i - 1]) continue;
    rest.assign(word.substr(0, i)).append(word.substr(i + 1));
    visit(hash_of(rest));
  }
}

bool is_short(std::string_view word) { return word.size() >= short_letters_min && word.size() <= short_letters_max; }

int slips_cost(std::string_view wrong, std::string_view right, int slips) {
  return 2 * slips + (wrong.front() == right.front() ? 0 : 1);
}

}  // namespace

void Vocabulary::fill(std::vector<std::string> words) {
  words_ = std::move(words);
  for (Place place = 0; place < words_.size(); ++place) index(place);
}

void Vocabulary::index(Place place) {
  const auto& word = words_[place];
  const auto put = [&](Index& index, std::uint32_t key) {
    auto& list = index[key];
    if (list.empty() || list.back() != place) list.push_back(place);
  };
  if (word.empty() || (word.front() >= '0' && word.front() <= '9')) return;  // numbers are not misspelt
  put(sounds_, hash_of(sound_of(word).consonants));
  if (is_short(word)) lacking_each(word, [&](std::uint32_t key) { put(lacking_, key); });
  if (word.size() + 2 >= long_letters_min) trigrams_each(word, [&](std::uint32_t key) { put(trigrams_, key); });
}

std::optional<Vocabulary::Place> Vocabulary::find(std::string_view word) const {
  const auto at = std::ranges::lower_bound(words_, word);
  if (at == words_.end() || *at != word) return std::nullopt;
  return static_cast<Place>(at - words_.begin());
}

std::pair<Vocabulary::Place, Vocabulary::Place> Vocabulary::starting(std::string_view start) const {
  const auto first = std::ranges::lower_bound(words_, start);
  const auto last =
      std::partition_point(first, words_.end(), [&](const std::string& word) { return word.starts_with(start); });
  return {static_cast<Place>(first - words_.begin()), static_cast<Place>(last - words_.begin())};
}

void Vocabulary::sounding_like(std::string_view word, int vowels_most, std::vector<Near>& into) const {
  const auto sound = sound_of(word);
  const auto at = sounds_.find(hash_of(sound.consonants));
  if (at == sounds_.end()) return;
  for (const auto place : at->second) {
    if (words_[place] == word) continue;
    const auto other = sound_of(words_[place]);
    const int apart = other.consonants == sound.consonants ? vowels_apart(sound, other, vowels_most) : vowels_most + 1;
    if (apart <= vowels_most) into.push_back({place, 1 + apart});
  }
}

void Vocabulary::misspelt(std::string_view word, std::vector<Near>& into) const {
  const int most = mistakes_max(word.size());
  if (is_short(word)) {
    lacking_each(word, [&](std::uint32_t key) {
      const auto at = lacking_.find(key);
      if (at == lacking_.end()) return;
      for (const auto place : at->second) {
        const auto& right = words_[place];
        if (word.size() == short_letters_min && right.front() != word.front()) continue;
        if (edit_distance(word, right, 1) == 1) into.push_back({place, slips_cost(word, right, 1)});
      }
    });
  }
  if (word.size() < long_letters_min) return;
  std::unordered_map<Place, int> shared;
  trigrams_each(word, [&](std::uint32_t trigram) {
    if (const auto at = trigrams_.find(trigram); at != trigrams_.end()) {
      for (const auto place : at->second) ++shared[place];
    }
  });
  for (const auto& [place, count] : shared) {
    if (count + letters_spoilt_by_a_slip * most < static_cast<int>(word.size())) continue;
    const int slips = edit_distance(word, words_[place], most);
    if (slips > 0 && slips <= most) into.push_back({place, slips_cost(word, words_[place], slips)});
  }
}

}  // namespace fairward::directory
