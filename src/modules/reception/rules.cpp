#include "modules/reception/rules.h"

#include <algorithm>

namespace fairward::reception {

std::vector<std::int64_t> calling_order(std::span<const Waiting> waiting) {
  std::vector<Waiting> sorted(waiting.begin(), waiting.end());
  std::ranges::sort(sorted);
  std::vector<std::int64_t> tokens;
  tokens.reserve(sorted.size());
  for (const Waiting& one : sorted) tokens.push_back(one.token);
  return tokens;
}

std::optional<std::int64_t> ahead_of(std::span<const Waiting> waiting, std::int64_t token) {
  const auto own = std::ranges::find(waiting, token, &Waiting::token);
  if (own == waiting.end()) return std::nullopt;
  return std::ranges::count_if(waiting, [&](const Waiting& other) { return other < *own; });
}

}  // namespace fairward::reception
