// The problems of booking. Codes are stable; clients act on them.
#pragma once

#include "base/result.h"

namespace fairward::booking {

// The outcome texts of document C. Source: mission B7.
inline constexpr const char* outcome_successful = "Appointment Successful";
inline constexpr const char* outcome_slot_full = "Appointment Failed – Slot Full";
inline constexpr const char* outcome_retry = "Appointment Failed – Retry, as other users are holding reserved slots";

inline constexpr Problem patient_not_found{"booking.patient_not_found", ProblemKind::invalid,
                                           "There is no such patient.", Retry::after_change};
inline constexpr Problem patient_missing{"booking.patient_missing", ProblemKind::invalid, "Say for which patient.",
                                         Retry::after_change};
inline constexpr Problem doctor_not_bookable{"booking.doctor_not_bookable", ProblemKind::invalid,
                                             "This doctor cannot be booked here.", Retry::after_change};
inline constexpr Problem slot_not_bookable{"booking.slot_not_bookable", ProblemKind::invalid,
                                           "The doctor has no slot at that time, or it is not open for booking.",
                                           Retry::after_change};
inline constexpr Problem queue_first{"booking.queue_first", ProblemKind::conflict,
                                     "Somebody who waits longer may take this slot. Join the queue.",
                                     Retry::after_change};
inline constexpr Problem slot_taken{"booking.slot_taken", ProblemKind::conflict, "This slot is taken.",
                                    Retry::after_change};
inline constexpr Problem all_held{"booking.all_held", ProblemKind::conflict,
                                  "All slots of that day are taken, but some are only held. You may wait for one.",
                                  Retry::after_change};
inline constexpr Problem patient_has_open_hold{"booking.patient_has_open_hold", ProblemKind::conflict,
                                               "The patient already holds or waits for a slot.", Retry::after_change};
inline constexpr Problem hold_not_found{"booking.hold_not_found", ProblemKind::not_found, "There is no such hold."};
inline constexpr Problem hold_ended{"booking.hold_ended", ProblemKind::conflict, "The hold is no longer open.",
                                    Retry::after_change};
inline constexpr Problem appointment_not_found{"booking.appointment_not_found", ProblemKind::not_found,
                                               "There is no such appointment."};
inline constexpr Problem appointment_status{"booking.appointment_status", ProblemKind::conflict,
                                            "The appointment's status does not allow this.", Retry::after_change};
inline constexpr Problem appointment_too_late{"booking.appointment_too_late", ProblemKind::conflict,
                                              "The appointment has already begun."};
inline constexpr Problem appointment_too_early{"booking.appointment_too_early", ProblemKind::conflict,
                                               "The appointment has not begun yet."};
inline constexpr Problem appointment_change_ambiguous{"booking.appointment_change_ambiguous", ProblemKind::invalid,
                                                      "Change either the time or the status, and one of them.",
                                                      Retry::after_change};
inline constexpr Problem hospital_foreign{"booking.hospital_foreign", ProblemKind::forbidden,
                                          "This belongs to another hospital."};
inline constexpr Problem range_invalid{"booking.range_invalid", ProblemKind::invalid,
                                       "The range of dates is not usable.", Retry::after_change};
inline constexpr Problem no_slots_in_range{"booking.no_slots_in_range", ProblemKind::conflict,
                                           "The doctor has no slots in that range.", Retry::after_change};
inline constexpr Problem slots_free{"booking.slots_free", ProblemKind::conflict,
                                    "A slot is free in that range: take it.", Retry::after_change};
inline constexpr Problem slot_full{"booking.slot_full", ProblemKind::conflict, "Every slot in that range is booked.",
                                   Retry::after_change};
inline constexpr Problem wait_not_found{"booking.wait_not_found", ProblemKind::not_found, "There is no such wait."};
inline constexpr Problem wait_ended{"booking.wait_ended", ProblemKind::conflict, "The wait is already over."};
inline constexpr Problem schedule_not_found{"booking.schedule_not_found", ProblemKind::not_found,
                                            "There is no such doctor."};
inline constexpr Problem schedule_invalid{"booking.schedule_invalid", ProblemKind::invalid,
                                          "The schedule cannot be kept.", Retry::after_change};
inline constexpr Problem schedule_conflict{"booking.schedule_conflict", ProblemKind::precondition_failed,
                                           "The schedule was changed by somebody else.", Retry::after_change};
inline constexpr Problem exception_not_found{"booking.exception_not_found", ProblemKind::not_found,
                                             "There is no such exception."};

}  // namespace fairward::booking
