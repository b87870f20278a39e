// Files of treatments, made in the background: asked for, counted, read page by page, given out, removed.
//
// One job makes a file in steps. A step reads outside of any transaction; what it read is stored together with how far
// the export is, and with the record of whose treatments were read: a node that dies between two steps leaves a job
// that goes on elsewhere, with each row once. Source: mission J3; document E.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "modules/reporting/errors.h"
#include "modules/reporting/module.h"
#include "platform/api/audit_entry.h"
#include "platform/api/row_cursor.h"
#include "platform/crypto/crypto.h"
#include "platform/log/log.h"

namespace fairward::reporting {
namespace {

constexpr std::string_view job_kind = "reporting.export";
constexpr std::int64_t rows_max = 50'000, page_rows = 100, open_max = 3;
constexpr Duration link_good = minutes(15);
constexpr std::size_t part_bytes = 192 * 1024;  // a multiple of three: parts are decoded one by one
constexpr Instant far_past{-5'000'000'000'000}, far_future{250'000'000'000'000};
constexpr std::string_view too_large = "These are more rows than one file holds; ask for fewer days.";
constexpr std::string_view not_made = "The file could not be made.";

struct ExportJob {
  ExportId export_id;
};
BOOST_DESCRIBE_STRUCT(ExportJob, (), (export_id))

std::string topic_of(UserId user) { return fmt::format("exports/{}", user.value); }

void changed_tell(Txn& txn, UserId user, ExportId id) {
  txn.emit({topic_of(user), "reporting.export_changed", fmt::format(R"({{"export_id":{}}})", id.value)});
}

// Whose treatments the caller may have. Errors: hospital_not_found.
Result<exports::ExportRow> scope_of(Snapshot& db, const Call& call, const ExportCreate& body) {
  exports::ExportRow row{.user = call.caller.user, .role = std::string(api::role_text(call.caller.role))};
  row.hospital = body.hospital_id.value_or(HospitalId{});
  row.format = body.format;
  row.created_at = call.now;
  row.kind = call.caller.role == api::Role::patient  ? exports::Kind::patient
             : call.caller.role == api::Role::doctor ? exports::Kind::doctor
                                                     : exports::Kind::hospital;
  if (row.kind == exports::Kind::hospital) {
    if (call.scope == api::Scope::hospital && !row.hospital) row.hospital = call.caller.hospital;
    if (row.hospital && !call.reaches({}, row.hospital)) return fail(hospital_not_found);
  }
  if (row.hospital && !store::time_zone_of(db, row.hospital)) return fail(hospital_not_found);
  return row;
}

// Errors: range_invalid.
Result<void> range_put(Snapshot& db, const ExportCreate& body, exports::ExportRow& row) {
  const auto name = row.hospital ? store::time_zone_of(db, row.hospital) : store::time_zone_of_all(db);
  const Zone* zone = name ? zone_find(*name) : nullptr;
  if (!zone) return fail(range_invalid);
  row.from = body.from_on ? zone->instant(*body.from_on, {0}) : far_past;
  row.to = body.to_on ? zone->instant(*body.to_on + 1, {0}) : far_future;
  if (row.from >= row.to) return fail(range_invalid, {{"/to_on", "is before from_on"}});
  return {};
}

// Each once, in order.
template <class T>
std::vector<T> each_once(std::vector<T> many) {
  std::ranges::sort(many);
  many.erase(std::ranges::unique(many).begin(), many.end());
  return many;
}

template <class T>
std::vector<std::int64_t> numbers_of(const std::vector<Id<T>>& ids) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(ids.size());
  for (const auto id : ids) numbers.push_back(id.value);
  return each_once(std::move(numbers));
}

// The caller, for whom the caller acts, and who was found to be the same person as one of them.
std::vector<UserId> persons_for(Snapshot& db, const api::Caller& caller) {
  std::vector<UserId> persons = caller.dependents;
  persons.push_back(caller.user);
  const std::vector<UserId> own = persons;
  for (const UserId person : own)
    for (const UserId other : exports::merged_with(db, person)) persons.push_back(other);
  return persons;
}

std::vector<std::int64_t> sources_for(Snapshot& db, const api::Caller& caller, const exports::ExportRow& row) {
  if (row.kind == exports::Kind::patient) return numbers_of(persons_for(db, caller));
  if (row.kind == exports::Kind::doctor) return {caller.doctor.value};
  return numbers_of(row.hospital ? std::vector{row.hospital} : store::hospitals_with_visits(db));
}

// Which one is read after that; 0: there is none.
std::int64_t source_after(const std::vector<std::int64_t>& sources, std::int64_t source) {
  const auto next = std::ranges::upper_bound(sources, source);
  return next == sources.end() ? 0 : *next;
}

// Goes on with the next source, if there is one.
void source_next(Snapshot& db, exports::ExportRow& row) {
  row.source = source_after(exports::sources_of(db, row.id), row.source);
  row.is_read = row.source == 0;
  row.after_at = row.from, row.after_id = 0;
}

std::vector<UserId> patients_of(const std::vector<exports::TreatmentRow>& page) {
  std::vector<UserId> patients;
  patients.reserve(page.size());
  for (const auto& treatment : page) patients.push_back(treatment.patient);
  return each_once(std::move(patients));
}

// What the outside of a step hands to its inside: this as a line, then the content of a page, or a file.
struct Step {
  std::int64_t source = 0;
  std::int64_t after_ms = 0;  // of any year, which an Instant as text is not
  std::int64_t after_id = 0;
  bool is_read = false, is_file = false;
  std::int64_t done = 0, total = 0;
  std::optional<std::string> error;
  std::vector<UserId> patients;
};
BOOST_DESCRIBE_STRUCT(Step, (), (source, after_ms, after_id, is_read, is_file, done, total, error, patients))

std::string step_text(const Step& step, std::string_view content) {
  std::string text;
  api::encode(text, step);
  return (text += '\n') += content;
}

Step step_at(const exports::ExportRow& row) {
  return {row.source, row.after_at.ms, row.after_id, row.is_read, false, row.done, row.total, {}, {}};
}

std::string step_count(Snapshot& db, exports::ExportRow row) {
  row.total = exports::treatments_count(db, row, rows_max + 1);
  source_next(db, row);
  Step step = step_at(row);
  if (row.total > rows_max) step.error = too_large;
  return step_text(step, "");
}

std::string step_page(Snapshot& db, exports::ExportRow row) {
  const auto page = exports::treatments_next(db, row, page_rows);
  exports::Names names;
  std::vector<Cells> rows;
  rows.reserve(page.size());
  for (const auto& treatment : page) rows.push_back(exports::cells_of(db, treatment, names));
  row.done += static_cast<std::int64_t>(page.size());
  if (static_cast<std::int64_t>(page.size()) == page_rows)
    row.after_at = page.back().starts_at, row.after_id = page.back().id;
  else source_next(db, row);
  Step step = step_at(row);
  if (row.done > rows_max) step.error = too_large;
  step.patients = patients_of(page);
  if (row.format == ExportFormat::xlsx) return step_text(step, rows_text(rows));
  std::string content;
  for (const Cells& cells : rows) content += csv_row(cells);
  return step_text(step, content);
}

std::string step_file(const exports::ExportRow& row, const std::vector<std::string>& pages, const std::string& folder) {
  Step step = step_at(row);
  step.is_file = true;
  if (row.format == ExportFormat::csv) return step_text(step, "");
  std::vector<Cells> rows{exports::heading()};
  for (const std::string& page : pages) rows_read(page, rows);
  try {
    return step_text(step, spreadsheet_file(rows, folder));
  } catch (const std::runtime_error& error) {
    log::error("reporting: no spreadsheet was made", {{"error", error.what()}});
    step.error = not_made;
    return step_text(step, "");
  }
}

// Who asked reads these patients' records by it.
void reading_record(Txn& txn, const exports::ExportRow& row, std::vector<UserId> patients) {
  api::AuditEntry entry;
  entry.user = row.user;
  entry.role = row.role;
  entry.did = "export_create";
  entry.of = std::move(patients);
  entry.on = fmt::format("/api/exports/{}", row.id.value);
  std::string json;
  api::encode(json, entry);
  txn.record(std::move(json));
}

void page_store(Txn& txn, exports::ExportRow row, const Step& step, std::string_view content) {
  if (!step.patients.empty()) {
    exports::page_add(txn, row.id, content);
    exports::subjects_add(txn, row.id, step.patients);
    reading_record(txn, row, step.patients);
  }
  row.source = step.source, row.after_at = Instant{step.after_ms}, row.after_id = step.after_id;
  row.is_read = step.is_read, row.done = step.done, row.total = step.total;
  exports::export_advance(txn, row);
}

void parts_add(Txn& txn, ExportId id, std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += part_bytes)
    exports::page_add(txn, id, crypto::base64url(bytes.substr(at, part_bytes)));
}

std::string file_of(Snapshot& db, const exports::ExportRow& row) {
  const bool is_csv = row.format == ExportFormat::csv;
  std::string file;
  if (is_csv) (file += csv_mark) += csv_row(exports::heading());
  for (const std::string& page : exports::pages_of(db, row.id))
    file += is_csv ? page : crypto::base64url_decode(page).value_or("");
  return file;
}

}  // namespace

std::string Module::key_of(ExportId id, UserId user, std::int64_t until_ms) const {
  const auto seal =
      crypto::hmac_sha256(options_.secret_key, fmt::format("fairward export {} {} {}", id.value, user.value, until_ms));
  return fmt::format("{}.{}", until_ms, crypto::base64url(crypto::bytes_of(seal)));
}

Export Module::view_of(const exports::ExportRow& row, Instant now) const {
  Export view{row.id,         row.status,     row.format, row.done, std::max(row.done, row.total),
              row.created_at, row.expires_at, {},         row.error};
  if (row.status == ExportStatus::done && row.expires_at && *row.expires_at <= now) view.status = ExportStatus::expired;
  if (view.status == ExportStatus::done)
    view.url = fmt::format("/api/exports/{}/file?key={}", row.id.value, key_of(row.id, row.user, (now + link_good).ms));
  return view;
}

// Errors, in this order: hospital_not_found, range_invalid, exports_open.
Result<Accepted<Export>> Module::export_create(Txn& txn, Call& call, const ExportCreate& body) {
  FAIRWARD_TRY_AS(row, scope_of(txn, call, body));
  FAIRWARD_TRY(range_put(txn, body, row));
  if (exports::open_count(txn, row.user) >= open_max) return fail(exports_open);
  row.id = exports::export_insert(txn, row);
  exports::sources_add(txn, row.id, sources_for(txn, call.caller, row));
  std::string payload;
  api::encode(payload, ExportJob{row.id});
  jobs::enqueue(txn, job_kind, call.now, payload, call);
  call.header("Location", fmt::format("/api/exports/{}", row.id.value));
  return Accepted<Export>{view_of(row, call.now)};
}

// Errors: list_invalid.
Result<Page<Export>> Module::export_list(Snapshot& db, Call& call, const ExportQuery& query) {
  const auto before = api::row_cursor_read<ExportId>(query.cursor);
  if (!before) return fail(list_invalid, {{"?cursor", "is not a cursor of this list"}});
  auto rows = exports::exports_of(db, call.caller.user, *before, query.limit + 1);
  Page<Export> page;
  page.next = api::page_cut(rows, query.limit, [](const auto& row) { return std::to_string(row.id.value); });
  for (const auto& row : rows) page.items.push_back(view_of(row, call.now));
  return page;
}

// Errors: export_not_found.
Result<Export> Module::export_get(Snapshot& db, Call& call, const ExportPath& path) {
  const auto row = exports::export_find(db, path.id);
  if (!row || row->user != call.caller.user) return fail(export_not_found);
  call.watch(topic_of(row->user));
  const Export view = view_of(*row, call.now);
  constexpr std::int64_t statuses = 8,
                         links_an_hour = 12;  // a kept reply has a link that is still good for ten minutes
  call.etag((view.done * statuses + static_cast<std::int64_t>(view.status)) +
            (view.url ? call.now.ms / (hours(1).ms / links_an_hour) << 20 : 0));
  return view;
}

// Errors, in this order: export_not_found, link_expired.
Result<File> Module::export_file_get(Snapshot& db, Call& call, const ExportFilePath& path) {
  const auto row = exports::export_find(db, path.id);
  if (!row || row->user != call.caller.user || row->status != ExportStatus::done || *row->expires_at <= call.now)
    return fail(export_not_found);
  std::int64_t until = 0;
  const std::string& key = path.key.value;
  std::from_chars(key.data(), key.data() + key.size(), until);
  if (until < call.now.ms || !crypto::equal_constant_time(key, key_of(row->id, row->user, until)))
    return fail(link_expired);
  const auto subjects = exports::subjects_of(db, row->id);
  for (const UserId patient : subjects) call.concerns(patient);
  if (subjects.empty()) call.concerns_nobody();
  File file{file_of(db, *row)};
  const bool is_csv = row->format == ExportFormat::csv;
  call.header("Content-Type",
              is_csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  call.header("Content-Disposition",
              fmt::format("attachment; filename=\"treatments-{}.{}\"", row->id.value, is_csv ? "csv" : "xlsx"));
  call.header("Content-Security-Policy", "sandbox; default-src 'none'");
  call.header("Cross-Origin-Resource-Policy", "same-origin");
  return file;
}

void Module::jobs(jobs::Jobs& jobs) {
  jobs.handle(
      std::string(job_kind), [this](const jobs::Job& job) { return step_outside(job); },
      [this](Txn& txn, Call& call, const jobs::Job& job, const std::string& text) {
        return step_inside(txn, call, job, text);
      });
}

// "": there is nothing to do any more.
std::string Module::step_outside(const jobs::Job& job) {
  const auto what = api::decode<ExportJob>(job.payload);
  std::optional<exports::ExportRow> row;
  std::vector<std::string> pages;
  std::string text;
  engine_.read_now([&](Snapshot& db) {
    row = what ? exports::export_find(db, what->export_id) : std::nullopt;
    if (!row) return;
    if (row->status == ExportStatus::queued) text = step_count(db, *row);
    else if (row->status == ExportStatus::running && !row->is_read) text = step_page(db, *row);
    else if (row->format == ExportFormat::xlsx) pages = exports::pages_of(db, row->id);
  });
  if (!row || (row->status != ExportStatus::queued && row->status != ExportStatus::running)) return "";
  return row->is_read ? step_file(*row, pages, options_.folder) : text;
}

jobs::End Module::step_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& text) {
  const auto what = api::decode<ExportJob>(job.payload);
  const auto row = what ? exports::export_find(txn, what->export_id) : std::nullopt;
  if (!row || text.empty()) return jobs::End::done();
  const std::size_t head = text.find('\n');
  const auto step = api::decode<Step>(text.substr(0, head));
  FAIRWARD_CHECK(step.has_value());
  changed_tell(txn, row->user, row->id);
  if (step->error) {
    exports::export_fail(txn, row->id, *step->error);
    return jobs::End::done();
  }
  const std::string_view content = std::string_view(text).substr(head + 1);
  if (step->is_file) {
    finish(txn, call, *row, content);
    return jobs::End::done();
  }
  page_store(txn, *row, *step, content);
  return jobs::End::again(call.now, "");
}

void Module::finish(Txn& txn, Call& call, const exports::ExportRow& row, std::string_view file) {
  if (row.format == ExportFormat::xlsx) {
    exports::pages_remove(txn, row.id);
    parts_add(txn, row.id, file);
  }
  exports::export_finish(txn, row.id, call.now + options_.file_kept);
  if (ready_) ready_(txn, row.user);
}

// Files whose time is over are removed.
void Module::expire(Instant now) {
  const auto due = std::make_shared<std::vector<ExportId>>();
  engine_.read([due, now](Snapshot& db) { *due = exports::exports_due(db, now); },
               [this, due](sql::Outcome) {
                 for (const ExportId id : *due)
                   engine_.write(
                       0,
                       [id](Txn& txn) {
                         exports::export_expire(txn, id);
                         return true;
                       },
                       [](sql::Outcome) {});
               });
}

}  // namespace fairward::reporting
