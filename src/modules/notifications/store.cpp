#include "modules/notifications/store.h"

#include "sql/notifications.h"

namespace fairward::notifications::store {

namespace q = sql_queries;

void message_insert_later(Txn& txn, const MessageRow& row) {
  txn.exec_later(q::message_insert, row.key, row.kind, row.person, row.hospital, row.facts, row.language, row.secret,
                 row.to_phone, row.to_email, row.is_shown, row.created_at, row.useless_at);
}

bool message_insert(Txn& txn, const MessageRow& row) {
  return txn.exec(q::message_insert, row.key, row.kind, row.person, row.hospital, row.facts, row.language, row.secret,
                  row.to_phone, row.to_email, row.is_shown, row.created_at, row.useless_at) > 0;
}

std::optional<MessageRow> message_by_key(Snapshot& db, std::string_view key) {
  return db.one<MessageRow>(q::message_by_key, key);
}

std::optional<MessageRow> message_find(Snapshot& db, MessageId id) { return db.one<MessageRow>(q::message_find, id); }

std::vector<MessageRow> messages_of(Snapshot& db, UserId person, MessageId before, bool only_unread,
                                    std::int64_t limit) {
  return db.all<MessageRow>(q::message_list, person, before, only_unread, limit);
}

std::int64_t unread_count(Snapshot& db, UserId person, std::int64_t at_most) {
  return db.one<std::int64_t>(q::message_unread, person, at_most).value_or(0);
}

void messages_read(Txn& txn, UserId person, MessageId up_to, Instant now) {
  txn.exec(q::message_read, person, up_to, now);
}

bool message_read(Txn& txn, UserId person, MessageId id, Instant now) {
  return txn.exec(q::message_read_one, person, id, now) > 0;
}

void message_forget_address(Txn& txn, MessageId id) { txn.exec(q::message_forget_address, id); }

std::int64_t prune(Txn& txn, Instant before, std::int64_t count) {
  txn.exec(q::round_prune, before);
  txn.exec(q::call_prune, before, count);
  txn.exec(q::delivery_prune, before, count);
  return txn.exec(q::message_prune, before, count);
}

std::optional<DeliveryId> delivery_insert(Txn& txn, MessageId message, Channel channel, Instant now, Instant due_at) {
  return txn.one<DeliveryId>(q::delivery_insert, message, channel, now, due_at);
}

std::optional<DeliveryRow> delivery_find(Snapshot& db, DeliveryId id) {
  return db.one<DeliveryRow>(q::delivery_find, id);
}

std::optional<DeliveryRow> delivery_lock(Txn& txn, DeliveryId id) { return txn.one<DeliveryRow>(q::delivery_lock, id); }

void delivery_update(Txn& txn, const DeliveryRow& row) {
  txn.exec(q::delivery_update, row.id, row.status, row.attempts, row.error, row.due_at, row.ended_at);
}

std::optional<Instant> delivery_oldest(Snapshot& db) { return db.one<Instant>(q::delivery_oldest); }

std::vector<LogRow> deliveries(Snapshot& db, HospitalId hospital, DeliveryId before,
                               std::optional<DeliveryStatus> status, std::int64_t limit) {
  if (!hospital) return db.all<LogRow>(q::delivery_list, before, status, limit);
  return db.all<LogRow>(q::delivery_list_hospital, hospital, before, status, limit);
}

bool round_has_begun(Snapshot& db, std::string_view kind, std::string_view place, Date on) {
  return db.one<Instant>(q::round_find, kind, place, to_iso(on)).has_value();
}

bool round_begin(Txn& txn, std::string_view kind, std::string_view place, Date on, Instant now) {
  return txn.exec(q::round_insert, kind, place, to_iso(on), now) > 0;
}

std::optional<HospitalRow> hospital_find(Snapshot& db, HospitalId hospital) {
  return db.one<HospitalRow>(q::hospital_find, hospital);
}

void hospital_put(Txn& txn, HospitalId hospital, const HospitalRow& row) {
  txn.exec(q::hospital_put, hospital, row.chat_url, row.changed_by, row.changed_at);
}

EndpointId endpoint_insert(Txn& txn, const EndpointRow& row) {
  return txn
      .one<EndpointId>(q::endpoint_insert, row.hospital, row.made_by, row.url, row.kinds, row.nonce, row.created_at)
      .value();
}

std::optional<EndpointRow> endpoint_find(Snapshot& db, EndpointId id) {
  return db.one<EndpointRow>(q::endpoint_find, id);
}

std::optional<EndpointRow> endpoint_lock(Txn& txn, EndpointId id) { return txn.one<EndpointRow>(q::endpoint_lock, id); }

void endpoint_update(Txn& txn, const EndpointRow& row) {
  txn.exec(q::endpoint_update, row.id, row.url, row.kinds, row.nonce, row.old_nonce, row.old_until, row.is_active,
           row.stopped_why);
}

std::vector<EndpointRow> endpoints_of(Snapshot& db, HospitalId hospital, std::int64_t limit) {
  return db.all<EndpointRow>(q::endpoint_list, hospital, limit);
}

std::optional<CallId> call_insert(Txn& txn, EndpointId endpoint, const std::string& event, std::string_view kind,
                                  const std::string& body, Instant now) {
  return txn.one<CallId>(q::call_insert, endpoint, event, kind, body, now);
}

std::optional<CallRow> call_find(Snapshot& db, CallId id) { return db.one<CallRow>(q::call_find, id); }

std::optional<CallRow> call_lock(Txn& txn, CallId id) { return txn.one<CallRow>(q::call_lock, id); }

void call_update(Txn& txn, const CallRow& row) {
  txn.exec(q::call_update, row.id, row.status, row.attempts, row.http_status, row.error, row.due_at, row.ended_at);
}

std::vector<CallRow> calls_of(Snapshot& db, EndpointId endpoint, CallId before, std::int64_t limit) {
  return db.all<CallRow>(q::call_list, endpoint, before, limit);
}

std::optional<CalendarRow> calendar_find(Snapshot& db, UserId person) {
  return db.one<CalendarRow>(q::calendar_find, person);
}

void calendar_put(Txn& txn, UserId person, const CalendarRow& row) {
  txn.exec(q::calendar_put, person, row.nonce, row.created_at);
}

void calendar_delete(Txn& txn, UserId person) { txn.exec(q::calendar_delete, person); }

std::optional<PersonRow> person_find(Snapshot& db, UserId person) { return db.one<PersonRow>(q::person_find, person); }

void person_put(Txn& txn, UserId person, const PersonRow& row) {
  txn.exec(q::person_put, person, row.language, row.time_zone, row.quiet_from_minute, row.quiet_to_minute);
}

std::vector<PreferenceRow> preferences_of(Snapshot& db, UserId person) {
  return db.all<PreferenceRow>(q::preference_list, person);
}

void preference_put(Txn& txn, UserId person, const PreferenceRow& row) {
  txn.exec(q::preference_put, person, row.topic, row.channel, row.is_on);
}

}  // namespace fairward::notifications::store
