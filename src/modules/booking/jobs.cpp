// What booking does as time passes: holds lapse, waits end, positions are told; and how memory is rebuilt at start.
// Source: mission B5, B12, J4.
#include <fmt/format.h>

#include "modules/booking/errors.h"
#include "modules/booking/turn.h"
#include "platform/log/log.h"

namespace fairward::booking {

Module::Module(sql::Engine& engine, const Clock& clock, Entropy& entropy, api::Hub& hub, billing::Billing& billing,
               BookingOptions options)
    : engine_(engine),
      clock_(clock),
      entropy_(entropy),
      hub_(hub),
      billing_(billing),
      options_(options),
      availability_(clock) {
  billing.payable(
      "appointment", [this](Txn& txn, Call& call, const billing::Payment& p) { return payment_captured(txn, call, p); },
      [this](Txn& txn, Call& call, const billing::Payment& p) { payment_failed(txn, call, p); });
}

std::unique_ptr<Booking> make_booking(sql::Engine& engine, const Clock& clock, Entropy& entropy, api::Hub& hub,
                                      billing::Billing& billing, BookingOptions options) {
  return std::make_unique<Module>(engine, clock, entropy, hub, billing, options);
}

void Module::load(Snapshot& db) {
  const Instant now = clock_.now();
  const Date yesterday{static_cast<std::int32_t>(now.ms / days(1).ms) - 1};
  store::schedules_each(db, yesterday, [&](Schedule&& schedule) {
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

void Module::jobs(jobs::Jobs& jobs) {
  jobs.every("booking.lapse", milliseconds(20), [this](Instant now) { lapse_tick(now); });
  jobs.every("booking.positions", seconds(1), [this](Instant now) { positions_tick(now); });
  // As time passes a waiter's last slot may begin, or a new day may open for booking.
  jobs.every("booking.waiters", minutes(1), [this](Instant) {
    for (const DoctorId doctor : waiting_.doctors()) sweep_soon(doctor);
  });
  jobs.every("booking.forget", hours(1), [this](Instant now) { availability_.forget_before(now - days(1)); });
  // A safety net: what lapsed is found even if memory had lost it.
  jobs.every("booking.safety", seconds(10), [this](Instant now) {
    engine_.read(
        [this, now](Snapshot& db) {
          for (const DoctorId doctor : store::doctors_lapsed(db, now)) sweep_soon(doctor);
        },
        [](sql::Outcome) {});
  });
}

void Module::sweep_soon(DoctorId doctor) {
  const std::lock_guard lock(sweeps_mutex_);
  sweeps_wanted_.insert(doctor);
}

void Module::reload_soon(DoctorId doctor) {
  const std::lock_guard lock(sweeps_mutex_);
  reloads_wanted_.insert(doctor);
  sweeps_wanted_.insert(doctor);
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

bool Module::is_newest_turn(DoctorId doctor, std::uint64_t number) {
  const std::lock_guard lock(newest_turns_mutex_);
  std::uint64_t& newest = newest_turns_[doctor];
  if (number < newest) return false;
  newest = number;
  return true;
}

void Module::lapse_tick(Instant now) {
  std::set<DoctorId> wanted;
  {
    const std::lock_guard lock(sweeps_mutex_);
    wanted.swap(sweeps_wanted_);
  }
  std::set<DoctorId> due = wanted;
  for (const DoctorId doctor : active_.due(now)) due.insert(doctor);
  for (const DoctorId doctor : waiting_.due(now)) due.insert(doctor);
  for (const DoctorId doctor : due) {
    // The one under way may have looked before the reason for this one.
    if (!sweep(doctor) && wanted.contains(doctor)) sweep_soon(doctor);
  }
}

bool Module::sweep(DoctorId doctor) {
  bool is_reload = false;
  {
    const std::lock_guard lock(sweeps_mutex_);
    if (!sweeps_under_way_.insert(doctor).second) return false;
    is_reload = reloads_wanted_.erase(doctor) > 0;
  }
  engine_.write(
      doctor.value,
      [this, doctor, is_reload](Txn& txn) {
        Call call;
        call.caller.role = api::Role::system;
        call.scope = api::Scope::all;
        call.now = clock_.now();
        call.random = &entropy_;
        auto turn = Turn::take(*this, txn, call, doctor);
        if (turn) turn->sweep();
        if (turn && is_reload) {
          turn->remember_all();
          // Others who keep what this doctor's slots were read again, too.
          txn.emit({fmt::format("doctor/{}", doctor.value), "booking.slots_reloaded", "{}"});
        }
        return true;
      },
      [this, doctor, is_reload](sql::Outcome outcome) {
        if (outcome != sql::Outcome::done) log::warning("booking sweep failed", {{"doctor", doctor.value}});
        const std::lock_guard lock(sweeps_mutex_);
        sweeps_under_way_.erase(doctor);
        if (outcome == sql::Outcome::done) return;
        sweeps_wanted_.insert(doctor);
        if (is_reload) reloads_wanted_.insert(doctor);
      });
  return true;
}

// Who waits is told a new place at most once a second: a rush moves the queue far more often than a person can read.
void Module::positions_tick(Instant now) {
  std::vector<sql::Event> events;
  for (const DoctorId doctor : waiting_.take_moved())
    events.push_back({fmt::format("queue/{}", doctor.value), "booking.queue_moved", "{}"});
  if (!events.empty()) hub_.publish(events, now);
}

BookingStats Module::stats() const { return {active_.size(), waiting_.size(), availability_.doctors()}; }

bool Module::may_follow(const api::Caller& caller, const std::string& topic, Snapshot& db) const {
  const std::size_t slash = topic.find('/');
  if (slash == std::string::npos || slash + 1 == topic.size() || topic.size() > slash + 19) return false;
  if (topic.find_first_not_of("0123456789", slash + 1) != std::string::npos) return false;
  const std::string_view noun = std::string_view(topic).substr(0, slash);
  const std::int64_t id = std::stoll(topic.substr(slash + 1));
  if (noun == "doctor" || noun == "queue") return true;
  Call call;
  call.caller = caller;
  call.scope = caller.role == api::Role::platform_admin ? api::Scope::all
               : caller.is_staff()                      ? api::Scope::hospital
                                                        : api::Scope::own;
  if (noun == "wait") {
    const auto wait = store::wait_find(db, WaitId{id});
    return wait && call.reaches(wait->patient, wait->hospital.value_or(HospitalId{}));
  }
  if (noun != "hold" && noun != "appointment") return false;
  const auto row = store::appointment_find(db, AppointmentId{id});
  return row && call.reaches(row->patient, row->hospital, row->doctor);
}

}  // namespace fairward::booking
