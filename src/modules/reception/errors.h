// What the reception refuses, and why.
#pragma once

#include "base/result.h"

namespace fairward::reception {

inline constexpr Problem appointment_not_found{"reception.appointment_not_found", ProblemKind::not_found,
                                               "There is no such appointment."};
inline constexpr Problem arrival_not_found{"reception.arrival_not_found", ProblemKind::not_found,
                                           "Nobody has arrived for this appointment."};
inline constexpr Problem not_today{"reception.not_today", ProblemKind::conflict,
                                   "This appointment is not today, at the hospital's clock.", Retry::after_change};
inline constexpr Problem not_expected{"reception.not_expected", ProblemKind::conflict,
                                      "Nobody is expected for this appointment: it is not booked, or over.",
                                      Retry::after_change};
inline constexpr Problem nobody_here{"reception.nobody_here", ProblemKind::conflict,
                                     "Nobody who has arrived waits to be called.", Retry::after_change};
inline constexpr Problem hospital_not_found{"reception.hospital_not_found", ProblemKind::not_found,
                                            "There is no such hospital."};
inline constexpr Problem doctor_not_found{"reception.doctor_not_found", ProblemKind::not_found,
                                          "The doctor does not practise at this hospital."};
inline constexpr Problem cursor_invalid{"reception.cursor_invalid", ProblemKind::invalid,
                                        "This is not a cursor of this list.", Retry::after_change};
inline constexpr Problem hospital_missing{"reception.hospital_missing", ProblemKind::invalid, "Name the hospital.",
                                          Retry::after_change};

}  // namespace fairward::reception
