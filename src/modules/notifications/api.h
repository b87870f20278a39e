// What the notifications' endpoints take and give.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"
#include "platform/api/codec.h"

namespace fairward::notifications {

using MessageId = Id<struct MessageTag>;
using DeliveryId = Id<struct DeliveryTag>;
using Cursor = BoundedText<1, 20>;

// What may be chosen to be told of, and how. account (codes, links to a new password) cannot be turned off.
BOOST_DEFINE_ENUM_CLASS(Topic, bookings, offers, reminders, reports, account)
BOOST_DEFINE_ENUM_CLASS(Channel, email, sms, chat, app)
BOOST_DEFINE_ENUM_CLASS(DeliveryStatus, waiting, sent, failed, dropped)
std::string_view sql_text(Topic topic);
Topic sql_parse(std::string_view text, Topic*);
std::string_view sql_text(Channel channel);
Channel sql_parse(std::string_view text, Channel*);
std::string_view sql_text(DeliveryStatus status);
DeliveryStatus sql_parse(std::string_view text, DeliveryStatus*);

struct NotificationQuery {
  std::optional<bool> unread;  // true: only what has not been read
  BoundedIntOr<1, 50, 20> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(NotificationQuery, (), (unread, limit, cursor))

struct Notification {
  MessageId id;
  std::string kind;
  std::string title, text;  // in the reader's language
  std::optional<std::string> link;
  std::optional<AppointmentId> appointment_id;
  Instant created_at;
  std::optional<Instant> read_at;
};
BOOST_DESCRIBE_STRUCT(Notification, (), (id, kind, title, text, link, appointment_id, created_at, read_at))

struct NotificationList {
  std::vector<Notification> items;
  std::optional<std::string> next;
  std::int64_t unread = 0;  // 100: that many or more
};
BOOST_DESCRIBE_STRUCT(NotificationList, (), (items, next, unread))

struct NotificationPath {
  MessageId id;
};
BOOST_DESCRIBE_STRUCT(NotificationPath, (), (id))

struct ReadMark {
  MessageId up_to;  // this one and all before it
};
BOOST_DESCRIBE_STRUCT(ReadMark, (), (up_to))

struct TopicChoice {
  Topic topic = Topic::bookings;
  bool email = true, sms = false, app = true;
};
BOOST_DESCRIBE_STRUCT(TopicChoice, (), (topic, email, sms, app))

struct QuietHours {
  TimeOfDay from, to;  // equal: none
};
BOOST_DESCRIBE_STRUCT(QuietHours, (), (from, to))

struct Preferences {
  std::string language;
  std::optional<std::string> time_zone;  // of the quiet hours; absent: the hospital's
  QuietHours quiet;
  std::vector<TopicChoice> topics;
};
BOOST_DESCRIBE_STRUCT(Preferences, (), (language, time_zone, quiet, topics))

struct PreferencesUpdate {
  std::optional<BoundedText<2, 10>> language;
  std::optional<BoundedText<1, 64>> time_zone;
  std::optional<QuietHours> quiet;
  std::vector<TopicChoice> topics;  // what is not named stays
};
BOOST_DESCRIBE_STRUCT(PreferencesUpdate, (), (language, time_zone, quiet, topics))

struct DeliveryQuery {
  std::optional<HospitalId> hospital_id;
  std::optional<DeliveryStatus> status;
  BoundedIntOr<1, 100, 50> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(DeliveryQuery, (), (hospital_id, status, limit, cursor))

// How something was told; never what.
struct Delivery {
  DeliveryId id;
  MessageId message_id;
  std::string kind;
  UserId person_id;  // 0: somebody without an account
  std::optional<HospitalId> hospital_id;
  Channel channel = Channel::email;
  DeliveryStatus status = DeliveryStatus::waiting;
  std::int64_t attempts = 0;
  std::optional<std::string> error;
  Instant created_at, due_at;
  std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(Delivery, (),
                      (id, message_id, kind, person_id, hospital_id, channel, status, attempts, error, created_at,
                       due_at, ended_at))

// Where a hospital's own messages go, such as the month's report.
struct HospitalChatPath {
  HospitalId id;
};
BOOST_DESCRIBE_STRUCT(HospitalChatPath, (), (id))
struct HospitalChatUpdate {
  HospitalId id;
  std::optional<BoundedText<0, 2000>> chat_url;  // of a room in the format of Google Chat; absent or empty: none
};
BOOST_DESCRIBE_STRUCT(HospitalChatUpdate, (), (id, chat_url))
struct HospitalChat {
  std::optional<std::string> chat_url;
};
BOOST_DESCRIBE_STRUCT(HospitalChat, (), (chat_url))

// ---- webhooks of developers

using EndpointId = Id<struct EndpointTag>;
using CallId = Id<struct CallTag>;
using EventNames = std::vector<BoundedText<1, 64>>;

struct WebhookCreate {
  BoundedText<1, 2000> url;
  std::optional<EventNames> events;       // "appointment.booked", .moved, .cancelled; absent or empty: all
  std::optional<HospitalId> hospital_id;  // by the platform's administrator; absent: of every hospital
};
BOOST_DESCRIBE_STRUCT(WebhookCreate, (), (url, events, hospital_id))
struct WebhookUpdate {
  EndpointId id;
  std::optional<BoundedText<1, 2000>> url;
  std::optional<EventNames> events;
  std::optional<bool> active;
};
BOOST_DESCRIBE_STRUCT(WebhookUpdate, (), (id, url, events, active))
struct WebhookQuery {
  std::optional<HospitalId> hospital_id;
};
BOOST_DESCRIBE_STRUCT(WebhookQuery, (), (hospital_id))
struct WebhookPath {
  EndpointId id;
};
BOOST_DESCRIBE_STRUCT(WebhookPath, (), (id))
struct WebhookCallPath {
  EndpointId id;
  CallId call_id;
};
BOOST_DESCRIBE_STRUCT(WebhookCallPath, (), (id, call_id))
struct WebhookCallQuery {
  EndpointId id;
  BoundedIntOr<1, 100, 50> limit;
  std::optional<Cursor> cursor;
};
BOOST_DESCRIBE_STRUCT(WebhookCallQuery, (), (id, limit, cursor))

struct Webhook {
  EndpointId id;
  std::optional<HospitalId> hospital_id;
  std::string url;
  std::vector<std::string> events;  // empty: all
  bool active = true;
  std::optional<std::string> stopped_why;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(Webhook, (), (id, hospital_id, url, events, active, stopped_why, created_at))
struct WebhookWithSecret {
  Webhook webhook;
  std::string secret;  // "whsec_…"
};
BOOST_DESCRIBE_STRUCT(WebhookWithSecret, (), (webhook, secret))
struct WebhookList {
  std::vector<Webhook> items;
};
BOOST_DESCRIBE_STRUCT(WebhookList, (), (items))
struct WebhookCall {
  CallId id;
  std::string event;
  DeliveryStatus status = DeliveryStatus::waiting;
  std::int64_t attempts = 0;
  std::optional<std::int64_t> http_status;
  std::optional<std::string> error;
  Instant created_at, due_at;
  std::optional<Instant> ended_at;
};
BOOST_DESCRIBE_STRUCT(WebhookCall, (), (id, event, status, attempts, http_status, error, created_at, due_at, ended_at))

// A private calendar. Who has the address reads it: it can be replaced and taken back.
struct CalendarAddress {
  std::string url;
  Instant created_at;
};
BOOST_DESCRIBE_STRUCT(CalendarAddress, (), (url, created_at))
struct CalendarPath {
  BoundedText<1, 80> file;  // "17-….ics"
};
BOOST_DESCRIBE_STRUCT(CalendarPath, (), (file))

// What would have been sent, where nothing is.
struct SandboxMessage {
  std::int64_t number = 0;
  Instant at;
  Channel channel = Channel::email;
  std::string to, kind, message_id;
  std::optional<std::string> subject;
  std::string text;
  std::optional<std::string> html, calendar;
};
BOOST_DESCRIBE_STRUCT(SandboxMessage, (), (number, at, channel, to, kind, message_id, subject, text, html, calendar))
struct SandboxList {
  std::vector<SandboxMessage> items;  // newest first
};
BOOST_DESCRIBE_STRUCT(SandboxList, (), (items))

}  // namespace fairward::notifications
