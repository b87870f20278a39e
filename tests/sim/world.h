// A small world around the whole product, in one thread: nodes, clocks, people, gateway, faults and crashes are all
// drawn from one seed, so that a run can be replayed to the same end. Each step draws from its own seed: leaving steps
// out changes nothing in the others, which is how a failure is made short.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "judge.h"
#include "model.h"
#include "node.h"

namespace fairward::sim {

struct WorldOptions {
  std::uint64_t seed = 1;
  int steps = 0;
  std::set<int> left_out;  // steps that do not happen
  bool is_loud = false;    // every line of the trace is printed
};

class World {
 public:
  explicit World(WorldOptions options);
  ~World();
  void run();  // throws Violation
  const Trace& trace() const { return stage_.trace; }
  Coverage coverage() const;
  int steps_done() const { return steps_done_; }

 private:
  struct Reply {
    int status = 0;
    boost::json::value body;
    std::string etag = {};
    std::string code() const;  // of a problem
    std::int64_t id() const;   // 0 without
    std::string text(const char* member) const;
  };
  struct Patient;
  // What somebody asks of the product, and what it means.
  struct Request {
    std::string what;  // for the trace
    http::Method method = http::Method::get;
    std::string target;
    boost::json::value body;
    std::string token, key, if_match;
    Judge::Intent intent;                     // of a write
    std::function<void(const Reply&)> learn;  // what the person makes of the reply
    Patient* patient = nullptr;               // nullptr: staff
    // Of a hold: may it be refused from memory that is not older than that commit?
    std::function<bool(std::int64_t believes_since)> is_taken;
    Instant first_sent;
    Node* first_node = nullptr;
  };
  struct Patient {
    std::int64_t id = 0;
    std::string token;
    std::int64_t hold = 0, wait = 0, released = 0;
    std::vector<std::int64_t> appointments;
    std::optional<Request> unanswered;  // to be sent again with the same key
  };
  struct InFlight {
    Request request;
    Node* node = nullptr;
    bool is_heard = true;      // false: the client is gone before the reply
    bool is_given_up = false;  // the client is gone already
  };
  // Somebody who signs out now and then, and does nothing else.
  struct Guest {
    std::int64_t id = 0, session = 0;
    std::string token;
    Node* left_at = nullptr;  // the node that was asked to sign out
  };
  // A browser that waits to be told of a change of what it shows.
  struct Poll {
    Node* node = nullptr;
    std::string target, token, etag;
    Instant until;  // by the node's clock
  };
  struct WebhookOut {
    Node* node = nullptr;
    billing::SandboxDelivery delivery;
  };

  // world.cpp: how the world is made, time, gateway
  void populate();
  void nodes_come();
  void people_come();
  void first_hours();
  app::ProductOptions product_options() const;
  std::string token(std::int64_t user, api::Role role, std::int64_t session) const;
  void step(int number);
  void pump();
  void ticks();
  void pass_time(Duration by, Duration stride);
  void pass_step(Duration step);
  void all_clocks_set(Duration by);
  void midnight();
  void webhooks();
  void webhook_send(const billing::SandboxDelivery& delivery);
  Rules rules() const;

  // troubles.cpp: what befalls the nodes
  void guarded(Node& node, const std::function<void()>& part);  // whose process may die in it
  void crash(Node& node);
  void forget(const Node& node);
  void start(Node& node);
  void trouble();
  void clocks_go_wrong();
  void freeze(Node& node);
  void give_up(const Node& node);
  void leave(Node& node);
  void restart(Node& node);
  void everybody_returns();
  void returns();
  void wake_before_keys_end(Duration by);
  void committed(const Node& by);
  bool may_lose(const Node& node) const;
  Duration some_time();

  // judgement.cpp: what must be true after each step
  void settle();
  void cover_leases();
  bool watch_leases();
  void come_to_settled();
  bool are_leases_covered() const;
  void come_to_rest();
  void quiesce();
  void judge();
  void judge_settled();
  void judge_memory(Node& node);
  void judge_positions(Node& node);
  void judge_record();
  void judge_slots(Node& node, std::int64_t doctor);
  void judge_polls(const Node& node);
  bool is_about_to_lapse(const Poll& poll) const;
  bool are_polls_told();

  // requests.cpp: sending, hearing, sending again
  void send(Request request);
  void unanswered(const Request& request);
  void heard(std::int64_t origin, http::Response&& response);
  void judge_reply(std::int64_t origin, const InFlight& flight, const Reply& reply);
  void note_offer(const Poll& poll, const Reply& reply);
  Reply ask(Node& node, const std::string& target, const std::string& token);
  Reply get(Node& node, const std::string& target, const std::string& token);
  Reply get(const std::string& target, const std::string& token) { return get(a_running_node(), target, token); }
  void park(const std::string& target, const std::string& token, int seconds);
  void unparked(std::int64_t id, const Reply& reply);
  std::string key_of(const Patient& patient, int percent);

  // guests.cpp: who is signed in
  void guests_come();
  void guest_comes(Guest& guest);
  void guest_acts();
  void judge_guests();
  bool is_signed_out(const Guest& guest);

  // people.cpp: what they do
  void act();
  void person(Patient& patient);
  void take(Patient& patient);
  void join(Patient& patient);
  void pay(Patient& patient);
  void give_back(Patient& patient);
  void look(Patient& patient);
  void stay(const Patient& patient);
  void change(Patient& patient);
  void book_free_of_charge(Patient& patient);
  void staff_books();
  void staff_changes();
  void doctor_on_leave();
  void doctor_extends();
  void exception_taken_back();
  void hours_changed();
  std::optional<Instant> slot_time(std::int64_t doctor, bool wants_free);

  bool is_shared() const { return nodes_.size() > 1; }
  std::vector<Node*> nodes_that(bool (Node::*is_so)() const) const;
  Node& a_running_node();
  Node& a_node() { return *nodes_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(nodes_.size())))]; }

  void note(const std::string& what) { stage_.note(what); }
  bool chance(int percent) { return stage_.draw(percent); }
  std::int64_t pick(std::int64_t n) { return stage_.pick(n); }
  Patient& anyone() { return patients_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(patients_.size())))]; }
  std::int64_t a_doctor() { return 1 + pick(2); }
  Date today(Place place) const { return local_date(place, stage_.clock.now()); }

  const WorldOptions options_;
  Stage stage_;
  SkewedClock database_clock_;
  Database database_;
  std::unique_ptr<billing::SandboxGateway> gateway_;
  Judge judge_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<Patient> patients_;
  std::vector<Guest> guests_;
  std::string staff_token_;
  std::map<std::int64_t, InFlight> in_flight_;
  std::map<std::int64_t, Poll> polls_;
  std::vector<WebhookOut> webhooks_out_;                    // being delivered
  std::vector<billing::SandboxDelivery> webhooks_delayed_;  // somewhere on the way
  std::int64_t last_session_ = 0, last_origin_ = 0, last_key_ = 0, last_poll_ = 0;
  std::array<std::int64_t, nodes::parts> lease_owners_{};  // by part, as last seen
  Duration database_set_back_{};                           // since all leases were covered
  std::int64_t set_ahead_at_us_ = INT64_MIN / 2;
  int steps_done_ = 0;
};

boost::json::value hours_json(std::int64_t doctor, int horizon_days, int notice_minutes);

}  // namespace fairward::sim
