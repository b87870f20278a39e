// The daemon "WaitingUsers" of document C as a structure: who waits for each doctor, in order of arrival. Position in
// O(log n), removal in O(log n) of a counter tree and O(1) of the entry. The database decides who is served; this
// answers "how many are before me" and "whose hour is over" without SQL. Rebuilt at start. Mission B6, B12.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace fairward::booking {

// Counts marks at growing positions: add at the end, clear anywhere, count before a position.
class CounterTree {
 public:
  void set(std::size_t index);
  void clear(std::size_t index);
  std::size_t before(std::size_t index) const;  // marks at positions below index
 private:
  void add(std::size_t index, int delta);
  std::vector<int> tree_;  // Fenwick: tree_[i] covers the lowbit(i + 1) positions that end at i
};

class WaitingUsers {
 public:
  struct Entry {
    WaitId id;
    DoctorId doctor;
    std::int64_t ticket = 0;
    Instant expires_at;
  };

  void add(const Entry& entry);
  void remove(WaitId id);
  // The doctor has these waiters, ordered by ticket, and no others.
  void replace(DoctorId doctor, const std::vector<Entry>& entries);
  // 1 = the head of the doctor's queue. Who is not known yet joined a moment ago, perhaps at another node, and is
  // behind all who are: others before them may be unknown, too, so that they are told again when they are known.
  std::int64_t position(DoctorId doctor, WaitId id) const;
  std::size_t waiting(DoctorId doctor) const;
  std::vector<DoctorId> doctors() const;         // that have waiters
  std::vector<DoctorId> due(Instant now) const;  // that have a waiter whose time is over
  // Doctors whose queue moved since the last call: their waiters are told their new positions.
  std::vector<DoctorId> take_moved();
  std::size_t size() const;

 private:
  struct Doctor {
    std::int64_t first_ticket = 0;  // the ticket at position 0 of the tree
    CounterTree tree;
    std::map<std::int64_t, Entry> by_ticket;  // oldest first
    bool has_moved = false;
  };
  void add_locked(const Entry& entry);
  void remove_locked(WaitId id);

  mutable std::mutex mutex_;
  std::unordered_map<DoctorId, Doctor> doctors_;
  std::unordered_map<WaitId, std::pair<DoctorId, std::int64_t>> places_;
  mutable std::unordered_set<WaitId> guessed_;  // who was given a place before they were known
};

}  // namespace fairward::booking
