// Searching the codes of diagnoses, from memory.
#include "modules/records/module.h"
#include "modules/records/rules.h"
#include "sql/records.h"

namespace fairward::records {

void Module::refresh(Snapshot& db) {
  const auto version = db.one<std::int64_t>(sql_queries::icd10_version).value_or(0);
  if (version == icd10_version_.exchange(version)) return;
  auto codes = db.all<Icd10Code>(sql_queries::icd10_all);
  icd10_.store(std::make_shared<const Icd10>(codes.empty() ? common_codes() : std::move(codes)));
}

// Nothing where nothing fits; never fails.
Result<DiagnosisCodeList> Module::diagnosis_code_list(Call&, const DiagnosisCodeQuery& query) {
  DiagnosisCodeList list;
  const auto icd10 = icd10_.load();
  for (const Icd10Code* one : icd10->search(query.q.value, static_cast<std::size_t>(query.limit.value)))
    list.items.push_back({code_shown(one->code), one->words});
  return list;
}

// What the code says, as far as it is known.
std::string Module::words_of(std::string_view code) const {
  const auto icd10 = icd10_.load();
  const Icd10Code* known = icd10->find(code);
  return known ? known->words : code_shown(code);
}

}  // namespace fairward::records
