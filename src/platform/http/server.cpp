// Puts workers, listener and threads together.
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "platform/http/http.h"
#include "platform/http/listener.h"
#include "platform/http/worker.h"

namespace fairward::http {

namespace {

class ThreadedServer final : public Server {
 public:
  ThreadedServer(const ServerOptions& options, Handler handler);
  ~ThreadedServer() override { stop(0); }

  std::uint16_t port() const override { return port_; }
  void stop(int grace_seconds) override;
  ServerStats stats() const override;

 private:
  void wait_for_connections(int seconds) const;

  const std::shared_ptr<Service> service_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::shared_ptr<Listener> listener_;
  std::vector<std::thread> threads_;
  std::mutex stop_mutex_;
  bool is_stopped_ = false;
  std::uint16_t port_ = 0;
};

ThreadedServer::ThreadedServer(const ServerOptions& options, Handler handler) : service_(std::make_shared<Service>()) {
  service_->options = options;
  service_->handler = std::move(handler);
  for (unsigned i = 0; i < std::max(1U, options.threads); ++i) workers_.push_back(std::make_shared<Worker>(service_));
  listener_ = std::make_shared<Listener>(options, workers_);
  port_ = listener_->port();
  workers_.front()->post([listener = listener_] { listener->start(); });
  for (const auto& worker : workers_) threads_.emplace_back([worker] { worker->run(); });
}

void ThreadedServer::stop(int grace_seconds) {
  const std::lock_guard lock(stop_mutex_);
  if (std::exchange(is_stopped_, true)) return;
  service_->is_stopping = true;
  workers_.front()->post([listener = listener_] { listener->close(); });
  for (const auto& worker : workers_) worker->post([worker] { worker->stop_gently(); });
  wait_for_connections(grace_seconds);
  for (const auto& worker : workers_) worker->post([worker] { worker->stop_at_once(); });
  for (auto& thread : threads_) thread.join();
  listener_.reset();
  // The handler may own what owns this server, or responders that own the service: the circle ends here.
  service_->handler = nullptr;
}

void ThreadedServer::wait_for_connections(int seconds) const {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + std::chrono::seconds(seconds);
  while (service_->open_connections > 0 && Clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

ServerStats ThreadedServer::stats() const {
  ServerStats stats{};
  stats.connections = service_->open_connections;
  for (const auto& worker : workers_) {
    stats.requests += worker->counts.requests.load(std::memory_order_relaxed);
    stats.refused += worker->counts.refused.load(std::memory_order_relaxed);
    stats.timed_out += worker->counts.timed_out.load(std::memory_order_relaxed);
  }
  return stats;
}

}  // namespace

std::unique_ptr<Server> serve(const ServerOptions& options, Handler handler) {
  return std::make_unique<ThreadedServer>(options, std::move(handler));
}

}  // namespace fairward::http
