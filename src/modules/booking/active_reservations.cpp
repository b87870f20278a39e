// See the header.
#include "modules/booking/active_reservations.h"

namespace fairward::booking {

void ActiveReservations::erase_head(DoctorId doctor, const Doctor& d) {
  if (!d.oldest_first.empty()) heads_.erase({d.oldest_first.front().lapses_at, doctor});
}

void ActiveReservations::insert_head(DoctorId doctor, const Doctor& d) {
  if (!d.oldest_first.empty()) heads_.insert({d.oldest_first.front().lapses_at, doctor});
}

void ActiveReservations::add(const Hold& hold) {
  const std::lock_guard lock(mutex_);
  if (places_.contains(hold.id)) return;
  Doctor& d = doctors_[hold.doctor];
  erase_head(hold.doctor, d);
  auto after = d.oldest_first.end();
  while (after != d.oldest_first.begin() && std::prev(after)->lapses_at > hold.lapses_at) --after;
  places_[hold.id] = d.oldest_first.insert(after, hold);
  insert_head(hold.doctor, d);
}

void ActiveReservations::remove(AppointmentId id) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(id);
  if (place == places_.end()) return;
  const DoctorId doctor = place->second->doctor;
  Doctor& d = doctors_[doctor];
  erase_head(doctor, d);
  d.oldest_first.erase(place->second);
  places_.erase(place);
  insert_head(doctor, d);
  if (d.oldest_first.empty()) doctors_.erase(doctor);
}

void ActiveReservations::replace(DoctorId doctor, const std::vector<Hold>& holds) {
  std::vector<AppointmentId> old;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = doctors_.find(doctor); found != doctors_.end())
      for (const Hold& hold : found->second.oldest_first) old.push_back(hold.id);
  }
  for (const AppointmentId id : old) remove(id);
  for (const Hold& hold : holds) add(hold);
}

std::vector<DoctorId> ActiveReservations::due(Instant now) const {
  const std::lock_guard lock(mutex_);
  std::vector<DoctorId> doctors;
  for (const auto& [lapses_at, doctor] : heads_) {
    if (lapses_at > now) break;
    doctors.push_back(doctor);
  }
  return doctors;
}

std::optional<Instant> ActiveReservations::frees_by(DoctorId doctor, Instant slot) const {
  const std::lock_guard lock(mutex_);
  const auto found = doctors_.find(doctor);
  if (found == doctors_.end()) return std::nullopt;
  for (const Hold& hold : found->second.oldest_first)
    if (hold.starts_at <= slot && slot < hold.ends_at) return hold.lapses_at;
  return std::nullopt;
}

std::optional<Instant> ActiveReservations::lapse_of(DoctorId doctor, std::int64_t n) const {
  const std::lock_guard lock(mutex_);
  const auto found = doctors_.find(doctor);
  if (found == doctors_.end() || static_cast<std::int64_t>(found->second.oldest_first.size()) < n) return std::nullopt;
  return std::next(found->second.oldest_first.begin(), n - 1)->lapses_at;
}

std::optional<Instant> ActiveReservations::next() const {
  const std::lock_guard lock(mutex_);
  if (heads_.empty()) return std::nullopt;
  return heads_.begin()->first;
}

std::size_t ActiveReservations::size() const {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

}  // namespace fairward::booking
