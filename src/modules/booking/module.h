// The booking module from inside: its operations, one member function a route, spread over holds.cpp, appointments.cpp,
// waitlist.cpp, slots.cpp, schedules.cpp and jobs.cpp.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "modules/booking/active_reservations.h"
#include "modules/booking/api.h"
#include "modules/booking/availability.h"
#include "modules/booking/booking.h"
#include "modules/booking/store.h"
#include "modules/booking/waiting_users.h"

namespace fairward::booking {

struct Opening;  // turn.h
struct Changes;  // events.h

class Module final : public Booking {
 public:
  Module(sql::Engine& engine, const Clock& clock, Entropy& entropy, api::Hub& hub, billing::Billing& billing,
         BookingOptions options, const nodes::Nodes* nodes);

  void routes(api::Routes& routes) override;
  void jobs(jobs::Jobs& jobs) override;
  void load(Snapshot& db) override;
  const directory::FreeTimes& free_times() const override { return availability_; }
  void review_find(ReviewFind find) override { review_find_ = std::move(find); }
  void on_notice(NoticeListener listener) override { noticed_ = std::move(listener); }
  void on_past_change(PastListener listener) override { past_changed_ = std::move(listener); }
  void heard(const sql::Event& event) override;
  void on_reload(std::function<void(DoctorId)> listener) override { reloaded_ = std::move(listener); }
  void reload_all() override;
  void doctor_changed(DoctorId doctor) override { reload_soon(doctor); }
  void hospital_changed(HospitalId hospital) override;
  BookingStats stats() const override;
  Result<void> visit_begin(Txn& txn, Call& call, AppointmentId id) override;
  Result<void> visit_finish(Txn& txn, Call& call, AppointmentId id) override;
  bool may_follow(const api::Caller& caller, const std::string& topic, Snapshot& db) const override;

 private:
  friend class Turn;

  // routes.cpp
  void slot_routes(api::Routes& r);
  void hold_routes(api::Routes& r);
  void appointment_routes(api::Routes& r);
  void doctor_appointment_routes(api::Routes& r);
  void wait_routes(api::Routes& r);
  void schedule_routes(api::Routes& r);

  // holds.cpp
  Result<void> hold_gate(const Call& call, const HoldCreate& body) const;
  bool gate_lets_one_pass(DoctorId doctor, Instant now) const;
  Result<Created<Hold>> hold_create(Txn& txn, Call& call, const HoldCreate& body);
  Result<Hold> hold_get(Snapshot& db, Call& call, const HoldId& path);
  Result<NoContent> hold_delete(Txn& txn, Call& call, const HoldId& path);
  Result<Accepted<HoldPayment>> hold_payment_create(Txn& txn, Call& call, const HoldPaymentCreate& body);
  billing::Settlement payment_captured(Txn& txn, Call& call, const billing::Payment& payment);
  void payment_failed(Txn& txn, Call& call, const billing::Payment& payment);
  Result<UserId> patient_for(Snapshot& db, const Call& call, std::optional<UserId> asked) const;
  std::optional<Fit> run_seen(const HoldCreate& body) const;
  Result<Opening> opening(Txn& txn, Call& call, const HoldCreate& body);

  // appointments.cpp
  Result<Created<Appointment>> appointment_create(Txn& txn, Call& call, const HoldCreate& body);
  Result<Page<Appointment>> appointment_list(Snapshot& db, Call& call, const AppointmentQuery& query);
  Result<Appointment> appointment_get(Snapshot& db, Call& call, const AppointmentGet& path);
  Result<Appointment> appointment_update(Txn& txn, Call& call, const AppointmentUpdate& body);
  Result<Appointment> appointment_cancel(Txn& txn, Call& call, const AppointmentCancel& body);
  Result<Page<Appointment>> doctor_appointment_list(Snapshot& db, Call& call, const AppointmentQuery& query);
  Result<Appointment> doctor_appointment_update(Txn& txn, Call& call, const DoctorAppointmentUpdate& body);
  Result<Appointment> status_change(Txn& txn, Call& call, AppointmentId id, StatusChange change,
                                    const std::optional<Reason>& reason);
  Result<Appointment> reschedule(Txn& txn, Call& call, AppointmentId id, Instant starts_at);
  Appointment appointment_view(Snapshot& db, const store::AppointmentRow& row) const;

  // waitlist.cpp
  Result<Created<Wait>> wait_create(Txn& txn, Call& call, const WaitCreate& body);
  Result<Wait> wait_get(Snapshot& db, Call& call, const WaitGet& path);
  Result<NoContent> wait_delete(Txn& txn, Call& call, const WaitGet& path);
  Result<Page<Wait>> wait_list(Snapshot& db, Call& call, const WaitQuery& query);
  Result<Page<LedgerEntry>> ledger_list(Snapshot& db, Call& call, const LedgerQuery& query);
  // place: in the queue, where memory does not know it yet.
  Wait wait_view(Snapshot& db, const store::WaitRow& row, Instant now, std::optional<std::int64_t> place = {}) const;

  // slots.cpp
  Result<Serialized<SlotList>> slot_list(Call& call, const SlotQuery& query);
  api::ReplyState slot_list_state(const Call& call, const SlotQuery& query) const;
  Result<Serialized<SlotList>> own_slot_list(Call& call, const OwnSlotQuery& query);

  // schedules.cpp
  Result<ScheduleView> schedule_get(Snapshot& db, Call& call, const ScheduleGet& path);
  Result<ScheduleView> schedule_update(Txn& txn, Call& call, const ScheduleUpdate& body);
  Result<Created<ScheduleView>> exception_create(Txn& txn, Call& call, const ExceptionCreate& body);
  Result<NoContent> exception_delete(Txn& txn, Call& call, const ExceptionDelete& path);
  Result<Created<ScheduleView>> own_slots_create(Txn& txn, Call& call, const OwnSlotsCreate& body);
  Result<void> may_plan(Snapshot& db, const Call& call, DoctorId doctor) const;
  ScheduleView schedule_view(Snapshot& db, const Schedule& schedule, const Call& call) const;
  ScheduleView schedule_changed(Txn& txn, Call& call, DoctorId doctor);

  // jobs.cpp
  void lapse_tick(Instant now);
  // due: by time, for the node that holds the lease. wanted: by a call of this node, whoever holds it.
  enum class Sweep : std::uint8_t { due, wanted };
  bool sweep(DoctorId doctor, Sweep why);  // submits one sweep; false when one of this doctor is under way
  bool watches(DoctorId doctor) const { return !nodes_ || nodes_->holds(doctor.value); }
  void sweep_soon(DoctorId doctor, Sweep why);  // at the next tick
  void positions_tick(Instant now);

  // memory.cpp
  bool is_late(const sql::Event& event, DoctorId doctor);
  void apply(DoctorId doctor, const Changes& changes);
  void reload_soon(DoctorId doctor);  // at the next tick
  void reload_tick();
  void reload(DoctorId doctor);
  std::uint64_t times_told(DoctorId doctor) const;

  sql::Engine& engine_;
  const Clock& clock_;
  Entropy& entropy_;
  api::Hub& hub_;
  billing::Billing& billing_;
  const BookingOptions options_;
  const nodes::Nodes* const nodes_;
  NoticeListener noticed_;
  PastListener past_changed_;
  ReviewFind review_find_;
  std::function<void(DoctorId)> reloaded_;
  Availability availability_;
  ActiveReservations active_;
  WaitingUsers waiting_;

  std::mutex sweeps_mutex_;
  std::unordered_set<DoctorId> sweeps_under_way_;
  std::map<DoctorId, Sweep> sweeps_soon_;

  mutable std::array<std::atomic<std::int64_t>, 1024> gate_passed_at_{};  // by doctor, modulo

  mutable std::mutex memory_mutex_;
  struct Told {
    std::int64_t newest = 0;  // event that memory knows of
    std::uint64_t count = 0;
  };
  std::unordered_map<DoctorId, Told> told_;
  std::set<DoctorId> reloads_wanted_;
  std::unordered_set<DoctorId> reloads_under_way_;
};

// {"amount_minor": …} of a stored fee.
inline Money price_of(const store::AppointmentRow& row) { return {row.fee_minor, row.currency}; }
// The hospitals at which the doctor takes no bookings: the practice, the hospital or the doctor is not active.
std::vector<HospitalId> closed_of(Snapshot& db, DoctorId doctor);
std::string payment_status_of(Snapshot& db, AppointmentId id);
// patient_has_open_hold, with the hold or wait that stands in the patient's way, so that the client can go there.
Failure open_hold_failure(Snapshot& db, UserId patient, Instant now);
// The ETag of an appointment as it is shown: differs with the row, the shown status, the state of the payment and the
// review.
std::int64_t shown_version(std::int64_t version, AppointmentStatus shown, std::string_view payment_status,
                           bool is_reviewed = false);

}  // namespace fairward::booking
