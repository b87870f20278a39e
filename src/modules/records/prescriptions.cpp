// Prescriptions: issued by the visit's doctor, corrected by new versions, warned of before. Source: mission R1, R2,
// document D.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "modules/records/errors.h"
#include "modules/records/module.h"
#include "modules/records/rules.h"

namespace fairward::records {
namespace {

constexpr std::size_t items_max = 30;
constexpr std::int64_t allergies_max = 200;

store::Page everything(std::vector<UserId> persons) { return {.patients = std::move(persons), .limit = allergies_max}; }

std::vector<Warning> warnings_for(Snapshot& db, UserId patient, const std::vector<MedicineInput>& items, Instant now,
                                  std::optional<PrescriptionId> replaced) {
  const auto persons = store::persons_of(db, patient);
  std::vector<KnownAllergy> allergies;
  for (const auto& row : store::allergies_of(db, everything(persons)))
    if (row.status == EntryStatus::active) allergies.push_back({row.substance, row.severity});
  std::vector<std::string> taken;
  for (const auto& row : store::medicines_current(db, persons, now, {}))
    if (row.prescription != replaced) taken.push_back(row.medicine);
  for (const UserId person : persons)
    for (std::string& medicine : store::history_medicines(db, person)) taken.push_back(std::move(medicine));
  return warnings_of(items, allergies, taken);
}

Failure warned(const std::vector<Warning>& warnings) {
  Failure failure{&prescription_warned, {}, {}, {}, 0};
  for (const Warning& warning : warnings)
    failure.errors.push_back({fmt::format("/items/{}/medicine", warning.item - 1), warning.words});
  return std::move(failure).with("confirm", "override_reason");
}

// What the doctor overrides goes into the row. Errors, in this order: prescription_empty, prescription_warned.
Result<void> warnings_settle(Snapshot& db, store::PrescriptionRow& row, const std::vector<MedicineInput>& items,
                             const std::optional<Reason>& override_reason, Instant now) {
  if (items.size() > items_max) return fail(prescription_empty, {{"/items", "are too many"}});
  const auto warnings = warnings_for(db, row.patient, items, now, row.supersedes);
  if (warnings.empty()) return {};
  if (!override_reason) return fail(warned(warnings));
  std::string text;
  api::encode(text, warnings);
  row.warnings = std::move(text);
  row.override_reason = override_reason->value;
  return {};
}

std::vector<store::ItemRow> item_rows(const std::vector<MedicineInput>& items) {
  std::vector<store::ItemRow> rows;
  for (const MedicineInput& item : items)
    rows.push_back({{},
                    item.medicine.value,
                    item.dose.value,
                    item.frequency.value,
                    item.duration_days ? std::optional(item.duration_days->value) : std::nullopt,
                    item.quantity.value,
                    text_of(item.instructions)});
  return rows;
}

Prescription one_view(Snapshot& db, const store::PrescriptionRow& row) {
  Names names(db);
  Prescription view = std::move(prescription_views(names, {row}, store::items_of(db, row.id)).front());
  view.patient = patient_card(db, row.patient);
  return view;
}

}  // namespace

std::vector<Prescription> prescription_views(Names& names, const std::vector<store::PrescriptionRow>& rows,
                                             const std::vector<store::ItemRow>& items) {
  std::unordered_map<PrescriptionId, std::vector<Medicine>> medicines;
  for (const auto& item : items)
    medicines[item.prescription].push_back(
        {item.medicine, item.dose, item.frequency, item.duration_days, item.quantity, item.instructions});
  std::vector<Prescription> views;
  for (const auto& row : rows) {
    const auto& practice = names.practice(row.doctor, row.hospital);
    Prescription view{row.id,
                      row.supersedes,
                      row.superseded_by,
                      row.appointment,
                      row.patient,
                      row.doctor,
                      row.hospital,
                      practice.doctor_name,
                      practice.hospital_name,
                      practice.time_zone,
                      {},
                      row.issued_at,
                      std::move(medicines[row.id]),
                      row.note,
                      row.reason,
                      row.override_reason,
                      {}};
    if (row.warnings)
      if (auto warnings = api::decode<std::vector<Warning>>(*row.warnings)) view.warnings = std::move(*warnings);
    views.push_back(std::move(view));
  }
  return views;
}

// Errors, in this order: those of visit_begin, prescription_empty, prescription_warned.
// Emits records.prescription_issued.
Result<Created<Prescription>> Module::prescription_create(Txn& txn, Call& call, const PrescriptionCreate& body) {
  FAIRWARD_TRY_AS(visit, visit_begin(txn, call, body.appointment_id));
  if (body.items.empty()) return fail(prescription_empty, {{"/items", "must name a medicine"}});
  store::PrescriptionRow row;
  row.appointment = body.appointment_id;
  row.visit = visit.id;
  row.patient = visit.patient;
  row.hospital = visit.hospital;
  row.doctor = visit.doctor;
  row.issued_at = call.now;
  row.issued_by = call.caller.user;
  row.note = text_of(body.note);
  FAIRWARD_TRY(warnings_settle(txn, row, body.items, body.override_reason, call.now));
  row.id = store::prescription_insert(txn, row, item_rows(body.items)).value();
  emit(txn, "records.prescription_issued", {row.appointment, row.patient, row.doctor, row.hospital, row.id.value});
  return Created<Prescription>{one_view(txn, row), fmt::format("/api/prescriptions/{}", row.id.value)};
}

// A new version; one without items withdraws it. Errors, in this order: prescription_not_found, entry_superseded,
// prescription_warned. Emits records.prescription_corrected.
Result<Created<Prescription>> Module::prescription_correct(Txn& txn, Call& call, const PrescriptionCorrect& body) {
  const auto before = store::prescription_find(txn, body.id);
  if (!before || !call.caller.doctor || before->doctor != call.caller.doctor) return fail(prescription_not_found);
  call.concerns(before->patient);
  if (before->superseded_by) return fail(entry_superseded);
  store::PrescriptionRow row = *before;
  row.supersedes = before->id;
  row.issued_at = call.now;
  row.issued_by = call.caller.user;
  row.note = text_of(body.note);
  row.reason = body.reason.value;
  row.warnings.reset();
  row.override_reason.reset();
  FAIRWARD_TRY(warnings_settle(txn, row, body.items, body.override_reason, call.now));
  const auto id = store::prescription_insert(txn, row, item_rows(body.items));
  if (!id) return fail(entry_superseded);
  row.id = *id;
  emit(txn, "records.prescription_corrected", {row.appointment, row.patient, row.doctor, row.hospital, row.id.value});
  return Created<Prescription>{one_view(txn, row), fmt::format("/api/prescriptions/{}", row.id.value)};
}

// Errors: prescription_not_found.
Result<Prescription> Module::prescription_get(Snapshot& db, Call& call, const PrescriptionPath& path) {
  const auto row = store::prescription_find(db, path.id);
  const auto appointment = row ? booking::visit_find(db, row->appointment) : std::nullopt;
  if (!appointment || !visit_access(db, call, *appointment)) return fail(prescription_not_found);
  return one_view(db, *row);
}

// The newest versions of a patient's prescriptions. Errors: list_invalid, patient_not_found.
Result<Page<Prescription>> Module::prescription_list(Snapshot& db, Call& call, const PrescriptionQuery& query) {
  FAIRWARD_TRY_AS(cursor, cursor_parse(query.cursor));
  const bool is_patient = call.caller.role == api::Role::patient;
  if (!query.patient_id && !is_patient) return fail(list_invalid, {{"?patient_id", "Name a patient."}});
  const UserId patient = query.patient_id.value_or(call.caller.user);
  const Access access = access_of(db, call, patient);
  if (!access) return fail(patient_not_found);
  store::Page page{access.persons, {cursor.at}, cursor.id, access.hospital, query.limit + 1};
  auto rows = store::prescriptions_of_patient(db, page);
  Page<Prescription> list;
  list.next = api::page_cut(rows, query.limit, [](const store::PrescriptionRow& last) {
    return cursor_text({last.issued_at.ms, last.id.value, 0});
  });
  Names names(db);
  list.items = prescription_views(names, rows, store::items_of_patient(db, page));
  return list;
}

}  // namespace fairward::records
