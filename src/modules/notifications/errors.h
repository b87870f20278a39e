// What the notifications refuse, and why.
#pragma once

#include "base/result.h"

namespace fairward::notifications {

inline constexpr Problem notification_not_found{"notifications.notification_not_found", ProblemKind::not_found,
                                                "There is no such notification."};
inline constexpr Problem preferences_invalid{"notifications.preferences_invalid", ProblemKind::invalid,
                                             "Some preferences are not valid.", Retry::after_change};
inline constexpr Problem list_invalid{"notifications.list_invalid", ProblemKind::invalid,
                                      "Some parameters of the list are not valid.", Retry::after_change};
inline constexpr Problem calendar_not_found{"notifications.calendar_not_found", ProblemKind::not_found,
                                            "There is no such calendar."};
inline constexpr Problem hospital_not_found{"notifications.hospital_not_found", ProblemKind::not_found,
                                            "There is no such hospital."};
inline constexpr Problem url_refused{"notifications.url_refused", ProblemKind::invalid,
                                     "This address cannot be called.", Retry::after_change};
inline constexpr Problem webhook_not_found{"notifications.webhook_not_found", ProblemKind::not_found,
                                           "There is no such webhook."};
inline constexpr Problem call_not_found{"notifications.call_not_found", ProblemKind::not_found,
                                        "There is no such call of this webhook."};
inline constexpr Problem call_waiting{"notifications.call_waiting", ProblemKind::conflict,
                                      "This call has not ended; it is tried by itself.", Retry::later};
inline constexpr Problem events_unknown{"notifications.events_unknown", ProblemKind::invalid,
                                        "An event of this name is not told.", Retry::after_change};
inline constexpr Problem webhooks_too_many{"notifications.webhooks_too_many", ProblemKind::conflict,
                                           "There are as many webhooks as there may be.", Retry::after_change};
inline constexpr Problem no_sandbox{"notifications.no_sandbox", ProblemKind::not_found,
                                    "This installation sends its messages."};

}  // namespace fairward::notifications
