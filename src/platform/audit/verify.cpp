#include "platform/audit/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/api/codec.h"
#include "platform/audit/marks.h"
#include "platform/audit/seal.h"
#include "platform/audit/subjects.h"
#include "sql/audit.h"

namespace fairward::audit {
namespace {

constexpr std::int64_t blocks_at_once = 1000;

struct ChainRow {
  std::int64_t id = 0, node = 0;
  Instant began_at;
  std::string key_id;
  bool is_indexed = false, is_marked = false;
};

struct BlockRow {
  std::int64_t number = 0;
  Instant at;
  std::string entries, seal;
};

struct TimedRow {
  std::int64_t chain = 0, number = 0;
  Instant at;
  std::string entries;
};

template <class F>
void each_block(Snapshot& db, std::int64_t chain, F&& f) {
  for (std::int64_t last = 0;;) {
    auto page = db.all<BlockRow>(sql_queries::block_page, chain, last, blocks_at_once);
    if (page.empty()) return;
    last = page.back().number;
    for (BlockRow& block : page) f(std::move(block));
  }
}

class Verification {
 public:
  Verification(Snapshot& db, std::span<const Key> keys) : db_(db), keys_(keys) {}

  Report run(std::span<const Head> anchors) {
    for (const ChainRow& chain : db_.all<ChainRow>(sql_queries::chain_list)) walk(chain);
    for (const std::int64_t chain : db_.all<std::int64_t>(sql_queries::block_orphan_list))
      blame(chain, 0, "the row that says whose chain it is is missing");
    for (const Head& head : noted_) compare(head, "a block that another block tells of");
    for (const Head& head : anchors) compare(head, "a block that was noted outside the database");
    // Where blocks are missing their rows are too many, and the blocks have been named.
    if (report_.faults.empty() && db_.one<std::int64_t>(sql_queries::patient_count) != indexed_)
      blame(0, 0, "the index by patient has rows that the record does not: run fairward audit index");
    if (report_.faults.empty() && db_.one<std::int64_t>(sql_queries::mark_count) != marked_)
      blame(0, 0, "the index of who did what where has rows that the record does not: run fairward audit index");
    return std::move(report_);
  }

 private:
  void blame(std::int64_t chain, std::int64_t number, std::string what) {
    if (report_.faults.size() < Report::faults_max) report_.faults.push_back({chain, number, std::move(what)});
  }

  const Key* key_of(const ChainRow& chain) const {
    const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const Key& k) { return k.id() == chain.key_id; });
    return key == keys_.end() ? nullptr : &*key;
  }

  void walk(const ChainRow& chain) {
    ++report_.chains;
    const Key* key = key_of(chain);
    if (!key) ++report_.unknown_keys;
    std::int64_t last = 0;
    std::string before = chain_text(chain.id, chain.node, chain.began_at, chain.key_id);
    each_block(db_, chain.id, [&](BlockRow&& block) {
      if (block.number != last + 1) blame(chain.id, last + 1, "is missing");
      else if (key && key->seal(block_text(before, block.number, block.at, block.entries)) != block.seal)
        blame(chain.id, block.number, "is not as it was sealed");
      read(chain.id, block);
      if (chain.is_indexed) look_up(chain.id, block);
      if (chain.is_marked) marks_look_up(chain.id, block);
      last = block.number;
      before = std::move(block.seal);
    });
    if (last == 0) blame(chain.id, 1, "is missing");
  }

  void read(std::int64_t chain, const BlockRow& block) {
    ++report_.blocks;
    each_line(block.entries, [&](std::string_view line) {
      ++report_.entries;
      if (line.find(anchor_action) != std::string_view::npos) note(chain, block.number, line);
    });
  }

  // Is what others did found by whom they did it to?
  void look_up(std::int64_t chain, const BlockRow& block) {
    for (const UserId patient : subjects_of(block.entries)) {
      const bool is_known =
          db_.one<std::int64_t>(sql_queries::patient_known, patient, block.at, chain, block.number).has_value();
      if (is_known) ++indexed_;
      else blame(chain, block.number, "is not in the index by patient: run fairward audit index");
    }
  }

  void marks_look_up(std::int64_t chain, const BlockRow& block) {
    for (const Mark& mark : marks_of(block.entries)) {
      const auto kind = static_cast<std::int64_t>(mark.kind);
      if (db_.one<std::int64_t>(sql_queries::mark_known, kind, mark.ref, block.at, chain, block.number)) ++marked_;
      else blame(chain, block.number, "is not in the index of who did what where: run fairward audit index");
    }
  }

  void note(std::int64_t chain, std::int64_t number, std::string_view line) {
    auto entry = api::decode<Entry>(line);
    if (!entry) return blame(chain, number, "has a line that cannot be read");
    if (entry->did != anchor_action || !entry->heads) return;
    for (Head& head : *entry->heads) noted_.push_back(std::move(head));
  }

  void compare(const Head& head, std::string_view what) {
    const auto seal = db_.one<std::string>(sql_queries::block_seal, head.chain, head.number);
    if (!seal) blame(head.chain, head.number, fmt::format("is missing: {}", what));
    else if (*seal != head.seal) blame(head.chain, head.number, fmt::format("has another seal than {}", what));
  }

  Snapshot& db_;
  const std::span<const Key> keys_;
  Report report_;
  std::vector<Head> noted_;
  std::int64_t indexed_ = 0, marked_ = 0;  // rows of the indexes that must be there, and are
};

}  // namespace

Report verify(Snapshot& db, std::span<const Key> keys, std::span<const Head> anchors) {
  return Verification(db, keys).run(anchors);
}

void each(Snapshot& db, const std::function<void(const LineRead&)>& f) {
  for (TimedRow last;;) {
    auto page = db.all<TimedRow>(sql_queries::block_page_by_time, last.at, last.chain, last.number, blocks_at_once);
    if (page.empty()) return;
    for (const TimedRow& block : page) {
      int place = 0;
      each_line(block.entries, [&](std::string_view line) {
        ++place;
        if (const auto entry = api::decode<Entry>(line))
          f({fmt::format("{}-{}-{}", block.chain, block.number, place), block.at, line, *entry});
      });
    }
    last = std::move(page.back());
  }
}

std::int64_t chains_of_other_keys(Snapshot& db, const Key& key) {
  return db.one<std::int64_t>(sql_queries::chain_count_other_key, key.id()).value_or(0);
}

sql::Invariant invariant(const Key& key) {
  return {"audit.sealed", "the record of who did what is as it was sealed", "chain",
          [key](Snapshot& db, const sql::Invariant::Violated& violated) {
            for (const Fault& fault : verify(db, std::span(&key, 1)).faults) violated(fault.chain);
          }};
}

}  // namespace fairward::audit
