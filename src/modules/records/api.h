// What the records read and write over HTTP. Instants are UTC, dates are days of the calendar.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"
#include "platform/api/codec.h"

namespace fairward::records {

using VisitId = Id<struct VisitTag>;
using NoteId = Id<struct NoteTag>;
using AllergyId = Id<struct AllergyTag>;
using ProblemId = Id<struct ProblemTag>;
using PrescriptionId = Id<struct PrescriptionTag>;
using ReferralId = Id<struct ReferralTag>;
using TestOrderId = Id<struct TestOrderTag>;

using LongText = BoundedText<0, 8000>;
using ShortText = BoundedText<0, 500>;
using Words = BoundedText<1, 300>;
using Reason = BoundedText<3, 500>;
using Cursor = BoundedText<1, 60>;
using Limit = BoundedIntOr<1, 100, 30>;

// ---- the visit

struct Vitals {
  std::optional<double> temperature_c;
  std::optional<std::int64_t> pulse, systolic, diastolic, respiration, saturation;  // a minute, mmHg, mmHg, a minute, %
  std::optional<double> weight_kg, height_cm;
};
BOOST_DESCRIBE_STRUCT(Vitals, (),
                      (temperature_c, pulse, systolic, diastolic, respiration, saturation, weight_kg, height_cm))

BOOST_DEFINE_ENUM_CLASS(DiagnosisKind, primary, secondary, suspected)

struct DiagnosisInput {
  std::optional<BoundedText<3, 10>> code;  // of ICD-10, with or without the dot
  std::optional<Words> words;              // absent: those of the code
  std::optional<DiagnosisKind> kind;       // absent: the first is primary, the others are secondary
};
BOOST_DESCRIBE_STRUCT(DiagnosisInput, (), (code, words, kind))

struct FollowUpInput {
  Date on;
  std::optional<ShortText> note;
};
BOOST_DESCRIBE_STRUCT(FollowUpInput, (), (on, note))

// What the doctor writes. As a draft it may be half of it; a save replaces the draft as a whole.
struct NoteInput {
  std::optional<LongText> complaint, history, examination, notes, advice;
  std::optional<Vitals> vitals;
  std::optional<std::vector<DiagnosisInput>> diagnoses;
  std::optional<FollowUpInput> follow_up;
};
BOOST_DESCRIBE_STRUCT(NoteInput, (), (complaint, history, examination, notes, advice, vitals, diagnoses, follow_up))

// The same with what is to be done with it.
struct TreatmentSave : NoteInput {
  AppointmentId appointment_id;
  std::optional<std::int64_t> version;      // of the visit as it was read; another one is refused
  std::optional<bool> close;                // finishes the visit with this save
  std::optional<Reason> correction_reason;  // of a closed visit
};
BOOST_DESCRIBE_STRUCT(TreatmentSave, (NoteInput), (appointment_id, version, close, correction_reason))

struct TreatmentPath {
  AppointmentId appointment_id;
};
BOOST_DESCRIBE_STRUCT(TreatmentPath, (), (appointment_id))

struct TreatmentVersionPath {
  AppointmentId appointment_id;
  std::int64_t number = 1;
};
BOOST_DESCRIBE_STRUCT(TreatmentVersionPath, (), (appointment_id, number))

struct Diagnosis {
  std::optional<std::string> code;  // "E11.9"
  std::string words;
  DiagnosisKind kind = DiagnosisKind::primary;
};
BOOST_DESCRIBE_STRUCT(Diagnosis, (), (code, words, kind))

struct FollowUp {
  std::string on;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(FollowUp, (), (on, note))

struct Note {
  std::int64_t number = 0;            // 0: a draft
  std::optional<std::string> reason;  // of a correction
  std::optional<Instant> written_at;
  std::optional<std::string> complaint, history, examination, notes, advice;
  std::optional<Vitals> vitals;
  std::vector<Diagnosis> diagnoses;
  std::optional<FollowUp> follow_up;
};
BOOST_DESCRIBE_STRUCT(Note, (),
                      (number, reason, written_at, complaint, history, examination, notes, advice, vitals, diagnoses,
                       follow_up))

struct NoteVersion {
  std::int64_t number = 1;
  Instant written_at;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(NoteVersion, (), (number, written_at, reason))

struct PatientCard {
  UserId id;
  std::string name;
  std::optional<std::string> birth_on, sex, phone;
};
BOOST_DESCRIBE_STRUCT(PatientCard, (), (id, name, birth_on, sex, phone))

struct DiagnosisCodeQuery {
  BoundedText<1, 100> q;  // the beginning of a code, or words
  BoundedIntOr<1, 50, 20> limit;
};
BOOST_DESCRIBE_STRUCT(DiagnosisCodeQuery, (), (q, limit))

struct DiagnosisCode {
  std::string code, words;
};
BOOST_DESCRIBE_STRUCT(DiagnosisCode, (), (code, words))

struct DiagnosisCodeList {
  std::vector<DiagnosisCode> items;
};
BOOST_DESCRIBE_STRUCT(DiagnosisCodeList, (), (items))

// ---- allergies and problems

BOOST_DEFINE_ENUM_CLASS(Severity, unknown, mild, moderate, severe)
BOOST_DEFINE_ENUM_CLASS(EntryStatus, active, resolved, refuted)

struct AllergyCreate {
  UserId id;  // the patient
  Words substance;
  std::optional<ShortText> reaction;
  std::optional<Severity> severity;
};
BOOST_DESCRIBE_STRUCT(AllergyCreate, (), (id, substance, reaction, severity))

struct AllergyCorrect {  // what is absent stays
  AllergyId id;
  Reason reason;
  std::optional<Words> substance;
  std::optional<ShortText> reaction;
  std::optional<Severity> severity;
  std::optional<EntryStatus> status;
};
BOOST_DESCRIBE_STRUCT(AllergyCorrect, (), (id, reason, substance, reaction, severity, status))

struct Allergy {
  AllergyId id;
  std::optional<AllergyId> supersedes;
  UserId patient_id;
  std::string substance;
  std::optional<std::string> reaction;
  Severity severity = Severity::unknown;
  EntryStatus status = EntryStatus::active;
  Instant recorded_at;
};
BOOST_DESCRIBE_STRUCT(Allergy, (), (id, supersedes, patient_id, substance, reaction, severity, status, recorded_at))

struct ProblemCreate {
  UserId id;  // the patient
  std::optional<BoundedText<3, 10>> code;
  std::optional<Words> words;
  std::optional<Date> began_on;
};
BOOST_DESCRIBE_STRUCT(ProblemCreate, (), (id, code, words, began_on))

struct ProblemCorrect {
  ProblemId id;
  Reason reason;
  std::optional<BoundedText<3, 10>> code;
  std::optional<Words> words;
  std::optional<Date> began_on;
  std::optional<EntryStatus> status;
};
BOOST_DESCRIBE_STRUCT(ProblemCorrect, (), (id, reason, code, words, began_on, status))

// A lasting condition of the patient, as it stands in the problem list.
struct Condition {
  ProblemId id;
  std::optional<ProblemId> supersedes;
  UserId patient_id;
  std::optional<std::string> code;
  std::string words;
  std::optional<std::string> began_on;
  EntryStatus status = EntryStatus::active;
  Instant recorded_at;
};
BOOST_DESCRIBE_STRUCT(Condition, (), (id, supersedes, patient_id, code, words, began_on, status, recorded_at))

// ---- prescriptions

struct MedicineInput {
  Words medicine;                                    // "Amoxicillin 500 mg capsule"
  BoundedText<1, 100> dose, frequency;               // "1 capsule", "three times a day"
  std::optional<BoundedInt<1, 3650>> duration_days;  // absent: until further notice
  BoundedInt<1, 10'000> quantity;                    // units to hand out
  std::optional<ShortText> instructions;
};
BOOST_DESCRIBE_STRUCT(MedicineInput, (), (medicine, dose, frequency, duration_days, quantity, instructions))

struct PrescriptionCreate {
  AppointmentId appointment_id;
  std::vector<MedicineInput> items;
  std::optional<ShortText> note;
  std::optional<Reason> override_reason;  // why, in spite of the warnings
};
BOOST_DESCRIBE_STRUCT(PrescriptionCreate, (), (appointment_id, items, note, override_reason))

struct PrescriptionCorrect {  // without items: withdrawn
  PrescriptionId id;
  Reason reason;
  std::vector<MedicineInput> items;
  std::optional<ShortText> note;
  std::optional<Reason> override_reason;
};
BOOST_DESCRIBE_STRUCT(PrescriptionCorrect, (), (id, reason, items, note, override_reason))

struct PrescriptionPath {
  PrescriptionId id;
};
BOOST_DESCRIBE_STRUCT(PrescriptionPath, (), (id))

struct PrescriptionQuery {
  std::optional<UserId> patient_id;
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(PrescriptionQuery, (), (patient_id, limit, cursor))

struct Medicine {
  std::string medicine, dose, frequency;
  std::optional<std::int64_t> duration_days;
  std::int64_t quantity = 1;
  std::optional<std::string> instructions;
};
BOOST_DESCRIBE_STRUCT(Medicine, (), (medicine, dose, frequency, duration_days, quantity, instructions))

BOOST_DEFINE_ENUM_CLASS(WarningKind, allergy, duplicate)

struct Warning {
  WarningKind kind = WarningKind::allergy;
  std::int64_t item = 0;  // its place among the items, from 1
  std::string words;
};
BOOST_DESCRIBE_STRUCT(Warning, (), (kind, item, words))

// All that a printed prescription says.
struct Prescription {
  PrescriptionId id;
  std::optional<PrescriptionId> supersedes, superseded_by;
  AppointmentId appointment_id;
  UserId patient_id;
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::string doctor_name, hospital_name, time_zone;
  std::optional<PatientCard> patient;  // of one that is read alone
  Instant issued_at;
  std::vector<Medicine> items;
  std::optional<std::string> note, reason, override_reason;
  std::vector<Warning> warnings;
};
BOOST_DESCRIBE_STRUCT(Prescription, (),
                      (id, supersedes, superseded_by, appointment_id, patient_id, doctor_id, hospital_id, doctor_name,
                       hospital_name, time_zone, patient, issued_at, items, note, reason, override_reason, warnings))

// Of a medicine that is being taken.
struct CurrentMedicine {
  PrescriptionId prescription_id;
  std::string medicine, dose, frequency;
  Instant since;
  std::optional<Instant> until;
};
BOOST_DESCRIBE_STRUCT(CurrentMedicine, (), (prescription_id, medicine, dose, frequency, since, until))

// ---- referrals and test orders

BOOST_DEFINE_ENUM_CLASS(Urgency, routine, urgent, emergency)

struct ReferralCreate {
  AppointmentId appointment_id;
  std::optional<SpecialityId> to_speciality_id;
  std::optional<DoctorId> to_doctor_id;
  std::optional<HospitalId> to_hospital_id;
  std::optional<Urgency> urgency;
  BoundedText<3, 2000> reason;
};
BOOST_DESCRIBE_STRUCT(ReferralCreate, (),
                      (appointment_id, to_speciality_id, to_doctor_id, to_hospital_id, urgency, reason))

// What is absent stays; one of the three addressees replaces all three.
struct ReferralCorrect {
  ReferralId id;
  Reason correction_reason;
  std::optional<bool> is_withdrawn;
  std::optional<SpecialityId> to_speciality_id;
  std::optional<DoctorId> to_doctor_id;
  std::optional<HospitalId> to_hospital_id;
  std::optional<Urgency> urgency;
  std::optional<BoundedText<3, 2000>> reason;
};
BOOST_DESCRIBE_STRUCT(ReferralCorrect, (),
                      (id, correction_reason, is_withdrawn, to_speciality_id, to_doctor_id, to_hospital_id, urgency,
                       reason))

BOOST_DEFINE_ENUM_CLASS(Direction, sent, received)

struct ReferralQuery {
  std::optional<Direction> direction;  // absent: sent
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(ReferralQuery, (), (direction, limit, cursor))

struct Referral {
  ReferralId id;
  std::optional<ReferralId> supersedes;
  AppointmentId appointment_id;
  UserId patient_id;
  std::string patient_name;
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::string doctor_name, hospital_name;
  std::optional<SpecialityId> to_speciality_id;
  std::optional<std::string> to_speciality_name;
  std::optional<DoctorId> to_doctor_id;
  std::optional<std::string> to_doctor_name;
  std::optional<HospitalId> to_hospital_id;
  Urgency urgency = Urgency::routine;
  std::string reason;
  Instant made_at;
  std::optional<bool> is_booked;  // with that doctor since; absent: to a speciality
  std::optional<std::string> correction_reason;
  bool is_withdrawn = false;
};
BOOST_DESCRIBE_STRUCT(Referral, (),
                      (id, supersedes, appointment_id, patient_id, patient_name, doctor_id, hospital_id, doctor_name,
                       hospital_name, to_speciality_id, to_speciality_name, to_doctor_id, to_doctor_name,
                       to_hospital_id, urgency, reason, made_at, is_booked, correction_reason, is_withdrawn))

struct TestInput {
  std::optional<BoundedText<1, 40>> code;
  Words name;
  std::optional<ShortText> note;
};
BOOST_DESCRIBE_STRUCT(TestInput, (), (code, name, note))

struct TestOrderCreate {
  AppointmentId appointment_id;
  std::vector<TestInput> tests;
  std::optional<Urgency> urgency;
};
BOOST_DESCRIBE_STRUCT(TestOrderCreate, (), (appointment_id, tests, urgency))

struct TestOrderCorrect {  // what is absent stays
  TestOrderId id;
  Reason correction_reason;
  std::optional<bool> is_withdrawn;
  std::optional<BoundedText<1, 40>> code;
  std::optional<Words> name;
  std::optional<ShortText> note;
  std::optional<Urgency> urgency;
};
BOOST_DESCRIBE_STRUCT(TestOrderCorrect, (), (id, correction_reason, is_withdrawn, code, name, note, urgency))

struct TestOrder {
  TestOrderId id;
  std::optional<TestOrderId> supersedes;
  std::optional<std::string> code;
  std::string name;
  std::optional<std::string> note;
  Urgency urgency = Urgency::routine;
  Instant ordered_at;
  std::optional<std::string> correction_reason;
  bool is_withdrawn = false;
};
BOOST_DESCRIBE_STRUCT(TestOrder, (),
                      (id, supersedes, code, name, note, urgency, ordered_at, correction_reason, is_withdrawn))

struct TestOrderList {
  std::vector<TestOrder> items;
};
BOOST_DESCRIBE_STRUCT(TestOrderList, (), (items))

// ---- follow-ups

struct FollowUpQuery {
  std::optional<HospitalId> hospital_id;  // absent: the own one
  std::optional<Date> from_on, to_on;     // absent: from a week ago on; four weeks
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(FollowUpQuery, (), (hospital_id, from_on, to_on, limit, cursor))

// Whom a doctor wants to see again: who and when, and nothing of why.
struct FollowUpDue {
  AppointmentId appointment_id;  // of the visit that it follows
  UserId patient_id;
  std::string patient_name;
  std::optional<std::string> patient_phone;
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::string doctor_name;
  std::string on;
  bool is_booked = false;  // with that doctor, after that visit
};
BOOST_DESCRIBE_STRUCT(FollowUpDue, (),
                      (appointment_id, patient_id, patient_name, patient_phone, doctor_id, hospital_id, doctor_name, on,
                       is_booked))

// ---- what a page shows at once

BOOST_DEFINE_ENUM_CLASS(VisitStatus, none, open, closed)

struct VisitSummary {
  AppointmentId appointment_id;
  Instant starts_at;
  VisitStatus status = VisitStatus::closed;
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::string doctor_name, hospital_name;
  std::vector<Diagnosis> diagnoses;
  std::optional<std::string> follow_up_on;
};
BOOST_DESCRIBE_STRUCT(VisitSummary, (),
                      (appointment_id, starts_at, status, doctor_id, hospital_id, doctor_name, hospital_name, diagnoses,
                       follow_up_on))

struct VitalsTaken {
  Instant at;
  Vitals vitals;
};
BOOST_DESCRIBE_STRUCT(VitalsTaken, (), (at, vitals))

// What one should know of a patient before anything else.
struct PatientSummary {
  PatientCard patient;
  std::vector<Allergy> allergies;   // that are not refuted
  std::vector<Condition> problems;  // that are not refuted
  std::vector<CurrentMedicine> medicines;
  std::vector<VisitSummary> visits;  // the newest
  std::vector<VitalsTaken> vitals;   // of these visits
};
BOOST_DESCRIBE_STRUCT(PatientSummary, (), (patient, allergies, problems, medicines, visits, vitals))

struct PatientPath {
  UserId id;
};
BOOST_DESCRIBE_STRUCT(PatientPath, (), (id))

// Everything that the page of a visit shows.
struct Treatment {
  AppointmentId appointment_id;
  std::string appointment_status;
  Instant starts_at;
  std::optional<std::string> appointment_reason;
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::string doctor_name, hospital_name, time_zone;
  VisitStatus status = VisitStatus::none;
  std::int64_t version = 0;
  std::optional<Instant> opened_at, closed_at;
  bool can_write = false;             // by this caller, now
  std::optional<Note> note;           // the draft, or the newest version
  std::vector<NoteVersion> versions;  // of a closed visit, the newest first
  std::vector<Prescription> prescriptions;
  std::vector<Referral> referrals;
  std::vector<TestOrder> test_orders;
  std::optional<PatientSummary> summary;  // of who may see the patient's record
};
BOOST_DESCRIBE_STRUCT(Treatment, (),
                      (appointment_id, appointment_status, starts_at, appointment_reason, doctor_id, hospital_id,
                       doctor_name, hospital_name, time_zone, status, version, opened_at, closed_at, can_write, note,
                       versions, prescriptions, referrals, test_orders, summary))

// ---- the timeline

BOOST_DEFINE_ENUM_CLASS(TimelineKind, visit, prescription, referral, test_order, allergy, problem, document, history)

struct TimelineQuery {
  UserId id;
  std::optional<TimelineKind> kind;
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(TimelineQuery, (), (id, kind, limit, cursor))

struct TimelineItem {
  Instant at;
  TimelineKind kind = TimelineKind::visit;
  std::int64_t id = 0;
  std::optional<AppointmentId> appointment_id;
  std::string title;
  std::optional<std::string> detail, status;
  DoctorId doctor_id;
  HospitalId hospital_id;
  std::string doctor_name, hospital_name;
};
BOOST_DESCRIBE_STRUCT(TimelineItem, (),
                      (at, kind, id, appointment_id, title, detail, status, doctor_id, hospital_id, doctor_name,
                       hospital_name))

// ---- the registry

BOOST_DEFINE_ENUM_CLASS(IdentifierKind, mrn, national, passport, insurance, other)

struct IdentifierCreate {
  UserId id;  // the patient
  IdentifierKind kind = IdentifierKind::mrn;
  std::optional<BoundedText<3, 60>> value;  // absent: the hospital's next record number
};
BOOST_DESCRIBE_STRUCT(IdentifierCreate, (), (id, kind, value))

struct IdentifierPath {
  UserId id;
  std::int64_t identifier_id = 0;
};
BOOST_DESCRIBE_STRUCT(IdentifierPath, (), (id, identifier_id))

struct Identifier {
  std::int64_t id = 0;
  IdentifierKind kind = IdentifierKind::mrn;
  std::optional<HospitalId> hospital_id;
  std::string value;
  Instant added_at;
};
BOOST_DESCRIBE_STRUCT(Identifier, (), (id, kind, hospital_id, value, added_at))

struct MergeView {
  std::int64_t id = 0;
  UserId kept_id, merged_id;
  std::string reason;
  Instant merged_at;
};
BOOST_DESCRIBE_STRUCT(MergeView, (), (id, kept_id, merged_id, reason, merged_at))

// What the desk knows of who a patient is.
struct Registration {
  PatientCard patient;
  std::optional<UserId> kept_id;  // of one who was merged into another
  std::vector<Identifier> identifiers;
  std::vector<MergeView> merges;
};
BOOST_DESCRIBE_STRUCT(Registration, (), (patient, kept_id, identifiers, merges))

struct Duplicate {
  PatientCard patient;
  std::int64_t score = 0;            // of 100
  std::vector<std::string> reasons;  // "name", "phone", "birth_on", "sex", "identifier"
};
BOOST_DESCRIBE_STRUCT(Duplicate, (), (patient, score, reasons))

struct DuplicateList {
  std::vector<Duplicate> items;
};
BOOST_DESCRIBE_STRUCT(DuplicateList, (), (items))

struct DoctorPatientQuery {
  std::optional<BoundedText<1, 100>> q;  // a part of the name
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(DoctorPatientQuery, (), (q, limit, cursor))

// Whom a doctor treats, with the last and the next visit with that doctor.
struct DoctorPatient {
  UserId id;
  std::string name;
  std::optional<std::string> birth_on, sex, phone;
  std::optional<Instant> last_visit_at, next_visit_at;
};
BOOST_DESCRIBE_STRUCT(DoctorPatient, (), (id, name, birth_on, sex, phone, last_visit_at, next_visit_at))

struct MergeCreate {
  UserId id;  // who is kept
  UserId merged_id;
  Reason reason;
};
BOOST_DESCRIBE_STRUCT(MergeCreate, (), (id, merged_id, reason))

struct MergePath {
  std::int64_t id = 0;
};
BOOST_DESCRIBE_STRUCT(MergePath, (), (id))

// ---- documents

using DocumentId = Id<struct DocumentTag>;
BOOST_DEFINE_ENUM_CLASS(DocumentKind, report, letter, image, other)

struct DocumentCreate {  // in the query; the body is the file
  UserId id;             // the patient
  BoundedText<1, 200> name;
  std::optional<DocumentKind> kind;
};
BOOST_DESCRIBE_STRUCT(DocumentCreate, (), (id, name, kind))

struct DocumentQuery {
  UserId id;
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(DocumentQuery, (), (id, limit, cursor))

struct DocumentPath {
  DocumentId id;
};
BOOST_DESCRIBE_STRUCT(DocumentPath, (), (id))

struct Document {
  DocumentId id;
  UserId patient_id;
  std::optional<HospitalId> hospital_id;  // absent: the patient brought it
  DocumentKind kind = DocumentKind::other;
  std::string name, media_type;
  std::int64_t bytes = 0;
  Instant added_at;
};
BOOST_DESCRIBE_STRUCT(Document, (), (id, patient_id, hospital_id, kind, name, media_type, bytes, added_at))

// A file that was looked through, ready to be stored.
struct DocumentBytes {
  std::string media_type, sha256;
  std::vector<std::string> parts;
  std::int64_t bytes = 0;
};

// ---- emergencies, and who looked

using EmergencyAccessId = Id<struct EmergencyAccessTag>;

struct EmergencyAccessCreate {
  UserId id;  // the patient
  BoundedText<10, 500> reason;
  std::optional<HospitalId> hospital_id;  // where; absent: the doctor's first
  BoundedIntOr<5, 60, 60> minutes;
};
BOOST_DESCRIBE_STRUCT(EmergencyAccessCreate, (), (id, reason, hospital_id, minutes))

struct EmergencyAccessQuery {
  std::optional<HospitalId> hospital_id;
  std::optional<bool> unreviewed;
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(EmergencyAccessQuery, (), (hospital_id, unreviewed, limit, cursor))

struct EmergencyAccessReview {
  EmergencyAccessId id;
  bool justified = false;
  std::optional<ShortText> note;
};
BOOST_DESCRIBE_STRUCT(EmergencyAccessReview, (), (id, justified, note))

struct EmergencyAccess {
  EmergencyAccessId id;
  UserId patient_id;
  std::string patient_name;
  DoctorId doctor_id;
  std::string doctor_name;
  HospitalId hospital_id;
  std::string reason;
  Instant granted_at, expires_at;
  std::optional<Instant> reviewed_at;
  std::optional<bool> justified;
  std::optional<std::string> review_note;
};
BOOST_DESCRIBE_STRUCT(EmergencyAccess, (),
                      (id, patient_id, patient_name, doctor_id, doctor_name, hospital_id, reason, granted_at,
                       expires_at, reviewed_at, justified, review_note))

struct RecordAccessQuery {
  std::optional<UserId> patient_id;  // somebody for whom the caller acts; absent: the caller
  Limit limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(RecordAccessQuery, (), (patient_id, limit, cursor))

// Somebody else saw or changed something of the patient.
struct RecordAccess {
  Instant at;
  std::string role;
  std::optional<std::string> name;
  std::string operation;               // "treatment_get"
  std::optional<std::string> purpose;  // "emergency"
};
BOOST_DESCRIBE_STRUCT(RecordAccess, (), (at, role, name, operation, purpose))

}  // namespace fairward::records
