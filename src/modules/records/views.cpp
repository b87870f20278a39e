// How rows are shown, and what several operations need beside them.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <unordered_map>

#include "modules/records/errors.h"
#include "modules/records/module.h"
#include "modules/records/rules.h"

namespace fairward::records {

const directory::Practice& Names::practice(DoctorId doctor, HospitalId hospital) {
  const auto [at, is_new] = known_.try_emplace({doctor, hospital});
  if (is_new)
    if (auto found = directory::practice_find(db_, doctor, hospital)) at->second = std::move(*found);
  return at->second;
}

std::optional<PatientCard> patient_card(Snapshot& db, UserId patient) {
  auto person = identity::person_find(db, patient);
  if (!person || person->role != api::Role::patient) return std::nullopt;
  return PatientCard{person->id, std::move(person->name), std::move(person->birth_on), std::move(person->sex),
                     std::move(person->phone)};
}

Diagnosis diagnosis_view(const std::optional<std::string>& code, const std::string& words, DiagnosisKind kind) {
  return {code ? std::optional(code_shown(*code)) : std::nullopt, words, kind};
}

Allergy allergy_view(const store::AllergyRow& row) {
  return {row.id, row.supersedes, row.patient, row.substance, row.reaction, row.severity, row.status, row.recorded_at};
}

Condition problem_view(const store::ProblemRow& row) {
  return {row.id,    row.supersedes, row.patient, row.code ? std::optional(code_shown(*row.code)) : std::nullopt,
          row.words, row.began_on,   row.status,  row.recorded_at};
}

std::vector<VisitSummary> visit_views(Names& names, const std::vector<store::VisitSummaryRow>& visits,
                                      const std::vector<store::VisitDiagnosisRow>& diagnoses) {
  std::unordered_map<NoteId, std::vector<Diagnosis>> by_note;
  for (const auto& row : diagnoses) by_note[row.note].push_back(diagnosis_view(row.code, row.words, row.kind));
  std::vector<VisitSummary> views;
  for (const auto& row : visits) {
    const auto& practice = names.practice(row.doctor, row.hospital);
    views.push_back({row.appointment, row.starts_at, row.closed_at ? VisitStatus::closed : VisitStatus::open,
                     row.doctor, row.hospital, practice.doctor_name, practice.hospital_name,
                     row.note ? std::move(by_note[*row.note]) : std::vector<Diagnosis>(), row.follow_up_on});
  }
  return views;
}

std::string cursor_text(const CursorParts& parts) { return fmt::format("{}.{}.{}", parts.at, parts.id, parts.kind); }

Result<CursorParts> cursor_parse(const std::optional<Cursor>& cursor) {
  if (!cursor) return CursorParts{};
  std::array<std::int64_t, 3> numbers{};
  const char* at = cursor->value.data();
  const char* const end = at + cursor->value.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto read = std::from_chars(at, end, numbers[i]);
    const bool is_last = i + 1 == numbers.size();
    const bool is_good = read.ec == std::errc() && (is_last ? read.ptr == end : read.ptr != end && *read.ptr == '.');
    if (!is_good) return fail(list_invalid, {{"?cursor", "This is not a cursor of this list."}});
    at = read.ptr + 1;
  }
  return CursorParts{numbers[0], numbers[1], numbers[2]};
}

void emit(Txn& txn, std::string_view kind, const News& news) {
  txn.emit({fmt::format("appointment/{}", news.appointment.value), std::string(kind),
            fmt::format(R"({{"appointment":{},"patient":{},"doctor":{},"hospital":{},"id":{}}})",
                        news.appointment.value, news.patient.value, news.doctor.value, news.hospital.value, news.id)});
}

}  // namespace fairward::records
