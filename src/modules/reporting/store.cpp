#include "modules/reporting/store.h"

#include "sql/reporting.h"

namespace fairward::reporting::store {

namespace q = sql_queries;

std::optional<std::string> time_zone_of(Snapshot& db, HospitalId hospital) {
  return db.one<std::string>(q::hospital_find, hospital);
}

std::string time_zone_of_all(Snapshot& db) {
  auto zones = db.all<std::string>(q::zone_list);
  return zones.size() == 1 ? std::move(zones.front()) : "UTC";
}

std::vector<HospitalId> hospitals_with_visits(Snapshot& db) {
  std::vector<HospitalId> hospitals;
  HospitalId last;
  while (const auto next = db.one<std::optional<HospitalId>>(q::hospital_next, last)) {
    if (!*next) break;
    last = **next;
    hospitals.push_back(last);
  }
  return hospitals;
}

namespace {

struct VisitRow {
  Instant starts_at;
  std::string status;
  DoctorId doctor;
};
struct ArrivalRow {
  std::string arrived_on;
  Instant arrived_at;
  std::optional<Instant> called_at;
};
struct MoneyRow {
  Instant at;
  std::string currency;
  std::int64_t amount_minor;
};

void money_count(Snapshot& db, const sql::Query& query, std::int64_t MoneySum::*member, HospitalId hospital,
                 const Zone& zone, Instant from, Instant to, const DayTake& day) {
  db.each<MoneyRow>(
      query, [&](MoneyRow&& row) { day(zone.date_of(row.at)).money[row.currency].*member += row.amount_minor; },
      hospital, from, to);
}

}  // namespace

void days_count(Snapshot& db, HospitalId hospital, const Zone& zone, Date from, Date to, const DayTake& day) {
  if (from >= to) return;
  const Instant begin = zone.instant(from, {0}), end = zone.instant(to, {0});
  db.each<VisitRow>(
      q::visits_of_days,
      [&](VisitRow&& row) {
        count_visit(day(zone.date_of(row.starts_at)), row.doctor, row.status, zone.time_of(row.starts_at));
      },
      hospital, begin, end);
  db.each<ArrivalRow>(
      q::arrivals_of_days,
      [&](ArrivalRow&& row) {
        if (const auto on = parse_date(row.arrived_on)) count_arrival(day(*on), row.arrived_at, row.called_at);
      },
      hospital, to_iso(from), to_iso(to));
  money_count(db, q::paid_of_days, &MoneySum::paid_minor, hospital, zone, begin, end, day);
  money_count(db, q::refunded_of_days, &MoneySum::refunded_minor, hospital, zone, begin, end, day);
}

void days_each(Snapshot& db, HospitalId hospital, const Zone& zone, Date from, Date to,
               const std::function<void(Date, const Figures&)>& take) {
  std::map<Date, Figures> days;
  days_count(db, hospital, zone, from, to, [&](Date day) -> Figures& { return days[day]; });
  for (const auto& [day, figures] : days) take(day, figures);
}

std::vector<PracticeRow> practices_of(Snapshot& db, HospitalId hospital) {
  return db.all<PracticeRow>(q::practice_list, hospital);
}

namespace {

template <class... P>
std::int64_t counted(Snapshot& db, const sql::Query& query, const P&... p) {
  return db.one<std::int64_t>(query, p...).value_or(0);
}

}  // namespace

Now now_of(Snapshot& db, Instant now) {
  return {counted(db, q::count_hospitals), counted(db, q::count_doctors), counted(db, q::count_patients),
          counted(db, q::count_waits, now), counted(db, q::count_holds, now)};
}

Now now_of_hospital(Snapshot& db, HospitalId hospital, Instant now) {
  return {1, counted(db, q::count_doctors_of_hospital, hospital), counted(db, q::count_patients_of_hospital, hospital),
          counted(db, q::count_waits_of_hospital, now, hospital),
          counted(db, q::count_holds_of_hospital, now, hospital)};
}

}  // namespace fairward::reporting::store
