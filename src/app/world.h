// What the program is given by main: the real clock, entropy and sockets, and the UI inside it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "app/assets.h"
#include "platform/clock/clock.h"
#include "platform/http/http.h"

namespace fairward::app {

struct World {
  const Clock& clock;
  Entropy& entropy;
  std::function<std::unique_ptr<http::Server>(const http::ServerOptions&, http::Handler)> serve;
  http::Client& client;
  std::vector<Asset> assets;
};

}  // namespace fairward::app
