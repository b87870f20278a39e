// Slots, holds, appointments and the wait queue: the only header of this module that others include.
// Not for money (billing) and not for who practises where (directory).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "modules/billing/billing.h"
#include "modules/directory/directory.h"
#include "modules/identity/identity.h"
#include "platform/api/hub.h"
#include "platform/api/routes.h"
#include "platform/jobs/jobs.h"
#include "platform/nodes/nodes.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::booking {

struct BookingOptions {
  Duration hold_ttl = seconds(300);  // told to the client
  Duration hold_grace = seconds(5);  // not told; the server acts at ttl + grace
  Duration wait_ttl = hours(1);
  int open_holds_per_patient = 1;     // unpaid holds and waits together
  Duration refund_notice = hours(2);  // a patient who cancels later gets nothing back
};

struct BookingStats {
  std::size_t holds_active, waiting, doctors;
  std::size_t reloading;  // doctors whose memory is being read anew, or is to be
};

// An appointment as the reception sees it.
struct DayVisit {
  AppointmentId id;
  DoctorId doctor;
  HospitalId hospital;
  UserId patient;
  std::string status;  // booked, arrived, fulfilled …
  Instant starts_at, ends_at;
};

// What a patient is to be told of an appointment, or of a wait that ended without one: nothing is left that could be
// waited for; the longest time allowed is over; what was offered was not taken.
enum class NoticeKind : std::uint8_t { booked, offered, moved, cancelled, unserved, expired, lapsed };
struct Notice {
  NoticeKind kind = NoticeKind::booked;
  AppointmentId appointment;
  DoctorId doctor;
  HospitalId hospital;
  UserId patient;
  Instant starts_at, ends_at;
  std::optional<Instant> before_at;   // moved: when it was to be
  std::optional<Instant> expires_at;  // of an offer
  std::int64_t version = 0;           // of the appointment; grows with each change
  WaitId wait = {};                   // unserved, expired, lapsed: which; then there is no appointment
};

class Booking {
 public:
  virtual ~Booking() = default;
  virtual void routes(api::Routes& routes) = 0;
  virtual void jobs(jobs::Jobs& jobs) = 0;
  // Rebuilds bitmaps, ActiveReservations and WaitingUsers; call after migrations and before serving.
  virtual void load(Snapshot& db) = 0;
  virtual const directory::FreeTimes& free_times() const = 0;
  // The review of a finished visit, if it has one. Wired by src/app: reviews know of visits, not the other way round.
  using ReviewFind = std::function<std::optional<std::int64_t>(Snapshot&, AppointmentId)>;
  virtual void review_find(ReviewFind find) = 0;
  // Called in the transaction in which it happens, under the doctor's lock: it must not wait. Wired by src/app.
  using NoticeListener = std::function<void(Txn&, Call&, const Notice&)>;
  virtual void on_notice(NoticeListener listener) = 0;
  // Called in the transaction in which a visit that has begun changes, or is moved away from then. Wired by src/app.
  using PastListener = std::function<void(Txn&, HospitalId, Instant starts_at, Instant now)>;
  virtual void on_past_change(PastListener listener) = 0;
  // An event has been committed, here or by another node: then what it changed is applied to memory. Cheap, on any
  // thread.
  virtual void heard(const sql::Event& event) = 0;
  // Called when memory of a doctor was read anew, so that whoever keeps something beside it does so, too.
  virtual void on_reload(std::function<void(DoctorId)> listener) = 0;
  // Reads all doctors anew, one after the other: events of other nodes may have been lost.
  virtual void reload_all() = 0;
  // The directory has changed this doctor or hospital: perhaps it takes no bookings any more, or again. Cheap, on any
  // thread, after the commit.
  virtual void doctor_changed(DoctorId doctor) = 0;
  virtual void hospital_changed(HospitalId hospital) = 0;
  virtual BookingStats stats() const = 0;
  // The doctor begins with the patient of a booked appointment, or of a missed one: it is arrived. Nothing happens when
  // it is that or fulfilled already. Errors, in this order: appointment_not_found, appointment_status.
  virtual Result<void> visit_begin(Txn& txn, Call& call, AppointmentId id) = 0;
  // The doctor has closed the visit: the appointment is fulfilled, also before its time where the patient had arrived.
  // Nothing happens when it is already. Errors, in this order: appointment_not_found, appointment_status,
  // appointment_too_early.
  virtual Result<void> visit_finish(Txn& txn, Call& call, AppointmentId id) = 0;
  // May the caller follow this topic of the event stream? For "doctor/", "queue/" (public), "hold/", "appointment/",
  // "wait/".
  virtual bool may_follow(const api::Caller& caller, const std::string& topic, Snapshot& db) const = 0;
};

// Registers itself with billing as the owner of the payable kind "appointment". Holds and waits of a doctor are ended,
// and slots handed over, by the node that holds the doctor's part of the work; nullptr: by this one.
std::unique_ptr<Booking> make_booking(sql::Engine& engine, const Clock& clock, Entropy& entropy, api::Hub& hub,
                                      billing::Billing& billing, BookingOptions options,
                                      const nodes::Nodes* nodes = nullptr);

// What an appointment was: for those who act on finished visits.
struct Visit {
  DoctorId doctor;
  HospitalId hospital;
  UserId patient;
  Instant starts_at;
  bool is_finished = false;  // fulfilled
  Instant ends_at = {};
  bool is_pending = false, is_booked = false, is_cancelled = false;
  std::string status = {};  // "booked"
  std::optional<std::string> reason = {};
};
std::optional<Visit> visit_find(Snapshot& db, AppointmentId id);

// Who treats whom: by appointments from that instant on, also coming ones, that were not called off.
bool doctor_treats(Snapshot& db, DoctorId doctor, UserId patient, Instant from);
bool hospital_treats(Snapshot& db, HospitalId hospital, UserId patient);
struct TreatedPatient {
  UserId patient;
  std::optional<Instant> last_at, next_at;  // visits with the doctor; not one that was missed
};
// Whom the doctor treats since `from`, in the order of their ids, those after `after`.
std::vector<TreatedPatient> patients_of_doctor(Snapshot& db, DoctorId doctor, Instant from, Instant now, UserId after,
                                               std::int64_t limit);

std::optional<DayVisit> day_visit_find(Snapshot& db, AppointmentId id);
// Of a hospital, or of one of its doctors, by start and id: what starts in [from, to), after (after_start, after_id),
// of whatever status.
struct DayRange {
  Instant from, to, after_start;
  AppointmentId after_id;
  std::int64_t limit = 0;
};
std::vector<DayVisit> visits_of_day(Snapshot& db, HospitalId hospital, std::optional<DoctorId> doctor,
                                    const DayRange& range);
// For Route::locks of a route that takes the turn of this appointment's doctor.
std::int64_t lock_key(AppointmentId id);
// Booked visits of a hospital that begin in [from, to), in the order of (start, id), after that one.
struct BookedVisit {
  AppointmentId id;
  Visit visit;
  Instant created_at;
  std::int64_t version = 0;
};
std::vector<BookedVisit> visits_booked(Snapshot& db, HospitalId hospital, Instant from, Instant to, Instant after_start,
                                       AppointmentId after, std::int64_t limit);

// What there was of a doctor at a hospital, of visits that began in [from, to); one a currency, ordered by doctor.
struct MonthFigures {
  DoctorId doctor;
  std::string currency;
  std::int64_t visits = 0, cancelled = 0, missed = 0, worth_minor = 0;
};
std::vector<MonthFigures> month_figures(Snapshot& db, HospitalId hospital, Instant from, Instant to);

// Visits that take or took place and begin in [from, to), the earliest first.
std::vector<BookedVisit> visits_of_patient(Snapshot& db, UserId patient, Instant from, Instant to, std::int64_t limit);
std::vector<BookedVisit> visits_of_doctor(Snapshot& db, DoctorId doctor, Instant from, Instant to, std::int64_t limit);

// For demo data: finished visits of the weeks before `now` with every twelfth doctor, by these patients in turn, as the
// front desk books them; one more by `guest`, with the first doctor. In the demo's schedule: see demo_schedules.
struct DemoVisit {
  AppointmentId id;
  Visit visit;
};
struct DemoVisits {
  std::vector<DemoVisit> of_patients;
  std::optional<DemoVisit> of_guest;
};
DemoVisits demo_visits(sql::Engine& engine, const std::vector<UserId>& patients, UserId guest, Instant now);

// For demo data: a schedule for every practising doctor that has none: two shifts a day of 36 slots, every day.
// A doctor of two hospitals works the second shift at the second one. Returns how many doctors got one.
std::int64_t demo_schedules(sql::Engine& engine);

// What must hold of bookings in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants(int open_holds_per_patient);
std::vector<std::int64_t> visits_finished(Snapshot& db);  // the ids of fulfilled appointments, in order
std::vector<std::int64_t> visits_begun(Snapshot& db);     // of those that were booked and are more, or less, by now

}  // namespace fairward::booking
