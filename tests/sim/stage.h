// What all parts of a simulated world share: time, chance, how hostile the world is at this moment, and the count of
// what has happened.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "clocks.h"
#include "trace.h"

namespace fairward::sim {

// What happened how often; a state that a budget of seeds never reaches means that the world is too tame.
using Coverage = std::map<std::string, std::int64_t>;

// Chance that starts anew with each step.
class StepChance final : public Entropy {
 public:
  void begin(std::uint64_t seed, std::uint64_t step) { now_ = make_seeded_entropy(seed * 1'000'003 + step); }
  void fill(std::span<std::uint8_t> bytes) override { now_->fill(bytes); }

 private:
  std::unique_ptr<Entropy> now_ = make_seeded_entropy(0);
};

struct Stage {
  explicit Stage(Instant start) : clock(start) {}

  WorldClock clock;
  StepChance chance;
  Trace trace;
  Coverage coverage;
  bool is_hostile = false;  // faults, losses and crashes may happen

  void note(const std::string& what) { ++coverage[what]; }
  bool draw(int percent) { return chance.below(100) < static_cast<std::uint64_t>(percent); }
  bool is_unlucky(int percent) { return is_hostile && draw(percent); }
  std::int64_t pick(std::int64_t n) { return static_cast<std::int64_t>(chance.below(static_cast<std::uint64_t>(n))); }
};

}  // namespace fairward::sim
