// Notes once an hour where the chains of the record end: in a block of the record itself, and for whoever keeps it
// outside the database. What is cut off at an end later is missing then.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "platform/audit/audit.h"
#include "platform/clock/clock.h"

namespace fairward::audit {

constexpr Duration anchor_period = hours(1);
constexpr Duration anchor_reach = days(1);  // chains that ended before are noted by blocks of others

// The ends to keep outside.
std::vector<Head> heads_recent(Snapshot& db, Instant now);

class Anchors {
 public:
  using Keep = std::function<void(std::vector<Head>)>;
  // keep: takes the ends that are to be kept outside; on an engine's thread, may be empty.
  Anchors(sql::Engine& engine, const Clock& clock, Keep keep);

  // Any time; does something when an hour has passed, at first at once. Does not block.
  void tick();

 private:
  void note(Txn& txn) const;
  void tell();

  sql::Engine& engine_;
  const Clock& clock_;
  const Keep keep_;
  std::atomic<std::int64_t> due_at_ms_{0};
};

}  // namespace fairward::audit
