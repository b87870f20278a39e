// Puts on record what was refused, so that whoever attacks is seen and cannot fill the disk with it: what is alike in a
// minute is one line with a count, and lines are budgeted. docs/adr/0014.
//
// What comes first is stored by the next tick, at once; how often it came again, when its minute has passed. Without
// budget it is added up by operation and problem alone. Noting waits for no database; a tick is one commit at most.
#pragma once

#include <cstdint>
#include <memory>

#include "platform/api/refusal.h"
#include "platform/clock/clock.h"
#include "platform/sql/engine.h"

namespace fairward::audit {

constexpr std::size_t refusals_waiting_max = 256;    // kinds in memory, which have a line of their own
constexpr std::size_t refusals_folded_max = 16;      // kinds of what is only added up; beyond, one for all
constexpr std::int64_t refusal_lines_at_once = 500;  // of strangers; and as many of who is signed in
constexpr std::int64_t refusal_lines_a_minute = 10;  // that the budget grows by

class Refusals {
 public:
  Refusals(sql::Engine& engine, const Clock& clock);

  // Any thread.
  void note(const api::Refusal& refusal);
  // Once a second. Does not block.
  void tick();
  // Stores all that is known; before the engine stops.
  void flush();
  bool is_storing() const;

 private:
  struct Memory;
  void store(bool is_last);

  sql::Engine& engine_;
  const Clock& clock_;
  const std::shared_ptr<Memory> memory_;  // shared with callbacks of the engine, which may outlive this object
};

}  // namespace fairward::audit
