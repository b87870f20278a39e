// The nodes that share a database, and the work that one of them does for all: it is cut into parts, and whoever holds
// the lease of a part does it. A node that dies loses its leases by time; the others take them over. A node that has
// its database for itself holds everything and asks nobody.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "platform/clock/clock.h"
#include "platform/sql/engine.h"

namespace fairward::nodes {

constexpr int parts = 64;
constexpr Duration lease_ttl = seconds(3);
constexpr Duration tick_period = seconds(1);

class Nodes {
 public:
  // name: for people, for example host and port.
  Nodes(sql::Engine& engine, const Clock& clock, std::string name);

  // Says that this node is there, keeps its leases, takes a fair share of those that nobody holds. Every tick_period.
  void tick();
  // Gives the leases back, so that the others need not wait for their end.
  void leave();
  // Is the part of the work that this key falls into done here? From memory, by a clock that never goes back: a node
  // that stood still finds its leases over.
  bool holds(std::int64_t key) const;
  // The same, by the database and its clock: for the transaction that does the work.
  bool holds(Snapshot& db, std::int64_t key) const;
  int held() const;                                // parts
  std::int64_t living() const { return living_; }  // nodes, this one included

 private:
  bool is_alone() const { return engine_.node() == 0; }
  void renew(Txn& txn, std::vector<std::int64_t>& held, std::int64_t& living) const;

  sql::Engine& engine_;
  const Clock& clock_;
  const std::string name_;
  const Instant started_at_;
  std::array<std::atomic<std::int64_t>, parts> until_us_{};  // of clock_.steady_us()
  std::atomic<std::int64_t> living_{1};
  std::atomic<std::int64_t> forget_at_us_{0};  // of clock_.steady_us(): then the rows of dead nodes are removed
  std::atomic<bool> is_leaving_{false};
};

}  // namespace fairward::nodes
