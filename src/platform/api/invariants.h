// The invariants of what the platform itself keeps.
#pragma once

#include <vector>

#include "platform/sql/invariant.h"

namespace fairward::api {

std::vector<sql::Invariant> invariants();

}  // namespace fairward::api
