// No-shows by lead time, reminder, weekday, age and area. Source: mission O6.
#include "modules/reporting/outcomes.h"

#include <map>

#include "modules/reporting/errors.h"
#include "modules/reporting/module.h"
#include "sql/reporting.h"

namespace fairward::reporting {
namespace outcomes {

namespace q = sql_queries;

bool outcome_put(Txn& txn, HospitalId hospital, const Outcome& outcome) {
  return txn
      .one<std::string>(q::outcome_upsert, hospital, outcome.key, to_iso(outcome.visit_on),
                        std::int64_t{outcome.visit_on.weekday()}, outcome.lead_days, outcome.is_missed,
                        outcome.is_reminded, outcome.age, outcome.area)
      .has_value();
}

std::vector<MissedByLead> by_lead(Snapshot& db, HospitalId hospital, Date from, Date to) {
  return db.all<MissedByLead>(q::missed_by_lead, hospital, to_iso(from), to_iso(to));
}
std::vector<Missed> by_weekday(Snapshot& db, HospitalId hospital, Date from, Date to) {
  return db.all<Missed>(q::missed_by_weekday, hospital, to_iso(from), to_iso(to));
}
std::vector<Missed> by_age(Snapshot& db, HospitalId hospital, Date from, Date to) {
  return db.all<Missed>(q::missed_by_age, hospital, to_iso(from), to_iso(to));
}
std::vector<MissedOfArea> by_area(Snapshot& db, HospitalId hospital, Date from, Date to) {
  return db.all<MissedOfArea>(q::missed_by_area, hospital, to_iso(from), to_iso(to));
}
std::vector<Missed> own_by_lead(Snapshot& db, HospitalId hospital, Instant from, Instant to) {
  return db.all<Missed>(q::own_missed_by_lead, hospital, from, to);
}

}  // namespace outcomes

namespace {

// Spans of days between booking and visit, as the queries cut them.
constexpr std::int64_t lead_begins[] = {0, 1, 4, 8, 15, 31};
constexpr std::int64_t age_band = 10, age_last = 80;
constexpr Date first_day{-25'567}, last_day{2'932'895};  // 1900-01-01, 9999-12-30

struct Sum {
  std::int64_t visits = 0, missed = 0;
  void add(std::int64_t more_visits, std::int64_t more_missed) { visits += more_visits, missed += more_missed; }
  std::int64_t per_mille() const { return no_show_per_mille(missed, visits - missed); }
};
NoShowRate rate_of(const Sum& sum) { return {sum.visits, sum.missed, sum.per_mille()}; }

struct LeadSums {
  Sum all, reminded, unreminded;
};
using Leads = std::map<std::int64_t, LeadSums>;

std::vector<NoShowLead> leads_of(const Leads& leads) {
  std::vector<NoShowLead> list;
  for (std::size_t i = 0; i < std::size(lead_begins); ++i) {
    const auto found = leads.find(lead_begins[i]);
    const LeadSums sums = found == leads.end() ? LeadSums{} : found->second;
    NoShowLead lead{lead_begins[i], {}, sums.all.visits, sums.all.missed, sums.all.per_mille(), {}, {}};
    if (i + 1 < std::size(lead_begins)) lead.to_days = lead_begins[i + 1] - 1;
    if (sums.reminded.visits > 0) lead.reminded = rate_of(sums.reminded);
    if (sums.unreminded.visits > 0) lead.unreminded = rate_of(sums.unreminded);
    list.push_back(lead);
  }
  return list;
}

void leads_sum(const Leads& leads, NoShows& shown) {
  LeadSums all;
  for (const auto& [lead, sums] : leads) {
    all.all.add(sums.all.visits, sums.all.missed);
    all.reminded.add(sums.reminded.visits, sums.reminded.missed);
    all.unreminded.add(sums.unreminded.visits, sums.unreminded.missed);
  }
  shown.visits = all.all.visits, shown.missed = all.all.missed, shown.per_mille = all.all.per_mille();
  if (all.reminded.visits > 0) shown.reminded = rate_of(all.reminded);
  if (all.unreminded.visits > 0) shown.unreminded = rate_of(all.unreminded);
  shown.by_lead = leads_of(leads);
}

NoShows imported_of(Snapshot& db, HospitalId hospital, Date from, Date to) {
  NoShows shown;
  Leads leads;
  for (const auto& row : outcomes::by_lead(db, hospital, from, to)) {
    auto& sums = leads[row.lead];
    sums.all.add(row.visits, row.missed);
    if (row.is_reminded) (*row.is_reminded ? sums.reminded : sums.unreminded).add(row.visits, row.missed);
  }
  leads_sum(leads, shown);
  for (const auto& row : outcomes::by_weekday(db, hospital, from, to))
    shown.by_weekday.push_back({row.of, row.visits, row.missed, Sum{row.visits, row.missed}.per_mille()});
  for (const auto& row : outcomes::by_age(db, hospital, from, to)) {
    const auto end = row.of == age_last ? std::nullopt : std::optional(row.of + age_band - 1);
    shown.by_age.push_back({row.of, end, row.visits, row.missed, Sum{row.visits, row.missed}.per_mille()});
  }
  for (const auto& row : outcomes::by_area(db, hospital, from, to))
    shown.by_area.push_back({row.area, row.visits, row.missed, Sum{row.visits, row.missed}.per_mille()});
  return shown;
}

NoShows own_of(Snapshot& db, std::optional<HospitalId> hospital, Date from, Date to) {
  NoShows shown;
  Leads leads;
  hospitals_each(db, hospital, [&](HospitalId one, const Zone& zone) {
    for (const auto& row : outcomes::own_by_lead(db, one, zone.instant(from, {0}), zone.instant(to, {0})))
      leads[row.of].all.add(row.visits, row.missed);
  });
  leads_sum(leads, shown);
  return shown;
}

}  // namespace

// Errors, in this order: hospital_not_found, range_invalid.
Result<NoShows> Module::no_shows_get(Snapshot& db, Call& call, const NoShowQuery& query) {
  FAIRWARD_TRY_AS(asked, hospitals_asked(db, call, query.hospital_id));
  const auto [hospital, zone] = asked;
  NoShows shown;
  const NoShowsOf of = query.of.value_or(NoShowsOf::own);
  if (of == NoShowsOf::imported) {
    const Date from = query.from_on.value_or(first_day), to = query.to_on.value_or(last_day);
    if (from > to) return fail(range_invalid, {{"?to_on", "is before from_on"}});
    shown = imported_of(db, hospital.value_or(HospitalId{}), from, to + 1);
  } else {
    FAIRWARD_TRY_AS(range, days_asked(query.from_on, query.to_on, zone->date_of(call.now)));
    shown = own_of(db, hospital, range.from, range.to + 1);
    shown.from_on = range.from, shown.to_on = range.to;
  }
  shown.of = of;
  return shown;
}

}  // namespace fairward::reporting
