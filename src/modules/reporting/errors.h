// What reporting refuses, and why.
#pragma once

#include "base/result.h"

namespace fairward::reporting {

inline constexpr Problem hospital_not_found{"reporting.hospital_not_found", ProblemKind::not_found,
                                            "There is no such hospital."};
inline constexpr Problem range_invalid{"reporting.range_invalid", ProblemKind::invalid,
                                       "The days of the report are not valid.", Retry::after_change};

inline constexpr Problem exports_open{"reporting.exports_open", ProblemKind::conflict,
                                      "Other exports of yours are not done yet.", Retry::later};
inline constexpr Problem export_not_found{"reporting.export_not_found", ProblemKind::not_found,
                                          "There is no such export."};
inline constexpr Problem link_expired{"reporting.link_expired", ProblemKind::forbidden,
                                      "This link is not good any more; ask the export for a new one.",
                                      Retry::after_change};
inline constexpr Problem list_invalid{"reporting.list_invalid", ProblemKind::invalid,
                                      "Some parameters of the list are not valid.", Retry::after_change};

}  // namespace fairward::reporting
