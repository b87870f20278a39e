#include "modules/identity/patients.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "modules/identity/errors.h"
#include "modules/identity/rules.h"

namespace fairward::identity {

std::optional<std::string> sex_text(std::optional<Sex> sex) {
  constexpr std::array<const char*, 4> texts = {"female", "male", "other", "unknown"};
  return sex ? std::optional<std::string>(texts[static_cast<std::size_t>(*sex)]) : std::nullopt;
}

namespace {

// A text that is given has to be readable; absent stays absent.
template <class Normalise>
Result<std::optional<std::string>> normalised(const std::optional<std::string>& text, Normalise normalise,
                                              const Problem& problem, const char* pointer, const char* detail) {
  if (!text) return std::nullopt;
  auto value = normalise(*text);
  if (!value) return fail(problem, {{pointer, detail}});
  return value;
}

constexpr const char* phone_detail = "Write the whole phone number; outside India with + and the country code.";

}  // namespace

Result<Created<Patient>> patient_create(Txn& txn, Call& call, const PatientCreate& body) {
  FAIRWARD_TRY_AS(phone, normalised(body.phone, phone_normalise, login_invalid, "/phone", phone_detail));
  FAIRWARD_TRY_AS(email,
                  normalised(body.email, email_normalise, login_invalid, "/email", "This is no e-mail address."));
  UserRow row{{},
              api::Role::patient,
              UserStatus::active,
              body.name.value,
              call.caller.hospital,
              {},
              phone,
              email,
              body.birth_on ? std::optional(to_iso(*body.birth_on)) : std::nullopt,
              sex_text(body.sex)};
  const auto id = user_insert(txn,
                              {row.role, row.status, row.name, row.hospital, row.doctor, row.phone, row.email,
                               row.birth_on, row.sex, call.caller.user},
                              call.now);
  if (!id) return fail(patient_not_found);  // cannot be: only doctors clash
  row.id = *id;
  user_emit(txn, "identity.patient_added", row.id);
  call.concerns(row.id);
  return Created<Patient>{patient_view(row), fmt::format("/api/patients/{}", row.id.value)};
}

Result<Page<Patient>> Patients::patient_list(Snapshot& db, Call& call, const PatientQuery& query) {
  const bool is_everywhere = call.scope == api::Scope::all, is_doctor = call.scope == api::Scope::own;
  call.concerns_nobody();
  if (!is_everywhere && !is_doctor && !call.caller.hospital) return Page<Patient>{};
  PatientFilter filter;
  filter.hospital = is_everywhere ? HospitalId{} : call.caller.hospital;
  FAIRWARD_TRY_AS(after, cursor_parse(query.cursor));
  FAIRWARD_TRY_AS(phone, normalised(query.phone, phone_normalise, query_invalid, "?phone", phone_detail));
  filter.after = after;
  filter.phone = phone;
  if (query.name) filter.name = query.name->value;
  filter.limit = query.limit + 1;
  if (is_doctor) return treated_list(db, call, filter, query.limit);
  Page<Patient> page;
  for (const UserRow& row : patients_page(db, filter)) page.items.push_back(patient_view(row));
  page.next = api::page_cut(page.items, query.limit, [](const Patient& last) { return cursor_text(last.id); });
  call.concerns_all(page.items, &Patient::id);
  return page;
}

// Looks at a bounded number of the doctor's patients for a page; where it found less, it says where to go on.
Result<Page<Patient>> Patients::treated_list(Snapshot& db, Call& call, const PatientFilter& filter,
                                             std::int64_t limit) const {
  constexpr std::int64_t looked_at_max = 1000;
  Page<Patient> page;
  if (!treated_ || !call.caller.doctor) return page;
  const auto ids = treated_(db, call.caller.doctor, call.now, UserId{filter.after}, looked_at_max + 1);
  UserId last;
  for (const UserId id : ids) {
    const bool is_full = std::ssize(page.items) == limit || &id == ids.data() + looked_at_max;
    if (is_full) {
      page.next = cursor_text(last);
      break;
    }
    last = id;
    const auto row = user_find(db, id);
    if (!row || (filter.phone && row->phone != filter.phone)) continue;
    if (filter.name && ascii_lower(row->name).find(ascii_lower(*filter.name)) == std::string::npos) continue;
    page.items.push_back(patient_view(*row));
  }
  call.concerns_all(page.items, &Patient::id);
  return page;
}

bool Patients::reaches(Snapshot& db, const Call& call, const UserRow& patient) const {
  if (call.caller.role != api::Role::doctor || call.scope != api::Scope::own)
    return call.reaches(patient.id, patient.hospital);
  if (!treated_ || !call.caller.doctor) return false;
  const auto found = treated_(db, call.caller.doctor, call.now, UserId{patient.id.value - 1}, 1);
  return !found.empty() && found.front() == patient.id;
}

Result<Patient> Patients::patient_get(Snapshot& db, Call& call, const PatientPath& path) {
  const auto row = user_find(db, path.id);
  if (!row || row->role != api::Role::patient || !reaches(db, call, *row)) return fail(patient_not_found);
  call.concerns(row->id);
  return patient_view(*row);
}

}  // namespace fairward::identity
