#include "modules/reporting/export_store.h"

#include <fmt/format.h>

#include <array>

#include "base/check.h"
#include "modules/directory/directory.h"
#include "modules/identity/identity.h"
#include "modules/reporting/store.h"
#include "platform/api/codec.h"
#include "sql/reporting.h"

namespace fairward::reporting {
namespace {

constexpr std::array<std::string_view, 2> formats{"csv", "xlsx"};
constexpr std::array<std::string_view, 5> statuses{"queued", "running", "done", "failed", "expired"};
constexpr std::array<std::string_view, 3> kinds{"patient", "doctor", "hospital"};

template <class E, std::size_t n>
E parsed(const std::array<std::string_view, n>& words, std::string_view text) {
  for (std::size_t i = 0; i < n; ++i)
    if (words[i] == text) return static_cast<E>(i);
  FAIRWARD_CHECK(false);
}

}  // namespace

std::string_view sql_text(ExportFormat format) { return formats[static_cast<std::size_t>(format)]; }
ExportFormat sql_parse(std::string_view text, ExportFormat*) { return parsed<ExportFormat>(formats, text); }
std::string_view sql_text(ExportStatus status) { return statuses[static_cast<std::size_t>(status)]; }
ExportStatus sql_parse(std::string_view text, ExportStatus*) { return parsed<ExportStatus>(statuses, text); }

namespace exports {

namespace q = sql_queries;

std::string_view sql_text(Kind kind) { return kinds[static_cast<std::size_t>(kind)]; }
Kind sql_parse(std::string_view text, Kind*) { return parsed<Kind>(kinds, text); }

ExportId export_insert(Txn& txn, const ExportRow& row) {
  return *txn.one<ExportId>(q::export_insert, row.user, row.role, row.kind, row.hospital, row.format, row.from, row.to,
                            row.created_at);
}

std::optional<ExportRow> export_find(Snapshot& db, ExportId id) { return db.one<ExportRow>(q::export_find, id); }

std::vector<ExportRow> exports_of(Snapshot& db, UserId user, ExportId before, std::int64_t limit) {
  return db.all<ExportRow>(q::export_list, user, before, limit);
}

std::int64_t open_count(Snapshot& db, UserId user) {
  return db.one<std::int64_t>(q::export_count_open, user).value_or(0);
}

void export_advance(Txn& txn, const ExportRow& row) {
  txn.exec(q::export_advance, row.id, row.source, row.after_at, row.after_id, row.is_read, row.done, row.total);
}

void export_finish(Txn& txn, ExportId id, Instant expires_at) { txn.exec(q::export_finish, id, expires_at); }

namespace {

void content_remove(Txn& txn, ExportId id) {
  txn.exec(q::page_delete_all, id);
  txn.exec(q::subject_delete_all, id);
  txn.exec(q::source_delete_all, id);
}

}  // namespace

void export_fail(Txn& txn, ExportId id, std::string_view error) {
  txn.exec(q::export_fail, id, error);
  content_remove(txn, id);
}

std::vector<ExportId> exports_due(Snapshot& db, Instant now) { return db.all<ExportId>(q::export_due, now); }

void export_expire(Txn& txn, ExportId id) {
  if (txn.exec(q::export_expire, id) == 1) content_remove(txn, id);
}

void sources_add(Txn& txn, ExportId id, const std::vector<std::int64_t>& sources) {
  for (const std::int64_t source : sources) txn.exec(q::source_insert, id, source);
}
std::vector<std::int64_t> sources_of(Snapshot& db, ExportId id) { return db.all<std::int64_t>(q::source_list, id); }
std::vector<UserId> merged_with(Snapshot& db, UserId person) {
  auto others = db.all<UserId>(q::merge_persons, person);
  std::erase(others, person);
  return others;
}

void subjects_add(Txn& txn, ExportId id, const std::vector<UserId>& patients) {
  for (const UserId patient : patients) txn.exec(q::subject_insert, id, patient);
}
std::vector<UserId> subjects_of(Snapshot& db, ExportId id) { return db.all<UserId>(q::subject_list, id); }

void page_add(Txn& txn, ExportId id, std::string_view content) { txn.exec(q::page_insert, id, content); }
std::vector<std::string> pages_of(Snapshot& db, ExportId id) { return db.all<std::string>(q::page_list, id); }
void pages_remove(Txn& txn, ExportId id) { txn.exec(q::page_delete_all, id); }

// ---- treatments

std::int64_t treatments_count(Snapshot& db, const ExportRow& row, std::int64_t most) {
  std::int64_t all = 0;
  for (const std::int64_t source : sources_of(db, row.id)) {
    const auto count = [&](const sql::Query& query, const auto&... p) {
      all += db.one<std::int64_t>(query, source, row.from, row.to, p..., most).value_or(0);
    };
    if (row.kind == Kind::hospital) count(q::count_treatments_of_hospital);
    else if (row.kind == Kind::doctor) count(q::count_treatments_of_doctor, row.hospital);
    else count(q::count_treatments_of_patient, row.hospital);
    if (all >= most) return most;
  }
  return all;
}

std::vector<TreatmentRow> treatments_next(Snapshot& db, const ExportRow& row, std::int64_t limit) {
  if (row.kind == Kind::hospital)
    return db.all<TreatmentRow>(q::treatments_of_hospital, row.source, row.after_at, row.after_id, row.to, limit);
  return db.all<TreatmentRow>(row.kind == Kind::doctor ? q::treatments_of_doctor : q::treatments_of_patient, row.source,
                              row.after_at, row.after_id, row.to, row.hospital, limit);
}

Cells heading() {
  return {"visit_id",  "starts_at",   "time_zone", "hospital",  "doctor", "patient_id",   "patient", "complaint",
          "diagnoses", "examination", "notes",     "medicines", "advice", "follow_up_on", "version"};
}

namespace {

struct DiagnosisRow {
  std::optional<std::string> code;
  std::string words;
};
struct MedicineRow {
  std::string medicine, dose, frequency;
  std::optional<std::int64_t> duration_days;
  std::int64_t quantity;
};

std::string diagnoses_text(Snapshot& db, std::int64_t note) {
  std::string text;
  for (const auto& row : db.all<DiagnosisRow>(q::diagnoses_of_note, note))
    text += (text.empty() ? "" : "; ") + (row.code ? *row.code + " " : "") + row.words;
  return text;
}

std::string medicines_text(Snapshot& db, std::int64_t visit) {
  std::string text;
  for (const auto& row : db.all<MedicineRow>(q::medicines_of_visit, visit)) {
    text += (text.empty() ? "" : "; ") + fmt::format("{}, {}, {}", row.medicine, row.dose, row.frequency);
    if (row.duration_days) text += fmt::format(", {} days", *row.duration_days);
    text += fmt::format(", {}", row.quantity);
  }
  return text;
}

template <class Find>
const std::string& name_of(std::map<std::int64_t, std::string>& known, std::int64_t id, Find&& find) {
  const auto [name, is_new] = known.try_emplace(id);
  if (is_new) name->second = find().value_or("");
  return name->second;
}

std::string wall_text(const std::string& zone_name, Instant at) {
  const Zone* zone = zone_find(zone_name);
  return zone ? to_iso(zone->date_of(at)) + " " + to_iso(zone->time_of(at)) : to_rfc3339(at);
}

}  // namespace

Cells cells_of(Snapshot& db, const TreatmentRow& row, Names& names) {
  const auto& zone = name_of(names.zones, row.hospital.value, [&] { return store::time_zone_of(db, row.hospital); });
  const auto& hospital =
      name_of(names.hospitals, row.hospital.value, [&] { return db.one<std::string>(q::hospital_name, row.hospital); });
  const auto& doctor = name_of(names.doctors, row.doctor.value, [&] { return directory::doctor_name(db, row.doctor); });
  const auto& patient = name_of(names.patients, row.patient.value, [&]() -> std::optional<std::string> {
    const auto person = identity::person_find(db, row.patient);
    return person ? std::optional(person->name) : std::nullopt;
  });
  const auto words = [](const std::optional<std::string>& text) { return cell_clean(text.value_or("")); };
  return {std::to_string(row.id),
          wall_text(zone, row.starts_at),
          zone,
          cell_clean(hospital),
          cell_clean(doctor),
          std::to_string(row.patient.value),
          cell_clean(patient),
          words(row.complaint),
          cell_clean(diagnoses_text(db, row.note)),
          words(row.examination),
          words(row.notes),
          cell_clean(medicines_text(db, row.id)),
          words(row.advice),
          row.follow_up_on.value_or(""),
          std::to_string(row.version)};
}

const sql::Query& check_query() { return q::check_exports; }

}  // namespace exports
}  // namespace fairward::reporting
