// See the header.
#include "modules/records/store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "sql/records.h"

namespace fairward::records {
namespace {

constexpr std::array kind_words{"primary", "secondary", "suspected"};
constexpr std::array severity_words{"unknown", "mild", "moderate", "severe"};
constexpr std::array status_words{"active", "resolved", "refuted"};
constexpr std::array identifier_words{"mrn", "national", "passport", "insurance", "other"};
constexpr std::array document_words{"report", "letter", "image", "other"};
constexpr std::array urgency_words{"routine", "urgent", "emergency"};

template <class E, std::size_t n>
E parse(const std::array<const char*, n>& words, std::string_view text) {
  for (std::size_t i = 0; i < n; ++i)
    if (words[i] == text) return static_cast<E>(i);
  FAIRWARD_CHECK(!"a word the schema does not allow");
  std::unreachable();
}

}  // namespace

std::string_view sql_text(DiagnosisKind kind) { return kind_words[static_cast<std::size_t>(kind)]; }
DiagnosisKind sql_parse(std::string_view text, DiagnosisKind*) { return parse<DiagnosisKind>(kind_words, text); }
std::string_view sql_text(Severity severity) { return severity_words[static_cast<std::size_t>(severity)]; }
Severity sql_parse(std::string_view text, Severity*) { return parse<Severity>(severity_words, text); }
std::string_view sql_text(EntryStatus status) { return status_words[static_cast<std::size_t>(status)]; }
EntryStatus sql_parse(std::string_view text, EntryStatus*) { return parse<EntryStatus>(status_words, text); }
std::string_view sql_text(IdentifierKind kind) { return identifier_words[static_cast<std::size_t>(kind)]; }
IdentifierKind sql_parse(std::string_view text, IdentifierKind*) {
  return parse<IdentifierKind>(identifier_words, text);
}
std::string_view sql_text(DocumentKind kind) { return document_words[static_cast<std::size_t>(kind)]; }
DocumentKind sql_parse(std::string_view text, DocumentKind*) { return parse<DocumentKind>(document_words, text); }
std::string_view sql_text(Urgency urgency) { return urgency_words[static_cast<std::size_t>(urgency)]; }
Urgency sql_parse(std::string_view text, Urgency*) { return parse<Urgency>(urgency_words, text); }

namespace store {

namespace q = sql_queries;

namespace {

// The rows of a page, without an order among several patients.
template <class Row>
std::vector<Row> parts_of(Snapshot& db, const sql::Query& query, const Page& page) {
  std::vector<Row> rows;
  for (const UserId patient : page.patients)
    db.each<Row>(
        query, [&](Row&& row) { rows.push_back(std::move(row)); }, patient, page.at, page.id, page.hospital,
        page.limit);
  return rows;
}

// What a page asks, of whatever it is; the newest by this time first.
template <class Row>
std::vector<Row> page_of(Snapshot& db, const sql::Query& query, const Page& page, Instant Row::*at) {
  std::vector<Row> rows = parts_of<Row>(db, query, page);
  if (page.patients.size() < 2) return rows;
  std::ranges::sort(rows, [&](const Row& a, const Row& b) { return std::pair(b.*at, b.id) < std::pair(a.*at, a.id); });
  if (rows.size() > static_cast<std::size_t>(page.limit)) rows.resize(static_cast<std::size_t>(page.limit));
  return rows;
}

}  // namespace

std::optional<VisitId> visit_insert(Txn& txn, const VisitRow& row, UserId by) {
  return txn.one<VisitId>(q::visit_insert, row.appointment, row.doctor, row.hospital, row.patient, row.starts_at,
                          row.opened_at, by, row.draft);
}
std::optional<VisitRow> visit_find(Snapshot& db, AppointmentId appointment) {
  return db.one<VisitRow>(q::visit_find, appointment);
}
std::optional<VisitRow> visit_lock(Txn& txn, AppointmentId appointment) {
  return txn.one<VisitRow>(q::visit_lock, appointment);
}
void visit_save(Txn& txn, VisitId id, const std::string& draft) { txn.exec(q::visit_save, id, draft); }
void visit_close(Txn& txn, VisitId id, Instant now, UserId by) { txn.exec(q::visit_close, id, now, by); }
void visit_touch(Txn& txn, VisitId id) { txn.exec(q::visit_touch, id); }

std::vector<VisitSummaryRow> visits_of_patient(Snapshot& db, const Page& page) {
  return page_of(db, q::visit_list_patient, page, &VisitSummaryRow::starts_at);
}
std::vector<VisitDiagnosisRow> diagnoses_of_patient(Snapshot& db, const Page& page) {
  return parts_of<VisitDiagnosisRow>(db, q::visit_diagnoses_patient, page);
}

std::optional<NoteId> note_insert(Txn& txn, const NoteRow& row, const std::vector<DiagnosisRow>& diagnoses) {
  const auto id = txn.one<NoteId>(q::note_insert, row.visit, row.number, row.supersedes, row.reason, row.written_at,
                                  row.written_by, row.complaint, row.history, row.examination, row.notes, row.advice,
                                  row.temperature_c, row.pulse, row.systolic, row.diastolic, row.respiration,
                                  row.saturation, row.weight_kg, row.height_cm, row.follow_up_on, row.follow_up_note);
  if (!id) return std::nullopt;
  std::int64_t position = 0;
  for (const DiagnosisRow& one : diagnoses)
    txn.exec(q::diagnosis_insert, *id, ++position, one.code, one.words, one.kind);
  return id;
}
std::optional<NoteRow> note_newest(Snapshot& db, VisitId visit) { return db.one<NoteRow>(q::note_newest, visit); }
std::optional<NoteRow> note_find(Snapshot& db, VisitId visit, std::int64_t number) {
  return db.one<NoteRow>(q::note_find, visit, number);
}
std::vector<NoteVersion> note_versions(Snapshot& db, VisitId visit) {
  return db.all<NoteVersion>(q::note_versions, visit);
}
std::vector<DiagnosisRow> diagnoses_of(Snapshot& db, NoteId note) {
  return db.all<DiagnosisRow>(q::diagnosis_list, note);
}

std::optional<AllergyId> allergy_insert(Txn& txn, const AllergyRow& row) {
  return txn.one<AllergyId>(q::allergy_insert, row.supersedes, row.patient, row.hospital, row.doctor, row.recorded_at,
                            row.recorded_by, row.substance, row.reaction, row.severity, row.status, row.reason);
}
std::optional<AllergyRow> allergy_find(Snapshot& db, AllergyId id) { return db.one<AllergyRow>(q::allergy_find, id); }
std::vector<AllergyRow> allergies_of(Snapshot& db, const Page& page) {
  return page_of(db, q::allergy_list, page, &AllergyRow::recorded_at);
}

std::optional<ProblemId> problem_insert(Txn& txn, const ProblemRow& row) {
  return txn.one<ProblemId>(q::problem_insert, row.supersedes, row.patient, row.hospital, row.doctor, row.recorded_at,
                            row.recorded_by, row.code, row.words, row.began_on, row.status, row.reason);
}
std::optional<ProblemRow> problem_find(Snapshot& db, ProblemId id) { return db.one<ProblemRow>(q::problem_find, id); }
std::vector<ProblemRow> problems_of(Snapshot& db, const Page& page) {
  return page_of(db, q::problem_list, page, &ProblemRow::recorded_at);
}

std::optional<PrescriptionId> prescription_insert(Txn& txn, const PrescriptionRow& row,
                                                  const std::vector<ItemRow>& items) {
  const auto id =
      txn.one<PrescriptionId>(q::prescription_insert, row.supersedes, row.visit, row.patient, row.hospital, row.doctor,
                              row.issued_at, row.issued_by, row.note, row.reason, row.warnings, row.override_reason);
  if (!id) return std::nullopt;
  std::int64_t position = 0;
  for (const ItemRow& item : items)
    txn.exec(q::prescription_item_insert, *id, ++position, item.medicine, item.dose, item.frequency, item.duration_days,
             item.quantity, item.instructions);
  return id;
}
std::optional<PrescriptionRow> prescription_find(Snapshot& db, PrescriptionId id) {
  return db.one<PrescriptionRow>(q::prescription_find, id);
}
std::vector<PrescriptionRow> prescriptions_of_visit(Snapshot& db, VisitId visit) {
  return db.all<PrescriptionRow>(q::prescription_list_visit, visit);
}
std::vector<PrescriptionRow> prescriptions_of_patient(Snapshot& db, const Page& page) {
  return page_of(db, q::prescription_list_patient, page, &PrescriptionRow::issued_at);
}
std::vector<ItemRow> items_of(Snapshot& db, PrescriptionId id) { return db.all<ItemRow>(q::prescription_items, id); }
std::vector<ItemRow> items_of_visit(Snapshot& db, VisitId visit) {
  return db.all<ItemRow>(q::prescription_items_visit, visit);
}
std::vector<ItemRow> items_of_patient(Snapshot& db, const Page& page) {
  return parts_of<ItemRow>(db, q::prescription_items_patient, page);
}
std::vector<CurrentRow> medicines_current(Snapshot& db, const std::vector<UserId>& patients, Instant now,
                                          HospitalId hospital) {
  std::vector<CurrentRow> rows;
  for (const UserId patient : patients)
    for (auto& row : db.all<CurrentRow>(q::medicine_current, patient, now, hospital)) rows.push_back(std::move(row));
  return rows;
}

std::optional<ReferralId> referral_insert(Txn& txn, const ReferralRow& row) {
  return txn.one<ReferralId>(q::referral_insert, row.supersedes, row.visit, row.patient, row.hospital, row.doctor,
                             row.to_speciality, row.to_doctor, row.to_hospital, row.urgency, row.reason, row.made_at,
                             row.made_by, row.correction_reason, row.is_withdrawn);
}
std::optional<ReferralRow> referral_find(Snapshot& db, ReferralId id) {
  return db.one<ReferralRow>(q::referral_find, id);
}
std::vector<ReferralRow> referrals_of_visit(Snapshot& db, VisitId visit) {
  return db.all<ReferralRow>(q::referral_list_visit, visit);
}
std::vector<ReferralRow> referrals_of_patient(Snapshot& db, const Page& page) {
  return page_of(db, q::referral_list_patient, page, &ReferralRow::made_at);
}
std::vector<ReferralRow> referrals_of_doctor(Snapshot& db, DoctorId doctor, Direction direction, const Page& page) {
  const auto& query = direction == Direction::sent ? q::referral_list_sent : q::referral_list_received;
  return db.all<ReferralRow>(query, doctor, page.at, page.id, page.limit);
}

std::optional<TestOrderId> test_order_insert(Txn& txn, const TestOrderRow& row) {
  return txn.one<TestOrderId>(q::test_order_insert, row.supersedes, row.visit, row.patient, row.hospital, row.doctor,
                              row.code, row.name, row.note, row.urgency, row.ordered_at, row.ordered_by,
                              row.correction_reason, row.is_withdrawn);
}
std::optional<TestOrderRow> test_order_find(Snapshot& db, TestOrderId id) {
  return db.one<TestOrderRow>(q::test_order_find, id);
}
std::vector<TestOrderRow> test_orders_of_visit(Snapshot& db, VisitId visit) {
  return db.all<TestOrderRow>(q::test_order_list_visit, visit);
}
std::vector<TestOrderRow> test_orders_of_patient(Snapshot& db, const Page& page) {
  return page_of(db, q::test_order_list_patient, page, &TestOrderRow::ordered_at);
}

std::vector<FollowUpRow> follow_ups_of(Snapshot& db, const FollowUpPage& page) {
  return db.all<FollowUpRow>(q::follow_up_list, page.hospital, page.from_on, page.to_on, page.after_on, page.after,
                             page.limit);
}

EmergencyAccessId emergency_insert(Txn& txn, const EmergencyRow& row) {
  return txn
      .one<EmergencyAccessId>(q::emergency_insert, row.patient, row.doctor, row.hospital, row.user, row.reason,
                              row.granted_at, row.expires_at)
      .value();
}
bool emergency_active(Snapshot& db, DoctorId doctor, UserId patient, Instant now) {
  return db.one<std::int64_t>(q::emergency_active, doctor, patient, now).has_value();
}
std::optional<EmergencyRow> emergency_lock(Txn& txn, EmergencyAccessId id) {
  return txn.one<EmergencyRow>(q::emergency_lock, id);
}
std::vector<EmergencyRow> emergencies_of(Snapshot& db, HospitalId hospital, Instant at, std::int64_t id,
                                         bool is_unreviewed, std::int64_t limit) {
  return db.all<EmergencyRow>(q::emergency_list, hospital, at, id, is_unreviewed, limit);
}
void emergency_review(Txn& txn, const EmergencyRow& row) {
  txn.exec(q::emergency_review, row.id, row.reviewed_at, row.reviewed_by, row.is_justified, row.review_note);
}

std::optional<std::int64_t> identifier_insert(Txn& txn, const IdentifierRow& row, const std::string& key, UserId by) {
  return txn.one<std::int64_t>(q::identifier_insert, row.patient, row.kind, row.hospital, row.value, key, row.added_at,
                               by);
}
std::vector<IdentifierRow> identifiers_of(Snapshot& db, UserId patient) {
  return db.all<IdentifierRow>(q::identifier_list, patient);
}
std::optional<IdentifierRow> identifier_find(Snapshot& db, std::int64_t id) {
  return db.one<IdentifierRow>(q::identifier_find, id);
}
std::vector<IdentifierRow> identifiers_by_value(Snapshot& db, const std::string& key) {
  return db.all<IdentifierRow>(q::identifier_search, key);
}
void identifier_end(Txn& txn, std::int64_t id, Instant now, UserId by) { txn.exec(q::identifier_end, id, now, by); }
std::int64_t mrn_take(Txn& txn, HospitalId hospital) { return txn.one<std::int64_t>(q::mrn_take, hospital).value(); }

std::optional<std::int64_t> merge_insert(Txn& txn, const MergeRow& row, UserId by) {
  return txn.one<std::int64_t>(q::merge_insert, row.kept, row.merged, row.hospital, row.reason, row.merged_at, by);
}
std::optional<MergeRow> merge_find(Snapshot& db, std::int64_t id) { return db.one<MergeRow>(q::merge_find, id); }
std::optional<MergeRow> merge_of(Snapshot& db, UserId merged) { return db.one<MergeRow>(q::merge_of, merged); }
std::vector<MergeRow> merges_into(Snapshot& db, UserId kept) { return db.all<MergeRow>(q::merges_into, kept); }
void merge_undo(Txn& txn, std::int64_t id, Instant now, UserId by) { txn.exec(q::merge_undo, id, now, by); }

std::vector<UserId> persons_of(Snapshot& db, UserId patient) {
  const auto above = merge_of(db, patient);
  std::vector<UserId> persons{above ? above->kept : patient};
  for (const MergeRow& row : merges_into(db, persons.front())) persons.push_back(row.merged);
  return persons;
}

std::optional<DocumentId> document_insert(Txn& txn, const DocumentRow& row, const std::vector<std::string>& parts,
                                          UserId by) {
  const auto id = txn.one<DocumentId>(q::document_insert, row.patient, row.hospital, row.kind, row.name, row.media_type,
                                      row.bytes, row.sha256, row.added_at, by);
  std::int64_t number = 0;
  if (id)
    for (const std::string& part : parts) txn.exec(q::document_part_insert, *id, ++number, part);
  return id;
}
std::optional<DocumentRow> document_find(Snapshot& db, DocumentId id) {
  return db.one<DocumentRow>(q::document_find, id);
}
std::optional<DocumentRow> document_find_same(Snapshot& db, UserId patient, const std::string& sha256) {
  return db.one<DocumentRow>(q::document_find_same, patient, sha256);
}
std::vector<DocumentRow> documents_of(Snapshot& db, const Page& page) {
  return page_of(db, q::document_list, page, &DocumentRow::added_at);
}
std::vector<std::string> document_parts(Snapshot& db, DocumentId id) {
  return db.all<std::string>(q::document_parts, id);
}

std::optional<UserId> source_find(Snapshot& db, const std::string& key) { return db.one<UserId>(q::source_find, key); }
void source_insert(Txn& txn, const std::string& key, UserId patient) { txn.exec(q::source_insert, key, patient); }
bool history_insert(Txn& txn, UserId patient, HospitalId hospital, std::string_view kind, const HistoryEntry& entry) {
  return txn
      .one<std::int64_t>(q::history_insert, entry.source_key, patient, hospital, kind, entry.at, entry.ended_at,
                         entry.code_system, entry.code, entry.words, entry.value, entry.value_words, entry.unit,
                         entry.status, entry.author, entry.place)
      .has_value();
}
bool allergy_bring(Txn& txn, UserId patient, HospitalId hospital, const HistoryEntry& entry) {
  return txn
      .one<std::int64_t>(q::allergy_bring, patient, hospital, entry.at, entry.words, entry.reaction,
                         entry.is_severe ? Severity::severe : Severity::unknown, entry.status, entry.source_key)
      .has_value();
}
bool problem_bring(Txn& txn, UserId patient, HospitalId hospital, const HistoryEntry& entry) {
  return txn
      .one<std::int64_t>(q::problem_bring, patient, hospital, entry.at, entry.code, entry.words, entry.value_words,
                         entry.status, entry.source_key)
      .has_value();
}
std::vector<HistoryRow> history_of(Snapshot& db, const Page& page) {
  return page_of(db, q::history_list, page, &HistoryRow::at);
}
std::vector<std::string> history_medicines(Snapshot& db, UserId patient) {
  return db.all<std::string>(q::history_medicines, patient);
}

}  // namespace store
}  // namespace fairward::records
