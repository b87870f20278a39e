// One log line as text, apart from where it goes, so that its escaping is tested. Not for other folders: see log.h.
#pragma once

#include <optional>

#include "platform/log/log.h"

namespace fairward::log {

// Ends with one line feed and holds no other: whatever a value contains, a line stays a line.
std::string line_text(Format format, std::optional<Instant> at, Level level, std::string_view message,
                      std::span<const Field> fields);

}  // namespace fairward::log
