// Names the real clock, entropy and sockets; everything else is given them.
#include "app/cli.h"
#include "base/plant.h"

static_assert(fairward::plant == fairward::Plant::none);  // bugs on purpose are for tests/sim alone

int main(int argc, char** argv) {
  const auto clock = fairward::make_system_clock();
  const auto entropy = fairward::make_system_entropy();
  const auto client = fairward::http::make_client();
  const fairward::app::World world{*clock, *entropy, fairward::http::serve, *client, fairward::app::embedded_assets()};
  return fairward::app::run(argc, argv, world);
}
