// Reporting at work: the operations behind the routes.
#pragma once

#include "modules/reporting/api.h"
#include "modules/reporting/reporting.h"
#include "modules/reporting/store.h"

namespace fairward::reporting {

class Module final : public Reporting {
 public:
  void routes(api::Routes& routes) override;

  Result<Stats> stats_get(Snapshot& db, Call& call, const StatsQuery& query);
};

}  // namespace fairward::reporting
