// Who stands behind a token or a cookie, in memory: a signature is verified once, a session row is read once a minute.
// Bounded; safe on any thread. A revocation counts at once on this node, and on another as soon as it hears of it.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "modules/identity/key_meter.h"
#include "modules/identity/store.h"
#include "platform/api/call.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {

constexpr Duration recheck_after = minutes(1);

// A credential that was found good.
struct KnownCaller {
  api::Caller caller;
  Instant checked_at;             // when the database was asked
  Instant expires_at;             // of the access token, or of the session
  Instant seen_at;                // of a cookie session: as stored
  std::uint64_t revocations = 0;  // that this node knew of before the database was asked
  KeyQuota quota;                 // of an API key
};

class CallerCache {
 public:
  // nullopt: unknown, to be checked again, or touched by a revocation since it was checked.
  std::optional<KnownCaller> find(const crypto::Digest& token, Instant now);
  void put(const crypto::Digest& token, const KnownCaller& known);
  void seen(const crypto::Digest& token, Instant at);

  // Counts revocations, by which checks and revocations are ordered: clocks are set back now and then.
  std::uint64_t revocations() const { return revocations_.load(std::memory_order_acquire); }
  // Everything that was checked before is checked again.
  void revoke(UserId user, Instant at);
  void revoke(SessionId session, Instant at);
  void revoke_all();
  // The same, of what nobody knows yet whether it is stored: it is checked with every call, until it must have been.
  void doubt(UserId user, Instant at);
  void doubt(SessionId session, Instant at);
  std::size_t size() const;

 private:
  struct DigestHash {
    std::size_t operator()(const crypto::Digest& digest) const noexcept;
  };
  using Map = std::unordered_map<crypto::Digest, KnownCaller, DigestHash>;
  // Two generations: when the young one is full it becomes the old one, and the old one is forgotten.
  struct Shard {
    mutable std::mutex mutex;
    Map young, old;
  };
  static constexpr std::size_t shards = 16, shard_entries_max = 2048;
  Shard& shard_of(const crypto::Digest& token) { return shards_[token[0] % shards]; }
  static KnownCaller* find_in(Shard& shard, const crypto::Digest& token);
  static void put_in(Shard& shard, const crypto::Digest& token, const KnownCaller& known);
  bool is_revoked(const KnownCaller& known, Instant now) const;

  std::array<Shard, shards> shards_;
  mutable std::mutex revoked_mutex_;
  // Entries older than recheck_after say nothing any more; they are dropped when the map has doubled.
  struct Revocation {
    Instant at;
    std::uint64_t number = 0;
    Instant doubted_until;
  };
  template <class Key>
  struct Revoked {
    std::unordered_map<Key, Revocation> last;
    std::size_t prune_at = 1024;
  };
  template <class Key>
  static bool covers(const Revoked<Key>& revoked, Key key, const KnownCaller& known, Instant now);
  template <class Key>
  void remember(Revoked<Key>& revoked, Key key, Instant at, Instant doubted_until = {});
  Revoked<UserId> revoked_users_;
  Revoked<SessionId> revoked_sessions_;
  std::atomic<std::uint64_t> revocations_{0};
  std::atomic<std::int64_t> doubted_until_ms_{0};  // the last of all
  std::atomic<std::uint64_t> all_revoked_{0};      // the number of the last revocation of everything
};

}  // namespace fairward::identity
