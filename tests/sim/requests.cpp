// Requests of a simulated world: sent without waiting, heard or not, sent again with the same key.
#include <boost/json.hpp>

#include "world.h"

namespace fairward::sim {
namespace json = boost::json;

std::string World::Reply::text(const char* member) const {
  const auto* object = body.if_object();
  const auto* value = object ? object->if_contains(member) : nullptr;
  return value && value->is_string() ? std::string(value->as_string()) : "";
}

std::string World::Reply::code() const { return text("code"); }

std::int64_t World::Reply::id() const {
  const auto* object = body.if_object();
  const auto* value = object ? object->if_contains("id") : nullptr;
  return value && value->is_int64() ? value->as_int64() : 0;
}

std::string World::key_of(const Patient& patient, int percent) {
  return chance(percent) ? fmt::format("key-{}-{}", patient.id, ++last_key_) : "";
}

// To a node of chance, as a gateway in front of them would; nobody answers where none runs.
void World::send(Request request) {
  const std::int64_t origin = ++last_origin_;
  Node& node = a_node();
  http::Request wire{request.method, request.target, {{"host", "fairward"}}, "", "127.0.0.1"};
  if (!request.token.empty()) wire.headers.emplace_back("authorization", "Bearer " + request.token);
  if (!request.key.empty()) wire.headers.emplace_back("idempotency-key", request.key);
  if (!request.if_match.empty()) wire.headers.emplace_back("if-match", request.if_match);
  if (!request.body.is_null()) {
    wire.headers.emplace_back("content-type", "application/json");
    wire.body = json::serialize(request.body);
  }
  stage_.trace.say("  {} to node {}: {} {} {} {}", origin, node.place(), request.what, request.target, wire.body,
                   request.key);
  if (request.first_sent == Instant{}) request.first_sent = stage_.clock.now();
  if (!request.first_node) request.first_node = &node;
  if (!node.runs() && !node.is_frozen()) {
    note("sent to a node that is not there");
    return unanswered(request);
  }
  if (request.intent) {
    const std::string who = request.patient ? std::to_string(request.patient->id) : "staff";
    // A key is taken per person and route.
    std::string route = request.target;
    std::erase_if(route, [](char c) { return c >= '0' && c <= '9'; });
    judge_.expect(origin, {request.intent, request.key.empty() ? "" : who + " " + route + " " + request.key,
                           request.target + "\n" + wire.body});
  }
  const bool is_heard = !request.patient || !stage_.is_unlucky(5);
  in_flight_[origin] = {std::move(request), &node, is_heard};
  node.handle(origin, std::move(wire),
              [this, origin](http::Response&& response) { heard(origin, std::move(response)); });
}

// Whoever asked knows nothing, and may ask again.
void World::unanswered(const Request& request) {
  if (!request.patient) return;
  note("request unanswered");
  request.patient->unanswered = request;
}

// Runs inside the product's callbacks: must not throw.
void World::heard(std::int64_t origin, http::Response&& response) {
  const auto found = in_flight_.find(origin);
  if (found == in_flight_.end()) return judge_.accuse(fmt::format("request {} was answered twice", origin));
  const InFlight flight = std::move(found->second);
  in_flight_.erase(found);
  const Reply reply{response.status, response.body.empty() ? json::value(nullptr) : json::parse(response.body), {}};
  stage_.trace.say("  {} → {} {} {}", origin, reply.status, reply.code(), reply.id());
  if (flight.request.intent) judge_reply(origin, flight, reply);
  judge_.forget(origin);
  if (flight.is_given_up) return;
  if (flight.request.patient && (!flight.is_heard || reply.status == 503)) unanswered(flight.request);
  else if (flight.request.learn) flight.request.learn(reply);
}

void World::judge_reply(std::int64_t origin, const InFlight& flight, const Reply& reply) {
  note(reply.status < 400 ? fmt::format("{} {}", reply.status, flight.request.what)
                          : fmt::format("{} {}", reply.status, reply.code()));
  const auto answer = judge_.answer(origin);
  if (reply.status == 503) return;  // the engine's faults are counted there
  const std::string said = fmt::format("request {} ({}) was answered {} {} {}", origin, flight.request.what,
                                       reply.status, reply.code(), reply.id());
  if (!answer) {
    // Refused from memory, before any transaction.
    const std::int64_t since = flight.node->believes_since();
    const bool may_be = flight.request.is_taken && flight.request.is_taken(since) && reply.status == 409 &&
                        (reply.code() == "booking.slot_taken" || reply.code() == "booking.all_held");
    note("refused from memory");
    if (!may_be) return judge_.accuse(said + ", and never ran");
    if (!flight.request.is_taken(database_.commits())) note("refused from memory that was behind");
    return;
  }
  if (answer->is_change && reply.status < 400) judge_.acknowledged(origin);
  if (answer->is_repeat) note("key replayed");
  if (answer->is_repeat && flight.node != flight.request.first_node) note("key replayed by another node");
  if (answer->status != reply.status || answer->code != reply.code() ||
      (reply.status < 400 && reply.id() != 0 && answer->id != 0 && reply.id() != answer->id))
    judge_.accuse(fmt::format("{}, not {} {} {}", said, answer->status, answer->code, answer->id));
}

static std::string etag_of(const http::Response& response) {
  for (const auto& [name, value] : response.headers)
    if (name == "etag" || name == "ETag") return value;
  return "";
}

// Asks for what has changed since it was last seen, and waits for it.
void World::park(const std::string& target, const std::string& token, int seconds) {
  Node& node = a_running_node();
  const std::string etag = get(node, target, token).etag;
  const std::int64_t id = ++last_poll_;
  http::Request wire{
      http::Method::get, fmt::format("{}?wait={}", target, seconds), {{"host", "fairward"}}, "", "127.0.0.1"};
  wire.headers.emplace_back("authorization", "Bearer " + token);
  wire.headers.emplace_back("if-none-match", etag);
  polls_[id] = {&node, target, token, etag, node.clock().now() + fairward::seconds(seconds)};
  stage_.trace.say("  long poll {} of {} {} at node {}", id, target, etag, node.place());
  node.handle(0, std::move(wire), [this, id](http::Response&& response) {
    unparked(id, {response.status, nullptr, etag_of(response)});
  });
}

// Runs inside the product's callbacks: must not throw.
void World::unparked(std::int64_t id, const Reply& reply) {
  const auto found = polls_.find(id);
  if (found == polls_.end()) return judge_.accuse(fmt::format("long poll {} was answered twice", id));
  const Poll poll = std::move(found->second);
  polls_.erase(found);
  stage_.trace.say("  long poll {} → {} {}", id, reply.status, reply.etag);
  note(reply.status == 304 ? "long poll ended" : "long poll told");
  note_offer(poll, reply);
  if (reply.status == 304 && poll.node->clock().now() < poll.until && !poll.node->is_leaving())
    judge_.accuse(fmt::format("long poll {} of {} ended before its time", id, poll.target));
  if (reply.status == 200 && reply.etag == poll.etag)
    judge_.accuse(fmt::format("long poll {} of {} was told of nothing", id, poll.target));
  if (reply.status != 200 && reply.status != 304)
    judge_.accuse(fmt::format("long poll {} of {} was answered {}", id, poll.target, reply.status));
}

// A patient who waits at one node, and another that has made the offer.
void World::note_offer(const Poll& poll, const Reply& reply) {
  constexpr std::string_view waits = "/api/waits/";
  if (reply.status != 200 || !poll.target.starts_with(waits)) return;
  const std::string id = poll.target.substr(waits.size());
  if (poll.node->was_told_by_another("wait/" + id) && judge_.model().wait(std::stoll(id)).status == "offered")
    note("offer of one node told at another");
}

// Reads are answered at once.
World::Reply World::ask(Node& node, const std::string& target, const std::string& token) {
  http::Request wire{http::Method::get, target, {{"host", "fairward"}}, "", "127.0.0.1"};
  if (!token.empty()) wire.headers.emplace_back("authorization", "Bearer " + token);
  std::optional<Reply> reply;
  node.handle(0, std::move(wire), [&](http::Response&& response) {
    reply = Reply{response.status, response.body.empty() ? json::value(nullptr) : json::parse(response.body),
                  etag_of(response)};
  });
  if (!reply) throw Violation("no reply to " + target);
  return *reply;
}

// They never fail here: what they show is judged where they are made.
World::Reply World::get(Node& node, const std::string& target, const std::string& token) {
  const Reply reply = ask(node, target, token);
  if (reply.status != 200)
    throw Violation(fmt::format("{} was answered {} by node {}: {}", target, reply.status, node.place(),
                                json::serialize(reply.body)));
  return reply;
}

}  // namespace fairward::sim
