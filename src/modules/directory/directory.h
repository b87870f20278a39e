// Hospitals, departments, specialities, doctors and where they practise; search over them. Not for schedules, slots
// or bookings: see modules/booking, which tells this module of free times through the FreeTimes port.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/api/call.h"
#include "platform/api/routes.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::directory {

// A doctor at one hospital: what a booking needs to know.
struct Practice {
  DoctorId doctor;
  HospitalId hospital;
  std::string doctor_name;  // "Dr Asha Rao"
  std::string hospital_name;
  std::string time_zone;  // IANA name of the hospital's zone
  std::int64_t fee_minor = 0;
  std::string currency;
  bool is_active = true;  // doctor approved, the practice open and the hospital too
};

// What a search shows of a doctor's free times, and how long it stays so while nothing is taken or freed.
struct Upcoming {
  static constexpr std::size_t most = 4;
  std::array<Instant, most> starts{};
  std::size_t count = 0;
  int max_booking_days = 0;
  Instant good_from{1}, good_until{0};  // both included; asked in between the answer is the same
};

// Free times as booking knows them, from memory; safe on any thread. Searching asks thousands of times a second.
class FreeTimes {
 public:
  virtual ~FreeTimes() = default;
  // The start of the first free slot at or after `from` and before `to`; hospital 0 = any.
  virtual std::optional<Instant> first_free(DoctorId doctor, HospitalId hospital, Instant from, Instant to) const = 0;
  // The next free slot starts, at most `count`.
  virtual std::vector<Instant> next_free(DoctorId doctor, HospitalId hospital, Instant from, int count) const = 0;
  virtual int max_booking_days(DoctorId doctor) const = 0;
  // The next free slots of any hospital as they are at `now`.
  virtual Upcoming upcoming(DoctorId doctor, Instant now) const = 0;
  // Grows whenever the doctor's free times change, but for the time that passes; it stays in its place as long as the
  // port. nullptr: they are not counted, so no answer may be kept.
  virtual const std::atomic<std::uint64_t>* changes(DoctorId) const { return nullptr; }
};

class Directory {
 public:
  virtual ~Directory() = default;
  virtual void routes(api::Routes& routes) = 0;
  virtual void load(Snapshot& db) = 0;                 // fills the search index at start
  virtual void free_times(const FreeTimes& port) = 0;  // wired by src/app
  // The hospital's zone, from memory; nullptr for an unknown hospital.
  virtual const std::string* time_zone(
      HospitalId hospital) const = 0;  // the pointer stays valid as long as the program
  // Has the doctor an open practice at one of them? From memory, on any thread.
  virtual bool practises_at(DoctorId, const std::set<HospitalId>&) const { return false; }
  // The doctor's free times changed, perhaps to earlier ones (cancelled, new shifts). Cheap, on any thread, after the
  // commit. Without it a doctor that a search has not asked of late may stand too far behind for a while.
  virtual void free_times_changed(DoctorId) {}
  // Asks for everybody's first free time, so that the first search need not: at start, when booking has them.
  virtual void free_times_arrange() {}
  // Takes over what another node has committed of this doctor.
  virtual void refresh(Snapshot&, DoctorId) {}
  // An event of another node. What it changed is in doubt until it is read.
  virtual void heard(const sql::Event&) {}
  // Everything is in doubt: events of other nodes may have been lost.
  virtual void doubt_all() {}
  // Commits that got no answer, or another node's, may have changed what is in memory: reads it again. About once a
  // second while in doubt.
  virtual bool is_in_doubt() const { return false; }
  virtual void doubts_settle(Snapshot&) {}
  // Reviews by patients with a finished visit (the caller knows) changed: so many stars and so many reviews more, or
  // less. The search shows it with the commit. False: no such doctor.
  virtual bool rating_change(Txn&, DoctorId, std::int64_t /*stars*/, std::int64_t /*reviews*/) { return false; }
};
std::unique_ptr<Directory> make_directory(sql::Engine& engine, const Clock& clock);

// From the database, inside the caller's transaction. Ordered by hospital id.
std::vector<Practice> practices_of(Snapshot& db, DoctorId doctor);
std::optional<Practice> practice_find(Snapshot& db, DoctorId doctor, HospitalId hospital);
Txn::Asked<Practice> practice_ask(Txn& txn, DoctorId doctor, HospitalId hospital);  // the same, to be waited for later
// The hospital's IANA zone; nullopt for an unknown hospital.
std::optional<std::string> hospital_time_zone(Snapshot& db, HospitalId hospital);
std::optional<std::string> speciality_name(Snapshot& db, SpecialityId speciality);
std::optional<std::string> doctor_name(Snapshot& db, DoctorId doctor);  // "Dr Asha Rao"
// Stars of reviews, for demo data: written to the row and to nothing in memory, which is loaded afterwards.
bool doctor_rating_add(Txn& txn, DoctorId doctor, std::int64_t stars, std::int64_t reviews);
// Every practice of every doctor, one call each: for rebuilding memory at start.
void practices_each(Snapshot& db, const std::function<void(const Practice&)>& visit);

// What must hold of the directory in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();
std::vector<std::string> time_zones(Snapshot& db);  // of all hospitals
std::vector<HospitalId> hospitals_of_zone(Snapshot& db, const std::string& time_zone, HospitalId after,
                                          std::int64_t limit);
std::vector<std::int64_t> hospital_ids(Snapshot& db);  // of all hospitals, in order
struct Rating {
  DoctorId doctor;
  std::int64_t stars = 0, reviews = 0;
};
std::vector<Rating> ratings(Snapshot& db);  // of the doctors who have any, in order

}  // namespace fairward::directory
