#include "modules/directory/version.h"

namespace fairward::directory {
namespace {

constexpr std::size_t merge_factor = 4;  // a segment is at least this many times as large as the next

void kill(SegmentView& view, Ordinal ordinal) {
  if (view.is_dead(ordinal)) return;
  auto bits = view.dead_bits ? std::make_shared<std::vector<std::uint64_t>>(*view.dead_bits)
                             : std::make_shared<std::vector<std::uint64_t>>(view.segment->size() / 64 + 1, 0);
  (*bits)[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
  view.dead_bits = std::move(bits);
  view.dead.push_back(ordinal);
}

void alive_append(std::vector<std::shared_ptr<const DoctorCard>>& into, const SegmentView& view) {
  for (Ordinal ordinal = 0; ordinal < view.segment->size(); ++ordinal) {
    if (!view.is_dead(ordinal)) into.push_back(view.segment->cards()[ordinal]);
  }
}

void segments_merge(Version& version) {
  auto& segments = version.segments;
  std::erase_if(segments, [](const SegmentView& view) { return view.alive() == 0; });
  while (segments.size() >= 2 && segments.back().alive() * merge_factor > segments[segments.size() - 2].alive()) {
    std::vector<std::shared_ptr<const DoctorCard>> cards;
    alive_append(cards, segments[segments.size() - 2]);
    alive_append(cards, segments.back());
    segments.pop_back();
    segments.back() = {Segment::make(version.world, std::move(cards)), nullptr, {}};
  }
}

}  // namespace

std::shared_ptr<Version> version_next(const Version& version) {
  auto next = std::make_shared<Version>();
  next->world = version.world;
  next->segments = version.segments;
  return next;
}

void doctors_put(Version& version, const std::vector<std::shared_ptr<const DoctorCard>>& cards) {
  std::vector<std::shared_ptr<const DoctorCard>> listed;
  for (const auto& card : cards) {
    for (auto& view : version.segments) {
      if (const auto ordinal = view.segment->ordinal_of(card->row.id)) kill(view, *ordinal);
    }
    version.world.doctors.set(card->row.id.value, card);
    if (card->is_listed) listed.push_back(card);
  }
  if (!listed.empty()) version.segments.push_back({Segment::make(version.world, std::move(listed)), nullptr, {}});
  segments_merge(version);
}

void segments_make(Version& version) {
  std::vector<std::shared_ptr<const DoctorCard>> listed;
  version.world.doctors.each([&](const std::shared_ptr<const DoctorCard>& card) {
    if (card->is_listed) listed.push_back(card);
  });
  version.segments.clear();
  if (!listed.empty()) version.segments.push_back({Segment::make(version.world, std::move(listed)), nullptr, {}});
}

}  // namespace fairward::directory
