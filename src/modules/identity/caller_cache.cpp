#include "modules/identity/caller_cache.h"

#include <atomic>
#include <cstring>

namespace fairward::identity {
namespace {

// Kept a little longer than it is needed: clocks of threads may read slightly apart.
constexpr Duration revocation_kept = recheck_after + minutes(1);

}  // namespace

std::size_t CallerCache::DigestHash::operator()(const crypto::Digest& digest) const noexcept {
  std::size_t hash;
  std::memcpy(&hash, digest.data() + 8, sizeof hash);
  return hash;
}

void CallerCache::put_in(Shard& shard, const crypto::Digest& token, const KnownCaller& known) {
  if (shard.young.size() >= shard_entries_max) {
    shard.old = std::move(shard.young);
    shard.young.clear();
  }
  shard.young.insert_or_assign(token, known);
}

KnownCaller* CallerCache::find_in(Shard& shard, const crypto::Digest& token) {
  if (const auto young = shard.young.find(token); young != shard.young.end()) return &young->second;
  const auto old = shard.old.find(token);
  if (old == shard.old.end()) return nullptr;
  const KnownCaller known = old->second;
  shard.old.erase(old);
  put_in(shard, token, known);
  return &shard.young.find(token)->second;
}

template <class Key>
bool CallerCache::covers(const Revoked<Key>& revoked, Key key, const KnownCaller& known, Instant now) {
  const auto entry = revoked.last.find(key);
  return entry != revoked.last.end() && (known.revocations < entry->second.number || now < entry->second.doubted_until);
}

// Nothing was revoked since: the usual case skips the lock.
bool CallerCache::is_revoked(const KnownCaller& known, Instant now) const {
  const bool is_doubt_open = now.ms < doubted_until_ms_.load(std::memory_order_acquire);
  if (known.revocations == revocations() && !is_doubt_open) return false;
  if (known.revocations < all_revoked_.load(std::memory_order_acquire)) return true;
  const std::lock_guard lock(revoked_mutex_);
  return covers(revoked_users_, known.caller.user, known, now) ||
         covers(revoked_sessions_, SessionId{known.caller.session}, known, now);
}

std::optional<KnownCaller> CallerCache::find(const crypto::Digest& token, Instant now) {
  Shard& shard = shard_of(token);
  std::optional<KnownCaller> found;
  {
    const std::lock_guard lock(shard.mutex);
    if (const KnownCaller* known = find_in(shard, token)) found = *known;
  }
  const bool is_fresh = found && found->checked_at + recheck_after > now && found->expires_at > now;
  if (!is_fresh || is_revoked(*found, now)) return std::nullopt;
  return found;
}

void CallerCache::put(const crypto::Digest& token, const KnownCaller& known) {
  Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  shard.old.erase(token);
  put_in(shard, token, known);
}

void CallerCache::seen(const crypto::Digest& token, Instant at) {
  Shard& shard = shard_of(token);
  const std::lock_guard lock(shard.mutex);
  if (KnownCaller* known = find_in(shard, token)) known->seen_at = at;
}

template <class Key>
void CallerCache::remember(Revoked<Key>& revoked, Key key, Instant at, Instant doubted_until) {
  const std::lock_guard lock(revoked_mutex_);
  if (revoked.last.size() >= revoked.prune_at) {
    std::erase_if(revoked.last, [&](const auto& entry) { return entry.second.at + revocation_kept < at; });
    revoked.prune_at = std::max<std::size_t>(revoked.last.size() * 2, 1024);
  }
  Revocation& last = revoked.last[key];
  last = {std::max(last.at, at), revocations() + 1, std::max(last.doubted_until, doubted_until)};
  doubted_until_ms_.store(std::max(doubted_until_ms_.load(), doubted_until.ms), std::memory_order_release);
  revocations_.store(last.number, std::memory_order_release);
}

void CallerCache::revoke(UserId user, Instant at) { remember(revoked_users_, user, at); }
void CallerCache::revoke(SessionId session, Instant at) { remember(revoked_sessions_, session, at); }

void CallerCache::doubt(UserId user, Instant at) { remember(revoked_users_, user, at, at + recheck_after); }
void CallerCache::doubt(SessionId session, Instant at) { remember(revoked_sessions_, session, at, at + recheck_after); }

void CallerCache::revoke_all() {
  const std::lock_guard lock(revoked_mutex_);
  all_revoked_.store(revocations() + 1, std::memory_order_release);
  revocations_.store(revocations() + 1, std::memory_order_release);
}

std::size_t CallerCache::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.young.size() + shard.old.size();
  }
  return size;
}

}  // namespace fairward::identity
