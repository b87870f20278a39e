// What must hold of the records; the numbers in the README's list are its sources.
#include "modules/records/records.h"
#include "sql/records.h"

namespace fairward::records {
namespace {

namespace q = sql_queries;
using sql::invariant;

void visits_unfinished_find(Snapshot& db, const sql::Invariant::Violated& violated) {
  sql::each_missing(db.all<std::int64_t>(q::check_visit), booking::visits_finished(db), violated);
}

}  // namespace

std::vector<sql::Invariant> invariants() {
  return {
      {"records.visit", "The appointment of a closed visit is fulfilled.", "appointment", visits_unfinished_find},
      invariant("records.note", "visit", q::check_note,
                "A closed visit has notes numbered without a gap, an open one has none."),
      invariant("records.note_chain", "note", q::check_note_chain,
                "A correction supersedes the note before it of the same visit."),
      invariant("records.prescription", "prescription", q::check_prescription,
                "A prescription is its visit's, names a medicine, and supersedes an earlier one of the same visit."),
      invariant("records.order", "entry", q::check_order,
                "A referral or order is its visit's, and supersedes an earlier one of the same visit."),
      invariant("records.document", "document", q::check_document, "A file has all its bytes."),
      invariant("records.merge", "merge", q::check_merge, "Who was kept is not merged into somebody else."),
      invariant("records.identifier", "identifier", q::check_identifier,
                "A hospital that gave a record number knows the next one."),
      invariant("records.emergency", "access", q::check_emergency,
                "An emergency access is reviewed after it was given, and by somebody else."),
      invariant("records.entry", "entry", q::check_entry,
                "An allergy or problem supersedes an earlier one of the same patient."),
  };
}

}  // namespace fairward::records
