// What the endpoints of reporting take and give.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"

namespace fairward::reporting {

struct StatsQuery {
  std::optional<HospitalId> hospital_id;
  std::optional<Date> from_on, to_on;  // both included; days of the hospital's wall
};
BOOST_DESCRIBE_STRUCT(StatsQuery, (), (hospital_id, from_on, to_on))

// Money that came in during the time, and that went back during it.
struct Revenue {
  std::string currency;
  std::int64_t paid_minor = 0, refunded_minor = 0;
};
BOOST_DESCRIBE_STRUCT(Revenue, (), (currency, paid_minor, refunded_minor))

// hospitals, doctors, patients, waits and holds are those of now; the others those of the days asked for.
struct StatsTotals {
  std::int64_t hospitals = 0, doctors = 0, patients = 0;
  std::int64_t appointments = 0, fulfilled = 0, cancelled = 0, no_shows = 0, no_show_per_mille = 0;
  std::int64_t waits = 0, holds = 0;
  std::vector<Revenue> revenue;
};
BOOST_DESCRIBE_STRUCT(StatsTotals, (),
                      (hospitals, doctors, patients, appointments, fulfilled, cancelled, no_shows, no_show_per_mille,
                       waits, holds, revenue))

BOOST_DEFINE_ENUM_CLASS(StatsBy, day, week, month)

// From this day to the day before the next period.
struct StatsPeriod {
  Date from_on;
  std::int64_t appointments = 0, fulfilled = 0, cancelled = 0, no_shows = 0, arrived = 0;
  std::int64_t waiting_minutes_sum = 0, waiting_measured = 0;
  std::vector<Revenue> revenue;
};
BOOST_DESCRIBE_STRUCT(StatsPeriod, (),
                      (from_on, appointments, fulfilled, cancelled, no_shows, arrived, waiting_minutes_sum,
                       waiting_measured, revenue))

struct StatsHour {
  std::int64_t hour = 0;
  std::int64_t appointments = 0;
};
BOOST_DESCRIBE_STRUCT(StatsHour, (), (hour, appointments))

struct StatsDepartment {
  DepartmentId id;
  std::string name;
  std::int64_t appointments = 0, no_shows = 0, fulfilled = 0;
};
BOOST_DESCRIBE_STRUCT(StatsDepartment, (), (id, name, appointments, no_shows, fulfilled))

// Visits that waited no longer than this, and longer than the bucket before; the last one has no end.
struct StatsWaitBucket {
  std::optional<std::int64_t> up_to_minutes;
  std::int64_t visits = 0;
};
BOOST_DESCRIBE_STRUCT(StatsWaitBucket, (), (up_to_minutes, visits))
struct StatsWaiting {
  std::int64_t measured = 0;
  std::optional<std::int64_t> p50_minutes, p90_minutes;  // absent where nothing was measured
  std::vector<StatsWaitBucket> buckets;
};
BOOST_DESCRIBE_STRUCT(StatsWaiting, (), (measured, p50_minutes, p90_minutes, buckets))

struct Stats {
  Instant as_of;
  Date from_on, to_on;
  std::string time_zone;
  std::optional<HospitalId> hospital_id;
  StatsTotals totals;
  StatsBy by = StatsBy::day;
  std::vector<StatsPeriod> periods;
  std::vector<StatsHour> hours;  // all 24
  std::vector<StatsDepartment> departments;
  StatsWaiting waiting;
};
BOOST_DESCRIBE_STRUCT(Stats, (),
                      (as_of, from_on, to_on, time_zone, hospital_id, totals, by, periods, hours, departments, waiting))

// ---- no-shows

BOOST_DEFINE_ENUM_CLASS(NoShowsOf, own, imported)
struct NoShowQuery {
  std::optional<HospitalId> hospital_id;
  std::optional<NoShowsOf> of;         // own where nothing is said
  std::optional<Date> from_on, to_on;  // both included
};
BOOST_DESCRIBE_STRUCT(NoShowQuery, (), (hospital_id, of, from_on, to_on))

// Of visits that took place or were missed.
struct NoShowRate {
  std::int64_t visits = 0, missed = 0, per_mille = 0;
};
BOOST_DESCRIBE_STRUCT(NoShowRate, (), (visits, missed, per_mille))
// Days between booking and visit; the last span has no end.
struct NoShowLead {
  std::int64_t from_days = 0;
  std::optional<std::int64_t> to_days;
  std::int64_t visits = 0, missed = 0, per_mille = 0;
  std::optional<NoShowRate> reminded, unreminded;  // where it is known
};
BOOST_DESCRIBE_STRUCT(NoShowLead, (), (from_days, to_days, visits, missed, per_mille, reminded, unreminded))
struct NoShowWeekday {
  std::int64_t weekday = 0;  // 1 is Monday
  std::int64_t visits = 0, missed = 0, per_mille = 0;
};
BOOST_DESCRIBE_STRUCT(NoShowWeekday, (), (weekday, visits, missed, per_mille))
struct NoShowAge {
  std::int64_t from_years = 0;
  std::optional<std::int64_t> to_years;
  std::int64_t visits = 0, missed = 0, per_mille = 0;
};
BOOST_DESCRIBE_STRUCT(NoShowAge, (), (from_years, to_years, visits, missed, per_mille))
struct NoShowArea {
  std::string area;
  std::int64_t visits = 0, missed = 0, per_mille = 0;
};
BOOST_DESCRIBE_STRUCT(NoShowArea, (), (area, visits, missed, per_mille))

// What is not known of any visit is absent: reminders, weekdays, ages and areas are those of imported ones.
struct NoShows {
  NoShowsOf of = NoShowsOf::own;
  std::optional<Date> from_on, to_on;
  std::int64_t visits = 0, missed = 0, per_mille = 0;
  std::optional<NoShowRate> reminded, unreminded;
  std::vector<NoShowLead> by_lead;
  std::vector<NoShowWeekday> by_weekday;
  std::vector<NoShowAge> by_age;
  std::vector<NoShowArea> by_area;  // the 20 with most visits
};
BOOST_DESCRIBE_STRUCT(NoShows, (),
                      (of, from_on, to_on, visits, missed, per_mille, reminded, unreminded, by_lead, by_weekday, by_age,
                       by_area))

// ---- exports

using ExportId = Id<struct ExportTag>;
BOOST_DEFINE_ENUM_CLASS(ExportFormat, csv, xlsx)
BOOST_DEFINE_ENUM_CLASS(ExportStatus, queued, running, done, failed, expired)
std::string_view sql_text(ExportFormat format);
ExportFormat sql_parse(std::string_view text, ExportFormat*);
std::string_view sql_text(ExportStatus status);
ExportStatus sql_parse(std::string_view text, ExportStatus*);

struct ExportCreate {
  ExportFormat format = ExportFormat::csv;
  std::optional<Date> from_on, to_on;  // both included
  std::optional<HospitalId> hospital_id;
};
BOOST_DESCRIBE_STRUCT(ExportCreate, (), (format, from_on, to_on, hospital_id))

struct ExportPath {
  ExportId id;
};
BOOST_DESCRIBE_STRUCT(ExportPath, (), (id))
struct ExportQuery {
  BoundedIntOr<1, 50, 20> limit;
  std::optional<BoundedText<1, 20>> cursor;
};
BOOST_DESCRIBE_STRUCT(ExportQuery, (), (limit, cursor))
struct ExportFilePath {
  ExportId id;
  BoundedText<1, 100> key;
};
BOOST_DESCRIBE_STRUCT(ExportFilePath, (), (id, key))

struct Export {
  ExportId id;
  ExportStatus status = ExportStatus::queued;
  ExportFormat format = ExportFormat::csv;
  std::int64_t done = 0, total = 0;  // rows
  Instant created_at;
  std::optional<Instant> expires_at;  // when the file is removed
  std::optional<std::string> url;     // good for 15 minutes, and for who asked only
  std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(Export, (), (id, status, format, done, total, created_at, expires_at, url, error))

}  // namespace fairward::reporting
