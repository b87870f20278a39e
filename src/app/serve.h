// The running program: opens what it needs in order, serves until a signal, closes in the opposite order.
#pragma once

#include "app/exit_code.h"
#include "app/world.h"
#include "platform/config/config.h"

namespace fairward::app {

// Returns exit_ok after SIGTERM or SIGINT; exit_config for settings that cannot be used. Throws std::system_error when
// the address or a file cannot be had, sql::Error when the database does not answer.
ExitCode serve(const config::Settings& settings, const World& world);

}  // namespace fairward::app
