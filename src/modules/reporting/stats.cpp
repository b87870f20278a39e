// The statistics of a hospital, or of all, over a range of days. Source: mission O6; documents D, E.
#include <algorithm>

#include "modules/reporting/errors.h"
#include "modules/reporting/module.h"
#include "modules/reporting/periods.h"

namespace fairward::reporting {
namespace {

constexpr int days_preset = 30, days_max = 400;
constexpr std::size_t departments_max = 10;
constexpr std::int64_t bucket_ends[] = {5, 10, 15, 20, 30, 45, 60, 90, 120};

std::vector<Revenue> revenue_of(const std::map<std::string, MoneySum>& money) {
  std::vector<Revenue> revenue;
  revenue.reserve(money.size());
  for (const auto& [currency, sum] : money) revenue.push_back({currency, sum.paid_minor, sum.refunded_minor});
  return revenue;
}

StatsPeriod period_of(Date from, const Figures& figures) {
  const WaitSum waited = wait_sum(figures.waits);
  return {from,
          figures.appointments,
          figures.fulfilled,
          figures.cancelled,
          figures.no_shows,
          figures.arrived,
          waited.minutes,
          waited.measured,
          revenue_of(figures.money)};
}

StatsTotals totals_of(const store::Now& now, const Figures& all) {
  return {now.hospitals, now.doctors,   now.patients,         all.appointments,
          all.fulfilled, all.cancelled, all.no_shows,         no_show_per_mille(all.no_shows, all.fulfilled),
          now.waits,     now.holds,     revenue_of(all.money)};
}

std::vector<StatsHour> hours_of(const Figures& all) {
  std::vector<StatsHour> hours;
  for (std::size_t hour = 0; hour < all.hours.size(); ++hour)
    hours.push_back({static_cast<std::int64_t>(hour), all.hours[hour]});
  return hours;
}

StatsWaiting waiting_of(const Figures& all) {
  StatsWaiting waiting{
      wait_sum(all.waits).measured, wait_percentile(all.waits, 50), wait_percentile(all.waits, 90), {}};
  for (const std::int64_t end : bucket_ends) waiting.buckets.push_back({end, 0});
  waiting.buckets.push_back({std::nullopt, 0});
  for (const auto& [minutes, visits] : all.waits) {
    const auto at = std::ranges::lower_bound(bucket_ends, minutes) - std::begin(bucket_ends);
    waiting.buckets[static_cast<std::size_t>(at)].visits += visits;
  }
  return waiting;
}

using Departments = std::map<DepartmentId, StatsDepartment>;

// The appointments of each department, as the doctors are distributed over them today.
void departments_add(Snapshot& db, HospitalId hospital, const Figures& figures, Departments& departments) {
  if (figures.doctors.empty()) return;
  for (const auto& practice : store::practices_of(db, hospital)) {
    const auto count = figures.doctors.find(practice.doctor);
    if (count == figures.doctors.end()) continue;
    auto& department = departments[practice.department];
    department.id = practice.department, department.name = practice.department_name;
    department.appointments += count->second.appointments;
    department.no_shows += count->second.no_shows;
    department.fulfilled += count->second.fulfilled;
  }
}

std::vector<StatsDepartment> top_of(Departments&& departments) {
  std::vector<StatsDepartment> top;
  for (auto& [id, department] : departments) top.push_back(std::move(department));
  std::ranges::sort(top, [](const auto& a, const auto& b) {
    return std::tuple(-a.appointments, a.id) < std::tuple(-b.appointments, b.id);
  });
  if (top.size() > departments_max) top.resize(departments_max);
  return top;
}

// Of the hospitals together, by period.
struct Sums {
  std::map<Date, Figures> periods;  // by their first day
  Departments departments;
};

void hospital_add(Snapshot& db, HospitalId hospital, const Zone& zone, const DaysAsked& range, StatsBy by, Sums& sums) {
  Figures of_hospital;
  store::days_each(db, hospital, zone, range.from, range.to + 1, [&](Date day, const Figures& figures) {
    sums.periods[period_begin(by, day, range.from)].add(figures);
    of_hospital.add(figures);
  });
  departments_add(db, hospital, of_hospital, sums.departments);
}

}  // namespace

Result<DaysAsked> days_asked(std::optional<Date> from_on, std::optional<Date> to_on, Date today) {
  const Date to = to_on.value_or(from_on ? std::max(today, *from_on) : today);
  const Date from = from_on.value_or(to - (days_preset - 1));
  if (from > to) return fail(range_invalid, {{"?to_on", "is before from_on"}});
  if (to - from >= days_max) return fail(range_invalid, {{"?from_on", "more than 400 days"}});
  return DaysAsked{from, to};
}

Result<HospitalsAsked> hospitals_asked(Snapshot& db, const Call& call, std::optional<HospitalId> hospital) {
  if (call.scope == api::Scope::hospital) hospital = hospital.value_or(call.caller.hospital);
  if (hospital && !call.reaches({}, *hospital)) return fail(hospital_not_found);
  const auto zone_name = hospital ? store::time_zone_of(db, *hospital) : store::time_zone_of_all(db);
  const Zone* zone = zone_name ? zone_find(*zone_name) : nullptr;
  if (!zone) return fail(hospital_not_found);
  return HospitalsAsked{hospital, zone};
}

void hospitals_each(Snapshot& db, std::optional<HospitalId> hospital,
                    const std::function<void(HospitalId, const Zone&)>& take) {
  for (const HospitalId one : hospital ? std::vector{*hospital} : store::hospitals_with_visits(db)) {
    const auto name = store::time_zone_of(db, one);
    if (const Zone* zone = name ? zone_find(*name) : nullptr) take(one, *zone);
  }
}

// Errors, in this order: hospital_not_found, range_invalid.
Result<Stats> Module::stats_get(Snapshot& db, Call& call, const StatsQuery& query) {
  FAIRWARD_TRY_AS(asked, hospitals_asked(db, call, query.hospital_id));
  const auto [hospital, zone] = asked;
  FAIRWARD_TRY_AS(range, days_asked(query.from_on, query.to_on, zone->date_of(call.now)));
  const StatsBy by = by_of(range.to - range.from + 1);
  Sums sums;
  for (Date day = range.from; day <= range.to; day = period_end(by, day)) sums.periods[day];
  hospitals_each(db, hospital, [&](HospitalId one, const Zone& own) { hospital_add(db, one, own, range, by, sums); });
  Stats stats{call.now, range.from, range.to, zone->name(), hospital, {}, by, {}, {}, {}, {}};
  Figures all;
  for (const auto& [from, figures] : sums.periods) {
    stats.periods.push_back(period_of(from, figures));
    all.add(figures);
  }
  const auto now = hospital ? store::now_of_hospital(db, *hospital, *zone, call.now) : store::now_of(db, call.now);
  stats.totals = totals_of(now, all);
  stats.hours = hours_of(all);
  stats.departments = top_of(std::move(sums.departments));
  stats.waiting = waiting_of(all);
  return stats;
}

}  // namespace fairward::reporting
