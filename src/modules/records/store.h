// Records in the database; the only caller of this module's SQL. Rows as they are stored, no rules here.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "modules/records/api.h"
#include "modules/records/records.h"
#include "platform/sql/sql.h"

namespace fairward::records {

std::string_view sql_text(DiagnosisKind kind);
DiagnosisKind sql_parse(std::string_view text, DiagnosisKind*);
std::string_view sql_text(Severity severity);
Severity sql_parse(std::string_view text, Severity*);
std::string_view sql_text(EntryStatus status);
EntryStatus sql_parse(std::string_view text, EntryStatus*);
std::string_view sql_text(IdentifierKind kind);
IdentifierKind sql_parse(std::string_view text, IdentifierKind*);
std::string_view sql_text(DocumentKind kind);
DocumentKind sql_parse(std::string_view text, DocumentKind*);
std::string_view sql_text(Urgency urgency);
Urgency sql_parse(std::string_view text, Urgency*);

namespace store {

// A page of what concerns a patient, who may be known as several, the newest first: what is older than (at, id).
struct Page {
  std::vector<UserId> patients;
  Instant at{std::numeric_limits<std::int64_t>::max()};
  std::int64_t id = 0;
  HospitalId hospital;  // 0: of every hospital
  std::int64_t limit = 0;
};

// ---- visits and notes

struct VisitRow {
  VisitId id;
  AppointmentId appointment;
  DoctorId doctor;
  HospitalId hospital;
  UserId patient;
  Instant starts_at, opened_at;
  std::optional<Instant> closed_at;
  std::optional<std::string> draft;
  std::int64_t version = 1;
};
// nullopt: the appointment has its visit.
std::optional<VisitId> visit_insert(Txn& txn, const VisitRow& row, UserId by);
std::optional<VisitRow> visit_find(Snapshot& db, AppointmentId appointment);
std::optional<VisitRow> visit_lock(Txn& txn, AppointmentId appointment);  // until the end of the transaction
void visit_save(Txn& txn, VisitId id, const std::string& draft);
void visit_close(Txn& txn, VisitId id, Instant now, UserId by);
void visit_touch(Txn& txn, VisitId id);

struct VisitSummaryRow {
  VisitId id;
  AppointmentId appointment;
  DoctorId doctor;
  HospitalId hospital;
  Instant starts_at;
  std::optional<Instant> closed_at;
  std::optional<NoteId> note;
  std::optional<double> temperature_c;
  std::optional<std::int64_t> pulse, systolic, diastolic, respiration, saturation;
  std::optional<double> weight_kg, height_cm;
  std::optional<std::string> follow_up_on;
};
std::vector<VisitSummaryRow> visits_of_patient(Snapshot& db, const Page& page);
struct VisitDiagnosisRow {
  NoteId note;
  std::optional<std::string> code;
  std::string words;
  DiagnosisKind kind = DiagnosisKind::primary;
};
std::vector<VisitDiagnosisRow> diagnoses_of_patient(Snapshot& db, const Page& page);  // of the same visits

struct NoteRow {
  NoteId id;
  VisitId visit;
  std::int64_t number = 1;
  std::optional<NoteId> supersedes;
  std::optional<std::string> reason;
  Instant written_at;
  UserId written_by;
  std::optional<std::string> complaint, history, examination, notes, advice;
  std::optional<double> temperature_c;
  std::optional<std::int64_t> pulse, systolic, diastolic, respiration, saturation;
  std::optional<double> weight_kg, height_cm;
  std::optional<std::string> follow_up_on, follow_up_note;
};
struct DiagnosisRow {
  std::optional<std::string> code;  // without the dot
  std::string words;
  DiagnosisKind kind = DiagnosisKind::primary;
};
// nullopt: the visit has this version.
std::optional<NoteId> note_insert(Txn& txn, const NoteRow& row, const std::vector<DiagnosisRow>& diagnoses);
std::optional<NoteRow> note_newest(Snapshot& db, VisitId visit);
std::optional<NoteRow> note_find(Snapshot& db, VisitId visit, std::int64_t number);
std::vector<NoteVersion> note_versions(Snapshot& db, VisitId visit);
std::vector<DiagnosisRow> diagnoses_of(Snapshot& db, NoteId note);

// ---- allergies and problems

struct AllergyRow {
  AllergyId id;
  std::optional<AllergyId> supersedes;
  UserId patient;
  HospitalId hospital;
  DoctorId doctor;
  Instant recorded_at;
  UserId recorded_by;
  std::string substance;
  std::optional<std::string> reaction;
  Severity severity = Severity::unknown;
  EntryStatus status = EntryStatus::active;
  std::optional<std::string> reason;
};
std::optional<AllergyId> allergy_insert(Txn& txn, const AllergyRow& row);  // nullopt: what it supersedes is superseded
std::optional<AllergyRow> allergy_find(Snapshot& db, AllergyId id);
std::vector<AllergyRow> allergies_of(Snapshot& db, const Page& page);

struct ProblemRow {
  ProblemId id;
  std::optional<ProblemId> supersedes;
  UserId patient;
  HospitalId hospital;
  DoctorId doctor;
  Instant recorded_at;
  UserId recorded_by;
  std::optional<std::string> code;
  std::string words;
  std::optional<std::string> began_on;
  EntryStatus status = EntryStatus::active;
  std::optional<std::string> reason;
};
std::optional<ProblemId> problem_insert(Txn& txn, const ProblemRow& row);
std::optional<ProblemRow> problem_find(Snapshot& db, ProblemId id);
std::vector<ProblemRow> problems_of(Snapshot& db, const Page& page);

// ---- prescriptions

struct PrescriptionRow {
  PrescriptionId id;
  std::optional<PrescriptionId> supersedes, superseded_by;
  AppointmentId appointment;
  VisitId visit;
  UserId patient;
  HospitalId hospital;
  DoctorId doctor;
  Instant issued_at;
  UserId issued_by;
  std::optional<std::string> note, reason, warnings, override_reason;
};
struct ItemRow {
  PrescriptionId prescription;
  std::string medicine, dose, frequency;
  std::optional<std::int64_t> duration_days;
  std::int64_t quantity = 1;
  std::optional<std::string> instructions;
};
std::optional<PrescriptionId> prescription_insert(Txn& txn, const PrescriptionRow& row,
                                                  const std::vector<ItemRow>& items);
std::optional<PrescriptionRow> prescription_find(Snapshot& db, PrescriptionId id);
std::vector<PrescriptionRow> prescriptions_of_visit(Snapshot& db, VisitId visit);
std::vector<PrescriptionRow> prescriptions_of_patient(Snapshot& db, const Page& page);
std::vector<ItemRow> items_of(Snapshot& db, PrescriptionId id);
std::vector<ItemRow> items_of_visit(Snapshot& db, VisitId visit);
std::vector<ItemRow> items_of_patient(Snapshot& db, const Page& page);  // of the same page

struct CurrentRow {
  PrescriptionId prescription;
  std::string medicine, dose, frequency;
  Instant issued_at;
  std::optional<std::int64_t> duration_days;
};
std::vector<CurrentRow> medicines_current(Snapshot& db, const std::vector<UserId>& patients, Instant now,
                                          HospitalId hospital);

// ---- referrals and test orders

struct ReferralRow {
  ReferralId id;
  std::optional<ReferralId> supersedes, superseded_by;
  AppointmentId appointment;
  VisitId visit;
  UserId patient;
  HospitalId hospital;
  DoctorId doctor;
  std::optional<SpecialityId> to_speciality;
  std::optional<DoctorId> to_doctor;
  std::optional<HospitalId> to_hospital;
  Urgency urgency = Urgency::routine;
  std::string reason;
  Instant made_at;
  UserId made_by;
  std::optional<std::string> correction_reason;
  bool is_withdrawn = false;
};
// nullopt: what it supersedes is superseded.
std::optional<ReferralId> referral_insert(Txn& txn, const ReferralRow& row);
std::optional<ReferralRow> referral_find(Snapshot& db, ReferralId id);
std::vector<ReferralRow> referrals_of_visit(Snapshot& db, VisitId visit);
std::vector<ReferralRow> referrals_of_patient(Snapshot& db, const Page& page);
// Of a doctor; the page's patient is not asked.
std::vector<ReferralRow> referrals_of_doctor(Snapshot& db, DoctorId doctor, Direction direction, const Page& page);

struct TestOrderRow {
  TestOrderId id;
  std::optional<TestOrderId> supersedes, superseded_by;
  AppointmentId appointment;
  VisitId visit;
  UserId patient;
  HospitalId hospital;
  DoctorId doctor;
  std::optional<std::string> code;
  std::string name;
  std::optional<std::string> note;
  Urgency urgency = Urgency::routine;
  Instant ordered_at;
  UserId ordered_by;
  std::optional<std::string> correction_reason;
  bool is_withdrawn = false;
};
std::optional<TestOrderId> test_order_insert(Txn& txn, const TestOrderRow& row);  // nullopt: as above
std::optional<TestOrderRow> test_order_find(Snapshot& db, TestOrderId id);
std::vector<TestOrderRow> test_orders_of_visit(Snapshot& db, VisitId visit);
std::vector<TestOrderRow> test_orders_of_patient(Snapshot& db, const Page& page);

// ---- follow-ups

struct FollowUpRow {
  NoteId note;
  AppointmentId appointment;
  UserId patient;
  DoctorId doctor;
  HospitalId hospital;
  Instant starts_at;  // of the visit that it follows
  std::string on;
};
struct FollowUpPage {
  HospitalId hospital;
  std::string from_on, to_on;
  std::string after_on;  // and what is later than (after_on, after)
  std::int64_t after = 0, limit = 0;
};
std::vector<FollowUpRow> follow_ups_of(Snapshot& db, const FollowUpPage& page);

// ---- emergencies

struct EmergencyRow {
  EmergencyAccessId id;
  UserId patient;
  DoctorId doctor;
  HospitalId hospital;
  UserId user;
  std::string reason;
  Instant granted_at, expires_at;
  std::optional<Instant> reviewed_at;
  std::optional<UserId> reviewed_by;
  std::optional<bool> is_justified;
  std::optional<std::string> review_note;
};
EmergencyAccessId emergency_insert(Txn& txn, const EmergencyRow& row);
bool emergency_active(Snapshot& db, DoctorId doctor, UserId patient, Instant now);
std::optional<EmergencyRow> emergency_lock(Txn& txn, EmergencyAccessId id);
std::vector<EmergencyRow> emergencies_of(Snapshot& db, HospitalId hospital, Instant at, std::int64_t id,
                                         bool is_unreviewed, std::int64_t limit);
void emergency_review(Txn& txn, const EmergencyRow& row);

// ---- the registry

struct IdentifierRow {
  std::int64_t id = 0;
  UserId patient;
  IdentifierKind kind = IdentifierKind::other;
  HospitalId hospital;  // 0: of none
  std::string value;
  Instant added_at;
};
// key: the value as it is compared. nullopt: somebody has it.
std::optional<std::int64_t> identifier_insert(Txn& txn, const IdentifierRow& row, const std::string& key, UserId by);
std::vector<IdentifierRow> identifiers_of(Snapshot& db, UserId patient);
std::optional<IdentifierRow> identifier_find(Snapshot& db, std::int64_t id);
std::vector<IdentifierRow> identifiers_by_value(Snapshot& db, const std::string& key);
void identifier_end(Txn& txn, std::int64_t id, Instant now, UserId by);
std::int64_t mrn_take(Txn& txn, HospitalId hospital);

struct MergeRow {
  std::int64_t id = 0;
  UserId kept, merged;
  HospitalId hospital;
  std::string reason;
  Instant merged_at;
  std::optional<Instant> undone_at;
};
std::optional<std::int64_t> merge_insert(Txn& txn, const MergeRow& row, UserId by);  // nullopt: merged already
std::optional<MergeRow> merge_find(Snapshot& db, std::int64_t id);
std::optional<MergeRow> merge_of(Snapshot& db, UserId merged);
std::vector<MergeRow> merges_into(Snapshot& db, UserId kept);
void merge_undo(Txn& txn, std::int64_t id, Instant now, UserId by);
// All that are this person, the one who was kept first.
std::vector<UserId> persons_of(Snapshot& db, UserId patient);

// ---- documents

struct DocumentRow {
  DocumentId id;
  UserId patient;
  HospitalId hospital;  // 0: of the patient
  DocumentKind kind = DocumentKind::other;
  std::string name, media_type;
  std::int64_t bytes = 0;
  std::string sha256;
  Instant added_at;
};
// parts: the bytes in base64url. nullopt: the patient has them.
std::optional<DocumentId> document_insert(Txn& txn, const DocumentRow& row, const std::vector<std::string>& parts,
                                          UserId by);
std::optional<DocumentRow> document_find(Snapshot& db, DocumentId id);
std::optional<DocumentRow> document_find_same(Snapshot& db, UserId patient, const std::string& sha256);
std::vector<DocumentRow> documents_of(Snapshot& db, const Page& page);
std::vector<std::string> document_parts(Snapshot& db, DocumentId id);

// ---- what was brought from elsewhere

struct HistoryRow {
  std::int64_t id = 0;
  HospitalId hospital;
  std::string kind;
  Instant at;
  std::string words;
  std::optional<double> value;
  std::optional<std::string> value_words, unit, status, author, place;
};
std::optional<UserId> source_find(Snapshot& db, const std::string& key);
void source_insert(Txn& txn, const std::string& key, UserId patient);
bool history_insert(Txn& txn, UserId patient, HospitalId hospital, std::string_view kind, const HistoryEntry& entry);
bool allergy_bring(Txn& txn, UserId patient, HospitalId hospital, const HistoryEntry& entry);
bool problem_bring(Txn& txn, UserId patient, HospitalId hospital, const HistoryEntry& entry);
std::vector<HistoryRow> history_of(Snapshot& db, const Page& page);
std::vector<std::string> history_medicines(Snapshot& db, UserId patient);  // being taken

}  // namespace store
}  // namespace fairward::records
