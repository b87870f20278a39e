#include "modules/directory/store.h"

#include "base/check.h"
#include "modules/directory/directory.h"
#include "modules/directory/text.h"
#include "sql/directory.h"

namespace fairward::directory {

std::string_view sql_text(Approval approval) {
  constexpr std::string_view words[] = {"approved", "pending", "refused"};
  return words[static_cast<std::size_t>(approval)];
}
Approval sql_parse(std::string_view text, Approval*) {
  return text == "approved" ? Approval::approved : text == "pending" ? Approval::pending : Approval::refused;
}

std::string_view sql_text(DoctorStatus status) {
  switch (status) {
    case DoctorStatus::active: return "active";
    case DoctorStatus::pending: return "pending";
    case DoctorStatus::closed: return "closed";
  }
  FAIRWARD_CHECK(false);
}

DoctorStatus sql_parse(std::string_view text, DoctorStatus*) {
  if (text == "active") return DoctorStatus::active;
  if (text == "pending") return DoctorStatus::pending;
  FAIRWARD_CHECK(text == "closed");
  return DoctorStatus::closed;
}

namespace store {

namespace sql = sql_queries;

std::vector<CityRow> cities(Snapshot& db) { return db.all<CityRow>(sql::city_all); }
std::optional<CityRow> city_find(Snapshot& db, CityId id) { return db.one<CityRow>(sql::city_find, id); }

CityId city_ensure(Txn& txn, std::string_view name, std::string_view state) {
  const auto name_key = folded(name), state_key = folded(state);
  if (const auto id = txn.one<CityId>(sql::city_find_by_key, name_key, state_key)) return *id;
  if (const auto id = txn.one<CityId>(sql::city_insert, name, name_key, state, state_key)) return *id;
  return txn.one<CityId>(sql::city_find_by_key, name_key, state_key).value();
}

std::vector<SpecialityRow> specialities(Snapshot& db) { return db.all<SpecialityRow>(sql::speciality_all); }
std::optional<SpecialityRow> speciality_find(Snapshot& db, SpecialityId id) {
  return db.one<SpecialityRow>(sql::speciality_find, id);
}

SpecialityId speciality_ensure(Txn& txn, std::string_view name) {
  const auto key = folded(name);
  if (const auto id = txn.one<SpecialityId>(sql::speciality_find_by_key, key)) return *id;
  if (const auto id = txn.one<SpecialityId>(sql::speciality_insert, name, key)) return *id;
  return txn.one<SpecialityId>(sql::speciality_find_by_key, key).value();
}

void hospitals_each(Snapshot& db, const std::function<void(HospitalRow&&)>& visit) {
  db.each<HospitalRow>(sql::hospital_all, visit);
}
std::optional<HospitalRow> hospital_find(Snapshot& db, HospitalId id) {
  return db.one<HospitalRow>(sql::hospital_find, id);
}
std::optional<HospitalRow> hospital_find_by_source(Snapshot& db, std::string_view source, std::string_view source_key) {
  return db.one<HospitalRow>(sql::hospital_find_by_source, source, source_key);
}
std::vector<HospitalRow> hospitals_named(Snapshot& db, std::string_view name) {
  return db.all<HospitalRow>(sql::hospital_find_by_name, folded(name));
}
HospitalId hospital_insert(Txn& txn, const HospitalRow& row) {
  return txn
      .one<HospitalId>(sql::hospital_insert, row.city, row.name, folded(row.name), row.address, row.postal_code,
                       row.latitude, row.longitude, row.time_zone, row.phone, row.source, row.source_key, row.is_demo)
      .value();
}
bool hospital_update(Txn& txn, const HospitalRow& row, std::int64_t version) {
  return txn.exec(sql::hospital_update, row.id, version, row.city, row.name, folded(row.name), row.address,
                  row.postal_code, row.latitude, row.longitude, row.time_zone, row.phone, row.is_active) == 1;
}
HospitalId hospital_apply(Txn& txn, const HospitalRow& row, const ApplicationRow& application) {
  const auto id = txn.one<HospitalId>(sql::hospital_apply, row.city, row.name, folded(row.name), row.address,
                                      row.postal_code, row.latitude, row.longitude, row.time_zone, row.phone)
                      .value();
  txn.exec(sql::application_insert, id, application.contact_name, application.contact_email, application.language,
           application.applied_at);
  return id;
}
bool hospital_decide(Txn& txn, HospitalId id, Approval approval) {
  return txn.exec(sql::hospital_decide, id, approval, approval == Approval::approved) == 1;
}
std::optional<ApplicationRow> application_find(Snapshot& db, HospitalId hospital) {
  return db.one<ApplicationRow>(sql::application_find, hospital);
}
void application_decide(Txn& txn, const ApplicationRow& row, UserId by) {
  txn.exec(sql::application_decide, row.hospital, row.decided_at, by, row.reason, row.is_invited);
}
std::int64_t applications_pending(Snapshot& db) { return db.one<std::int64_t>(sql::applications_pending).value_or(0); }
std::int64_t hospitals_locate(Txn& txn, std::string_view postal_code, Place place) {
  return txn.exec(sql::hospital_locate, postal_code, place.latitude, place.longitude);
}
std::vector<HospitalRow> hospitals_without_doctors(Snapshot& db, std::int64_t most) {
  return db.all<HospitalRow>(sql::hospital_demo_candidates, most);
}

std::vector<DepartmentRow> departments(Snapshot& db) { return db.all<DepartmentRow>(sql::department_all); }
std::vector<DepartmentRow> departments_of(Snapshot& db, HospitalId hospital) {
  return db.all<DepartmentRow>(sql::department_of_hospital, hospital);
}
std::optional<DepartmentRow> department_find(Snapshot& db, DepartmentId id) {
  return db.one<DepartmentRow>(sql::department_find, id);
}
std::optional<DepartmentId> department_insert(Txn& txn, HospitalId hospital, std::string_view name) {
  return txn.one<DepartmentId>(sql::department_insert, hospital, name, folded(name));
}
bool department_is_used(Snapshot& db, DepartmentId id) {
  return db.one<std::int64_t>(sql::department_used, id).has_value();
}
void department_delete(Txn& txn, DepartmentId id) { txn.exec(sql::department_delete, id); }

void doctors_each(Snapshot& db, const std::function<void(DoctorRow&&)>& visit) {
  db.each<DoctorRow>(sql::doctor_all, visit);
}
std::optional<DoctorRow> doctor_find(Snapshot& db, DoctorId id) { return db.one<DoctorRow>(sql::doctor_find, id); }
std::vector<DoctorId> doctors_of_hospital(Snapshot& db, HospitalId hospital) {
  return db.all<DoctorId>(sql::doctor_of_hospital, hospital);
}
DoctorId doctor_insert(Txn& txn, const DoctorRow& row) {
  return txn
      .one<DoctorId>(sql::doctor_insert, row.title, row.given_name, row.family_name, row.full_name, row.speciality,
                     row.qualification, row.practising_since, row.languages, row.bio, row.image_url, row.telephone,
                     row.email, row.rating_sum, row.rating_count, row.status, row.is_demo)
      .value();
}
bool doctor_update(Txn& txn, const DoctorRow& row, std::int64_t version) {
  return txn.exec(sql::doctor_update, row.id, version, row.title, row.given_name, row.family_name, row.full_name,
                  row.speciality, row.qualification, row.practising_since, row.languages, row.bio, row.image_url,
                  row.telephone, row.email, row.status) == 1;
}
bool doctor_rate(Txn& txn, DoctorId id, std::int64_t stars, std::int64_t reviews) {
  return txn.exec(sql::doctor_rate, id, stars, reviews) == 1;
}

void practices_each(Snapshot& db, const std::function<void(PracticeRow&&)>& visit) {
  db.each<PracticeRow>(sql::practice_all, visit);
}
std::vector<PracticeRow> practices_of_doctor(Snapshot& db, DoctorId doctor) {
  return db.all<PracticeRow>(sql::practice_of_doctor, doctor);
}
void practice_upsert(Txn& txn, const PracticeRow& row) {
  txn.exec(sql::practice_upsert, row.doctor, row.hospital, row.department, row.fee_minor, row.currency, row.is_active);
}
void practice_close(Txn& txn, DoctorId doctor, HospitalId hospital) { txn.exec(sql::practice_close, doctor, hospital); }

void postal_codes_each(Snapshot& db, const std::function<void(PostalCodeRow&&)>& visit) {
  db.each<PostalCodeRow>(sql::postal_code_all, visit);
}
std::optional<PostalCodeRow> postal_code_find(Snapshot& db, std::string_view code) {
  return db.one<PostalCodeRow>(sql::postal_code_find, code);
}
void postal_code_insert(Txn& txn, const PostalCodeRow& row) {
  txn.exec(sql::postal_code_insert, row.code, row.latitude, row.longitude, row.city, row.state);
}
void postal_code_update(Txn& txn, const PostalCodeRow& row) {
  txn.exec(sql::postal_code_update, row.code, row.latitude, row.longitude, row.city, row.state);
}

}  // namespace store

std::vector<std::string> time_zones(Snapshot& db) { return db.all<std::string>(sql_queries::zone_all); }

std::vector<HospitalId> hospitals_of_zone(Snapshot& db, const std::string& time_zone, HospitalId after,
                                          std::int64_t limit) {
  return db.all<HospitalId>(sql_queries::hospital_of_zone, time_zone, after, limit);
}

std::optional<std::string> hospital_time_zone(Snapshot& db, HospitalId hospital) {
  const auto row = store::hospital_find(db, hospital);
  return row ? std::optional(row->time_zone) : std::nullopt;
}

std::optional<std::string> speciality_name(Snapshot& db, SpecialityId speciality) {
  const auto row = store::speciality_find(db, speciality);
  return row ? std::optional(row->name) : std::nullopt;
}

std::optional<std::string> doctor_name(Snapshot& db, DoctorId doctor) {
  const auto row = store::doctor_find(db, doctor);
  return row ? std::optional(row->full_name) : std::nullopt;
}

bool doctor_rating_add(Txn& txn, DoctorId doctor, std::int64_t stars, std::int64_t reviews) {
  return store::doctor_rate(txn, doctor, stars, reviews);
}

std::vector<Practice> practices_of(Snapshot& db, DoctorId doctor) {
  return db.all<Practice>(sql_queries::practice_view_of_doctor, doctor);
}

std::optional<Practice> practice_find(Snapshot& db, DoctorId doctor, HospitalId hospital) {
  return db.one<Practice>(sql_queries::practice_view_find, doctor, hospital);
}

Txn::Asked<Practice> practice_ask(Txn& txn, DoctorId doctor, HospitalId hospital) {
  return txn.ask<Practice>(sql_queries::practice_view_find, doctor, hospital);
}

void practices_each(Snapshot& db, const std::function<void(const Practice&)>& visit) {
  db.each<Practice>(sql_queries::practice_view_all, [&](Practice&& practice) { visit(practice); });
}

}  // namespace fairward::directory
