// Reporting at work: the operations behind the routes.
#pragma once

#include <atomic>

#include "modules/reporting/api.h"
#include "modules/reporting/closing.h"
#include "modules/reporting/export_store.h"
#include "modules/reporting/reporting.h"
#include "modules/reporting/store.h"

namespace fairward::reporting {

struct DaysAsked {
  Date from, to;  // both included
};
// The last 30 days where nothing is said. Errors: range_invalid.
Result<DaysAsked> days_asked(std::optional<Date> from_on, std::optional<Date> to_on, Date today);

struct HospitalsAsked {
  std::optional<HospitalId> hospital;  // absent: all
  const Zone* zone = nullptr;          // theirs; UTC where they have several
};
// Who sees one hospital only asks for that one. Errors: hospital_not_found.
Result<HospitalsAsked> hospitals_asked(Snapshot& db, const Call& call, std::optional<HospitalId> hospital);
// The hospital, or each that has visits, with its zone.
void hospitals_each(Snapshot& db, std::optional<HospitalId> hospital,
                    const std::function<void(HospitalId, const Zone&)>& take);

class Module final : public Reporting {
 public:
  Module(sql::Engine& engine, ReportingOptions options) : engine_(engine), options_(std::move(options)) {}

  void routes(api::Routes& routes) override;
  void jobs(jobs::Jobs& jobs) override;
  void on_ready(std::function<void(Txn&, UserId)> listener) override { ready_ = std::move(listener); }
  void tick(Instant now) override;

  Result<Stats> stats_get(Snapshot& db, Call& call, const StatsQuery& query);
  Result<NoShows> no_shows_get(Snapshot& db, Call& call, const NoShowQuery& query);
  Result<Accepted<Export>> export_create(Txn& txn, Call& call, const ExportCreate& body);
  Result<Page<Export>> export_list(Snapshot& db, Call& call, const ExportQuery& query);
  Result<Export> export_get(Snapshot& db, Call& call, const ExportPath& path);
  Result<File> export_file_get(Snapshot& db, Call& call, const ExportFilePath& path);

 private:
  Export view_of(const exports::ExportRow& row, Instant now) const;
  std::string key_of(ExportId id, UserId user, std::int64_t until_ms) const;
  std::string step_outside(const jobs::Job& job);
  jobs::End step_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& text);
  void finish(Txn& txn, Call& call, const exports::ExportRow& row, std::string_view file);
  void expire(Instant now);

  sql::Engine& engine_;
  const ReportingOptions options_;
  std::function<void(Txn&, UserId)> ready_;
  std::atomic<bool> is_closing_{false};
};

}  // namespace fairward::reporting
