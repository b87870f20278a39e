// Words in order, and which of them are near to one that nobody has: those that sound like it, and those that differ by
// few letters.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fairward::directory {

class Vocabulary {
 public:
  using Place = std::uint32_t;
  // A word near another. Costs: 1 sounds the same, one more for each vowel that differs; or 2 for each wrong letter,
  // one more when that is the first.
  struct Near {
    Place place;
    int cost;
  };

  // `words` ascending, without doubles.
  void fill(std::vector<std::string> words);

  std::size_t size() const { return words_.size(); }
  const std::string& word(Place place) const { return words_[place]; }
  std::optional<Place> find(std::string_view word) const;
  // All that begin so: first and one past the last.
  std::pair<Place, Place> starting(std::string_view start) const;
  // What sounds like it, itself excepted; vowels may differ by `vowels_most`.
  void sounding_like(std::string_view word, int vowels_most, std::vector<Near>& into) const;
  // What it may be a slip of.
  void misspelt(std::string_view word, std::vector<Near>& into) const;

 private:
  using Index = std::unordered_map<std::uint32_t, std::vector<Place>>;
  void index(Place place);
  std::vector<std::string> words_;
  Index sounds_;    // by the consonants heard
  Index lacking_;   // short words by what is left when one letter is missing
  Index trigrams_;  // longer words
};

}  // namespace fairward::directory
