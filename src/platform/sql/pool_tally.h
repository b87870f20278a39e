// Counts what the connections of one kind do: written by their threads, read by whoever asks. Internal to platform/sql.
#pragma once

#include <atomic>
#include <cstdint>

#include "platform/sql/engine.h"

namespace fairward::sql {

struct PoolTally {
  std::atomic<std::uint64_t> open{0}, busy{0}, reconnects{0};

  PoolStats stats(std::uint64_t waited_us = 0) const { return {open, busy, reconnects, waited_us}; }
};

// A connection at work, for as long as this lives.
class AtWork {
 public:
  explicit AtWork(PoolTally& tally) : tally_(tally) { ++tally_.busy; }
  ~AtWork() { --tally_.busy; }
  AtWork(const AtWork&) = delete;
  AtWork& operator=(const AtWork&) = delete;

 private:
  PoolTally& tally_;
};

}  // namespace fairward::sql
