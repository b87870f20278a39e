// See the header.
#include "modules/booking/waiting_users.h"

#include <algorithm>
#include <utility>

namespace fairward::booking {

void CounterTree::add(std::size_t index, int delta) {
  for (std::size_t i = index + 1; i <= tree_.size(); i += i & (~i + 1)) tree_[i - 1] += delta;
}

void CounterTree::set(std::size_t index) {
  // A new node covers [n - lowbit, n): its sum follows from the nodes below it.
  while (tree_.size() <= index) {
    const std::size_t n = tree_.size() + 1;
    const std::size_t low = n & (~n + 1);
    tree_.push_back(static_cast<int>(before(n - 1) - before(n - low)));
  }
  add(index, 1);
}

void CounterTree::clear(std::size_t index) { add(index, -1); }

std::size_t CounterTree::before(std::size_t index) const {
  std::size_t sum = 0;
  for (std::size_t i = std::min(index, tree_.size()); i > 0; i -= i & (~i + 1))
    sum += static_cast<std::size_t>(tree_[i - 1]);
  return sum;
}

void WaitingUsers::add(const Entry& entry) {
  const std::lock_guard lock(mutex_);
  add_locked(entry);
}

void WaitingUsers::add_locked(const Entry& entry) {
  if (places_.contains(entry.id)) return;
  Doctor& d = doctors_[entry.doctor];
  if (d.by_ticket.empty()) {
    d.first_ticket = entry.ticket;
    d.tree = {};
  }
  if (entry.ticket < d.first_ticket) return;  // older than the head: cannot be, tickets only grow
  d.tree.set(static_cast<std::size_t>(entry.ticket - d.first_ticket));
  d.by_ticket.emplace(entry.ticket, entry);
  places_[entry.id] = {entry.doctor, entry.ticket};
  if (guessed_.erase(entry.id) > 0) d.has_moved = true;
}

void WaitingUsers::remove(WaitId id) {
  const std::lock_guard lock(mutex_);
  remove_locked(id);
}

void WaitingUsers::remove_locked(WaitId id) {
  guessed_.erase(id);
  const auto place = places_.find(id);
  if (place == places_.end()) return;
  const auto [doctor, ticket] = place->second;
  places_.erase(place);
  Doctor& d = doctors_[doctor];
  d.tree.clear(static_cast<std::size_t>(ticket - d.first_ticket));
  d.by_ticket.erase(ticket);
  d.has_moved = true;
}

void WaitingUsers::replace(DoctorId doctor, const std::vector<Entry>& entries) {
  const std::lock_guard lock(mutex_);
  std::vector<WaitId> old;
  if (const auto found = doctors_.find(doctor); found != doctors_.end())
    for (const auto& [ticket, entry] : found->second.by_ticket) old.push_back(entry.id);
  for (const WaitId id : old) remove_locked(id);
  for (const Entry& entry : entries) add_locked(entry);
}

std::int64_t WaitingUsers::position(DoctorId doctor, WaitId id) const {
  const std::lock_guard lock(mutex_);
  if (!places_.contains(id)) guessed_.insert(id);
  const auto found = doctors_.find(doctor);
  if (found == doctors_.end()) return 1;
  const Doctor& d = found->second;
  const auto place = places_.find(id);
  const auto before = place == places_.end()
                          ? d.by_ticket.size()
                          : d.tree.before(static_cast<std::size_t>(place->second.second - d.first_ticket));
  return static_cast<std::int64_t>(before) + 1;
}

std::size_t WaitingUsers::waiting(DoctorId doctor) const {
  const std::lock_guard lock(mutex_);
  const auto found = doctors_.find(doctor);
  return found == doctors_.end() ? 0 : found->second.by_ticket.size();
}

std::vector<DoctorId> WaitingUsers::doctors() const {
  const std::lock_guard lock(mutex_);
  std::vector<DoctorId> ids;
  for (const auto& [doctor, d] : doctors_)
    if (!d.by_ticket.empty()) ids.push_back(doctor);
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<DoctorId> WaitingUsers::due(Instant now) const {
  const std::lock_guard lock(mutex_);
  std::vector<DoctorId> ids;
  // Everybody may wait equally long, so the head's time is over first.
  for (const auto& [doctor, d] : doctors_)
    if (!d.by_ticket.empty() && d.by_ticket.begin()->second.expires_at <= now) ids.push_back(doctor);
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<DoctorId> WaitingUsers::take_moved() {
  const std::lock_guard lock(mutex_);
  std::vector<DoctorId> ids;
  for (auto it = doctors_.begin(); it != doctors_.end();) {
    if (std::exchange(it->second.has_moved, false)) ids.push_back(it->first);
    it = it->second.by_ticket.empty() ? doctors_.erase(it) : std::next(it);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::size_t WaitingUsers::size() const {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

}  // namespace fairward::booking
