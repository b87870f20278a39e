// Cities, specialities, hospitals, departments, postal codes: lists from memory, and their changes.
#include "modules/directory/cursor.h"
#include "modules/directory/errors.h"
#include "modules/directory/hospital_list.h"
#include "modules/directory/module.h"
#include "modules/directory/rules.h"
#include "modules/directory/search_text.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

std::int64_t doctors_with(const Version& version, TermKind kind, std::int64_t id) {
  std::int64_t count = 0;
  for (const auto& view : version.segments) {
    const auto* posting = view.segment->term(kind, static_cast<std::uint64_t>(id));
    if (posting == nullptr) continue;
    count += static_cast<std::int64_t>(posting->list.size());
    for (const auto ordinal : view.dead) count -= posting->contains(ordinal) ? 1 : 0;
  }
  return count;
}

// One page of rows that are already in order; the place is remembered by what the last row was ordered by.
template <class Row, class PositionOf>
Result<std::pair<std::vector<Row>, std::optional<std::string>>> page_of(std::vector<Row> rows, std::size_t limit,
                                                                        const std::optional<Cursor>& cursor,
                                                                        std::uint64_t mark, PositionOf&& position_of) {
  std::size_t begin = 0;
  if (cursor) {
    const auto after = cursor_read(cursor->value, mark);
    if (!after) return fail(search_invalid, {{"?cursor", "is not a cursor of this list"}});
    const auto is_past = [&](const Row& row) {
      const auto p = position_of(row);
      return std::tie(p.keys, p.text, p.doctor) > std::tie(after->keys, after->text, after->doctor);
    };
    while (begin < rows.size() && !is_past(rows[begin])) ++begin;
  }
  const auto end = std::min(rows.size(), begin + limit);
  std::optional<std::string> next;
  if (end < rows.size() && end > begin) next = cursor_write(position_of(rows[end - 1]), mark);
  return std::pair(std::vector<Row>(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                    rows.begin() + static_cast<std::ptrdiff_t>(end)),
                   next);
}

constexpr std::int64_t applications_pending_max = 500;

struct CityCount {
  const CityCard* city;
  std::int64_t doctors;
};

bool has_word_like(std::string_view text, std::string_view start) {
  return text.starts_with(start) || text.find(" " + std::string(start)) != std::string_view::npos;
}

std::optional<std::string> text_or_none(const std::optional<std::string>& text) {
  return text && !text->empty() ? text : std::nullopt;
}

template <std::size_t min, std::size_t max>
void take(std::optional<std::string>& into, const std::optional<BoundedText<min, max>>& from) {
  if (from) into = from->value.empty() ? std::nullopt : std::optional(from->value);
}

void place_take(HospitalRow& row, const auto& body) {
  if (body.latitude) row.latitude = body.latitude;
  if (body.longitude) row.longitude = body.longitude;
}

bool reaches_hospital(const Call& call, HospitalId hospital) { return call.reaches({}, hospital); }

HospitalStatus status_of(const HospitalRow& row) {
  if (row.approval == Approval::pending) return HospitalStatus::pending;
  if (row.approval == Approval::refused) return HospitalStatus::refused;
  return row.is_active ? HospitalStatus::active : HospitalStatus::closed;
}

std::optional<bool> is_active_of(const std::optional<HospitalStatusFilter>& status) {
  if (status == HospitalStatusFilter::all) return std::nullopt;
  return status.value_or(HospitalStatusFilter::active) == HospitalStatusFilter::active;
}

Approval approval_of(const std::optional<HospitalStatusFilter>& status) {
  if (status == HospitalStatusFilter::pending) return Approval::pending;
  return status == HospitalStatusFilter::refused ? Approval::refused : Approval::approved;
}

bool is_platforms(const Call& call) { return call.caller.role == api::Role::platform_admin; }

}  // namespace

Result<Page<CityItem>> Module::city_list(Call&, const CityQuery& query) {
  const auto version = current();
  const auto keyword = query.keyword ? folded(query.keyword->value) : std::string();
  const auto everything = search(*version, Criteria{.limit = 0}, nullptr, {});
  std::unordered_map<std::int64_t, std::int64_t> doctors;
  for (const auto& [id, count] : everything.tally->facets.cities) doctors[id] = count;
  std::vector<CityCount> rows;
  version->world.cities.each([&](const auto& city) {
    const auto at = doctors.find(city->row.id.value);
    if (version->world.hospital_list->is_only_applied_for(city->row.id)) return;
    if (keyword.empty() || has_word_like(city->name_folded, keyword))
      rows.push_back({city.get(), at == doctors.end() ? 0 : at->second});
  });
  const auto position = [](const CityCount& row) {
    return Position{{-row.doctors, 0, 0}, row.city->name_folded, row.city->row.id.value};
  };
  std::ranges::sort(rows, [&](const CityCount& a, const CityCount& b) {
    const auto p = position(a), q = position(b);
    return std::tie(p.keys, p.text, p.doctor) < std::tie(q.keys, q.text, q.doctor);
  });
  FAIRWARD_TRY_AS(page, page_of(std::move(rows), static_cast<std::size_t>(query.limit.value), query.cursor,
                                text_hash("cities " + keyword), position));
  Page<CityItem> result{{}, page.second};
  for (const auto& [city, count] : page.first) {
    const auto& row = city->row;
    result.items.push_back({row.id, row.name, row.state.empty() ? std::nullopt : std::optional(row.state),
                            version->world.hospital_list->count_in(row.id), count});
  }
  return result;
}

Result<Page<SpecialityItem>> Module::speciality_list(Call&, const SpecialityQuery& query) {
  const auto version = current();
  Criteria all{.limit = 0};
  if (query.city_id) all.city = query.city_id->value;
  const auto found = search(*version, all, nullptr, {});
  Page<SpecialityItem> page;
  for (const auto& [id, doctors] : found.tally->facets.specialities) {
    if (const auto* card = version->world.specialities.find(id))
      page.items.push_back({card->row.id, card->row.name, doctors});
  }
  std::ranges::sort(page.items, {}, &SpecialityItem::name);
  return page;
}

HospitalItem Module::hospital_item(const Version& version, const HospitalCard& hospital) const {
  const auto& row = hospital.row;
  return {row.id,
          row.name,
          row.city,
          hospital.city_name,
          text_or_none(row.address),
          text_or_none(row.postal_code),
          row.time_zone,
          row.latitude,
          row.longitude,
          text_or_none(row.phone),
          std::nullopt,
          doctors_with(version, TermKind::hospital, row.id.value),
          status_of(row),
          row.version};
}

Result<Page<HospitalItem>> Module::hospital_list(Call& call, const HospitalQuery& query) {
  const auto version = current();
  SearchErrors errors;
  HospitalFilter filter{query.city_id.value_or(CityId{}).value,
                        query.keyword ? query.keyword->value : "",
                        "",
                        std::nullopt,
                        query.radius_km,
                        is_active_of(query.status),
                        approval_of(query.status)};
  if (filter.approval != Approval::approved) {
    call.header("Cache-Control", "no-store");
    if (!is_platforms(call)) return Page<HospitalItem>{};
  }
  if (query.latitude.has_value() != query.longitude.has_value())
    errors.add(query.latitude ? "longitude" : "latitude", "latitude and longitude go together");
  else if (query.latitude && !is_place(*query.latitude, *query.longitude))
    errors.add("latitude", "is not on the globe");
  else if (query.latitude) filter.place = Place{*query.latitude, *query.longitude};
  if (query.postal_code && !query.latitude) {
    filter.postal_code = query.postal_code->value;
    if (query.radius_km) filter.place = postal_place(errors, version->world, filter.postal_code);
  }
  radius_check(errors, query.radius_km, query.latitude || query.postal_code, "radius_km");
  if (!errors.is_empty()) return fail(search_invalid, errors.take());

  std::string mark = "hospitals|" + folded(filter.keyword) + '|' + filter.postal_code;
  integer_append(mark += '|', filter.is_active ? static_cast<int>(*filter.is_active) : 2);
  integer_append(mark += '|', static_cast<int>(*filter.approval));
  integer_append(mark += '|', filter.city);
  if (filter.place)
    integer_append(mark += '|', std::llround((filter.place->latitude * 1000 + filter.place->longitude) * 1e5));
  if (filter.radius_km) integer_append(mark += '|', std::llround(*filter.radius_km * 1000));
  const auto position = [&](const HospitalHit& hit) {
    const std::int64_t distance = filter.radius_km ? std::llround(*hit.distance_km * 1e6) : 0;
    return Position{{distance, 0, 0}, hit.hospital->name_folded, hit.hospital->row.id.value};
  };
  FAIRWARD_TRY_AS(page, page_of(version->world.hospital_list->find(filter), static_cast<std::size_t>(query.limit.value),
                                query.cursor, text_hash(mark), position));
  Page<HospitalItem> result{{}, page.second};
  for (const auto& hit : page.first) {
    result.items.push_back(hospital_item(*version, *hit.hospital));
    if (hit.distance_km)
      result.items.back().distance_km = static_cast<double>(std::llround(*hit.distance_km * 100)) / 100;
  }
  return result;
}

Result<HospitalItem> Module::hospital_view(Call& call, const HospitalPath& path) {
  const auto version = current();
  const auto* hospital = version->world.hospitals.find(path.id.value);
  if (hospital == nullptr) return fail(hospital_not_found);
  if (hospital->row.approval != Approval::approved) {
    if (!is_platforms(call)) return fail(hospital_not_found);
    call.header("Cache-Control", "no-store");
  }
  call.etag(hospital->row.version);
  return hospital_item(*version, *hospital);
}

Result<CityId> Module::city_write(Txn& txn, Change& change, const std::string& name, const std::string& state) {
  if (folded(name).empty()) return fail(entry_invalid, {{"/city_name", "needs a letter or digit"}});
  const auto id = store::city_ensure(txn, name, state);
  change.cities.push_back(store::city_find(txn, id).value());
  return id;
}

namespace {

HospitalItem hospital_written(const HospitalRow& row, const std::string& city_name) {
  return {row.id,       row.name,      row.city,  city_name,    row.address, row.postal_code, row.time_zone,
          row.latitude, row.longitude, row.phone, std::nullopt, 0,           status_of(row),  row.version};
}

}  // namespace

Result<Created<HospitalItem>> Module::hospital_create(Txn& txn, Call& call, const HospitalCreate& body) {
  Change change;
  HospitalRow row;
  row.name = body.name.value, row.time_zone = body.time_zone.value, row.source = "manual";
  take(row.address, body.address), take(row.postal_code, body.postal_code), take(row.phone, body.phone);
  place_take(row, body);
  if (auto errors = hospital_errors(row); !errors.empty()) return fail(entry_invalid, std::move(errors));
  FAIRWARD_TRY_AS(city, city_write(txn, change, body.city_name.value, body.state ? body.state->value : ""));
  row.city = city;
  row.id = store::hospital_insert(txn, row);
  change.hospitals.push_back(row);
  auto item = hospital_written(row, change.cities.back().name);
  apply_on_commit(txn, std::move(change));
  call.etag(row.version);
  return Created<HospitalItem>{std::move(item), "/api/hospitals/" + std::to_string(row.id.value)};
}

// Nobody finds it or books there before the platform's administrator approves.
Result<Accepted<HospitalApplied>> Module::hospital_application_create(Txn& txn, Call& call, const HospitalApply& body) {
  Change change;
  HospitalRow row;
  row.name = body.name.value, row.time_zone = body.time_zone.value, row.source = "application";
  row.is_active = false, row.approval = Approval::pending;
  take(row.address, body.address), take(row.postal_code, body.postal_code), take(row.phone, body.phone);
  place_take(row, body);
  auto errors = hospital_errors(row);
  if (!is_email(body.contact_email.value)) errors.push_back({"/contact_email", "is no e-mail address"});
  if (!errors.empty()) return fail(entry_invalid, std::move(errors));
  if (store::applications_pending(txn) >= applications_pending_max) return fail(applications_full);
  FAIRWARD_TRY_AS(city, city_write(txn, change, body.city_name.value, body.state ? body.state->value : ""));
  row.city = city;
  row.id = store::hospital_apply(txn, row,
                                 {{},
                                  body.contact_name.value,
                                  body.contact_email.value,
                                  body.language ? body.language->value : "en",
                                  call.now,
                                  {},
                                  {},
                                  false});
  change.hospitals.push_back(row);
  apply_on_commit(txn, std::move(change));
  return Accepted<HospitalApplied>{{}};
}

Result<HospitalApplication> Module::hospital_application_view(Snapshot& db, Call& call, const HospitalPath& path) {
  const auto row = store::hospital_find(db, path.id);
  const auto application = store::application_find(db, path.id);
  if (!row || !application) return fail(hospital_not_found);
  call.header("Cache-Control", "no-store");
  return HospitalApplication{path.id,
                             status_of(*row),
                             application->contact_name,
                             application->contact_email,
                             application->applied_at,
                             application->decided_at,
                             application->reason,
                             application->is_invited};
}

Result<HospitalItem> Module::hospital_approval_put(Txn& txn, Call& call, const HospitalApproval& body) {
  auto row = store::hospital_find(txn, body.id);
  if (!row) return fail(hospital_not_found);
  auto application = store::application_find(txn, body.id);
  if (row->approval != Approval::pending || !application) return fail(hospital_not_pending);
  if (!body.approved && !body.reason) return fail(entry_invalid, {{"/reason", "say why not: it is told to who asked"}});
  row->approval = body.approved ? Approval::approved : Approval::refused;
  row->is_active = body.approved;
  if (!store::hospital_decide(txn, body.id, row->approval)) return fail(hospital_not_pending);
  ++row->version;
  const Applicant applicant{body.id, row->name, application->contact_name, application->contact_email,
                            application->language};
  application->decided_at = call.now;
  if (body.reason) application->reason = body.reason->value;
  if (body.approved) application->is_invited = deciding_.invite && deciding_.invite(txn, call, applicant);
  else if (deciding_.refuse) deciding_.refuse(txn, applicant, *application->reason);
  store::application_decide(txn, *application, call.caller.user);
  Change change;
  change.cities.push_back(store::city_find(txn, row->city).value());
  change.hospitals.push_back(*row);
  auto item = hospital_written(*row, change.cities.back().name);
  apply_on_commit(txn, std::move(change));
  call.etag(row->version);
  return item;
}

Result<HospitalItem> Module::hospital_update(Txn& txn, Call& call, const HospitalUpdate& body) {
  auto row = store::hospital_find(txn, body.id);
  if (!row || !reaches_hospital(call, body.id)) return fail(hospital_not_found);
  if (call.if_match && *call.if_match != row->version) return fail(version_stale);
  Change change;
  if (body.name) row->name = body.name->value;
  if (body.time_zone) row->time_zone = body.time_zone->value;
  take(row->address, body.address), take(row->postal_code, body.postal_code), take(row->phone, body.phone);
  place_take(*row, body);
  if (auto errors = hospital_errors(*row); !errors.empty()) return fail(entry_invalid, std::move(errors));
  change.cities.push_back(store::city_find(txn, row->city).value());
  if (body.city_name) {
    FAIRWARD_TRY_AS(city, city_write(txn, change, body.city_name->value,
                                     body.state ? body.state->value : change.cities.back().state));
    row->city = city;
  }
  if (body.status && *body.status != status_of(*row)) {
    if (call.scope != api::Scope::all)
      return fail(entry_invalid, {{"/status", "only the platform's administrator opens and closes hospitals"}});
    const bool is_decided = *body.status == HospitalStatus::active || *body.status == HospitalStatus::closed;
    if (row->approval != Approval::approved || !is_decided)
      return fail(entry_invalid, {{"/status", "approve or refuse it by its approval"}});
    row->is_active = *body.status == HospitalStatus::active;
  }
  if (!store::hospital_update(txn, *row, row->version)) return fail(version_stale);
  ++row->version;
  for (const auto doctor : store::doctors_of_hospital(txn, body.id))
    change.doctors.emplace_back(store::doctor_find(txn, doctor).value(), store::practices_of_doctor(txn, doctor));
  change.hospitals.push_back(*row);
  auto item = hospital_written(*row, change.cities.back().name);
  item.doctors = doctors_with(*current(), TermKind::hospital, row->id.value);
  apply_on_commit(txn, std::move(change));
  call.etag(row->version);
  return item;
}

Result<Page<DepartmentItem>> Module::department_list(Call&, const DepartmentQuery& query) {
  const auto version = current();
  if (version->world.hospitals.find(query.hospital_id.value) == nullptr) return fail(hospital_not_found);
  Page<DepartmentItem> page;
  if (const auto* rows = version->world.departments.find(query.hospital_id.value)) {
    for (const auto& row : *rows) page.items.push_back({row.id, row.hospital, row.name});
  }
  return page;
}

Result<Created<DepartmentItem>> Module::department_create(Txn& txn, Call& call, const DepartmentCreate& body) {
  if (!store::hospital_find(txn, body.hospital_id) || !reaches_hospital(call, body.hospital_id))
    return fail(hospital_not_found);
  if (folded(body.name.value).empty()) return fail(entry_invalid, {{"/name", "needs a letter or digit"}});
  const auto id = store::department_insert(txn, body.hospital_id, body.name.value);
  if (!id) return fail(department_exists);
  Change change;
  change.departments.emplace_back(body.hospital_id, store::departments_of(txn, body.hospital_id));
  apply_on_commit(txn, std::move(change));
  return Created<DepartmentItem>{{*id, body.hospital_id, body.name.value},
                                 "/api/departments/" + std::to_string(id->value)};
}

Result<NoContent> Module::department_delete(Txn& txn, Call& call, const DepartmentPath& path) {
  const auto row = store::department_find(txn, path.id);
  if (!row || !reaches_hospital(call, row->hospital)) return fail(department_not_found);
  if (store::department_is_used(txn, path.id)) return fail(department_in_use);
  store::department_delete(txn, path.id);
  Change change;
  change.departments.emplace_back(row->hospital, store::departments_of(txn, row->hospital));
  apply_on_commit(txn, std::move(change));
  return NoContent{};
}

Result<PostalCodeItem> Module::postal_code_view(Call&, const PostalCodePath& path) {
  const auto version = current();
  const auto at = version->world.postal_codes->find(path.code.value);
  if (at == version->world.postal_codes->end()) return fail(postal_code_not_found);
  const auto& row = at->second;
  return PostalCodeItem{row.code, row.latitude, row.longitude, row.city, row.state};
}

}  // namespace fairward::directory
