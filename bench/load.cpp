// The load generator: one scenario a run, its result as one line of JSON on stdout. bench/run.py starts it.
//
//   fairward_load register --port 8080 --count 1000 > tokens
//   fairward_load holds    --port 8080 --connections 64 --seconds 4 --tokens tokens
//   fairward_load open-holds --rate 1000 --connections 1000 … | open-searches --rate 1000
//   fairward_load refusals | flow --count 1000 | hand-over --count 300 | park --connections 2000
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <exception>
#include <fstream>

#include "scenarios.h"

namespace {

using fairward::bench::Options;

struct Arguments {
  std::string scenario;
  int count = 0;
  double rate = 0;  // requests a second, of the open loops
  Options options;
};

void tokens_read(const char* path, Options& options) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (!line.empty()) options.tokens.push_back(line);
}

Arguments arguments_of(int count, char** values) {
  Arguments arguments;
  if (count > 1) arguments.scenario = values[1];
  for (int i = 2; i + 1 < count; i += 2) {
    const std::string name = values[i];
    const double number = std::strtod(values[i + 1], nullptr);
    if (name == "--port") arguments.options.port = static_cast<std::uint16_t>(number);
    if (name == "--connections") arguments.options.connections = static_cast<int>(number);
    if (name == "--seconds") arguments.options.seconds = number;
    if (name == "--rate") arguments.rate = number;
    if (name == "--count") arguments.count = static_cast<int>(number);
    if (name == "--tokens") tokens_read(values[i + 1], arguments.options);
  }
  return arguments;
}

std::string run(const Arguments& arguments) {
  const Options& options = arguments.options;
  if (arguments.scenario == "register") return fairward::bench::patients_register(options, arguments.count);
  if (arguments.scenario == "holds") return fairward::bench::holds_take(options);
  if (arguments.scenario == "open-holds") return fairward::bench::holds_open(options, arguments.rate);
  if (arguments.scenario == "open-searches") return fairward::bench::searches_open(options, arguments.rate);
  if (arguments.scenario == "refusals") return fairward::bench::holds_refuse(options);
  if (arguments.scenario == "flow") return fairward::bench::people_flow(options, arguments.count);
  if (arguments.scenario == "hand-over") return fairward::bench::slot_hand_over(options, arguments.count);
  if (arguments.scenario == "park") return fairward::bench::clients_park(options);
  throw std::runtime_error("unknown scenario; see the head of bench/load.cpp");
}

void descriptors_raise() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** values) {
  try {
    descriptors_raise();
    fmt::print("{}\n", run(arguments_of(count, values)));
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "fairward_load: {}\n", error.what());
    return 1;
  }
}
