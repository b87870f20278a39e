// From a request to its reply: route, limits, caller, rights, input, operation, problem. The only code that knows the
// whole way; each step is a function of its own. Domain code never sees HTTP.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "platform/api/authenticator.h"
#include "platform/api/event_streams.h"
#include "platform/api/hub.h"
#include "platform/api/limiter.h"
#include "platform/api/refusal.h"
#include "platform/api/routes.h"
#include "platform/metrics/metrics.h"
#include "platform/sql/engine.h"

namespace fairward::api {

struct DispatcherOptions {
  std::size_t prepare_threads = 2;       // 0: prepare steps run on the thread that brings the request (simulation)
  std::size_t prepare_queue_max = 4096;  // above: 503; a thousand people may register at once
  std::size_t parked_max = 20'000;       // long polls that wait; above: 503
  std::size_t limiter_entries = 65'536;  // addresses and users remembered, 16 bytes each
  std::size_t memo_bytes_max = 32 * 1024 * 1024;    // of compressed replies that are kept
  RateLimits per_address{{30'000}, {120}, {6000}};  // to a minute; a hospital may sit behind one address
  RateLimits per_user{{3000}, {60}, {600}};
  Duration idempotency_ttl = hours(24);
  EventStreamOptions streams;
  std::set<std::string, std::less<>> modules;  // that this node serves; empty: all. Other calls are answered 421
  // Does this node serve calls that name the doctor or the hospital (0: neither)? Empty: it does. Any thread.
  std::function<bool(DoctorId, HospitalId)> cell;
  // Is told of every call that was refused for what it may not do. Any thread; must not block. May be empty.
  std::function<void(const Refusal&)> refused;
};

class Dispatcher {
 public:
  // The routes are complete from now on. Throws std::logic_error that names every fault of their declarations.
  // Whoever composes the program connects engine.on_events with hub.publish.
  Dispatcher(const Routes& routes, sql::Engine& engine, const Clock& clock, Entropy& entropy,
             Authenticator& authenticator, Hub& hub, metrics::Metrics& metrics, const DispatcherOptions& options);
  ~Dispatcher();

  // Answers every request, now or later, on any thread. Never throws.
  void handle(http::Request&& request, http::Responder responder);

  // Topics "<prefix>/<id>" of GET /api/events. An empty right: anyone may listen. Before the first request only.
  void topic(std::string prefix, TopicRight right = {});

  // Once a second: long polls past their end, heartbeats, old idempotency keys. Does not block.
  void tick(Instant now);
  // Before the HTTP server stops: long polls are answered with what there is, event streams are closed.
  void drain();
  // Ends the prepare steps; after the HTTP server and before the engine have stopped. Destroy this object after the
  // engine has stopped and before the hub; nobody may tick the hub in between.
  void stop();

 private:
  class Work;
  std::unique_ptr<Work> work_;
};

// The built-in routes that the dispatcher serves itself, for the API document and the matrix.
const RouteData& event_stream_route();

}  // namespace fairward::api
