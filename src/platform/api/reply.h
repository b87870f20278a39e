// What operations return: the type carries the status.
#pragma once

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
// A body that is already text: lists answered from memory. T documents its shape.
template <class T>
struct Serialized {
  std::string json;
};  // 200

}  // namespace fairward::api

namespace fairward {
using api::Accepted;
using api::Created;
using api::NoContent;
using api::Page;
using api::Serialized;
}  // namespace fairward
