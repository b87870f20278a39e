// Rows of the directory's tables and the only caller of its SQL. No rules here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "modules/directory/geo.h"
#include "platform/sql/sql.h"

namespace fairward::directory {

struct CityRow {
  CityId id;
  std::string name, state;
};
struct SpecialityRow {
  SpecialityId id;
  std::string name;
};
enum class Approval : std::uint8_t { approved, pending, refused };
std::string_view sql_text(Approval approval);
Approval sql_parse(std::string_view text, Approval*);

struct HospitalRow {
  HospitalId id;
  CityId city;
  std::string name;
  std::optional<std::string> address, postal_code;
  std::optional<double> latitude, longitude;
  std::string time_zone;
  std::optional<std::string> phone;
  std::string source;                     // "manual", "demo", or the name that an import was given
  std::optional<std::string> source_key;  // unique within the source
  bool is_demo = false;
  bool is_active = true;                   // a closed one is neither found nor booked
  Approval approval = Approval::approved;  // else it is closed, and shown to who decides only
  std::int64_t version = 1;
};
inline std::optional<Place> place_of(const HospitalRow& row) {
  if (!row.latitude || !row.longitude) return std::nullopt;
  return Place{*row.latitude, *row.longitude};
}
struct ApplicationRow {
  HospitalId hospital;
  std::string contact_name, contact_email, language;
  Instant applied_at;
  std::optional<Instant> decided_at;
  std::optional<std::string> reason;
  bool is_invited = false;
};
struct DepartmentRow {
  DepartmentId id;
  HospitalId hospital;
  std::string name;
};
enum class DoctorStatus : std::uint8_t { active, pending, closed };
std::string_view sql_text(DoctorStatus status);
DoctorStatus sql_parse(std::string_view text, DoctorStatus*);

struct DoctorRow {
  DoctorId id;
  std::string title, given_name, family_name, full_name;
  SpecialityId speciality;
  std::string qualification;
  std::optional<std::int64_t> practising_since;  // year
  std::string languages;                         // names joined by ','
  std::string bio;
  std::optional<std::string> image_url, telephone, email;
  std::int64_t rating_sum = 0, rating_count = 0;  // stars 1 … 5
  DoctorStatus status = DoctorStatus::active;
  bool is_demo = false;
  std::int64_t version = 1;
};
struct PracticeRow {
  DoctorId doctor;
  HospitalId hospital;
  std::optional<DepartmentId> department;
  std::int64_t fee_minor = 0;
  std::string currency;
  bool is_active = true;
};
struct PostalCodeRow {
  std::string code;
  std::optional<double> latitude, longitude;
  std::optional<std::string> city, state;
  friend bool operator==(const PostalCodeRow&, const PostalCodeRow&) = default;
};

namespace store {

std::vector<CityRow> cities(Snapshot& db);
std::optional<CityRow> city_find(Snapshot& db, CityId id);
// The city of that folded name and state; made when there is none.
CityId city_ensure(Txn& txn, std::string_view name, std::string_view state);
std::vector<SpecialityRow> specialities(Snapshot& db);
std::optional<SpecialityRow> speciality_find(Snapshot& db, SpecialityId id);
SpecialityId speciality_ensure(Txn& txn, std::string_view name);

void hospitals_each(Snapshot& db, const std::function<void(HospitalRow&&)>& visit);
std::optional<HospitalRow> hospital_find(Snapshot& db, HospitalId id);
std::optional<HospitalRow> hospital_find_by_source(Snapshot& db, std::string_view source, std::string_view source_key);
std::vector<HospitalRow> hospitals_named(Snapshot& db, std::string_view name);  // folded alike; at most 1000
HospitalId hospital_insert(Txn& txn, const HospitalRow& row);
bool hospital_update(Txn& txn, const HospitalRow& row, std::int64_t version);
// Waits for approval from now on.
HospitalId hospital_apply(Txn& txn, const HospitalRow& row, const ApplicationRow& application);
bool hospital_decide(Txn& txn, HospitalId id, Approval approval);  // false: it does not wait
std::optional<ApplicationRow> application_find(Snapshot& db, HospitalId hospital);
void application_decide(Txn& txn, const ApplicationRow& row, UserId by);
std::int64_t applications_pending(Snapshot& db);  // false: another version
// Gives the place to the hospitals of the postal code that have none; answers how many.
std::int64_t hospitals_locate(Txn& txn, std::string_view postal_code, Place place);
std::vector<HospitalRow> hospitals_without_doctors(Snapshot& db, std::int64_t most);

std::vector<DepartmentRow> departments(Snapshot& db);
std::vector<DepartmentRow> departments_of(Snapshot& db, HospitalId hospital);
std::optional<DepartmentRow> department_find(Snapshot& db, DepartmentId id);
std::optional<DepartmentId> department_insert(Txn& txn, HospitalId hospital, std::string_view name);  // nullopt: exists
bool department_is_used(Snapshot& db, DepartmentId id);
void department_delete(Txn& txn, DepartmentId id);

void doctors_each(Snapshot& db, const std::function<void(DoctorRow&&)>& visit);
std::optional<DoctorRow> doctor_find(Snapshot& db, DoctorId id);
std::vector<DoctorId> doctors_of_hospital(Snapshot& db, HospitalId hospital);
DoctorId doctor_insert(Txn& txn, const DoctorRow& row);
bool doctor_update(Txn& txn, const DoctorRow& row, std::int64_t version);  // false: another version
bool doctor_rate(Txn& txn, DoctorId id, std::int64_t stars, std::int64_t reviews);

void practices_each(Snapshot& db, const std::function<void(PracticeRow&&)>& visit);  // by doctor, hospital
std::vector<PracticeRow> practices_of_doctor(Snapshot& db, DoctorId doctor);
void practice_upsert(Txn& txn, const PracticeRow& row);
void practice_close(Txn& txn, DoctorId doctor, HospitalId hospital);

void postal_codes_each(Snapshot& db, const std::function<void(PostalCodeRow&&)>& visit);
std::optional<PostalCodeRow> postal_code_find(Snapshot& db, std::string_view code);
void postal_code_insert(Txn& txn, const PostalCodeRow& row);
void postal_code_update(Txn& txn, const PostalCodeRow& row);

}  // namespace store
}  // namespace fairward::directory
