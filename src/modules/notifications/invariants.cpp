// What must hold of messages and their deliveries.
#include <set>

#include "modules/notifications/module.h"
#include "sql/notifications.h"

namespace fairward::notifications {
namespace {

namespace q = sql_queries;

// Deliveries that wait and have no job: nobody would ever send them.
void forgotten_find(Snapshot& db, const sql::Invariant::Violated& violated) {
  std::set<std::int64_t> with_job;
  for (const std::string& payload : jobs::payloads(db, "notifications.send"))
    if (const auto job = api::decode<DeliveryJob>(payload)) with_job.insert(job->delivery_id.value);
  for (const std::int64_t id : db.all<std::int64_t>(q::check_waiting))
    if (!with_job.contains(id)) violated(id);
}

void uncalled_find(Snapshot& db, const sql::Invariant::Violated& violated) {
  std::set<std::int64_t> with_job;
  for (const std::string& payload : jobs::payloads(db, "notifications.call"))
    if (const auto job = api::decode<CallJob>(payload)) with_job.insert(job->call_id.value);
  for (const std::int64_t id : db.all<std::int64_t>(q::check_calls))
    if (!with_job.contains(id)) violated(id);
}

void unknown_people_find(Snapshot& db, const sql::Invariant::Violated& violated) {
  sql::each_missing(db.all<std::int64_t>(q::check_people), identity::people_ids(db), violated);
}

}  // namespace

std::vector<sql::Invariant> invariants() {
  return {
      {"notifications.carried", "A job carries every delivery that waits.", "delivery", forgotten_find},
      {"notifications.called", "A job makes every webhook call that waits.", "call", uncalled_find},
      {"notifications.people", "Whoever is told something is a person of ours.", "person", unknown_people_find},
  };
}

}  // namespace fairward::notifications
