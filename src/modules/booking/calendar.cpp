// Calendar arithmetic.
#include "modules/booking/calendar.h"

#include <algorithm>

namespace fairward::booking {
namespace {

// The part of a session that leave takes away, as slot indexes [first, last).
struct Cut {
  int first, last;
};

Cut cut_of(const Session& session, Instant from, Instant to) {
  const std::int64_t length = session.slot_length().ms;
  const std::int64_t begin = from.ms - session.starts_at.ms;
  const std::int64_t end = to.ms - session.starts_at.ms;
  const auto first = begin <= 0 ? 0 : begin / length;  // a slot that overlaps even a little is cut
  const auto last = end <= 0 ? 0 : (end + length - 1) / length;
  return {static_cast<int>(std::min<std::int64_t>(first, session.slots)),
          static_cast<int>(std::min<std::int64_t>(last, session.slots))};
}

void subtract(std::vector<Session>& sessions, std::size_t begin, Instant from, Instant to) {
  const std::size_t end = sessions.size();
  for (std::size_t i = begin; i < end; ++i) {
    const Session whole = sessions[i];
    const Cut cut = cut_of(whole, from, to);
    if (cut.first >= cut.last) continue;
    sessions[i].slots = cut.first;
    if (cut.last < whole.slots)
      sessions.push_back({whole.hospital, whole.starts_at + whole.slot_length() * cut.last, whole.slot_minutes,
                          whole.slots - cut.last});
  }
}

void session_add(std::vector<Session>& sessions, HospitalId hospital, const Zone& zone, Date on, TimeOfDay starts,
                 TimeOfDay ends, int slot_minutes) {
  const Instant begin = zone.instant(on, starts);
  const Instant end = zone.instant(on, ends);
  const auto slots = static_cast<int>((end.ms - begin.ms) / minutes(slot_minutes).ms);
  if (slots > 0) sessions.push_back({hospital, begin, slot_minutes, slots});
}

bool is_working(const Shift& shift, Date on) {
  return (shift.weekdays >> (on.weekday() - 1) & 1) != 0 && (!shift.valid_from || on >= *shift.valid_from) &&
         (!shift.valid_to || on <= *shift.valid_to);
}

// Appends the sessions of one local date.
void sessions_of(const Schedule& schedule, Date on, std::vector<Session>& sessions) {
  const auto exceptions =
      std::equal_range(schedule.exceptions.begin(), schedule.exceptions.end(), on, [](const auto& a, const auto& b) {
        const auto day = [](const auto& x) {
          if constexpr (requires { x.on; }) return x.on;
          else return x;
        };
        return day(a) < day(b);
      });
  for (const Shift& shift : schedule.shifts) {
    if (!is_working(shift, on)) continue;
    const std::size_t begin = sessions.size();
    session_add(sessions, shift.hospital, *shift.zone, on, shift.starts, shift.ends, shift.slot_minutes);
    for (auto e = exceptions.first; e != exceptions.second; ++e) {
      if (e->kind == ExceptionKind::extra || (e->hospital && e->hospital != shift.hospital)) continue;
      subtract(sessions, begin, shift.zone->instant(on, e->starts.value_or(TimeOfDay{0})),
               shift.zone->instant(on, e->ends.value_or(TimeOfDay{1440})));
    }
  }
  for (auto e = exceptions.first; e != exceptions.second; ++e)
    if (e->kind == ExceptionKind::extra)
      session_add(sessions, e->hospital, *e->zone, on, *e->starts, *e->ends, e->slot_minutes);
}

const Zone* only_zone(const Schedule& schedule) {
  const Zone* zone = nullptr;
  for (const Shift& shift : schedule.shifts) {
    if (zone && shift.zone != zone) return nullptr;
    zone = shift.zone;
  }
  for (const Exception& exception : schedule.exceptions) {
    if (exception.kind != ExceptionKind::extra) continue;
    if (zone && exception.zone != zone) return nullptr;
    zone = exception.zone;
  }
  return zone;
}

void tidy(std::vector<Session>& sessions) {
  std::erase_if(sessions, [](const Session& s) { return s.slots == 0; });
  std::sort(sessions.begin(), sessions.end(),
            [](const Session& a, const Session& b) { return a.starts_at < b.starts_at; });
}

// Hands over the sessions that have a slot starting in [from, to), cut to those slots. False: the caller has enough.
bool hand_over(const std::vector<Session>& sessions, Instant from, Instant to,
               const std::function<bool(const Session&)>& visit) {
  for (Session session : sessions) {
    const std::int64_t length = session.slot_length().ms;
    if (session.starts_at < from) {
      const std::int64_t skip =
          std::min<std::int64_t>((from.ms - session.starts_at.ms + length - 1) / length, session.slots);
      session.starts_at = session.starts_at + session.slot_length() * skip;
      session.slots -= static_cast<int>(skip);
    }
    if (session.starts_at >= to) continue;
    session.slots =
        static_cast<int>(std::min<std::int64_t>(session.slots, (to.ms - session.starts_at.ms + length - 1) / length));
    if (session.slots > 0 && !visit(session)) return false;
  }
  return true;
}

}  // namespace

const Zone* schedule_zone(const Schedule& schedule, std::optional<HospitalId> hospital) {
  for (const Shift& shift : schedule.shifts)
    if (!hospital || shift.hospital == *hospital) return shift.zone;
  for (const Exception& exception : schedule.exceptions)
    if (exception.zone && (!hospital || exception.hospital == *hospital)) return exception.zone;
  return nullptr;
}

Schedule open_part(Schedule schedule, const std::vector<HospitalId>& closed) {
  const auto is_closed = [&](const auto& hours) {
    return std::find(closed.begin(), closed.end(), hours.hospital) != closed.end();
  };
  std::erase_if(schedule.shifts, is_closed);
  std::erase_if(schedule.exceptions, is_closed);
  return schedule;
}

void sessions_each(const Schedule& schedule, Instant from, Instant to,
                   const std::function<bool(const Session&)>& visit) {
  if (from >= to) return;
  std::vector<Session> sessions;
  if (const Zone* zone = only_zone(schedule)) {
    const Date last = zone->date_of(to);
    for (Date on = zone->date_of(from) - 1; on <= last; on = on + 1) {
      sessions.clear();
      sessions_of(schedule, on, sessions);
      tidy(sessions);
      if (!hand_over(sessions, from, to, visit)) return;
    }
    return;
  }
  for (Date on = today_of(from) - 2; on <= today_of(to) + 1; on = on + 1) sessions_of(schedule, on, sessions);
  tidy(sessions);
  hand_over(sessions, from, to, visit);
}

std::vector<Session> sessions_between(const Schedule& schedule, Instant from, Instant to) {
  std::vector<Session> sessions;
  sessions_each(schedule, from, to, [&](const Session& session) {
    sessions.push_back(session);
    return true;
  });
  return sessions;
}

std::optional<Session> session_at(const Schedule& schedule, HospitalId hospital, Instant starts_at, int slots) {
  std::optional<Session> found;
  // A window of one day after the start holds all its slots: a session never spans two local days.
  sessions_each(schedule, starts_at, starts_at + days(1), [&](const Session& session) {
    if (session.starts_at > starts_at) return false;
    if (session.slots < slots || (hospital && session.hospital != hospital)) return true;
    found = session;
    return false;
  });
  return found;
}

BookableRange bookable_range(const Schedule& schedule, Instant now) {
  const Zone* zone = schedule.shifts.empty() ? nullptr : schedule.shifts.front().zone;
  for (const Exception& exception : schedule.exceptions)
    if (!zone && exception.kind == ExceptionKind::extra) zone = exception.zone;
  if (!zone) return {now, now};
  const Instant earliest = now + std::max(milliseconds(1), minutes(schedule.minimum_notice_minutes));
  return {earliest, zone->instant(zone->date_of(now) + schedule.max_booking_days + 1, {0})};
}

bool overlaps(const Shift& a, const Shift& b) {
  const bool dates = (!a.valid_to || !b.valid_from || *a.valid_to >= *b.valid_from) &&
                     (!b.valid_to || !a.valid_from || *b.valid_to >= *a.valid_from);
  return a.zone == b.zone && dates && (a.weekdays & b.weekdays) != 0 && a.starts < b.ends && b.starts < a.ends;
}

}  // namespace fairward::booking
