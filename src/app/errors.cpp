// fairward errors: the error log on paper, for when the program does not run or nobody can sign in.
#include "platform/errors/errors.h"

#include <fmt/format.h>

#include <ranges>

#include "app/commands.h"
#include "app/database.h"
#include "app/files.h"
#include "platform/sql/schema_state.h"

namespace fairward::app {
namespace {

errors::ErrorQuery query_of(const ErrorsCommand& command, Instant now) {
  errors::ErrorQuery query;
  if (!command.code.empty()) query.code = {command.code};
  if (command.hours > 0) query.since = now - hours(command.hours);
  query.limit.value = command.limit;
  return query;
}

void entry_print(const errors::ErrorEntry& entry) {
  fmt::print("{}  {:>6} x  {}  {}", to_rfc3339(entry.last_at), entry.repeats, entry.node, entry.message);
  for (const auto& [name, text] : {std::pair{"operation", &entry.operation}, std::pair{"code", &entry.code},
                                   std::pair{"reason", &entry.reason}, std::pair{"trace", &entry.trace_id}})
    if (*text) fmt::print("  {}={}", name, **text);
  fmt::print("\n");
}

}  // namespace

ExitCode command_errors(const config::Settings& settings, const World& world, const ErrorsCommand& command) {
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
  std::vector<errors::ErrorEntry> entries;
  engine->read_now([&](Snapshot& db) {
    fault = sql::schema_fault(db);
    if (fault.empty()) entries = errors::entries_of(db, query_of(command, world.clock.now()));
  });
  engine->stop();
  if (!fault.empty()) fmt::print(stderr, "fairward: {}\n", fault);
  for (const errors::ErrorEntry& entry : entries | std::views::reverse) entry_print(entry);
  if (fault.empty() && entries.empty()) fmt::print(stderr, "fairward: nothing is noted\n");
  return fault.empty() ? exit_ok : exit_failure;
}

}  // namespace fairward::app
