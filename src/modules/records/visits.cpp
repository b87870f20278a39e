// The visit: its page, its draft, its end, its corrections. Source: mission R1, R3, document E.
#include <fmt/format.h>

#include "modules/records/errors.h"
#include "modules/records/module.h"
#include "modules/records/rules.h"

namespace fairward::records {
namespace {

std::string draft_text(const NoteInput& note) {
  std::string text;
  api::encode(text, note);
  return text;
}

std::optional<Vitals> vitals_of(const store::NoteRow& row) {
  const bool is_any = row.temperature_c || row.pulse || row.systolic || row.diastolic || row.respiration ||
                      row.saturation || row.weight_kg || row.height_cm;
  if (!is_any) return std::nullopt;
  return Vitals{row.temperature_c, row.pulse,      row.systolic,  row.diastolic,
                row.respiration,   row.saturation, row.weight_kg, row.height_cm};
}

store::NoteRow note_row(const NoteInput& note, VisitId visit, const Call& call) {
  store::NoteRow row;
  row.visit = visit;
  row.written_at = call.now;
  row.written_by = call.caller.user;
  row.complaint = text_of(note.complaint);
  row.history = text_of(note.history);
  row.examination = text_of(note.examination);
  row.notes = text_of(note.notes);
  row.advice = text_of(note.advice);
  const Vitals vitals = note.vitals.value_or(Vitals{});
  row.temperature_c = vitals.temperature_c;
  row.pulse = vitals.pulse;
  row.systolic = vitals.systolic;
  row.diastolic = vitals.diastolic;
  row.respiration = vitals.respiration;
  row.saturation = vitals.saturation;
  row.weight_kg = vitals.weight_kg;
  row.height_cm = vitals.height_cm;
  if (note.follow_up) row.follow_up_on = to_iso(note.follow_up->on), row.follow_up_note = text_of(note.follow_up->note);
  return row;
}

Note note_view(Snapshot& db, const store::NoteRow& row) {
  Note note{row.number,
            row.reason,
            row.written_at,
            row.complaint,
            row.history,
            row.examination,
            row.notes,
            row.advice,
            vitals_of(row),
            {},
            {}};
  for (const auto& one : store::diagnoses_of(db, row.id))
    note.diagnoses.push_back(diagnosis_view(one.code, one.words, one.kind));
  if (row.follow_up_on) note.follow_up = FollowUp{*row.follow_up_on, row.follow_up_note};
  return note;
}

Note draft_view(const NoteInput& draft, const std::vector<store::DiagnosisRow>& diagnoses) {
  Note note;
  note.complaint = text_of(draft.complaint);
  note.history = text_of(draft.history);
  note.examination = text_of(draft.examination);
  note.notes = text_of(draft.notes);
  note.advice = text_of(draft.advice);
  note.vitals = draft.vitals;
  for (const auto& one : diagnoses) note.diagnoses.push_back(diagnosis_view(one.code, one.words, one.kind));
  if (draft.follow_up) note.follow_up = FollowUp{to_iso(draft.follow_up->on), text_of(draft.follow_up->note)};
  return note;
}

bool is_doctor_of(const Call& call, DoctorId doctor) {
  return call.caller.role == api::Role::doctor && call.caller.doctor && call.caller.doctor == doctor;
}

// What was written in the visit and is finished.
void contents_add(Snapshot& db, Names& names, const store::VisitRow& visit, Treatment& page) {
  page.status = visit.closed_at ? VisitStatus::closed : VisitStatus::open;
  page.version = visit.version;
  page.opened_at = visit.opened_at;
  page.closed_at = visit.closed_at;
  if (visit.closed_at) {
    if (const auto note = store::note_newest(db, visit.id)) page.note = note_view(db, *note);
    page.versions = store::note_versions(db, visit.id);
  }
  page.prescriptions =
      prescription_views(names, store::prescriptions_of_visit(db, visit.id), store::items_of_visit(db, visit.id));
  for (const auto& row : store::referrals_of_visit(db, visit.id))
    page.referrals.push_back(referral_view(db, names, row));
  for (const auto& row : store::test_orders_of_visit(db, visit.id)) page.test_orders.push_back(test_order_view(row));
}

}  // namespace

// With the words of the code where the doctor wrote none.
std::vector<store::DiagnosisRow> Module::diagnoses_of(const NoteInput& note) const {
  std::vector<store::DiagnosisRow> rows;
  if (!note.diagnoses) return rows;
  for (const DiagnosisInput& one : *note.diagnoses) {
    store::DiagnosisRow row;
    if (one.code) row.code = code_normal(one.code->value);
    row.words = one.words ? one.words->value : words_of(row.code.value_or(""));
    row.kind = one.kind.value_or(rows.empty() ? DiagnosisKind::primary : DiagnosisKind::secondary);
    rows.push_back(std::move(row));
  }
  return rows;
}

// A draft is its doctor's own.
Treatment Module::treatment_view(Snapshot& db, Call& call, AppointmentId id, const booking::Visit& appointment) const {
  Names names(db);
  const auto& practice = names.practice(appointment.doctor, appointment.hospital);
  Treatment page;
  page.appointment_id = id;
  page.appointment_status = appointment.status;
  page.starts_at = appointment.starts_at;
  page.appointment_reason = appointment.reason;
  page.doctor_id = appointment.doctor;
  page.hospital_id = appointment.hospital;
  page.doctor_name = practice.doctor_name;
  page.hospital_name = practice.hospital_name;
  page.time_zone = practice.time_zone;
  const auto visit = store::visit_find(db, id);
  if (visit) contents_add(db, names, *visit, page);
  if (visit && visit->draft && is_doctor_of(call, visit->doctor))
    if (const auto draft = api::decode<NoteInput>(*visit->draft)) page.note = draft_view(*draft, diagnoses_of(*draft));
  page.can_write = is_doctor_of(call, appointment.doctor) &&
                   (visit || check_open(appointment.status, appointment.starts_at, call.now));
  const Access access = access_of(db, call, appointment.patient);
  auto card = patient_card(db, appointment.patient);
  if (access && card) page.summary = summary_of(db, names, std::move(*card), access, call.now);
  return page;
}

// Everything that the page of a visit shows. Errors: visit_not_found, also for what the caller may not know of.
Result<Treatment> Module::treatment_get(Snapshot& db, Call& call, const TreatmentPath& path) {
  const auto appointment = booking::visit_find(db, path.appointment_id);
  if (!appointment || !visit_access(db, call, *appointment)) return fail(visit_not_found);
  return treatment_view(db, call, path.appointment_id, *appointment);
}

// A version as it was. Errors: visit_not_found.
Result<Note> Module::note_get(Snapshot& db, Call& call, const TreatmentVersionPath& path) {
  const auto appointment = booking::visit_find(db, path.appointment_id);
  if (!appointment || !visit_access(db, call, *appointment)) return fail(visit_not_found);
  const auto visit = store::visit_find(db, path.appointment_id);
  const auto note = visit ? store::note_find(db, visit->id, path.number) : std::nullopt;
  if (!note) return fail(visit_not_found);
  return note_view(db, *note);
}

// The doctor's visit of the appointment, opened if it is not yet: the patient has arrived then.
// Errors, in this order: visit_not_found, visit_status, visit_too_early.
Result<store::VisitRow> Module::visit_begin(Txn& txn, Call& call, AppointmentId id) {
  const auto appointment = booking::visit_find(txn, id);
  if (!appointment || !is_doctor_of(call, appointment->doctor)) return fail(visit_not_found);
  call.concerns(appointment->patient);
  if (auto known = store::visit_lock(txn, id)) return std::move(*known);
  FAIRWARD_TRY(check_open(appointment->status, appointment->starts_at, call.now));
  if (!booking_.visit_begin(txn, call, id)) return fail(visit_status);
  store::VisitRow row;
  row.appointment = id;
  row.doctor = appointment->doctor;
  row.hospital = appointment->hospital;
  row.patient = appointment->patient;
  row.starts_at = appointment->starts_at;
  row.opened_at = call.now;
  if (const auto made = store::visit_insert(txn, row, call.caller.user))
    emit(txn, "records.visit_opened", {id, row.patient, row.doctor, row.hospital, made->value});
  return store::visit_lock(txn, id).value();
}

// Saves the draft, finishes the visit with it, or corrects what is finished.
// Errors, in this order: note_invalid, those of visit_begin, visit_changed, visit_closed, visit_open, visit_empty,
// visit_status (the appointment was called off).
Result<Treatment> Module::treatment_save(Txn& txn, Call& call, const TreatmentSave& body) {
  FAIRWARD_TRY(check_note(body));
  const auto before = store::visit_find(txn, body.appointment_id);
  FAIRWARD_TRY_AS(visit, visit_begin(txn, call, body.appointment_id));
  const auto expected = call.if_match ? call.if_match : body.version;
  if (expected && *expected != (before ? visit.version : 0)) return fail(visit_changed);
  if (visit.closed_at) {
    FAIRWARD_TRY(visit_correct(txn, call, visit, body));
  } else {
    if (body.correction_reason) return fail(visit_open);
    if (body.close.value_or(false)) FAIRWARD_TRY(visit_close(txn, call, visit, body));
    else store::visit_save(txn, visit.id, draft_text(body));
  }
  return treatment_view(txn, call, body.appointment_id, *booking::visit_find(txn, body.appointment_id));
}

Result<void> Module::visit_close(Txn& txn, Call& call, const store::VisitRow& visit, const NoteInput& note) {
  FAIRWARD_TRY(check_closing(note));
  if (!booking_.visit_finish(txn, call, visit.appointment)) return fail(visit_status);
  store::note_insert(txn, note_row(note, visit.id, call), diagnoses_of(note));
  store::visit_close(txn, visit.id, call.now, call.caller.user);
  emit(txn, "records.visit_closed", {visit.appointment, visit.patient, visit.doctor, visit.hospital, visit.id.value});
  return {};
}

Result<void> Module::visit_correct(Txn& txn, Call& call, const store::VisitRow& visit, const TreatmentSave& body) {
  if (!body.correction_reason) return fail(visit_closed);
  FAIRWARD_TRY(check_closing(body));
  const auto newest = store::note_newest(txn, visit.id);
  if (!newest) return fail(visit_changed);
  store::NoteRow row = note_row(body, visit.id, call);
  row.number = newest->number + 1;
  row.supersedes = newest->id;
  row.reason = body.correction_reason->value;
  if (!store::note_insert(txn, row, diagnoses_of(body))) return fail(visit_changed);
  store::visit_touch(txn, visit.id);
  emit(txn, "records.visit_corrected",
       {visit.appointment, visit.patient, visit.doctor, visit.hospital, visit.id.value});
  return {};
}

}  // namespace fairward::records
