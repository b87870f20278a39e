// fairward check: the invariants of a live database, in one snapshot, beside the server.
#include <fmt/format.h>

#include "app/audit.h"
#include "app/commands.h"
#include "app/database.h"
#include "app/files.h"
#include "app/invariants.h"
#include "platform/sql/schema_state.h"

namespace fairward::app {

namespace {

void unproved_record_say(Snapshot& db, const std::optional<audit::Key>& key) {
  if (!key) return fmt::print(stderr, "fairward: no signing key here: the record of who did what is not proved\n");
  if (const auto chains = audit::chains_of_other_keys(db, *key); chains > 0)
    fmt::print(stderr,
               "fairward: {} chains of the record of who did what are sealed with another key and not proved; see "
               "fairward audit verify --key\n",
               chains);
}

}  // namespace

ExitCode command_check(const config::Settings& settings, const World& world) {
  const auto key = audit_key_find(settings);
  auto database = database_of(settings);
  if (!database) {
    fmt::print(stderr, "fairward: {}\n", database.error());
    return exit_config;
  }
  if (!database->is_postgres && !file_exists(database->place)) {
    fmt::print(stderr, "fairward: there is no database {}\n", database->place);
    return exit_unavailable;
  }
  database->writers = database->readers = 1;
  const auto engine = database_open(*database, world.clock);
  std::string fault;
  int broken = 0;
  engine->read_now([&](Snapshot& db) {
    fault = sql::schema_fault(db);
    if (!fault.empty()) return;
    unproved_record_say(db, key);
    broken =
        invariants_report(db, invariants(static_cast<int>(settings.integer("booking.open_holds_per_patient")), key));
  });
  engine->stop();
  if (!fault.empty()) fmt::print(stderr, "fairward: {}\n", fault);
  return fault.empty() && broken == 0 ? exit_ok : exit_failure;
}

}  // namespace fairward::app
