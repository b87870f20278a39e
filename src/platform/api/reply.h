// What operations return: the type carries the status.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace fairward::api {

template <class T>
struct Created {
  T value;
  std::string location;
};  // 201, Location
template <class T>
struct Accepted {
  T value;
};                    // 202
struct NoContent {};  // 204
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next;
};  // 200 {items, next?}; also Link: rel=next
// Of a list read one row longer than its page: drops that row, and gives the cursor of the page that follows, of the
// last row that stays. nullopt when this page is the last.
template <class Row, class CursorOf>
std::optional<std::string> page_cut(std::vector<Row>& rows, std::int64_t limit, CursorOf&& cursor_of) {
  if (static_cast<std::int64_t>(rows.size()) <= limit) return std::nullopt;
  rows.pop_back();
  return cursor_of(rows.back());
}
// A body that is already text: lists answered from memory. T documents its shape.
template <class T>
struct Serialized {
  std::string json;
};  // 200

// 200. The bytes as they are; the operation says what they are with Call::header("Content-Type", …).
struct File {
  std::string bytes;
};

}  // namespace fairward::api

namespace fairward {
using api::Accepted;
using api::Created;
using api::File;
using api::NoContent;
using api::Page;
using api::Serialized;
}  // namespace fairward
