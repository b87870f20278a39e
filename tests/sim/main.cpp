// Runs simulated worlds: see README.md. Exit 1 with the seed of the first violation, its short history and the command
// that replays it; with --find exit 1 when there is none.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "world.h"

namespace fairward::sim {
namespace {

// What a budget of seeds has to reach at least once; else the world is too tame to prove anything.
constexpr const char* wanted[] = {
    // replies
    "201 hold", "201 wait", "201 appointment", "201 staff booking", "202 payment success", "202 payment fail",
    "202 payment late", "204 release", "204 leave", "200 cancel", "200 move", "200 staff: cancelled",
    "200 staff: arrived", "200 staff: noshow", "200 staff: fulfilled", "201 leave of a doctor", "201 extra session",
    "204 exception taken back", "200 hours changed", "409 booking.slot_taken", "409 booking.all_held",
    "409 booking.queue_first", "409 booking.patient_has_open_hold", "409 booking.slots_free", "409 booking.slot_full",
    "409 booking.no_slots_in_range", "409 booking.hold_ended", "409 booking.wait_ended",
    "409 booking.appointment_status", "409 booking.appointment_too_late", "409 booking.appointment_too_early",
    "422 booking.slot_not_bookable", "412 booking.schedule_conflict", "422 idempotency_key_reused",
    "503 server.unavailable", "refused from memory", "seen booked",
    // the queue
    "ledger joined", "ledger offered", "ledger booked", "ledger lapsed", "ledger left", "ledger expired",
    "ledger unserved", "ledger direct", "ledger late", "offer paid", "offer lapsed", "offer declined",
    "offer of several slots", "offer past an older wait it does not fit",
    // money
    "late payment booked", "late payment returned", "payment of a given-back hold returned", "payment failed",
    "refunded", "a request to the gateway was lost", "a reply of the gateway was lost", "webhook heard",
    "webhook delayed",
    // faults
    "commit refused, disk full", "commit unanswered, not stored", "commit unanswered, stored", "conflict, run again",
    "connection lost, run again", "several calls in one commit", "crash inside a batch", "crash before commit",
    "crash after commit", "crash between replies", "crash between two steps", "crash while the gateway is asked",
    // people and time
    "request unanswered", "request sent again", "key replayed", "sent twice at once", "stalled", "clock jumps ahead",
    "clock set back", "long poll told", "long poll ended",
    // nodes
    "node frozen", "node stays away", "node stopped in good order", "others went on while a node started",
    "sent to a node that is not there", "key replayed by another node", "lease taken over from a node that is gone",
    "lease taken over from a frozen node", "lease taken over from a node that runs",
    "stale lease refused by the database", "clock of a node set", "clock of the database set ahead",
    "clock of the database set back",
    // what nodes hear of each other
    "foreign events heard at a notice", "foreign events found without a notice", "notice lost",
    "commit under way while others were told", "foreign event told after an own one that followed it",
    "follower cut off", "follower away for too long, memory loaded anew", "database changed hands, memory loaded anew",
    "offer of one node told at another", "logout heard at another node"};
constexpr std::int64_t wanted_from_seeds = 20;  // fewer cannot reach everything

struct Ended {
  std::string violation;  // "" without
  std::uint64_t trace = 0;
  std::deque<std::string> last_lines;
  Coverage coverage;
};

Ended run(const WorldOptions& options) {
  Ended ended;
  World world(options);
  try {
    world.run();
  } catch (const std::exception& violation) { ended.violation = violation.what(); }
  ended.trace = world.trace().hash();
  ended.last_lines = world.trace().last_lines();
  ended.coverage = world.coverage();
  return ended;
}

struct Arguments {
  std::int64_t first = 1, seeds = 1, jobs = 1, repeats = 0;
  int steps = 250;
  std::set<int> left_out, only;
  bool is_loud = false, is_find = false;
};

std::set<int> numbers(std::string_view text) {
  std::set<int> found;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    int number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number);
    found.insert(number);
  }
  return found;
}

Arguments parse(int argc, char** argv) {
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    if (name == "--verbose") a.is_loud = true;
    else if (name == "--find") a.is_find = true;
    else if (name == "--seed") a.first = number, ++i;
    else if (name == "--seeds") a.seeds = number, ++i;
    else if (name == "--steps") a.steps = static_cast<int>(number), ++i;
    else if (name == "--jobs") a.jobs = number, ++i;
    else if (name == "--repeat") a.repeats = number, ++i;
    else if (name == "--only") a.only = numbers(value), ++i;
  }
  return a;
}

WorldOptions world_of(const Arguments& arguments, std::int64_t seed) {
  WorldOptions options;
  options.seed = static_cast<std::uint64_t>(seed);
  options.steps = arguments.steps;
  for (int step = 1; step <= arguments.steps; ++step)
    if (!arguments.only.empty() && !arguments.only.contains(step)) options.left_out.insert(step);
  options.is_loud = arguments.is_loud;
  return options;
}

std::vector<int> steps_of(const WorldOptions& options) {
  std::vector<int> steps;
  for (int step = 1; step <= options.steps; ++step)
    if (!options.left_out.contains(step)) steps.push_back(step);
  return steps;
}

// What kind of violation it is: its first words.
std::string kind_of(const std::string& violation) {
  std::string kind = violation.substr(0, 40);
  std::erase_if(kind, [](char c) { return c >= '0' && c <= '9'; });
  return kind.substr(0, 20);
}

// Leaves out steps, half of them at once, then a quarter …, as long as the same kind of thing is violated.
WorldOptions shrunk(WorldOptions options, const std::string& kind) {
  int worlds_left = 150;
  for (std::size_t chunk = steps_of(options).size() / 2; chunk > 0; chunk /= 2) {
    const std::vector<int> steps = steps_of(options);
    for (std::size_t from = 0; from < steps.size() && worlds_left > 0; from += chunk, --worlds_left) {
      WorldOptions fewer = options;
      for (std::size_t i = from; i < std::min(steps.size(), from + chunk); ++i) fewer.left_out.insert(steps[i]);
      if (kind_of(run(fewer).violation) == kind) options = fewer;
    }
  }
  return options;
}

void report(WorldOptions options, const Ended& ended) {
  const WorldOptions shorter = shrunk(options, kind_of(ended.violation));
  const Ended again = run(shorter);
  const bool is_shorter = !again.violation.empty();
  for (const std::string& line : (is_shorter ? again : ended).last_lines) fmt::print("  {}\n", line);
  fmt::print("seed {}: {}\n", options.seed, ended.violation);
  fmt::print("replay: make sim SEED={}\n", options.seed);
  if (!is_shorter) return;
  fmt::print("shorter: fairward_sim --seed {} --steps {} --only {}\n  {}\n", options.seed, options.steps,
             fmt::join(steps_of(shorter), ","), again.violation);
}

// The worlds of a budget, spread over threads; each is a thing of its own.
class Budget {
 public:
  explicit Budget(const Arguments& arguments) : arguments_(arguments), next_(arguments.first) {}

  void run_all() {
    std::vector<std::thread> threads;
    for (std::int64_t i = 1; i < arguments_.jobs; ++i) threads.emplace_back([this] { work(); });
    work();
    for (auto& thread : threads) thread.join();
  }

  Coverage coverage;
  std::map<std::int64_t, Ended> violations;  // by seed
  std::vector<std::int64_t> unrepeatable;
  std::uint64_t first_trace = 0;

 private:
  void work() {
    const std::int64_t end = arguments_.first + arguments_.seeds;
    for (std::int64_t seed; (seed = next_++) < end && (arguments_.is_find || !is_over_);) {
      Ended ended = run(world_of(arguments_, seed));
      const bool is_repeated = seed < arguments_.first + arguments_.repeats;
      const bool is_same = !is_repeated || run(world_of(arguments_, seed)).trace == ended.trace;
      const std::lock_guard lock(mutex_);
      if (seed == arguments_.first) first_trace = ended.trace;
      for (const auto& [what, count] : ended.coverage) coverage[what] += count;
      if (!is_same) unrepeatable.push_back(seed);
      if (ended.violation.empty()) continue;
      is_over_ = true;
      violations.emplace(seed, std::move(ended));
    }
  }

  const Arguments& arguments_;
  std::atomic<std::int64_t> next_;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;
};

// For a program with a bug put in on purpose: which worlds find it?
int find(const Arguments& arguments, const Budget& budget) {
  if (budget.violations.empty()) {
    fmt::print("not found in {} worlds\n", arguments.seeds);
    return 1;
  }
  std::vector<std::int64_t> seeds;
  for (const auto& [seed, ended] : budget.violations) seeds.push_back(seed);
  const auto& [seed, ended] = *budget.violations.begin();
  fmt::print("found by {} of {} worlds, seeds {}\n", seeds.size(), arguments.seeds, fmt::join(seeds, " "));
  fmt::print("  seed {}: {}\n", seed, ended.violation);
  return 0;
}

int prove(const Arguments& arguments, const Budget& budget) {
  for (const auto& [what, count] : budget.coverage) fmt::print("{:8}  {}\n", count, what);
  int missing = 0;
  for (const char* what : wanted) {
    if (arguments.seeds < wanted_from_seeds || budget.coverage.contains(what)) continue;
    fmt::print("never reached: {}\n", what);
    ++missing;
  }
  for (const std::int64_t seed : budget.unrepeatable) fmt::print("seed {} ended differently the second time\n", seed);
  if (!budget.violations.empty()) {
    const auto& [seed, ended] = *budget.violations.begin();
    report(world_of(arguments, seed), ended);
    return 1;
  }
  if (arguments.seeds == 1) fmt::print("seed {} ended as {:016x}\n", arguments.first, budget.first_trace);
  fmt::print("{} worlds of {} steps, no violation; {} of {} states reached; {} run twice to the same end\n",
             arguments.seeds, arguments.steps, std::size(wanted) - static_cast<std::size_t>(missing), std::size(wanted),
             std::min(arguments.repeats, arguments.seeds));
  return missing == 0 && budget.unrepeatable.empty() ? 0 : 1;
}

int run_all(const Arguments& arguments) {
  Budget budget(arguments);
  budget.run_all();
  return arguments.is_find ? find(arguments, budget) : prove(arguments, budget);
}

}  // namespace
}  // namespace fairward::sim

int main(int argc, char** argv) { return fairward::sim::run_all(fairward::sim::parse(argc, argv)); }
