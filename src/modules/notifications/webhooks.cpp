// Developers' webhooks, by the letter of Standard Webhooks: signed, tried for three days, sent again when asked for.
// Payloads name ids and instants; who may know more asks the API.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "modules/notifications/errors.h"
#include "modules/notifications/module.h"
#include "platform/api/row_cursor.h"
#include "platform/crypto/crypto.h"
#include "platform/log/log.h"

namespace fairward::notifications {
namespace {

constexpr std::int64_t endpoints_max = 20;  // of a hospital
constexpr std::size_t nonce_bytes = 18;
constexpr Duration old_secret_good = hours(24);
constexpr int gone = 410;

// From the second try on; together three days.
constexpr std::array<Duration, 10> pauses{seconds(5), minutes(1), minutes(5), minutes(30), hours(2),
                                          hours(5),   hours(10),  hours(14),  hours(16),   hours(24)};

struct EventWord {
  std::string_view kind, event;
};
constexpr EventWord event_words[] = {{"appointment_booked", "appointment.booked"},
                                     {"appointment_moved", "appointment.moved"},
                                     {"appointment_cancelled", "appointment.cancelled"}};

struct EventData {
  AppointmentId appointment_id;
  DoctorId doctor_id;
  HospitalId hospital_id;
  UserId patient_id;
  Instant starts_at, ends_at;
  std::optional<Instant> previous_starts_at;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(EventData, (),
                      (appointment_id, doctor_id, hospital_id, patient_id, starts_at, ends_at, previous_starts_at,
                       version))
struct EventBody {
  std::string type;
  Instant timestamp;
  EventData data;
};
BOOST_DESCRIBE_STRUCT(EventBody, (), (type, timestamp, data))

struct CallResult {
  std::int64_t http_status = 0;  // 0: no answer
  bool is_forbidden = false, is_busy = false, is_stopped = false;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(CallResult, (), (http_status, is_forbidden, is_busy, is_stopped, why))

std::string secret_of(std::string_view key, EndpointId endpoint, std::string_view nonce) {
  const auto digest = crypto::hmac_sha256(key, fmt::format("webhook/{}/{}", endpoint.value, nonce));
  return "whsec_" + crypto::base64(crypto::bytes_of(digest));
}

std::vector<std::string> event_list(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    words.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// nullopt: one of them is no event.
std::optional<std::string> list_of(const std::vector<BoundedText<1, 64>>& kinds) {
  std::string list;
  for (const auto& kind : kinds) {
    if (std::ranges::find(event_words, kind.value, &EventWord::event) == std::end(event_words)) return std::nullopt;
    const auto named = event_list(list);
    if (std::ranges::find(named, kind.value) != named.end()) continue;
    list += (list.empty() ? "" : ",") + kind.value;
  }
  return list;
}

Webhook view_of(const store::EndpointRow& row) {
  Webhook view;
  view.id = row.id;
  if (row.hospital) view.hospital_id = row.hospital;
  view.url = row.url;
  view.events = event_list(row.kinds);
  view.active = row.is_active;
  view.stopped_why = row.stopped_why;
  view.created_at = row.created_at;
  return view;
}

void call_enqueue(Txn& txn, const Call& call, CallId id, Instant due_at) {
  std::string payload;
  api::encode(payload, CallJob{id});
  jobs::enqueue(txn, "notifications.call", due_at, payload, call);
}

}  // namespace

// In the transaction that routes the message.
void Module::webhooks_tell(Txn& txn, Call& call, const store::MessageRow& message) const {
  const auto word = std::ranges::find(event_words, message.kind, &EventWord::kind);
  if (word == std::end(event_words) || !poster_) return;
  auto endpoints = store::endpoints_of(txn, message.hospital, endpoints_max);
  for (auto& one : store::endpoints_of(txn, HospitalId{}, endpoints_max)) endpoints.push_back(std::move(one));
  if (endpoints.empty()) return;
  const auto facts = api::decode<Facts>(message.facts);
  if (!facts || !facts->appointment || !facts->doctor || !facts->starts_at) return;
  std::string body;
  api::encode(body,
              EventBody{std::string(word->event),
                        message.created_at,
                        {*facts->appointment, *facts->doctor, message.hospital, message.person, *facts->starts_at,
                         facts->ends_at.value_or(*facts->starts_at), facts->before_at, facts->version.value_or(0)}});
  for (const auto& endpoint : endpoints) {
    const auto kinds = event_list(endpoint.kinds);
    if (!endpoint.is_active || (!kinds.empty() && std::ranges::find(kinds, word->event) == kinds.end())) continue;
    if (const auto id = store::call_insert(txn, endpoint.id, message.key, word->event, body, call.now))
      call_enqueue(txn, call, *id, call.now);
  }
}

std::string Module::call_outside(const jobs::Job& job) {
  const auto payload = api::decode<CallJob>(job.payload);
  std::optional<store::CallRow> row;
  std::optional<store::EndpointRow> endpoint;
  engine_.read_now([&](Snapshot& db) {
    row = payload ? store::call_find(db, payload->call_id) : std::nullopt;
    endpoint = row ? store::endpoint_find(db, row->endpoint) : std::nullopt;
  });
  CallResult result;
  const Seat seat(sending_, sending_max);
  if (!row || row->status != DeliveryStatus::waiting || !endpoint || !endpoint->is_active || !poster_)
    result.is_stopped = true;
  else if (!seat) result.is_busy = true;
  else {
    const auto [status, is_forbidden, why] = poster_->post(endpoint->url, signed_headers(*endpoint, *row), row->body);
    result = {status, is_forbidden, false, false, why};
  }
  std::string json;
  api::encode(json, result);
  return json;
}

// While a secret is being replaced, both sign.
std::vector<std::pair<std::string, std::string>> Module::signed_headers(const store::EndpointRow& endpoint,
                                                                        const store::CallRow& row) const {
  const Instant now = clock_.now();
  const auto sign = [&](const std::string& nonce) {
    const auto secret = crypto::WebhookSecret::parse(secret_of(options_.secret_key, endpoint.id, nonce));
    return secret->sign(fmt::format("msg_{}", row.id.value), now, row.body);
  };
  auto signed_now = sign(endpoint.nonce);
  if (endpoint.old_nonce && endpoint.old_until && now < *endpoint.old_until)
    signed_now.signature += " " + sign(*endpoint.old_nonce).signature;
  return {{"Content-Type", "application/json"},
          {"webhook-id", signed_now.id},
          {"webhook-timestamp", signed_now.timestamp},
          {"webhook-signature", signed_now.signature}};
}

jobs::End Module::call_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& text) {
  const auto payload = api::decode<CallJob>(job.payload);
  auto row = payload ? store::call_lock(txn, payload->call_id) : std::nullopt;
  const auto result = api::decode<CallResult>(text);
  if (!row || !result || row->status != DeliveryStatus::waiting) return jobs::End::done();
  if (result->is_busy) return jobs::End::again(call.now + milliseconds(300), "");
  if (!result->is_stopped) ++row->attempts;
  row->http_status = result->http_status == 0 ? std::nullopt : std::optional(result->http_status);
  row->error = result->why.empty() ? std::nullopt : std::optional(result->why);
  const bool is_sent = result->http_status >= 200 && result->http_status < 300;
  const bool is_over = is_sent || result->is_stopped || result->is_forbidden || result->http_status == gone ||
                       row->attempts > static_cast<std::int64_t>(pauses.size());
  if (!is_over) {
    row->due_at = call.now + pauses[static_cast<std::size_t>(row->attempts - 1)];
    store::call_update(txn, *row);
    return jobs::End::again(row->due_at, result->why);
  }
  row->status = is_sent ? DeliveryStatus::sent : result->is_stopped ? DeliveryStatus::dropped : DeliveryStatus::failed;
  row->ended_at = call.now;
  store::call_update(txn, *row);
  if (result->http_status == gone) endpoint_stop(txn, row->endpoint, "it answered 410: gone");
  return jobs::End::done();
}

void Module::endpoint_stop(Txn& txn, EndpointId id, const std::string& why) {
  auto endpoint = store::endpoint_lock(txn, id);
  if (!endpoint) return;
  endpoint->is_active = false;
  endpoint->stopped_why = why;
  store::endpoint_update(txn, *endpoint);
  log::warning("notifications: a webhook is called no more", {{"webhook", static_cast<long long>(id.value)}});
}

std::optional<store::EndpointRow> Module::own_endpoint(Txn& txn, const Call& call, EndpointId id) {
  auto row = store::endpoint_lock(txn, id);
  return row && call.reaches({}, row->hospital) ? row : std::nullopt;
}

WebhookWithSecret Module::with_secret(const store::EndpointRow& row) const {
  return {view_of(row), secret_of(options_.secret_key, row.id, row.nonce)};
}

// Errors, in this order: events_unknown, url_refused, webhooks_too_many.
Result<Created<WebhookWithSecret>> Module::webhook_create(Txn& txn, Call& call, const WebhookCreate& body) {
  store::EndpointRow row;
  row.hospital = call.scope == api::Scope::hospital ? call.caller.hospital : body.hospital_id.value_or(HospitalId{});
  row.made_by = call.caller.user;
  row.url = body.url.value;
  row.nonce = call.random->token(nonce_bytes);
  row.is_active = true;
  row.created_at = call.now;
  const auto kinds = list_of(body.events.value_or(std::vector<BoundedText<1, 64>>{}));
  if (!kinds) return fail(events_unknown, {{"/events", "One of them is no event that is told."}});
  row.kinds = *kinds;
  if (poster_)
    if (const std::string fault = poster_->url_fault(row.url); !fault.empty())
      return fail(url_refused, {{"/url", fault}});
  if (static_cast<std::int64_t>(store::endpoints_of(txn, row.hospital, endpoints_max).size()) == endpoints_max)
    return fail(webhooks_too_many);
  row.id = store::endpoint_insert(txn, row);
  return Created<WebhookWithSecret>{with_secret(row), fmt::format("/api/webhooks/{}", row.id.value)};
}

Result<WebhookList> Module::webhook_list(Snapshot& db, Call& call, const WebhookQuery& query) {
  const HospitalId hospital =
      call.scope == api::Scope::hospital ? call.caller.hospital : query.hospital_id.value_or(HospitalId{});
  WebhookList list;
  for (const auto& row : store::endpoints_of(db, hospital, endpoints_max)) list.items.push_back(view_of(row));
  return list;
}

// What is absent stays; active again after it was stopped. Errors, in this order: webhook_not_found, events_unknown,
// url_refused.
Result<Webhook> Module::webhook_update(Txn& txn, Call& call, const WebhookUpdate& body) {
  auto row = own_endpoint(txn, call, body.id);
  if (!row) return fail(webhook_not_found);
  if (body.events) {
    const auto kinds = list_of(*body.events);
    if (!kinds) return fail(events_unknown, {{"/events", "One of them is no event that is told."}});
    row->kinds = *kinds;
  }
  if (body.url) {
    row->url = body.url->value;
    if (poster_)
      if (const std::string fault = poster_->url_fault(row->url); !fault.empty())
        return fail(url_refused, {{"/url", fault}});
  }
  if (body.active) {
    row->is_active = *body.active;
    row->stopped_why = *body.active ? std::nullopt : std::optional<std::string>("stopped by hand");
  }
  store::endpoint_update(txn, *row);
  return view_of(*row);
}

// A new secret; the one before signs as well for a day. Errors: webhook_not_found.
Result<WebhookWithSecret> Module::webhook_secret_put(Txn& txn, Call& call, const WebhookPath& path) {
  auto row = own_endpoint(txn, call, path.id);
  if (!row) return fail(webhook_not_found);
  row->old_nonce = row->nonce;
  row->old_until = call.now + old_secret_good;
  row->nonce = call.random->token(nonce_bytes);
  store::endpoint_update(txn, *row);
  return with_secret(*row);
}

// Errors, in this order: webhook_not_found, list_invalid.
Result<Page<WebhookCall>> Module::webhook_call_list(Snapshot& db, Call& call, const WebhookCallQuery& query) {
  const auto endpoint = store::endpoint_find(db, query.id);
  if (!endpoint || !call.reaches({}, endpoint->hospital)) return fail(webhook_not_found);
  const auto before = api::row_cursor_read<CallId>(query.cursor);
  if (!before) return fail(list_invalid, {{"?cursor", "is not a cursor of this list"}});
  auto rows = store::calls_of(db, query.id, *before, query.limit.value + 1);
  Page<WebhookCall> page;
  page.next = api::page_cut(rows, query.limit.value, [](const auto& row) { return std::to_string(row.id.value); });
  for (const auto& row : rows)
    page.items.push_back({row.id, row.kind, row.status, row.attempts, row.http_status, row.error, row.created_at,
                          row.due_at, row.ended_at});
  return page;
}

// Under the same webhook-id: who has heard it knows it. Errors, in this order: webhook_not_found, call_not_found,
// call_waiting.
Result<Accepted<WebhookCall>> Module::webhook_call_again(Txn& txn, Call& call, const WebhookCallPath& path) {
  const auto endpoint = own_endpoint(txn, call, path.id);
  if (!endpoint) return fail(webhook_not_found);
  auto row = store::call_lock(txn, path.call_id);
  if (!row || row->endpoint != path.id) return fail(call_not_found);
  if (row->status == DeliveryStatus::waiting) return fail(call_waiting);
  row->status = DeliveryStatus::waiting;
  row->attempts = 0;
  row->due_at = call.now;
  row->ended_at = std::nullopt;
  store::call_update(txn, *row);
  call_enqueue(txn, call, row->id, call.now);
  return Accepted<WebhookCall>{{row->id, row->kind, row->status, row->attempts, row->http_status, row->error,
                                row->created_at, row->due_at, row->ended_at}};
}

void Module::webhook_routes(api::Routes& routes) {
  const auto administrators = [](api::Route route) {
    route.allow(api::Role::hospital_admin, api::Scope::hospital).allow(api::Role::platform_admin, api::Scope::all);
    route.for_keys(api::KeyScope::webhooks);
    return route;
  };
  using http::Method;
  administrators(routes.add(Method::post, "/api/webhooks", "webhook_create", this, &Module::webhook_create))
      .summary("Names an address to be called when something happens; answers the secret that signs the calls")
      .describe(
          "Calls are made as Standard Webhooks define: webhook-id, webhook-timestamp, webhook-signature. A call that "
          "is "
          "not answered with 2xx is tried again for three days; 410 ends the webhook.")
      .secret_reply()
      .problems({&events_unknown, &url_refused, &webhooks_too_many});
  administrators(routes.add(Method::get, "/api/webhooks", "webhook_list", this, &Module::webhook_list))
      .summary("The hospital's webhooks; the platform's own, or those of a hospital that is named");
  administrators(routes.add(Method::put, "/api/webhooks/{id}", "webhook_update", this, &Module::webhook_update))
      .summary("Changes a webhook, stops it, or starts it again; what is absent stays")
      .problems({&webhook_not_found, &events_unknown, &url_refused});
  administrators(
      routes.add(Method::put, "/api/webhooks/{id}/secret", "webhook_secret_put", this, &Module::webhook_secret_put))
      .summary("Gives a webhook a new secret; the one before signs as well for a day")
      .secret_reply()
      .problems({&webhook_not_found});
  administrators(
      routes.add(Method::get, "/api/webhooks/{id}/calls", "webhook_call_list", this, &Module::webhook_call_list))
      .summary("The calls of a webhook and what became of them, newest first")
      .problems({&webhook_not_found, &list_invalid});
  administrators(routes.add(Method::post, "/api/webhooks/{id}/calls/{call_id}/again", "webhook_call_again", this,
                            &Module::webhook_call_again))
      .summary("Makes a call again, under the same webhook-id")
      .problems({&webhook_not_found, &call_not_found, &call_waiting});
}

}  // namespace fairward::notifications
