// What the product should do, said a second time and as simply as can be: plain lists, searched from end to end. Shares
// no code with the product but the words for instants and days; knows nothing of SQL, memory, threads or retries. One
// object is the truth at one moment; it is copied, not undone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace fairward::sim {

// ---- hours: two zones are enough, one that never changes and one that does

enum class Place : std::uint8_t { kolkata, london };
Instant to_utc(Place place, Date date, int minute);  // in a gap: its end; in a fold: the first of the two
Date local_date(Place place, Instant at);

struct Shift {
  std::int64_t hospital = 0;
  int starts = 0, ends = 0, slot_minutes = 0;  // every day
};

struct Exception {
  std::int64_t id = 0;
  bool is_extra = false;      // else leave
  std::int64_t hospital = 0;  // 0: all of them (leave)
  Date on;
  int starts = 0, ends = 1440, slot_minutes = 0;
  friend bool operator==(const Exception&, const Exception&) = default;
};

struct Slot {
  Instant starts, ends;
  std::int64_t hospital = 0, session = 0;  // a run lies in one session
};

struct Hours {
  std::vector<Shift> shifts;
  std::vector<Exception> exceptions;
  int notice_minutes = 0, horizon_days = 1;
  std::int64_t version = 1;

  static Place place(std::int64_t hospital) { return hospital == 1 ? Place::kolkata : Place::london; }
  // Ordered; those that start in [from, to).
  std::vector<Slot> slots(Instant from, Instant to) const;
  Instant earliest(Instant now) const;  // what may be booked starts in [earliest, latest)
  Instant latest(Instant now) const;
  bool works_between(Instant from, Instant to) const;
};

// ---- the state, as the database stores it

struct Appointment {
  std::int64_t id = 0, doctor = 0, hospital = 0, patient = 0;
  std::string status;
  Instant starts, ends;
  std::int64_t slots = 0, fee = 0;
  Instant lapses;         // of a hold; 0 without
  std::int64_t wait = 0;  // offered to
  friend bool operator==(const Appointment&, const Appointment&) = default;
  bool owns_cells() const { return status != "cancelled" && status != "expired"; }
};

struct Wait {
  std::int64_t id = 0, doctor = 0, ticket = 0, hospital = 0, patient = 0;
  Instant from, to;
  std::int64_t slots = 0;
  std::string status;
  Instant expires;
  std::int64_t appointment = 0;
  friend bool operator==(const Wait&, const Wait&) = default;
};

struct Payment {
  std::int64_t id = 0, appointment = 0;
  std::string status;
  std::int64_t amount = 0;
  friend bool operator==(const Payment&, const Payment&) = default;
};

struct LedgerLine {
  std::int64_t doctor = 0;
  std::string kind;
  std::int64_t wait = 0, ticket = 0, appointment = 0;
  friend auto operator<=>(const LedgerLine&, const LedgerLine&) = default;
};

struct State {
  std::vector<Appointment> appointments;  // by id, which is the place in the list plus one
  std::vector<Wait> waits;
  std::vector<Payment> payments;
  std::vector<LedgerLine> ledger;
};

// What a call is answered.
struct Answer {
  int status = 0;
  std::string code;        // of a problem
  std::int64_t id = 0;     // of what was made
  bool is_change = true;   // false: nothing is stored
  bool is_repeat = false;  // the reply of the first request with this key
};

struct Rules {
  Duration hold_ttl, hold_grace, wait_ttl, refund_notice;
  std::int64_t fee_minor = 0;      // a slot
  std::int64_t free_hospital = 0;  // where nothing is to pay
};

class Model {
 public:
  explicit Model(Rules rules) : rules_(rules) {}

  struct Wish {
    std::int64_t doctor = 0, hospital = 0;
    Instant from, to;
    std::int64_t slots = 1;
  };

  // ---- calls of people; `now` is when the call is run
  Answer hold(Instant now, std::int64_t patient, std::int64_t doctor, std::int64_t hospital, Instant starts,
              std::int64_t slots);
  Answer book(Instant now, std::int64_t patient, bool is_staff, std::int64_t doctor, Instant starts,
              std::int64_t slots);  // POST /api/appointments
  Answer release(Instant now, std::int64_t hold);
  Answer pay(Instant now, std::int64_t hold);
  Answer join(Instant now, std::int64_t patient, std::int64_t doctor, std::int64_t hospital, Date from, Date to,
              std::int64_t slots);
  Answer leave(Instant now, std::int64_t wait);
  Answer change(Instant now, std::int64_t appointment, const std::string& to, bool is_staff);
  Answer move(Instant now, std::int64_t appointment, Instant starts);
  Answer exception_add(Instant now, std::int64_t doctor, Exception exception);
  Answer exception_remove(Instant now, std::int64_t doctor, std::int64_t id);
  Answer hours_change(Instant now, std::int64_t doctor, std::int64_t if_version, int horizon_days, int notice_minutes);

  // ---- what time and the gateway do
  void hold_lapsed(std::int64_t appointment);
  void wait_lapsed(std::int64_t wait);
  void captured(Instant now, std::int64_t payment);
  void not_paid(std::int64_t payment);
  void refunded(std::int64_t payment);
  void hand_over(Instant now, std::int64_t doctor);

  // ---- questions
  enum class Use : std::uint8_t { free, held, booked };
  Use use(std::int64_t doctor, Instant from, Instant to) const;
  const Appointment* owner(std::int64_t doctor, Instant at) const;
  std::optional<Slot> first_fit(Instant now, const Wish& wish, Use worst) const;  // from the first slot's start
  const Wait* overtaken(Instant now, std::int64_t doctor) const;  // somebody who waits though a run is free
  std::int64_t waiting(std::int64_t doctor) const;
  std::int64_t open(std::int64_t patient) const;
  const Appointment& appointment(std::int64_t id) const {
    return state.appointments.at(static_cast<std::size_t>(id - 1));
  }
  const Wait& wait(std::int64_t id) const { return state.waits.at(static_cast<std::size_t>(id - 1)); }
  const Payment& payment(std::int64_t id) const { return state.payments.at(static_cast<std::size_t>(id - 1)); }

  State state;
  std::map<std::int64_t, Hours> hours;  // by doctor
  struct Kept {
    std::string request;
    Answer answer;
  };
  std::map<std::string, Kept> keys;  // by patient, route and idempotency key
  std::map<std::string, std::int64_t> reached;

 private:
  Appointment& appointment_at(std::int64_t id) { return state.appointments.at(static_cast<std::size_t>(id - 1)); }
  Wait& wait_at(std::int64_t id) { return state.waits.at(static_cast<std::size_t>(id - 1)); }
  Payment& payment_at(std::int64_t id) { return state.payments.at(static_cast<std::size_t>(id - 1)); }
  std::optional<Slot> run_at(Instant now, std::int64_t doctor, std::int64_t hospital, Instant starts,
                             std::int64_t slots) const;
  std::optional<Answer> refusal(Instant now, std::int64_t doctor, const Slot& run, std::int64_t slots);
  std::optional<Answer> taken(Instant now, std::int64_t doctor, const Slot& run, std::int64_t slots) const;
  Appointment& claim(Instant now, std::int64_t doctor, const Slot& run, std::int64_t slots, std::int64_t patient,
                     bool is_hold, std::int64_t wait);
  void end(Appointment& appointment, const std::string& status);
  void confirm(Instant now, Appointment& appointment);
  bool book_late(Instant now, Appointment& appointment);
  void refund(std::int64_t appointment);
  void note(const Appointment* appointment, const Wait* wait, std::int64_t doctor, const std::string& kind);

  Rules rules_;
};

}  // namespace fairward::sim
