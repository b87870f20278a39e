#include "platform/audit/anchors.h"

#include <algorithm>
#include <memory>

#include "platform/api/codec.h"
#include "platform/log/log.h"
#include "sql/audit.h"

namespace fairward::audit {
namespace {

constexpr std::size_t heads_max = 200;  // in one note; the others come with the next

}  // namespace

std::vector<Head> heads_recent(Snapshot& db, Instant now) {
  return db.all<Head>(sql_queries::head_list_since, now - anchor_reach);
}

Anchors::Anchors(sql::Engine& engine, const Clock& clock, Keep keep)
    : engine_(engine), clock_(clock), keep_(std::move(keep)) {}

void Anchors::tick() {
  const std::int64_t now_ms = clock_.now().ms;
  std::int64_t due_ms = due_at_ms_.load();
  if (now_ms < due_ms || !due_at_ms_.compare_exchange_strong(due_ms, now_ms + anchor_period.ms)) return;
  engine_.write(
      0,
      [this](Txn& txn) {
        note(txn);
        return true;
      },
      [this](sql::Outcome outcome) {
        if (outcome != sql::Outcome::done) return log::warning("the ends of the audit record were not noted");
        tell();
      });
}

void Anchors::note(Txn& txn) const {
  Entry entry{.role = "system", .did = std::string(anchor_action), .heads = txn.all<Head>(sql_queries::head_list_new)};
  auto& heads = *entry.heads;
  heads.resize(std::min(heads.size(), heads_max));
  if (heads.empty()) return;
  for (const Head& head : heads) txn.exec(sql_queries::chain_noted, head.chain, head.number);
  std::string json;
  api::encode(json, entry);
  txn.record(std::move(json));
}

void Anchors::tell() {
  if (!keep_) return;
  const auto heads = std::make_shared<std::vector<Head>>();
  engine_.read([this, heads](Snapshot& db) { *heads = heads_recent(db, clock_.now()); },
               [this, heads](sql::Outcome outcome) {
                 if (outcome == sql::Outcome::done) keep_(std::move(*heads));
               });
}

}  // namespace fairward::audit
