// A small world around the whole product, in one thread: clock, people, gateway, faults and crashes are all drawn from
// one seed, so that a run can be replayed to the same end. Each step draws from its own seed: leaving steps out changes
// nothing in the others, which is how a failure is made short.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/composition.h"
#include "engine.h"
#include "judge.h"
#include "model.h"
#include "modules/billing/sandbox_gateway.h"
#include "platform/clock/clock.h"
#include "trace.h"

namespace fairward::sim {

// What happened how often; a state that a budget of seeds never reaches means that the world is too tame.
using Coverage = std::map<std::string, std::int64_t>;

struct WorldOptions {
  std::uint64_t seed = 1;
  int steps = 0;
  std::set<int> left_out;  // steps that do not happen
  bool is_loud = false;    // every line of the trace is printed
};

// Chance that starts anew with each step.
class StepChance final : public Entropy {
 public:
  void begin(std::uint64_t seed, std::uint64_t step) { now_ = make_seeded_entropy(seed * 1'000'003 + step); }
  void fill(std::span<std::uint8_t> bytes) override { now_->fill(bytes); }

 private:
  std::unique_ptr<Entropy> now_ = make_seeded_entropy(0);
};

class World {
 public:
  explicit World(WorldOptions options);
  ~World();
  void run();  // throws Violation
  const Trace& trace() const { return trace_; }
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
    std::function<bool()> is_taken;           // of a hold: may it be refused from memory?
    Instant first_sent;
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
    bool is_heard = true;  // false: the client is gone before the reply
  };
  // A browser that waits to be told of a change of what it shows.
  struct Poll {
    std::string target, token, etag;
    Instant until;
  };
  class Wire;

  // world.cpp: the product, time, gateway, judgement
  void start();
  void crash();
  void populate();
  void step(int number);
  void guarded(const std::function<void()>& part);  // a process that dies in it is started again
  void pump();
  void ticks();
  void pass_time(Duration by, Duration stride);
  void midnight();
  void webhooks();
  void settle();
  void quiesce();
  void judge(bool is_settled);
  void judge_memory();
  void judge_slots(std::int64_t doctor);
  void judge_polls();
  Rules rules() const;

  // requests.cpp: sending, hearing, sending again
  void send(Request request);
  void heard(std::int64_t origin, http::Response&& response);
  void judge_reply(std::int64_t origin, const InFlight& flight, const Reply& reply);
  Reply get(const std::string& target, const std::string& token);
  void park(const std::string& target, const std::string& token, int seconds);
  void unparked(std::int64_t id, const Reply& reply);
  std::string key_of(const Patient& patient, int percent);

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

  void note(const std::string& what) { ++coverage_[what]; }
  bool chance(int percent) { return chance_.below(100) < static_cast<std::uint64_t>(percent); }
  std::int64_t pick(std::int64_t n) { return static_cast<std::int64_t>(chance_.below(static_cast<std::uint64_t>(n))); }
  Patient& anyone() { return patients_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(patients_.size())))]; }
  std::int64_t a_doctor() { return 1 + pick(2); }
  Date today(Place place) const { return local_date(place, clock_.now()); }

  const WorldOptions options_;
  Trace trace_;
  ManualClock clock_;
  StepChance chance_;
  std::unique_ptr<Entropy> entropy_;  // the product's own
  SimEngine engine_;
  std::unique_ptr<billing::SandboxGateway> gateway_;
  std::unique_ptr<Wire> wire_;
  Judge judge_;
  std::unique_ptr<app::Product> product_;
  std::vector<Patient> patients_;
  std::string staff_token_;
  std::map<std::int64_t, InFlight> in_flight_;
  std::map<std::int64_t, Poll> polls_;
  std::vector<billing::SandboxDelivery> webhooks_out_;      // being delivered
  std::vector<billing::SandboxDelivery> webhooks_delayed_;  // somewhere on the way
  std::int64_t last_origin_ = 0, last_key_ = 0, last_poll_ = 0;
  int steps_done_ = 0;
  bool is_hostile_ = false;  // faults, losses and crashes may happen
  Coverage coverage_;
};

boost::json::value hours_json(std::int64_t doctor, int horizon_days, int notice_minutes);

}  // namespace fairward::sim
