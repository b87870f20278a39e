// The listening socket: hands each new client to the worker that has the fewest.
// One socket, not one per thread with SO_REUSEPORT: a second server on the port is then an error, and long-lived
// connections are spread evenly.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "platform/http/reactor.h"
#include "platform/http/worker.h"

namespace fairward::http {

class Listener final : public Watched, public std::enable_shared_from_this<Listener> {
 public:
  // Binds and listens. Throws std::system_error. The first worker's thread does the accepting.
  Listener(const ServerOptions& options, std::vector<std::shared_ptr<Worker>> workers);

  std::uint16_t port() const { return port_; }
  // On the first worker's thread:
  void start();
  void close();
  void on_readable() override;
  void on_writable() override {}

 private:
  void accept_some();
  void hand_over(int descriptor, std::string peer);

  const std::vector<std::shared_ptr<Worker>> workers_;
  Watch watch_;
  std::uint16_t port_ = 0;
  bool is_paused_ = false;  // no descriptors left: asks again a second later, instead of spinning
  bool is_closed_ = false;
};

}  // namespace fairward::http
