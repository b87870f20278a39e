// Indian scripts in Latin letters, so that a name is found in whichever script it is typed or stored.
#pragma once

#include <string>
#include <string_view>

namespace fairward::directory {

// A folded text with its Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada and Malayalam written as
// people write them in Latin ("लक्ष्मी" is "lakshmee"); everything else as it is. Rough on purpose: how words sound
// (sound.h) decides.
std::string latinised(std::string folded_text);

}  // namespace fairward::directory
