// Referrals to another doctor or speciality, and orders of tests. Source: mission R1, R3, document D.
#include <fmt/format.h>

#include "modules/records/errors.h"
#include "modules/records/module.h"

namespace fairward::records {
namespace {

constexpr std::size_t tests_max = 50;

// Does whom the referral names exist? Errors: referral_invalid.
template <class Body>
Result<void> check_target(Snapshot& db, const Body& body) {
  if (!body.to_speciality_id && !body.to_doctor_id)
    return fail(referral_invalid, {{"/to_speciality_id", "Name a speciality or a doctor."}});
  if (body.to_speciality_id && !directory::speciality_name(db, *body.to_speciality_id))
    return fail(referral_invalid, {{"/to_speciality_id", "There is no such speciality."}});
  if (body.to_doctor_id && !directory::doctor_name(db, *body.to_doctor_id))
    return fail(referral_invalid, {{"/to_doctor_id", "There is no such doctor."}});
  if (!body.to_hospital_id) return {};
  const bool is_there = body.to_doctor_id
                            ? directory::practice_find(db, *body.to_doctor_id, *body.to_hospital_id).has_value()
                            : directory::hospital_time_zone(db, *body.to_hospital_id).has_value();
  if (!is_there) return fail(referral_invalid, {{"/to_hospital_id", "This is not to be had there."}});
  return {};
}

bool is_own(const Call& call, DoctorId doctor) { return call.caller.doctor && call.caller.doctor == doctor; }

std::string treatment_of(AppointmentId appointment) { return fmt::format("/api/treatments/{}", appointment.value); }

}  // namespace

Referral referral_view(Snapshot& db, Names& names, const store::ReferralRow& row) {
  const auto& practice = names.practice(row.doctor, row.hospital);
  const auto person = identity::person_find(db, row.patient);
  Referral view{row.id,
                row.supersedes,
                row.appointment,
                row.patient,
                person ? person->name : "",
                row.doctor,
                row.hospital,
                practice.doctor_name,
                practice.hospital_name,
                row.to_speciality,
                {},
                row.to_doctor,
                {},
                row.to_hospital,
                row.urgency,
                row.reason,
                row.made_at,
                {},
                row.correction_reason,
                row.is_withdrawn};
  if (row.to_speciality) view.to_speciality_name = directory::speciality_name(db, *row.to_speciality);
  if (row.to_doctor) {
    view.to_doctor_name = directory::doctor_name(db, *row.to_doctor);
    view.is_booked = booking::doctor_treats(db, *row.to_doctor, row.patient, row.made_at);
  }
  return view;
}

TestOrder test_order_view(const store::TestOrderRow& row) {
  return {row.id,         row.supersedes,        row.code,        row.name, row.note, row.urgency,
          row.ordered_at, row.correction_reason, row.is_withdrawn};
}

// Errors, in this order: those of visit_begin, referral_invalid. Emits records.referral_made.
Result<Created<Referral>> Module::referral_create(Txn& txn, Call& call, const ReferralCreate& body) {
  FAIRWARD_TRY_AS(visit, visit_begin(txn, call, body.appointment_id));
  FAIRWARD_TRY(check_target(txn, body));
  store::ReferralRow row;
  row.appointment = body.appointment_id;
  row.visit = visit.id;
  row.patient = visit.patient;
  row.hospital = visit.hospital;
  row.doctor = visit.doctor;
  row.to_speciality = body.to_speciality_id;
  row.to_doctor = body.to_doctor_id;
  row.to_hospital = body.to_hospital_id;
  row.urgency = body.urgency.value_or(Urgency::routine);
  row.reason = body.reason.value;
  row.made_at = call.now;
  row.made_by = call.caller.user;
  row.id = store::referral_insert(txn, row).value();
  emit(txn, "records.referral_made", {row.appointment, row.patient, row.doctor, row.hospital, row.id.value});
  Names names(txn);
  return Created<Referral>{referral_view(txn, names, row), treatment_of(row.appointment)};
}

// A new version; what was withdrawn stays so until a version says otherwise. Errors, in this order: entry_not_found,
// entry_superseded, referral_invalid. Emits records.referral_corrected.
Result<Created<Referral>> Module::referral_correct(Txn& txn, Call& call, const ReferralCorrect& body) {
  auto row = store::referral_find(txn, body.id);
  if (!row || !is_own(call, row->doctor)) return fail(entry_not_found);
  call.concerns(row->patient);
  if (row->superseded_by) return fail(entry_superseded);
  if (body.to_speciality_id || body.to_doctor_id || body.to_hospital_id) {
    FAIRWARD_TRY(check_target(txn, body));
    row->to_speciality = body.to_speciality_id;
    row->to_doctor = body.to_doctor_id;
    row->to_hospital = body.to_hospital_id;
  }
  row->supersedes = row->id;
  row->correction_reason = body.correction_reason.value;
  row->is_withdrawn = body.is_withdrawn.value_or(row->is_withdrawn);
  row->urgency = body.urgency.value_or(row->urgency);
  if (body.reason) row->reason = body.reason->value;
  row->made_at = call.now;
  row->made_by = call.caller.user;
  const auto id = store::referral_insert(txn, *row);
  if (!id) return fail(entry_superseded);
  row->id = *id;
  emit(txn, "records.referral_corrected", {row->appointment, row->patient, row->doctor, row->hospital, row->id.value});
  Names names(txn);
  return Created<Referral>{referral_view(txn, names, *row), treatment_of(row->appointment)};
}

// A doctor's own, sent or received, the newest first. Errors: list_invalid.
Result<Page<Referral>> Module::referral_list(Snapshot& db, Call& call, const ReferralQuery& query) {
  call.concerns_nobody();
  FAIRWARD_TRY_AS(cursor, cursor_parse(query.cursor));
  Page<Referral> list;
  if (!call.caller.doctor) return list;
  auto rows = store::referrals_of_doctor(db, call.caller.doctor, query.direction.value_or(Direction::sent),
                                         {{}, {cursor.at}, cursor.id, {}, query.limit + 1});
  list.next = api::page_cut(rows, query.limit, [](const store::ReferralRow& last) {
    return cursor_text({last.made_at.ms, last.id.value, 0});
  });
  Names names(db);
  for (const auto& row : rows) list.items.push_back(referral_view(db, names, row));
  call.concerns_all(list.items, &Referral::patient_id);
  return list;
}

// Errors, in this order: those of visit_begin, tests_empty. Emits records.tests_ordered, one event an order.
Result<Created<TestOrderList>> Module::test_order_create(Txn& txn, Call& call, const TestOrderCreate& body) {
  FAIRWARD_TRY_AS(visit, visit_begin(txn, call, body.appointment_id));
  if (body.tests.empty() || body.tests.size() > tests_max)
    return fail(tests_empty, {{"/tests", fmt::format("must be 1 … {} tests", tests_max)}});
  TestOrderList list;
  for (const TestInput& test : body.tests) {
    store::TestOrderRow row;
    row.appointment = body.appointment_id;
    row.visit = visit.id;
    row.patient = visit.patient;
    row.hospital = visit.hospital;
    row.doctor = visit.doctor;
    row.code = text_of(test.code);
    row.name = test.name.value;
    row.note = text_of(test.note);
    row.urgency = body.urgency.value_or(Urgency::routine);
    row.ordered_at = call.now;
    row.ordered_by = call.caller.user;
    row.id = store::test_order_insert(txn, row).value();
    emit(txn, "records.tests_ordered", {row.appointment, row.patient, row.doctor, row.hospital, row.id.value});
    list.items.push_back(test_order_view(row));
  }
  return Created<TestOrderList>{std::move(list), treatment_of(body.appointment_id)};
}

// As referral_correct. Errors, in this order: entry_not_found, entry_superseded. Emits records.tests_corrected.
Result<Created<TestOrder>> Module::test_order_correct(Txn& txn, Call& call, const TestOrderCorrect& body) {
  auto row = store::test_order_find(txn, body.id);
  if (!row || !is_own(call, row->doctor)) return fail(entry_not_found);
  call.concerns(row->patient);
  if (row->superseded_by) return fail(entry_superseded);
  row->supersedes = row->id;
  row->correction_reason = body.correction_reason.value;
  row->is_withdrawn = body.is_withdrawn.value_or(row->is_withdrawn);
  row->urgency = body.urgency.value_or(row->urgency);
  if (body.code) row->code = body.code->value;
  if (body.name) row->name = body.name->value;
  if (body.note) row->note = text_of(body.note);
  row->ordered_at = call.now;
  row->ordered_by = call.caller.user;
  const auto id = store::test_order_insert(txn, *row);
  if (!id) return fail(entry_superseded);
  row->id = *id;
  emit(txn, "records.tests_corrected", {row->appointment, row->patient, row->doctor, row->hospital, row->id.value});
  return Created<TestOrder>{test_order_view(*row), treatment_of(row->appointment)};
}

}  // namespace fairward::records
