// When a doctor sees patients: weekly shifts and exceptions in wall time, turned into slots in UTC.
// Pure: no clock, no database. Source: mission B1.
//
// Gaps and folds of daylight saving: see Zone. A slot always lasts its full real length, so a shift across a gap has
// fewer slots and one across a fold more.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "platform/clock/zone.h"

namespace fairward::booking {

// Bookings are kept in cells of five minutes of UTC.
constexpr std::int64_t cell_ms = 300'000;
constexpr std::int64_t cells_per_day = 288;
constexpr std::int64_t cell_of(Instant at) { return at.ms / cell_ms; }
// The UTC day: near enough for looking a day back and more.
constexpr Date today_of(Instant now) { return {static_cast<std::int32_t>(now.ms / days(1).ms)}; }

struct Shift {
  std::int64_t id = 0;
  HospitalId hospital;
  const Zone* zone = nullptr;
  int weekdays = 0;  // bit mask, Monday = 1 … Sunday = 64
  TimeOfDay starts, ends;
  int slot_minutes = 0;                      // multiple of 5
  std::optional<Date> valid_from, valid_to;  // both included
};

enum class ExceptionKind : std::uint8_t { leave, holiday, extra };

struct Exception {
  std::int64_t id = 0;
  ExceptionKind kind = ExceptionKind::leave;
  HospitalId hospital;         // 0: every hospital (leave, holiday)
  const Zone* zone = nullptr;  // extra only
  Date on;
  std::optional<TimeOfDay> starts, ends;  // absent: the whole day (leave, holiday)
  int slot_minutes = 0;                   // extra only
};

struct Schedule {
  DoctorId doctor;
  int minimum_notice_minutes = 0;
  int max_booking_days = 0;
  std::int64_t version = 0;
  std::vector<Shift> shifts;
  std::vector<Exception> exceptions;  // ordered by date
};

// In whose zone the days of a question about this schedule are meant: the hospital's, or, when none is named, that of
// the first shift. nullptr when the doctor has no hours there.
const Zone* schedule_zone(const Schedule& schedule, std::optional<HospitalId> hospital);

// A run of slots of equal length without a break.
struct Session {
  HospitalId hospital;
  Instant starts_at;
  int slot_minutes = 0;
  int slots = 0;
  Duration slot_length() const { return minutes(slot_minutes); }
  Instant ends_at() const { return starts_at + slot_length() * slots; }
};

// Without the shifts and exceptions of these hospitals: the doctor takes no bookings there.
Schedule open_part(Schedule schedule, const std::vector<HospitalId>& closed);

// The sessions that have a slot starting in [from, to), ordered by start; the caller stops by returning false.
void sessions_each(const Schedule& schedule, Instant from, Instant to,
                   const std::function<bool(const Session&)>& visit);
std::vector<Session> sessions_between(const Schedule& schedule, Instant from, Instant to);

// The session that has a slot starting exactly at `starts_at` with `slots` slots from there; hospital 0 = any.
std::optional<Session> session_at(const Schedule& schedule, HospitalId hospital, Instant starts_at, int slots);

// What may be booked at `now`: slots that start in [earliest, latest).
struct BookableRange {
  Instant earliest, latest;
};
BookableRange bookable_range(const Schedule& schedule, Instant now);

// Do two shifts of one doctor ever claim the same wall time of the same weekday? Shifts in different zones are not
// compared: where they meet, the claims keep both slots from being taken.
bool overlaps(const Shift& a, const Shift& b);

}  // namespace fairward::booking
