// What reporting refuses, and why.
#pragma once

#include "base/result.h"

namespace fairward::reporting {

inline constexpr Problem hospital_not_found{"reporting.hospital_not_found", ProblemKind::not_found,
                                            "There is no such hospital."};
inline constexpr Problem range_invalid{"reporting.range_invalid", ProblemKind::invalid,
                                       "The days of the report are not valid.", Retry::after_change};

}  // namespace fairward::reporting
