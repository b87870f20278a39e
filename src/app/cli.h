// The command line: what can be said, and which function it means.
#pragma once

#include "app/exit_code.h"
#include "app/world.h"

namespace fairward::app {

// Reads arguments, file and environment, runs the command, says on stderr what went wrong. Never throws.
ExitCode run(int argc, const char* const* argv, const World& world);

}  // namespace fairward::app
