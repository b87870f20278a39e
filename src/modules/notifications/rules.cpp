#include "modules/notifications/rules.h"

#include <algorithm>
#include <array>

namespace fairward::notifications {
namespace {

constexpr Kind all_kinds[] = {
    {"appointment_booked", Topic::bookings, Urgency::reply, true},
    {"appointment_moved", Topic::bookings, Urgency::reply, true},
    {"appointment_cancelled", Topic::bookings, Urgency::reply, true},
    {"refund_done", Topic::bookings, Urgency::calm, true},
    {"offer_made", Topic::offers, Urgency::urgent, true},
    {"offer_lapsed", Topic::offers, Urgency::reply, true},
    {"wait_unserved", Topic::offers, Urgency::reply, true},
    {"wait_expired", Topic::offers, Urgency::reply, true},
    {"appointment_reminder", Topic::reminders, Urgency::calm, true},
    {"monthly_report", Topic::reports, Urgency::calm, true},
    {"export_ready", Topic::reports, Urgency::calm, true},
    {"login_code", Topic::account, Urgency::urgent, false},
    {"login_code_refused", Topic::account, Urgency::urgent, false},
    {"password_reset", Topic::account, Urgency::urgent, false},
    {"password_changed", Topic::account, Urgency::urgent, true},
    {"invitation", Topic::account, Urgency::urgent, false},
    {"hospital_refused", Topic::account, Urgency::reply, false},
    {"account_approved", Topic::account, Urgency::reply, true},
};

constexpr const char* topics[] = {"bookings", "offers", "reminders", "reports", "account"};
constexpr const char* channels[] = {"email", "sms", "chat", "app"};
constexpr const char* statuses[] = {"waiting", "sent", "failed", "dropped"};

template <class E, std::size_t n>
E parse(std::string_view text, const char* const (&words)[n]) {
  const auto at = std::find(std::begin(words), std::end(words), text) - std::begin(words);
  return static_cast<E>(std::min<std::ptrdiff_t>(at, n - 1));
}

bool is_quiet(const Quiet& quiet, std::int64_t minute) {
  if (quiet.from_minute == quiet.to_minute) return false;
  if (quiet.from_minute < quiet.to_minute) return minute >= quiet.from_minute && minute < quiet.to_minute;
  return minute >= quiet.from_minute || minute < quiet.to_minute;
}

}  // namespace

std::string_view sql_text(Topic topic) { return topics[static_cast<std::size_t>(topic)]; }
Topic sql_parse(std::string_view text, Topic*) { return parse<Topic>(text, topics); }
std::string_view sql_text(Channel channel) { return channels[static_cast<std::size_t>(channel)]; }
Channel sql_parse(std::string_view text, Channel*) { return parse<Channel>(text, channels); }
std::string_view sql_text(DeliveryStatus status) { return statuses[static_cast<std::size_t>(status)]; }
DeliveryStatus sql_parse(std::string_view text, DeliveryStatus*) { return parse<DeliveryStatus>(text, statuses); }

const Kind* kind_find(std::string_view name) {
  const auto found = std::ranges::find(all_kinds, name, &Kind::name);
  return found == std::end(all_kinds) ? nullptr : found;
}

std::span<const Kind> kinds() { return all_kinds; }

bool is_on_by_default(const Kind& kind, Channel channel, const Reach& reach) {
  switch (channel) {
    case Channel::email: return true;
    case Channel::sms: return kind.urgency == Urgency::urgent || (!reach.email && kind.topic != Topic::reports);
    case Channel::app: return kind.is_shown;
    case Channel::chat: break;
  }
  return false;
}

Instant not_before(Urgency urgency, Channel channel, const Quiet& quiet, const Zone& zone, Instant now) {
  const bool may_at_once = urgency == Urgency::urgent || (urgency == Urgency::reply && channel != Channel::sms);
  const LocalTime local = local_time(zone, now);
  if (may_at_once || !is_quiet(quiet, local.time.minute)) return now;
  const TimeOfDay ends{static_cast<std::int32_t>(quiet.to_minute)};
  const Instant today = instant_of(zone, local.date, ends);
  return today > now ? today : instant_of(zone, local.date + 1, ends);
}

Duration retry_after(std::int64_t attempts) {
  constexpr std::array<Duration, 9> delays{seconds(5), seconds(30), minutes(2), minutes(10), minutes(30),
                                           hours(1),   hours(2),    hours(4),   hours(8)};
  return delays[static_cast<std::size_t>(std::clamp<std::int64_t>(attempts - 1, 0, delays.size() - 1))];
}

bool is_still_so(std::string_view kind, Instant told_starts_at, const VisitNow& visit) {
  if (kind == "appointment_cancelled") return visit.is_cancelled;
  if (kind == "offer_made") return visit.is_pending;
  if (kind == "appointment_booked" || kind == "appointment_moved" || kind == "appointment_reminder")
    return visit.is_booked && visit.starts_at == told_starts_at;
  return true;
}

}  // namespace fairward::notifications
