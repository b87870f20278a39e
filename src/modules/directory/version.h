// One version of everything in memory, and how the next is made from it: the doctors that changed go into a small new
// segment, and segments of like size are merged, so that a change costs the logarithm of all and no reader ever waits.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "modules/directory/segment.h"

namespace fairward::directory {

// A segment and which of its doctors are replaced or gone.
struct SegmentView {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const std::vector<std::uint64_t>> dead_bits;  // nullptr: none
  std::vector<Ordinal> dead;

  bool is_dead(Ordinal ordinal) const {
    return dead_bits != nullptr && ((*dead_bits)[ordinal / 64] >> (ordinal % 64) & 1);
  }
  std::size_t alive() const { return segment->size() - dead.size(); }
};

// What was found out for somebody, kept for the next page and the next asker; dies with its version.
template <class T, std::size_t kept_max>
class Kept {
 public:
  std::shared_ptr<const T> find(const std::string& key) const {
    auto& place = shard(key);
    const std::lock_guard lock(place.mutex);
    const auto at = place.kept.find(key);
    return at == place.kept.end() ? nullptr : at->second;
  }
  void keep(const std::string& key, std::shared_ptr<const T> value) const {
    auto& place = shard(key);
    const std::lock_guard lock(place.mutex);
    if (place.kept.size() >= kept_max / shards) place.kept.clear();
    place.kept.insert_or_assign(key, std::move(value));
  }

 private:
  static constexpr std::size_t shards = 16;
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const T>> kept;
  };
  Shard& shard(const std::string& key) const { return shards_[std::hash<std::string>()(key) % shards]; }
  mutable std::array<Shard, shards> shards_;
};

// How many doctors a set of filters finds.
struct Tally {
  std::int64_t total = 0;
  FacetCounts facets;
  std::string facets_json;
};
struct Understood;  // search.cpp
struct SearchPage;  // search.h

inline std::atomic<std::uint64_t> versions_made{0};

struct Version {
  World world;
  std::vector<SegmentView> segments;  // largest first
  const std::uint64_t number = ++versions_made;
  Kept<Tally, 4096> tallies;
  Kept<Understood, 4096> understood;
  Kept<SearchPage, 1024> pages;
};

// The same world and segments, with nothing kept, to be changed and published.
std::shared_ptr<Version> version_next(const Version& version);
// Puts these cards in place of older ones of the same doctors, in world and segments.
void doctors_put(Version& version, const std::vector<std::shared_ptr<const DoctorCard>>& cards);
// Arranges all doctors of the world anew.
void segments_make(Version& version);

}  // namespace fairward::directory
