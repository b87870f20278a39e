// How the program ends; documented in --help.
#pragma once

namespace fairward::app {

enum ExitCode : int { exit_ok = 0, exit_failure = 1, exit_usage = 2, exit_config = 3, exit_unavailable = 4 };

}  // namespace fairward::app
