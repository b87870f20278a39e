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

inline constexpr Problem family_full{"identity.family_full", ProblemKind::conflict,
                                     "You cannot add more people. Ask the hospital's front desk.", Retry::later};
inline constexpr Problem family_not_found{"identity.family_not_found", ProblemKind::not_found,
                                          "There is no such person in your family.", Retry::never};
inline constexpr Problem second_factor_needed{"identity.second_factor_needed", ProblemKind::unauthenticated,
                                              "Enter the code of your authenticator app too.", Retry::after_change};
inline constexpr Problem second_factor_wrong{"identity.second_factor_wrong", ProblemKind::unauthenticated,
                                             "This code is wrong, or was used before.", Retry::after_change};
inline constexpr Problem second_factor_throttled{"identity.second_factor_throttled", ProblemKind::rate_limited,
                                                 "Too many wrong codes. Wait a little, then try again.", Retry::later};
inline constexpr Problem second_factor_enrolled{"identity.second_factor_enrolled", ProblemKind::conflict,
                                                "There is a second factor already. Remove it first.", Retry::never};
inline constexpr Problem second_factor_not_begun{"identity.second_factor_not_begun", ProblemKind::conflict,
                                                 "There is nothing to confirm. Begin again.", Retry::never};
inline constexpr Problem own_session_not_found{"identity.session_not_found", ProblemKind::not_found,
                                               "You are not signed in there.", Retry::never};
inline constexpr Problem old_password_wrong{"identity.old_password_wrong", ProblemKind::invalid,
                                            "The present password is wrong.", Retry::after_change};
inline constexpr Problem sign_in_again{"identity.sign_in_again", ProblemKind::forbidden,
                                       "Sign in again, then choose a password.", Retry::after_change};
inline constexpr Problem resets_not_offered{"identity.resets_not_offered", ProblemKind::unavailable,
                                            "Messages cannot be sent here. Ask your administrator.", Retry::never};
inline constexpr Problem link_wrong{"identity.link_wrong", ProblemKind::invalid,
                                    "This link was used or is too old. Ask for a new one.", Retry::after_change};
inline constexpr Problem invitations_not_offered{"identity.invitations_not_offered", ProblemKind::unavailable,
                                                 "Messages cannot be sent here. Add the account instead.",
                                                 Retry::never};
inline constexpr Problem invitations_full{"identity.invitations_full", ProblemKind::conflict,
                                          "Too many of your invitations are open. Withdraw some.", Retry::after_change};
inline constexpr Problem invitation_not_found{"identity.invitation_not_found", ProblemKind::not_found,
                                              "There is no such invitation.", Retry::never};
// Not 401: a page with an old cookie is forgiven that, a wrong key never.
inline constexpr Problem key_invalid{"identity.key_invalid", ProblemKind::forbidden,
                                     "This API key is not known, has ended or was revoked.", Retry::never};
inline constexpr Problem key_not_found{"identity.key_not_found", ProblemKind::not_found, "There is no such API key.",
                                       Retry::never};
inline constexpr Problem keys_full{"identity.keys_full", ProblemKind::conflict,
                                   "You have too many API keys. Revoke some.", Retry::after_change};
inline constexpr Problem quota_too_high{"identity.quota_too_high", ProblemKind::forbidden,
                                        "Ask the platform's administrator for a higher quota.", Retry::after_change};
inline constexpr Problem passkeys_not_offered{"identity.passkeys_not_offered", ProblemKind::unavailable,
                                              "Passkeys need an address with a name. Ask your administrator.",
                                              Retry::never};
inline constexpr Problem passkey_refused{"identity.passkey_refused", ProblemKind::unauthenticated,
                                         "This passkey is not accepted. Try again, or sign in another way.",
                                         Retry::after_change};
inline constexpr Problem passkey_needed{"identity.passkey_needed", ProblemKind::unauthenticated,
                                        "Sign in with your passkey: it is your second factor.", Retry::after_change};
inline constexpr Problem passkey_invalid{"identity.passkey_invalid", ProblemKind::invalid,
                                         "This passkey cannot be taken. Try again.", Retry::after_change};
inline constexpr Problem passkey_known{"identity.passkey_known", ProblemKind::conflict,
                                       "This passkey is known already.", Retry::never};
inline constexpr Problem passkey_not_found{"identity.passkey_not_found", ProblemKind::not_found,
                                           "There is no such passkey.", Retry::never};
inline constexpr Problem passkeys_full{"identity.passkeys_full", ProblemKind::conflict,
                                       "You have too many passkeys. Remove some.", Retry::after_change};
inline constexpr Problem passkey_sign_in_again{"identity.passkey_sign_in_again", ProblemKind::forbidden,
                                               "For safety, sign in again first.", Retry::after_change};
inline constexpr Problem codes_not_offered{"identity.codes_not_offered", ProblemKind::unavailable,
                                           "Codes cannot be sent here. Sign in with your password.", Retry::never};
inline constexpr Problem code_sends_exceeded{"identity.code_sends_exceeded", ProblemKind::rate_limited,
                                             "Too many codes were asked for. Wait a little, then try again.",
                                             Retry::later};
inline constexpr Problem code_wrong{"identity.code_wrong", ProblemKind::unauthenticated,
                                    "The code is wrong, used or too old. Ask for a new one.", Retry::after_change};
inline constexpr Problem account_claimed{
    "identity.account_claimed", ProblemKind::conflict,
    "There is an account with this phone and a password. Enter the password, or begin anew without it.",
    Retry::after_change};
inline constexpr Problem code_not_enough{"identity.code_not_enough", ProblemKind::forbidden,
                                         "Staff and doctors sign in with their password.", Retry::never};
inline constexpr Problem name_missing{"identity.name_missing", ProblemKind::invalid,
                                      "This phone is new here. Tell us your name.", Retry::after_change};

}  // namespace fairward::identity
