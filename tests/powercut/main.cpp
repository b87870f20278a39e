// fairward_powercut [--seed N] [--cuts C] [--control]: cuts the power C times, in worlds of 50 cuts with seeds from N.
// Exit 1 with the seed at the first violation. With --control the engine runs with synchronous=NORMAL, and the run
// fails unless acknowledged writes were lost: else this program could not see a loss.
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>

#include "vfs.h"
#include "world.h"

namespace fairward::powercut {
namespace {

constexpr int cuts_of_a_world = 50;

std::int64_t option(int argc, char** argv, const char* name, std::int64_t preset) {
  for (int i = 1; i + 1 < argc; ++i)
    if (std::strcmp(argv[i], name) == 0) return std::atoll(argv[i + 1]);
  return preset;
}

bool has_flag(int argc, char** argv, const char* name) {
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], name) == 0) return true;
  return false;
}

void print(const Tally& tally, const Disk& disk) {
  fmt::print("{} cuts: {} in work, {} at shutdown, {} after it\n", tally.cuts, tally.in_work, tally.at_shutdown,
             tally.after_shutdown);
  fmt::print("{} writes acknowledged ({} released, {} payments asked, {} waits), {} unanswered, {} of these replayed\n",
             tally.acknowledged, tally.releases, tally.payments, tally.waits, tally.unanswered, tally.replayed);
  fmt::print("{} calls in {} commits; {} pieces lost and {} torn on the disk; {} full integrity checks\n", tally.calls,
             tally.batches, disk.pieces_lost(), disk.pieces_torn(), tally.integrity_checks);
}

int run(int argc, char** argv) {
  const std::int64_t first = option(argc, argv, "--seed", 1), cuts = option(argc, argv, "--cuts", 1000);
  const bool is_control = has_flag(argc, argv, "--control");
  const auto sync = is_control ? sql::SqliteSync::normal : sql::SqliteSync::full;
  static Disk disk(0);
  vfs_install(disk);
  const Start start = World::prepare(disk);
  Tally total;
  for (std::int64_t seed = first; total.cuts < cuts; ++seed) {
    try {
      total.add(World(disk, start, static_cast<std::uint64_t>(seed), sync).run(cuts_of_a_world));
    } catch (const std::exception& violation) {
      fmt::print(stderr, "seed {}: {}\nreplay: fairward_powercut --seed {} --cuts {}{}\n", seed, violation.what(), seed,
                 cuts_of_a_world, is_control ? " --control" : "");
      return 1;
    }
  }
  print(total, disk);
  fmt::print("{} acknowledged writes lost{}\n", total.lost,
             total.lost > 0 ? fmt::format(", first with seed {}", total.seed_of_first_loss) : "");
  return is_control == (total.lost > 0) ? 0 : 1;
}

}  // namespace
}  // namespace fairward::powercut

int main(int argc, char** argv) { return fairward::powercut::run(argc, argv); }
