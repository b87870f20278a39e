// What somebody typed, understood: which words to look for, what else each may mean, and how good a find by it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairward::directory {

// How well a doctor answers to a word; a doctor is as good as the worst of them. Best first.
enum class Fit : unsigned char {
  name,       // the word is in name or speciality, or means the speciality
  elsewhere,  // it is in hospital, city, language or postal code
  sound,      // a word that sounds like it
  beginning,  // name or speciality begin so, or have what it may be a slip of
  far,        // the same elsewhere
  faint,      // the speciality may help with it
};
inline constexpr std::size_t fits = 6;

// One way to answer to a word.
struct Meaning {
  enum class Kind : unsigned char { word, beginning, initial, specialities };
  Kind kind;
  Fit fit;           // at best
  std::string text;  // of the first three kinds
  std::vector<std::int64_t> specialities;
};

// A word that must be answered to.
struct Need {
  std::string text;  // as it is shown in a suggestion
  std::vector<Meaning> meanings;
  std::string key;         // the same for the same meanings
  bool is_strong = false;  // somebody's name or speciality, or a speciality is meant
};

// How far to go from what was typed.
enum class Effort : unsigned char { as_typed, mended };

struct Phrase {
  std::vector<Need> needs;
  bool is_mended = false;    // something was taken for something else
  bool is_hopeless = false;  // words were typed, and none of them says anything here
  std::string key() const;
  std::optional<std::string> suggestion() const;
};

struct Version;
Phrase understand(const Version& version, std::string_view keyword, bool is_spelling_corrected, Effort effort);

}  // namespace fairward::directory
