#include "modules/directory/sound.h"

#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

constexpr std::size_t letters_max = 40;

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

// Reads a word from left to right, one sound at a time.
class Reader {
 public:
  explicit Reader(std::string_view word) : word_(word) {}

  Sound run() {
    while (at_ < word_.size()) {
      if (is_vowel(now()) || is_vowel_y()) vowel();
      else consonant();
    }
    return std::move(sound_);
  }

 private:
  char now() const { return word_[at_]; }
  char next(std::size_t more = 1) const { return at_ + more < word_.size() ? word_[at_ + more] : '\0'; }
  bool is_vowel_y() const { return now() == 'y' && at_ > 0; }
  bool is_soft(char c) const { return c == 'e' || c == 'i' || c == 'y'; }

  void put_vowel(char vowel, std::size_t letters) {
    at_ += letters;
    if (sound_.consonants.empty()) sound_.consonants = vowel == 'a' ? "^a" : vowel == 'e' || vowel == 'i' ? "^i" : "^u";
    if (is_after_vowel_ && !sound_.vowels.empty() && sound_.vowels.back() == vowel) return;
    sound_.vowels += vowel;
    is_after_vowel_ = true;
  }
  // "aa" and what it grows together with: Raav is Rao, Desaai is Desai.
  void long_a() {
    if ((next(2) == 'v' || next(2) == 'w') && is_last_of_few(3)) return put_vowel('o', 3);
    if (next(2) == 'i') return put_vowel('e', 3);
    if (next(2) == 'e' && next(3) == 'e') return put_vowel('e', 4);
    if (next(2) == 'y' && (next(3) == 'u' || next(3) == '\0')) return put_vowel('e', 3);
    if (next(2) == 'y' && is_aya(3)) return put_vowel('e', 4);
    put_vowel('a', 2);
  }
  // "aya" inside a word is "ai": Nayar is Nair, Patnayak is Patnaik. `at` is where its second a may be.
  bool is_aya(std::size_t at) const { return next(at) == 'a' && next(at + 1) != '\0' && !is_vowel(next(at + 1)); }
  bool is_last_of_few(std::size_t letters) const {
    constexpr std::size_t few = 4;
    return at_ + letters == word_.size() && word_.size() <= few;
  }
  void vowel() {
    const char c = now() == 'y' ? 'i' : now(), after = next();
    const bool is_before_vowel = is_vowel(next(2)) || next(2) == 'y';
    if (c == 'a' && after == 'a') return long_a();
    if ((c == 'e' && after == 'e') || (c == 'i' && after == 'i')) return put_vowel('i', 2);
    if ((c == 'o' || c == 'u') && after == c) return put_vowel('u', 2);
    if ((c == 'a' || c == 'e') && (after == 'i' || after == 'y') && !(is_before_vowel && after == 'y'))
      return put_vowel('e', 2);
    if (c == 'a' && after == 'y' && (next(2) == 'e' || next(2) == 'i')) return put_vowel('e', 3);
    if (c == 'a' && after == 'y' && next(2) == 'u') return put_vowel('e', 2);
    if (c == 'a' && after == 'y' && is_aya(2)) return put_vowel('e', 3);
    if (c == 'a' && after == 'e') return put_vowel('e', 2);
    if (c == 'o' && after == 'e' && next(2) != '\0') return put_vowel('e', 2);
    if ((c == 'a' || c == 'o') && after == 'u') return put_vowel('o', 2);
    if ((c == 'a' || c == 'o') && after == 'w' && !is_before_vowel) return put_vowel('o', 2);
    if (c == 'a' && after == 'v' && is_last_of_few(2)) return put_vowel('o', 2);
    if (c == 'a' && after == 'o') return put_vowel('o', 2);
    put_vowel(c, 1);
  }

  void put(std::string_view consonants, std::size_t letters) {
    at_ += letters;
    for (const char c : consonants) {
      if (!is_after_vowel_ && !sound_.consonants.empty() && sound_.consonants.back() == c) continue;
      sound_.consonants += c;
      is_after_vowel_ = false;
    }
  }
  void consonant() {
    const char c = now(), after = next();
    switch (c) {
      case 'p':
        if (word_.substr(at_).starts_with("psych")) return put("s", 2), put_vowel('i', 1), put("k", 2);
        return after == 'h' ? put("f", 2) : after == 's' && at_ == 0 ? put("s", 2) : put("p", 1);
      case 'c':
        if (after == 'h') return put("c", next(2) == 'h' ? 3 : 2);
        if (after == 'k') return put("k", 2);
        return put(is_soft(after) ? "s" : "k", 1);
      case 'x': return put("ks", 1);
      case 'q': return put("k", 1);
      case 'w':
      case 'v': return put("b", 1);
      case 'z': return put("j", 1);
      case 'g': return put(at_ > 0 && is_soft(after) ? "j" : "g", 1);
      case 'h': return breath();
      default: return put(std::string_view(&word_[at_], 1), 1);
    }
  }
  // Heard at the beginning and between vowels; not in bh, sh, lh, nor at the end.
  void breath() {
    if (at_ == 0 || (is_after_vowel_ && next() != '\0')) return put("h", 1);
    ++at_;
  }

  std::string_view word_;
  std::size_t at_ = 0;
  bool is_after_vowel_ = false;
  Sound sound_;
};

}  // namespace

Sound sound_of(std::string_view word) { return Reader(word.substr(0, letters_max)).run(); }

int vowels_apart(const Sound& a, const Sound& b, int most) { return edit_distance(a.vowels, b.vowels, most); }

}  // namespace fairward::directory
