// The doctors of a segment in the order of their first free times as they were last heard. A search asks again whom it
// shows, so an order that is a moment old is good enough; what changed is put in its place bit by bit, because making
// an order of a million doctors anew takes half a second.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "modules/directory/world.h"

namespace fairward::directory {

using Ordinal = std::uint32_t;  // the place of a doctor in a segment: 0 is the best rated
class Segment;

struct FreeEntry {
  std::int64_t at;  // DoctorCard::free_never comes last
  Ordinal ordinal;
  friend bool operator<(const FreeEntry& a, const FreeEntry& b) { return a.at < b.at; }
};
// By the doctors' first free day where they are, the name of the speciality and the first free time.
struct DayEntry {
  std::int64_t at;
  std::int32_t day;  // of those who are never free: more than any other
  std::uint32_t rank;
  Ordinal ordinal;
  friend bool operator<(const DayEntry& a, const DayEntry& b) {
    return std::tie(a.day, a.rank, a.at) < std::tie(b.day, b.rank, b.at);
  }
};
template <class Entry>
struct Ordered {
  std::vector<Entry> entries;  // equals by the doctor's id
  std::size_t never_begin = 0;
  std::uint64_t number = 0;  // an order by day bears that of the order by time it was made of
  std::span<const Entry> free() const { return std::span(entries).first(never_begin); }
  std::span<const Entry> never() const { return std::span(entries).subspan(never_begin); }
};
using FreeOrder = Ordered<FreeEntry>;
using DayOrder = Ordered<DayEntry>;

// Goes through two stretches of an order, one after the other; backwards: from the last of each to the first, but among
// equals still by id.
template <class Entry>
class Walk {
 public:
  Walk(std::span<const Entry> first, std::span<const Entry> second, bool is_backwards)
      : stretches_{first, second}, is_backwards_(is_backwards) {
    start();
  }
  const Entry* next() {
    while (at_ == end_) {
      if (is_backwards_ && begin_ > 0) group_before();
      else if (++number_ < stretches_.size()) start();
      else return nullptr;
    }
    return &stretches_[number_][at_++];
  }

 private:
  void start() {
    const auto size = stretches_[number_].size();
    begin_ = at_ = is_backwards_ ? size : 0;
    end_ = size;
  }
  void group_before() {
    const auto before = stretches_[number_].first(begin_);
    end_ = begin_;
    begin_ = at_ =
        static_cast<std::size_t>(std::ranges::lower_bound(before, before.back(), std::less<>()) - before.begin());
  }
  std::array<std::span<const Entry>, 2> stretches_;
  bool is_backwards_;
  std::size_t number_ = 0, begin_ = 0, at_ = 0, end_ = 0;
};

// Keeps the orders of one segment. Thread-safe: one of the askers makes what has become old, the others do not wait.
class FreeOrders {
 public:
  using Ask = std::function<std::int64_t(const DoctorCard&)>;

  void resize(std::size_t doctors) { changed_ = std::vector<std::atomic<std::uint64_t>>(doctors / 64 + 1); }
  // What was heard of this doctor is not true any more. Cheap.
  void changed(Ordinal ordinal) const;
  std::shared_ptr<const FreeOrder> by_time(const Segment& segment, Instant now, const Ask& ask) const;
  std::shared_ptr<const DayOrder> by_day(const Segment& segment, const World& world, Instant now, const Ask& ask) const;

 private:
  template <class Order>
  struct Kept {
    std::shared_ptr<const Order> order;
    Instant made_at;
    std::mutex making;
  };
  template <class Order, class IsOld, class Make>
  std::shared_ptr<const Order> kept(Kept<Order>& kept, Instant now, IsOld&& is_old, Make&& make) const;
  bool is_old(Instant now, std::size_t doctors) const;
  FreeOrder whole(const Segment& segment, Instant now, const Ask& ask) const;
  FreeOrder mended(const FreeOrder& before, const Segment& segment, Instant now, const Ask& ask) const;
  std::vector<Ordinal> doubtful(const FreeOrder& before, Instant now) const;

  mutable std::mutex mutex_;  // held only to copy pointers
  mutable Kept<FreeOrder> by_time_;
  mutable Kept<DayOrder> by_day_;
  mutable Instant reheard_at_;  // both only while making by_time_
  mutable std::size_t reheard_upto_ = 0;
  mutable std::vector<std::atomic<std::uint64_t>> changed_;  // a bit a doctor
  mutable std::atomic<bool> is_any_changed_{false};
};

}  // namespace fairward::directory
