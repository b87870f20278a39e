// What may become of an appointment or a wait. Pure: no SQL, no clock. Source: mission B7, B8, B11.
#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace fairward::booking {

// FHIR words; `expired` (a hold that nobody paid) is ours, document C has it too.
BOOST_DEFINE_ENUM_CLASS(AppointmentStatus, pending, booked, arrived, fulfilled, cancelled, noshow, expired)
BOOST_DEFINE_ENUM_CLASS(WaitStatus, waiting, offered, booked, left, lapsed, unserved, expired)
BOOST_DEFINE_ENUM_CLASS(Channel, web, offer, staff)

std::string_view sql_text(AppointmentStatus status);
AppointmentStatus sql_parse(std::string_view text, AppointmentStatus*);
std::string_view sql_text(WaitStatus status);
WaitStatus sql_parse(std::string_view text, WaitStatus*);
std::string_view sql_text(Channel channel);
Channel sql_parse(std::string_view text, Channel*);

// Does an appointment of this status own its cells?
constexpr bool claims_cells(AppointmentStatus status) {
  return status != AppointmentStatus::cancelled && status != AppointmentStatus::expired;
}
constexpr bool is_over(WaitStatus status) { return status != WaitStatus::waiting && status != WaitStatus::offered; }

// May an appointment that starts at `starts_at` go from one status to the other at `now`?
// Errors, in this order: appointment_status, appointment_too_late (cancel), appointment_too_early (noshow, fulfilled;
// arrived is free).
// Staff may cancel after the start; a patient may not.
Result<void> check_transition(AppointmentStatus from, AppointmentStatus to, Instant starts_at, Instant now,
                              bool is_staff);

// The status codes of document C for exports: Reserved (1), Booked (2), Expired (3). Source: mission B8.
int reservation_code(AppointmentStatus status);

// Is the fee given back when a booked appointment is cancelled? The hospital's own cancellation: always.
struct RefundPolicy {
  Duration notice = hours(2);
};
bool is_refunded(const RefundPolicy& policy, Instant starts_at, Instant now, bool is_staff);

// The sentence of document C that belongs to a status, if any.
std::optional<std::string_view> outcome_of(AppointmentStatus status);
std::optional<std::string_view> outcome_of(WaitStatus status);

}  // namespace fairward::booking
