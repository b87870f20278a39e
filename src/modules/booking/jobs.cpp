// What booking does as time passes: holds lapse, waits end, positions are told.
// Source: mission B5, B12, J4.
#include <fmt/format.h>

#include "base/plant.h"
#include "modules/booking/errors.h"
#include "modules/booking/turn.h"
#include "platform/log/log.h"

namespace fairward::booking {

Module::Module(sql::Engine& engine, const Clock& clock, Entropy& entropy, api::Hub& hub, billing::Billing& billing,
               BookingOptions options, const nodes::Nodes* nodes)
    : engine_(engine),
      clock_(clock),
      entropy_(entropy),
      hub_(hub),
      billing_(billing),
      options_(options),
      nodes_(nodes),
      availability_(clock) {
  billing.payable(
      "appointment", [this](Txn& txn, Call& call, const billing::Payment& p) { return payment_captured(txn, call, p); },
      [this](Txn& txn, Call& call, const billing::Payment& p) { payment_failed(txn, call, p); }, store::doctor_number);
  engine.lock_first(store::queue_lock_query());
}

std::unique_ptr<Booking> make_booking(sql::Engine& engine, const Clock& clock, Entropy& entropy, api::Hub& hub,
                                      billing::Billing& billing, BookingOptions options, const nodes::Nodes* nodes) {
  return std::make_unique<Module>(engine, clock, entropy, hub, billing, options, nodes);
}

void Module::jobs(jobs::Jobs& jobs) {
  jobs.every("booking.lapse", milliseconds(20), [this](Instant now) { lapse_tick(now); });
  jobs.every("booking.positions", seconds(1), [this](Instant now) { positions_tick(now); });
  // As time passes a waiter's last slot may begin, or a new day may open for booking.
  jobs.every("booking.waiters", minutes(1), [this](Instant) {
    for (const DoctorId doctor : waiting_.doctors())
      if (watches(doctor)) sweep_soon(doctor, Sweep::due);
  });
  jobs.every("booking.forget", hours(1), [this](Instant now) { availability_.forget_before(now - days(1)); });
  // A safety net: what lapsed is found even if memory had lost it.
  jobs.every("booking.safety", seconds(10), [this](Instant now) {
    engine_.read(
        [this, now](Snapshot& db) {
          for (const DoctorId doctor : store::doctors_lapsed(db, now))
            if (watches(doctor)) sweep_soon(doctor, Sweep::due);
        },
        [](sql::Outcome) {});
  });
}

void Module::sweep_soon(DoctorId doctor, Sweep why) {
  const std::lock_guard lock(sweeps_mutex_);
  Sweep& soon = sweeps_soon_.try_emplace(doctor, why).first->second;
  if (why == Sweep::wanted) soon = why;
}

void Module::lapse_tick(Instant now) {
  reload_tick();
  std::map<DoctorId, Sweep> soon;
  {
    const std::lock_guard lock(sweeps_mutex_);
    soon.swap(sweeps_soon_);
  }
  for (const auto& [doctor, why] : soon)
    if (!sweep(doctor, why)) sweep_soon(doctor, why);  // the one under way may have looked before the reason for this
  std::set<DoctorId> due;
  for (const DoctorId doctor : active_.due(now)) due.insert(doctor);
  for (const DoctorId doctor : waiting_.due(now)) due.insert(doctor);
  for (const DoctorId doctor : due)
    if (watches(doctor)) sweep(doctor, Sweep::due);
}

// What only time makes due is left to the node that holds the lease, also when this one finds it lost a moment later.
bool Module::sweep(DoctorId doctor, Sweep why) {
  {
    const std::lock_guard lock(sweeps_mutex_);
    if (!sweeps_under_way_.insert(doctor).second) return false;
  }
  engine_.write(
      doctor.value,
      [this, doctor, why](Txn& txn) {
        if constexpr (plant != Plant::lease_unchecked)
          if (why == Sweep::due && nodes_ && !nodes_->holds(txn, doctor.value)) return false;
        Call call;
        call.caller.role = api::Role::system;
        call.scope = api::Scope::all;
        call.now = clock_.now();
        call.random = &entropy_;
        if (auto turn = Turn::take(*this, txn, call, doctor)) turn->sweep();
        return true;
      },
      [this, doctor, why](sql::Outcome outcome) {
        const bool has_failed = outcome != sql::Outcome::done && outcome != sql::Outcome::undone;
        if (has_failed) log::warning("booking sweep failed", {{"doctor", doctor.value}});
        {
          const std::lock_guard lock(sweeps_mutex_);
          sweeps_under_way_.erase(doctor);
        }
        if (has_failed) sweep_soon(doctor, why);
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

BookingStats Module::stats() const {
  const std::lock_guard lock(memory_mutex_);
  return {active_.size(), waiting_.size(), availability_.doctors(), reloads_wanted_.size() + reloads_under_way_.size()};
}

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
