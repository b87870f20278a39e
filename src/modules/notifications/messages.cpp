// What happens becomes a message: a row and a job, in the transaction in which it happens. The job then decides by
// which ways it is told, and when.
#include <fmt/format.h>

#include "modules/notifications/module.h"
#include "platform/log/log.h"

namespace fairward::notifications {
namespace {

constexpr Duration account_useful = days(7);
constexpr Duration code_useful = minutes(10);
constexpr Duration refund_useful = days(7);
constexpr Duration wait_useful = days(1);
constexpr Duration cancelled_useful = days(1);
constexpr std::size_t key_random_bytes = 16;

std::string_view kind_of(booking::NoticeKind kind) {
  switch (kind) {
    case booking::NoticeKind::booked: return "appointment_booked";
    case booking::NoticeKind::offered: return "offer_made";
    case booking::NoticeKind::moved: return "appointment_moved";
    case booking::NoticeKind::unserved: return "wait_unserved";
    case booking::NoticeKind::expired: return "wait_expired";
    case booking::NoticeKind::lapsed: return "offer_lapsed";
    case booking::NoticeKind::cancelled: break;
  }
  return "appointment_cancelled";
}

void job_enqueue(Txn& txn, const Call& call, const std::string& key, Instant due_at) {
  std::string payload;
  api::encode(payload, MessageJob{key});
  jobs::enqueue(txn, "notifications.route", due_at, payload, call);
}

}  // namespace

Module::Module(sql::Engine& engine, const Clock& clock, Entropy& entropy, http::Client& client,
               booking::Booking& booking, billing::Billing& billing, NotificationOptions options)
    : engine_(engine), clock_(clock), entropy_(entropy), client_(client), options_(std::move(options)) {
  if (options_.resolver) poster_.emplace(client_, *options_.resolver, options_.allowed_networks);
  booking.on_notice([this](Txn& txn, Call& call, const booking::Notice& notice) { visit_noticed(txn, call, notice); });
  billing.on_refunded([this](Txn& txn, Call& call, const billing::Payment& payment) { refunded(txn, call, payment); });
}

std::unique_ptr<Notifications> make_notifications(sql::Engine& engine, const Clock& clock, Entropy& entropy,
                                                  http::Client& client, booking::Booking& booking,
                                                  billing::Billing& billing, NotificationOptions options) {
  return std::make_unique<Module>(engine, clock, entropy, client, booking, billing, std::move(options));
}

// Under the doctor's lock: nothing is waited for.
void Module::tell(Txn& txn, const Call& call, store::MessageRow row, const Facts& facts) {
  const Kind* kind = kind_find(row.kind);
  row.is_shown = kind && kind->is_shown && row.person;
  row.created_at = call.now;
  api::encode(row.facts, facts);
  store::message_insert_later(txn, row);
  job_enqueue(txn, call, row.key, call.now);
}

// A wait ends once.
void Module::wait_noticed(Txn& txn, const Call& call, const booking::Notice& notice) {
  store::MessageRow row;
  row.kind = kind_of(notice.kind);
  row.key = fmt::format("{}/{}", row.kind, notice.wait.value);
  row.person = notice.patient;
  row.hospital = notice.hospital;
  row.useless_at = call.now + wait_useful;
  Facts facts;
  facts.doctor = notice.doctor;
  facts.wait = notice.wait;
  tell(txn, call, std::move(row), facts);
}

// The version of the appointment is the deed: a turn that is run again writes the same.
void Module::visit_noticed(Txn& txn, Call& call, const booking::Notice& notice) {
  if (notice.wait) return wait_noticed(txn, call, notice);
  store::MessageRow row;
  row.kind = kind_of(notice.kind);
  row.key = fmt::format("{}/{}/{}", row.kind, notice.appointment.value, notice.version);
  row.person = notice.patient;
  row.hospital = notice.hospital;
  Facts facts;
  facts.appointment = notice.appointment;
  facts.doctor = notice.doctor;
  facts.starts_at = notice.starts_at;
  facts.ends_at = notice.ends_at;
  facts.before_at = notice.before_at;
  facts.until = notice.expires_at;
  facts.version = notice.version;
  row.useless_at = notice.kind == booking::NoticeKind::cancelled ? notice.starts_at + cancelled_useful
                                                                 : notice.expires_at.value_or(notice.starts_at);
  tell(txn, call, std::move(row), facts);
}

void Module::refunded(Txn& txn, Call& call, const billing::Payment& payment) {
  if (payment.payable_kind != "appointment") return;
  store::MessageRow row;
  row.kind = "refund_done";
  row.key = fmt::format("{}/{}", row.kind, payment.id.value);
  row.person = payment.payer;
  row.useless_at = call.now + refund_useful;
  Facts facts;
  facts.appointment = AppointmentId{payment.payable_id};
  facts.amount_minor = payment.amount_minor;
  facts.currency = payment.currency;
  tell(txn, call, std::move(row), facts);
}

void Module::take(Txn& txn, const AccountMessage& message) {
  Call call;
  call.now = clock_.now();
  const Kind* kind = kind_find(message.kind);
  if (!kind) {
    log::error("notifications: a kind of message without words", {{"kind", message.kind}});
    return;
  }
  store::MessageRow row;
  row.kind = message.kind;
  row.key = fmt::format("{}/{}", message.kind, entropy_.token(key_random_bytes));
  row.person = message.person.value_or(UserId{});
  row.language = message.language;
  row.secret = message.secret;
  row.to_phone = message.phone;
  row.to_email = message.email;
  row.useless_at = call.now + (message.kind.starts_with("login_code") ? code_useful : account_useful);
  Facts facts;
  if (!message.values.empty()) facts.words.emplace();
  for (const auto& [name, text] : message.values) facts.words->push_back({name, text});
  tell(txn, call, std::move(row), facts);
}

// The address that came with the message is the one that was proved or asked for; else the person's own.
Reader Module::reader_of(Snapshot& db, const store::MessageRow& message) const {
  Reader reader{"", message.language, message.to_phone, message.to_email};
  if (message.person) {
    const auto contact = identity::contact_find(db, message.person);
    if (contact) reader.name = contact->name;
    if (contact && !reader.phone && !reader.email) {
      reader.phone = contact->phone;
      reader.email = contact->email;
    }
    const auto chosen = store::person_find(db, message.person);
    if (reader.language.empty() && chosen && chosen->language) reader.language = *chosen->language;
  }
  if (reader.language.empty()) reader.language = options_.language;
  return reader;
}

// The wall that quiet hours are read from: the person's own, else the hospital's.
const Zone& Module::zone_of(Snapshot& db, HospitalId hospital, UserId person) const {
  const auto chosen = person ? store::person_find(db, person) : std::nullopt;
  std::optional<std::string> name = chosen ? chosen->time_zone : std::nullopt;
  if (!name && hospital) name = directory::hospital_time_zone(db, hospital);
  const Zone* zone = name ? zone_find(*name) : nullptr;
  return zone ? *zone : utc();
}

bool Module::can_send(Channel channel, const Reader& reader) const {
  const bool is_sandbox = options_.is_sandbox;
  if (channel == Channel::chat) return is_sandbox || poster_;
  if (channel == Channel::email)
    return reader.email && mail::address_valid(*reader.email) && (is_sandbox || options_.mailer);
  return channel == Channel::sms && reader.phone && (is_sandbox || !options_.sms_url.empty());
}

bool Module::is_wanted(Snapshot& db, const store::MessageRow& message, const Kind& kind, Channel channel,
                       const Reader& reader) const {
  const Template* words = template_find(language_find(reader.language), kind.name);
  if (channel == Channel::sms && (!words || words->sms.empty())) return false;
  if (channel == Channel::chat) return true;
  // A login code goes to where it was asked for, and an account's matters cannot be turned off.
  if (message.to_phone || message.to_email) return true;
  if (message.person && kind.topic != Topic::account)
    for (const auto& choice : store::preferences_of(db, message.person))
      if (choice.topic == kind.topic && choice.channel == channel) return choice.is_on;
  return is_on_by_default(kind, channel, {reader.email.has_value(), reader.phone.has_value()});
}

jobs::End Module::route(Txn& txn, Call& call, const jobs::Job& job) const {
  const auto payload = api::decode<MessageJob>(job.payload);
  const auto message = payload ? store::message_by_key(txn, payload->key) : std::nullopt;
  const Kind* kind = message ? kind_find(message->kind) : nullptr;
  if (!kind || call.now >= message->useless_at) return jobs::End::done();
  const Reader reader = reader_of(txn, *message);
  const auto chosen = message->person ? store::person_find(txn, message->person) : std::nullopt;
  const Quiet quiet = chosen ? Quiet{chosen->quiet_from_minute, chosen->quiet_to_minute} : Quiet{};
  const bool is_of_room = !message->person && kind->topic == Topic::reports;  // a hospital's own, for its chat
  for (const Channel channel : {Channel::email, Channel::sms, Channel::chat}) {
    if (is_of_room != (channel == Channel::chat) || !can_send(channel, reader) ||
        !is_wanted(txn, *message, *kind, channel, reader))
      continue;
    const Zone& zone = zone_of(txn, message->hospital, message->person);
    const Instant due_at = not_before(kind->urgency, channel, quiet, zone, call.now);
    const auto delivery = store::delivery_insert(txn, message->id, channel, call.now, due_at);
    if (!delivery) continue;
    std::string send;
    api::encode(send, DeliveryJob{*delivery});
    jobs::enqueue(txn, "notifications.send", due_at, send, call);
  }
  webhooks_tell(txn, call, *message);
  if (message->person)
    txn.emit({fmt::format("notification/{}", message->person.value), "notifications.message_added", "{}"});
  return jobs::End::done();
}

}  // namespace fairward::notifications
