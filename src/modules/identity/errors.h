// Every problem that this module answers. Titles are public; none says whether a login exists.
#pragma once

#include "base/result.h"

namespace fairward::identity {

inline constexpr Problem login_failed{"identity.login_failed", ProblemKind::unauthenticated,
                                      "The login or the password is wrong.", Retry::after_change};
inline constexpr Problem user_disabled{"identity.user_disabled", ProblemKind::forbidden,
                                       "This account is disabled. Ask your administrator.", Retry::never};
inline constexpr Problem login_throttled{"identity.login_throttled", ProblemKind::rate_limited,
                                         "Too many tries. Wait a little, then try again.", Retry::later};
inline constexpr Problem login_taken{"identity.login_taken", ProblemKind::conflict,
                                     "Somebody already uses this login name.", Retry::after_change};
inline constexpr Problem login_invalid{"identity.login_invalid", ProblemKind::invalid,
                                       "A login name is a phone number, an e-mail address, or 3 to 64 of a-z 0-9 . _ -",
                                       Retry::after_change};
inline constexpr Problem password_too_weak{"identity.password_too_weak", ProblemKind::invalid,
                                           "This password is too easy to guess.", Retry::after_change};
inline constexpr Problem role_not_open{
    "identity.role_not_open", ProblemKind::invalid,
    "Patients and doctors sign up by themselves; an administrator invites everyone else.", Retry::after_change};
inline constexpr Problem role_not_yours{"identity.role_not_yours", ProblemKind::forbidden,
                                        "You may not give this role.", Retry::never};
inline constexpr Problem user_invalid{"identity.user_invalid", ProblemKind::invalid,
                                      "The role, the hospital and the doctor of this account do not fit together.",
                                      Retry::after_change};
inline constexpr Problem doctor_taken{"identity.doctor_taken", ProblemKind::conflict,
                                      "This doctor already has a login.", Retry::after_change};
inline constexpr Problem user_not_found{"identity.user_not_found", ProblemKind::not_found, "There is no such user.",
                                        Retry::never};
inline constexpr Problem patient_not_found{"identity.patient_not_found", ProblemKind::not_found,
                                           "There is no such patient.", Retry::never};
inline constexpr Problem user_not_pending{"identity.user_not_pending", ProblemKind::conflict,
                                          "This account does not wait for approval.", Retry::never};
inline constexpr Problem disabling_oneself{"identity.disabling_oneself", ProblemKind::conflict,
                                           "You cannot disable your own account.", Retry::never};
inline constexpr Problem query_invalid{"identity.query_invalid", ProblemKind::invalid,
                                       "A parameter of the list cannot be read.", Retry::after_change};
inline constexpr Problem token_invalid{"identity.token_invalid", ProblemKind::unauthenticated,
                                       "The access token is not valid.", Retry::after_change};
inline constexpr Problem token_expired{"identity.token_expired", ProblemKind::unauthenticated,
                                       "The access token has expired. Refresh it.", Retry::after_change};
inline constexpr Problem refresh_invalid{"identity.refresh_invalid", ProblemKind::unauthenticated,
                                         "The refresh token is not valid any more. Log in again.", Retry::after_change};
inline constexpr Problem session_ended{"identity.session_ended", ProblemKind::unauthenticated,
                                       "Your session has ended. Log in again.", Retry::after_change};
inline constexpr Problem csrf{"identity.csrf", ProblemKind::forbidden,
                              "The request did not come from this site's own pages.", Retry::after_change};
inline constexpr Problem identity_unavailable{"identity.unavailable", ProblemKind::unavailable,
                                              "Who you are cannot be checked at the moment. Try again.", Retry::later};

}  // namespace fairward::identity
