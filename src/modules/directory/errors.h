// What the directory refuses, and why.
#pragma once

#include "base/result.h"

namespace fairward::directory {

inline constexpr Problem city_not_found{"directory.city_not_found", ProblemKind::not_found, "There is no such city."};
inline constexpr Problem hospital_not_found{"directory.hospital_not_found", ProblemKind::not_found,
                                            "There is no such hospital."};
inline constexpr Problem department_not_found{"directory.department_not_found", ProblemKind::not_found,
                                              "There is no such department."};
inline constexpr Problem doctor_not_found{"directory.doctor_not_found", ProblemKind::not_found,
                                          "There is no such doctor."};
inline constexpr Problem postal_code_not_found{"directory.postal_code_not_found", ProblemKind::not_found,
                                               "This postal code is not known."};
inline constexpr Problem department_exists{"directory.department_exists", ProblemKind::conflict,
                                           "The hospital already has a department of this name.", Retry::after_change};
inline constexpr Problem department_in_use{"directory.department_in_use", ProblemKind::conflict,
                                           "Doctors practise in this department; move them first.",
                                           Retry::after_change};
inline constexpr Problem version_stale{"directory.version_stale", ProblemKind::precondition_failed,
                                       "Somebody changed this in the meantime; please read it again.",
                                       Retry::after_change};
inline constexpr Problem hospital_not_pending{"directory.hospital_not_pending", ProblemKind::conflict,
                                              "This hospital does not wait for approval."};
inline constexpr Problem applications_full{"directory.applications_full", ProblemKind::rate_limited,
                                           "Too many hospitals wait for approval. Try again in some days.",
                                           Retry::later};
inline constexpr Problem search_invalid{"directory.search_invalid", ProblemKind::invalid,
                                        "Some search parameters are not valid.", Retry::after_change};
inline constexpr Problem entry_invalid{"directory.entry_invalid", ProblemKind::invalid, "Some fields are not valid.",
                                       Retry::after_change};

}  // namespace fairward::directory
