// Exports in the database, and the treatments that they are made of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "modules/reporting/api.h"
#include "modules/reporting/tables.h"
#include "platform/sql/sql.h"

namespace fairward::reporting::exports {

enum class Kind : std::uint8_t { patient, doctor, hospital };
std::string_view sql_text(Kind kind);
Kind sql_parse(std::string_view text, Kind*);

// One row of reporting_export, in the order of the queries' columns. source: which of them is being read; 0: none yet.
struct ExportRow {
  ExportId id;
  UserId user;
  std::string role;
  Kind kind = Kind::patient;
  HospitalId hospital;  // 0: of every one
  ExportFormat format = ExportFormat::csv;
  ExportStatus status = ExportStatus::queued;
  Instant from, to;
  std::int64_t source = 0;
  Instant after_at;
  std::int64_t after_id = 0;
  bool is_read = false;  // all pages are there
  std::int64_t done = 0, total = 0;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<std::string> error;
};
ExportId export_insert(Txn& txn, const ExportRow& row);
std::optional<ExportRow> export_find(Snapshot& db, ExportId id);
std::vector<ExportRow> exports_of(Snapshot& db, UserId user, ExportId before, std::int64_t limit);
std::int64_t open_count(Snapshot& db, UserId user);
void export_advance(Txn& txn, const ExportRow& row);
void export_finish(Txn& txn, ExportId id, Instant expires_at);
void export_fail(Txn& txn, ExportId id, std::string_view error);
std::vector<ExportId> exports_due(Snapshot& db, Instant now);
void export_expire(Txn& txn, ExportId id);  // the file is removed

void sources_add(Txn& txn, ExportId id, const std::vector<std::int64_t>& sources);
std::vector<std::int64_t> sources_of(Snapshot& db, ExportId id);
std::vector<UserId> merged_with(Snapshot& db, UserId person);  // not the person
void subjects_add(Txn& txn, ExportId id, const std::vector<UserId>& patients);
std::vector<UserId> subjects_of(Snapshot& db, ExportId id);
void page_add(Txn& txn, ExportId id, std::string_view content);
std::vector<std::string> pages_of(Snapshot& db, ExportId id);
void pages_remove(Txn& txn, ExportId id);

// ---- treatments

struct TreatmentRow {
  std::int64_t id, note;
  HospitalId hospital;
  DoctorId doctor;
  UserId patient;
  Instant starts_at;
  std::int64_t version;
  std::optional<std::string> complaint, examination, notes, advice, follow_up_on;
};
// How many there are in all sources, up to `most`.
std::int64_t treatments_count(Snapshot& db, const ExportRow& row, std::int64_t most);
// After the row's place in its source: at most so many.
std::vector<TreatmentRow> treatments_next(Snapshot& db, const ExportRow& row, std::int64_t limit);
Cells heading();
// What is shown of a treatment. Names are asked for once each: see Names.
struct Names;
Cells cells_of(Snapshot& db, const TreatmentRow& row, Names& names);
struct Names {
  std::map<std::int64_t, std::string> hospitals, doctors, patients, zones;
};

const sql::Query& check_query();

}  // namespace fairward::reporting::exports
