// Cursors: where a page ended, as text that clients hand back unread. It belongs to one search: with other filters it
// is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "modules/directory/search.h"

namespace fairward::directory {

std::string cursor_write(const Position& position, std::uint64_t search);
std::optional<Position> cursor_read(std::string_view text,
                                    std::uint64_t search);  // nullopt: broken, or of another search

}  // namespace fairward::directory
