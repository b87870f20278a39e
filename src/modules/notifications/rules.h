// What is told how, when and how often: pure rules. No SQL, no clock.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "modules/notifications/api.h"
#include "modules/notifications/local_time.h"

namespace fairward::notifications {

// urgent: at once, whatever the hour (codes, offers that lapse). reply: answers what somebody has just done: e-mail at
// once, what rings waits for the morning. calm: waits.
enum class Urgency : std::uint8_t { urgent, reply, calm };

struct Kind {
  std::string_view name;
  Topic topic;
  Urgency urgency;
  bool is_shown;  // in the application's list
};
// nullptr: there is no such kind.
const Kind* kind_find(std::string_view name);
std::span<const Kind> kinds();

struct Reach {  // how somebody can be reached at all
  bool email = false, sms = false;
};
// What is told without anybody having said so: by e-mail, and by SMS what is urgent or cannot be mailed.
bool is_on_by_default(const Kind& kind, Channel channel, const Reach& reach);

struct Quiet {
  std::int64_t from_minute = 22 * 60, to_minute = 7 * 60;
  bool operator==(const Quiet&) const = default;
};
// When it may be told: now, or when the quiet hours of that wall have ended.
Instant not_before(Urgency urgency, Channel channel, const Quiet& quiet, const Zone& zone, Instant now);

// Tries of a delivery: after 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, 2 h, 4 h, 8 h it is given up.
constexpr std::int64_t attempts_max = 10;
Duration retry_after(std::int64_t attempts);

// Of a visit as it is now: may the message of it still be told?
struct VisitNow {
  bool is_booked = false, is_pending = false, is_cancelled = false;
  Instant starts_at;
};
bool is_still_so(std::string_view kind, Instant told_starts_at, const VisitNow& visit);

}  // namespace fairward::notifications
