// How far two words are apart, for whoever looks for what somebody has misspelt. Pure functions over bytes.
#pragma once

#include <cstddef>
#include <string_view>

namespace fairward {

// How many letters must be inserted, removed, replaced or swapped with their neighbour to make a out of b; above
// `most`: most + 1.
int edit_distance(std::string_view a, std::string_view b, int most);

// How many mistakes are forgiven in a word of this length: none below 3 letters, then 1, from 6 letters 2, from 12
// letters 3.
constexpr int mistakes_max(std::size_t letters) { return letters < 3 ? 0 : letters < 6 ? 1 : letters < 12 ? 2 : 3; }

}  // namespace fairward
