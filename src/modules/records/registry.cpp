// Who is who: numbers of patients, patients who may be the same, and merges with their undoing. Source: mission R,
// rights table.
#include <fmt/format.h>

#include <algorithm>

#include "modules/records/errors.h"
#include "modules/records/module.h"
#include "modules/records/rules.h"

namespace fairward::records {
namespace {

Identifier identifier_view(const store::IdentifierRow& row) {
  return {row.id, row.kind, row.hospital ? std::optional(row.hospital) : std::nullopt, row.value, row.added_at};
}

MergeView merge_view(const store::MergeRow& row) { return {row.id, row.kept, row.merged, row.reason, row.merged_at}; }

// Numbers of other hospitals are theirs.
bool shows(const Call& call, const store::IdentifierRow& row) {
  return !row.hospital || call.scope == api::Scope::all || row.hospital == call.caller.hospital;
}

// As names are searched: ASCII in lower case.
std::string letters_of(std::string_view name) {
  std::string key(name);
  std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

struct Treated {
  std::vector<booking::TreatedPatient> patients;
  UserId last;  // that was looked at
  bool goes_on = false;
};

constexpr std::int64_t searched_at_once = 500;
constexpr int searches_max = 8;

// Those of the doctor's patients whose name has these words' letters in it.
Treated treated_like(Snapshot& db, const Call& call, const std::string& part, UserId after, std::int64_t limit) {
  Treated found{{}, after, true};
  const std::string wanted = letters_of(part);
  const std::int64_t step = wanted.empty() ? limit : searched_at_once;
  for (int count = 0; count < searches_max && found.goes_on; ++count) {
    auto rows =
        booking::patients_of_doctor(db, call.caller.doctor, call.now - treating_reach, call.now, found.last, step + 1);
    found.goes_on = static_cast<std::int64_t>(rows.size()) > step;
    if (found.goes_on) rows.pop_back();
    std::vector<UserId> ids;
    for (const auto& row : rows) ids.push_back(row.patient);
    const auto names = wanted.empty() ? std::unordered_map<UserId, std::string>{} : identity::names_of(db, ids);
    for (const auto& row : rows) {
      if (static_cast<std::int64_t>(found.patients.size()) == limit)
        return {std::move(found.patients), found.last, true};
      found.last = row.patient;
      const auto name = names.find(row.patient);
      if (wanted.empty() || (name != names.end() && letters_of(name->second).find(wanted) != std::string::npos))
        found.patients.push_back(row);
    }
    if (static_cast<std::int64_t>(found.patients.size()) == limit) break;
  }
  return found;
}

PersonTraits traits_of(const PatientCard& card) { return {card.name, card.phone, card.birth_on, card.sex}; }

}  // namespace

// Errors: patient_not_found.
Result<Registration> Module::registration_get(Snapshot& db, Call& call, const PatientPath& path) {
  auto card = hospital_knows(db, call, path.id) ? patient_card(db, path.id) : std::nullopt;
  if (!card) return fail(patient_not_found);
  Registration registration{std::move(*card), {}, {}, {}};
  if (const auto above = store::merge_of(db, path.id)) registration.kept_id = above->kept;
  for (const auto& row : store::merges_into(db, path.id)) registration.merges.push_back(merge_view(row));
  for (const auto& row : store::identifiers_of(db, path.id))
    if (shows(call, row)) registration.identifiers.push_back(identifier_view(row));
  return registration;
}

// Errors, in this order: patient_not_found, identifier_invalid, identifier_taken.
Result<Created<Identifier>> Module::identifier_create(Txn& txn, Call& call, const IdentifierCreate& body) {
  if (!hospital_knows(txn, call, body.id) || !patient_card(txn, body.id)) return fail(patient_not_found);
  const bool is_mrn = body.kind == IdentifierKind::mrn;
  if (is_mrn && (body.value || !call.caller.hospital))
    return fail(identifier_invalid, {{"/value", "A record number is given by the hospital."}});
  if (!is_mrn && !body.value) return fail(identifier_invalid, {{"/value", "Write the number."}});
  store::IdentifierRow row;
  row.patient = body.id;
  row.kind = body.kind;
  row.hospital = is_mrn ? call.caller.hospital : HospitalId{};
  row.value =
      is_mrn ? fmt::format("{}-{:06}", row.hospital.value, store::mrn_take(txn, row.hospital)) : body.value->value;
  row.added_at = call.now;
  const auto key = identifier_key(row.value);
  if (!key) return fail(identifier_invalid, {{"/value", "This is no number."}});
  const auto id = store::identifier_insert(txn, row, *key, call.caller.user);
  if (!id) return fail(identifier_taken);
  row.id = *id;
  return Created<Identifier>{identifier_view(row), fmt::format("/api/patients/{}/registration", body.id.value)};
}

// Errors, in this order: patient_not_found, entry_not_found.
Result<NoContent> Module::identifier_delete(Txn& txn, Call& call, const IdentifierPath& path) {
  if (!hospital_knows(txn, call, path.id)) return fail(patient_not_found);
  const auto row = store::identifier_find(txn, path.identifier_id);
  if (!row || row->patient != path.id || !shows(call, *row)) return fail(entry_not_found);
  store::identifier_end(txn, row->id, call.now, call.caller.user);
  return NoContent{};
}

// Errors: patient_not_found.
Result<DuplicateList> Module::duplicate_list(Snapshot& db, Call& call, const PatientPath& path) {
  const auto card = hospital_knows(db, call, path.id) ? patient_card(db, path.id) : std::nullopt;
  if (!card) return fail(patient_not_found);
  const auto same = store::persons_of(db, path.id);
  DuplicateList list;
  for (const auto& person : identity::patients_like(db, card->phone, card->birth_on)) {
    if (std::ranges::find(same, person.id) != same.end()) continue;
    auto other = patient_card(db, person.id);
    auto likeness = likeness_of(traits_of(*card), traits_of(*other));
    if (likeness.score < likeness_min || !hospital_knows(db, call, person.id)) continue;
    list.items.push_back({std::move(*other), likeness.score, std::move(likeness.reasons)});
  }
  std::ranges::stable_sort(list.items, [](const Duplicate& a, const Duplicate& b) { return a.score > b.score; });
  return list;
}

// Links are one deep, so that reading follows one. A hospital merges only whom it added itself: nobody's own account is
// opened to somebody else by it. Errors, in this order: patient_not_found, merge_refused.
// Emits records.patient_merged.
Result<Created<MergeView>> Module::merge_create(Txn& txn, Call& call, const MergeCreate& body) {
  for (const UserId id : {body.id, body.merged_id})
    if (!hospital_knows(txn, call, id) || !patient_card(txn, id)) return fail(patient_not_found);
  const auto merged = identity::person_find(txn, body.merged_id);
  const bool is_ours = call.scope == api::Scope::all || merged->hospital == call.caller.hospital;
  const bool is_linked = store::merge_of(txn, body.id) || !store::merges_into(txn, body.merged_id).empty();
  if (body.id == body.merged_id || !is_ours || is_linked) return fail(merge_refused);
  store::MergeRow row{0, body.id, body.merged_id, call.caller.hospital, body.reason.value, call.now, {}};
  const auto id = store::merge_insert(txn, row, call.caller.user);
  if (!id) return fail(merge_refused);
  row.id = *id;
  txn.emit({fmt::format("patient/{}", row.kept.value), "records.patient_merged",
            fmt::format(R"({{"kept":{},"merged":{}}})", row.kept.value, row.merged.value)});
  return Created<MergeView>{merge_view(row), fmt::format("/api/patients/{}/registration", row.kept.value)};
}

// Errors: merge_not_found. Emits records.patient_merge_undone.
Result<NoContent> Module::merge_delete(Txn& txn, Call& call, const MergePath& path) {
  const auto row = store::merge_find(txn, path.id);
  if (!row || row->undone_at || !call.reaches({}, row->hospital)) return fail(merge_not_found);
  call.concerns(row->kept);
  call.concerns(row->merged);
  store::merge_undo(txn, row->id, call.now, call.caller.user);
  txn.emit({fmt::format("patient/{}", row->kept.value), "records.patient_merge_undone",
            fmt::format(R"({{"kept":{},"merged":{}}})", row->kept.value, row->merged.value)});
  return NoContent{};
}

// A search looks at some thousand patients for a page; when it found less it says where to go on.
// Errors: list_invalid.
Result<Page<DoctorPatient>> Module::doctor_patient_list(Snapshot& db, Call& call, const DoctorPatientQuery& query) {
  call.concerns_nobody();
  FAIRWARD_TRY_AS(after, cursor_parse(query.cursor));
  Page<DoctorPatient> list;
  if (!call.caller.doctor) return list;
  const auto found = treated_like(db, call, text_of(query.q).value_or(""), {after.id}, query.limit);
  if (found.goes_on) list.next = cursor_text({0, found.last.value, 0});
  for (const auto& one : found.patients)
    if (auto card = patient_card(db, one.patient))
      list.items.push_back({card->id, std::move(card->name), std::move(card->birth_on), std::move(card->sex),
                            std::move(card->phone), one.last_at, one.next_at});
  call.concerns_all(list.items, &DoctorPatient::id);
  return list;
}

}  // namespace fairward::records
