// The doctors of a hospital for its administrators: those whom patients do not find too, so that they can be brought
// back. Names come from memory, practices from the database.
#include "modules/directory/cursor.h"
#include "modules/directory/errors.h"
#include "modules/directory/module.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

bool has_start(std::string_view text, std::string_view word) {
  return std::ranges::any_of(words_of(text), [&](std::string_view own) { return own.starts_with(word); });
}

// Each word begins one of the name or of the speciality.
bool has_words(const World& world, const DoctorCard& doctor, std::string_view keyword) {
  const auto* speciality = world.specialities.find(doctor.row.speciality.value);
  return std::ranges::all_of(words_of(keyword), [&](std::string_view word) {
    return has_start(doctor.name_folded, word) || (speciality != nullptr && has_start(speciality->name_folded, word));
  });
}

// Hospital 0: anywhere.
bool is_bookable(const DoctorCard& doctor, HospitalId hospital) {
  const auto is_there = [&](const DoctorCard::At& at) { return at.hospital == hospital; };
  return doctor.is_listed && (!hospital || std::ranges::any_of(doctor.practices, is_there));
}

bool passes(const DoctorCard& doctor, HospitalId hospital, const std::optional<RosterStatus>& status) {
  if (!status) return true;
  switch (*status) {
    case RosterStatus::bookable: return is_bookable(doctor, hospital);
    case RosterStatus::inactive: return !is_bookable(doctor, hospital);
    case RosterStatus::pending: return doctor.row.status == DoctorStatus::pending;
    case RosterStatus::closed: return doctor.row.status == DoctorStatus::closed;
  }
  return false;
}

bool is_before(const DoctorCard* a, const DoctorCard* b) {
  const int order = a->name_folded.compare(b->name_folded);
  return order != 0 ? order < 0 : a->row.id < b->row.id;
}

Position position_of(const DoctorCard& doctor) { return {{}, doctor.name_folded, doctor.row.id.value}; }

std::uint64_t mark_of(const RosterQuery& query, HospitalId hospital) {
  const int status = query.status ? static_cast<int>(*query.status) : -1;
  return text_hash("roster|" + std::to_string(hospital.value) + '|' + std::to_string(status) + '|' +
                   folded(query.keyword ? query.keyword->value : ""));
}

// A practice elsewhere is shown while everybody may see it.
std::vector<RosterPractice> practices_of(Snapshot& db, const Call& call, const World& world, DoctorId doctor) {
  std::vector<RosterPractice> list;
  for (const auto& row : store::practices_of_doctor(db, doctor)) {
    const auto* hospital = world.hospitals.find(row.hospital.value);
    if (hospital == nullptr || !(row.is_active || call.reaches({}, row.hospital))) continue;
    list.push_back({row.hospital, hospital->row.name, hospital->city_name, row.department,
                    Money{row.fee_minor, row.currency}, row.is_active && hospital->row.is_active});
  }
  return list;
}

DoctorStatusInput status_of(DoctorStatus status) {
  switch (status) {
    case DoctorStatus::active: return DoctorStatusInput::active;
    case DoctorStatus::pending: return DoctorStatusInput::pending;
    case DoctorStatus::closed: break;
  }
  return DoctorStatusInput::closed;
}

RosterItem item_of(Snapshot& db, const Call& call, const World& world, const DoctorCard& doctor, HospitalId hospital) {
  const auto* speciality = world.specialities.find(doctor.row.speciality.value);
  return {doctor.row.id,
          doctor.row.full_name,
          {doctor.row.speciality.value, speciality == nullptr ? "" : speciality->row.name},
          status_of(doctor.row.status),
          is_bookable(doctor, hospital),
          practices_of(db, call, world, doctor.row.id),
          doctor.row.version};
}

// Those who pass and come after `after`, in order, at most `most`.
std::vector<const DoctorCard*> roster(Snapshot& db, const World& world, const RosterQuery& query, HospitalId hospital,
                                      const std::optional<Position>& after, std::size_t most) {
  std::vector<const DoctorCard*> rows;
  const auto keyword = folded(query.keyword ? query.keyword->value : "");
  const auto consider = [&](const DoctorCard* doctor) {
    if (doctor == nullptr || !passes(*doctor, hospital, query.status) || !has_words(world, *doctor, keyword)) return;
    if (after && std::tie(doctor->name_folded, doctor->row.id.value) <= std::tie(after->text, after->doctor)) return;
    rows.push_back(doctor);
  };
  if (hospital)
    for (const auto id : store::doctors_of_hospital(db, hospital)) consider(world.doctors.find(id.value));
  else world.doctors.each([&](const auto& doctor) { consider(doctor.get()); });
  const auto count = std::min(rows.size(), most);
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end(), is_before);
  rows.resize(count);
  return rows;
}

}  // namespace

// A hospital's administrator sees the own hospital's. Errors, in this order: hospital_not_found, search_invalid.
Result<Page<RosterItem>> Module::doctor_roster_list(Snapshot& db, Call& call, const RosterQuery& query) {
  const bool is_everywhere = call.scope == api::Scope::all;
  const HospitalId hospital = query.hospital_id.value_or(is_everywhere ? HospitalId{} : call.caller.hospital);
  const auto version = current();
  const World& world = version->world;
  if (hospital ? !call.reaches({}, hospital) || world.hospitals.find(hospital.value) == nullptr : !is_everywhere)
    return fail(hospital_not_found);
  std::optional<Position> after;
  if (query.cursor && !(after = cursor_read(query.cursor->value, mark_of(query, hospital))))
    return fail(search_invalid, {{"?cursor", "is not a cursor of this list"}});
  const auto limit = static_cast<std::size_t>(query.limit.value);
  auto rows = roster(db, world, query, hospital, after, limit + 1);
  Page<RosterItem> page;
  page.next = api::page_cut(rows, query.limit.value, [&](const DoctorCard* last) {
    return cursor_write(position_of(*last), mark_of(query, hospital));
  });
  for (const auto* doctor : rows) page.items.push_back(item_of(db, call, world, *doctor, hospital));
  return page;
}

}  // namespace fairward::directory
