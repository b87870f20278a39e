// What lasts beyond a visit: allergies and problems, each corrected by a new version; and the summary of a patient.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "modules/records/errors.h"
#include "modules/records/module.h"
#include "modules/records/rules.h"

namespace fairward::records {
namespace {

constexpr std::int64_t entries_max = 200;
constexpr std::int64_t visits_shown = 10;

store::Page newest(std::vector<UserId> persons, HospitalId hospital, std::int64_t limit) {
  return {.patients = std::move(persons), .hospital = hospital, .limit = limit};
}

// Where a doctor writes what belongs to no visit: at the first open practice.
std::optional<HospitalId> hospital_of(Snapshot& db, DoctorId doctor) {
  const auto practices = directory::practices_of(db, doctor);
  const auto open = std::ranges::find_if(practices, [](const directory::Practice& p) { return p.is_active; });
  if (open != practices.end()) return open->hospital;
  return practices.empty() ? std::nullopt : std::optional(practices.front().hospital);
}

// May the doctor write into the record of this patient, and at which hospital? Errors: patient_not_found.
Result<HospitalId> writes_at(Snapshot& db, Call& call, UserId patient) {
  const Access access = access_of(db, call, patient);
  const auto hospital = call.caller.doctor ? hospital_of(db, call.caller.doctor) : std::nullopt;
  if (!access || !hospital || !patient_card(db, patient)) return fail(patient_not_found);
  return *hospital;
}

template <class Row>
void sign(Row& row, const Call& call, HospitalId hospital) {
  row.hospital = hospital;
  row.doctor = call.caller.doctor;
  row.recorded_at = call.now;
  row.recorded_by = call.caller.user;
}

// Errors: note_invalid.
Result<std::optional<std::string>> code_read(const std::optional<BoundedText<3, 10>>& code) {
  if (!code) return std::nullopt;
  auto normal = code_normal(code->value);
  if (!normal) return fail(note_invalid, {{"/code", "is no code of ICD-10"}});
  return normal;
}

template <class Id>
std::string location_of(UserId patient, Id) {
  return fmt::format("/api/patients/{}/summary", patient.value);
}

void tell(Txn& txn, std::string_view kind, UserId patient, std::int64_t id) {
  txn.emit({fmt::format("patient/{}", patient.value), std::string(kind),
            fmt::format(R"({{"patient":{},"id":{}}})", patient.value, id)});
}

}  // namespace

// Errors, in this order: patient_not_found, entry_exists. Emits records.allergy_recorded.
Result<Created<Allergy>> Module::allergy_create(Txn& txn, Call& call, const AllergyCreate& body) {
  FAIRWARD_TRY_AS(hospital, writes_at(txn, call, body.id));
  for (const auto& known : store::allergies_of(txn, newest(store::persons_of(txn, body.id), {}, entries_max)))
    if (known.status == EntryStatus::active && ascii_equal_ignoring_case(known.substance, body.substance.value))
      return fail(entry_exists);
  store::AllergyRow row;
  sign(row, call, hospital);
  row.patient = body.id;
  row.substance = body.substance.value;
  row.reaction = text_of(body.reaction);
  row.severity = body.severity.value_or(Severity::unknown);
  row.id = store::allergy_insert(txn, row).value();
  tell(txn, "records.allergy_recorded", row.patient, row.id.value);
  return Created<Allergy>{allergy_view(row), location_of(row.patient, row.id)};
}

// Errors, in this order: entry_not_found, entry_superseded. Emits records.allergy_corrected.
Result<Created<Allergy>> Module::allergy_correct(Txn& txn, Call& call, const AllergyCorrect& body) {
  auto row = store::allergy_find(txn, body.id);
  if (!row) return fail(entry_not_found);
  const auto hospital = writes_at(txn, call, row->patient);
  if (!hospital) return fail(entry_not_found);
  sign(*row, call, *hospital);
  row->supersedes = row->id;
  row->reason = body.reason.value;
  if (body.substance) row->substance = body.substance->value;
  if (body.reaction) row->reaction = text_of(body.reaction);
  row->severity = body.severity.value_or(row->severity);
  row->status = body.status.value_or(row->status);
  const auto id = store::allergy_insert(txn, *row);
  if (!id) return fail(entry_superseded);
  row->id = *id;
  tell(txn, "records.allergy_corrected", row->patient, row->id.value);
  return Created<Allergy>{allergy_view(*row), location_of(row->patient, row->id)};
}

// Errors, in this order: note_invalid, patient_not_found, entry_exists. Emits records.problem_recorded.
Result<Created<Condition>> Module::problem_create(Txn& txn, Call& call, const ProblemCreate& body) {
  FAIRWARD_TRY_AS(code, code_read(body.code));
  if (!code && !body.words) return fail(note_invalid, {{"/words", "needs a code or words"}});
  FAIRWARD_TRY_AS(hospital, writes_at(txn, call, body.id));
  store::ProblemRow row;
  sign(row, call, hospital);
  row.patient = body.id;
  row.code = code;
  row.words = body.words ? body.words->value : words_of(*code);
  if (body.began_on) row.began_on = to_iso(*body.began_on);
  for (const auto& known : store::problems_of(txn, newest(store::persons_of(txn, body.id), {}, entries_max)))
    if (known.status == EntryStatus::active && known.code == row.code &&
        ascii_equal_ignoring_case(known.words, row.words))
      return fail(entry_exists);
  row.id = store::problem_insert(txn, row).value();
  tell(txn, "records.problem_recorded", row.patient, row.id.value);
  return Created<Condition>{problem_view(row), location_of(row.patient, row.id)};
}

// Errors, in this order: note_invalid, entry_not_found, entry_superseded. Emits records.problem_corrected.
Result<Created<Condition>> Module::problem_correct(Txn& txn, Call& call, const ProblemCorrect& body) {
  FAIRWARD_TRY_AS(code, code_read(body.code));
  auto row = store::problem_find(txn, body.id);
  if (!row) return fail(entry_not_found);
  const auto hospital = writes_at(txn, call, row->patient);
  if (!hospital) return fail(entry_not_found);
  sign(*row, call, *hospital);
  row->supersedes = row->id;
  row->reason = body.reason.value;
  if (code) row->code = code;
  if (body.words) row->words = body.words->value;
  if (body.began_on) row->began_on = to_iso(*body.began_on);
  row->status = body.status.value_or(row->status);
  const auto id = store::problem_insert(txn, *row);
  if (!id) return fail(entry_superseded);
  row->id = *id;
  tell(txn, "records.problem_corrected", row->patient, row->id.value);
  return Created<Condition>{problem_view(*row), location_of(row->patient, row->id)};
}

PatientSummary summary_of(Snapshot& db, Names& names, PatientCard card, const Access& access, Instant now) {
  PatientSummary summary;
  summary.patient = std::move(card);
  for (const auto& row : store::allergies_of(db, newest(access.persons, access.hospital, entries_max)))
    if (row.status != EntryStatus::refuted) summary.allergies.push_back(allergy_view(row));
  for (const auto& row : store::problems_of(db, newest(access.persons, access.hospital, entries_max)))
    if (row.status != EntryStatus::refuted) summary.problems.push_back(problem_view(row));
  for (const auto& row : store::medicines_current(db, access.persons, now, access.hospital))
    summary.medicines.push_back(
        {row.prescription, row.medicine, row.dose, row.frequency, row.issued_at,
         row.duration_days ? std::optional(row.issued_at + days(*row.duration_days)) : std::nullopt});
  const auto page = newest(access.persons, access.hospital, visits_shown);
  const auto visits = store::visits_of_patient(db, page);
  summary.visits = visit_views(names, visits, store::diagnoses_of_patient(db, page));
  for (const auto& row : visits)
    if (row.temperature_c || row.pulse || row.systolic || row.respiration || row.saturation || row.weight_kg ||
        row.height_cm)
      summary.vitals.push_back({row.starts_at,
                                {row.temperature_c, row.pulse, row.systolic, row.diastolic, row.respiration,
                                 row.saturation, row.weight_kg, row.height_cm}});
  return summary;
}

// Errors: patient_not_found.
Result<PatientSummary> Module::summary_get(Snapshot& db, Call& call, const PatientPath& path) {
  const Access access = access_of(db, call, path.id);
  auto card = access ? patient_card(db, path.id) : std::nullopt;
  if (!card) return fail(patient_not_found);
  Names names(db);
  return summary_of(db, names, std::move(*card), access, call.now);
}

}  // namespace fairward::records
