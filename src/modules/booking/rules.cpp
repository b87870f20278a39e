// See the header.
#include "modules/booking/rules.h"

#include <array>
#include <utility>

#include "base/check.h"
#include "modules/booking/errors.h"

namespace fairward::booking {
namespace {

constexpr std::array appointment_words{"pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "expired"};
constexpr std::array wait_words{"waiting", "offered", "booked", "left", "lapsed", "unserved", "expired"};
constexpr std::array channel_words{"web", "offer", "staff"};

template <class E, std::size_t n>
E parse(const std::array<const char*, n>& words, std::string_view text) {
  for (std::size_t i = 0; i < n; ++i)
    if (words[i] == text) return static_cast<E>(i);
  FAIRWARD_CHECK(!"a status the schema does not allow");
  std::unreachable();
}

using S = AppointmentStatus;
constexpr std::pair<S, S> transitions[] = {
    {S::pending, S::booked},    {S::pending, S::cancelled}, {S::pending, S::expired},  {S::expired, S::booked},
    {S::cancelled, S::booked},  // both: money that came too late, and the slot was still free
    {S::booked, S::arrived},    {S::booked, S::fulfilled},  {S::booked, S::cancelled}, {S::booked, S::noshow},
    {S::arrived, S::fulfilled}, {S::arrived, S::cancelled}, {S::noshow, S::arrived},
};

}  // namespace

std::string_view sql_text(AppointmentStatus status) { return appointment_words[static_cast<std::size_t>(status)]; }
AppointmentStatus sql_parse(std::string_view text, AppointmentStatus*) {
  return parse<AppointmentStatus>(appointment_words, text);
}
std::string_view sql_text(WaitStatus status) { return wait_words[static_cast<std::size_t>(status)]; }
WaitStatus sql_parse(std::string_view text, WaitStatus*) { return parse<WaitStatus>(wait_words, text); }
std::string_view sql_text(Channel channel) { return channel_words[static_cast<std::size_t>(channel)]; }
Channel sql_parse(std::string_view text, Channel*) { return parse<Channel>(channel_words, text); }

Result<void> check_transition(AppointmentStatus from, AppointmentStatus to, Instant starts_at, Instant now,
                              bool is_staff) {
  bool is_known = false;
  for (const auto& [a, b] : transitions) is_known |= a == from && b == to;
  if (!is_known) return fail(appointment_status);
  if (to == S::cancelled && !is_staff && now >= starts_at) return fail(appointment_too_late);
  if ((to == S::noshow || to == S::fulfilled) && now < starts_at) return fail(appointment_too_early);
  return {};
}

int reservation_code(AppointmentStatus status) {
  if (status == S::pending) return 1;
  return claims_cells(status) ? 2 : 3;
}

bool is_refunded(const RefundPolicy& policy, Instant starts_at, Instant now, bool is_staff) {
  return is_staff || now + policy.notice <= starts_at;
}

std::optional<std::string_view> outcome_of(AppointmentStatus status) {
  switch (status) {
    case S::pending:
    case S::cancelled:
    case S::noshow: return std::nullopt;
    case S::booked:
    case S::arrived:
    case S::fulfilled: return outcome_successful;
    case S::expired: return outcome_retry;
  }
  return std::nullopt;
}

std::optional<std::string_view> outcome_of(WaitStatus status) {
  switch (status) {
    case WaitStatus::waiting:
    case WaitStatus::offered:
    case WaitStatus::left: return std::nullopt;
    case WaitStatus::booked: return outcome_successful;
    case WaitStatus::unserved: return outcome_slot_full;
    case WaitStatus::lapsed:
    case WaitStatus::expired: return outcome_retry;
  }
  return std::nullopt;
}

}  // namespace fairward::booking
