// Messages from the deed to the last try, and the reminders of an evening, with a clock that the test sets, on every
// engine.
#include "modules/notifications/notifications.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "platform/api/hub.h"
#include "platform/sql/testing.h"

namespace fairward::notifications {
namespace {

// Two hospitals in two zones. Berlin's clocks go back in the night to 25 October 2026.
constexpr const char* world_text = R"(
INSERT INTO directory_city (id, name, name_key) VALUES (1, 'C', 'c');
INSERT INTO directory_speciality (id, name, name_key) VALUES (1, 'S', 's');
INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source, source_key) VALUES
  (1, 1, 'Mitte', 'mitte', 'Europe/Berlin', 'test', '1'), (2, 1, 'Delhi', 'delhi', 'Asia/Kolkata', 'test', '2');
INSERT INTO directory_doctor (id, given_name, full_name, speciality_id, status) VALUES (1, 'D', 'Dr D', 1, 'active');
INSERT INTO directory_practice (doctor_id, hospital_id, fee_minor, currency) VALUES (1, 1, 0, 'EUR'), (1, 2, 0, 'INR');
INSERT INTO booking_schedule (doctor_id, minimum_notice_minutes, max_booking_days, version) VALUES (1, 0, 60, 1);
INSERT INTO booking_doctor_queue (doctor_id, next_ticket, waiting, schedule_version) VALUES (1, 1, 0, 1);
INSERT INTO identity_user (id, role, status, name, name_key, hospital_id, doctor_id, email, phone, created_at,
  changed_at) VALUES (1, 'patient', 'active', 'Asha Rao', 'asha rao', 0, 0, 'asha@example.org', '+911', 0, 0),
  (2, 'patient', 'active', 'Ravi', 'ravi', 0, 0, 'ravi@example.org', NULL, 0, 0),
  (3, 'patient', 'disabled', 'Gone', 'gone', 0, 0, 'gone@example.org', NULL, 0, 0);
)";

constexpr sql::Query visit_insert{
    "test_visit_insert",
    "INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, "
    "ends_at, slots, fee_minor, currency, created_at, version) VALUES ($1, 1, $2, $3, 1, 'web', $4, $5, $6, 1, 0, "
    "'EUR', $7, 1)",
    "INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, "
    "ends_at, slots, fee_minor, currency, created_at, version) VALUES ($1, 1, $2, $3, 1, 'web', $4, $5, $6, 1, 0, "
    "'EUR', $7, 1)"};
constexpr sql::Query visit_cancel{"test_visit_cancel",
                                  "UPDATE booking_appointment SET status = 'cancelled' WHERE id = $1",
                                  "UPDATE booking_appointment SET status = 'cancelled' WHERE id = $1"};
constexpr const char* report_readers_text =
    "INSERT INTO identity_user (id, role, status, name, name_key, hospital_id, doctor_id, email, created_at, "
    "changed_at) VALUES (4, 'hospital_admin', 'active', 'Boss', 'boss', 1, 0, 'admin@example.org', 0, 0), "
    "(5, 'doctor', 'active', 'Dr D', 'dr d', 0, 1, 'doctor@example.org', 0, 0)";
constexpr sql::Query report_readers_insert{"test_report_readers", report_readers_text, report_readers_text};
constexpr const char* chat_text =
    "INSERT INTO notifications_hospital (hospital_id, chat_url, changed_by, changed_at) VALUES "
    "(1, 'https://chat.example/room', 4, 0)";
constexpr sql::Query chat_insert{"test_chat", chat_text, chat_text};
constexpr sql::Query log_read{"test_log", "SELECT status, attempts FROM notifications_delivery ORDER BY id",
                              "SELECT status, attempts FROM notifications_delivery ORDER BY id"};
constexpr sql::Query addresses_left{
    "test_addresses", "SELECT count(*) FROM notifications_message WHERE to_phone IS NOT NULL OR to_email IS NOT NULL",
    "SELECT count(*) FROM notifications_message WHERE to_phone IS NOT NULL OR to_email IS NOT NULL"};
constexpr sql::Query everything_stored{"test_everything",
                                       "SELECT m.facts || m.secret || m.key FROM notifications_message m",
                                       "SELECT m.facts || m.secret || m.key FROM notifications_message m"};

struct LogLine {
  std::string status;
  std::int64_t attempts;
  bool operator==(const LogLine&) const = default;
};

Instant at(const char* text) { return parse_rfc3339(text).value(); }

class Post final : public mail::Mailer {
 public:
  mail::Sent send(const mail::Message& message) override {
    ++tries;
    if (verdict == mail::Verdict::sent) sent.push_back(message);
    return {verdict, verdict == mail::Verdict::sent ? "" : "not now", is_silent};
  }
  int tries = 0;
  mail::Verdict verdict = mail::Verdict::sent;
  bool is_silent = false;
  std::vector<mail::Message> sent;
};

class Names final : public mail::Resolver {
 public:
  std::vector<Address> resolve(const std::string&) override { return {Address::parse("93.184.216.34").value()}; }
};

class NoClient final : public http::Client {
 public:
  std::optional<http::OutgoingResponse> call(const http::OutgoingRequest& request, std::string*) override {
    bodies.push_back(request.body);
    return http::OutgoingResponse{202, ""};
  }
  std::vector<std::string> bodies;
};

// One process over the database.
struct Node {
  Node(sql::Engine& engine, const Clock& clock, NotificationOptions options)
      : billing(billing::make_billing(engine, {}, client)),
        booking(booking::make_booking(engine, clock, *entropy, *hub, *billing, {})),
        jobs(jobs::make_jobs(engine, clock, *entropy)),
        module(make_notifications(engine, clock, *entropy, client, *booking, *billing, std::move(options))) {
    module->jobs(*jobs);
    module->secret([](std::string_view name, Instant) -> std::optional<std::string> {
      return name == "login_code/17" ? std::optional<std::string>("123456") : std::nullopt;
    });
  }
  NoClient client;
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(7);
  std::shared_ptr<api::Hub> hub = api::make_hub();
  std::unique_ptr<billing::Billing> billing;
  std::unique_ptr<booking::Booking> booking;
  std::unique_ptr<jobs::Jobs> jobs;
  std::unique_ptr<Notifications> module;
};

class notifications_on : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  notifications_on() : database(GetParam()) {
    database.execute(world_text);
    engine = database.open(clock);
    start();
  }
  ~notifications_on() override { engine->stop(); }
  void start() { nodes.push_back(std::make_unique<Node>(*engine, clock, options())); }
  // It does nothing more. What it asked of the engine may still be under way, and comes back to it.
  void kill_first() {
    killed.push_back(std::move(nodes.front()));
    nodes.erase(nodes.begin());
  }
  NotificationOptions options() {
    NotificationOptions some;
    some.public_url = "https://clinic.example";
    some.from = {"Clinic", "no-reply@clinic.example"};
    some.mailer = post;
    some.sms_url = "http://sms.example/";
    some.resolver = std::make_shared<Names>();
    return some;
  }
  // Until nothing has been due for a few looks: what ticks ask of the engine comes back by itself.
  void run() {
    const bool is_inline = GetParam() == sql::testing::Kind::inline_sqlite;
    for (int idle = 0, looks = 0; idle < 3 && looks < 2000; ++looks) {
      bool has_run = false;
      for (const auto& node : nodes) has_run |= node->jobs->run_due();
      idle = has_run ? 0 : idle + 1;
      if (!is_inline && !has_run) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  void run_until(const char* time, Duration step = minutes(30)) {
    for (const Instant end = at(time); clock.now() < end;) {
      clock.set(std::min(end, clock.now() + step));
      run();
    }
  }
  std::int64_t visit(std::int64_t number, const char* starts, std::int64_t hospital = 1, std::int64_t patient = 1,
                     const char* created = "2026-10-01T00:00:00Z", const char* status = "booked") {
    const std::int64_t id = (std::int64_t{1} << 26) + number;
    engine->write_now([&](Txn& txn) {
      txn.exec(visit_insert, id, hospital, patient, status, at(starts), at(starts) + minutes(10), at(created));
      return true;
    });
    return id;
  }
  void take(const AccountMessage& message) {
    engine->write_now([&](Txn& txn) {
      nodes.front()->module->take(txn, message);
      return true;
    });
  }
  template <class T>
  std::vector<T> read(const sql::Query& query) {
    std::vector<T> rows;
    engine->read_now([&](Snapshot& db) { rows = db.all<T>(query); });
    return rows;
  }
  std::vector<std::string> told() const {
    std::vector<std::string> lines;
    for (const auto& message : post->sent) lines.push_back(message.to.address + ": " + message.subject);
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  ManualClock clock{at("2026-10-24T08:00:00Z")};
  sql::testing::Database database;
  std::shared_ptr<Post> post = std::make_shared<Post>();
  std::unique_ptr<sql::Engine> engine;
  std::vector<std::unique_ptr<Node>> nodes, killed;
};
INSTANTIATE_TEST_SUITE_P(engines, notifications_on, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

AccountMessage code() {
  return {"login_code", std::nullopt, std::nullopt, "new@example.org", "hi", {}, "login_code/17"};
}

TEST_P(notifications_on, a_code_is_told_and_never_stored) {
  take(code());
  run();
  ASSERT_EQ(post->sent.size(), 1U);
  EXPECT_EQ(post->sent[0].to.address, "new@example.org");
  EXPECT_EQ(post->sent[0].subject, "आपका कोड: 123456");
  for (const std::string& text : read<std::string>(everything_stored))
    EXPECT_EQ(text.find("123456"), std::string::npos) << text;
  EXPECT_EQ(read<std::int64_t>(addresses_left).front(), 0) << "the address is forgotten";
}

TEST_P(notifications_on, a_code_that_has_expired_is_not_told) {
  AccountMessage message = code();
  message.secret = "login_code/18";
  take(message);
  run();
  EXPECT_TRUE(post->sent.empty());
  EXPECT_EQ(read<LogLine>(log_read), (std::vector<LogLine>{{"dropped", 0}}));
}

TEST_P(notifications_on, a_message_is_tried_again_with_the_same_id_and_given_up_at_last) {
  post->verdict = mail::Verdict::again;
  take({"password_changed", UserId{2}, {}, {}, "", {}, ""});
  run();
  EXPECT_EQ(post->tries, 1);
  run_until("2026-10-24T08:01:00Z", seconds(5));
  EXPECT_EQ(post->tries, 3);
  run_until("2026-10-25T08:00:00Z", minutes(30));
  EXPECT_EQ(post->tries, 10);
  EXPECT_EQ(read<LogLine>(log_read), (std::vector<LogLine>{{"failed", 10}}));
}

TEST_P(notifications_on, who_does_not_answer_is_left_alone_for_a_while) {
  post->verdict = mail::Verdict::again;
  post->is_silent = true;
  for (int i = 0; i < 5; ++i) take({"password_changed", UserId{2}, {}, {}, "", {}, ""});
  run();
  EXPECT_EQ(post->tries, 1);
  post->verdict = mail::Verdict::sent;
  run_until("2026-10-24T08:01:00Z", seconds(1));
  EXPECT_EQ(post->sent.size(), 5U);
}

TEST_P(notifications_on, a_disabled_account_is_told_nothing) {
  take({"password_changed", UserId{3}, {}, {}, "", {}, ""});
  run();
  EXPECT_TRUE(post->sent.empty());
}

TEST_P(notifications_on, what_is_undone_is_not_told) {
  engine->write_now([&](Txn& txn) {
    nodes.front()->module->take(txn, code());
    return false;
  });
  run();
  EXPECT_TRUE(post->sent.empty());
}

// 18:00 in Berlin is 16:00 UTC on the 24th and 17:00 UTC on the 25th.
TEST_P(notifications_on, reminders_come_the_evening_before_on_the_hospitals_wall) {
  visit(1, "2026-10-25T09:00:00Z");
  visit(2, "2026-10-26T09:00:00Z");
  visit(3, "2026-10-26T04:30:00Z", 2, 2);  // ten o'clock in Kolkata: told on the 25th at 12:30 UTC
  run_until("2026-10-24T15:59:00Z");
  EXPECT_TRUE(post->sent.empty());
  run_until("2026-10-24T16:02:00Z", minutes(1));
  EXPECT_EQ(told(), (std::vector<std::string>{"asha@example.org: Reminder: appointment on Sun, 25 Oct 2026, 10:00"}));
  run_until("2026-10-25T12:29:00Z");
  EXPECT_EQ(post->sent.size(), 1U);
  run_until("2026-10-25T12:32:00Z", minutes(1));
  ASSERT_EQ(post->sent.size(), 2U);
  EXPECT_EQ(post->sent.back().to.address, "ravi@example.org");
  run_until("2026-10-25T16:59:00Z");
  EXPECT_EQ(post->sent.size(), 2U) << "an hour later than the day before, by UTC";
  run_until("2026-10-25T17:02:00Z", minutes(1));
  EXPECT_EQ(post->sent.size(), 3U);
  run_until("2026-10-27T20:00:00Z");
  EXPECT_EQ(post->sent.size(), 3U) << "each once";
}

TEST_P(notifications_on, reminders_are_for_visits_that_take_place) {
  visit(1, "2026-10-25T09:00:00Z", 1, 1, "2026-10-01T00:00:00Z", "cancelled");
  visit(2, "2026-10-25T10:00:00Z", 1, 2, "2026-10-24T16:30:00Z");  // booked after the reminders
  const auto soon_cancelled = visit(3, "2026-10-25T11:00:00Z", 1, 2);
  visit(4, "2026-10-25T12:00:00Z", 1, 3);  // a disabled account
  post->verdict = mail::Verdict::again;
  run_until("2026-10-24T16:02:00Z", minutes(1));
  EXPECT_GT(post->tries, 0);
  engine->write_now([&](Txn& txn) { return txn.exec(visit_cancel, soon_cancelled) > 0; });
  post->verdict = mail::Verdict::sent;
  run_until("2026-10-25T13:00:00Z");
  EXPECT_EQ(told(), std::vector<std::string>{}) << "cancelled before the reminder could be sent";
}

TEST_P(notifications_on, reminders_are_made_up_after_an_outage_but_not_after_the_visit) {
  visit(1, "2026-10-25T06:00:00Z", 1, 1);
  visit(2, "2026-10-25T14:00:00Z", 1, 2);
  kill_first();  // down in the evening
  clock.set(at("2026-10-25T10:00:00Z"));
  start();
  run();
  run_until("2026-10-25T10:02:00Z", minutes(1));
  EXPECT_EQ(told(), (std::vector<std::string>{"ravi@example.org: Reminder: appointment on Sun, 25 Oct 2026, 15:00"}));
}

TEST_P(notifications_on, several_nodes_remind_once_and_one_that_dies_loses_nothing) {
  for (int i = 0; i < 120; ++i)  // more than a page
    visit(i, to_rfc3339(at("2026-10-25T08:00:00Z") + minutes(10 * (i % 60))).c_str(), 1, 1 + i % 2);
  start();
  start();
  clock.set(at("2026-10-24T16:01:00Z"));
  for (int i = 0; i < 3; ++i) nodes[0]->jobs->run_due();  // has begun, and dies
  kill_first();
  run_until("2026-10-24T16:05:00Z", minutes(1));
  EXPECT_EQ(post->sent.size(), 120U);
  run_until("2026-10-24T20:05:00Z", hours(1));
  EXPECT_EQ(post->sent.size(), 120U);
}

// Berlin's October is over at 23:00 UTC on the 31st; the report comes at six in the morning.
TEST_P(notifications_on, a_month_is_reported_once_to_doctor_administrator_and_chat) {
  engine->write_now([&](Txn& txn) {
    txn.exec(report_readers_insert);
    txn.exec(chat_insert);
    return true;
  });
  const char* created = "2026-09-01T00:00:00Z";
  visit(1, "2026-10-05T09:00:00Z", 1, 1, created, "fulfilled");
  visit(2, "2026-10-31T22:50:00Z", 1, 1, created, "fulfilled");
  visit(3, "2026-10-06T09:00:00Z", 1, 2, created, "cancelled");
  visit(4, "2026-10-07T09:00:00Z", 1, 2, created, "noshow");
  visit(5, "2026-10-31T23:00:00Z", 1, 2, created, "fulfilled");  // November there
  visit(6, "2026-09-30T21:50:00Z", 1, 2, created, "fulfilled");  // September
  run_until("2026-10-31T22:00:00Z", hours(12));
  post->sent.clear();
  run_until("2026-11-01T04:50:00Z", hours(1));
  EXPECT_EQ(told(), std::vector<std::string>{});
  run_until("2026-11-01T08:30:00Z", minutes(10));
  run_until("2026-11-03T08:30:00Z", hours(6));
  EXPECT_EQ(told(), (std::vector<std::string>{"admin@example.org: Report for Oct 2026: Mitte",
                                              "doctor@example.org: Report for Oct 2026: Dr D"}));
  ASSERT_EQ(post->sent.size(), 2U);
  EXPECT_NE(post->sent[0].html.find("<td style=\"padding:4px 12px 4px 0\">2</td>"), std::string::npos);
  EXPECT_NE(post->sent[0].text.find("Dr D: Visits 2, Cancelled 1, Did not come 1, EUR 0.00"), std::string::npos);
  const auto& bodies = nodes.front()->client.bodies;
  ASSERT_EQ(bodies.size(), 1U);
  EXPECT_NE(bodies[0].find(R"("title":"Report for Oct 2026: Mitte")"), std::string::npos);
  EXPECT_NE(bodies[0].find(R"("topLabel":"Visits","text":"2")"), std::string::npos);
  EXPECT_EQ(bodies[0].find("Asha"), std::string::npos);
}

TEST_P(notifications_on, the_invariants_hold_all_along) {
  post->verdict = mail::Verdict::again;
  visit(1, "2026-10-25T09:00:00Z");
  take(code());
  for (const char* time : {"2026-10-24T08:00:30Z", "2026-10-24T16:01:00Z", "2026-10-25T07:00:00Z"}) {
    run_until(time, minutes(5));
    engine->read_now([](Snapshot& db) {
      for (const sql::Invariant& invariant : invariants())
        EXPECT_EQ(sql::look_for(invariant, db).violations, 0) << invariant.name;
    });
  }
}

}  // namespace
}  // namespace fairward::notifications
