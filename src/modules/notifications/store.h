// Notifications in the database; the only caller of this module's SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/notifications/api.h"
#include "platform/sql/sql.h"

namespace fairward::notifications::store {

// One row of notifications_message, in the order of the queries' columns.
struct MessageRow {
  MessageId id;
  std::string key, kind;
  UserId person;
  HospitalId hospital;
  std::string facts, language, secret;
  std::optional<std::string> to_phone, to_email;
  bool is_shown = false;
  Instant created_at, useless_at;
  std::optional<Instant> read_at;
};
// Without waiting; nothing happens when there is a message of the key. id and read_at are not read.
void message_insert_later(Txn& txn, const MessageRow& row);
bool message_insert(Txn& txn, const MessageRow& row);  // false: there is one
std::optional<MessageRow> message_by_key(Snapshot& db, std::string_view key);
std::optional<MessageRow> message_find(Snapshot& db, MessageId id);
std::vector<MessageRow> messages_of(Snapshot& db, UserId person, MessageId before, bool only_unread,
                                    std::int64_t limit);
std::int64_t unread_count(Snapshot& db, UserId person, std::int64_t at_most);
void messages_read(Txn& txn, UserId person, MessageId up_to, Instant now);
bool message_read(Txn& txn, UserId person, MessageId id, Instant now);  // false: there is none
void message_forget_address(Txn& txn, MessageId id);
// What was made before, at most so much; the deliveries that have ended first.
std::int64_t prune(Txn& txn, Instant before, std::int64_t count);

struct DeliveryRow {
  DeliveryId id;
  MessageId message;
  Channel channel = Channel::email;
  DeliveryStatus status = DeliveryStatus::waiting;
  std::int64_t attempts = 0;
  std::optional<std::string> error;
  Instant created_at, due_at;
  std::optional<Instant> ended_at;
};
std::optional<DeliveryId> delivery_insert(Txn& txn, MessageId message, Channel channel, Instant now, Instant due_at);
std::optional<DeliveryRow> delivery_find(Snapshot& db, DeliveryId id);
std::optional<DeliveryRow> delivery_lock(Txn& txn, DeliveryId id);
void delivery_update(Txn& txn, const DeliveryRow& row);
std::optional<Instant> delivery_oldest(Snapshot& db);

struct LogRow {
  DeliveryId id;
  MessageId message;
  std::string kind;
  UserId person;
  HospitalId hospital;
  Channel channel = Channel::email;
  DeliveryStatus status = DeliveryStatus::waiting;
  std::int64_t attempts = 0;
  std::optional<std::string> error;
  Instant created_at, due_at;
  std::optional<Instant> ended_at;
};
// hospital 0: of all.
std::vector<LogRow> deliveries(Snapshot& db, HospitalId hospital, DeliveryId before,
                               std::optional<DeliveryStatus> status, std::int64_t limit);

bool round_has_begun(Snapshot& db, std::string_view kind, std::string_view place, Date on);
bool round_begin(Txn& txn, std::string_view kind, std::string_view place, Date on, Instant now);  // false: it has begun

struct HospitalRow {
  std::optional<std::string> chat_url;
  UserId changed_by;
  Instant changed_at;
};
std::optional<HospitalRow> hospital_find(Snapshot& db, HospitalId hospital);
void hospital_put(Txn& txn, HospitalId hospital, const HospitalRow& row);

struct EndpointRow {
  EndpointId id;
  HospitalId hospital;
  UserId made_by;
  std::string url, kinds, nonce;
  std::optional<std::string> old_nonce;
  std::optional<Instant> old_until;
  bool is_active = false;
  std::optional<std::string> stopped_why;
  Instant created_at;
};
EndpointId endpoint_insert(Txn& txn, const EndpointRow& row);
std::optional<EndpointRow> endpoint_find(Snapshot& db, EndpointId id);
std::optional<EndpointRow> endpoint_lock(Txn& txn, EndpointId id);
void endpoint_update(Txn& txn, const EndpointRow& row);
std::vector<EndpointRow> endpoints_of(Snapshot& db, HospitalId hospital, std::int64_t limit);

struct CallRow {
  CallId id;
  EndpointId endpoint;
  std::string kind, body;
  DeliveryStatus status = DeliveryStatus::waiting;
  std::int64_t attempts = 0;
  std::optional<std::int64_t> http_status;
  std::optional<std::string> error;
  Instant created_at, due_at;
  std::optional<Instant> ended_at;
};
// nullopt: the address has been told of it.
std::optional<CallId> call_insert(Txn& txn, EndpointId endpoint, const std::string& event, std::string_view kind,
                                  const std::string& body, Instant now);
std::optional<CallRow> call_find(Snapshot& db, CallId id);
std::optional<CallRow> call_lock(Txn& txn, CallId id);
void call_update(Txn& txn, const CallRow& row);
std::vector<CallRow> calls_of(Snapshot& db, EndpointId endpoint, CallId before, std::int64_t limit);

struct CalendarRow {
  std::string nonce;
  Instant created_at;
};
std::optional<CalendarRow> calendar_find(Snapshot& db, UserId person);
void calendar_put(Txn& txn, UserId person, const CalendarRow& row);
void calendar_delete(Txn& txn, UserId person);

struct PersonRow {
  std::optional<std::string> language, time_zone;
  std::int64_t quiet_from_minute = 0, quiet_to_minute = 0, version = 0;
};
std::optional<PersonRow> person_find(Snapshot& db, UserId person);
void person_put(Txn& txn, UserId person, const PersonRow& row);
struct PreferenceRow {
  Topic topic = Topic::bookings;
  Channel channel = Channel::email;
  bool is_on = false;
};
std::vector<PreferenceRow> preferences_of(Snapshot& db, UserId person);
void preference_put(Txn& txn, UserId person, const PreferenceRow& row);

}  // namespace fairward::notifications::store
