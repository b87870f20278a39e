// Whom a line of the record tells of, apart from who did it: what the index by patient is made from, and how it is
// read.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "platform/api/audit_entry.h"
#include "platform/sql/engine.h"

namespace fairward::audit {

// The lines of one block, in their order.
template <class F>
void each_line(std::string_view entries, F&& f) {
  while (!entries.empty()) {
    const std::string_view line = entries.substr(0, entries.find('\n'));
    entries.remove_prefix(std::min(entries.size(), line.size() + 1));
    f(line);
  }
}

// The patients of one block's lines in which somebody else did something; each once, in order. What the product did by
// itself names nobody who could have looked.
std::vector<UserId> subjects_of(std::string_view entries);

// What others did with the record of a patient, the newest first.
struct Disclosure {
  Instant at;
  std::int64_t chain = 0, number = 0, line = 0;
  api::AuditEntry entry;
};
// Those before (at, chain, number): of so many blocks.
std::vector<Disclosure> disclosures_of(Snapshot& db, UserId patient, Instant at, std::int64_t chain,
                                       std::int64_t number, std::int64_t blocks);

// Makes the indexes anew from the blocks. Returns how many rows that by patient has.
std::int64_t index_rebuild(sql::Engine& engine);

}  // namespace fairward::audit
