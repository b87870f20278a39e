// A record opened in an emergency, what the hospital thinks of it, and who looked at a patient's record at all.
// Source: mission I6, break-glass.
#include <fmt/format.h>

#include <algorithm>

#include "modules/records/errors.h"
#include "modules/records/module.h"

namespace fairward::records {
namespace {

EmergencyAccess emergency_view(Snapshot& db, const store::EmergencyRow& row) {
  const auto person = identity::person_find(db, row.patient);
  return {row.id,
          row.patient,
          person ? person->name : "",
          row.doctor,
          directory::doctor_name(db, row.doctor).value_or(""),
          row.hospital,
          row.reason,
          row.granted_at,
          row.expires_at,
          row.reviewed_at,
          row.is_justified,
          row.review_note};
}

// Errors: hospital_not_yours.
Result<HospitalId> hospital_of(Snapshot& db, DoctorId doctor, std::optional<HospitalId> asked) {
  for (const auto& practice : directory::practices_of(db, doctor))
    if (practice.is_active && (!asked || practice.hospital == *asked)) return practice.hospital;
  return fail(hospital_not_yours, {{"/hospital_id", "You do not practise there."}});
}

}  // namespace

// Errors, in this order: patient_not_found, hospital_not_yours, emergency_not_needed.
// Emits records.emergency_access_granted to the hospital.
Result<Created<EmergencyAccess>> Module::emergency_create(Txn& txn, Call& call, const EmergencyAccessCreate& body) {
  if (!patient_card(txn, body.id) || !call.caller.doctor) return fail(patient_not_found);
  FAIRWARD_TRY_AS(hospital, hospital_of(txn, call.caller.doctor, body.hospital_id));
  if (access_of(txn, call, body.id)) return fail(emergency_not_needed);
  call.concerns(body.id);
  call.purpose = "emergency";
  store::EmergencyRow row;
  row.patient = body.id;
  row.doctor = call.caller.doctor;
  row.hospital = hospital;
  row.user = call.caller.user;
  row.reason = body.reason.value;
  row.granted_at = call.now;
  row.expires_at = call.now + minutes(body.minutes);
  row.id = store::emergency_insert(txn, row);
  txn.emit({fmt::format("hospital/{}", hospital.value), "records.emergency_access_granted",
            fmt::format(R"({{"id":{},"patient":{},"doctor":{},"hospital":{}}})", row.id.value, row.patient.value,
                        row.doctor.value, hospital.value)});
  return Created<EmergencyAccess>{emergency_view(txn, row), fmt::format("/api/patients/{}/summary", body.id.value)};
}

// Errors: list_invalid.
Result<Page<EmergencyAccess>> Module::emergency_list(Snapshot& db, Call& call, const EmergencyAccessQuery& query) {
  call.concerns_nobody();
  FAIRWARD_TRY_AS(cursor, cursor_parse(query.cursor));
  const bool is_hospital = call.scope == api::Scope::hospital;
  if (!is_hospital && !query.hospital_id) return fail(list_invalid, {{"?hospital_id", "Name a hospital."}});
  const HospitalId hospital = is_hospital ? call.caller.hospital : *query.hospital_id;
  Page<EmergencyAccess> list;
  if (query.hospital_id && *query.hospital_id != hospital) return list;
  auto rows =
      store::emergencies_of(db, hospital, {cursor.at}, cursor.id, query.unreviewed.value_or(false), query.limit + 1);
  list.next = api::page_cut(rows, query.limit, [](const store::EmergencyRow& last) {
    return cursor_text({last.granted_at.ms, last.id.value, 0});
  });
  for (const auto& row : rows) list.items.push_back(emergency_view(db, row));
  call.concerns_all(list.items, &EmergencyAccess::patient_id);
  return list;
}

// Errors, in this order: emergency_not_found, emergency_reviewed.
Result<EmergencyAccess> Module::emergency_review(Txn& txn, Call& call, const EmergencyAccessReview& body) {
  auto row = store::emergency_lock(txn, body.id);
  if (!row || !call.reaches({}, row->hospital) || row->user == call.caller.user) return fail(emergency_not_found);
  call.concerns(row->patient);
  if (row->reviewed_at) return fail(emergency_reviewed);
  row->reviewed_at = call.now;
  row->reviewed_by = call.caller.user;
  row->is_justified = body.justified;
  row->review_note = text_of(body.note);
  store::emergency_review(txn, *row);
  return emergency_view(txn, *row);
}

// Pages are cut between blocks of the record, so that one may have some more than its limit.
// Errors, in this order: list_invalid, patient_not_found.
Result<Page<RecordAccess>> Module::record_access_list(Snapshot& db, Call& call, const RecordAccessQuery& query) {
  FAIRWARD_TRY_AS(before, cursor_parse(query.cursor));
  const UserId patient = query.patient_id.value_or(call.caller.user);
  if (!call.reaches(patient, {})) return fail(patient_not_found);
  call.concerns(patient);
  Page<RecordAccess> list;
  if (!seen_reader_) return list;
  std::int64_t blocks = 0;
  CursorParts last;
  for (const Seen& seen : seen_reader_(db, patient, {before.at}, before.id, before.kind, query.limit + 1)) {
    const bool is_new =
        blocks == 0 || std::tuple(last.at, last.id, last.kind) != std::tuple(seen.at.ms, seen.chain, seen.number);
    if (is_new && blocks == query.limit) {
      list.next = cursor_text(last);
      break;
    }
    blocks += is_new ? 1 : 0;
    last = {seen.at.ms, seen.chain, seen.number};
    const auto person = seen.user ? identity::person_find(db, *seen.user) : std::nullopt;
    list.items.push_back(
        {seen.at, seen.role, person ? std::optional(person->name) : std::nullopt, seen.operation, seen.purpose});
  }
  return list;
}

}  // namespace fairward::records
