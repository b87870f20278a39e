#include "app/recorded.h"

#include <fmt/format.h>

#include "app/audit.h"
#include "app/database.h"
#include "app/files.h"

namespace fairward::app {

ExitCode refuse(ExitCode code, const std::string& text) {
  fmt::print(stderr, "fairward: {}\n", text);
  return code;
}

ExitCode with_recorded_engine(const config::Settings& settings, const World& world,
                              const std::function<ExitCode(sql::Engine&)>& work) {
  auto database = database_of(settings);
  if (!database) return refuse(exit_config, database.error());
  if (!database->is_postgres) folder_make(settings.text("data.folder"));
  database_migrate(*database, [](const std::string&) {});
  audit_begin(*database, settings, world);
  const auto engine = database_open(*database, world.clock);
  const ExitCode code = work(*engine);
  engine->stop();
  return code;
}

}  // namespace fairward::app
