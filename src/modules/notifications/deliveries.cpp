// Carries messages outside: a durable job for each way, tried again after pauses that grow, given up after some tries
// or when it is of no use any more. A message that is sent twice, because nobody knows whether the first was taken,
// bears the same id both times.
#include <fmt/format.h>

#include "modules/notifications/module.h"
#include "platform/log/log.h"

namespace fairward::notifications {
namespace {

constexpr Duration silence_length = seconds(10);  // after a server that did not answer
constexpr Duration busy_length = milliseconds(300);
constexpr Duration kept = days(180);
constexpr std::int64_t prune_at_once = 500;
constexpr int sms_timeout_ms = 10'000;

// Of the gateway that takes SMS as JSON.
struct SmsRequest {
  std::string id, to, text;
};
BOOST_DESCRIBE_STRUCT(SmsRequest, (), (id, to, text))

std::string result_of(Attempt attempt) {
  std::string json;
  api::encode(json, attempt);
  return json;
}

std::string id_of(const Letter& letter) { return fmt::format("message-{}", letter.message.id.value); }

}  // namespace

void Module::jobs(jobs::Jobs& jobs) {
  // Many to a commit: a rush of bookings is a rush of these.
  jobs.handle_many("notifications.route", {}, [this](Txn& txn, Call& call, const jobs::Job& job, const std::string&) {
    return route(txn, call, job);
  });
  jobs.handle(
      "notifications.send", [this](const jobs::Job& job) { return send_outside(job); },
      [this](Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
        return send_inside(txn, call, job, result);
      });
  jobs.every("notifications.queue", seconds(15), [this](Instant) { look_at_queue(); });
  jobs.handle("notifications.remind", {}, [this](Txn& txn, Call& call, const jobs::Job& job, const std::string&) {
    return remind_inside(txn, call, job);
  });
  jobs.every("notifications.reminders", minutes(1), [this](Instant now) { reminders_tick(now); });
  jobs.handle(
      "notifications.call", [this](const jobs::Job& job) { return call_outside(job); },
      [](Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
        return call_inside(txn, call, job, result);
      });
  jobs.handle("notifications.report", {}, [](Txn& txn, Call& call, const jobs::Job& job, const std::string&) {
    return report_inside(txn, call, job);
  });
  jobs.every("notifications.reports", minutes(10), [this](Instant now) { reports_tick(now); });
  jobs.every("notifications.prune", hours(1), [this](Instant) { prune(); });
}

std::string Module::send_outside(const jobs::Job& job) {
  const auto payload = api::decode<DeliveryJob>(job.payload);
  std::optional<store::DeliveryRow> delivery;
  std::optional<Letter> letter;
  engine_.read_now([&](Snapshot& db) {
    delivery = payload ? store::delivery_find(db, payload->delivery_id) : std::nullopt;
    auto message = delivery ? store::message_find(db, delivery->message) : std::nullopt;
    letter = message ? letter_of(db, std::move(*message)) : std::nullopt;
  });
  if (!delivery || delivery->status != DeliveryStatus::waiting) return result_of({Outcome::dropped, ""});
  if (!letter) return result_of({Outcome::refused, "its facts cannot be read"});
  return result_of(send(*delivery, *letter, job));
}

Attempt Module::send(const store::DeliveryRow& delivery, const Letter& letter, const jobs::Job& job) {
  const Instant now = clock_.now();
  if (!is_of_use(letter, now)) return {Outcome::dropped, "it was of no use any more"};
  std::string secret;
  if (!letter.message.secret.empty()) {
    auto told = secret_ ? secret_(letter.message.secret, now) : std::nullopt;
    if (!told) return {Outcome::dropped, "its secret has expired"};
    secret = std::move(*told);
  }
  const auto words = words_of(letter, secret, now);
  if (!words) return {Outcome::refused, "there are no words for it"};
  if (options_.is_sandbox) {
    sandbox(letter, *words, delivery.channel);
    return {};
  }
  auto& silent_until_ms = silent_until_ms_[static_cast<std::size_t>(delivery.channel)];
  const Seat seat(sending_, sending_max);
  if (!seat || now.ms < silent_until_ms.load()) return {Outcome::busy, ""};
  const Attempt attempt = delivery.channel == Channel::email  ? email(letter, *words)
                          : delivery.channel == Channel::chat ? chat(letter, *words, job)
                                                              : sms(letter, *words, job);
  if (attempt.is_silent) silent_until_ms = (now + silence_length).ms;
  return attempt;
}

Attempt Module::email(const Letter& letter, const Rendered& words) {
  if (!options_.mailer || !letter.reader.email) return {Outcome::refused, "there is no address or no server for it"};
  mail::Message message;
  message.id = id_of(letter);
  message.from = options_.from;
  message.to = {letter.reader.name, *letter.reader.email};
  message.subject = words.subject;
  message.language = language_find(letter.reader.language).code;
  message.text = words.text;
  message.html = words.html;
  message.at = letter.message.created_at;
  if (auto file = invitation_of(letter)) message.attachments.push_back(std::move(*file));
  const mail::Sent sent = options_.mailer->send(message);
  switch (sent.verdict) {
    case mail::Verdict::sent: return {};
    case mail::Verdict::again: return {Outcome::again, sent.why, sent.is_silent};
    case mail::Verdict::refused: break;
  }
  return {Outcome::refused, sent.why};
}

// The gateway knows a second copy by its Idempotency-Key.
Attempt Module::sms(const Letter& letter, const Rendered& words, const jobs::Job& job) {
  if (options_.sms_url.empty() || !letter.reader.phone) return {Outcome::refused, "there is no number or no gateway"};
  http::OutgoingRequest request{http::Method::post, options_.sms_url, {}, {}, sms_timeout_ms};
  api::encode(request.body, SmsRequest{id_of(letter), *letter.reader.phone, words.sms});
  request.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", id_of(letter)}};
  if (!options_.sms_key.empty()) request.headers.emplace_back("Authorization", "Bearer " + options_.sms_key);
  if (!job.trace.empty()) request.headers.emplace_back("traceparent", job.trace);
  std::string why;
  const auto response = client_.call(request, &why);
  if (!response) return {Outcome::again, why, true};
  if (response->status >= 200 && response->status < 300) return {};
  const bool is_for_ever = response->status >= 400 && response->status < 500 && response->status != 401 &&
                           response->status != 403 && response->status != 408 && response->status != 429;
  return {is_for_ever ? Outcome::refused : Outcome::again, fmt::format("the gateway answered {}", response->status)};
}

// A room that is gone is gone; what is not public is not called at all.
Attempt Module::chat(const Letter& letter, const Rendered& words, const jobs::Job& job) {
  if (!letter.chat_url || !poster_ || !letter.facts.report) return {Outcome::dropped, "the hospital has no chat room"};
  const std::string body = report_card(letter, words, language_find(letter.reader.language));
  std::vector<std::pair<std::string, std::string>> headers{{"Content-Type", "application/json; charset=UTF-8"},
                                                           {"Idempotency-Key", id_of(letter)}};
  if (!job.trace.empty()) headers.emplace_back("traceparent", job.trace);
  const mail::PostResult result = poster_->post(*letter.chat_url, headers, body);
  if (result.is_forbidden) return {Outcome::refused, result.why};
  if (result.status == 0) return {Outcome::again, result.why};
  if (result.status >= 200 && result.status < 300) return {};
  const bool is_gone = result.status == 404 || result.status == 410 || result.status == 400;
  return {is_gone ? Outcome::refused : Outcome::again, fmt::format("the chat answered {}", result.status)};
}

void Module::sandbox(const Letter& letter, const Rendered& words, Channel channel) {
  SandboxMessage message;
  message.at = clock_.now();
  message.channel = channel;
  message.kind = letter.message.kind;
  message.message_id = id_of(letter);
  if (channel == Channel::chat) {
    message.to = "chat";
    if (letter.facts.report) message.text = report_card(letter, words, language_find(letter.reader.language));
  } else if (channel == Channel::sms) {
    message.to = letter.reader.phone.value_or("");
    message.text = words.sms;
  } else {
    message.to = letter.reader.email.value_or("");
    message.subject = words.subject;
    message.text = words.text;
    message.html = words.html;
    if (const auto file = invitation_of(letter)) message.calendar = file->content;
  }
  sandbox_.keep(std::move(message));
}

jobs::End Module::send_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result) {
  const auto payload = api::decode<DeliveryJob>(job.payload);
  auto delivery = payload ? store::delivery_lock(txn, payload->delivery_id) : std::nullopt;
  const auto attempt = api::decode<Attempt>(result);
  if (!delivery || !attempt || delivery->status != DeliveryStatus::waiting) return jobs::End::done();
  if (attempt->outcome == Outcome::busy) return jobs::End::again(call.now + busy_length, "");
  if (attempt->outcome != Outcome::dropped) ++delivery->attempts;
  delivery->error = attempt->why.empty() ? std::nullopt : std::optional(attempt->why);
  const bool is_again = attempt->outcome == Outcome::again && delivery->attempts < attempts_max;
  if (is_again) {
    delivery->due_at = call.now + retry_after(delivery->attempts);
    store::delivery_update(txn, *delivery);
    txn.on_commit([this, channel = delivery->channel] { count(channel, DeliveryStatus::waiting); });
    return jobs::End::again(delivery->due_at, attempt->why);
  }
  delivery->status = attempt->outcome == Outcome::sent      ? DeliveryStatus::sent
                     : attempt->outcome == Outcome::dropped ? DeliveryStatus::dropped
                                                            : DeliveryStatus::failed;
  delivery->ended_at = call.now;
  store::delivery_update(txn, *delivery);
  store::message_forget_address(txn, delivery->message);
  txn.on_commit([this, channel = delivery->channel, status = delivery->status] { count(channel, status); });
  if (delivery->status == DeliveryStatus::failed)
    log::warning("notifications: a message could not be delivered",
                 {{"delivery", static_cast<long long>(delivery->id.value)}, {"error", attempt->why}});
  return jobs::End::done();
}

void Module::count(Channel channel, DeliveryStatus status) {
  if (auto* counter = counted_[static_cast<std::size_t>(channel)][static_cast<std::size_t>(status)]) counter->add();
}

void Module::measure(metrics::Metrics& metrics) {
  for (const Channel channel : {Channel::email, Channel::sms, Channel::chat})
    for (const DeliveryStatus status :
         {DeliveryStatus::waiting, DeliveryStatus::sent, DeliveryStatus::failed, DeliveryStatus::dropped})
      counted_[static_cast<std::size_t>(channel)][static_cast<std::size_t>(status)] = &metrics.counter(
          "fairward_notifications_total", "What became of deliveries by this node; again: to be tried once more.",
          fmt::format("channel=\"{}\",status=\"{}\"", sql_text(channel),
                      status == DeliveryStatus::waiting ? "again" : sql_text(status)));
  metrics.gauge("fairward_notifications_queue_age_seconds",
                "How long the delivery that has waited longest is overdue; 0 when none is.", [this] {
                  const std::int64_t due = oldest_due_ms_;
                  return due == 0 ? 0.0 : std::max(0.0, double(clock_.now().ms - due) / 1000);
                });
}

void Module::look_at_queue() {
  engine_.read(
      [this](Snapshot& db) {
        const auto oldest = store::delivery_oldest(db);
        oldest_due_ms_ = oldest ? oldest->ms : 0;
      },
      [](sql::Outcome) {});
}

void Module::prune() {
  engine_.write(
      0,
      [before = clock_.now() - kept](Txn& txn) {
        store::prune(txn, before, prune_at_once);
        return true;
      },
      [](sql::Outcome) {});
}

}  // namespace fairward::notifications
