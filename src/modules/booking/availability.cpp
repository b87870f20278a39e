// Bitmaps of taken cells and the questions asked of them.
#include "modules/booking/availability.h"

#include <mutex>

namespace fairward::booking {

const TakenCells::Day* TakenCells::find(std::int32_t day) const {
  const auto at =
      std::lower_bound(days_.begin(), days_.end(), day, [](const Day& d, std::int32_t x) { return d.day < x; });
  return at != days_.end() && at->day == day ? &*at : nullptr;
}

TakenCells::Day& TakenCells::get(std::int32_t day) {
  const auto at =
      std::lower_bound(days_.begin(), days_.end(), day, [](const Day& d, std::int32_t x) { return d.day < x; });
  if (at != days_.end() && at->day == day) return *at;
  return *days_.insert(at, Day{day, {}, {}});
}

void TakenCells::set(std::int64_t first_cell, std::int64_t cells, SlotStatus status) {
  for (std::int64_t cell = first_cell; cell < first_cell + cells; ++cell) {
    Day& day = get(static_cast<std::int32_t>(cell / cells_per_day));
    day.held.set(cell % cells_per_day, status == SlotStatus::held);
    day.booked.set(cell % cells_per_day, status == SlotStatus::booked);
    if (status == SlotStatus::free && day.held.none() && day.booked.none())
      days_.erase(days_.begin() + (&day - days_.data()));
  }
}

SlotStatus TakenCells::status(std::int64_t first_cell, std::int64_t cells) const {
  SlotStatus worst = SlotStatus::free;
  const Day* day = nullptr;
  std::int64_t day_number = -1;
  for (std::int64_t cell = first_cell; cell < first_cell + cells; ++cell) {
    if (cell / cells_per_day != day_number) {
      day_number = cell / cells_per_day;
      day = find(static_cast<std::int32_t>(day_number));
    }
    if (!day) continue;
    if (day->booked.test(cell % cells_per_day)) return SlotStatus::booked;
    if (day->held.test(cell % cells_per_day)) worst = SlotStatus::held;
  }
  return worst;
}

void TakenCells::forget_before(std::int64_t cell) {
  const auto day = static_cast<std::int32_t>(cell / cells_per_day);
  std::erase_if(days_, [&](const Day& d) { return d.day < day; });
}

std::optional<Fit> first_fit(const Schedule& schedule, const Wish& wish, BookableRange bookable,
                             const std::function<bool(std::int64_t, std::int64_t)>& may_use) {
  std::optional<Fit> fit;
  const Instant from = std::max(wish.from, bookable.earliest);
  const Instant to = std::min(wish.to, bookable.latest);
  // A run may start before `to` and end after it, so sessions are read to the end of the day that holds `to`.
  sessions_each(schedule, from, to + days(1), [&](const Session& session) {
    if (session.starts_at >= to) return false;
    if (wish.hospital && session.hospital != wish.hospital) return true;
    const std::int64_t cells = session.slot_minutes / 5;
    int run = 0;
    for (int i = 0; i < session.slots; ++i) {
      const Instant slot = session.starts_at + session.slot_length() * i;
      run = may_use(cell_of(slot), cells) ? run + 1 : 0;
      if (run < wish.slots) continue;
      const Instant starts_at = slot - session.slot_length() * (wish.slots - 1);
      if (starts_at >= to) return true;
      fit = Fit{session.hospital, starts_at, slot + session.slot_length()};
      return false;
    }
    return true;
  });
  return fit;
}

void Availability::change(DoctorId doctor, const std::function<void(Doctor&)>& f) {
  Shard& s = shard(doctor);
  const std::unique_lock lock(s.mutex);
  auto& entry = s.doctors[doctor];
  if (!entry) entry = std::make_unique<Doctor>();
  f(*entry);
  entry->version.fetch_add(1, std::memory_order_release);
  entry->first_free.store(0, std::memory_order_relaxed);
}

void Availability::Doctor::open_make() {
  open = !schedule || closed.empty() ? schedule : std::make_shared<const Schedule>(open_part(*schedule, closed));
}

void Availability::put_schedule(Schedule schedule) {
  const DoctorId doctor = schedule.doctor;
  change(doctor, [&](Doctor& d) {
    if (d.schedule && d.schedule->version > schedule.version) return;
    d.schedule = std::make_shared<const Schedule>(std::move(schedule));
    d.open_make();
  });
}

void Availability::put_closed(DoctorId doctor, std::vector<HospitalId> closed) {
  change(doctor, [&](Doctor& d) {
    d.closed = std::move(closed);
    d.open_make();
  });
}

void Availability::put_taken(DoctorId doctor, TakenCells taken) {
  change(doctor, [&](Doctor& d) { d.taken = std::move(taken); });
}

void Availability::set(DoctorId doctor, Instant starts_at, Instant ends_at, SlotStatus status) {
  change(doctor, [&](Doctor& d) { d.taken.set(cell_of(starts_at), cell_of(ends_at) - cell_of(starts_at), status); });
}

void Availability::forget_before(Instant at) {
  for (Shard& s : shards_) {
    const std::unique_lock lock(s.mutex);
    for (auto& [id, doctor] : s.doctors) doctor->taken.forget_before(cell_of(at));
  }
}

std::shared_ptr<const Schedule> Availability::schedule(DoctorId doctor) const {
  const Shard& s = shard(doctor);
  const std::shared_lock lock(s.mutex);
  const auto found = s.doctors.find(doctor);
  return found == s.doctors.end() ? nullptr : found->second->schedule;
}

std::shared_ptr<const Schedule> Availability::open(DoctorId doctor) const {
  const Shard& s = shard(doctor);
  const std::shared_lock lock(s.mutex);
  const auto found = s.doctors.find(doctor);
  return found == s.doctors.end() ? nullptr : found->second->open;
}

bool Availability::with(DoctorId doctor, const std::function<void(const Schedule&, const TakenCells&)>& f) const {
  const Shard& s = shard(doctor);
  const std::shared_lock lock(s.mutex);
  const auto found = s.doctors.find(doctor);
  if (found == s.doctors.end() || !found->second->schedule) return false;
  f(*found->second->open, found->second->taken);
  return true;
}

std::uint64_t Availability::version(DoctorId doctor) const {
  const Shard& s = shard(doctor);
  const std::shared_lock lock(s.mutex);
  const auto found = s.doctors.find(doctor);
  return found == s.doctors.end() ? 0 : found->second->version.load(std::memory_order_acquire);
}

std::optional<Instant> Availability::first_free(DoctorId doctor, HospitalId hospital, Instant from, Instant to) const {
  const Shard& s = shard(doctor);
  const std::shared_lock lock(s.mutex);
  const auto found = s.doctors.find(doctor);
  if (found == s.doctors.end() || !found->second->schedule) return std::nullopt;
  const Doctor& d = *found->second;
  const BookableRange bookable = bookable_range(*d.open, clock_.now());
  const Instant earliest = std::max(from, bookable.earliest);
  const auto asked = static_cast<std::uint64_t>(earliest.ms / 60'000);
  if (const std::uint64_t known = d.first_free.load(std::memory_order_relaxed); known && !hospital) {
    const Instant answer{static_cast<std::int64_t>(known & 0xffffffff) * 60'000};
    if (asked >= known >> 32 && earliest <= answer)
      return answer < std::min(to, bookable.latest) ? std::optional(answer) : std::nullopt;
  }
  const auto fit = first_fit(*d.open, {hospital, earliest, hospital ? to : bookable.latest, 1}, bookable,
                             [&](std::int64_t cell, std::int64_t n) { return d.taken.is_free(cell, n); });
  if (!fit) return std::nullopt;
  // `asked` is rounded down to the minute; round up what is remembered so that it never claims too much.
  if (!hospital)
    d.first_free.store((asked + 1) << 32 | static_cast<std::uint64_t>(fit->starts_at.ms / 60'000),
                       std::memory_order_relaxed);
  return fit->starts_at < to ? std::optional(fit->starts_at) : std::nullopt;
}

std::vector<Instant> Availability::next_free(DoctorId doctor, HospitalId hospital, Instant from, int count) const {
  std::vector<Instant> starts;
  with(doctor, [&](const Schedule& schedule, const TakenCells& taken) {
    const BookableRange bookable = bookable_range(schedule, clock_.now());
    sessions_each(schedule, std::max(from, bookable.earliest), bookable.latest, [&](const Session& session) {
      if (hospital && session.hospital != hospital) return true;
      for (int i = 0; i < session.slots && static_cast<int>(starts.size()) < count; ++i) {
        const Instant slot = session.starts_at + session.slot_length() * i;
        if (taken.is_free(cell_of(slot), session.slot_minutes / 5)) starts.push_back(slot);
      }
      return static_cast<int>(starts.size()) < count;
    });
  });
  return starts;
}

int Availability::max_booking_days(DoctorId doctor) const {
  int days = 0;
  with(doctor, [&](const Schedule& schedule, const TakenCells&) { days = schedule.max_booking_days; });
  return days;
}

// Slots start, notices are and days begin at full minutes: between two of them nothing becomes too near or bookable.
// With all starts known nothing changes before the first of them is too near, because what is added comes after them.
directory::Upcoming Availability::upcoming(DoctorId doctor, Instant now) const {
  directory::Upcoming next;
  with(doctor, [&](const Schedule& schedule, const TakenCells& taken) {
    const BookableRange bookable = bookable_range(schedule, now);
    sessions_each(schedule, bookable.earliest, bookable.latest, [&](const Session& session) {
      for (int i = 0; i < session.slots && next.count < next.most; ++i) {
        const Instant slot = session.starts_at + session.slot_length() * i;
        if (taken.is_free(cell_of(slot), session.slot_minutes / 5)) next.starts[next.count++] = slot;
      }
      return next.count < next.most;
    });
    next.max_booking_days = schedule.max_booking_days;
    const Duration notice = bookable.earliest - now;
    const Instant minute{now.ms - now.ms % 60'000};
    next.good_from = std::min(now, minute + milliseconds(1));
    next.good_until = next.count < next.most ? minute + minutes(1) - milliseconds(1) : next.starts[0] - notice;
    if (next.count > 0) next.good_until = std::min(next.good_until, next.starts[0] - notice);
  });
  return next;
}

const std::atomic<std::uint64_t>* Availability::changes(DoctorId doctor) const {
  const Shard& s = shard(doctor);
  const std::shared_lock lock(s.mutex);
  const auto found = s.doctors.find(doctor);
  return found == s.doctors.end() ? nullptr : &found->second->version;
}

std::vector<DoctorId> Availability::ids() const {
  std::vector<DoctorId> ids;
  for (const Shard& s : shards_) {
    const std::shared_lock lock(s.mutex);
    for (const auto& [id, doctor] : s.doctors) ids.push_back(id);
  }
  return ids;
}

std::size_t Availability::doctors() const {
  std::size_t count = 0;
  for (const Shard& s : shards_) {
    const std::shared_lock lock(s.mutex);
    count += s.doctors.size();
  }
  return count;
}

}  // namespace fairward::booking
