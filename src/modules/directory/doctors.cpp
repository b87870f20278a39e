// Doctors: profile, creation, changes. A hospital's administrator changes the practices of the own hospital only.
#include "modules/directory/errors.h"
#include "modules/directory/module.h"
#include "modules/directory/rules.h"
#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

template <std::size_t min, std::size_t max>
void take(std::optional<std::string>& into, const std::optional<BoundedText<min, max>>& from) {
  if (from) into = from->value.empty() ? std::nullopt : std::optional(from->value);
}
template <std::size_t min, std::size_t max>
void take(std::string& into, const std::optional<BoundedText<min, max>>& from) {
  if (from) into = from->value;
}

// What create, update and the own profile have in common. Errors are appended.
void person_take(DoctorRow& row, const auto& body, int year, std::vector<FieldError>& errors) {
  take(row.qualification, body.qualification), take(row.bio, body.bio);
  take(row.image_url, body.image_url), take(row.telephone, body.telephone), take(row.email, body.email);
  if (body.experience_years) row.practising_since = year - body.experience_years->value;
  if (!body.languages) return;
  std::vector<std::string> names;
  for (const auto& name : *body.languages) names.push_back(name.value);
  errors = language_errors(names);
  row.languages = languages_joined(names);
}

// The speciality by id or by name; a new name makes a new speciality.
Result<SpecialityId> speciality_take(Txn& txn, Change& change, SpecialityId current,
                                     const std::optional<SpecialityId>& id,
                                     const std::optional<BoundedText<1, 80>>& name) {
  if (id && name) return fail(entry_invalid, {{"/speciality", "give either speciality or speciality_id"}});
  if (!id && !name) return current;
  if (id) {
    if (!store::speciality_find(txn, *id))
      return fail(entry_invalid, {{"/speciality_id", "there is no such speciality"}});
    return *id;
  }
  if (folded(name->value).empty()) return fail(entry_invalid, {{"/speciality", "needs a letter"}});
  const auto made = store::speciality_ensure(txn, name->value);
  change.specialities.push_back(store::speciality_find(txn, made).value());
  return made;
}

Result<void> practices_write(Txn& txn, const Call& call, DoctorId doctor, const std::vector<PracticeInput>& practices) {
  for (std::size_t i = 0; i < practices.size(); ++i) {
    const auto& input = practices[i];
    const auto at = "/practices/" + std::to_string(i);
    if (!store::hospital_find(txn, input.hospital_id) || !call.reaches({}, input.hospital_id))
      return fail(entry_invalid, {{at + "/hospital_id", "there is no such hospital, or it is not yours"}});
    if (input.department_id) {
      const auto department = store::department_find(txn, *input.department_id);
      if (!department || department->hospital != input.hospital_id)
        return fail(entry_invalid, {{at + "/department_id", "the hospital has no such department"}});
    }
    store::practice_upsert(txn, {doctor, input.hospital_id, input.department_id, input.fee.amount_minor,
                                 input.fee.currency, input.is_active.value_or(true)});
  }
  for (const auto& known : store::practices_of_doctor(txn, doctor)) {
    const bool is_named =
        std::ranges::any_of(practices, [&](const PracticeInput& input) { return input.hospital_id == known.hospital; });
    if (!is_named && call.reaches({}, known.hospital)) store::practice_close(txn, doctor, known.hospital);
  }
  return {};
}

bool reaches_doctor(const Call& call, const DoctorRow& row, const std::vector<PracticeRow>& practices) {
  if (call.reaches({}, {}, row.id)) return true;
  return std::ranges::any_of(practices,
                             [&](const PracticeRow& practice) { return call.reaches({}, practice.hospital, row.id); });
}

void append(std::vector<FieldError>& into, std::vector<FieldError> more) {
  into.insert(into.end(), more.begin(), more.end());
}

}  // namespace

Result<Serialized<DoctorProfile>> Module::doctor_view(Call& call, const DoctorPath& path) {
  const auto version = current();
  const auto* doctor = version->world.doctors.find(path.id.value);
  const bool is_insider = call.caller.is_staff() || (call.caller.doctor && call.caller.doctor == path.id);
  if (doctor == nullptr || (!doctor->is_listed && !is_insider)) return fail(doctor_not_found);
  call.etag(doctor->row.version);
  return Serialized<DoctorProfile>{profile_json(*version, *doctor, call.now)};
}

Result<Serialized<DoctorProfile>> Module::doctor_profile_view(Call& call, const NoInput&) {
  if (!call.caller.doctor) return fail(doctor_not_found);
  return doctor_view(call, {call.caller.doctor});
}

// The profile as it will be once the transaction is durable.
std::string Module::profile_after(const Change& change, const DoctorRow& row, const std::vector<PracticeRow>& practices,
                                  Instant now) const {
  const auto version = current();
  World world = version->world;
  for (const auto& speciality : change.specialities)
    world.specialities.set(speciality.id.value, speciality_card(speciality));
  Languages languages;
  return profile_json(*version, *doctor_card(world, languages, row, practices, year()), now);
}

Result<std::string> Module::doctor_write(Txn& txn, Call& call, DoctorRow row,
                                         const std::optional<std::vector<PracticeInput>>& practices, Change change) {
  row.full_name = full_name(row.title, row.given_name, row.family_name);
  auto errors = doctor_errors(row);
  if (practices) append(errors, practice_errors(*practices));
  if (!errors.empty()) return fail(entry_invalid, std::move(errors));
  if (!row.id) {
    row.id = store::doctor_insert(txn, row);
  } else {
    if (!store::doctor_update(txn, row, row.version)) return fail(version_stale);
    ++row.version;
  }
  if (practices) FAIRWARD_TRY(practices_write(txn, call, row.id, *practices));
  const auto written = store::practices_of_doctor(txn, row.id);
  auto json = profile_after(change, row, written, call.now);
  call.etag(row.version);
  change.doctors.emplace_back(std::move(row), written);
  apply_on_commit(txn, std::move(change));
  return json;
}

Result<Created<api::RawJson>> Module::doctor_create(Txn& txn, Call& call, const DoctorCreate& body) {
  Change change;
  DoctorRow row;
  row.title = body.title ? body.title->value : "Dr";
  row.given_name = body.given_name.value;
  take(row.family_name, body.family_name);
  std::vector<FieldError> errors;
  person_take(row, body, year(), errors);
  if (!body.speciality_id && !body.speciality) errors.push_back({"/speciality", "is required (or speciality_id)"});
  if (body.practices.empty()) errors.push_back({"/practices", "name at least one hospital"});
  if (!errors.empty()) return fail(entry_invalid, std::move(errors));
  FAIRWARD_TRY_AS(speciality, speciality_take(txn, change, {}, body.speciality_id, body.speciality));
  row.speciality = speciality;
  FAIRWARD_TRY_AS(json, doctor_write(txn, call, std::move(row), body.practices, change));
  const auto id = json.substr(6, json.find(',') - 6);  // {"id":17,…
  return Created<api::RawJson>{{std::move(json)}, "/api/doctors/" + id};
}

Result<Serialized<DoctorProfile>> Module::doctor_update(Txn& txn, Call& call, const DoctorUpdate& body) {
  auto row = store::doctor_find(txn, body.id);
  if (!row || !reaches_doctor(call, *row, store::practices_of_doctor(txn, body.id))) return fail(doctor_not_found);
  if (call.if_match && *call.if_match != row->version) return fail(version_stale);
  Change change;
  take(row->title, body.title), take(row->family_name, body.family_name);
  if (body.given_name) row->given_name = body.given_name->value;
  if (body.status)
    row->status = *body.status == DoctorStatusInput::active    ? DoctorStatus::active
                  : *body.status == DoctorStatusInput::pending ? DoctorStatus::pending
                                                               : DoctorStatus::closed;
  std::vector<FieldError> errors;
  person_take(*row, body, year(), errors);
  if (!errors.empty()) return fail(entry_invalid, std::move(errors));
  FAIRWARD_TRY_AS(speciality, speciality_take(txn, change, row->speciality, body.speciality_id, body.speciality));
  row->speciality = speciality;
  FAIRWARD_TRY_AS(json, doctor_write(txn, call, std::move(*row), body.practices, std::move(change)));
  return Serialized<DoctorProfile>{std::move(json)};
}

Result<Serialized<DoctorProfile>> Module::doctor_profile_update(Txn& txn, Call& call, const ProfileUpdate& body) {
  auto row = call.caller.doctor ? store::doctor_find(txn, call.caller.doctor) : std::nullopt;
  if (!row) return fail(doctor_not_found);
  if (call.if_match && *call.if_match != row->version) return fail(version_stale);
  std::vector<FieldError> errors;
  person_take(*row, body, year(), errors);
  if (!errors.empty()) return fail(entry_invalid, std::move(errors));
  FAIRWARD_TRY_AS(json, doctor_write(txn, call, std::move(*row), std::nullopt, {}));
  return Serialized<DoctorProfile>{std::move(json)};
}

}  // namespace fairward::directory
