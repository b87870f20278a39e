// One call's turn at one doctor. Taking it locks the doctor's queue row, so turns of a doctor follow one another: this
// order is the order of arrival. Everything that takes or frees cells goes through a turn, and leaves with the
// invariant restored: no waiter is left waiting whom a free slot fits.
#pragma once

#include <optional>
#include <string_view>

#include "modules/booking/events.h"
#include "modules/booking/module.h"

namespace fairward::booking {

class Turn {
 public:
  // nullopt: the doctor has no schedule. What the database knows of the run that the call is about is
  // asked for along with the lock.
  static std::optional<Turn> take(Module& module, Txn& txn, Call& call, DoctorId doctor,
                                  const std::optional<Fit>& run = std::nullopt);

  const Schedule& schedule() const { return *schedule_; }
  std::int64_t waiting() const { return queue_.waiting; }

  // The slots that start there, if they may be booked now. Errors: slot_not_bookable.
  Result<Fit> run_at(std::optional<HospitalId> hospital, Instant starts_at, int slots) const;
  std::optional<directory::Practice> practice_at(const Fit& run);
  // Errors: queue_first, slot_taken, all_held; with `outcome`, and `wait` where waiting may help.
  Result<void> check_free(const Fit& run, int slots);
  // A new appointment on a run that check_free found free. Without deadline it is booked, else pending.
  store::AppointmentRow claim(const Fit& run, int slots, UserId patient, Channel channel,
                              const directory::Practice& practice, const std::optional<Reason>& reason, bool is_hold,
                              std::optional<WaitId> wait = std::nullopt);
  void confirm(store::AppointmentRow& row);    // pending → booked
  bool book_late(store::AppointmentRow& row);  // ended → booked, if still free
  void end(store::AppointmentRow& row, AppointmentStatus to, std::string_view reason);  // frees the cells
  void set_status(store::AppointmentRow& row, AppointmentStatus to);                    // arrived, fulfilled, noshow
  Result<void> move(store::AppointmentRow& row, const Fit& run,
                    const directory::Practice& practice);  // errors as check_free

  store::WaitRow join(const WaitCreate& body, UserId patient, const Wish& wish);
  void leave(const store::WaitRow& wait, WaitStatus how, std::string_view reason);  // a waiting entry ends

  bool fits_free(const Wish& wish);
  bool fits_if_holds_lapse(const Wish& wish);  // free or only held
  bool has_slots(const Wish& wish);

  void tell_payment(const store::AppointmentRow& row) { tell(row, "booking.payment_returned"); }

  void hand_over();  // freed cells go to the oldest waiters that fit; those who cannot be served are told
  bool sweep();      // ends holds and waits whose time is over, then hands over; false: nothing has changed

 private:
  Turn(Module& module, Txn& txn, Call& call, DoctorId doctor)
      : m_(module), txn_(txn), call_(call), doctor_(doctor), news_(new News{module, txn, doctor}) {}
  // The schedule without hospitals where the doctor takes no bookings any more.
  const Schedule& open_schedule();
  void offer(const Wish& wish, const Fit& run, TakenCells& taken);
  void wait_end(WaitId id, WaitStatus status, std::optional<AppointmentId> appointment, std::string_view kind,
                std::string_view reason);
  void ledger(std::string_view kind, const store::WaitRow* wait, const store::AppointmentRow* row,
              std::string_view reason);
  void tell_doctor(std::string_view kind) { news_->kind = kind; }
  void tell(const store::AppointmentRow& row, std::string_view kind);
  void tell_wait(WaitId id, std::string_view kind);
  void notice_wait(WaitStatus status, const store::WaitRow& wait);
  void notice(NoticeKind kind, const store::AppointmentRow& row, std::optional<Instant> before_at = std::nullopt);
  // Of a visit there and then: whoever counts past days is told if it has begun.
  void tell_past(HospitalId hospital, Instant starts_at);
  void remember(const store::AppointmentRow& row, SlotStatus status);
  bool fits(const Wish& wish, bool count_held);
  TakenCells claims_at(const Fit& run);  // before this turn has changed anything
  bool is_handed_over(const Fit& run, const TakenCells& taken) const;
  Failure refusal(const Fit& run, int slots) const;

  Module& m_;
  Txn& txn_;
  Call& call_;
  DoctorId doctor_;
  std::shared_ptr<const Schedule> schedule_, open_schedule_;
  store::Queue queue_{};
  std::vector<Fit> offers_;  // made in this turn
  // What the turn has changed: at its end it goes to memory here, with the commit, and to whoever follows the doctor.
  struct News {
    Module& m;
    Txn& txn;
    DoctorId doctor;
    Changes changes{};
    std::string kind{};  // of what the doctor's followers are told; "" for nothing

    ~News();
  };
  std::unique_ptr<News> news_;
  struct Glimpse {
    Fit run;
    Txn::Asked<store::ClaimRow> claims;
    Txn::Asked<directory::Practice> practice;
  };
  std::optional<Glimpse> glimpse_;
};

// A run that is free for a patient, and the turn in which it may be taken.
struct Opening {
  Turn turn;
  UserId patient;
  Fit run;
  int slots;
  directory::Practice practice;
};

}  // namespace fairward::booking
