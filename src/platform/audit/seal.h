// What a seal is made of. Internal to platform/audit.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace fairward::audit {

// Stands for the seal before the first block.
std::string chain_text(std::int64_t chain, std::int64_t node, Instant began_at, std::string_view key_id);
// before: the seal of the block before.
std::string block_text(std::string_view before, std::int64_t number, Instant at, std::string_view entries);

}  // namespace fairward::audit
