// What the records refuse, and why.
#pragma once

#include "base/result.h"

namespace fairward::records {

// 404 also for what the caller may not know of.
inline constexpr Problem visit_not_found{"records.visit_not_found", ProblemKind::not_found, "There is no such visit."};
inline constexpr Problem patient_not_found{"records.patient_not_found", ProblemKind::not_found,
                                           "There is no such patient."};
inline constexpr Problem prescription_not_found{"records.prescription_not_found", ProblemKind::not_found,
                                                "There is no such prescription."};
inline constexpr Problem entry_not_found{"records.entry_not_found", ProblemKind::not_found, "There is no such entry."};
inline constexpr Problem list_invalid{"records.list_invalid", ProblemKind::invalid,
                                      "Some parameters of the list are not valid.", Retry::after_change};
inline constexpr Problem visit_status{"records.visit_status", ProblemKind::conflict,
                                      "The appointment's status does not allow a visit.", Retry::after_change};
inline constexpr Problem visit_too_early{"records.visit_too_early", ProblemKind::conflict,
                                         "The visit's time has not come, and the patient has not arrived.",
                                         Retry::after_change};
inline constexpr Problem visit_changed{"records.visit_changed", ProblemKind::precondition_failed,
                                       "The visit was changed meanwhile; read it again.", Retry::after_change};
inline constexpr Problem visit_closed{"records.visit_closed", ProblemKind::conflict,
                                      "The visit is closed: a correction says why in correction_reason.",
                                      Retry::after_change};
inline constexpr Problem visit_open{"records.visit_open", ProblemKind::invalid,
                                    "Only a closed visit is corrected with a reason.", Retry::after_change};
inline constexpr Problem visit_empty{"records.visit_empty", ProblemKind::invalid,
                                     "A visit is closed with a diagnosis or notes.", Retry::after_change};
inline constexpr Problem note_invalid{"records.note_invalid", ProblemKind::invalid,
                                      "Some of what was written cannot be right.", Retry::after_change};
inline constexpr Problem entry_superseded{"records.entry_superseded", ProblemKind::conflict,
                                          "A newer version exists; correct that one.", Retry::after_change};
inline constexpr Problem entry_exists{"records.entry_exists", ProblemKind::conflict, "This is recorded already.",
                                      Retry::after_change};
inline constexpr Problem prescription_empty{"records.prescription_empty", ProblemKind::invalid,
                                            "A prescription names a medicine.", Retry::after_change};
inline constexpr Problem prescription_warned{"records.prescription_warned", ProblemKind::conflict,
                                             "There are warnings: say in override_reason why it is right all the same.",
                                             Retry::after_change};
inline constexpr Problem emergency_not_needed{"records.emergency_not_needed", ProblemKind::conflict,
                                              "The record is within reach without an emergency."};
inline constexpr Problem emergency_not_found{"records.emergency_not_found", ProblemKind::not_found,
                                             "There is no such emergency access."};
inline constexpr Problem emergency_reviewed{"records.emergency_reviewed", ProblemKind::conflict,
                                            "This has been reviewed."};
inline constexpr Problem hospital_not_yours{"records.hospital_not_yours", ProblemKind::invalid,
                                            "You do not practise at this hospital.", Retry::after_change};
inline constexpr Problem identifier_taken{"records.identifier_taken", ProblemKind::conflict,
                                          "Somebody has this number.", Retry::after_change};
inline constexpr Problem identifier_invalid{"records.identifier_invalid", ProblemKind::invalid,
                                            "The number is missing, or cannot be one.", Retry::after_change};
inline constexpr Problem merge_refused{
    "records.merge_refused", ProblemKind::conflict,
    "These two cannot be merged: one of them is merged already, or has others merged "
    "into it, or an account of its own.",
    Retry::after_change};
inline constexpr Problem merge_not_found{"records.merge_not_found", ProblemKind::not_found, "There is no such merge."};
inline constexpr Problem document_not_found{"records.document_not_found", ProblemKind::not_found,
                                            "There is no such document."};
inline constexpr Problem document_empty{"records.document_empty", ProblemKind::invalid, "The file is empty.",
                                        Retry::after_change};
inline constexpr Problem document_too_large{"records.document_too_large", ProblemKind::too_large,
                                            "The file is too large.", Retry::after_change};
inline constexpr Problem document_type{"records.document_type", ProblemKind::unsupported_media,
                                       "This kind of file is not taken, or it is not what it is said to be.",
                                       Retry::after_change};
inline constexpr Problem document_infected{"records.document_infected", ProblemKind::invalid,
                                           "The virus scanner has found something in this file.", Retry::never};
inline constexpr Problem document_unscanned{"records.document_unscanned", ProblemKind::unavailable,
                                            "The virus scanner does not answer, so that no file is taken.",
                                            Retry::later};
inline constexpr Problem referral_invalid{"records.referral_invalid", ProblemKind::invalid,
                                          "The referral names nobody who can be found.", Retry::after_change};
inline constexpr Problem tests_empty{"records.tests_empty", ProblemKind::invalid, "An order names a test.",
                                     Retry::after_change};

}  // namespace fairward::records
