#include "modules/directory/phrase.h"

#include "modules/directory/lexicon.h"
#include "modules/directory/scripts.h"
#include "modules/directory/sound.h"
#include "modules/directory/text.h"
#include "modules/directory/version.h"

namespace fairward::directory {
namespace {

constexpr std::size_t words_max = 12;
constexpr std::size_t near_words_max = 4;     // so many are taken for a word that nobody has
constexpr std::size_t split_letters_min = 4;  // of either part of two words written as one
constexpr std::size_t initials_max = 3;       // "rk", "smk"
constexpr std::size_t postal_digits = 6, postal_town_digits = 4, postal_district_digits = 3;
constexpr int sounds_alike_cost = 2;             // one vowel or one slip
constexpr std::size_t sound_consonants_min = 3;  // shorter words must sound just the same

bool is_number(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}
bool is_letter(std::string_view word) { return word.size() == 1 && !is_number(word); }

std::string capitalised(std::string_view words) {
  std::string out(words);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if ((i == 0 || out[i - 1] == ' ') && out[i] >= 'a' && out[i] <= 'z') out[i] = static_cast<char>(out[i] - 32);
  }
  return out;
}

// The directory's words over all segments.
class Known {
 public:
  explicit Known(const Version& version) : version_(version) {}

  bool has(std::string_view word) const {
    return any([&](const Segment& s) { return s.is_known(word, false); });
  }
  bool has_beginning(std::string_view word) const {
    return any([&](const Segment& s) { return s.is_known(word, true); });
  }
  bool has_strong(std::string_view word) const {
    return any([&](const Segment& s) { return s.strong_word(word) != nullptr; });
  }
  bool means(std::string_view word) const { return !lay_meaning(word).is_empty(); }

  struct Near {
    std::string word;
    int cost;
    std::size_t doctors;
    bool is_lay;
  };
  std::vector<Near> sounding_like(std::string_view word, int vowels_most) const {
    return gathered([&](const Vocabulary& words, std::vector<Vocabulary::Near>& into) {
      words.sounding_like(word, vowels_most, into);
    });
  }
  std::vector<Near> misspelt(std::string_view word) const {
    return gathered([&](const Vocabulary& words, std::vector<Vocabulary::Near>& into) { words.misspelt(word, into); });
  }
  std::vector<std::int64_t> specialities(std::uint64_t bits) const {
    std::vector<std::int64_t> ids;
    if (bits == 0) return ids;
    version_.world.specialities.each([&](const auto& card) {
      if ((card->lay_bit & bits) != 0) ids.push_back(card->row.id.value);
    });
    return ids;
  }

 private:
  template <class F>
  bool any(F&& holds) const {
    return std::ranges::any_of(version_.segments, [&](const SegmentView& view) { return holds(*view.segment); });
  }
  template <class F>
  std::vector<Near> gathered(F&& find) const {
    std::vector<Near> all;
    std::vector<Vocabulary::Near> of_one;
    for (const auto& view : version_.segments) {
      of_one.clear();
      find(view.segment->vocabulary(), of_one);
      for (const auto& near : of_one) {
        const auto& word = view.segment->vocabulary().word(near.place);
        put(all, {word, near.cost, view.segment->word(word)->list.size(), false});
      }
    }
    of_one.clear();
    find(lay_words(), of_one);
    for (const auto& near : of_one) put(all, {lay_words().word(near.place), near.cost, 0, true});
    return all;
  }
  static void put(std::vector<Near>& all, Near near) {
    for (auto& other : all) {
      if (other.word != near.word) continue;
      other.cost = std::min(other.cost, near.cost), other.doctors += near.doctors;
      other.is_lay = other.is_lay && near.is_lay;
      return;
    }
    all.push_back(std::move(near));
  }
  const Version& version_;
};

// Finds the meanings of one word after the other.
class Reader {
 public:
  Reader(const Version& version, bool is_corrected, Effort effort)
      : known_(version), is_corrected_(is_corrected), effort_(effort) {}

  Phrase run(std::string_view keyword) {
    typed_ = latinised(folded(keyword));
    for (const auto word : words_of(typed_)) {
      if (words_.size() < words_max) words_.emplace_back(word);
    }
    if (words_.empty()) return {};
    const bool is_noise_all = noise_drop();
    if (is_noise_all) return {};
    join();
    for (std::size_t i = 0; i < words_.size(); ++i) read(words_[i], i + 1 == words_.size());
    phrase_.is_hopeless = phrase_.needs.empty();
    return std::move(phrase_);
  }

 private:
  // True when nothing but noise was typed.
  bool noise_drop() {
    const bool has_filler =
        std::ranges::any_of(words_, [](const auto& word) { return is_filler(word) && word.size() > 1; });
    std::vector<std::string> rest;
    for (const auto& word : words_) {
      const bool is_initial = word.size() == 1 && !has_filler;
      if (!is_title(word) && (!is_filler(word) || is_initial)) rest.push_back(word);
    }
    if (rest.empty()) {
      if (std::ranges::all_of(words_, [](const auto& word) { return is_title(word); })) return true;
      rest = words_;  // "me", "best": perhaps the beginning of something
    }
    auto plain = rest;
    std::erase_if(plain, [](const auto& word) { return is_vague(word); });
    words_ = plain.empty() ? std::move(rest) : std::move(plain);
    return false;
  }

  bool is_plain_known(const std::string& word) const {
    return word.size() > 1 && (known_.has(word) || known_.means(word));
  }
  // "tooth paste" typed for one word; "700 001" for one number.
  void join() {
    for (std::size_t i = 0; i + 1 < words_.size(); ++i) {
      const auto joined = words_[i] + words_[i + 1];
      const bool is_code = joined.size() == postal_digits && words_[i].size() == postal_digits / 2 && is_number(joined);
      const bool is_one = (!is_plain_known(words_[i]) || !is_plain_known(words_[i + 1])) && is_plain_known(joined);
      if (!is_code && !is_one) continue;
      words_[i] = joined;
      words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
  }

  void read(const std::string& word, bool is_last) {
    need_ = {word, {}, {}, false};
    if (is_number(word)) number(word);
    else if (is_letter(word)) letter(word, is_last);
    else plain(word, is_last);
  }

  void mean(Meaning::Kind kind, Fit fit, std::string text) {
    const auto is_same = [&](const Meaning& m) { return m.kind == kind && m.fit == fit && m.text == text; };
    if (std::ranges::none_of(need_.meanings, is_same)) need_.meanings.push_back({kind, fit, std::move(text), {}});
  }
  void mean_specialities(Fit fit, std::uint64_t bits) {
    auto ids = known_.specialities(bits);
    if (!ids.empty()) need_.meanings.push_back({Meaning::Kind::specialities, fit, {}, std::move(ids)});
  }
  void mean_lay(std::string_view word, Fit first, Fit second) {
    const auto meaning = lay_meaning(word);
    mean_specialities(first, meaning.first);
    mean_specialities(second, meaning.second);
  }
  void keep() {
    if (need_.meanings.empty()) {
      phrase_.is_mended = true;  // left out
      return;
    }
    for (const auto& m : need_.meanings) {
      need_.key += static_cast<char>('a' + static_cast<int>(m.kind));
      need_.key += static_cast<char>('0' + static_cast<int>(m.fit));
      need_.key += m.text;
      for (const auto id : m.specialities) integer_append(need_.key += ',', id);
      need_.key += ' ';
    }
    phrase_.needs.push_back(std::move(need_));
  }

  // A postal code is answered to by its town and district too: their codes begin alike.
  void number(const std::string& word) {
    if (known_.has(word)) mean(Meaning::Kind::word, Fit::name, word);
    if (known_.has_beginning(word)) mean(Meaning::Kind::beginning, Fit::beginning, word);
    if (word.size() == postal_digits) {
      mean(Meaning::Kind::beginning, Fit::sound, word.substr(0, postal_town_digits));
      mean(Meaning::Kind::beginning, Fit::far, word.substr(0, postal_district_digits));
    }
    keep();
  }
  void letter(const std::string& word, bool is_last) {
    mean(Meaning::Kind::initial, Fit::name, word);
    if (is_last) mean(Meaning::Kind::beginning, Fit::beginning, word);
    need_.is_strong = true;
    keep();
  }

  void plain(const std::string& word, bool is_last) {
    const bool is_had = known_.has(word), is_lay = known_.means(word);
    if (is_had) mean(Meaning::Kind::word, Fit::name, word);
    if (is_lay) mean_lay(word, Fit::name, Fit::faint);
    need_.is_strong = is_lay || (is_had && known_.has_strong(word));
    if (is_corrected_) forms(word, Fit::sound);
    const bool is_begun = (is_last || !(is_had || is_lay)) && begun(word);
    if (is_corrected_ && (is_had || is_begun)) alike(word);
    if (effort_ == Effort::mended && (is_had || is_lay || is_begun)) near(word, false);
    if (need_.meanings.empty()) return unknown(word);
    keep();
  }
  // Other forms of the same name.
  void forms(const std::string& word, Fit fit) {
    for (const auto form : name_forms(word)) {
      if (form != word && known_.has(form)) mean(Meaning::Kind::word, fit, std::string(form));
    }
  }
  // What sounds like a word that somebody has. The words of complaints stay out: Khan is no kaan, an ear.
  void alike(const std::string& word) {
    const int most = sound_of(word).consonants.size() < sound_consonants_min ? 0 : 1;
    for (const auto& near : known_.sounding_like(word, most)) {
      if (!near.is_lay) mean(Meaning::Kind::word, Fit::sound, near.word);
    }
  }
  bool begun(const std::string& word) {
    const bool is_word = known_.has_beginning(word);
    if (is_word) mean(Meaning::Kind::beginning, Fit::beginning, word);
    const auto lay = word.size() < split_letters_min - 1 ? LayMeaning() : lay_meaning_starting(word);
    if (lay.first != 0 && !known_.means(word)) mean_specialities(Fit::far, lay.first);
    return is_word || lay.first != 0;
  }

  // A word that nobody has and nothing begins with.
  void unknown(const std::string& word) {
    if (initials(word) || (is_corrected_ && split(word))) return;
    if (is_corrected_) near(word, true);
    keep();
  }
  // "rk": the first letters of names.
  bool initials(const std::string& word) {
    if (word.size() > initials_max || std::ranges::any_of(word, [](char c) { return c < 'a' || c > 'z'; }))
      return false;
    if (is_corrected_ && word.size() == initials_max && near(word, true)) {
      keep();
      return true;
    }
    for (const char c : word) {
      need_ = {std::string(1, c), {}, {}, true};
      mean(Meaning::Kind::initial, Fit::name, std::string(1, c));
      keep();
    }
    return true;
  }
  // Two words in one.
  bool split(const std::string& word) {
    if (word.size() < 2 * split_letters_min) return false;
    for (auto at = split_letters_min; at + split_letters_min <= word.size(); ++at) {
      const auto first = word.substr(0, at), second = word.substr(at);
      const bool is_second = is_plain_known(second) || is_vague(second);
      if (!is_plain_known(first) || !is_second) continue;
      phrase_.is_mended = true;
      need_ = {first, {}, {}, false};
      plain(first, false);
      need_ = {second, {}, {}, false};
      if (!is_vague(second)) plain(second, false);
      return true;
    }
    return false;
  }
  // The nearest words, by sound and by letters.
  bool near(const std::string& word, bool is_only) {
    const auto sound = sound_of(word);
    auto all = known_.sounding_like(word, vowels_apart_max(sound.consonants.size()));
    for (auto& slip : known_.misspelt(word)) all.push_back(std::move(slip));
    if (all.empty()) return false;
    std::ranges::sort(all, [](const Known::Near& a, const Known::Near& b) {
      return std::tuple(a.cost, a.is_lay, b.doctors, a.word) < std::tuple(b.cost, b.is_lay, a.doctors, b.word);
    });
    const int best = all.front().cost;
    std::vector<std::string> taken;
    for (const auto& candidate : all) {
      const bool is_heard = candidate.cost <= sounds_alike_cost && !candidate.is_lay;
      if ((candidate.cost > best && !is_heard) || taken.size() == near_words_max) break;
      if (std::ranges::find(taken, candidate.word) != taken.end()) continue;
      const Fit fit = candidate.cost == best && (taken.empty() || !candidate.is_lay) ? Fit::beginning : Fit::far;
      taken.push_back(candidate.word);
      if (!candidate.is_lay) mean(Meaning::Kind::word, fit, candidate.word);
      mean_lay(candidate.word, fit, Fit::faint);
      forms(candidate.word, Fit::far);
    }
    if (is_only) need_.text = taken.front();
    if (need_.meanings.empty()) return false;
    phrase_.is_mended = true;
    need_.is_strong = true;
    return true;
  }

  Known known_;
  bool is_corrected_;
  Effort effort_;
  std::string typed_;
  std::vector<std::string> words_;
  Need need_;
  Phrase phrase_;
};

}  // namespace

std::string Phrase::key() const {
  std::string key;
  for (const auto& need : needs) (key += need.key) += ';';
  return key;
}

std::optional<std::string> Phrase::suggestion() const {
  if (!is_mended || needs.empty()) return std::nullopt;
  std::string joined;
  for (const auto& need : needs) joined += (joined.empty() ? "" : " ") + need.text;
  return capitalised(joined);
}

Phrase understand(const Version& version, std::string_view keyword, bool is_spelling_corrected, Effort effort) {
  return Reader(version, is_spelling_corrected, effort).run(keyword);
}

}  // namespace fairward::directory
