// The sandbox gateway behind a port: requests on the server's threads, webhooks from a thread of its own. One lock
// around the whole behaviour; never held while a webhook is on its way.
#include <signal.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "modules/billing/sandbox_gateway.h"
#include "platform/log/log.h"

namespace fairward::billing {
namespace {

constexpr int delivery_timeout_ms = 3'000;
constexpr Duration look_again = seconds(1);
constexpr std::size_t at_once_max = 32;  // webhooks

SandboxRules rules_of(const SandboxGatewayOptions& options) {
  SandboxRules rules;
  rules.secret = options.secret;
  rules.webhook_delay = milliseconds(options.webhook_delay_ms);
  rules.late_after = milliseconds(options.late_after_ms);
  rules.duplicate_probability = options.duplicate_probability;
  rules.loss_probability = options.loss_probability;
  return rules;
}

void check(const SandboxGatewayOptions& options) {
  const auto is_probability = [](double p) { return p >= 0 && p <= 1; };
  if (options.webhook_delay_ms < 0 || options.late_after_ms < 0 || !is_probability(options.duplicate_probability) ||
      !is_probability(options.loss_probability))
    throw std::invalid_argument("the sandbox gateway takes delays from 0 ms and probabilities from 0 to 1");
}

}  // namespace

// The main of a second program: it names the real clock, entropy and sockets.
struct SandboxGatewayServer::Parts {
  explicit Parts(const SandboxGatewayOptions& options)
      : entropy(options.seed == 0 ? make_system_entropy() : make_seeded_entropy(options.seed)),
        gateway(rules_of(options), *clock, *entropy) {
    http::ServerOptions server_options;
    server_options.address = options.address;
    server_options.port = options.port;
    server_options.threads = 1;
    server = http::serve(server_options, [this](http::Request&& request, http::Responder respond) {
      answer(request, std::move(respond));
    });
    deliverer = std::thread([this] { deliver(); });
  }

  ~Parts() {
    server->stop(1);
    {
      const std::lock_guard lock(mutex);
      is_stopping = true;
    }
    changed.notify_all();
    deliverer.join();
  }

  void answer(const http::Request& request, http::Responder respond) {
    http::Response response;
    {
      const std::lock_guard lock(mutex);
      response = gateway.handle(request);
    }
    changed.notify_all();
    respond(std::move(response));
  }

  void deliver() {
    std::unique_lock lock(mutex);
    while (!is_stopping) {
      const std::vector<SandboxDelivery> due = gateway.take_due();
      const std::span all(due);
      for (std::size_t i = 0; i < due.size(); i += at_once_max)
        deliver_some(lock, all.subspan(i, std::min(at_once_max, due.size() - i)));
      if (due.empty()) changed.wait_for(lock, time_to_next());
    }
  }

  void deliver_some(std::unique_lock<std::mutex>& lock, std::span<const SandboxDelivery> deliveries) {
    lock.unlock();
    std::vector<http::OutgoingRequest> requests;
    for (const SandboxDelivery& delivery : deliveries) {
      requests.push_back(delivery.request);
      requests.back().timeout_ms = delivery_timeout_ms;
    }
    const auto results = client->call_many(requests);
    lock.lock();
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
      const auto& [response, why] = results[i];
      const bool is_accepted = response && response->status >= 200 && response->status < 300;
      if (!is_accepted)
        log::warning("sandbox gateway: a webhook was not accepted",
                     {{"status", static_cast<long long>(response ? response->status : 0)}, {"error", why}});
      gateway.delivered(deliveries[i], is_accepted);
    }
  }

  std::chrono::milliseconds time_to_next() const {
    const Instant latest = clock->now() + look_again;
    const Duration wait = std::min(gateway.next_due(), latest) - clock->now();
    return std::chrono::milliseconds(std::max<std::int64_t>(wait.ms, 1));
  }

  const std::unique_ptr<Clock> clock = make_system_clock();
  const std::unique_ptr<Entropy> entropy;
  const std::unique_ptr<http::Client> client = http::make_client();
  std::mutex mutex;
  std::condition_variable changed;
  bool is_stopping = false;
  SandboxGateway gateway;
  std::unique_ptr<http::Server> server;
  std::thread deliverer;
};

SandboxGatewayServer::SandboxGatewayServer(const SandboxGatewayOptions& options) {
  check(options);
  parts_ = std::make_unique<Parts>(options);
}

SandboxGatewayServer::~SandboxGatewayServer() = default;

std::uint16_t SandboxGatewayServer::port() const { return parts_->server->port(); }

int run_sandbox_gateway(const SandboxGatewayOptions& options) {
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGINT);
  sigaddset(&stop_signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);  // before any thread, so that all inherit it
  try {
    const SandboxGatewayServer server(options);
    if (options.print)
      options.print("sandbox payment gateway on http://" + options.address + ":" + std::to_string(server.port()));
    int signal_number = 0;
    sigwait(&stop_signals, &signal_number);
    return 0;
  } catch (const std::invalid_argument& error) {
    if (options.print) options.print(error.what());
    return 3;
  } catch (const std::system_error& error) {
    if (options.print) options.print(error.what());
    return 4;
  }
}

}  // namespace fairward::billing
