// fairward_sim --seed N [--seeds K] [--steps S] [--verbose]: runs worlds N … N+K-1. Exit 1 with the seed of the first
// violation; `make sim SEED=n` replays it.
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "world.h"

namespace {

std::int64_t option(int argc, char** argv, const char* name, std::int64_t preset) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::strcmp(argv[i], name) == 0) return std::atoll(argv[i + 1]);
  return preset;
}

// What a budget of seeds has to reach at least once; else the world is too tame to prove anything.
constexpr const char* wanted[] = {"201 hold",
                                  "409 booking.slot_taken",
                                  "409 booking.all_held",
                                  "409 booking.patient_has_open_hold",
                                  "201 wait",
                                  "409 booking.slots_free",
                                  "payment success",
                                  "payment fail",
                                  "payment late",
                                  "crash",
                                  "key replayed",
                                  "cancelled",
                                  "moved",
                                  "staff booked",
                                  "leave",
                                  "ledger offered",
                                  "ledger lapsed",
                                  "ledger left",
                                  "ledger booked",
                                  "ledger unserved",
                                  "ledger expired",
                                  "skipped",
                                  "ledger direct",
                                  "ledger late",
                                  "refunded"};

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t first = option(argc, argv, "--seed", 1), seeds = option(argc, argv, "--seeds", 1);
  const int steps = static_cast<int>(option(argc, argv, "--steps", 400));
  fairward::sim::Coverage coverage;
  for (std::int64_t seed = first; seed < first + seeds; ++seed) {
    fairward::sim::World world(static_cast<std::uint64_t>(seed), steps);
    try {
      world.run();
    } catch (const std::exception& violation) {
      fmt::print(stderr, "seed {}: {}\nreplay: make sim SEED={}\n", seed, violation.what(), seed);
      return 1;
    }
    for (const auto& [what, count] : world.coverage()) coverage[what] += count;
    if (seeds == 1) fmt::print("seed {} ended as {}\n", seed, world.fingerprint());
  }
  for (const auto& [what, count] : coverage) fmt::print("{:7}  {}\n", count, what);
  int missing = 0;
  for (const char* what : wanted)
    if (seeds >= 20 && !coverage.contains(what)) missing += (fmt::print(stderr, "never reached: {}\n", what), 1);
  fmt::print("{} worlds of {} steps, no violation\n", seeds, steps);
  return missing == 0 ? 0 : 1;
}
