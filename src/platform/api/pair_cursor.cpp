#include "platform/api/pair_cursor.h"

#include <fmt/format.h>

#include <charconv>

namespace fairward::api {

std::string pair_cursor(PairCursor cursor) { return fmt::format("{}.{}", cursor.first, cursor.second); }

std::optional<PairCursor> pair_cursor_read(const std::optional<BoundedText<1, 100>>& text) {
  PairCursor cursor;
  if (!text) return cursor;
  const char* end = text->value.data() + text->value.size();
  const auto first = std::from_chars(text->value.data(), end, cursor.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.') return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, cursor.second);
  if (second.ec != std::errc() || second.ptr != end) return std::nullopt;
  return cursor;
}

}  // namespace fairward::api
