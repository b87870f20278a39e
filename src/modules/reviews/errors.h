// What the reviews refuse, and why.
#pragma once

#include "base/result.h"

namespace fairward::reviews {

inline constexpr Problem doctor_not_found{"reviews.doctor_not_found", ProblemKind::not_found,
                                          "There is no such doctor."};
inline constexpr Problem review_not_found{"reviews.review_not_found", ProblemKind::not_found,
                                          "There is no such review."};
inline constexpr Problem visit_not_found{"reviews.visit_not_found", ProblemKind::invalid,
                                         "You had no such visit with this doctor.", Retry::after_change};
inline constexpr Problem visit_not_finished{"reviews.visit_not_finished", ProblemKind::conflict,
                                            "A visit is reviewed when it is finished.", Retry::after_change};
inline constexpr Problem review_exists{"reviews.review_exists", ProblemKind::conflict,
                                       "You have reviewed this visit; change that review.", Retry::after_change};
inline constexpr Problem list_invalid{"reviews.list_invalid", ProblemKind::invalid,
                                      "Some parameters of the list are not valid.", Retry::after_change};

}  // namespace fairward::reviews
