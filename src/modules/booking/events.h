// What booking tells of a doctor after each turn: enough for another node to change its memory without asking.
//
//   topic      kind                                  told of
//   doctor/9   booking.slot_held, .appointment_…     slots taken or freed, and waits that ended with it
//   waiting/9  booking.waits_changed                 who began or ceased to wait, when no slot changed with it
//   doctor/9   booking.schedule_changed              hours: memory is read anew
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "modules/booking/availability.h"
#include "platform/api/codec.h"

namespace fairward::booking {

constexpr std::string_view schedule_changed_kind = "booking.schedule_changed";

BOOST_DESCRIBE_ENUM(SlotStatus, free, held, booked)

// The cells of [starts_at, ends_at) are free, or are this appointment's.
struct SlotChange {
  AppointmentId appointment;
  Instant starts_at, ends_at;
  SlotStatus status;
  std::optional<Instant> expires_at, lapses_at;  // of a held one
};
BOOST_DESCRIBE_STRUCT(SlotChange, (), (appointment, starts_at, ends_at, status, expires_at, lapses_at))

struct WaitChange {
  WaitId wait;
  std::int64_t ticket = 0;
  std::optional<Instant> expires_at;  // of who waits; nobody waits with it any more when it is empty
};
BOOST_DESCRIBE_STRUCT(WaitChange, (), (wait, ticket, expires_at))

// In the order in which they were made.
struct Changes {
  std::vector<SlotChange> slots;
  std::vector<WaitChange> waits;

  bool empty() const { return slots.empty() && waits.empty(); }
};
BOOST_DESCRIBE_STRUCT(Changes, (), (slots, waits))

}  // namespace fairward::booking
