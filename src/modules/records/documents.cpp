// Files of patients: taken by what their bytes are, kept in the database, given back as attachments that no browser
// opens. docs/adr/0017.
#include <fmt/format.h>

#include "base/text.h"
#include "modules/records/errors.h"
#include "modules/records/media.h"
#include "modules/records/module.h"
#include "platform/crypto/crypto.h"
#include "platform/http/http.h"
#include "platform/log/log.h"

namespace fairward::records {
namespace {

constexpr std::size_t bytes_max = 8 * 1024 * 1024;
constexpr std::size_t part_bytes = 192 * 1024;  // a multiple of three: parts are decoded one by one

Document document_view(const store::DocumentRow& row) {
  return {row.id,    row.patient, row.hospital ? std::optional(row.hospital) : std::nullopt,
          row.kind,  row.name,    row.media_type,
          row.bytes, row.added_at};
}

// May the caller put a file there? Readers into what they read, the staff of a hospital that knows the patient also
// where it may not read; and as of which hospital.
std::optional<HospitalId> adds_at(Snapshot& db, Call& call, UserId patient) {
  if (call.caller.is_staff()) {
    if (!hospital_knows(db, call, patient)) return std::nullopt;
    return call.caller.hospital;
  }
  if (!access_of(db, call, patient)) return std::nullopt;
  if (!call.caller.doctor) return HospitalId{};
  const auto practices = directory::practices_of(db, call.caller.doctor);
  return practices.empty() ? HospitalId{} : practices.front().hospital;
}

// A patient's own file belongs to no hospital, and to all.
bool reads(Snapshot& db, Call& call, const store::DocumentRow& row) {
  const Access access = access_of(db, call, row.patient);
  return access && (!row.hospital || access.sees(row.hospital));
}

std::vector<std::string> parts_of(std::string_view bytes) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < bytes.size(); at += part_bytes)
    parts.push_back(crypto::base64url(bytes.substr(at, part_bytes)));
  return parts;
}

}  // namespace

// Errors: document_infected, document_unscanned.
Result<void> Module::scan(std::string_view bytes) const {
  if (!options_.scanner) return {};
  const scan::Scanned scanned = options_.scanner->scan(bytes);
  if (scanned.verdict == scan::Verdict::clean) return {};
  const bool is_infected = scanned.verdict == scan::Verdict::infected;
  log::warning(is_infected ? "records: an infected file was refused" : "records: the virus scanner does not answer",
               {{"scanner", scanned.why}});
  return fail(is_infected ? document_infected : document_unscanned);
}

// What is slow about a file happens before the transaction.
// Errors, in this order: document_empty, document_too_large, document_type, document_infected, document_unscanned.
Result<DocumentBytes> Module::document_prepare(api::Outside&, Call& call, const DocumentCreate&) {
  const std::string_view bytes = call.raw->body;
  if (bytes.empty()) return fail(document_empty);
  if (bytes.size() > bytes_max) return fail(document_too_large);
  const auto type = media_type_of(bytes);
  if (!type || !is_declared(call.raw->header("content-type"), *type)) return fail(document_type);
  FAIRWARD_TRY(scan(bytes));
  return DocumentBytes{std::string(*type), crypto::hex(crypto::bytes_of(crypto::sha256(bytes))), parts_of(bytes),
                       static_cast<std::int64_t>(bytes.size())};
}

// The same bytes again are the same document. Errors: patient_not_found. Emits records.document_added.
Result<Created<Document>> Module::document_create(Txn& txn, Call& call, const DocumentCreate& body,
                                                  DocumentBytes& bytes) {
  const auto hospital = adds_at(txn, call, body.id);
  if (!hospital || !patient_card(txn, body.id)) return fail(patient_not_found);
  store::DocumentRow row{
      {},          body.id,      *hospital, body.kind.value_or(DocumentKind::other), body.name.value, bytes.media_type,
      bytes.bytes, bytes.sha256, call.now};
  const auto id = store::document_insert(txn, row, bytes.parts, call.caller.user);
  if (id) {
    row.id = *id;
    txn.emit({fmt::format("patient/{}", row.patient.value), "records.document_added",
              fmt::format(R"({{"id":{},"patient":{}}})", row.id.value, row.patient.value)});
  } else {
    row = store::document_find_same(txn, row.patient, row.sha256).value();
  }
  return Created<Document>{document_view(row), fmt::format("/api/documents/{}", row.id.value)};
}

// Errors: list_invalid, patient_not_found.
Result<Page<Document>> Module::document_list(Snapshot& db, Call& call, const DocumentQuery& query) {
  FAIRWARD_TRY_AS(cursor, cursor_parse(query.cursor));
  const Access access = access_of(db, call, query.id);
  if (!access) return fail(patient_not_found);
  auto rows = store::documents_of(db, {access.persons, {cursor.at}, cursor.id, access.hospital, query.limit + 1});
  Page<Document> list;
  list.next = api::page_cut(rows, query.limit, [](const store::DocumentRow& last) {
    return cursor_text({last.added_at.ms, last.id.value, 0});
  });
  for (const auto& row : rows) list.items.push_back(document_view(row));
  return list;
}

// Errors: document_not_found.
Result<File> Module::document_get(Snapshot& db, Call& call, const DocumentPath& path) {
  const auto row = store::document_find(db, path.id);
  if (!row || !reads(db, call, *row)) return fail(document_not_found);
  File file;
  for (const std::string& part : store::document_parts(db, row->id))
    file.bytes += crypto::base64url_decode(part).value_or("");
  call.header("Content-Type", row->media_type);
  call.header("Content-Disposition", attachment_of(row->name));
  call.header("Content-Security-Policy", "sandbox; default-src 'none'");
  call.header("Cross-Origin-Resource-Policy", "same-origin");
  return file;
}

}  // namespace fairward::records
