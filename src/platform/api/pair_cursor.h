// The cursor of a list that is ordered by two numbers, as by start and id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bounded.h"

namespace fairward::api {

struct PairCursor {
  std::int64_t first = 0, second = 0;
};
std::string pair_cursor(PairCursor cursor);
// Absent: zeros. nullopt for what pair_cursor did not write.
std::optional<PairCursor> pair_cursor_read(const std::optional<BoundedText<1, 100>>& text);

}  // namespace fairward::api
