// The described structs that requests are decoded into, and what must hold of each answer of the decoder.
#pragma once

#include "fuzz.h"
#include "modules/booking/api.h"
#include "modules/directory/api.h"
#include "modules/identity/api.h"
#include "platform/api/codec.h"
#include "platform/api/json_tree.h"
#include "platform/api/problems.h"

namespace fairward::fuzz {

// A refusal is JSON that everyone can read, whatever came in.
inline void check_refusal(const Failure& failure) {
  demand(api::json_parse(api::problem_json(failure, "id")).has_value(), "the problem is no JSON");
}

// What was understood can be said again, and is understood alike.
template <class T>
void check_decoded(const Result<T>& first) {
  if (!first) return check_refusal(first.error());
  std::string once, twice;
  api::encode(once, *first);
  const auto second = api::decode<T>(once);
  demand(second.has_value(), "what was encoded cannot be decoded: " + once);
  api::encode(twice, *second);
  demand(once == twice, "encoded twice, it differs: " + once + " / " + twice);
}

template <class T>
void check_request(const api::RequestParts& parts) {
  T value{};
  const auto decoded = api::decode(parts, api::type_of<T>(), &value);
  if (!decoded) return check_refusal(decoded.error());
  check_decoded(Result<T>(std::move(value)));
}

}  // namespace fairward::fuzz
