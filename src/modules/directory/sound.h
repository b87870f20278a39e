// How words sound, for names that are written in many ways: Lakshmi and Laxmi, Chaudhary and Chowdhury, Vikas and
// Bikash. Made for Indian names in Latin letters and for the terms of medicine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairward::directory {

struct Sound {
  std::string consonants;  // with '^' and the class of the first vowel in front when the word begins with one
  std::string vowels;
  friend bool operator==(const Sound&, const Sound&) = default;
};
// Of a folded, latinised word. Words of other scripts sound like themselves.
Sound sound_of(std::string_view word);

// How many vowels differ; meaningful for words with the same consonants.
int vowels_apart(const Sound& a, const Sound& b, int most);
// So many may differ in a word of so many consonants and still be the same word misheard.
constexpr int vowels_apart_max(std::size_t consonants) { return consonants < 3 ? 1 : consonants < 5 ? 2 : 3; }

}  // namespace fairward::directory
