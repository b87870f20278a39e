// Whom doctors want to see again, for the desk that asks people to come. Source: mission R1.
#include <fmt/format.h>

#include "modules/records/errors.h"
#include "modules/records/module.h"
#include "platform/clock/zone.h"

namespace fairward::records {
namespace {

constexpr std::int32_t days_max = 31, days_back = 7, days_ahead = 21;
constexpr std::int64_t last_day = 2'932'896;  // of the year 9999

// Errors: list_invalid.
Result<HospitalId> hospital_of(const Call& call, const FollowUpQuery& query) {
  const bool is_everywhere = call.scope == api::Scope::all;
  if (is_everywhere && !query.hospital_id) return fail(list_invalid, {{"?hospital_id", "Name a hospital."}});
  return is_everywhere ? *query.hospital_id : call.caller.hospital;
}

struct Days {
  Date from, to;
};
// Around today on the wall of the hospital. Errors: list_invalid.
Result<Days> days_of(Snapshot& db, const FollowUpQuery& query, HospitalId hospital, Instant now) {
  const auto name = directory::hospital_time_zone(db, hospital);
  const Zone* zone = name ? zone_find(*name) : nullptr;
  const Date today = zone ? zone->date_of(now) : Date{static_cast<std::int32_t>(now.ms / days(1).ms)};
  Days asked{query.from_on.value_or(today - days_back), {}};
  asked.to = query.to_on.value_or(query.from_on ? asked.from + (days_max - 1) : today + days_ahead);
  if (asked.to < asked.from) return fail(list_invalid, {{"?to_on", "This is before `from_on`."}});
  if (asked.to - asked.from >= days_max)
    return fail(list_invalid, {{"?to_on", fmt::format("must be at most {} days", days_max)}});
  return asked;
}

}  // namespace

// Errors: list_invalid.
Result<Page<FollowUpDue>> Module::follow_up_list(Snapshot& db, Call& call, const FollowUpQuery& query) {
  call.concerns_nobody();
  FAIRWARD_TRY_AS(cursor, cursor_parse(query.cursor));
  FAIRWARD_TRY_AS(hospital, hospital_of(call, query));
  Page<FollowUpDue> list;
  if (query.hospital_id && *query.hospital_id != hospital) return list;
  FAIRWARD_TRY_AS(asked, days_of(db, query, hospital, call.now));
  store::FollowUpPage page{hospital, to_iso(asked.from), to_iso(asked.to), "", 0, query.limit + 1};
  if (query.cursor) {
    if (cursor.at < 0 || cursor.at > last_day) return fail(list_invalid, {{"?cursor", "is not one that a list gave"}});
    page.after_on = to_iso(Date{static_cast<std::int32_t>(cursor.at)});
    page.after = cursor.id;
  }
  auto rows = store::follow_ups_of(db, page);
  list.next = api::page_cut(rows, query.limit, [](const store::FollowUpRow& last) {
    return cursor_text({parse_date(last.on).value_or(Date{}).day, last.note.value, 0});
  });
  Names names(db);
  for (const auto& row : rows) {
    const auto person = identity::person_find(db, row.patient);
    if (!person) continue;
    list.items.push_back({row.appointment, row.patient, person->name, person->phone, row.doctor, row.hospital,
                          names.practice(row.doctor, row.hospital).doctor_name, row.on,
                          booking::doctor_treats(db, row.doctor, row.patient, row.starts_at + Duration{1})});
  }
  call.concerns_all(list.items, &FollowUpDue::patient_id);
  return list;
}

}  // namespace fairward::records
