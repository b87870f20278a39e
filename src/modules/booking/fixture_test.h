// A small world for the contract tests: hospitals, doctors, people, four slots a day; booking behind its dispatcher on
// any engine; a gateway that does what the test says.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <charconv>
#include <future>
#include <map>
#include <mutex>
#include <set>

#include "modules/booking/booking.h"
#include "modules/booking/errors.h"
#include "platform/api/dispatcher.h"
#include "platform/sql/testing.h"

namespace fairward::booking::testing {

using http::Method;

// Doctor 1 charges 500.00 at hospital 1, doctor 2 nothing; doctor 3 practises at hospitals 1 and 2 and doctor 4 has no
// schedule. Each of the first three sees patients from 09:00 to 10:00 in Kolkata, from 03:30 UTC on, in four slots.
constexpr const char* world_text = R"(
INSERT INTO directory_city (id, name, name_key) VALUES (1, 'C', 'c');
INSERT INTO directory_speciality (id, name, name_key) VALUES (1, 'S', 's');
INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source, source_key) VALUES
  (1, 1, 'A', 'a', 'Asia/Kolkata', 'test', '1'), (2, 1, 'B', 'b', 'Europe/Berlin', 'test', '2');
INSERT INTO directory_doctor (id, given_name, full_name, speciality_id, status) VALUES
  (1, 'D', 'Dr D', 1, 'active'), (2, 'E', 'Dr E', 1, 'active'), (3, 'F', 'Dr F', 1, 'active'),
  (4, 'G', 'Dr G', 1, 'active');
INSERT INTO directory_practice (doctor_id, hospital_id, fee_minor, currency) VALUES
  (1, 1, 50000, 'INR'), (2, 1, 0, 'INR'), (3, 1, 50000, 'INR'), (3, 2, 9000, 'EUR'), (4, 1, 0, 'INR');
INSERT INTO booking_schedule (doctor_id, minimum_notice_minutes, max_booking_days, version) VALUES
  (1, 0, 60, 1), (2, 0, 60, 1), (3, 0, 60, 1);
INSERT INTO booking_doctor_queue (doctor_id, next_ticket, waiting, schedule_version) VALUES
  (1, 1, 0, 1), (2, 1, 0, 1), (3, 1, 0, 1);
INSERT INTO booking_shift (doctor_id, hospital_id, weekdays, starts_minute, ends_minute, slot_minutes) VALUES
  (1, 1, 127, 540, 600, 15), (2, 1, 127, 540, 600, 15), (3, 1, 127, 540, 600, 15), (3, 2, 127, 840, 900, 15);
INSERT INTO identity_user (id, role, status, name, name_key, hospital_id, doctor_id, created_at, changed_at) VALUES
  (101, 'front_desk', 'active', 'Desk A', 'desk a', 1, 0, 0, 0),
  (102, 'hospital_admin', 'active', 'Admin A', 'admin a', 1, 0, 0, 0),
  (103, 'hospital_admin', 'active', 'Admin B', 'admin b', 2, 0, 0, 0),
  (104, 'platform_admin', 'active', 'Root', 'root', 0, 0, 0, 0),
  (105, 'doctor', 'active', 'Dr D', 'dr d', 0, 1, 0, 0),
  (106, 'front_desk', 'active', 'Desk B', 'desk b', 2, 0, 0, 0);
)";
constexpr int patients = 60;
constexpr int desk_a = 101, admin_a = 102, admin_b = 103, root = 104, doctor_login = 105, desk_b = 106, nobody = 0;

// The user's id is all the proof it wants.
class Trusting final : public api::Authenticator {
 public:
  void authenticate(const http::Request& request, Instant,
                    std::move_only_function<void(Result<api::Caller>)> answer) override {
    const std::string_view id = request.header("user");
    int number = nobody;
    std::from_chars(id.data(), id.data() + id.size(), number);
    answer(number == nobody ? api::Caller{} : caller_of(number));
  }

 private:
  static api::Caller caller_of(int id) {
    const UserId user{id};
    switch (id) {
      case desk_a: return {api::Role::front_desk, user, HospitalId{1}, {}};
      case admin_a: return {api::Role::hospital_admin, user, HospitalId{1}, {}};
      case admin_b: return {api::Role::hospital_admin, user, HospitalId{2}, {}};
      case root: return {api::Role::platform_admin, user, {}, {}};
      case doctor_login: return {api::Role::doctor, user, {}, DoctorId{1}};
      case desk_b: return {api::Role::front_desk, user, HospitalId{2}, {}};
      default: return {api::Role::patient, user, {}, {}};
    }
  }
};

class Gateway final : public billing::Billing {
 public:
  void routes(api::Routes&) override {}
  void jobs(jobs::Jobs&) override {}
  void payable(std::string, billing::OnCaptured captured, billing::OnFailed failed, billing::LockKey) override {
    on_captured = std::move(captured);
    on_failed = std::move(failed);
  }
  Result<billing::Payment> payment_request(Txn&, Call&, const billing::PaymentRequest& request) override {
    amounts[request.payable_id] = request.amount.amount_minor;
    return billing::Payment{PaymentId{request.payable_id},
                            request.payable_kind,
                            request.payable_id,
                            request.payer,
                            billing::PaymentStatus::requested,
                            request.method,
                            request.amount.amount_minor,
                            request.amount.currency,
                            {}};
  }
  void payment_refund(Txn&, Call&, std::string_view, std::int64_t id) override { refunded.push_back(id); }
  void on_refunded(std::function<void(Txn&, Call&, const billing::Payment&)>) override {}

  billing::OnCaptured on_captured;
  billing::OnFailed on_failed;
  std::map<std::int64_t, std::int64_t> amounts;  // asked, by appointment
  std::vector<std::int64_t> refunded;            // appointments
};

// Keeps the ticks; time moves when the test says so.
class Ticks final : public jobs::Jobs {
 public:
  void handle(std::string, Outside, Inside) override {}
  void handle_many(std::string, OutsideMany, Inside, LockKey) override {}
  void every(std::string name, Duration, std::function<void(Instant)> tick) override {
    ticks[std::move(name)] = std::move(tick);
  }
  void start(unsigned) override {}
  void stop() override {}
  bool run_due() override { return false; }
  Instant next_due() override { return {}; }
  std::map<std::string, std::function<void(Instant)>> ticks;
};

struct Reply {
  int status = 0;
  boost::json::value body;
  std::map<std::string, std::string> headers;

  std::string text(const char* member) const {
    const auto* value = body.is_object() ? body.as_object().if_contains(member) : nullptr;
    if (!value) return "";
    return value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
  }
  std::int64_t id() const { return body.as_object().at("id").as_int64(); }
  std::string code() const { return text("code"); }
};

// One node of the product: booking and what it needs, over an engine.
class Node {
 public:
  Node(sql::Engine& engine, const Clock& clock, BookingOptions options = {})
      : engine_(engine), clock_(clock), booking(make_booking(engine, clock, *entropy, *hub, gateway, options)) {
    engine.on_events([this, hub = std::weak_ptr(hub)](const std::vector<sql::Event>& events, Instant at) {
      const auto known = hub.lock();
      if (!known) return;
      for (const sql::Event& event : events) booking->heard(event);
      known->publish(events, at);
    });
    booking->on_notice([this](Txn&, Call&, const Notice& notice) {
      const std::lock_guard lock(noticed_mutex_);
      noticed_.insert({notice.kind, notice.wait.value});  // a turn that is run again tells the same
    });
    booking->routes(routes_);
    booking->jobs(jobs);
    api::DispatcherOptions limits;
    limits.per_address = limits.per_user = {};  // no limits
    dispatcher_ =
        std::make_unique<api::Dispatcher>(routes_, engine, clock, *entropy, authenticator_, *hub, *metrics_, limits);
    engine.read_now([this](Snapshot& db) { booking->load(db); });
  }
  ~Node() { dispatcher_->stop(); }

  // Was it told that this wait ended so?
  bool is_noticed(NoticeKind kind, std::int64_t wait) {
    const std::lock_guard lock(noticed_mutex_);
    return noticed_.contains({kind, wait});
  }

  std::future<Reply> send(Method method, std::string target, int user, std::string body = "",
                          std::vector<std::pair<std::string, std::string>> headers = {}) {
    auto promise = std::make_shared<std::promise<Reply>>();
    auto future = promise->get_future();
    if (user != nobody) headers.emplace_back("user", std::to_string(user));
    if (!body.empty()) headers.emplace_back("content-type", "application/json");
    dispatcher_->handle({method, std::move(target), std::move(headers), std::move(body), "10.0.0.1"},
                        [promise](http::Response&& response) {
                          Reply reply{response.status, {}, {}};
                          boost::system::error_code error;
                          const auto text =
                              response.static_body.empty() ? std::string_view(response.body) : response.static_body;
                          reply.body = boost::json::parse({text.data(), text.size()}, error);
                          for (auto& [name, value] : response.headers) reply.headers[name] = value;
                          promise->set_value(std::move(reply));
                        });
    return future;
  }
  Reply call(Method method, std::string target, int user, std::string body = "",
             std::vector<std::pair<std::string, std::string>> headers = {}) {
    return send(method, std::move(target), user, std::move(body), std::move(headers)).get();
  }
  Reply get(std::string target, int user) { return call(Method::get, std::move(target), user); }

  boost::json::array items(std::string target, int user) {
    return get(std::move(target), user).body.at("items").as_array();
  }

  // The gateway took the money. What became of it.
  billing::Settlement capture(std::int64_t appointment) {
    billing::Settlement settlement{};
    engine_.write_now([&](Txn& txn) {
      Call call;
      call.caller.role = api::Role::system;
      call.scope = api::Scope::all;
      call.now = clock_.now();
      call.random = entropy.get();
      settlement = gateway.on_captured(txn, call, {PaymentId{1}, "appointment", appointment, {}, {}, {}, 0, {}, {}});
      return true;
    });
    return settlement;
  }

 private:
  std::mutex noticed_mutex_;
  std::set<std::pair<NoticeKind, std::int64_t>> noticed_;
  sql::Engine& engine_;
  const Clock& clock_;

 public:
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(3);
  std::shared_ptr<api::Hub> hub = api::make_hub();
  Gateway gateway;
  Ticks jobs;
  std::unique_ptr<Booking> booking;

 private:
  std::unique_ptr<metrics::Metrics> metrics_ = metrics::make_metrics();
  Trusting authenticator_;
  api::Routes routes_;
  std::unique_ptr<api::Dispatcher> dispatcher_;
};

constexpr const char* slots_text =
    "SELECT c.cell, a.status, a.id FROM booking_slot_claim c JOIN booking_appointment a ON a.id = c.appointment_id "
    "WHERE c.doctor_id = $1";
constexpr sql::Query slots_query{"test_booking_slots", slots_text, slots_text};
constexpr const char* counters_text =
    "SELECT (SELECT count(*) FROM booking_wait WHERE status = 'waiting' AND doctor_id = $1) - "
    "(SELECT waiting FROM booking_doctor_queue WHERE doctor_id = $1), "
    "(SELECT coalesce(sum(open_count), 0) FROM booking_patient_open) - "
    "(SELECT count(*) FROM booking_wait WHERE status = 'waiting') - "
    "(SELECT count(*) FROM booking_appointment WHERE status = 'pending')";
constexpr sql::Query counters_query{"test_booking_counters", counters_text, counters_text};
constexpr const char* practice_text = "UPDATE directory_practice SET is_active = 0 WHERE doctor_id = $1";
constexpr sql::Query practice_close_query{"test_practice_close", practice_text, practice_text};
constexpr const char* hospital_text = "UPDATE directory_hospital SET is_active = $2 WHERE id = $1";
constexpr sql::Query hospital_state_query{"test_hospital_state", hospital_text, hospital_text};

class BookingTest : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  BookingTest() : database(GetParam()) {
    database.execute(world_text);
    std::string people;
    for (int id = 1; id <= patients; ++id)
      people += (id == 1 ? "(" : ", (") + std::to_string(id) + ", 'patient', 'active', 'P', 'p', 0, 0)";
    database.execute("INSERT INTO identity_user (id, role, status, name, name_key, created_at, changed_at) VALUES " +
                     people);
    engine = database.open(clock);
    node = std::make_unique<Node>(*engine, clock);
  }
  ~BookingTest() override {
    engine->stop();
    node.reset();
  }

  // The n-th slot of today, or of a later day.
  static std::string slot(int n, int day = 0) {
    return to_rfc3339(Instant{1'796'009'400'000} + minutes(15) * n + days(day));  // 2026-11-30T03:30Z
  }
  static std::string hold_body(int n, int slots = 1, int doctor = 1) {
    return R"({"doctor_id":)" + std::to_string(doctor) + R"(,"starts_at":")" + slot(n) + R"(","slots":)" +
           std::to_string(slots) + "}";
  }
  Reply hold(int patient, int n, int slots = 1, int doctor = 1) {
    return node->call(Method::post, "/api/holds", patient, hold_body(n, slots, doctor));
  }
  Reply pay(int patient, std::int64_t id) {
    return node->call(Method::post, "/api/holds/" + std::to_string(id) + "/payments", patient,
                      R"({"method":"sandbox"})");
  }
  Reply wait(int patient, int slots = 1, int doctor = 1) {
    return node->call(Method::post, "/api/waits", patient,
                      R"({"doctor_id":)" + std::to_string(doctor) +
                          R"(,"from":"2026-11-30","to":"2026-11-30","slots":)" + std::to_string(slots) + "}");
  }
  Reply wait_get(int patient, std::int64_t id) { return node->get("/api/waits/" + std::to_string(id), patient); }
  Reply appointment(std::int64_t id, int user = root) {
    return node->get("/api/appointments/" + std::to_string(id), user);
  }
  Reply release(int patient, std::int64_t id) {
    return node->call(Method::del, "/api/holds/" + std::to_string(id), patient);
  }
  Reply cancel(int user, std::int64_t id) {
    return node->call(Method::put, "/api/appointments/" + std::to_string(id) + "/cancel", user, "{}");
  }
  std::int64_t book(int patient, int n, int slots = 1, int doctor = 1) {
    const Reply held = hold(patient, n, slots, doctor);
    EXPECT_EQ(held.status, 201) << held.body;
    EXPECT_EQ(node->capture(held.id()), billing::Settlement::settled);
    return held.id();
  }
  // Holds all four slots with the patients 1 … 4.
  std::vector<std::int64_t> hold_all() {
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(hold(i + 1, i).id());
    return ids;
  }

  // Lets time pass, and waits until what is due then has been done.
  void advance(Duration by) {
    clock.advance(by);
    for (const auto& [name, tick] : node->jobs.ticks)
      if (name != "booking.lapse") tick(clock.now());
    for (int i = 0; i < 2; ++i) {
      node->jobs.ticks["booking.lapse"](clock.now());
      for (int doctor = 1; doctor <= 3; ++doctor) barrier(doctor);
      for (; node->booking->stats().reloading > 0; std::this_thread::yield())
        node->jobs.ticks["booking.lapse"](clock.now());
    }
  }
  void barrier(std::int64_t doctor) {
    std::promise<void> done;
    engine->write(
        doctor, [](Txn&) { return true; }, [&](sql::Outcome) { done.set_value(); });
    done.get_future().get();
  }

  // Today's four slots as one letter each, from memory and from the database: free, held, booked.
  static std::string slots_of(Node& of, int doctor = 1) {
    const Reply reply =
        of.get("/api/doctors/" + std::to_string(doctor) + "/slots?from=2026-11-30&to=2026-11-30&hospital_id=1", nobody);
    std::string letters;
    for (const auto& item : reply.body.as_object().at("items").as_array())
      letters += item.as_object().at("status").as_string()[0];
    return letters;
  }
  std::string slots() { return slots_of(*node); }
  std::string stored_slots(std::int64_t doctor = 1) {
    struct Claim {
      std::int64_t cell;
      std::string status;
      std::int64_t id;
    };
    std::string letters = "ffff";
    const std::int64_t first = parse_rfc3339(slot(0))->ms / 300'000;
    engine->read_now([&](Snapshot& db) {
      for (const auto& claim : db.all<Claim>(slots_query, doctor))
        if (claim.cell >= first && claim.cell < first + 12)
          letters[static_cast<std::size_t>((claim.cell - first) / 3)] = claim.status == "pending" ? 'h' : 'b';
    });
    return letters;
  }
  // What must hold after every step.
  void check_invariants(std::int64_t doctor = 1) {
    struct Counters {
      std::int64_t waiting, open;
    };
    std::optional<Counters> counters;
    engine->read_now([&](Snapshot& db) { counters = db.one<Counters>(counters_query, doctor); });
    EXPECT_EQ(counters->waiting, 0);
    EXPECT_EQ(counters->open, 0);
    // A list leaves out what has begun or is not worked; then there is nothing to compare.
    if (const std::string letters = slots(); letters.size() == 4) EXPECT_EQ(letters, stored_slots(doctor));
  }

  ManualClock clock{*parse_rfc3339("2026-11-30T02:00:00Z")};
  sql::testing::Database database;
  std::unique_ptr<sql::Engine> engine;
  std::unique_ptr<Node> node;
};

}  // namespace fairward::booking::testing
