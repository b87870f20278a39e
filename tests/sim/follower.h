// What a node of a simulated world hears of the others, by the rules of platform/sql/postgres_follower.h: each commit
// once, at a notice or at the latest with the next look; notices come late or not at all; the session is cut and made
// again; and a commit may be told after one with higher numbers, when neither had waited for the other.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "database.h"
#include "stage.h"

namespace fairward::sim {

class Follower {
 public:
  using Hear = std::function<void(std::vector<sql::Event>&&, Instant)>;
  Follower(Database& database, Stage& stage) : database_(database), stage_(stage) {}

  std::int64_t node() const { return node_; }  // 0: has the database for itself, and follows nobody
  void become_node();
  // Begins to tell, with what was committed since this became a node. `lost`: see Engine::follow.
  void start(Hear hear, std::function<void()> lost);

  // Somebody has committed something; the notice comes after that long.
  void notice(Duration delay);
  // The session is gone for so long.
  void cut(Duration away);
  bool is_cut() const { return now_us() < cut_until_us_; }
  bool has_to_look() const;
  // Looks, and tells what is new. Some commits may have been under way in that moment, but none up to `known`, which
  // this node has seen otherwise.
  void look(std::int64_t known);
  // All commits up to this one have been told.
  std::int64_t heard() const { return open_.empty() ? seen_ : *open_.begin() - 1; }
  bool is_hearing() const { return is_hearing_; }

 private:
  using Events = std::vector<Database::LoggedEvent>;
  void connect();
  Events take_fresh(std::int64_t known);
  void tell(Events events);
  std::int64_t now_us() const { return stage_.clock.steady_us(); }  // nothing here goes by what a wall says

  Database& database_;
  Stage& stage_;
  Hear hear_;
  std::function<void()> lost_;
  std::int64_t node_ = 0, seen_ = 0;  // the snapshot of the last look: the last commit it knew of,
  std::set<std::int64_t> open_;       // but for those
  int history_ = 0;
  Instant seen_at_;  // by the database's clock
  std::int64_t look_at_us_ = 0, cut_until_us_ = 0, notice_at_us_ = INT64_MAX;
  bool is_connected_ = false, is_hearing_ = false;
};

}  // namespace fairward::sim
