// What is known of patients: visits, prescriptions, referrals, allergies, problems: the only header of this module that
// others include. Not for appointments (booking) and not for who a person is (identity). Source: mission R.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "modules/booking/booking.h"
#include "modules/directory/directory.h"
#include "platform/api/routes.h"
#include "platform/scan/scanner.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::records {

// Of whom a doctor has been the doctor stays within reach that long.
constexpr Duration treating_reach = days(365);

class Records {
 public:
  virtual ~Records() = default;
  virtual void routes(api::Routes& routes) = 0;
  // Reads the codes of diagnoses where memory is behind: at start, and every few seconds, since lists are imported
  // beside the server.
  virtual void refresh(Snapshot& db) = 0;
  // Who did what with a patient's record, apart from the patient: those before (at, chain, number), the newest
  // first, of so many blocks. Wired by src/app from platform/audit.
  struct Seen {
    Instant at;
    std::int64_t chain = 0, number = 0;
    std::optional<UserId> user;
    std::string role, operation;
    std::optional<std::string> purpose;
  };
  using SeenReader = std::function<std::vector<Seen>(Snapshot&, UserId patient, Instant at, std::int64_t chain,
                                                     std::int64_t number, std::int64_t blocks)>;
  virtual void seen_reader(SeenReader reader) = 0;
};
struct RecordsOptions {
  std::shared_ptr<scan::Scanner> scanner;  // that files are shown to before they are kept; null: nobody is asked
};
// Closing a visit fulfils its appointment.
std::unique_ptr<Records> make_records(booking::Booking& booking, RecordsOptions options = {});

// Codes of ICD-10 from the lines of a file: false when there are no more. What is known keeps its code and may get
// other words; nothing is taken away.
struct CodesImport {
  struct Note {
    std::int64_t line = 0;
    std::string reason;
  };
  std::int64_t lines = 0, changed = 0, unchanged = 0, rejected = 0;
  std::vector<Note> notes;  // of the first rejected ones
};
using LineSource = std::function<bool(std::string& line)>;
CodesImport icd10_import(sql::Engine& engine, const LineSource& next);

// ---- what is brought from elsewhere

struct HistoryPerson {
  std::string source_key;  // by which the other system knows the person
  std::string name;
  std::optional<std::string> phone, email, birth_on, sex;
};
struct HistoryEntry {
  enum class Kind : std::uint8_t {
    visit,
    medicine,
    vital,
    result,
    immunization,
    procedure,
    report,
    document,
    allergy,
    problem
  };
  Kind kind = Kind::visit;
  std::string source_key;
  Instant at;
  std::optional<Instant> ended_at;
  std::optional<std::string> code_system, code;
  std::string words;
  std::optional<double> value;
  std::optional<std::string> value_words, unit;
  std::optional<std::string> status;  // medicines: active is being taken; allergies and problems: active, resolved
  std::optional<std::string> author, place;
  std::optional<std::string> reaction;  // of an allergy
  bool is_severe = false;               // of an allergy
};
struct HistoryFound {
  UserId patient;
  bool is_new = false;
};
// The person of that source key, added when it is not known.
HistoryFound history_person(Txn& txn, const HistoryPerson& person, HospitalId hospital, Instant now);
// False: it was brought before; nothing is changed.
bool history_add(Txn& txn, UserId patient, HospitalId hospital, const HistoryEntry& entry);

// For demo data: what was found in these visits, and what was prescribed; written by this user.
void demo_records(sql::Engine& engine, const std::vector<booking::DemoVisit>& visits, UserId by);

// What must hold of the records in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();

}  // namespace fairward::records
