// See the header.
#include "node.h"

#include <utility>

namespace fairward::sim {
namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace

// The network between this node and the gateway: loses requests and replies, and says so to nobody. The process may die
// while it waits for an answer.
class Node::Wire final : public http::Client {
 public:
  Wire(Node& node, billing::SandboxGateway& gateway) : node_(node), stage_(node.stage_), gateway_(gateway) {}

  std::optional<http::OutgoingResponse> call(const http::OutgoingRequest& request, std::string* why) override {
    if (stage_.is_unlucky(8)) return lost("a request to the gateway was lost", why);
    die_sometimes();
    http::Request received{
        request.method, request.url.substr(node_.setup_.options.billing.gateway_url.size()), {}, request.body, ""};
    for (const auto& [name, value] : request.headers) received.headers.emplace_back(lower(name), value);
    const http::Response response = gateway_.handle(received);
    die_sometimes();
    if (stage_.is_unlucky(8)) return lost("a reply of the gateway was lost", why);
    return http::OutgoingResponse{response.status, response.body};
  }

 private:
  void die_sometimes() {
    if (!stage_.is_unlucky(1)) return;
    stage_.note("crash while the gateway is asked");
    node_.engine_->kill();
    throw Crashed{};
  }
  std::optional<http::OutgoingResponse> lost(const char* what, std::string* why) {
    stage_.note(what);
    if (why) *why = "timed out";
    return std::nullopt;
  }

  Node& node_;
  Stage& stage_;
  billing::SandboxGateway& gateway_;
};

Node::Node(int place, Setup setup, Stage& stage, Database& database, billing::SandboxGateway& gateway)
    : place_(place),
      setup_(std::move(setup)),
      stage_(stage),
      database_(database),
      clock_(stage.clock),
      entropy_(make_seeded_entropy(setup_.seed)),
      wire_(std::make_unique<Wire>(*this, gateway)) {}

Node::~Node() { die(); }

void Node::watch(Watcher* watcher) {
  watcher_ = watcher;
  if (engine_) engine_->watch(watcher);
}

void Node::open() {
  engine_ = std::make_unique<SimEngine>(database_, setup_.is_shared, clock_, stage_);
  engine_->watch(watcher_);
  state_ = State::opening;
}

void Node::load() {
  product_ = std::make_unique<app::Product>(*engine_, clock_, *entropy_, *wire_, setup_.options);
  product_->load();
  believes_since_ = engine_->follower().heard();
  state_ = State::running;
}

void Node::die() {
  state_ = State::down;
  is_leaving_ = false;
  received_.clear();
  newest_own_.clear();
  told_by_others_.clear();
  if (engine_) engine_->close();
  product_.reset();
  engine_.reset();
}

void Node::leave() {
  is_leaving_ = true;
  product_->drain();
  product_->stop();
  while (!engine_->is_idle()) engine_->step();
}

void Node::freeze(Duration by) {
  state_ = State::frozen;
  frozen_at_ = stage_.clock.now();
  stay_away(by);
}

void Node::wake() {
  state_ = State::running;
  for (Received& r : std::exchange(received_, {})) handle(r.origin, std::move(r.request), std::move(r.responder));
}

// A few rounds: what is done makes other things due.
void Node::tick() {
  constexpr int rounds_max = 20;
  const SimEngine::Immediate immediate(*engine_);
  for (int i = 0; i < rounds_max && product_->jobs().run_due();) ++i;
}

void Node::handle(std::int64_t origin, http::Request&& request, http::Responder responder) {
  if (is_frozen()) return received_.push_back({origin, std::move(request), std::move(responder)});
  engine_->origin(origin);
  product_->handle(std::move(request), std::move(responder));
  engine_->origin(0);
}

void Node::heard(const sql::Event& event) {
  if (!event.is_foreign) {
    newest_own_[event.topic] = event.id;
    return;
  }
  told_by_others_.insert(event.topic);
  if (newest_own_.contains(event.topic) && event.id < newest_own_[event.topic])
    stage_.note("foreign event told after an own one that followed it");
}

bool Node::is_at_rest() const { return engine_->is_idle() && product_->booking().stats().reloading == 0; }

std::int64_t Node::believes_since() {
  const std::int64_t heard = setup_.is_shared ? engine_->follower().heard() : database_.commits();
  if (product_->booking().stats().reloading == 0) believes_since_ = heard;
  return believes_since_;
}

}  // namespace fairward::sim
