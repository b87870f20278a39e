// Counts the parameters of a query text. Internal to platform/sql.
#pragma once

#include <algorithm>
#include <string_view>

namespace fairward::sql {

// The highest n of $n outside of string literals.
inline int parameter_count(std::string_view text) {
  int highest = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') is_quoted = !is_quoted;
    if (is_quoted || text[i] != '$') continue;
    int number = 0;
    for (; i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9' && number < 1000; ++i)
      number = number * 10 + (text[i + 1] - '0');
    highest = std::max(highest, number);
  }
  return highest;
}

}  // namespace fairward::sql
