#include "modules/directory/scripts.h"

#include <algorithm>
#include <array>

#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

// Unicode lays the nine scripts out alike, 128 code points each: what stands at an offset sounds the same in all.
constexpr char32_t scripts_begin = 0x900, scripts_end = 0xD80;
constexpr unsigned script_letters = 0x80;

enum class Kind : unsigned char { none, vowel, consonant, vowel_sign, nasal, breath, nukta, virama, digit };
struct Letter {
  Kind kind = Kind::none;
  std::string_view latin;
};

constexpr std::array<Letter, script_letters> letters_make() {
  std::array<Letter, script_letters> letters{};
  const auto put = [&](unsigned at, Kind kind, std::initializer_list<std::string_view> latin) {
    for (const auto text : latin) letters[at++] = {kind, text};
  };
  put(0x01, Kind::nasal, {"n", "n"});
  put(0x03, Kind::breath, {"h"});
  put(0x05, Kind::vowel, {"a", "aa", "i", "ee", "u", "oo", "ri", "li", "e", "e", "e", "ai", "o", "o", "o", "au"});
  put(0x15, Kind::consonant,
      {"k", "kh", "g", "gh", "ng", "ch", "chh", "j", "jh", "ny", "t", "th", "d", "dh", "n",  "t",  "th", "d", "dh",
       "n", "n",  "p", "ph", "b",  "bh", "m",   "y", "r",  "r",  "l", "l",  "l", "v",  "sh", "sh", "s",  "h"});
  put(0x3C, Kind::nukta, {""});
  put(0x3E, Kind::vowel_sign, {"aa", "i", "ee", "u", "oo", "ri", "ri", "e", "e", "e", "ai", "o", "o", "o", "au"});
  put(0x4D, Kind::virama, {""});
  put(0x58, Kind::consonant, {"q", "kh", "g", "z", "r", "rh", "f", "y"});
  put(0x66, Kind::digit, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  put(0x70, Kind::nasal, {"n"});                          // Gurmukhi tippi; Assamese ra is handled below
  put(0x7A, Kind::none, {"n", "n", "r", "l", "l", "k"});  // Malayalam letters without a vowel
  return letters;
}
constexpr auto letters = letters_make();

enum Script : unsigned { devanagari, bengali, gurmukhi, gujarati, odia, tamil, telugu, kannada, malayalam };

// Scripts of the north leave the last "a" of a word unspoken and unwritten in Latin.
constexpr bool is_last_vowel_silent(unsigned script) { return script <= odia; }

Letter letter_of(unsigned script, unsigned offset) {
  if (script == bengali && offset == 0x70) return {Kind::consonant, "r"};
  if (script == bengali && offset == 0x71) return {Kind::consonant, "v"};
  if (script == bengali && offset == 0x4E) return {Kind::none, "t"};
  if (script == odia && offset == 0x71) return {Kind::consonant, "v"};
  if (script == malayalam && offset >= 0x7A) return letters[offset];
  if (offset >= 0x7A || (offset == 0x70 && script != gurmukhi)) return {};
  return letters[offset];
}

// What a dot below makes of a consonant.
void dot_put(std::string& out) {
  static constexpr std::pair<std::string_view, std::string_view> dotted[] = {
      {"dh", "rh"}, {"ph", "f"}, {"j", "z"}, {"d", "r"}, {"s", "sh"}};
  for (const auto& [plain, with_dot] : dotted) {
    if (out.ends_with(plain)) {
      out.replace(out.size() - plain.size(), plain.size(), with_dot);
      return;
    }
  }
}

class Writer {
 public:
  void put(unsigned script, const Letter& letter) {
    if (letter.kind == Kind::nukta) return dot_put(out);
    if (letter.kind == Kind::vowel_sign || letter.kind == Kind::virama) is_vowel_due_ = false;
    vowel_due_put();
    if (letter.kind == Kind::consonant) {
      is_nasal_ = is_nasal_ && !labial_put(letter.latin);
      is_vowel_due_ = true;
    }
    is_nasal_ = letter.kind == Kind::nasal;
    out += letter.latin;
    script_ = script;
    ++letters_;
  }
  void other_put(char32_t c) {
    word_end(c == ' ');
    code_point_append(out, c);
    if (c == ' ') letters_ = 0;
  }
  void word_end(bool is_end) {
    // A letter alone keeps its vowel: it is an initial.
    if (is_vowel_due_ && is_end && is_last_vowel_silent(script_) && letters_ > 1) is_vowel_due_ = false;
    vowel_due_put();
  }
  std::string out;

 private:
  void vowel_due_put() {
    if (std::exchange(is_vowel_due_, false)) out += 'a';
  }
  // The nasal before p, b and m is an m.
  bool labial_put(std::string_view consonant) {
    if (out.ends_with('n') && (consonant[0] == 'p' || consonant[0] == 'b' || consonant[0] == 'm')) out.back() = 'm';
    return true;
  }
  bool is_vowel_due_ = false, is_nasal_ = false;
  unsigned script_ = 0;
  int letters_ = 0;
};

}  // namespace

std::string latinised(std::string text) {
  const auto is_indic_lead = [](char c) { return c == '\xE0'; };  // of U+0800 … U+0FFF
  if (std::ranges::none_of(text, is_indic_lead)) return text;
  Writer writer;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = code_point_next(text, at);
    if (c < scripts_begin || c >= scripts_end) {
      writer.other_put(c);
      continue;
    }
    const unsigned script = (c - scripts_begin) / script_letters;
    writer.put(script, letter_of(script, (c - scripts_begin) % script_letters));
  }
  writer.word_end(true);
  return std::move(writer.out);
}

}  // namespace fairward::directory
