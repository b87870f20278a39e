// The invariants of the whole product: what `fairward check` and `restore --verify` prove, and the simulation after
// every step.
#pragma once

#include <optional>
#include <vector>

#include "platform/audit/verify.h"
#include "platform/sql/invariant.h"

namespace fairward::app {

std::vector<sql::Invariant> invariants(int open_holds_per_patient);
// And that the record of who did what is as it was sealed.
std::vector<sql::Invariant> invariants(int open_holds_per_patient, const std::optional<audit::Key>& key);

// Looks for violations of each in one snapshot and prints a line for each; the number of broken ones. Quiet about those
// that hold, if asked.
int invariants_report(Snapshot& db, const std::vector<sql::Invariant>& all, bool is_quiet = false);

}  // namespace fairward::app
