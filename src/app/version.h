// The version of the program; the same as in CMakeLists.txt and CHANGELOG.md.
#pragma once

#include <string_view>

namespace fairward::app {

inline constexpr std::string_view version = "0.1.0";

}  // namespace fairward::app
