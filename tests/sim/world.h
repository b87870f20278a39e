// A small world around the whole product, in one thread: clock, patients, gateway and crashes are all drawn from one
// seed, so that a run can be replayed to the same end. The judge looks at the database after every step.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/composition.h"
#include "judge.h"
#include "modules/billing/sandbox_gateway.h"
#include "platform/clock/clock.h"

namespace fairward::sim {

// What happened how often; a state that a budget of seeds never reaches means that the world is too tame.
using Coverage = std::map<std::string, std::int64_t>;

class World {
 public:
  World(std::uint64_t seed, int steps);
  ~World();
  // Throws Violation.
  void run();
  const Coverage& coverage() const { return coverage_; }
  std::string fingerprint();  // of the end: equal for equal seeds

 private:
  struct Reply {
    int status = 0;
    boost::json::value body;
    std::string code() const;  // of a problem
    std::int64_t id() const;
  };
  struct Patient {
    std::int64_t id = 0;
    std::string token;
    std::int64_t hold = 0, wait = 0;
    std::vector<std::int64_t> appointments;
  };
  class Wire;

  void start();  // composes the product over the engine: what is in memory is built anew
  void crash();
  void populate();
  Reply call(http::Method method, const std::string& target, const boost::json::value& body, const std::string& token,
             const std::string& key = "");
  Reply get(const std::string& target, const Patient& patient) {
    return call(http::Method::get, target, nullptr, patient.token);
  }

  void step();
  void act(Patient& patient);
  void take(Patient& patient);
  void join(Patient& patient);
  void pay(Patient& patient);
  void release(Patient& patient);
  void look(Patient& patient);
  void change(Patient& patient);
  void staff_books();
  void doctor_on_leave();
  void pass_time(Duration by);
  void deliver_webhooks();
  void quiesce();
  void judge();
  void note(const std::string& what) { ++coverage_[what]; }
  bool chance(int percent) { return chance_->below(100) < static_cast<std::uint64_t>(percent); }
  std::int64_t pick(std::int64_t n) { return static_cast<std::int64_t>(chance_->below(static_cast<std::uint64_t>(n))); }
  std::string slot_time(std::int64_t doctor);

  int steps_;
  ManualClock clock_;
  std::unique_ptr<Entropy> chance_, entropy_, gateway_entropy_;
  std::unique_ptr<sql::Engine> engine_;
  std::unique_ptr<billing::SandboxGateway> gateway_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<app::Product> product_;
  std::unique_ptr<Judge> judge_;
  std::vector<Patient> patients_;
  std::vector<std::int64_t> doctors_;
  std::string staff_token_;
  std::set<std::int64_t> booked_, ended_by_us_;  // acknowledged as booked; cancelled by a request of ours
  Coverage coverage_;
};

}  // namespace fairward::sim
