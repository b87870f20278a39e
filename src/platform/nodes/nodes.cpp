#include "platform/nodes/nodes.h"

#include <algorithm>
#include <memory>

#include "platform/log/log.h"
#include "sql/nodes.h"

namespace fairward::nodes {
namespace {

constexpr Duration remembered = days(1);  // a node that has died
constexpr Duration forget_period = hours(1);

std::int64_t part_of(std::int64_t key) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15 >> 32) % parts;
}

}  // namespace

Nodes::Nodes(sql::Engine& engine, const Clock& clock, std::string name)
    : engine_(engine), clock_(clock), name_(std::move(name)), started_at_(clock.now()) {}

void Nodes::tick() {
  if (is_alone() || is_leaving_) return;
  struct Renewed {
    std::vector<std::int64_t> held;
    std::int64_t living = 1;
  };
  const auto renewed = std::make_shared<Renewed>();
  const std::int64_t asked_us = clock_.steady_us();  // before the database's clock is read: the earlier end counts
  const bool is_forgetting = asked_us >= forget_at_us_;
  engine_.write(
      0,
      [this, renewed, is_forgetting](Txn& txn) {
        *renewed = {};
        if (is_forgetting) txn.exec(sql_queries::node_forget, clock_.now(), remembered);
        renew(txn, renewed->held, renewed->living);
        return true;
      },
      [this, renewed, asked_us, is_forgetting](sql::Outcome outcome) {
        if (outcome != sql::Outcome::done) return log::warning("the leases of this node were not renewed");
        if (is_forgetting) forget_at_us_ = asked_us + forget_period.ms * 1000;
        living_ = renewed->living;
        for (const std::int64_t part : renewed->held)
          until_us_[static_cast<std::size_t>(part)] = asked_us + lease_ttl.ms * 1000;
        for (std::int64_t part = 0; part < parts; ++part)
          if (std::find(renewed->held.begin(), renewed->held.end(), part) == renewed->held.end())
            until_us_[static_cast<std::size_t>(part)] = 0;
      });
}

void Nodes::renew(Txn& txn, std::vector<std::int64_t>& held, std::int64_t& living) const {
  const Instant now = clock_.now();
  const std::int64_t node = engine_.node();
  txn.exec(sql_queries::node_seen, node, name_, started_at_, now);
  living = txn.one<std::int64_t>(sql_queries::node_count, now, lease_ttl).value_or(1);
  held = txn.all<std::int64_t>(sql_queries::lease_renew, node, now, lease_ttl);
  const std::int64_t share = (parts + living - 1) / std::max<std::int64_t>(living, 1);
  for (; static_cast<std::int64_t>(held.size()) > share; held.pop_back())
    txn.exec(sql_queries::lease_release, held.back(), node);
  const std::int64_t missing = share - static_cast<std::int64_t>(held.size());
  if (missing <= 0) return;
  const auto taken = txn.all<std::int64_t>(sql_queries::lease_take, node, now, lease_ttl, missing);
  held.insert(held.end(), taken.begin(), taken.end());
}

void Nodes::leave() {
  if (is_alone() || is_leaving_.exchange(true)) return;
  for (auto& until : until_us_) until = 0;
  engine_.write(
      0,
      [this](Txn& txn) {
        txn.exec(sql_queries::lease_release_all, engine_.node());
        txn.exec(sql_queries::node_gone, engine_.node());
        return true;
      },
      [](sql::Outcome) {});
}

bool Nodes::holds(std::int64_t key) const {
  return is_alone() || until_us_[static_cast<std::size_t>(part_of(key))] > clock_.steady_us();
}

bool Nodes::holds(Snapshot& db, std::int64_t key) const {
  return is_alone() || db.one<std::int64_t>(sql_queries::lease_find, part_of(key), engine_.node(), clock_.now());
}

int Nodes::held() const {
  if (is_alone()) return parts;
  const std::int64_t now = clock_.steady_us();
  return static_cast<int>(
      std::count_if(until_us_.begin(), until_us_.end(), [&](const auto& until) { return until > now; }));
}

}  // namespace fairward::nodes
