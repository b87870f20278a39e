// What befalls the nodes of a simulated world: they die, freeze, are stopped and come back, lose their sessions, miss
// notices, and their clocks go wrong. One of them always runs.
#include "world.h"

namespace fairward::sim {

void World::guarded(Node& node, const std::function<void()>& part) {
  try {
    part();
  } catch (const Crashed&) { crash(node); }
  judge_.verdict();
}

bool World::may_lose(const Node& node) const {
  const auto running = nodes_that(&Node::runs);
  return std::any_of(running.begin(), running.end(), [&](const Node* other) { return other != &node; });
}

// Mostly some seconds, about as long as leases last; sometimes minutes.
Duration World::some_time() { return chance(70) ? milliseconds(500 + pick(10'000)) : seconds(pick(600)); }

void World::start(Node& node) {
  node.open();
  stage_.trace.say("node {} starts as number {}", node.place(), node.engine().node());
  node.engine().on_events([this, &node](const std::vector<sql::Event>& events, Instant) {
    if (!events.front().is_foreign) committed(node);
    for (const sql::Event& event : events) node.heard(event);
  });
  // Others go on while it composes itself.
  if (stage_.is_hostile && may_lose(node) && chance(30)) return note("others went on while a node started");
  node.load();
}

// Its notice reaches the others soon, late or never.
void World::committed(const Node& by) {
  if (!is_shared()) return;
  for (const auto& node : nodes_) {
    if (node.get() == &by || node->is_down()) continue;
    if (stage_.is_unlucky(20)) note("notice lost");
    else node->engine().follower().notice(stage_.is_unlucky(30) ? milliseconds(pick(1500)) : milliseconds(0));
  }
}

// Whoever waits for a reply will not get one, and knows nothing.
void World::forget(const Node& node) {
  std::erase_if(in_flight_, [&](const auto& entry) {
    const auto& [origin, flight] = entry;
    if (flight.node != &node) return false;
    judge_.forget(origin);
    if (!flight.is_given_up) unanswered(flight.request);
    return true;
  });
  std::erase_if(polls_, [&](const auto& entry) { return entry.second.node == &node; });
  std::erase_if(webhooks_out_, [&](const WebhookOut& out) {
    if (out.node == &node) gateway_->delivered(out.delivery, false);
    return out.node == &node;
  });
}

void World::crash(Node& node) {
  stage_.trace.say("node {} dies", node.place());
  note("crash");
  forget(node);
  node.die();
  restart(node);
  judge();
}

void World::restart(Node& node) {
  if (!stage_.is_hostile || !may_lose(node) || chance(40)) return start(node);
  note("node stays away");
  node.stay_away(some_time());
}

// In good order: what it had accepted is done, its leases are given back.
void World::leave(Node& node) {
  stage_.trace.say("node {} is stopped", node.place());
  note("node stopped in good order");
  guarded(node, [&] {
    node.leave();
    forget(node);
    node.die();
    restart(node);
  });
}

void World::freeze(Node& node) {
  if (!node.runs() || !may_lose(node)) return;
  stage_.trace.say("node {} freezes", node.place());
  note("node frozen");
  node.freeze(some_time());
  if (chance(50)) give_up(node);
}

// Those who wait for an answer of this node do not wait any longer, and may ask another.
void World::give_up(const Node& node) {
  for (auto& [origin, flight] : in_flight_) {
    if (flight.node != &node || flight.is_given_up || !flight.request.patient || chance(30)) continue;
    flight.is_given_up = true;
    unanswered(flight.request);
  }
}

void World::trouble() {
  returns();
  for (const Node* node : nodes_that(&Node::is_frozen)) give_up(*node);
  const auto what = pick(100);
  Node& node = a_running_node();
  if (what < 3) {
    if (may_lose(node)) crash(node);
  } else if (what < 7) {
    freeze(node);
  } else if (what < 9) {
    if (may_lose(node)) leave(node);
  } else if (what < 13) {
    node.engine().follower().cut(some_time());
  } else if (what < 14) {
    stage_.trace.say("the database changes hands");
    database_.change_hands();
  } else if (what < 22) {
    clocks_go_wrong();
  }
}

// By seconds, which is what happens to machines that are looked after.
void World::clocks_go_wrong() {
  if (chance(50)) {
    a_node().clock().set(milliseconds(pick(40'000) - 20'000));
    return note("clock of a node set");
  }
  const Duration off_by = milliseconds(pick(10'000) - 5'000);
  if (off_by < database_clock_.off_by()) {
    database_set_back_ = database_set_back_ + (database_clock_.off_by() - off_by);
    note("clock of the database set back");
  } else {
    note("clock of the database set ahead");
  }
  database_clock_.set(off_by);
}

void World::returns() {
  for (const auto& node : nodes_) {
    if (node->is_opening()) {
      node->load();
    } else if (node->is_frozen() && node->is_back()) {
      stage_.trace.say("node {} goes on", node->place());
      node->wake();
    } else if (node->is_down() && node->is_back()) {
      start(*node);
    }
  }
}

// Replies are kept by their keys for a day: what waits in a node that stands still for longer would be done twice.
void World::wake_before_keys_end(Duration by) {
  constexpr Duration frozen_max = hours(18);
  for (const auto& node : nodes_)
    if (node->is_frozen() && node->frozen_for() + by > frozen_max) node->stay_away({});
  returns();
  pump();
}

void World::everybody_returns() {
  for (const auto& node : nodes_)
    if (!node->runs()) node->stay_away({});
  returns();
  returns();
}

}  // namespace fairward::sim
