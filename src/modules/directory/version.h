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

// How many doctors a set of filters finds, kept for the next page and the next asker; dies with its version.
struct Tally {
  std::int64_t total = 0;
  FacetCounts facets;
  std::string facets_json;
};
class Tallies {
 public:
  std::shared_ptr<const Tally> find(const std::string& filters) const;
  void keep(const std::string& filters, std::shared_ptr<const Tally> tally) const;

 private:
  static constexpr std::size_t shards = 16, kept_max = 256;  // per shard
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, std::shared_ptr<const Tally>> tallies;
  };
  Shard& shard(const std::string& filters) const;
  mutable std::array<Shard, shards> shards_;
};

struct Version {
  World world;
  std::vector<SegmentView> segments;  // largest first
  Tallies tallies;
};

// The same world and segments, with empty tallies, to be changed and published.
std::shared_ptr<Version> version_next(const Version& version);
// Puts these cards in place of older ones of the same doctors, in world and segments.
void doctors_put(Version& version, const std::vector<std::shared_ptr<const DoctorCard>>& cards);
// Arranges all doctors of the world anew.
void segments_make(Version& version);

}  // namespace fairward::directory
