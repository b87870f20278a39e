// What must hold in every snapshot of the database, and how to look for what breaks it. Each module says its own
// invariants; src/app/invariants.h has all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "platform/sql/sql.h"

namespace fairward::sql {

struct Invariant {
  using Violated = std::function<void(std::int64_t id)>;
  std::string_view name;    // "booking.claim_owner"
  std::string_view demand;  // one sentence: what must hold
  std::string_view noun;    // what the ids are of: "appointment"
  // Calls for each violation with the id of a row; never with what is personal.
  std::function<void(Snapshot&, const Violated&)> find;
};

// The violations are the rows of the query: one id each.
template <class... P>
Invariant invariant(std::string_view name, std::string_view noun, const Query& query, std::string_view demand,
                    P... parameters) {
  return {name, demand, noun, [&query, parameters...](Snapshot& db, const Invariant::Violated& violated) {
            db.each<std::optional<std::int64_t>>(
                query, [&](std::optional<std::int64_t>&& id) { violated(id.value_or(0)); }, parameters...);
          }};
}

// Calls for each of `ids` that `known` lacks; both are sorted.
inline void each_missing(const std::vector<std::int64_t>& ids, const std::vector<std::int64_t>& known,
                         const Invariant::Violated& violated) {
  for (const std::int64_t id : ids)
    if (!std::binary_search(known.begin(), known.end(), id)) violated(id);
}

struct Finding {
  static constexpr std::size_t ids_max = 20;
  std::int64_t violations = 0;
  std::vector<std::int64_t> ids;  // the first few
};
inline Finding look_for(const Invariant& invariant, Snapshot& db) {
  Finding finding;
  invariant.find(db, [&](std::int64_t id) {
    if (++finding.violations <= static_cast<std::int64_t>(Finding::ids_max)) finding.ids.push_back(id);
  });
  return finding;
}

}  // namespace fairward::sql
