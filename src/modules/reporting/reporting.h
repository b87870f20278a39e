// Statistics for administrators and exports for everybody: the only header of this module that others include. Reads
// what others did through their report_ views. Source: mission O6, J3.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "platform/api/routes.h"
#include "platform/jobs/jobs.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::reporting {

struct ReportingOptions {
  std::string secret_key;          // links to files are signed with it
  Duration file_kept = hours(24);  // from when it is ready
  std::string folder = "/tmp";     // for the time that a spreadsheet takes
};

class Reporting {
 public:
  virtual ~Reporting() = default;
  virtual void routes(api::Routes& routes) = 0;
  virtual void jobs(jobs::Jobs& jobs) = 0;
  // Called in the transaction in which a file is ready, of whom it is for. Wired by src/app.
  virtual void on_ready(std::function<void(Txn&, UserId)> listener) = 0;
  // Counts days that are over, or have changed since they were. Every few seconds, by one node.
  virtual void tick(Instant now) = 0;
};
std::unique_ptr<Reporting> make_reporting(sql::Engine& engine, ReportingOptions options);

// A visit that begins at `starts_at` was added or changed: if that was on a day before today's, on the hospital's wall,
// the day is to be counted anew. In the transaction of the change.
void visit_changed(Txn& txn, HospitalId hospital, const std::string& time_zone, Instant starts_at, Instant now);

// What became of appointments that were kept elsewhere, from pieces of a CSV file: false when there are no more. By the
// appointment's id: what is known may change, run again it changes nothing, and goes on where it was cut off.
struct OutcomesImport {
  struct Note {
    std::int64_t line = 0;
    std::string reason;
  };
  std::int64_t rows = 0, changed = 0, unchanged = 0, rejected = 0;
  std::int64_t ages_left = 0;             // of rows that were taken, but for an age that nobody has
  std::vector<Note> notes;                // of the first rejected ones
  std::vector<std::string> columns_left;  // that say nothing that is known here
  std::string failure;                    // why nothing could be read; a sentence's end
};
using PieceSource = std::function<bool(std::string& piece)>;
OutcomesImport outcomes_import(sql::Engine& engine, HospitalId hospital, const PieceSource& next);

// What must hold of the stored figures in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();

}  // namespace fairward::reporting
