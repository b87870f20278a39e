// What is known of patients from elsewhere: written once, by its source key.
#include <array>

#include "modules/records/records.h"
#include "modules/records/rules.h"
#include "modules/records/store.h"

namespace fairward::records {
namespace {

constexpr std::array kind_words{"visit",        "medicine",  "vital",  "result",
                                "immunization", "procedure", "report", "document"};

}  // namespace

HistoryFound history_person(Txn& txn, const HistoryPerson& person, HospitalId hospital, Instant now) {
  if (const auto known = store::source_find(txn, person.source_key)) return {*known, false};
  const UserId patient =
      identity::patient_add(txn, {person.name, hospital, person.phone, person.email, person.birth_on, person.sex}, now);
  store::source_insert(txn, person.source_key, patient);
  return {patient, true};
}

// A code is kept with a problem where it is one of ICD-10. The day on which a problem began is the day of its entry.
bool history_add(Txn& txn, UserId patient, HospitalId hospital, const HistoryEntry& entry) {
  using Kind = HistoryEntry::Kind;
  if (entry.kind != Kind::allergy && entry.kind != Kind::problem)
    return store::history_insert(txn, patient, hospital, kind_words[static_cast<std::size_t>(entry.kind)], entry);
  HistoryEntry known = entry;
  known.status = entry.status == "resolved" ? "resolved" : entry.status == "refuted" ? "refuted" : "active";
  if (entry.kind == Kind::allergy) return store::allergy_bring(txn, patient, hospital, known);
  const bool is_icd10 = entry.code_system && entry.code_system->find("icd-10") != std::string::npos;
  known.code = is_icd10 && entry.code ? code_normal(*entry.code) : std::nullopt;
  constexpr std::int64_t day_ms = days(1).ms;
  const std::int64_t day = entry.at.ms >= 0 ? entry.at.ms / day_ms : (entry.at.ms - day_ms + 1) / day_ms;
  known.value_words = to_iso(Date{static_cast<std::int32_t>(day)});
  return store::problem_bring(txn, patient, hospital, known);
}

}  // namespace fairward::records
