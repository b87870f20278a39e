// Compressed replies, kept while what they say is true: a crowd that looks at one doctor costs one compression.
// Bounded; what was not asked for lately is forgotten. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fairward::api {

// Two replies to one target are the same when these are: the version of what they tell of, and whatever else the
// operation reads (the time, coarsely).
struct ReplyState {
  std::uint64_t version = 0, moment = 0;
  friend bool operator==(const ReplyState&, const ReplyState&) = default;
};

struct KeptReply {
  std::string body;  // compressed
  std::string etag;
  friend bool operator==(const KeptReply&, const KeptReply&) = default;
};

class ReplyMemo {
 public:
  explicit ReplyMemo(std::size_t bytes_max) : generation_bytes_max_(bytes_max / shards / 2) {}

  std::optional<KeptReply> find(std::string_view target, ReplyState state);
  // The state must have been read before the reply was made.
  void put(std::string_view target, ReplyState state, const KeptReply& reply);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  struct Entry {
    ReplyState state;
    KeptReply reply;
  };
  using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;
  // What is asked for moves to the young; when those are too many they become the old, and the old are forgotten.
  struct Shard {
    std::mutex mutex;
    Entries young, old;
    std::size_t young_bytes = 0;
  };
  static constexpr std::size_t shards = 16;
  Shard& shard_of(std::string_view target) { return shards_[Hash()(target) % shards]; }
  static std::size_t bytes_of(std::string_view target, const Entry& entry);
  void insert(Shard& shard, std::string_view target, Entry entry);

  const std::size_t generation_bytes_max_;
  std::array<Shard, shards> shards_;
};

}  // namespace fairward::api
