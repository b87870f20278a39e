// Proves the record: every block is as it was sealed, none is missing, and the ends that were noted are there.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "platform/audit/audit.h"
#include "platform/sql/invariant.h"

namespace fairward::audit {

struct Fault {
  std::int64_t chain = 0, number = 0;  // of the block; 0: of none
  std::string what;
};

struct Report {
  static constexpr std::size_t faults_max = 100;
  std::int64_t chains = 0, blocks = 0, entries = 0;
  std::int64_t unknown_keys = 0;  // chains that were sealed with none of the keys: nothing of them is proved
  std::vector<Fault> faults;      // the first of them
  bool is_good() const { return faults.empty() && unknown_keys == 0; }
};

// One pass over the record. anchors: ends that were noted outside the database.
Report verify(Snapshot& db, std::span<const Key> keys, std::span<const Head> anchors = {});

// Every line, the oldest first. What cannot be read is left out.
// id: chain, block, line.
struct LineRead {
  std::string id;
  Instant at;
  std::string_view line;
  const Entry& entry;
};
void each(Snapshot& db, const std::function<void(const LineRead&)>& f);

// How many chains were sealed with another key.
std::int64_t chains_of_other_keys(Snapshot& db, const Key& key);

// The same as an invariant, of the chains that were sealed with this key; its ids are those of chains.
sql::Invariant invariant(const Key& key);

}  // namespace fairward::audit
