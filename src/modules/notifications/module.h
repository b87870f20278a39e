// The module at work. messages.cpp takes what happens, deliveries.cpp carries it outside, me.cpp answers people.
#pragma once

#include <array>
#include <atomic>

#include "modules/notifications/api.h"
#include "modules/notifications/calendar_file.h"
#include "modules/notifications/notifications.h"
#include "modules/notifications/render.h"
#include "modules/notifications/rules.h"
#include "modules/notifications/sandbox.h"
#include "modules/notifications/store.h"

namespace fairward::notifications {

struct MessageJob {
  std::string key;
};
BOOST_DESCRIBE_STRUCT(MessageJob, (), (key))
struct CallJob {
  CallId call_id;
};
BOOST_DESCRIBE_STRUCT(CallJob, (), (call_id))
struct DeliveryJob {
  DeliveryId delivery_id;
};
BOOST_DESCRIBE_STRUCT(DeliveryJob, (), (delivery_id))

// What the outside step of a delivery did; a job carries it as JSON to its inside step.
BOOST_DEFINE_ENUM_CLASS(Outcome, sent, again, refused, dropped, busy)
struct Attempt {
  Outcome outcome = Outcome::sent;
  std::string why;         // nothing of the message, no address
  bool is_silent = false;  // nobody answered
};
BOOST_DESCRIBE_STRUCT(Attempt, (), (outcome, why, is_silent))

// Who is told, and how they want it.
struct Reader {
  std::string name, language;
  std::optional<std::string> phone, email;
};

// A message with everything that its words need.
struct Letter {
  store::MessageRow message;
  Facts facts;
  Reader reader;
  std::optional<booking::Visit> visit;
  std::optional<directory::Practice> practice;
  std::string hospital_name;                     // of a report
  std::map<DoctorId, std::string> doctor_names;  // of a report
  std::optional<std::string> chat_url;           // of a hospital's own message
};

// One of the few that may send at a time, as long as it lives.
class Seat {
 public:
  Seat(std::atomic<int>& taken, int most) : taken_(taken), is_taken_(taken.fetch_add(1) < most) {}
  ~Seat() { taken_.fetch_sub(1); }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  explicit operator bool() const { return is_taken_; }

 private:
  std::atomic<int>& taken_;
  const bool is_taken_;
};

class Module final : public Notifications {
 public:
  Module(sql::Engine& engine, const Clock& clock, Entropy& entropy, http::Client& client, booking::Booking& booking,
         billing::Billing& billing, NotificationOptions options);

  void routes(api::Routes& routes) override;
  void jobs(jobs::Jobs& jobs) override;
  void measure(metrics::Metrics& metrics) override;
  void take(Txn& txn, const AccountMessage& message) override;
  void secret(Secret secret) override { secret_ = std::move(secret); }

 private:
  // messages.cpp
  void wait_noticed(Txn& txn, const Call& call, const booking::Notice& notice);
  void visit_noticed(Txn& txn, Call& call, const booking::Notice& notice);
  void refunded(Txn& txn, Call& call, const billing::Payment& payment);
  static void tell(Txn& txn, const Call& call, store::MessageRow row, const Facts& facts);
  jobs::End route(Txn& txn, Call& call, const jobs::Job& job) const;
  Reader reader_of(Snapshot& db, const store::MessageRow& message) const;
  const Zone& zone_of(Snapshot& db, HospitalId hospital, UserId person) const;
  bool is_wanted(Snapshot& db, const store::MessageRow& message, const Kind& kind, Channel channel,
                 const Reader& reader) const;
  bool can_send(Channel channel, const Reader& reader) const;

  // letters.cpp
  std::optional<Letter> letter_of(Snapshot& db, store::MessageRow message) const;
  static bool is_of_use(const Letter& letter, Instant now);
  Values values_of(const Letter& letter, const Language& language, Instant now) const;
  std::string link_of(const Letter& letter, const std::string& secret) const;
  std::optional<Rendered> words_of(const Letter& letter, const std::string& secret, Instant now) const;
  std::optional<mail::Attachment> invitation_of(const Letter& letter) const;

  // deliveries.cpp
  std::string send_outside(const jobs::Job& job);
  Attempt send(const store::DeliveryRow& delivery, const Letter& letter, const jobs::Job& job);
  Attempt email(const Letter& letter, const Rendered& words);
  Attempt chat(const Letter& letter, const Rendered& words, const jobs::Job& job);
  Attempt sms(const Letter& letter, const Rendered& words, const jobs::Job& job);
  void sandbox(const Letter& letter, const Rendered& words, Channel channel);
  jobs::End send_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& result);
  void count(Channel channel, DeliveryStatus status);
  void look_at_queue();
  void prune();

  // reminders.cpp
  Instant reminders_due(const Zone& zone, Date on) const;
  std::vector<Date> reminder_days(const Zone& zone, Instant now) const;
  void reminders_tick(Instant now);
  void round_begin(const std::string& zone, Date on);
  static bool is_to_be_reminded(Snapshot& db, const booking::BookedVisit& one, Instant due);
  static void remind(Txn& txn, Call& call, const booking::BookedVisit& one);
  jobs::End remind_inside(Txn& txn, Call& call, const jobs::Job& job);

  // feeds.cpp
  Result<CalendarAddress> calendar_get(Snapshot& db, Call& call, const api::Empty&);
  Result<CalendarAddress> calendar_put(Txn& txn, Call& call, const api::Empty&);
  Result<NoContent> calendar_delete(Txn& txn, Call& call, const api::Empty&);
  Result<Serialized<std::string>> calendar_file_get(Snapshot& db, Call& call, const CalendarPath& path);
  CalendarAddress address_of(UserId person, const store::CalendarRow& row) const;
  CalendarEvent event_of(Snapshot& db, const booking::BookedVisit& one, const Language& language,
                         bool is_doctors) const;

  // reports.cpp
  void reports_tick(Instant now);
  void report_begin(const std::string& zone, Date month);
  static void report_enqueue(Txn& txn, const Call& call, const std::pair<std::string, Date>& what,
                             HospitalId after = {});
  static void report_tell(Txn& txn, Call& call, HospitalId hospital, UserId person, Date month,
                          std::vector<ReportRow> rows, std::optional<DoctorId> doctor);
  static void hospital_report(Txn& txn, Call& call, const Zone& zone, HospitalId hospital, Date month);
  static jobs::End report_inside(Txn& txn, Call& call, const jobs::Job& job);
  static std::pair<std::string, std::string> report_of(const Letter& letter, const Language& language);
  static std::string report_card(const Letter& letter, const Rendered& words, const Language& language);
  Result<HospitalChat> hospital_chat_get(Snapshot& db, Call& call, const HospitalChatPath& path);
  Result<HospitalChat> hospital_chat_put(Txn& txn, Call& call, const HospitalChatUpdate& body);

  // webhooks.cpp
  void webhook_routes(api::Routes& routes);
  void webhooks_tell(Txn& txn, Call& call, const store::MessageRow& message) const;
  std::string call_outside(const jobs::Job& job);
  std::vector<std::pair<std::string, std::string>> signed_headers(const store::EndpointRow& endpoint,
                                                                  const store::CallRow& row) const;
  static jobs::End call_inside(Txn& txn, Call& call, const jobs::Job& job, const std::string& text);
  static void endpoint_stop(Txn& txn, EndpointId id, const std::string& why);
  static std::optional<store::EndpointRow> own_endpoint(Txn& txn, const Call& call, EndpointId id);
  WebhookWithSecret with_secret(const store::EndpointRow& row) const;
  Result<Created<WebhookWithSecret>> webhook_create(Txn& txn, Call& call, const WebhookCreate& body);
  Result<WebhookList> webhook_list(Snapshot& db, Call& call, const WebhookQuery& query);
  Result<Webhook> webhook_update(Txn& txn, Call& call, const WebhookUpdate& body);
  Result<WebhookWithSecret> webhook_secret_put(Txn& txn, Call& call, const WebhookPath& path);
  Result<Page<WebhookCall>> webhook_call_list(Snapshot& db, Call& call, const WebhookCallQuery& query);
  Result<Accepted<WebhookCall>> webhook_call_again(Txn& txn, Call& call, const WebhookCallPath& path);

  // me.cpp
  Result<NotificationList> notification_list(Snapshot& db, Call& call, const NotificationQuery& query);
  Result<NoContent> notification_read(Txn& txn, Call& call, const NotificationPath& path);
  Result<NoContent> notifications_read(Txn& txn, Call& call, const ReadMark& body);
  Result<Preferences> preferences_get(Snapshot& db, Call& call, const api::Empty&);
  Result<Preferences> preferences_put(Txn& txn, Call& call, const PreferencesUpdate& body);
  Preferences preferences_of(Snapshot& db, UserId person) const;
  Notification notification_of(Snapshot& db, const store::MessageRow& row, Instant now) const;
  Result<Page<Delivery>> delivery_list(Snapshot& db, Call& call, const DeliveryQuery& query);
  Result<SandboxList> sandbox_list(Call& call, const api::Empty&);

  // How many connections to servers outside may be open at a time: payments share the threads of jobs.
  static constexpr int sending_max = 2;

  sql::Engine& engine_;
  const Clock& clock_;
  Entropy& entropy_;
  http::Client& client_;
  const NotificationOptions options_;
  std::optional<mail::Poster> poster_;  // to addresses that users have typed
  Secret secret_;
  Sandbox sandbox_;
  std::atomic<int> sending_{0};
  // Until then nobody answers there; by channel.
  std::array<std::atomic<std::int64_t>, 4> silent_until_ms_{};
  std::array<std::array<metrics::Counter*, 4>, 4> counted_{};  // by channel and status
  std::atomic<std::int64_t> oldest_due_ms_{0};                 // 0: nothing waits
};

}  // namespace fairward::notifications
