// Who is called next. Pure: no SQL, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"

namespace fairward::reception {

// Somebody who has arrived and was not called.
struct Waiting {
  Instant due_at;
  std::int64_t token = 0;
  auto operator<=>(const Waiting&) const = default;
};

// When somebody who arrived then is due: at the start of the appointment, or at the arrival if that is later.
constexpr Instant due_at(Instant starts_at, Instant arrived_at) {
  return starts_at < arrived_at ? arrived_at : starts_at;
}

// The tokens in the order in which they are called: by due_at, then by token.
std::vector<std::int64_t> calling_order(std::span<const Waiting> waiting);

// How many are called before this token; nullopt when it does not wait.
std::optional<std::int64_t> ahead_of(std::span<const Waiting> waiting, std::int64_t token);

}  // namespace fairward::reception
