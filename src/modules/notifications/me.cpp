// What people ask: what they were told, how they want to be told; and, for administrators, what was delivered.
#include "modules/notifications/errors.h"
#include "modules/notifications/module.h"
#include "platform/api/row_cursor.h"

namespace fairward::notifications {
namespace {

constexpr std::int64_t unread_shown_max = 100;

Failed cursor_wrong() { return fail(list_invalid, {{"?cursor", "is not a cursor of this list"}}); }

TopicChoice defaults_of(Topic topic) {
  const bool is_urgent = topic == Topic::offers || topic == Topic::account;
  return {topic, true, is_urgent, topic != Topic::account};
}

void choose(TopicChoice& choice, Channel channel, bool is_on) {
  if (channel == Channel::email) choice.email = is_on;
  if (channel == Channel::sms) choice.sms = is_on;
  if (channel == Channel::app) choice.app = is_on;
}

}  // namespace

Notification Module::notification_of(Snapshot& db, const store::MessageRow& row, Instant now) const {
  Notification item;
  item.id = row.id;
  item.kind = row.kind;
  item.created_at = row.created_at;
  item.read_at = row.read_at;
  const auto letter = letter_of(db, row);
  if (!letter) return item;
  item.appointment_id = letter->facts.appointment;
  if (const auto words = words_of(*letter, "", now)) {
    item.title = words->subject;
    item.text = words->brief;
  }
  if (const std::string link = link_of(*letter, ""); !link.empty() && letter->message.secret.empty())
    item.link = link.substr(options_.public_url.size());
  return item;
}

// What the caller has been told, newest first, in the caller's language. Errors: list_invalid.
Result<NotificationList> Module::notification_list(Snapshot& db, Call& call, const NotificationQuery& query) {
  const auto before = api::row_cursor_read<MessageId>(query.cursor);
  if (!before) return cursor_wrong();
  call.watch("notification/" + std::to_string(call.caller.user.value));
  auto rows = store::messages_of(db, call.caller.user, *before, query.unread.value_or(false), query.limit.value + 1);
  NotificationList list;
  list.next = api::page_cut(rows, query.limit.value, [](const auto& row) { return std::to_string(row.id.value); });
  for (const auto& row : rows) list.items.push_back(notification_of(db, row, call.now));
  list.unread = store::unread_count(db, call.caller.user, unread_shown_max);
  return list;
}

// Errors: notification_not_found.
Result<NoContent> Module::notification_read(Txn& txn, Call& call, const NotificationPath& path) {
  if (!store::message_read(txn, call.caller.user, path.id, call.now)) return fail(notification_not_found);
  return NoContent{};
}

Result<NoContent> Module::notifications_read(Txn& txn, Call& call, const ReadMark& body) {
  store::messages_read(txn, call.caller.user, body.up_to, call.now);
  return NoContent{};
}

Preferences Module::preferences_of(Snapshot& db, UserId person) const {
  const auto chosen = store::person_find(db, person);
  const Quiet quiet = chosen ? Quiet{chosen->quiet_from_minute, chosen->quiet_to_minute} : Quiet{};
  Preferences preferences;
  preferences.language = chosen && chosen->language ? *chosen->language : options_.language;
  if (chosen) preferences.time_zone = chosen->time_zone;
  preferences.quiet = {{static_cast<std::int32_t>(quiet.from_minute)}, {static_cast<std::int32_t>(quiet.to_minute)}};
  for (const Topic topic : {Topic::bookings, Topic::offers, Topic::reminders, Topic::reports, Topic::account})
    preferences.topics.push_back(defaults_of(topic));
  for (const auto& row : store::preferences_of(db, person))
    choose(preferences.topics[static_cast<std::size_t>(row.topic)], row.channel, row.is_on);
  return preferences;
}

Result<Preferences> Module::preferences_get(Snapshot& db, Call& call, const api::Empty&) {
  return preferences_of(db, call.caller.user);
}

// What is not named stays; a matter of the account cannot be turned off. Errors: preferences_invalid.
Result<Preferences> Module::preferences_put(Txn& txn, Call& call, const PreferencesUpdate& body) {
  store::PersonRow row = store::person_find(txn, call.caller.user).value_or(store::PersonRow{});
  if (row.version == 0) row.quiet_from_minute = Quiet{}.from_minute, row.quiet_to_minute = Quiet{}.to_minute;
  if (body.language) {
    const std::string& code = body.language->value;
    if (language_find(code).code != code.substr(0, code.find('-')))
      return fail(preferences_invalid, {{"/language", "There are no words in this language."}});
    row.language = language_find(code).code;
  }
  if (body.time_zone) {
    if (!zone_find(body.time_zone->value))
      return fail(preferences_invalid, {{"/time_zone", "This is not the name of a time zone."}});
    row.time_zone = body.time_zone->value;
  }
  if (body.quiet) {
    row.quiet_from_minute = body.quiet->from.minute;
    row.quiet_to_minute = body.quiet->to.minute;
  }
  store::person_put(txn, call.caller.user, row);
  for (const TopicChoice& choice : body.topics) {
    if (choice.topic == Topic::account) continue;
    store::preference_put(txn, call.caller.user, {choice.topic, Channel::email, choice.email});
    store::preference_put(txn, call.caller.user, {choice.topic, Channel::sms, choice.sms});
    store::preference_put(txn, call.caller.user, {choice.topic, Channel::app, choice.app});
  }
  return preferences_of(txn, call.caller.user);
}

// Errors: list_invalid.
Result<Page<Delivery>> Module::delivery_list(Snapshot& db, Call& call, const DeliveryQuery& query) {
  const auto before = api::row_cursor_read<DeliveryId>(query.cursor);
  if (!before) return cursor_wrong();
  const HospitalId hospital =
      call.scope == api::Scope::hospital ? call.caller.hospital : query.hospital_id.value_or(HospitalId{});
  auto rows = store::deliveries(db, hospital, *before, query.status, query.limit.value + 1);
  Page<Delivery> page;
  page.next = api::page_cut(rows, query.limit.value, [](const auto& row) { return std::to_string(row.id.value); });
  for (const auto& row : rows)
    page.items.push_back({row.id, row.message, row.kind, row.person,
                          row.hospital ? std::optional(row.hospital) : std::nullopt, row.channel, row.status,
                          row.attempts, row.error, row.created_at, row.due_at, row.ended_at});
  call.concerns_all(page.items, &Delivery::person_id);
  return page;
}

// Errors: no_sandbox.
Result<SandboxList> Module::sandbox_list(Call&, const api::Empty&) {
  if (!options_.is_sandbox) return fail(no_sandbox);
  return sandbox_.list();
}

}  // namespace fairward::notifications
