// An invented past for the demo: what was found in its finished visits, and some of what was prescribed.
#include <array>

#include "modules/records/records.h"
#include "modules/records/store.h"

namespace fairward::records {
namespace {

struct Complaint {
  const char *said, *found, *code, *diagnosis, *medicine, *dose, *frequency;
  std::int64_t days, quantity;
};
constexpr std::array complaints{
    Complaint{"Fever and sore throat for two days", "Throat red, no pus.", "J029", "Acute pharyngitis, unspecified",
              "Paracetamol 500 mg tablet", "1 tablet", "three times a day", 3, 9},
    Complaint{"Headaches in the evening", "Blood pressure raised twice.", "I10", "Essential (primary) hypertension",
              "Amlodipine 5 mg tablet", "1 tablet", "once a day", 30, 30},
    Complaint{"Tired, often thirsty", "Fasting sugar 148 mg/dl.", "E119",
              "Type 2 diabetes mellitus without complications", "Metformin 500 mg tablet", "1 tablet", "twice a day",
              30, 60},
    Complaint{"Burning behind the breastbone", "Abdomen soft.", "K219",
              "Gastro-esophageal reflux disease without esophagitis", "Pantoprazole 40 mg tablet", "1 tablet",
              "once a day before breakfast", 14, 14},
    Complaint{"Pain in the lower back after lifting", "No weakness, reflexes equal.", "M5450",
              "Low back pain, unspecified", "Ibuprofen 400 mg tablet", "1 tablet", "twice a day after meals", 5, 10},
    Complaint{"Sneezing each morning", "Mucosa pale.", "J309", "Allergic rhinitis, unspecified",
              "Cetirizine 10 mg tablet", "1 tablet", "at night", 10, 10},
};
constexpr Duration visit_length = minutes(10);
constexpr Duration follow_up = days(28);

void demo_record(Txn& txn, const booking::DemoVisit& demo, const Complaint& complaint, std::int64_t number, UserId by) {
  const booking::Visit& at = demo.visit;
  store::VisitRow visit{{}, demo.id, at.doctor, at.hospital, at.patient, at.starts_at, at.starts_at, {}, {}, 1};
  const auto id = store::visit_insert(txn, visit, by);
  if (!id) return;
  store::NoteRow note;
  note.visit = *id;
  note.written_at = at.starts_at + visit_length;
  note.written_by = by;
  note.complaint = complaint.said;
  note.examination = complaint.found;
  note.pulse = 68 + number % 20;
  note.systolic = 112 + number * 7 % 40;
  note.diastolic = 70 + number * 3 % 20;
  note.weight_kg = 52.0 + static_cast<double>(number * 11 % 40);
  const Instant again = at.starts_at + follow_up;
  if (number % 3 == 0) note.follow_up_on = to_rfc3339(again).substr(0, 10);
  store::note_insert(txn, note, {{complaint.code, complaint.diagnosis, DiagnosisKind::primary}});
  store::visit_close(txn, *id, note.written_at, by);
  store::PrescriptionRow prescription{};
  prescription.visit = *id;
  prescription.patient = at.patient;
  prescription.hospital = at.hospital;
  prescription.doctor = at.doctor;
  prescription.issued_at = note.written_at;
  prescription.issued_by = by;
  store::prescription_insert(
      txn, prescription,
      {{{}, complaint.medicine, complaint.dose, complaint.frequency, complaint.days, complaint.quantity, {}}});
}

}  // namespace

void demo_records(sql::Engine& engine, const std::vector<booking::DemoVisit>& visits, UserId by) {
  engine.write_now([&](Txn& txn) {
    std::int64_t number = 0;
    for (const auto& visit : visits) {
      demo_record(txn, visit, complaints[static_cast<std::size_t>(number) % complaints.size()], number, by);
      ++number;
    }
    return true;
  });
}

}  // namespace fairward::records
