// See the header.
#include "platform/api/reply_memo.h"

#include <utility>

namespace fairward::api {
namespace {

constexpr std::size_t entry_bytes = 160;  // of the tables themselves, about
constexpr std::size_t target_bytes_max = 256;

}  // namespace

std::size_t ReplyMemo::bytes_of(std::string_view target, const Entry& entry) {
  return entry_bytes + target.size() + entry.reply.body.size() + entry.reply.etag.size();
}

void ReplyMemo::insert(Shard& shard, std::string_view target, Entry entry) {
  const std::size_t bytes = bytes_of(target, entry);
  if (bytes > generation_bytes_max_) return;
  if (shard.young_bytes + bytes > generation_bytes_max_) {
    shard.old = std::exchange(shard.young, {});
    shard.young_bytes = 0;
  }
  shard.young_bytes += bytes;
  if (const auto known = shard.young.find(target); known != shard.young.end()) {
    shard.young_bytes -= bytes_of(target, known->second);
    known->second = std::move(entry);
    return;
  }
  shard.young.emplace(target, std::move(entry));
}

std::optional<KeptReply> ReplyMemo::find(std::string_view target, ReplyState state) {
  Shard& shard = shard_of(target);
  const std::lock_guard lock(shard.mutex);
  if (const auto young = shard.young.find(target); young != shard.young.end())
    return young->second.state == state ? std::optional(young->second.reply) : std::nullopt;
  const auto old = shard.old.find(target);
  if (old == shard.old.end()) return std::nullopt;
  Entry entry = std::move(old->second);
  shard.old.erase(old);
  if (entry.state != state) return std::nullopt;
  KeptReply reply = entry.reply;
  insert(shard, target, std::move(entry));
  return reply;
}

void ReplyMemo::put(std::string_view target, ReplyState state, const KeptReply& reply) {
  if (target.size() > target_bytes_max) return;
  Shard& shard = shard_of(target);
  const std::lock_guard lock(shard.mutex);
  insert(shard, target, {state, reply});
}

}  // namespace fairward::api
