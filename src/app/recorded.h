// What commands that bring data in do alike.
#pragma once

#include <functional>
#include <string>

#include "app/exit_code.h"
#include "app/world.h"
#include "platform/config/config.h"
#include "platform/sql/engine.h"

namespace fairward::app {

ExitCode refuse(ExitCode code, const std::string& text);

// With the database of the settings, migrated, and what is done to it recorded. Throws sql::Error.
ExitCode with_recorded_engine(const config::Settings& settings, const World& world,
                              const std::function<ExitCode(sql::Engine&)>& work);

}  // namespace fairward::app
