// A chain of sealed blocks: what a writer keeps of the commits that it makes.
#include <fmt/format.h>

#include "platform/api/codec.h"
#include "platform/audit/audit.h"
#include "platform/audit/marks.h"
#include "platform/audit/seal.h"
#include "platform/audit/subjects.h"
#include "platform/crypto/crypto.h"
#include "sql/audit.h"

namespace fairward::audit {
namespace {

constexpr std::size_t id_bytes = 6;

// What the product did by itself, as the events that it told of it.
std::string events_entry(std::span<const sql::Event> events) {
  Entry entry{.role = "system", .did = "events", .events = std::vector<std::string>()};
  for (const sql::Event& event : events) entry.events->push_back(event.kind + " " + event.topic);
  std::string json;
  api::encode(json, entry);
  return json;
}

class Chain final : public sql::Recorder {
 public:
  Chain(Key key, std::int64_t node) : key_(std::move(key)), node_(node) {}

  void keep(Txn& txn, std::span<const sql::CallRecord> calls, Instant at) override {
    if (id_ == 0) begin(txn, at);
    std::string entries;
    for (const sql::CallRecord& call : calls) {
      if (!entries.empty()) entries += '\n';
      if (call.entry.empty()) entries += events_entry(call.events);
      else entries += call.entry;
    }
    next_seal_ = key_.seal(block_text(seal_, number_ + 1, at, entries));
    txn.exec_later(sql_queries::block_insert, id_, number_ + 1, at, entries, next_seal_);
    for (const UserId patient : subjects_of(entries))
      txn.exec_later(sql_queries::patient_insert, patient, at, id_, number_ + 1);
    for (const Mark& mark : marks_of(entries))
      txn.exec_later(sql_queries::mark_insert, static_cast<std::int64_t>(mark.kind), mark.ref, at, id_, number_ + 1);
  }

  void ended(End end) override {
    if (end == End::committed && !next_seal_.empty()) {
      ++number_;
      seal_ = std::move(next_seal_);
      is_new_ = false;
    } else if (end == End::unknown || (end == End::undone && is_new_)) {
      id_ = 0;  // another chain, rather than one that forks
    }
    next_seal_.clear();
  }

 private:
  void begin(Txn& txn, Instant at) {
    id_ = txn.one<std::int64_t>(sql_queries::chain_insert, node_, at, key_.id()).value();
    number_ = 0;
    seal_ = chain_text(id_, node_, at, key_.id());
    is_new_ = true;
  }

  const Key key_;
  const std::int64_t node_;
  std::int64_t id_ = 0;      // 0: the next block begins a chain
  std::int64_t number_ = 0;  // of the last block
  std::string seal_, next_seal_;
  bool is_new_ = false;  // nothing of the chain is committed
};

}  // namespace

Key::Key(std::string secret)
    : secret_(std::move(secret)), id_(crypto::hex(crypto::bytes_of(crypto::sha256(secret_)).substr(0, id_bytes))) {}

Key Key::of_signing_seed(std::string_view seed) {
  return Key(std::string(crypto::bytes_of(crypto::hmac_sha256(seed, "fairward audit 1"))));
}

std::string Key::seal(std::string_view text) const {
  return crypto::base64url(crypto::bytes_of(crypto::hmac_sha256(secret_, text)));
}

sql::RecorderMaker recorder(const Key& key) {
  return [key](std::int64_t node) { return std::make_unique<Chain>(key, node); };
}

std::string chain_text(std::int64_t chain, std::int64_t node, Instant began_at, std::string_view key_id) {
  return fmt::format("{} {} {} {}", chain, node, began_at.ms, key_id);
}

std::string block_text(std::string_view before, std::int64_t number, Instant at, std::string_view entries) {
  return fmt::format("{}\n{} {}\n{}", before, number, at.ms, entries);
}

}  // namespace fairward::audit
