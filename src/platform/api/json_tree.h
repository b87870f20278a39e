// JSON text as a small tree, with its duplicates remembered. Internal to the decoder; Boost.JSON stays in
// json_tree.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fairward::api {

struct JsonMember;

struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, integer, real, text, list, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  double real = 0;  // also of whole numbers that an int64 cannot hold
  std::string text;
  std::vector<JsonNode> items;
  std::vector<JsonMember> members;
  std::vector<std::string> duplicates;  // names that came more than once; the first value counts

  const JsonNode* member(std::string_view name) const;
};

struct JsonMember {
  std::string name;
  JsonNode value;
};

// Bounds: 32 levels, 20,000 values, 200 members to an object, 256 bytes to a name.
// Errors: request_malformed with where and why.
Result<JsonNode> json_parse(std::string_view text);

}  // namespace fairward::api
