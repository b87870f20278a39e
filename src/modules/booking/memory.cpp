// Memory beside the database: loaded at start, changed by what is committed here and told by other nodes, and read anew
// where the order of changes is not sure. Source: mission B12, D2.
#include "base/plant.h"
#include "modules/booking/events.h"
#include "modules/booking/module.h"
#include "platform/log/log.h"

namespace fairward::booking {
namespace {

constexpr std::size_t reloads_at_once_max = 64;

// What the database says of one doctor.
struct DoctorState {
  std::optional<Schedule> schedule;
  std::vector<HospitalId> closed;
  TakenCells taken;
  std::vector<ActiveReservations::Hold> holds;
  std::vector<WaitingUsers::Entry> waits;
};

DoctorState state_of(Snapshot& db, DoctorId doctor, Instant now) {
  const Instant from = now - days(1);
  DoctorState state{store::schedule_find(db, doctor, today_of(now) - 1),
                    closed_of(db, doctor),
                    store::claims_from(db, doctor, from),
                    store::pending_of_doctor(db, doctor, from),
                    {}};
  for (const auto& row : store::waits_expired(db, doctor, Instant{INT64_MAX}))
    state.waits.push_back({row.id, row.doctor, row.ticket, row.expires_at});
  return state;
}

}  // namespace

void Module::load(Snapshot& db) {
  const Instant now = clock_.now();
  store::schedules_each(db, today_of(now) - 1, [&](Schedule&& schedule) {
    const DoctorId doctor = schedule.doctor;
    availability_.put_schedule(std::move(schedule));
    if (TakenCells taken = store::claims_from(db, doctor, now - days(1)); !taken.empty())
      availability_.put_taken(doctor, std::move(taken));
  });
  std::unordered_map<DoctorId, std::vector<HospitalId>> closed;
  directory::practices_each(db, [&](const directory::Practice& practice) {
    if (!practice.is_active) closed[practice.doctor].push_back(practice.hospital);
  });
  for (auto& [doctor, hospitals] : closed)
    if (availability_.schedule(doctor)) availability_.put_closed(doctor, std::move(hospitals));
  for (const auto& hold : store::pending_all(db)) active_.add(hold);
  for (const auto& entry : store::waits_all(db)) waiting_.add(entry);
}

std::vector<HospitalId> closed_of(Snapshot& db, DoctorId doctor) {
  std::vector<HospitalId> closed;
  for (const auto& practice : directory::practices_of(db, doctor))
    if (!practice.is_active) closed.push_back(practice.hospital);
  return closed;
}

void Module::hospital_changed(HospitalId hospital) {
  engine_.read(
      [this, hospital](Snapshot& db) {
        for (const DoctorId doctor : store::doctors_at(db, hospital)) reload_soon(doctor);
      },
      [hospital](sql::Outcome outcome) {
        if (outcome != sql::Outcome::done)
          log::warning("a hospital's doctors were not read", {{"hospital", hospital.value}});
      });
}

// Who sees a slot as held finds its hold: that comes first and goes last.
void Module::apply(DoctorId doctor, const Changes& changes) {
  for (const SlotChange& c : changes.slots) {
    if (c.status == SlotStatus::held)
      active_.add({c.appointment, doctor, c.starts_at, c.ends_at, c.expires_at.value(), c.lapses_at.value()});
    availability_.set(doctor, c.starts_at, c.ends_at, c.status);
    if (c.status != SlotStatus::held) active_.remove(c.appointment);
  }
  for (const WaitChange& c : changes.waits) {
    if (c.expires_at) waiting_.add({c.wait, doctor, c.ticket, *c.expires_at});
    else waiting_.remove(c.wait);
  }
}

// Turns of a doctor follow one another, and each takes the number of its event before it ends: in the order of numbers
// the changes make memory what the database is. One that comes after a higher number came too late.
bool Module::is_late(const sql::Event& event, DoctorId doctor) {
  const std::lock_guard lock(memory_mutex_);
  Told& told = told_[doctor];
  const bool is_late = event.id < told.newest;
  told.newest = std::max(told.newest, event.id);
  ++told.count;
  return is_late;
}

void Module::heard(const sql::Event& event) {
  auto doctor = api::topic_id<DoctorId>(event.topic, "doctor");
  if (!doctor) doctor = api::topic_id<DoctorId>(event.topic, "waiting");
  if (!doctor) return;
  const bool is_believed = plant == Plant::event_order_ignored && event.is_foreign;
  if (is_late(event, *doctor) && !is_believed) return reload_soon(*doctor);
  if (!event.is_foreign || !event.kind.starts_with("booking.")) return;
  const auto changes = api::decode<Changes>(event.payload);
  if (changes && event.kind != schedule_changed_kind) apply(*doctor, *changes);
  else reload_soon(*doctor);
}

std::uint64_t Module::times_told(DoctorId doctor) const {
  const std::lock_guard lock(memory_mutex_);
  const auto found = told_.find(doctor);
  return found == told_.end() ? 0 : found->second.count;
}

void Module::reload_soon(DoctorId doctor) {
  const std::lock_guard lock(memory_mutex_);
  reloads_wanted_.insert(doctor);
}

void Module::reload_all() {
  for (const DoctorId doctor : availability_.ids()) reload_soon(doctor);
}

void Module::reload_tick() {
  std::vector<DoctorId> due;
  {
    const std::lock_guard lock(memory_mutex_);
    for (auto it = reloads_wanted_.begin(); it != reloads_wanted_.end() && due.size() < reloads_at_once_max;) {
      if (!reloads_under_way_.insert(*it).second) {
        ++it;  // it may have looked before the reason for this one
        continue;
      }
      due.push_back(*it);
      it = reloads_wanted_.erase(it);
    }
  }
  for (const DoctorId doctor : due) reload(doctor);
}

// What is heard while the database is read may be in the answer or not: then it is read once more. Counted, because the
// number of an event whose commit got no answer may be given again.
void Module::reload(DoctorId doctor) {
  const auto state = std::make_shared<DoctorState>();
  engine_.read([state, doctor, now = clock_.now()](Snapshot& db) { *state = state_of(db, doctor, now); },
               [this, state, doctor, before = times_told(doctor)](sql::Outcome outcome) {
                 const bool is_good = outcome == sql::Outcome::done && times_told(doctor) == before;
                 if (is_good) {
                   active_.replace(doctor, state->holds);
                   if (state->schedule) availability_.put_schedule(std::move(*state->schedule));
                   if (availability_.schedule(doctor)) {
                     availability_.put_closed(doctor, std::move(state->closed));
                     availability_.put_taken(doctor, std::move(state->taken));
                   }
                   waiting_.replace(doctor, state->waits);
                   if (reloaded_) reloaded_(doctor);
                 } else if (outcome != sql::Outcome::done)
                   log::warning("memory was not read anew", {{"doctor", doctor.value}});
                 const std::lock_guard lock(memory_mutex_);
                 reloads_under_way_.erase(doctor);
                 if (!is_good) reloads_wanted_.insert(doctor);
               });
}

}  // namespace fairward::booking
