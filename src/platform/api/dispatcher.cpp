// From a request to its reply: see dispatcher.h.
#include "platform/api/dispatcher.h"

#include <limits>
#include <stdexcept>
#include <unordered_map>

#include "base/text.h"
#include "platform/api/audit_entry.h"
#include "platform/api/compress.h"
#include "platform/api/exchange.h"
#include "platform/api/idempotency.h"
#include "platform/api/openapi.h"
#include "platform/api/prepare_pool.h"
#include "platform/api/problem_metrics.h"
#include "platform/api/problems.h"
#include "platform/api/refusal.h"
#include "platform/api/request_metrics.h"
#include "platform/api/response.h"
#include "platform/api/rights.h"
#include "platform/api/router.h"
#include "platform/api/trace_source.h"
#include "platform/crypto/crypto.h"
#include "platform/log/log.h"

namespace fairward::api {
namespace {

constexpr std::int64_t wait_seconds_max = 60;
constexpr std::size_t request_id_bytes = 9;
constexpr std::size_t request_id_length_max = 64;
constexpr Duration prune_period = hours(1);
constexpr int status_server_fault = 500;  // from here on

// The event stream is answered by the dispatcher, not by an operation; its declaration is like any other.
std::unique_ptr<Routes> event_stream_routes() {
  auto routes = std::make_unique<Routes>();
  routes->module("events");
  routes
      ->add(http::Method::get, "/api/events", "event_stream",
            [](Call&, const EventStreamQuery&) -> Result<Serialized<Empty>> { return {}; })
      .summary("Tells that a topic changed, as server-sent events")
      .describe(
          "Topics are separated by commas: doctor/9 (its slots; public), hold/5, appointment/3, wait/17, "
          "notification/8 (the "
          "caller's own). "
          "Each event has the data {topic, kind, payload, at}; a client reads again what it shows. "
          "Last-Event-ID brings what was missed.")
      .allow_anyone()
      .problems({&topic_not_found, &streams_exceeded});
  return routes;
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= request_id_length_max &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string_view::npos;
}

// Two headers say two things: then none counts.
std::string_view traceparent_of(const http::Request& request) {
  std::string_view found;
  for (const auto& [name, value] : request.headers) {
    if (name != "traceparent") continue;
    if (!found.empty()) return {};
    found = value;
  }
  return found;
}

bool is_json(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!ascii_equal_ignoring_case(type, "application/json")) return false;
  const std::string parameters = ascii_lower(content_type.substr(std::min(content_type.size(), type.size())));
  return parameters.find("charset") == std::string::npos || parameters.find("utf-8") != std::string::npos;
}

Result<void> content_check(const http::Request& request, const RouteData& route) {
  if (request.body.empty() || route.is_raw_body) return {};
  if (!route.has_body()) return fail(request_malformed, {{"", "this method takes no body"}});
  if (!is_json(request.header("content-type"))) return fail(media_unsupported);
  return {};
}

// If-Match: "7" is a version; anything else cannot be the current one.
Result<void> if_match_read(Exchange& exchange) {
  if (!exchange.route->is_if_match) return {};
  std::string_view tag = trimmed(exchange.request.header("if-match"));
  if (tag.empty()) return fail(if_match_required);
  if (tag.size() < 3 || tag.size() > 20 || tag.front() != '"' || tag.back() != '"') return fail(precondition_failed);
  tag = tag.substr(1, tag.size() - 2);
  if (tag.find_first_not_of("0123456789") != std::string_view::npos) return fail(precondition_failed);
  exchange.call.if_match = std::stoll(std::string(tag));
  return {};
}

// Takes ?wait=S off the query of a long poll; the seconds, or the error to report with the others.
std::optional<FieldError> wait_take(Exchange& exchange) {
  auto& query = exchange.parts.query;
  const auto wait = std::find_if(query.begin(), query.end(), [](const auto& p) { return p.first == "wait"; });
  if (!exchange.route->is_long_poll || wait == query.end()) return std::nullopt;
  const std::string text = wait->second;
  query.erase(wait);
  const bool is_number = !text.empty() && text.size() <= 2 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || std::stoll(text) > wait_seconds_max)
    return FieldError{"?wait", "must be a whole number from 0 to " + std::to_string(wait_seconds_max)};
  exchange.wait_until = exchange.call.now + seconds(std::stoll(text));
  exchange.is_waiting = exchange.wait_until > exchange.call.now && !exchange.request.header("if-none-match").empty();
  return std::nullopt;
}

// Everything that an operation is told by its In, or every error of it.
Result<void> input_read(Exchange& exchange) {
  const RouteData& route = *exchange.route;
  FAIRWARD_TRY(content_check(exchange.request, route));
  FAIRWARD_TRY_AS(query, decode_query(query_of(exchange.request.target)));
  exchange.parts.query = std::move(query);
  if (route.has_body() && !route.is_raw_body) exchange.parts.body = std::string_view(exchange.request.body);
  auto wait_error = wait_take(exchange);
  exchange.input = route.handler->input();
  Result<void> decoded = decode(exchange.parts, *route.input, exchange.input.get());
  if (wait_error && (decoded || decoded.error().problem == &request_invalid)) {
    Failure failure = decoded ? Failure{&request_invalid, {}, {}, {}, 0} : std::move(decoded).error();
    failure.errors.insert(failure.errors.begin(), std::move(*wait_error));
    return fail(std::move(failure));
  }
  return decoded;
}

// The member of that name, where it is an id; 0 where there is none.
std::int64_t id_member(const Type& type, const void* object, std::string_view name) {
  if (type.kind != Type::Kind::structure) return 0;
  const TypeMember* member = type.member(name);
  if (!member) return 0;
  const void* value = static_cast<const char*>(object) + member->offset;
  const Type* of = member->type;
  if (of->kind == Type::Kind::optional) {
    value = of->optional_value(value);
    of = of->item;
  }
  return value && of->kind == Type::Kind::id ? *static_cast<const std::int64_t*>(value) : 0;
}

// Whom the call names: "/api/doctors/9/…" in its path, or doctor_id and hospital_id among its members.
template <class Id>
Id named(const Exchange& exchange, std::string_view collection, std::string_view member) {
  const bool is_in_path = exchange.route->paths.front().starts_with(collection);
  return {id_member(*exchange.route->input, exchange.input.get(), is_in_path ? "id" : member)};
}

Result<void> cell_check(const Exchange& exchange, const DispatcherOptions& options) {
  if (!options.cell) return {};
  const auto doctor = named<DoctorId>(exchange, "/api/doctors/{id}", "doctor_id");
  const auto hospital = named<HospitalId>(exchange, "/api/hospitals/{id}", "hospital_id");
  return options.cell(doctor, hospital) ? Result<void>() : fail(served_elsewhere);
}

Result<void> idempotency_read(Exchange& exchange) {
  if (!exchange.route->is_idempotent_write()) return {};
  const auto& headers = exchange.request.headers;
  const auto key =
      std::find_if(headers.begin(), headers.end(), [](const auto& h) { return h.first == "idempotency-key"; });
  if (key == headers.end()) return {};
  if (!idempotency_key_is_good(key->second)) return fail(idempotency_key_malformed);
  idempotency_note(exchange, key->second);
  return {};
}

void key_headers(Exchange& exchange) {
  const KeyUse& key = exchange.call.caller.key;
  const auto policy = [](std::string_view name, const KeyBudget& of, int window) {
    return "\"" + std::string(name) + "\";q=" + std::to_string(of.quota) + ";w=" + std::to_string(window);
  };
  const auto left = [](std::string_view name, const KeyBudget& of) {
    return "\"" + std::string(name) + "\";r=" + std::to_string(of.left) + ";t=" + std::to_string(of.ends_in_seconds);
  };
  exchange.limit_headers = {
      {"RateLimit-Policy", policy("key-minute", key.minute, 60) + ", " + policy("key-day", key.day, 86400)},
      {"RateLimit", left("key-minute", key.minute) + ", " + left("key-day", key.day)}};
}

// Quota and scopes of an API key. What anyone may read needs no scope: then nobody in particular reads it.
Result<void> key_check(Exchange& exchange) {
  Caller& caller = exchange.call.caller;
  const RouteData& route = *exchange.route;
  key_headers(exchange);
  if (caller.key.wait_seconds > 0) {
    Failure failure{&key_quota_exceeded, {}, {}, {}, 0};
    failure.retry_after_seconds = static_cast<int>(caller.key.wait_seconds);
    return fail(std::move(failure));
  }
  const bool is_reading = route.method == http::Method::get;
  const KeyScope needed = route.key_scope.value_or(is_reading ? KeyScope::read : KeyScope::write);
  if (!route.is_for_people && caller.key.may(needed)) return {};
  if (!is_reading || route.scope(Role::anyone) == Scope::none) return fail(key_scope_missing);
  Caller anyone;
  anyone.key = caller.key;
  caller = std::move(anyone);
  return {};
}

class EngineOutside final : public Outside {
 public:
  explicit EngineOutside(sql::Engine& engine) : engine_(engine) {}
  void read(const std::function<void(Snapshot&)>& work) override {
    engine_.read_now([&work](Snapshot& db) { work(db); });
  }

 private:
  sql::Engine& engine_;
};

const Problem& problem_of(sql::Outcome outcome) {
  switch (outcome) {
    case sql::Outcome::full: return server_busy;
    case sql::Outcome::unavailable: return server_unavailable;
    case sql::Outcome::done:
    case sql::Outcome::undone:
    case sql::Outcome::broken: break;
  }
  return server_fault;
}

bool is_answered(sql::Outcome outcome) { return outcome == sql::Outcome::done || outcome == sql::Outcome::undone; }

}  // namespace

const RouteData& event_stream_route() {
  static const std::unique_ptr<Routes> routes = event_stream_routes();
  return *routes->all().front();
}

class Dispatcher::Work {
 public:
  Work(const Routes& routes, sql::Engine& engine, const Clock& clock, Entropy& entropy, Authenticator& authenticator,
       Hub& hub, metrics::Metrics& metrics, const DispatcherOptions& options);

  void handle(http::Request&& request, http::Responder responder);
  void tick(Instant now);
  void drain();

  EventStreams streams_;
  PreparePool pool_;

 private:
  void identify(Exchange& exchange);
  // The steps, in order; each leads to the next or to an answer.
  void begin(const ExchangePtr& exchange);
  void authenticated(const ExchangePtr& exchange, Result<Caller> caller);
  void prepare(const ExchangePtr& exchange);
  void execute(const ExchangePtr& exchange);
  void ended(const ExchangePtr& exchange, sql::Outcome outcome);
  void disclose(const ExchangePtr& exchange);
  void answer(const ExchangePtr& exchange, http::Response response);
  void fail_with(const ExchangePtr& exchange, Failure failure);

  Result<void> find_route(Exchange& exchange);
  Result<void> admit(Exchange& exchange);
  Result<void> limit(Exchange& exchange, const std::string& key, const RateLimits& limits);
  bool run_write(Exchange& exchange, Txn& txn);
  bool run_once(Exchange& exchange, Txn& txn);
  static void run_handler(Exchange& exchange, Snapshot* db);
  static bool replay(Exchange& exchange, Txn& txn);
  void run_read(Exchange& exchange, Snapshot* db);
  void run_memory(Exchange& exchange);
  void stream(const ExchangePtr& exchange);
  bool waits_on(const ExchangePtr& exchange);
  void observe(const Exchange& exchange, int status);
  static void log_line(const Exchange& exchange, log::Level level, int status, std::int64_t us);
  template <class F>
  void guarded(const ExchangePtr& exchange, F&& step);

  sql::Engine& engine_;
  const Clock& clock_;
  Entropy& entropy_;
  Authenticator& authenticator_;
  Hub& hub_;
  DispatcherOptions options_;
  Router router_;
  Limiter limiter_;
  TraceSource trace_source_;
  RecentKeys recent_keys_;
  ReplyMemo memo_;
  std::unordered_map<const RouteData*, std::unique_ptr<RouteMetrics>> metrics_;  // nullptr: no route
  ProblemMetrics problem_metrics_;
  std::atomic<std::int64_t> pruned_at_ms_{0};
  std::atomic<bool> is_draining_{false};
};

namespace {

const Routes& sound(const Routes& routes) {
  std::string text;
  for (const std::string& fault : routes.faults()) text += "\n  " + fault;
  if (!text.empty()) throw std::logic_error("the route table is wrong:" + text);
  return routes;
}

}  // namespace

Dispatcher::Work::Work(const Routes& routes, sql::Engine& engine, const Clock& clock, Entropy& entropy,
                       Authenticator& authenticator, Hub& hub, metrics::Metrics& metrics,
                       const DispatcherOptions& options)
    : streams_(engine, hub, options.streams),
      pool_(options.prepare_threads, options.prepare_queue_max),
      engine_(engine),
      clock_(clock),
      entropy_(entropy),
      authenticator_(authenticator),
      hub_(hub),
      options_(options),
      router_(sound(routes)),
      limiter_(options.limiter_entries, entropy),
      trace_source_(entropy),
      memo_(options.memo_bytes_max),
      problem_metrics_(metrics, problems_of(routes)) {
  router_.add(event_stream_route());
  for (const auto& route : routes.all()) metrics_[route.get()] = std::make_unique<RouteMetrics>(metrics, route->name);
  metrics_[&event_stream_route()] = std::make_unique<RouteMetrics>(metrics, event_stream_route().name);
  metrics_[nullptr] = std::make_unique<RouteMetrics>(metrics, "none");
  metrics.gauge("fairward_parked_requests", "Long polls that wait",
                [&hub] { return static_cast<double>(hub.parked()); });
}

// A step of an exchange: whatever it throws becomes its reply.
template <class F>
void Dispatcher::Work::guarded(const ExchangePtr& exchange, F&& step) {
  const auto broken = [&](const Problem& problem, const char* what) {
    exchange->is_broken = true;
    if (!exchange->responder)  // it threw while it answered
      log::error("request broken",
                 {{"request_id", std::string_view(exchange->call.request_id)}, {"reason", std::string_view(what)}});
    fail_with(exchange, Failure{&problem, {}, {}, what, 0});
  };
  try {
    step();
  } catch (const sql::Error& error) {
    const bool is_bug = error.kind() == sql::Error::Kind::bug || error.kind() == sql::Error::Kind::constraint;
    broken(is_bug ? server_fault : server_unavailable, error.what());
  } catch (const std::exception& error) { broken(server_fault, error.what()); } catch (...) {
    broken(server_fault, "not a std::exception");
  }
}

void Dispatcher::Work::handle(http::Request&& request, http::Responder responder) {
  const auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->responder = std::move(responder);
  exchange->started_us = clock_.steady_us();
  guarded(exchange, [&] { begin(exchange); });
}

// By which names the log and other programs speak of the request. Its own id is made of the bytes of its span.
void Dispatcher::Work::identify(Exchange& exchange) {
  const TraceSource::Bytes random = trace_source_.take();
  exchange.call.trace = trace_begin(traceparent_of(exchange.request), random);
  const std::string_view sent_id = exchange.request.header("x-request-id");
  const std::string_view own(reinterpret_cast<const char*>(random.data()) + random.size() - request_id_bytes,
                             request_id_bytes);
  exchange.call.request_id = is_request_id(sent_id) ? std::string(sent_id) : crypto::base64url(own);
}

void Dispatcher::Work::begin(const ExchangePtr& exchange) {
  Call& call = exchange->call;
  identify(*exchange);
  call.now = clock_.now();
  call.random = &entropy_;
  call.peer = exchange->request.peer;
  Result<void> found = find_route(*exchange);
  Result<void> within = limit(*exchange, "a" + address_key(call.peer), options_.per_address);
  if (!within) return fail_with(exchange, std::move(within).error());
  if (exchange->request.method == http::Method::options && !exchange->allow.empty())
    return answer(exchange, {.status = 204});
  if (!found) return fail_with(exchange, std::move(found).error());
  authenticator_.authenticate(exchange->request, call.now, [this, exchange](Result<Caller> caller) {
    guarded(exchange, [&] { authenticated(exchange, std::move(caller)); });
  });
}

Result<void> Dispatcher::Work::find_route(Exchange& exchange) {
  Router::Match match = router_.match(exchange.request.method, path_of(exchange.request.target));
  if (match.allow.empty()) return fail(route_not_found);
  if (!match.route) {
    exchange.allow = std::move(match.allow);
    return fail(method_not_allowed);
  }
  if (!options_.modules.empty() && !options_.modules.contains(match.route->tag)) return fail(served_elsewhere);
  exchange.route = match.route;
  exchange.parts.path = std::move(match.parameters);
  return {};
}

// Draws from the bucket of an address or a user.
Result<void> Dispatcher::Work::limit(Exchange& exchange, const std::string& key, const RateLimits& limits) {
  const RateClass rate = exchange.route ? exchange.route->rate : RateClass::normal;
  const RateLimit& limit = limits.of(rate);
  const RateVerdict verdict = limiter_.take(key, rate, limit, exchange.call.now);
  if (verdict.is_allowed) return {};
  const std::string name = rate == RateClass::normal ? "normal" : rate == RateClass::login ? "login" : "write";
  exchange.limit_headers = {{"RateLimit-Policy", "\"" + name + "\";q=" + std::to_string(limit.quota) +
                                                     ";w=" + std::to_string(limit.window.ms / 1000)},
                            {"RateLimit", "\"" + name + "\";r=0;t=" + std::to_string(verdict.wait_seconds)}};
  Failure failure{&rate_exceeded, {}, {}, {}, 0};
  failure.retry_after_seconds = static_cast<int>(verdict.wait_seconds);
  return fail(std::move(failure));
}

// A browser sends the cookie of a session that has ended by itself: whoever has one may still do what anyone may.
void Dispatcher::Work::authenticated(const ExchangePtr& exchange, Result<Caller> caller) {
  const RouteData& route = *exchange->route;
  const bool is_by_cookie = exchange->request.header("authorization").empty();
  const bool is_forgiven =
      route.credentials == Credentials::forgiven || (is_by_cookie && route.scope(Role::anyone) != Scope::none);
  if (!caller && is_forgiven && caller.error().problem->kind == ProblemKind::unauthenticated) caller = Caller{};
  if (!caller) return fail_with(exchange, std::move(caller).error());
  exchange->call.caller = std::move(*caller);
  if (auto admitted = admit(*exchange); !admitted) return fail_with(exchange, std::move(admitted).error());
  if (exchange->route == &event_stream_route()) return stream(exchange);
  prepare(exchange);
}

// Rights, the user's limit, and the input.
Result<void> Dispatcher::Work::admit(Exchange& exchange) {
  Call& call = exchange.call;
  if (call.caller.key.id != 0) FAIRWARD_TRY(key_check(exchange));
  FAIRWARD_TRY_AS(scope, right_of(*exchange.route, call.caller));
  call.scope = scope;
  if (call.caller.user) FAIRWARD_TRY(limit(exchange, "u" + std::to_string(call.caller.user.value), options_.per_user));
  FAIRWARD_TRY(input_read(exchange));
  FAIRWARD_TRY(cell_check(exchange, options_));
  FAIRWARD_TRY(if_match_read(exchange));
  FAIRWARD_TRY(idempotency_read(exchange));
  if (!call.idempotency_key.empty()) exchange.may_be_repeat = recent_keys_.note(exchange);
  if (exchange.route->is_raw_body) call.raw = &exchange.request;
  if (exchange.route->gate) return exchange.route->gate(call, exchange.input.get());
  return {};
}

void Dispatcher::Work::stream(const ExchangePtr& exchange) {
  const auto* query = static_cast<const EventStreamQuery*>(exchange->input.get());
  streams_.open(exchange->call, query->topics, exchange->request.header("last-event-id"),
                [this, exchange](Result<http::Response> opened) {
                  if (!opened) return fail_with(exchange, std::move(opened).error());
                  answer(exchange, std::move(*opened));
                });
}

void Dispatcher::Work::prepare(const ExchangePtr& exchange) {
  if (!exchange->route->preparer) return execute(exchange);
  const auto step = [this, exchange] {
    guarded(exchange, [&] {
      EngineOutside outside(engine_);
      exchange->call.now = clock_.now();
      exchange->call.agent = exchange->request.header("user-agent");
      auto prepared = exchange->route->preparer->run(outside, exchange->call, exchange->input.get());
      if (!prepared) return fail_with(exchange, std::move(prepared).error());
      exchange->prepared = std::move(*prepared);
      execute(exchange);
    });
  };
  const auto refuse = [this, exchange] { fail_with(exchange, Failure{&server_busy, {}, {}, {}, 0}); };
  if (!pool_.submit(address_key(exchange->call.peer), step, refuse)) refuse();
}

// Where everybody's writes wait for one thread, that thread is not to make their replies.
template <class F>
static auto led(const ExchangePtr& exchange, F done) {
  return [exchange, done = std::move(done)](sql::Outcome outcome) {
    if (!exchange->responder) return done(outcome);
    exchange->responder.lead([done, outcome] { done(outcome); });
  };
}

void Dispatcher::Work::execute(const ExchangePtr& exchange) {
  const RouteData& route = *exchange->route;
  const auto done = [this, exchange](sql::Outcome outcome) { guarded(exchange, [&] { ended(exchange, outcome); }); };
  const auto written = led(exchange, done);
  switch (route.access) {
    case Access::write: {
      auto work = [this, exchange](Txn& txn) { return run_write(*exchange, txn); };
      if (!route.order_by) {
        const std::int64_t locks = route.lock_key ? route.lock_key(exchange->input.get()) : exchange->call.lock_key;
        return engine_.write_locking(locks, std::move(work), written);
      }
      const std::int64_t key = route.order_by(exchange->input.get());
      if (!route.person_of) return engine_.write(key, std::move(work), written);
      const std::int64_t person = route.person_of(exchange->input.get());
      return engine_.write_beside({key, {exchange->call.caller.user.value, person}}, std::move(work), written);
    }
    case Access::read: return engine_.read([this, exchange](Snapshot& db) { run_read(*exchange, &db); }, done);
    case Access::memory: run_memory(*exchange); return ended(exchange, sql::Outcome::done);
  }
}

// May run again after a conflict: nothing of the first try may be left.
static void call_renew(Call& call, Instant now) {
  call.now = now;
  call.headers.clear();
  call.etag_version.reset();
  call.watched.clear();
  call.patients.clear();
  call.is_about_nobody = call.is_recorded = false;
  call.hospital = {};
  call.purpose.clear();
}

bool Dispatcher::Work::run_write(Exchange& exchange, Txn& txn) {
  call_renew(exchange.call, clock_.now());
  exchange.is_replayed = false;
  if (exchange.call.idempotency_key.empty()) return run_once(exchange, txn);
  // Kept, although nothing changes: the commit says that what is told again is as safe as when it was told first.
  if (exchange.may_be_repeat && replay(exchange, txn)) return exchange.result.has_value();
  const bool is_kept = run_once(exchange, txn);
  // The first request with the key, answered on another node or before the last start, may be why this one is refused.
  if (!is_kept) {
    if (!replay(exchange, txn)) return false;
    exchange.may_be_repeat = true;
    throw sql::Error(sql::Error::Kind::busy_retry, "the idempotency key was used before");
  }
  if (idempotency_keep(txn, exchange, *exchange.result)) return true;
  exchange.may_be_repeat = true;
  throw sql::Error(sql::Error::Kind::busy_retry, "another request with the same idempotency key was faster");
}

bool Dispatcher::Work::run_once(Exchange& exchange, Txn& txn) {
  run_handler(exchange, &txn);
  if (exchange.result) txn.record(audit_entry(exchange));
  return exchange.result.has_value();
}

// Runs the operation. It must have said whom it concerns, where the route says that it concerns somebody.
void Dispatcher::Work::run_handler(Exchange& exchange, Snapshot* db) {
  const RouteData& route = *exchange.route;
  std::optional<Snapshot::AddsOnly> adds_only;
  if (db && exchange.call.scope == Scope::hospital && is_adding_only(exchange.call.caller.role)) adds_only.emplace(*db);
  exchange.result = route.handler->run(db, exchange.call, exchange.input.get(), exchange.prepared.get());
  if (!exchange.result || !route.is_about_patients || exchange.call.is_about_nobody || !exchange.call.patients.empty())
    return;
  exchange.result = fail(Failure{&server_fault, {}, {}, route.name + " did not say whom it concerns", 0});
}

// True when the reply of the first request with the key, or that this one is another request, is now the result.
bool Dispatcher::Work::replay(Exchange& exchange, Txn& txn) {
  auto first = idempotency_find(txn, exchange);
  if (first && !*first) return false;
  if (first) exchange.result = std::move(**first);
  else exchange.result = Failed(std::move(first).error());
  return true;
}

void Dispatcher::Work::run_read(Exchange& exchange, Snapshot* db) {
  call_renew(exchange.call, clock_.now());
  run_handler(exchange, db);
}

// Where the compressed reply may be kept, it is made once for each state of what it tells of.
void Dispatcher::Work::run_memory(Exchange& exchange) {
  const RouteData& route = *exchange.route;
  if (!route.memo || !accepts_gzip(exchange.request.header("accept-encoding"))) return run_read(exchange, nullptr);
  call_renew(exchange.call, clock_.now());
  const ReplyState state = route.memo(exchange.call, exchange.input.get());
  if (auto kept = memo_.find(exchange.request.target, state)) {
    exchange.result = Reply{route.status, std::move(kept->body), {}, {}};
    exchange.etag = std::move(kept->etag);
    exchange.is_compressed = true;
    return;
  }
  run_read(exchange, nullptr);
  if (!exchange.result) return;
  exchange.etag = body_tag(exchange.result->body);
  if (exchange.result->body.size() < gzip_bytes_min) return;
  KeptReply small{gzip(exchange.result->body), exchange.etag};
  if (small.body.empty()) return;
  memo_.put(exchange.request.target, state, small);
  exchange.result->body = std::move(small.body);
  exchange.is_compressed = true;
}

void Dispatcher::Work::ended(const ExchangePtr& exchange, sql::Outcome outcome) {
  if (!is_answered(outcome)) return fail_with(exchange, Failure{&problem_of(outcome), {}, {}, {}, 0});
  if (!exchange->result) return fail_with(exchange, std::move(exchange->result).error());
  if (exchange->is_waiting && waits_on(exchange)) return;
  if (is_disclosure(*exchange)) return disclose(exchange);
  answer(exchange, reply_response(*exchange, std::move(*exchange->result)));
}

// Who reads about somebody else is recorded before the reply leaves: what cannot be recorded is not told.
void Dispatcher::Work::disclose(const ExchangePtr& exchange) {
  engine_.write(
      0,
      [entry = audit_entry(*exchange)](Txn& txn) {
        txn.record(entry);
        return true;
      },
      led(exchange, [this, exchange](sql::Outcome outcome) {
        guarded(exchange, [&] {
          if (!is_answered(outcome)) return fail_with(exchange, Failure{&problem_of(outcome), {}, {}, {}, 0});
          answer(exchange, reply_response(*exchange, std::move(*exchange->result)));
        });
      }));
}

// A long poll whose reply the client has already: parks it until a topic changes. What is read was read after the
// positions were taken, so that no change can fall between; the first time the topics are not known before, hence it
// reads once more. False: answer now.
bool Dispatcher::Work::waits_on(const ExchangePtr& exchange) {
  Exchange& e = *exchange;
  const std::string etag = etag_of(e, *e.result);
  if (is_draining_ || e.call.watched.empty() || clock_.now() >= e.wait_until ||
      !etag_matches(e.request.header("if-none-match"), etag))
    return false;
  const auto is_same = [](const auto& position, const std::string& topic) { return position.first == topic; };
  const bool is_known =
      std::equal(e.positions.begin(), e.positions.end(), e.call.watched.begin(), e.call.watched.end(), is_same);
  const auto again = [this, exchange] {
    guarded(exchange, [&] {
      for (auto& [topic, position] : exchange->positions) position = hub_.position(topic);
      execute(exchange);
    });
  };
  if (!is_known) {
    e.positions.clear();
    for (const std::string& topic : e.call.watched) e.positions.emplace_back(topic, 0);
    again();
  } else if (hub_.parked() >= options_.parked_max) {
    fail_with(exchange, Failure{&server_busy, {}, {}, {}, 0});
  } else {
    hub_.park(e.positions, e.wait_until, again);
  }
  return true;
}

void Dispatcher::Work::fail_with(const ExchangePtr& exchange, Failure failure) {
  if (!exchange->responder) return;
  const Call& call = exchange->call;
  exchange->problem = failure.problem;
  exchange->reason = std::move(failure.internal);
  problem_metrics_.count(*failure.problem);
  if (options_.refused && is_refusal(*exchange)) options_.refused(refusal_of(*exchange));
  const std::string trace_id = status_of(failure.problem->kind) >= status_server_fault ? hex_text(call.trace.id) : "";
  answer(exchange, problem_response(failure, call.request_id, trace_id));
}

void Dispatcher::Work::answer(const ExchangePtr& exchange, http::Response response) {
  http::Responder responder = std::exchange(exchange->responder, nullptr);
  if (!responder) return;
  for (auto& header : exchange->limit_headers) response.headers.push_back(std::move(header));
  if (!exchange->allow.empty()) response.headers.emplace_back("Allow", exchange->allow);
  response_finish(*exchange, response);
  observe(*exchange, response.status);
  responder(std::move(response));
}

// One line and two series for every request: ids only. What is the server's fault is an error, and kept as such.
void Dispatcher::Work::observe(const Exchange& exchange, int status) {
  const std::int64_t us = clock_.steady_us() - exchange.started_us;
  metrics_.at(exchange.route)->observe(status, us);
  if (status >= status_server_fault) return log_line(exchange, log::Level::error, status, us);
  const log::Level level = exchange.reason.empty() ? log::Level::debug : log::Level::warning;
  if (log::enabled(level)) log_line(exchange, level, status, us);
}

void Dispatcher::Work::log_line(const Exchange& exchange, log::Level level, int status, std::int64_t us) {
  const Call& call = exchange.call;
  const std::string trace_id = hex_text(call.trace.id), span_id = hex_text(call.trace.span);
  const std::string parent_id = call.trace.has_parent() ? hex_text(call.trace.parent) : "";
  std::vector<log::Field> fields{
      {"request_id", std::string_view(call.request_id)},
      {"trace_id", std::string_view(trace_id)},
      {"span_id", std::string_view(span_id)},
      {"method", method_text(exchange.request.method)},
      {"route", exchange.route ? std::string_view(exchange.route->name) : std::string_view("none")},
      {"code", static_cast<long long>(status)},
      {"us", static_cast<long long>(us)},
      {"role", role_text(call.caller.role)},
      {"user", static_cast<long long>(call.caller.user.value)}};
  if (!parent_id.empty()) fields.emplace_back("parent_id", std::string_view(parent_id));
  if (exchange.problem) fields.emplace_back("problem", exchange.problem->code);
  if (!exchange.reason.empty()) fields.emplace_back("reason", std::string_view(exchange.reason));
  const bool is_fault = level == log::Level::error;
  log::write(level, exchange.is_broken ? "request broken" : is_fault ? "request failed" : "request", fields);
}

void Dispatcher::Work::tick(Instant now) {
  hub_.tick(now);
  streams_.tick(now);
  std::int64_t pruned_at_ms = pruned_at_ms_.load();
  if (now.ms - pruned_at_ms < prune_period.ms || !pruned_at_ms_.compare_exchange_strong(pruned_at_ms, now.ms)) return;
  engine_.write(
      0,
      [before = now - options_.idempotency_ttl](Txn& txn) {
        idempotency_prune(txn, before);
        return true;
      },
      [](sql::Outcome) {});
}

void Dispatcher::Work::drain() {
  constexpr Instant end_of_time{std::numeric_limits<std::int64_t>::max()};
  is_draining_ = true;
  hub_.tick(end_of_time);
  streams_.tick(end_of_time);
}

Dispatcher::Dispatcher(const Routes& routes, sql::Engine& engine, const Clock& clock, Entropy& entropy,
                       Authenticator& authenticator, Hub& hub, metrics::Metrics& metrics,
                       const DispatcherOptions& options)
    : work_(std::make_unique<Work>(routes, engine, clock, entropy, authenticator, hub, metrics, options)) {}

Dispatcher::~Dispatcher() = default;

void Dispatcher::handle(http::Request&& request, http::Responder responder) {
  work_->handle(std::move(request), std::move(responder));
}
void Dispatcher::topic(std::string prefix, TopicRight right) {
  work_->streams_.topic(std::move(prefix), std::move(right));
}
void Dispatcher::tick(Instant now) { work_->tick(now); }
void Dispatcher::drain() { work_->drain(); }
void Dispatcher::stop() { work_->pool_.stop(); }

}  // namespace fairward::api
