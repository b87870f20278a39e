#include "app/invariants.h"

#include <fmt/format.h>

#include "modules/notifications/notifications.h"
#include "modules/reception/reception.h"
#include "modules/records/records.h"
#include "modules/reporting/reporting.h"
#include "modules/reviews/reviews.h"
#include "platform/api/invariants.h"
#include "platform/sql/schema_state.h"

namespace fairward::app {

std::vector<sql::Invariant> invariants(int open_holds_per_patient) {
  std::vector<sql::Invariant> all{sql::references()};
  for (auto&& some : {api::invariants(), identity::invariants(), directory::invariants(), billing::invariants(),
                      booking::invariants(open_holds_per_patient), reviews::invariants(), reception::invariants(),
                      notifications::invariants(), records::invariants(), reporting::invariants()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

std::vector<sql::Invariant> invariants(int open_holds_per_patient, const std::optional<audit::Key>& key) {
  std::vector<sql::Invariant> all = invariants(open_holds_per_patient);
  if (key) all.push_back(audit::invariant(*key));
  return all;
}

namespace {

std::string ids_text(const sql::Finding& finding) {
  const std::string ids = fmt::format("{}", fmt::join(finding.ids, ", "));
  return finding.violations > static_cast<std::int64_t>(finding.ids.size()) ? ids + " …" : ids;
}

}  // namespace

int invariants_report(Snapshot& db, const std::vector<sql::Invariant>& all, bool is_quiet) {
  int broken = 0;
  for (const sql::Invariant& invariant : all) {
    const sql::Finding finding = sql::look_for(invariant, db);
    if (finding.violations == 0) {
      if (!is_quiet) fmt::print("ok      {:<26} {}\n", invariant.name, invariant.demand);
      continue;
    }
    ++broken;
    fmt::print("BROKEN  {:<26} {}\n        {} violations; {} {}\n", invariant.name, invariant.demand,
               finding.violations, invariant.noun, ids_text(finding));
  }
  if (!is_quiet) fmt::print("{} invariants, {} broken\n", all.size(), broken);
  return broken;
}

}  // namespace fairward::app
