// The cursor of a list that is ordered by the ids of its rows, the newest first.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>

namespace fairward::api {

// The id of the last row of the page before; absent: after every id. nullopt: not a cursor.
template <class Id, class Cursor>
std::optional<Id> row_cursor_read(const std::optional<Cursor>& cursor) {
  Id before{INT64_MAX};
  if (!cursor) return before;
  const char* end = cursor->value.data() + cursor->value.size();
  const auto read = std::from_chars(cursor->value.data(), end, before.value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return before;
}

}  // namespace fairward::api
