// The record as administrators read it, and the rule that decides a call. Not for proving it: see verify.h.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/api/routes.h"
#include "platform/audit/api.h"

namespace fairward::audit {

// How much of the record one page looks through, at most.
constexpr std::int64_t lines_looked_at_max = 20'000;
constexpr std::int64_t blocks_at_once_max = 100;

// Somebody as the next call would be known. Told by who keeps the accounts.
struct Known {
  api::Caller caller;
  std::string status;  // active | pending | disabled
};

class Inspector {
 public:
  using Find = std::function<std::optional<Known>(Snapshot&, UserId)>;
  using Names = std::function<std::unordered_map<UserId, std::string>(Snapshot&, const std::vector<UserId>&)>;
  // all: every route of the program; complete when the first call comes.
  Inspector(const api::Routes& all, Find find, Names names);

  void routes(api::Routes& routes);
  // Whoever reads the record is on record. A hospital's administrator reads what happened at the own hospital.
  // Errors: query_invalid.
  Result<AuditRecords> audit_record_list(Snapshot& db, Call& call, const RecordQuery& query);
  // What the rights table says of this person and this operation, or of every operation; the dispatcher asks the same.
  // Errors, in this order: audited_user_not_found, operation_not_found.
  Result<Rules> audit_rule_list(Snapshot& db, Call& call, const RuleQuery& query);

 private:
  Rule rule_of(const api::RouteData& route, const Known& known) const;
  void name(Snapshot& db, std::vector<AuditRecord>& records) const;

  const api::Routes& all_;
  const Find find_;
  const Names names_;
};

}  // namespace fairward::audit
