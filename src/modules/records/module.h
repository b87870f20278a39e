// The records at work: the operations behind the routes, spread over visits.cpp, prescriptions.cpp, referrals.cpp,
// entries.cpp, timeline.cpp and emergencies.cpp.
#pragma once

#include <atomic>
#include <map>
#include <memory>

#include "modules/records/access.h"
#include "modules/records/api.h"
#include "modules/records/icd10.h"
#include "modules/records/records.h"
#include "modules/records/store.h"

namespace fairward::records {

class Module final : public Records {
 public:
  Module(booking::Booking& booking, RecordsOptions options) : booking_(booking), options_(std::move(options)) {}

  void routes(api::Routes& routes) override;
  void refresh(Snapshot& db) override;
  void seen_reader(SeenReader reader) override { seen_reader_ = std::move(reader); }

 private:
  // routes.cpp
  void visit_routes(api::Routes& r);
  void diagnosis_routes(api::Routes& r);
  void prescription_routes(api::Routes& r);
  void referral_routes(api::Routes& r);
  void follow_up_routes(api::Routes& r);
  void entry_routes(api::Routes& r);
  void document_routes(api::Routes& r);
  void registry_routes(api::Routes& r);
  void emergency_routes(api::Routes& r);

  // visits.cpp
  Result<Treatment> treatment_get(Snapshot& db, Call& call, const TreatmentPath& path);
  Result<Treatment> treatment_save(Txn& txn, Call& call, const TreatmentSave& body);
  Treatment treatment_view(Snapshot& db, Call& call, AppointmentId id, const booking::Visit& appointment) const;
  Result<Note> note_get(Snapshot& db, Call& call, const TreatmentVersionPath& path);
  Result<store::VisitRow> visit_begin(Txn& txn, Call& call, AppointmentId appointment);
  Result<void> visit_close(Txn& txn, Call& call, const store::VisitRow& visit, const NoteInput& note);
  Result<void> visit_correct(Txn& txn, Call& call, const store::VisitRow& visit, const TreatmentSave& body);

  // prescriptions.cpp
  Result<Created<Prescription>> prescription_create(Txn& txn, Call& call, const PrescriptionCreate& body);
  Result<Created<Prescription>> prescription_correct(Txn& txn, Call& call, const PrescriptionCorrect& body);
  Result<Prescription> prescription_get(Snapshot& db, Call& call, const PrescriptionPath& path);
  Result<Page<Prescription>> prescription_list(Snapshot& db, Call& call, const PrescriptionQuery& query);

  // referrals.cpp
  Result<Created<Referral>> referral_create(Txn& txn, Call& call, const ReferralCreate& body);
  Result<Created<Referral>> referral_correct(Txn& txn, Call& call, const ReferralCorrect& body);
  Result<Page<Referral>> referral_list(Snapshot& db, Call& call, const ReferralQuery& query);
  Result<Created<TestOrderList>> test_order_create(Txn& txn, Call& call, const TestOrderCreate& body);
  Result<Created<TestOrder>> test_order_correct(Txn& txn, Call& call, const TestOrderCorrect& body);

  // follow_ups.cpp
  Result<Page<FollowUpDue>> follow_up_list(Snapshot& db, Call& call, const FollowUpQuery& query);

  // entries.cpp
  Result<Created<Allergy>> allergy_create(Txn& txn, Call& call, const AllergyCreate& body);
  Result<Created<Allergy>> allergy_correct(Txn& txn, Call& call, const AllergyCorrect& body);
  Result<Created<Condition>> problem_create(Txn& txn, Call& call, const ProblemCreate& body);
  Result<Created<Condition>> problem_correct(Txn& txn, Call& call, const ProblemCorrect& body);
  Result<PatientSummary> summary_get(Snapshot& db, Call& call, const PatientPath& path);

  // timeline.cpp
  Result<Page<TimelineItem>> timeline_list(Snapshot& db, Call& call, const TimelineQuery& query);

  // emergencies.cpp
  Result<Created<EmergencyAccess>> emergency_create(Txn& txn, Call& call, const EmergencyAccessCreate& body);
  Result<Page<EmergencyAccess>> emergency_list(Snapshot& db, Call& call, const EmergencyAccessQuery& query);
  Result<EmergencyAccess> emergency_review(Txn& txn, Call& call, const EmergencyAccessReview& body);
  Result<Page<RecordAccess>> record_access_list(Snapshot& db, Call& call, const RecordAccessQuery& query);

  // registry.cpp
  Result<Registration> registration_get(Snapshot& db, Call& call, const PatientPath& path);
  Result<Created<Identifier>> identifier_create(Txn& txn, Call& call, const IdentifierCreate& body);
  Result<NoContent> identifier_delete(Txn& txn, Call& call, const IdentifierPath& path);
  Result<DuplicateList> duplicate_list(Snapshot& db, Call& call, const PatientPath& path);
  Result<Created<MergeView>> merge_create(Txn& txn, Call& call, const MergeCreate& body);
  Result<NoContent> merge_delete(Txn& txn, Call& call, const MergePath& path);
  Result<Page<DoctorPatient>> doctor_patient_list(Snapshot& db, Call& call, const DoctorPatientQuery& query);

  // documents.cpp
  Result<void> scan(std::string_view bytes) const;
  Result<DocumentBytes> document_prepare(api::Outside& outside, Call& call, const DocumentCreate& body);
  Result<Created<Document>> document_create(Txn& txn, Call& call, const DocumentCreate& body, DocumentBytes& bytes);
  Result<Page<Document>> document_list(Snapshot& db, Call& call, const DocumentQuery& query);
  Result<File> document_get(Snapshot& db, Call& call, const DocumentPath& path);

  // diagnoses.cpp
  Result<DiagnosisCodeList> diagnosis_code_list(Call& call, const DiagnosisCodeQuery& query);
  std::string words_of(std::string_view code) const;
  std::vector<store::DiagnosisRow> diagnoses_of(const NoteInput& note) const;

  booking::Booking& booking_;
  const RecordsOptions options_;
  std::atomic<std::shared_ptr<const Icd10>> icd10_{std::make_shared<const Icd10>(common_codes())};
  std::atomic<std::int64_t> icd10_version_{0};  // 0: the common ones
  SeenReader seen_reader_;
};

// Names of doctors and hospitals, each read once in a call.
class Names {
 public:
  explicit Names(Snapshot& db) : db_(db) {}
  // What the doctor is at the hospital; without names when the directory does not know of it.
  const directory::Practice& practice(DoctorId doctor, HospitalId hospital);

 private:
  Snapshot& db_;
  std::map<std::pair<DoctorId, HospitalId>, directory::Practice> known_;
};

std::optional<PatientCard> patient_card(Snapshot& db, UserId patient);
PatientSummary summary_of(Snapshot& db, Names& names, PatientCard card, const Access& access, Instant now);
std::vector<Prescription> prescription_views(Names& names, const std::vector<store::PrescriptionRow>& rows,
                                             const std::vector<store::ItemRow>& items);
Referral referral_view(Snapshot& db, Names& names, const store::ReferralRow& row);
TestOrder test_order_view(const store::TestOrderRow& row);
std::vector<VisitSummary> visit_views(Names& names, const std::vector<store::VisitSummaryRow>& visits,
                                      const std::vector<store::VisitDiagnosisRow>& diagnoses);
Diagnosis diagnosis_view(const std::optional<std::string>& code, const std::string& words, DiagnosisKind kind);
Allergy allergy_view(const store::AllergyRow& row);
Condition problem_view(const store::ProblemRow& row);

// A page's cursor: "at.id.kind".
struct CursorParts {
  std::int64_t at = std::numeric_limits<std::int64_t>::max(), id = 0, kind = 0;
};
std::string cursor_text(const CursorParts& parts);
// Errors: list_invalid.
Result<CursorParts> cursor_parse(const std::optional<Cursor>& cursor);

// Tells whoever follows the event log; ids only.
struct News {
  AppointmentId appointment;
  UserId patient;
  DoctorId doctor;
  HospitalId hospital;
  std::int64_t id = 0;  // of what was written
};
void emit(Txn& txn, std::string_view kind, const News& news);

// The text, or nothing where there is none: absent and empty are the same in the records.
template <class Text>
std::optional<std::string> text_of(const std::optional<Text>& text) {
  return text && !text->value.empty() ? std::optional(text->value) : std::nullopt;
}

}  // namespace fairward::records
