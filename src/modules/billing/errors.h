// The problems that billing can answer.
#pragma once

#include "base/result.h"

namespace fairward::billing {

inline constexpr Problem payment_not_found{"billing.payment_not_found", ProblemKind::not_found,
                                           "There is no such payment."};
inline constexpr Problem method_unknown{"billing.method_unknown", ProblemKind::invalid,
                                        "This way to pay is not offered.", Retry::after_change};
inline constexpr Problem outcome_unknown{"billing.outcome_unknown", ProblemKind::invalid,
                                         "The sandbox knows the outcomes success, fail and late.", Retry::after_change};
inline constexpr Problem amount_invalid{"billing.amount_invalid", ProblemKind::invalid, "This amount cannot be paid.",
                                        Retry::after_change};
inline constexpr Problem already_paid{"billing.already_paid", ProblemKind::conflict, "This has been paid already."};
inline constexpr Problem payments_not_offered{"billing.payments_not_offered", ProblemKind::unavailable,
                                              "Payments are not set up at this installation.", Retry::later};
inline constexpr Problem signature_invalid{"billing.signature_invalid", ProblemKind::unauthenticated,
                                           "The message does not bear a valid, recent signature."};
inline constexpr Problem webhook_invalid{"billing.webhook_invalid", ProblemKind::malformed,
                                         "The message cannot be understood."};

}  // namespace fairward::billing
