// One node of a simulated world: a machine with a clock, and on it the whole product as a process that dies, freezes,
// is stopped and started again. What it shares with others is the database, and nothing else.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/composition.h"
#include "engine.h"
#include "modules/billing/sandbox_gateway.h"

namespace fairward::sim {

class Node {
 public:
  enum class State : std::uint8_t {
    down,
    opening,  // it has a number, and has not loaded its memory
    running,
    frozen,  // everything stands still; its clock does not
  };
  // What a process is started with.
  struct Setup {
    app::ProductOptions options;
    std::uint64_t seed = 0;
    bool is_shared = false;  // the database is
  };
  Node(int place, Setup setup, Stage& stage, Database& database, billing::SandboxGateway& gateway);
  ~Node();

  int place() const { return place_; }  // among the nodes, from 1
  bool runs() const { return state_ == State::running; }
  bool is_frozen() const { return state_ == State::frozen; }
  bool is_opening() const { return state_ == State::opening; }
  bool is_down() const { return state_ == State::down; }
  bool is_leaving() const { return is_leaving_; }
  bool hears() const { return runs() && !engine().follower().is_cut(); }
  bool has_work() const { return runs() && (!engine_->is_idle() || engine_->follower().has_to_look()); }
  bool is_at_rest() const;

  void watch(Watcher* watcher);
  void open();
  void load();
  void die();
  void leave();  // stops in good order
  void freeze(Duration by);
  Duration frozen_for() const { return stage_.clock.now() - frozen_at_; }
  void stay_away(Duration by) { back_at_us_ = stage_.clock.steady_us() + by.ms * 1000; }
  bool is_back() const { return stage_.clock.steady_us() >= back_at_us_; }
  // What was sent to it while it stood still comes now.
  void wake();
  // Runs what is due by its clock.
  void tick();
  // Handles it now, or when it wakes.
  void handle(std::int64_t origin, http::Request&& request, http::Responder responder);

  // For the report: what its engine tells its product.
  void heard(const sql::Event& event);
  bool was_told_by_another(const std::string& topic) const { return told_by_others_.contains(topic); }

  // Memory is not older than this commit: then everything was heard, and nothing had to be read anew.
  std::int64_t believes_since();

  SimEngine& engine() { return *engine_; }
  const SimEngine& engine() const { return *engine_; }
  app::Product& product() { return *product_; }
  SkewedClock& clock() { return clock_; }

 private:
  class Wire;
  struct Received {
    std::int64_t origin;
    http::Request request;
    http::Responder responder;
  };

  const int place_;
  const Setup setup_;
  Stage& stage_;
  Database& database_;
  SkewedClock clock_;
  std::unique_ptr<Entropy> entropy_;  // the product's own
  std::unique_ptr<Wire> wire_;
  Watcher* watcher_ = nullptr;
  State state_ = State::down;
  bool is_leaving_ = false;
  Instant frozen_at_;
  std::int64_t back_at_us_ = 0, believes_since_ = 0;
  std::unique_ptr<SimEngine> engine_;
  std::unique_ptr<app::Product> product_;
  std::map<std::string, std::int64_t> newest_own_;  // event, by topic
  std::set<std::string> told_by_others_;            // topics
  std::vector<Received> received_;                  // while it stood still
};

}  // namespace fairward::sim
