// Who is signed in, and who has signed out: the other nodes hear of it. Guests do nothing else.
#include <boost/json.hpp>

#include "world.h"

namespace fairward::sim {
namespace {

constexpr std::int64_t first_guest = 50, guests = 3, first_session = 1000;
constexpr Duration session_ttl = days(60);

#define SIM_QUERY(name, text) \
  constexpr sql::Query name { #name, text, text }
SIM_QUERY(guest_add,
          "INSERT INTO identity_user (id, role, status, name, name_key, created_at, changed_at) VALUES ($1, 'patient', "
          "'active', 'A guest', 'a guest', $2, $2)");
SIM_QUERY(guest_session_add,
          "INSERT INTO identity_session (id, user_id, kind, created_at, seen_at, expires_at) VALUES ($1, $2, 'token', "
          "$3, $3, $4)");
SIM_QUERY(session_ended, "SELECT count(*) FROM identity_session WHERE id = $1 AND revoked_at IS NOT NULL");
#undef SIM_QUERY

}  // namespace

void World::guests_come() {
  last_session_ = first_session;
  for (std::int64_t id = first_guest; id < first_guest + guests; ++id) {
    database_.fill([&](Txn& txn) { txn.exec(guest_add, id, stage_.clock.now()); });
    guests_.push_back({id, 0, "", nullptr});
    guest_comes(guests_.back());
  }
}

void World::guest_comes(Guest& guest) {
  guest.session = ++last_session_;
  guest.left_at = nullptr;
  const Instant now = stage_.clock.now();
  database_.fill([&](Txn& txn) { txn.exec(guest_session_add, guest.session, guest.id, now, now + session_ttl); });
  guest.token = token(guest.id, api::Role::patient, guest.session);
}

bool World::is_signed_out(const Guest& guest) {
  bool is_over = false;
  database_.look([&](Snapshot& db) { is_over = *db.one<std::int64_t>(session_ended, guest.session) > 0; });
  return is_over;
}

// Looks at something that needs a session; signs out; comes again another day.
void World::guest_acts() {
  Guest& guest = guests_[static_cast<std::size_t>(pick(guests))];
  if (is_signed_out(guest) && chance(30)) return guest_comes(guest);
  const bool is_out = is_signed_out(guest);
  const Reply me = ask(a_running_node(), "/api/me", guest.token);
  if (me.status != 200 && !(is_out && me.status == 401))
    judge_.accuse(fmt::format("guest {} was answered {} {}", guest.id, me.status, me.code()));
  if (is_out || chance(40)) return;
  Node& node = a_running_node();
  guest.left_at = &node;
  http::Request wire{http::Method::post, "/api/auth/logout", {{"host", "fairward"}}, "", "127.0.0.1"};
  wire.headers.emplace_back("authorization", "Bearer " + guest.token);
  stage_.trace.say("  guest {} signs out at node {}", guest.id, node.place());
  node.handle(0, std::move(wire), [this, id = guest.id](http::Response&& response) {
    stage_.trace.say("  guest {} → {}", id, response.status);
  });
}

// Whoever hears the others knows who has signed out.
void World::judge_guests() {
  for (const Guest& guest : guests_) {
    const int wanted = is_signed_out(guest) ? 401 : 200;
    for (Node* node : nodes_that(&Node::hears)) {
      const Reply me = ask(*node, "/api/me", guest.token);
      if (me.status != wanted)
        judge_.accuse(
            fmt::format("guest {} is answered {} at node {}, not {}", guest.id, me.status, node->place(), wanted));
      if (wanted == 401 && guest.left_at != node && node->was_told_by_another(fmt::format("session/{}", guest.session)))
        note("logout heard at another node");
    }
  }
}

}  // namespace fairward::sim
