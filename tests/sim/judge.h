// The invariants of booking, read from the database by code of its own: slow, simple, and after every step.
#pragma once

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "modules/booking/calendar.h"
#include "platform/sql/engine.h"

namespace fairward::sim {

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Judge {
 public:
  explicit Judge(sql::Engine& engine) : engine_(engine) {}

  // After every step: one owner a cell, counters that agree with what they count, no hold past its deadline, nobody
  // left waiting whom a free slot fits, offers strictly to the oldest who could take them.
  // `is_settled`: the product has had the time to act on what is due.
  void check(Instant now, bool is_settled);
  // At the end, when all is quiet: every captured payment settled or refunded, and the gateway's books agree.
  void check_money(std::int64_t captured_minor, std::int64_t refunded_minor);
  // What was acknowledged as booked is still so, unless it was cancelled.
  void check_booked(const std::set<std::int64_t>& booked, const std::set<std::int64_t>& ended);
  std::map<std::string, std::int64_t> ledger_counts();
  std::string fingerprint();

 private:
  struct Waiter {
    std::int64_t wait, ticket, hospital;
    Instant from, to;
    std::int64_t slots;
  };
  using Cells = std::map<std::int64_t, std::string>;  // cell → status of its owner

  void check_claims(Snapshot& db);
  void check_counters(Snapshot& db);
  void check_deadlines(Snapshot& db, Instant now);
  void check_queue(Snapshot& db, Instant now);
  void check_ledger(Snapshot& db, Instant now);
  booking::Schedule schedule_of(Snapshot& db, DoctorId doctor);
  bool fits(const booking::Schedule& schedule, const Cells& taken, const Waiter& waiter, Instant now) const;
  Cells cells_of(Snapshot& db, DoctorId doctor);
  std::vector<Waiter> waiters_of(Snapshot& db, DoctorId doctor);

  sql::Engine& engine_;
  std::int64_t ledger_seen_ = 0;
  std::int64_t skips_ = 0;  // offers past an older waiter whom the slot did not fit
};

}  // namespace fairward::sim
