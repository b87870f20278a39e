// What people call a speciality or complain of, in English and Hindi; words that say nothing; other names of cities and
// of families. Plain knowledge, the same for every directory. Words are folded and latinised.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "modules/directory/vocabulary.h"

namespace fairward::directory {

// Specialities that a word speaks of, one bit each.
struct LayMeaning {
  std::uint64_t first = 0;   // who is meant
  std::uint64_t second = 0;  // who may help too, and whom the word fits beside others
  bool is_empty() const { return (first | second) == 0; }
};

// The bit of a speciality by its folded name; 0 for one that has no lay words.
std::uint64_t speciality_bit(std::string_view folded_name);

LayMeaning lay_meaning(std::string_view word);
// Of all words that begin so.
LayMeaning lay_meaning_starting(std::string_view start);
const Vocabulary& lay_words();

// "in", "best", "ka": never looked for beside other words. Titles too: "dr".
bool is_filler(std::string_view word);
bool is_title(std::string_view word);
// "pain", "hospital": not looked for when something better is there.
bool is_vague(std::string_view word);

// Words under which a city is also known, in one text: "bombay".
std::string_view city_aliases(std::string_view folded_name);
// Names that are the same name in another form: Banerjee and Bandyopadhyay. Empty: none.
std::span<const std::string_view> name_forms(std::string_view word);

}  // namespace fairward::directory
