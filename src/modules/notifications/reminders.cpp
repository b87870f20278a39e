// The evening before: each booked visit of the next day is told of once. A round is a day of a zone; whichever node
// writes its row begins it, and a job carries it on through the hospitals. After an outage it is made up for as long as
// the visit has not begun. Source: mission J1.
#include <fmt/format.h>

#include "modules/notifications/module.h"

namespace fairward::notifications {
namespace {

constexpr std::string_view round_kind = "reminders";
constexpr std::string_view kind_name = "appointment_reminder";
constexpr std::int64_t visits_at_once = 100;
constexpr std::int64_t hospitals_at_once = 50;

// How far a round has come.
struct Round {
  std::string zone;
  Date on;
  std::int64_t hospital = 0;        // up to this one all is done
  std::int64_t after_start_ms = 0;  // of the next one's visits
  std::int64_t after = 0;
};
BOOST_DESCRIBE_STRUCT(Round, (), (zone, on, hospital, after_start_ms, after))

void round_enqueue(Txn& txn, const Call& call, const Round& round) {
  std::string payload;
  api::encode(payload, round);
  jobs::enqueue(txn, "notifications.remind", call.now, payload, call);
}

}  // namespace

Instant Module::reminders_due(const Zone& zone, Date on) const {
  return instant_of(zone, on - 1, options_.reminders_at);
}

// The days of a zone whose rounds should have begun by now.
std::vector<Date> Module::reminder_days(const Zone& zone, Instant now) const {
  const Date today = local_time(zone, now).date;
  std::vector<Date> days{today};
  if (now >= reminders_due(zone, today + 1)) days.push_back(today + 1);
  return days;
}

void Module::reminders_tick(Instant now) {
  const auto missing = std::make_shared<std::vector<std::pair<std::string, Date>>>();
  engine_.read(
      [this, now, missing](Snapshot& db) {
        missing->clear();
        for (const std::string& name : directory::time_zones(db)) {
          const Zone* zone = zone_find(name);
          if (!zone) continue;
          for (const Date on : reminder_days(*zone, now))
            if (!store::round_has_begun(db, round_kind, name, on)) missing->emplace_back(name, on);
        }
      },
      [this, missing](sql::Outcome) {
        for (const auto& [zone, on] : *missing) round_begin(zone, on);
      });
}

void Module::round_begin(const std::string& zone, Date on) {
  engine_.write(
      0,
      [this, zone, on](Txn& txn) {
        Call call;
        call.now = clock_.now();
        if (!store::round_begin(txn, round_kind, zone, on, call.now)) return false;
        round_enqueue(txn, call, {zone, on});
        return true;
      },
      [](sql::Outcome) {});
}

// Who booked or moved after the reminders were due has just been told when it is.
bool Module::is_to_be_reminded(Snapshot& db, const booking::BookedVisit& one, Instant due) {
  if (one.created_at >= due) return false;
  const auto moved = store::message_by_key(db, fmt::format("appointment_moved/{}/{}", one.id.value, one.version));
  return !moved || moved->created_at < due;
}

void Module::remind(Txn& txn, Call& call, const booking::BookedVisit& one) {
  store::MessageRow row;
  row.kind = kind_name;
  row.key = fmt::format("{}/{}/{}", kind_name, one.id.value, one.visit.starts_at.ms);
  row.person = one.visit.patient;
  row.hospital = one.visit.hospital;
  row.useless_at = one.visit.starts_at;
  Facts facts;
  facts.appointment = one.id;
  facts.doctor = one.visit.doctor;
  facts.starts_at = one.visit.starts_at;
  facts.ends_at = one.visit.ends_at;
  facts.version = one.version;
  if (!store::message_by_key(txn, row.key)) tell(txn, call, std::move(row), facts);
}

// One page of visits, then the next in a transaction of its own.
jobs::End Module::remind_inside(Txn& txn, Call& call, const jobs::Job& job) {
  auto round = api::decode<Round>(job.payload);
  const Zone* zone = round ? zone_find(round->zone) : nullptr;
  if (!zone) return jobs::End::done();
  const Instant due = reminders_due(*zone, round->on);
  const Instant from = std::max(instant_of(*zone, round->on, {0}), call.now + milliseconds(1));
  const Instant to = instant_of(*zone, round->on + 1, {0});
  const auto hospitals = directory::hospitals_of_zone(txn, round->zone, HospitalId{round->hospital}, hospitals_at_once);
  for (const HospitalId hospital : hospitals) {
    const auto visits = booking::visits_booked(txn, hospital, from, to, Instant{round->after_start_ms},
                                               AppointmentId{round->after}, visits_at_once);
    for (const auto& one : visits)
      if (is_to_be_reminded(txn, one, due)) remind(txn, call, one);
    if (static_cast<std::int64_t>(visits.size()) == visits_at_once) {
      round->after_start_ms = visits.back().visit.starts_at.ms;
      round->after = visits.back().id.value;
      round_enqueue(txn, call, *round);
      return jobs::End::done();
    }
    round->hospital = hospital.value;
    round->after_start_ms = round->after = 0;
  }
  if (static_cast<std::int64_t>(hospitals.size()) == hospitals_at_once) round_enqueue(txn, call, *round);
  return jobs::End::done();
}

}  // namespace fairward::notifications
