#include "modules/reporting/store.h"

#include <set>

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

namespace {

struct ClosedRow {
  std::string time_zone, before_on;
};
struct ClosedHospitalRow {
  HospitalId hospital;
  std::string time_zone, before_on;
};
struct DayRow {
  std::string on;
  std::int64_t appointments, fulfilled, cancelled, no_shows, arrived;
  std::string hours, doctors, waits, money;
};
struct ChangedRow {
  HospitalId hospital;
  std::string on;
};

// What this module has written itself.
Date date_of(const std::string& text) {
  const auto date = parse_date(text);
  if (!date) throw sql::Error(sql::Error::Kind::bug, "reporting: a stored day is none");
  return *date;
}

Figures figures_of(const DayRow& row) {
  Figures figures;
  figures.appointments = row.appointments, figures.fulfilled = row.fulfilled, figures.cancelled = row.cancelled;
  figures.no_shows = row.no_shows, figures.arrived = row.arrived;
  if (!texts_read(figures, row.hours, row.doctors, row.waits, row.money))
    throw sql::Error(sql::Error::Kind::bug, "reporting: stored figures cannot be read");
  return figures;
}

std::vector<Date> dates_of(const std::vector<std::string>& texts) {
  std::vector<Date> dates;
  dates.reserve(texts.size());
  for (const std::string& text : texts) dates.push_back(date_of(text));
  return dates;
}

}  // namespace

std::optional<Closed> closed_find(Snapshot& db, HospitalId hospital) {
  auto row = db.one<ClosedRow>(q::closed_find, hospital);
  return row ? std::optional(Closed{std::move(row->time_zone), date_of(row->before_on)}) : std::nullopt;
}

std::vector<ClosedHospital> closed_all(Snapshot& db) {
  std::vector<ClosedHospital> all;
  for (auto& row : db.all<ClosedHospitalRow>(q::closed_list))
    all.push_back({row.hospital, std::move(row.time_zone), date_of(row.before_on)});
  return all;
}

bool closed_insert(Txn& txn, HospitalId hospital, const Closed& closed) {
  return txn.exec(q::closed_insert, hospital, closed.time_zone, to_iso(closed.before)) == 1;
}

bool closed_advance(Txn& txn, HospitalId hospital, const Closed& closed, Date before) {
  return txn.exec(q::closed_advance, hospital, closed.time_zone, to_iso(closed.before), to_iso(before)) == 1;
}

void closed_forget(Txn& txn, HospitalId hospital, const std::string& time_zone) {
  if (txn.exec(q::closed_delete, hospital, time_zone) == 0) return;
  txn.exec(q::day_delete_all, hospital);
  txn.exec(q::patient_delete_all, hospital);
}

std::optional<Date> first_day(Snapshot& db, HospitalId hospital, const Zone& zone) {
  std::optional<Instant> first;
  for (const sql::Query* query : {&q::visit_first, &q::paid_first}) {
    const auto at = db.one<std::optional<Instant>>(*query, hospital).value_or(std::nullopt);
    if (at && (!first || *at < *first)) first = at;
  }
  return first ? std::optional(zone.date_of(*first)) : std::nullopt;
}

void day_put(Txn& txn, HospitalId hospital, Date day, const Figures& figures) {
  if (figures.is_empty()) {
    txn.exec(q::day_delete, hospital, to_iso(day));
    return;
  }
  const FigureTexts texts = texts_of(figures);
  txn.exec(q::day_put, hospital, to_iso(day), figures.appointments, figures.fulfilled, figures.cancelled,
           figures.no_shows, figures.arrived, texts.hours, texts.doctors, texts.waits, texts.money);
}

std::map<Date, Figures> days_stored(Snapshot& db, HospitalId hospital, Date from, Date to) {
  std::map<Date, Figures> days;
  db.each<DayRow>(
      q::day_list, [&](DayRow&& row) { days.emplace(date_of(row.on), figures_of(row)); }, hospital, to_iso(from),
      to_iso(to));
  return days;
}

void patients_add(Txn& txn, HospitalId hospital, const Zone& zone, Date from, Date to) {
  txn.exec(q::patient_insert_of_days, hospital, zone.instant(from, {0}), zone.instant(to, {0}));
}

void change_insert(Txn& txn, HospitalId hospital, Date day) { txn.exec(q::change_insert, hospital, to_iso(day)); }

std::vector<ChangedDay> changes_due(Snapshot& db, std::int64_t limit) {
  std::set<ChangedDay> days;
  for (const auto& row : db.all<ChangedRow>(q::change_due, limit)) days.insert({row.hospital, date_of(row.on)});
  return {days.begin(), days.end()};
}

std::vector<Date> days_changed(Snapshot& db, HospitalId hospital, Date from, Date to) {
  return dates_of(db.all<std::string>(q::change_days, hospital, to_iso(from), to_iso(to)));
}

std::vector<std::int64_t> change_ids(Snapshot& db, const ChangedDay& day) {
  return db.all<std::int64_t>(q::change_ids, day.hospital, to_iso(day.day));
}

bool change_delete(Txn& txn, std::int64_t id) { return txn.exec(q::change_delete, id) == 1; }

std::vector<Date> changed_all(Snapshot& db, HospitalId hospital) {
  return dates_of(db.all<std::string>(q::check_changes, hospital));
}

bool lacks_patients(Snapshot& db, HospitalId hospital, Instant before) {
  return db.one<std::int64_t>(q::check_patients, hospital, before).value_or(0) > 0;
}

const sql::Query& orphan_days_query() { return q::check_orphan_days; }

void days_each(Snapshot& db, HospitalId hospital, const Zone& zone, Date from, Date to,
               const std::function<void(Date, const Figures&)>& take) {
  const auto closed = closed_find(db, hospital);
  const bool is_closed = closed && closed->time_zone == zone.name();
  const Date open = is_closed ? std::clamp(closed->before, from, to) : from;
  std::map<Date, Figures> days = days_stored(db, hospital, from, open);
  const auto day_of = [&](Date day) -> Figures& { return days[day]; };
  for (const Date changed : days_changed(db, hospital, from, open)) {
    days.erase(changed);
    days_count(db, hospital, zone, changed, changed + 1, day_of);
  }
  days_count(db, hospital, zone, open, to, day_of);
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

// Those of the days that are over, and those of the others.
std::int64_t patients_of(Snapshot& db, HospitalId hospital, const Zone& zone) {
  const auto closed = closed_find(db, hospital);
  const Instant open = closed ? zone.instant(closed->before, {0}) : Instant{INT64_MIN};
  return counted(db, q::count_patients_closed, hospital) + counted(db, q::count_patients_open, hospital, open);
}

}  // namespace

Now now_of(Snapshot& db, Instant now) {
  return {counted(db, q::count_hospitals), counted(db, q::count_doctors), counted(db, q::count_patients),
          counted(db, q::count_waits, now), counted(db, q::count_holds, now)};
}

Now now_of_hospital(Snapshot& db, HospitalId hospital, const Zone& zone, Instant now) {
  return {1, counted(db, q::count_doctors_of_hospital, hospital), patients_of(db, hospital, zone),
          counted(db, q::count_waits_of_hospital, now, hospital),
          counted(db, q::count_holds_of_hospital, now, hospital)};
}

}  // namespace fairward::reporting::store
