#include "modules/directory/free_order.h"

#include <bit>

#include "modules/directory/segment.h"

namespace fairward::directory {
namespace {

constexpr std::size_t reheard_share = 16, reheard_max = 4096;  // doctors asked without a reason, now and then
constexpr std::size_t day_buckets_max = 1 << 22;
constexpr std::int32_t day_never = INT32_MAX;

// Mending costs some nanoseconds a doctor, making the order by day some ten: a fiftieth of the time at most. Few
// doctors are always in the right order.
Duration mend_pause(std::size_t doctors) { return milliseconds(static_cast<std::int64_t>(doctors) / 2000); }
Duration day_pause(std::size_t doctors) { return milliseconds(static_cast<std::int64_t>(doctors) / 400); }
Duration hear_pause(std::size_t doctors) { return milliseconds(1000 + static_cast<std::int64_t>(doctors) / 200); }

// Clocks of several requests are not ordered; one that was set back is another matter.
bool is_past(Duration age, Duration pause) { return age.ms >= pause.ms || age < seconds(-1); }

std::int64_t heard(const DoctorCard& doctor, const FreeOrders::Ask& ask) {
  const auto first = ask(doctor);
  doctor.first_free.store(first, std::memory_order_relaxed);
  return first;
}

FreeOrder ordered(std::vector<FreeEntry> entries) {
  FreeOrder order;
  order.entries = std::move(entries);
  order.never_begin = static_cast<std::size_t>(
      std::ranges::lower_bound(order.entries, DoctorCard::free_never, {}, &FreeEntry::at) - order.entries.begin());
  return order;
}

// Specialities by name, equal names alike.
std::vector<std::uint32_t> speciality_ranks(const World& world) {
  std::vector<std::pair<std::string_view, std::int64_t>> names;
  world.specialities.each([&](const auto& card) { names.emplace_back(card->name_folded, card->row.id.value); });
  std::ranges::sort(names);
  std::vector<std::uint32_t> ranks(static_cast<std::size_t>(world.specialities.id_bound()), 0);
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0 && names[i].first != names[i - 1].first) ++rank;
    ranks[static_cast<std::size_t>(names[i].second)] = rank;
  }
  return ranks;
}

// What comes in the order of time is put into one bucket for each day and speciality, in the same order.
void buckets_sort(std::vector<DayEntry>& entries) {
  std::int32_t first = day_never, last = 0;
  std::uint32_t ranks = 0;
  for (const auto& entry : entries) {
    first = std::min(first, entry.day), ranks = std::max(ranks, entry.rank + 1);
    if (entry.day != day_never) last = std::max(last, entry.day);
  }
  const auto days = last < first ? 1 : static_cast<std::size_t>(last - first) + 2;  // the last is never
  if (days * ranks > day_buckets_max) {
    std::ranges::stable_sort(entries, std::less<>());
    return;
  }
  const auto bucket = [&](const DayEntry& entry) {
    return (entry.day == day_never ? days - 1 : static_cast<std::size_t>(entry.day - first)) * ranks + entry.rank;
  };
  std::vector<std::uint32_t> ends(days * ranks + 1, 0);
  for (const auto& entry : entries) ++ends[bucket(entry) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<DayEntry> sorted(entries.size());
  for (const auto& entry : entries) sorted[ends[bucket(entry)]++] = entry;
  entries = std::move(sorted);
}

DayOrder arranged_by_day(const FreeOrder& by_time, const Segment& segment, const World& world) {
  const auto ranks = speciality_ranks(world);
  LocalDays local;
  DayOrder order;
  order.never_begin = by_time.never_begin;
  order.number = by_time.number;
  order.entries.reserve(by_time.entries.size());
  for (const auto& [at, ordinal] : by_time.entries) {
    const auto speciality = segment.speciality(ordinal);
    const auto day = at == DoctorCard::free_never ? day_never : local.day(segment.zone(ordinal), Instant{at}).day;
    order.entries.push_back({at, day, speciality < ranks.size() ? ranks[speciality] : 0, ordinal});
  }
  buckets_sort(order.entries);
  return order;
}

}  // namespace

void FreeOrders::changed(Ordinal ordinal) const {
  changed_[ordinal / 64].fetch_or(std::uint64_t{1} << (ordinal % 64));
  if (!is_any_changed_.load()) is_any_changed_.store(true);
}

bool FreeOrders::is_old(Instant now, std::size_t doctors) const {
  const auto age = now - by_time_.made_at;
  if (!is_past(age, mend_pause(doctors))) return false;
  const auto& entries = by_time_.order->entries;
  return is_any_changed_.load(std::memory_order_relaxed) || (!entries.empty() && entries.front().at < now.ms) ||
         is_past(age, hear_pause(doctors));
}

template <class Order, class IsOld, class Make>
std::shared_ptr<const Order> FreeOrders::kept(Kept<Order>& kept, Instant now, IsOld&& is_old, Make&& make) const {
  std::shared_ptr<const Order> current;
  {
    const std::lock_guard lock(mutex_);
    if (kept.order && !is_old()) return kept.order;
    current = kept.order;
  }
  std::unique_lock making(kept.making, std::defer_lock);
  if (current) {
    if (!making.try_lock()) return current;  // somebody is at it
  } else {
    making.lock();
    const std::lock_guard lock(mutex_);
    if (kept.order && !is_old()) return kept.order;
  }
  auto made = std::make_shared<const Order>(make(current.get()));
  const std::lock_guard lock(mutex_);
  kept.order = made;
  kept.made_at = now;
  return made;
}

std::shared_ptr<const FreeOrder> FreeOrders::by_time(const Segment& segment, Instant now, const Ask& ask) const {
  return kept(
      by_time_, now, [&] { return is_old(now, segment.size()); },
      [&](const FreeOrder* before) {
        auto order = before == nullptr ? whole(segment, now, ask) : mended(*before, segment, now, ask);
        order.number = before == nullptr ? 1 : before->number + 1;
        return order;
      });
}

std::shared_ptr<const DayOrder> FreeOrders::by_day(const Segment& segment, const World& world, Instant now,
                                                   const Ask& ask) const {
  const auto source = by_time(segment, now, ask);
  const auto is_old = [&] {
    return by_day_.order->number != source->number && is_past(now - by_day_.made_at, day_pause(segment.size()));
  };
  return kept(by_day_, now, is_old, [&](const DayOrder*) { return arranged_by_day(*source, segment, world); });
}

// Cards bring what was heard of them in other segments.
FreeOrder FreeOrders::whole(const Segment& segment, Instant now, const Ask& ask) const {
  std::vector<FreeEntry> entries;
  entries.reserve(segment.size());
  segment.each_by_id([&](Ordinal ordinal) {
    const auto& doctor = segment.card(ordinal);
    const auto first = doctor.first_free.load(std::memory_order_relaxed);
    entries.push_back({first < now.ms ? heard(doctor, ask) : first, ordinal});
  });
  std::ranges::stable_sort(entries, std::less<>());
  reheard_at_ = now;
  return ordered(std::move(entries));
}

// Whose time changed or is over, and some others in turn: nothing tells that a day opens to those who are never free.
std::vector<Ordinal> FreeOrders::doubtful(const FreeOrder& before, Instant now) const {
  const auto doctors = before.entries.size();
  std::vector<std::uint64_t> bits(doctors / 64 + 1, 0);
  const auto add = [&](std::size_t ordinal) { bits[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64); };
  if (is_any_changed_.exchange(false)) {
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = changed_[i].exchange(0);
  }
  for (const auto& entry : before.entries) {
    if (entry.at >= now.ms) break;
    add(entry.ordinal);
  }
  if (is_past(now - reheard_at_, hear_pause(doctors))) {
    reheard_at_ = now;
    for (auto left = std::min({doctors, doctors / reheard_share + 1, reheard_max}); left > 0; --left)
      add(reheard_upto_++ % doctors);
  }
  std::vector<Ordinal> ordinals;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    for (auto left = bits[i]; left != 0; left &= left - 1)
      ordinals.push_back(static_cast<Ordinal>(i * 64 + static_cast<std::size_t>(std::countr_zero(left))));
  }
  return ordinals;
}

// The others stay as they are, in stretches between the new places.
FreeOrder FreeOrders::mended(const FreeOrder& before, const Segment& segment, Instant now, const Ask& ask) const {
  const auto is_before = [&](const FreeEntry& a, const FreeEntry& b) {
    return a.at != b.at ? a.at < b.at : segment.card(a.ordinal).row.id < segment.card(b.ordinal).row.id;
  };
  std::vector<std::uint64_t> moved(segment.size() / 64 + 1, 0);
  std::vector<FreeEntry> fresh;
  for (const auto ordinal : doubtful(before, now)) {
    moved[ordinal / 64] |= std::uint64_t{1} << (ordinal % 64);
    fresh.push_back({heard(segment.card(ordinal), ask), ordinal});
  }
  std::ranges::sort(fresh, is_before);
  std::vector<FreeEntry> entries;
  entries.reserve(segment.size());
  auto from = before.entries.begin();
  const auto stay_upto = [&](auto end) {
    for (; from != end; ++from) {
      if ((moved[from->ordinal / 64] >> (from->ordinal % 64) & 1) == 0) entries.push_back(*from);
    }
  };
  for (const auto& entry : fresh) {
    stay_upto(std::lower_bound(from, before.entries.end(), entry, is_before));
    entries.push_back(entry);
  }
  stay_upto(before.entries.end());
  return ordered(std::move(entries));
}

}  // namespace fairward::directory
