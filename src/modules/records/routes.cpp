// The records' route table. Source: mission R, rights table, documents D and E.
#include "modules/records/errors.h"
#include "modules/records/module.h"

namespace fairward::records {

using api::RateClass;
using api::Role;
using api::Scope;
using http::Method;

namespace {

// Who may read records: the patient, doctors, administrators. How far each reaches is decided in access.cpp.
api::Route& readers(api::Route&& route) {
  return route.about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::doctor, Scope::own)
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all);
}

// Only doctors write, and what is their own.
api::Route& doctors(api::Route&& route) {
  return route.about_patients().allow(Role::doctor, Scope::own).rate(RateClass::write);
}

template <class In>
std::int64_t lock_of(const In& input) {
  return booking::lock_key(input.appointment_id);
}

}  // namespace

void Module::routes(api::Routes& r) {
  r.module("records");
  visit_routes(r);
  diagnosis_routes(r);
  prescription_routes(r);
  referral_routes(r);
  follow_up_routes(r);
  entry_routes(r);
  document_routes(r);
  registry_routes(r);
  emergency_routes(r);
}

void Module::visit_routes(api::Routes& r) {
  readers(r.add(Method::get, "/api/treatments/{appointment_id}", "treatment_get", this, &Module::treatment_get))
      .summary("Everything that the page of a visit shows: note, prescriptions, orders, and the patient's summary")
      .describe("status is none until the doctor has begun. Drafts are shown to the doctor of the visit alone.")
      .problems({&visit_not_found});
  readers(r.add(Method::get, "/api/treatments/{appointment_id}/versions/{number}", "treatment_version_get", this,
                &Module::note_get))
      .summary("A version of a visit's note as it was")
      .problems({&visit_not_found});
  const auto save = [&](Method method, const char* name) -> api::Route {
    return doctors(r.add(method, "/api/treatments/{appointment_id}", name, this, &Module::treatment_save))
        .locks([](const TreatmentSave& input) { return lock_of(input); })
        .problems({&note_invalid, &visit_not_found, &visit_status, &visit_too_early, &visit_changed, &visit_closed,
                   &visit_open, &visit_empty});
  };
  save(Method::post, "treatment_create")
      .summary("Writes the visit: opens it, saves the draft, closes it or corrects it")
      .describe(
          "The first save opens the visit and marks the patient arrived. close finishes it and fulfils the "
          "appointment. "
          "A closed visit is corrected by a further version with correction_reason; nothing is overwritten.");
  save(Method::put, "treatment_update")
      .summary("The same, only if the visit is as it was read: If-Match names its version (\"0\" before it is open)")
      .if_match();
}

void Module::diagnosis_routes(api::Routes& r) {
  r.add(Method::get, "/api/diagnoses", "diagnosis_code_list", this, &Module::diagnosis_code_list)
      .summary("Codes of ICD-10 by the beginning of a code or by words, also misspelt or in everyday language")
      .allow_signed_in();
}

void Module::prescription_routes(api::Routes& r) {
  doctors(r.add(Method::post, "/api/doctor/prescriptions", "prescription_create", this, &Module::prescription_create))
      .summary("Prescribes; recorded allergies and what is taken already are warned of")
      .describe("The warnings come with 409; sent again with override_reason it is issued, and both are kept with it.")
      .locks([](const PrescriptionCreate& input) { return lock_of(input); })
      .problems({&visit_not_found, &visit_status, &visit_too_early, &prescription_empty, &prescription_warned});
  doctors(r.add(Method::post, "/api/doctor/prescriptions/{id}/corrections", "prescription_correct", this,
                &Module::prescription_correct))
      .summary("Replaces an own prescription by a new version; one without items withdraws it")
      .problems({&prescription_not_found, &entry_superseded, &prescription_empty, &prescription_warned});
  readers(r.add(Method::get, "/api/prescriptions", "prescription_list", this, &Module::prescription_list))
      .summary("Prescriptions in their newest versions, the newest first: one's own, or a patient's")
      .problems({&list_invalid, &patient_not_found});
  readers(r.add(Method::get, "/api/prescriptions/{id}", "prescription_get", this, &Module::prescription_get))
      .summary("A prescription with all that its print says")
      .problems({&prescription_not_found});
}

void Module::referral_routes(api::Routes& r) {
  doctors(r.add(Method::post, "/api/doctor/referrals", "referral_create", this, &Module::referral_create))
      .summary("Refers the patient to a speciality or a doctor")
      .locks([](const ReferralCreate& input) { return lock_of(input); })
      .problems({&visit_not_found, &visit_status, &visit_too_early, &referral_invalid});
  r.add(Method::get, "/api/doctor/referrals", "referral_list", this, &Module::referral_list)
      .summary("The doctor's referrals, sent or received, the newest first")
      .about_patients()
      .allow(Role::doctor, Scope::own)
      .problems({&list_invalid});
  doctors(r.add(Method::post, "/api/doctor/referrals/{id}/corrections", "referral_correct", this,
                &Module::referral_correct))
      .summary("A new version of an own referral: to somebody else, told better, or withdrawn")
      .problems({&entry_not_found, &entry_superseded, &referral_invalid});
  doctors(r.add(Method::post, "/api/doctor/test-orders/{id}/corrections", "test_order_correct", this,
                &Module::test_order_correct))
      .summary("A new version of an own order of a test, or its withdrawal")
      .problems({&entry_not_found, &entry_superseded});
  doctors(r.add(Method::post, "/api/doctor/test-orders", "test_order_create", this, &Module::test_order_create))
      .summary("Orders tests from the laboratory")
      .locks([](const TestOrderCreate& input) { return lock_of(input); })
      .problems({&visit_not_found, &visit_status, &visit_too_early, &tests_empty});
}

void Module::follow_up_routes(api::Routes& r) {
  r.add(Method::get, "/api/follow-ups", "follow_up_list", this, &Module::follow_up_list)
      .summary("Whom the hospital's doctors want to see again, by day, and whether that is booked")
      .describe("For who asks people to come: who and when, nothing of why. At most 31 days.")
      .about_patients()
      .allow_staff()
      .problems({&list_invalid});
}

void Module::entry_routes(api::Routes& r) {
  readers(r.add(Method::get, "/api/patients/{id}/summary", "patient_summary_get", this, &Module::summary_get))
      .summary("Allergies, problems, medicines being taken, the newest visits and their vitals")
      .problems({&patient_not_found});
  readers(r.add(Method::get, "/api/patients/{id}/timeline", "timeline_list", this, &Module::timeline_list))
      .summary("Everything of a patient in the order of time, the newest first")
      .problems({&list_invalid, &patient_not_found});
  doctors(r.add(Method::post, "/api/patients/{id}/allergies", "allergy_create", this, &Module::allergy_create))
      .summary("Records an allergy")
      .problems({&patient_not_found, &entry_exists});
  doctors(r.add(Method::post, "/api/allergies/{id}/corrections", "allergy_correct", this, &Module::allergy_correct))
      .summary("A new version of an allergy: resolved, refuted, or told better")
      .problems({&entry_not_found, &entry_superseded});
  doctors(r.add(Method::post, "/api/patients/{id}/problems", "problem_create", this, &Module::problem_create))
      .summary("Puts a lasting condition on the patient's problem list")
      .problems({&note_invalid, &patient_not_found, &entry_exists});
  doctors(r.add(Method::post, "/api/problems/{id}/corrections", "problem_correct", this, &Module::problem_correct))
      .summary("A new version of a problem: resolved, refuted, or told better")
      .problems({&note_invalid, &entry_not_found, &entry_superseded});
}

void Module::document_routes(api::Routes& r) {
  r.add(Method::post, "/api/patients/{id}/documents", "document_create", this, &Module::document_create)
      .summary("Adds a file to a patient's record; the body is the file, its name is in the query")
      .describe(
          "PDF, PNG, JPEG, WebP, TIFF, DICOM or plain text, told by its bytes, up to http.body_bytes_max and 8 MiB; "
          "shown to a virus scanner first where one is set. The same bytes again are the same document. The desk may "
          "add what it may not read.")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .allow(Role::doctor, Scope::own)
      .allow_staff()
      .raw_body()
      .prepare(this, &Module::document_prepare)
      .problems({&document_empty, &document_too_large, &document_type, &document_infected, &document_unscanned,
                 &patient_not_found});
  readers(r.add(Method::get, "/api/patients/{id}/documents", "document_list", this, &Module::document_list))
      .summary("The files of a patient, the newest first")
      .problems({&list_invalid, &patient_not_found});
  readers(r.add(Method::get, "/api/documents/{id}", "document_get", this, &Module::document_get))
      .summary("A file, to be saved: browsers are told not to open it")
      .problems({&document_not_found});
}

void Module::registry_routes(api::Routes& r) {
  r.add(Method::get, "/api/doctor/patients", "doctor_patient_list", this, &Module::doctor_patient_list)
      .summary("Whom the doctor treats: an appointment in the past year or to come; q is a part of the name")
      .describe("A search may answer with few or none and still say where to go on.")
      .about_patients()
      .allow(Role::doctor, Scope::own)
      .problems({&list_invalid});
  r.add(Method::get, "/api/patients/{id}/registration", "registration_get", this, &Module::registration_get)
      .summary("Who a patient is: numbers, and with whom merged; of patients whom the hospital knows")
      .about_patients()
      .allow_staff()
      .problems({&patient_not_found});
  r.add(Method::post, "/api/patients/{id}/identifiers", "identifier_create", this, &Module::identifier_create)
      .summary("Adds a number of the patient; of kind mrn without value: the hospital's next one")
      .about_patients()
      .allow_staff()
      .problems({&patient_not_found, &identifier_invalid, &identifier_taken});
  r.add(Method::del, "/api/patients/{id}/identifiers/{identifier_id}", "identifier_delete", this,
        &Module::identifier_delete)
      .summary("Ends a number that was wrong")
      .about_patients()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&patient_not_found, &entry_not_found});
  r.add(Method::get, "/api/patients/{id}/duplicates", "duplicate_list", this, &Module::duplicate_list)
      .summary("Patients of the hospital who may be the same person, the likeliest first")
      .about_patients()
      .allow_staff()
      .problems({&patient_not_found});
  r.add(Method::post, "/api/patients/{id}/merges", "merge_create", this, &Module::merge_create)
      .summary("Says that another patient is this person: both are read as one; it can be undone")
      .about_patients()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&patient_not_found, &merge_refused});
  r.add(Method::del, "/api/merges/{id}", "merge_delete", this, &Module::merge_delete)
      .summary("Undoes a merge: each is read as before")
      .about_patients()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&merge_not_found});
}

void Module::emergency_routes(api::Routes& r) {
  doctors(r.add(Method::post, "/api/patients/{id}/emergency-accesses", "emergency_access_create", this,
                &Module::emergency_create))
      .summary("Opens the record of somebody else's patient in an emergency, for at most an hour")
      .describe("The hospital is told, each look is recorded as one in an emergency, and the patient can see it.")
      .problems({&patient_not_found, &hospital_not_yours, &emergency_not_needed});
  r.add(Method::get, "/api/emergency-accesses", "emergency_access_list", this, &Module::emergency_list)
      .summary("Emergency accesses at the hospital, the newest first")
      .about_patients()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&list_invalid});
  r.add(Method::put, "/api/emergency-accesses/{id}/review", "emergency_access_review", this, &Module::emergency_review)
      .summary("Says whether an emergency access was right; once")
      .about_patients()
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .problems({&emergency_not_found, &emergency_reviewed});
  r.add(Method::get, "/api/me/record-accesses", "record_access_list", this, &Module::record_access_list)
      .summary("Who else looked at one's own record, or changed it, the newest first")
      .about_patients()
      .allow(Role::patient, Scope::own)
      .problems({&list_invalid, &patient_not_found});
}

}  // namespace fairward::records
