// Payments from request to end, against the sandbox gateway in this thread, over a network that can be cut: whatever is
// lost, doubled or late, every captured payment ends settled or refunded, and the gateway's books say the same.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "modules/billing/errors.h"
#include "modules/billing/sandbox_gateway.h"
#include "modules/billing/service.h"
#include "platform/sql/testing.h"

namespace fairward::billing {
namespace {

constexpr sql::Query user_insert{"test_user_insert",
                                 "INSERT INTO identity_user (role, status, name, name_key, created_at, changed_at) "
                                 "VALUES ('patient', 'active', 'A', 'a', 0, 0) RETURNING id",
                                 "INSERT INTO identity_user (role, status, name, name_key, created_at, changed_at) "
                                 "VALUES ('patient', 'active', 'A', 'a', 0, 0) RETURNING id"};
constexpr sql::Query job_count{"test_job_count", "SELECT count(*) FROM platform_job",
                               "SELECT count(*) FROM platform_job"};
constexpr sql::Query message_count{"test_message_count", "SELECT count(*) FROM billing_gateway_message",
                                   "SELECT count(*) FROM billing_gateway_message"};
constexpr sql::Query status_insert{"test_status_insert",
                                   "INSERT INTO billing_payment (payable_kind, payable_id, payer_id, status, method, "
                                   "amount_minor, currency, gateway_reference, expires_at, requested_at) "
                                   "VALUES ('appointment', $1, $2, 'requested', 'sandbox', 1, 'INR', $3, 0, 0)",
                                   "INSERT INTO billing_payment (payable_kind, payable_id, payer_id, status, method, "
                                   "amount_minor, currency, gateway_reference, expires_at, requested_at) "
                                   "VALUES ('appointment', $1, $2, 'requested', 'sandbox', 1, 'INR', $3, 0, 0)"};

const std::string secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

// The way to the gateway.
class Wire final : public http::Client {
 public:
  explicit Wire(SandboxGateway& gateway) : gateway_(gateway) {}

  std::optional<http::OutgoingResponse> call(const http::OutgoingRequest& request, std::string* why) override {
    ++calls;
    if (is_cut || is_unlucky(request_loss_percent)) return lost(why);
    http::Request received{
        request.method, request.url.substr(std::string_view("http://gateway").size()), {}, request.body, ""};
    for (const auto& [name, value] : request.headers) received.headers.emplace_back(lower(name), value);
    const http::Response response = gateway_.handle(received);
    if (loses_replies || is_unlucky(reply_loss_percent)) return lost(why);
    return http::OutgoingResponse{response.status, response.body};
  }

  bool is_cut = false;         // nothing arrives
  bool loses_replies = false;  // everything arrives, nothing comes back
  std::uint64_t request_loss_percent = 0, reply_loss_percent = 0;
  Entropy* chance = nullptr;
  int calls = 0;

 private:
  bool is_unlucky(std::uint64_t percent) { return percent > 0 && chance->below(100) < percent; }
  static std::optional<http::OutgoingResponse> lost(std::string* why) {
    if (why) *why = "timed out";
    return std::nullopt;
  }
  static std::string lower(std::string text) {
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
  }
  SandboxGateway& gateway_;
};

// The owner of the payables: takes the money or not, and notes what it was told.
struct Owner {
  std::function<Settlement(const Payment&)> decide = [](const Payment&) { return Settlement::settled; };
  std::vector<Payment> captured, failed;
  std::mutex mutex;
};

class NoOutside final : public api::Outside {
 public:
  void read(const std::function<void(Snapshot&)>&) override { throw std::logic_error("not needed"); }
};

class World {
 public:
  explicit World(sql::testing::Kind kind, SandboxRules changed = {}, std::uint64_t seed = 11)
      : database(kind),
        entropy(make_seeded_entropy(seed)),
        engine(database.open(clock)),
        gateway(with_secret(std::move(changed)), clock, *entropy),
        wire(gateway),
        billing(*engine, {"http://gateway/", secret, "http://fairward/api/payments/webhook"}, wire),
        jobs(jobs::make_jobs(*engine, clock, *entropy)) {
    wire.chance = entropy.get();
    billing.jobs(*jobs);
    billing.payable(
        "appointment",
        [this](Txn&, Call& call, const Payment& payment) {
          EXPECT_EQ(call.caller.role, api::Role::system);
          EXPECT_EQ(payment.status, PaymentStatus::captured);
          const std::lock_guard lock(owner.mutex);  // the engine has several writers
          owner.captured.push_back(payment);
          return owner.decide(payment);
        },
        [this](Txn&, Call& call, const Payment& payment) {
          EXPECT_EQ(call.caller.role, api::Role::system);
          owner.failed.push_back(payment);
        });
    engine->write_now([&](Txn& txn) {
      patient = *txn.one<UserId>(user_insert);
      return true;
    });
  }

  static SandboxRules with_secret(SandboxRules rules) {
    rules.secret = secret;
    return rules;
  }

  Call call_now() {
    Call call;
    call.caller.role = api::Role::system;
    call.scope = api::Scope::all;
    call.now = clock.now();
    call.random = entropy.get();
    return call;
  }

  PaymentRequest request(std::int64_t payable_id, std::string outcome = "") {
    return {"appointment",      payable_id,   patient, "sandbox", {50'000, "INR"}, clock.now() + minutes(5),
            std::move(outcome), HospitalId{3}};
  }
  Result<Payment> pay(const PaymentRequest& request) {
    std::optional<Result<Payment>> result;
    engine->write_now([&](Txn& txn) {
      Call call = call_now();
      result = billing.payment_request(txn, call, request);
      return result->has_value();
    });
    return *result;
  }
  PaymentId pay(std::int64_t payable_id, std::string outcome = "") {
    return pay(request(payable_id, std::move(outcome)))->id;
  }
  void refund(std::int64_t payable_id) {
    engine->write_now([&](Txn& txn) {
      Call call = call_now();
      billing.payment_refund(txn, call, "appointment", payable_id);
      return true;
    });
  }

  // A webhook as the HTTP layer would hand it over; the HTTP status in short: 204, 400, 401 or 404.
  int hear(const http::Request& request) {
    Call call = call_now();
    call.caller.role = api::Role::anyone;
    call.raw = &request;
    NoOutside outside;
    auto message = billing.webhook_prepare(outside, call, {});
    if (!message) return status_of(message.error());
    int status = 204;
    engine->write_now([&](Txn& txn) {
      const auto result = billing.webhook(txn, call, {}, *message);
      if (!result) status = status_of(result.error());
      return result.has_value();
    });
    return status;
  }
  static int status_of(const Failure& failure) {
    switch (failure.problem->kind) {
      case ProblemKind::unauthenticated: return 401;
      case ProblemKind::malformed: return 400;
      case ProblemKind::not_found: return 404;
      default: return 500;
    }
  }
  static http::Request received(const http::OutgoingRequest& sent) {
    return {sent.method, "/api/payments/webhook", sent.headers, sent.body, "127.0.0.1"};
  }
  http::Request signed_message(const std::string& id, const std::string& body, Instant at) {
    const auto headers = crypto::WebhookSecret::parse(secret)->sign(id, at, body);
    return {http::Method::post,
            "/api/payments/webhook",
            {{"webhook-id", headers.id},
             {"webhook-timestamp", headers.timestamp},
             {"webhook-signature", headers.signature}},
            body,
            ""};
  }
  std::string event_body(PaymentId id, const std::string& type, std::int64_t amount = 50'000,
                         const std::string& currency = "INR") {
    return R"({"type":")" + type + R"(","reference":")" + row(id).gateway_reference +
           R"(","gateway_id":"sandbox_1","amount_minor":)" + std::to_string(amount) + R"(,"currency":")" + currency +
           "\"}";
  }

  // Lets everything happen in the order of time until then.
  void run_until(Instant end) {
    while (true) {
      while (jobs->run_due()) {}
      deliver();
      const Instant next = std::min(jobs->next_due(), gateway.next_due());
      if (next > end) break;
      clock.set(std::max(next, clock.now()));
    }
    clock.set(end);
  }
  void run_for(Duration time) { run_until(clock.now() + time); }
  void deliver() {
    for (const auto& delivery : gateway.take_due())
      gateway.delivered(delivery, hear(received(delivery.request)) == 204);
  }

  PaymentRow row(PaymentId id) {
    PaymentRow found;
    engine->read_now([&](Snapshot& db) { found = *payment_find(db, id); });
    return found;
  }
  PaymentStatus status(PaymentId id) { return row(id).status; }
  std::int64_t count(const sql::Query& query) {
    std::int64_t found = 0;
    engine->read_now([&](Snapshot& db) { found = *db.one<std::int64_t>(query); });
    return found;
  }
  // Ticks hand their work to the engine and do not wait for it.
  template <class Condition>
  bool becomes(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return condition();
  }
  std::size_t unsettled() {
    std::size_t found = 0;
    engine->read_now([&](Snapshot& db) { found = payments_unsettled(db).size(); });
    return found;
  }

  sql::testing::Database database;
  ManualClock clock{Instant{1'800'000'000'000}};
  std::unique_ptr<Entropy> entropy;
  std::unique_ptr<sql::Engine> engine;
  SandboxGateway gateway;
  Wire wire;
  BillingService billing;
  std::unique_ptr<jobs::Jobs> jobs;
  Owner owner;
  UserId patient;
};

class payments_on : public testing::TestWithParam<sql::testing::Kind> {};
INSTANTIATE_TEST_SUITE_P(engines, payments_on, testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(payments_on, a_payment_is_sent_captured_and_settled) {
  World world(GetParam());
  const PaymentId id = world.pay(17);
  EXPECT_EQ(world.status(id), PaymentStatus::requested);
  EXPECT_EQ(world.wire.calls, 0) << "nothing goes out inside the transaction";
  world.run_for(seconds(1));
  EXPECT_EQ(world.status(id), PaymentStatus::settled);
  ASSERT_EQ(world.owner.captured.size(), 1u);
  EXPECT_EQ(world.owner.captured[0].payable_id, 17);
  EXPECT_EQ(world.owner.captured[0].amount_minor, 50'000);
  EXPECT_EQ(world.row(id).gateway_id, "sandbox_1");
  EXPECT_TRUE(world.row(id).answered_at);
  world.run_for(hours(1));
  EXPECT_EQ(world.count(job_count), 0);
  EXPECT_TRUE(world.owner.failed.empty());
  EXPECT_EQ(world.gateway.totals().captured_minor, 50'000);
  EXPECT_EQ(world.gateway.totals().refunds, 0);
  EXPECT_EQ(world.unsettled(), 0u);
}

TEST_P(payments_on, a_payment_that_fails_tells_the_owner_once) {
  World world(GetParam(), {.duplicate_probability = 1});
  const PaymentId id = world.pay(17, "fail");
  world.run_for(hours(1));
  EXPECT_EQ(world.status(id), PaymentStatus::failed);
  EXPECT_EQ(world.owner.failed.size(), 1u);
  EXPECT_TRUE(world.owner.captured.empty());
  EXPECT_EQ(world.count(job_count), 0);
}

TEST_P(payments_on, a_late_success_is_refunded_or_kept_as_the_owner_says) {
  for (const Settlement said : {Settlement::refund, Settlement::settled}) {
    World world(GetParam());
    world.owner.decide = [&](const Payment&) { return said; };
    const PaymentId id = world.pay(17, "late");
    world.run_for(minutes(5));
    EXPECT_EQ(world.status(id), PaymentStatus::requested);
    world.run_for(hours(1));
    EXPECT_EQ(world.status(id), said == Settlement::refund ? PaymentStatus::refunded : PaymentStatus::settled);
    EXPECT_EQ(world.owner.captured.size(), 1u);
    EXPECT_EQ(world.gateway.totals().refunds, said == Settlement::refund ? 1 : 0);
    EXPECT_EQ(world.unsettled(), 0u);
    EXPECT_EQ(world.count(job_count), 0);
  }
}

TEST_P(payments_on, a_lost_webhook_is_found_by_asking) {
  World world(GetParam(), {.loss_probability = 1});
  const PaymentId id = world.pay(17);
  world.run_for(milliseconds(4'900));
  EXPECT_EQ(world.status(id), PaymentStatus::requested);
  world.run_for(milliseconds(200));
  EXPECT_EQ(world.status(id), PaymentStatus::settled);
  EXPECT_EQ(world.owner.captured.size(), 1u);
}

TEST_P(payments_on, a_message_is_heard_once_whatever_its_id) {
  World world(GetParam(), {.loss_probability = 1});
  const PaymentId id = world.pay(17);
  world.jobs->run_due();
  const std::string body = world.event_body(id, "payment.captured");
  EXPECT_EQ(world.hear(world.signed_message("msg_1", body, world.clock.now())), 204);
  EXPECT_EQ(world.hear(world.signed_message("msg_1", body, world.clock.now())), 204);
  EXPECT_EQ(world.hear(world.signed_message("msg_2", body, world.clock.now())), 204);
  EXPECT_EQ(world.hear(world.signed_message("msg_3", world.event_body(id, "payment.failed"), world.clock.now())), 204);
  EXPECT_EQ(world.status(id), PaymentStatus::settled);
  EXPECT_EQ(world.owner.captured.size(), 1u);
  EXPECT_TRUE(world.owner.failed.empty());
  EXPECT_EQ(world.count(message_count), 3);
  world.run_for(days(8));
  EXPECT_TRUE(world.becomes([&] { return world.count(message_count) == 0; })) << "the hourly tick forgets old messages";
}

TEST_P(payments_on, a_failure_before_the_success_is_undone_by_it) {
  World world(GetParam(), {.loss_probability = 1});
  const PaymentId id = world.pay(17);
  world.jobs->run_due();
  EXPECT_EQ(world.hear(world.signed_message("msg_1", world.event_body(id, "payment.failed"), world.clock.now())), 204);
  EXPECT_EQ(world.status(id), PaymentStatus::failed);
  EXPECT_EQ(world.hear(world.signed_message("msg_2", world.event_body(id, "payment.captured"), world.clock.now())),
            204);
  EXPECT_EQ(world.status(id), PaymentStatus::settled);
  EXPECT_EQ(world.owner.failed.size(), 1u);
  EXPECT_EQ(world.owner.captured.size(), 1u);
}

TEST_P(payments_on, another_amount_than_asked_is_given_back) {
  for (const auto& [amount, currency] : {std::pair(std::int64_t{1}, "INR"), std::pair(std::int64_t{50'000}, "USD")}) {
    World world(GetParam(), {.loss_probability = 1});
    const PaymentId id = world.pay(17);
    world.jobs->run_due();
    EXPECT_EQ(world.hear(world.signed_message("msg_1", world.event_body(id, "payment.captured", amount, currency),
                                              world.clock.now())),
              204);
    EXPECT_EQ(world.status(id), PaymentStatus::refund_due);
    EXPECT_EQ(world.unsettled(), 1u);
    EXPECT_TRUE(world.owner.captured.empty());
    world.run_for(minutes(10));
    EXPECT_EQ(world.status(id), PaymentStatus::refunded);
  }
}

TEST_P(payments_on, a_gateway_that_cannot_be_reached_fails_the_payment_when_it_expires) {
  World world(GetParam());
  world.wire.is_cut = true;
  const PaymentId id = world.pay(17);
  world.run_for(minutes(4));
  EXPECT_EQ(world.status(id), PaymentStatus::requested);
  EXPECT_GT(world.wire.calls, 10);
  world.run_for(minutes(2));
  EXPECT_EQ(world.status(id), PaymentStatus::failed);
  EXPECT_EQ(world.owner.failed.size(), 1u);
  EXPECT_EQ(world.count(job_count), 1) << "it is still asked what became of it";
  world.wire.is_cut = false;
  world.run_for(hours(1));
  EXPECT_EQ(world.status(id), PaymentStatus::failed);
  EXPECT_EQ(world.count(job_count), 0);
  EXPECT_EQ(world.owner.failed.size(), 1u);
  EXPECT_EQ(world.gateway.totals().payments, 0);
}

TEST_P(payments_on, a_gateway_that_comes_back_in_time_gets_the_payment_once) {
  World world(GetParam());
  world.wire.is_cut = true;
  const PaymentId id = world.pay(17);
  world.run_for(minutes(2));
  world.wire.is_cut = false;
  world.run_for(minutes(1));
  EXPECT_EQ(world.status(id), PaymentStatus::settled);
  EXPECT_EQ(world.gateway.totals().payments, 1);
}

TEST_P(payments_on, a_payment_whose_replies_were_lost_until_it_expired_is_still_found) {
  World world(GetParam(), {.loss_probability = 1});
  world.wire.loses_replies = true;
  world.owner.decide = [](const Payment&) { return Settlement::refund; };
  const PaymentId id = world.pay(17);
  world.run_for(minutes(6));
  EXPECT_EQ(world.status(id), PaymentStatus::failed);
  EXPECT_EQ(world.owner.failed.size(), 1u);
  EXPECT_EQ(world.gateway.totals().captured_minor, 50'000) << "the gateway took the money all the same";
  world.wire.loses_replies = false;
  world.run_for(hours(1));
  EXPECT_EQ(world.status(id), PaymentStatus::refunded);
  EXPECT_EQ(world.owner.captured.size(), 1u);
  EXPECT_EQ(world.gateway.totals().refunded_minor, 50'000);
}

TEST_P(payments_on, paying_twice_is_not_possible) {
  World world(GetParam());
  const PaymentId id = world.pay(17);
  EXPECT_EQ(world.pay(17), id);
  world.run_for(seconds(1));
  const auto again = world.pay(world.request(17));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().problem, &already_paid);
  EXPECT_NE(world.pay(18), id);
  EXPECT_THROW(world.engine->write_now([&](Txn& txn) {
    txn.exec(status_insert, 17, world.patient, "x");
    return true;
  }),
               sql::Error)
      << "the schema refuses a second one by itself";
  world.refund(17);
  EXPECT_NE(world.pay(17), id) << "after the refund it can be paid anew";
}

TEST_P(payments_on, a_refund_is_issued_once_however_often_it_is_asked) {
  World world(GetParam());
  const PaymentId id = world.pay(17);
  world.refund(17);
  EXPECT_EQ(world.status(id), PaymentStatus::requested) << "nothing is settled yet";
  world.run_for(seconds(1));
  world.wire.loses_replies = true;
  world.refund(17);
  world.refund(17);
  EXPECT_EQ(world.status(id), PaymentStatus::refund_due);
  world.run_for(minutes(30));
  EXPECT_EQ(world.status(id), PaymentStatus::refund_due) << "nobody has said that the money went back";
  EXPECT_EQ(world.unsettled(), 1u);
  world.wire.loses_replies = false;
  world.run_for(minutes(10));
  EXPECT_EQ(world.status(id), PaymentStatus::refunded);
  EXPECT_TRUE(world.row(id).refunded_at);
  world.refund(17);
  world.run_for(minutes(10));
  EXPECT_EQ(world.gateway.totals().refunds, 1);
  EXPECT_EQ(world.count(job_count), 0);
}

TEST_P(payments_on, the_first_captured_try_wins_and_the_other_is_given_back) {
  World world(GetParam(), {.loss_probability = 1});
  world.wire.loses_replies = true;
  const PaymentId first = world.pay(17);
  world.run_for(seconds(301));
  ASSERT_EQ(world.status(first), PaymentStatus::failed);
  world.wire.loses_replies = false;
  const PaymentId second = world.pay(17, "late");
  ASSERT_NE(first, second);
  world.run_for(minutes(1));
  EXPECT_EQ(world.status(first), PaymentStatus::settled) << "found late, and kept";
  EXPECT_EQ(world.status(second), PaymentStatus::failed);
  world.run_for(hours(1));
  EXPECT_EQ(world.status(second), PaymentStatus::refunded);
  EXPECT_EQ(world.owner.captured.size(), 1u) << "the owner is not asked to keep two payments for one thing";
  EXPECT_EQ(world.gateway.totals().refunds, 1);
  std::optional<Payment> counts;
  world.engine->read_now([&](Snapshot& db) { counts = payment_of(db, "appointment", 17); });
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->id, first);
}

TEST_P(payments_on, an_owner_that_throws_leaves_the_message_to_be_heard_again) {
  World world(GetParam());
  int tries = 0;
  world.owner.decide = [&](const Payment&) -> Settlement {
    if (++tries < 3) throw std::runtime_error("a bug");
    return Settlement::settled;
  };
  const PaymentId id = world.pay(17);
  world.jobs->run_due();
  const auto message = world.signed_message("msg_1", world.event_body(id, "payment.captured"), world.clock.now());
  EXPECT_THROW(world.hear(message), sql::Error);
  EXPECT_EQ(world.status(id), PaymentStatus::requested);
  EXPECT_EQ(world.count(message_count), 0);
  EXPECT_THROW(world.hear(message), sql::Error);
  EXPECT_EQ(world.hear(message), 204);
  EXPECT_EQ(world.status(id), PaymentStatus::settled);
}

TEST_P(payments_on, the_payment_of_a_payable_is_the_one_that_counts) {
  World world(GetParam());
  const auto of = [&](std::int64_t payable) {
    std::optional<Payment> found;
    world.engine->read_now([&](Snapshot& db) { found = payment_of(db, "appointment", payable); });
    return found;
  };
  EXPECT_FALSE(of(17));
  world.pay(17, "fail");
  world.run_for(seconds(1));
  EXPECT_EQ(of(17)->status, PaymentStatus::failed);
  const PaymentId second = world.pay(17);
  EXPECT_EQ(of(17)->id, second);
  EXPECT_EQ(of(17)->payer, world.patient);
  EXPECT_EQ(of(17)->requested_at, world.clock.now());
}

TEST_P(payments_on, the_payment_is_shown_to_whom_it_concerns) {
  World world(GetParam());
  const PaymentId id = world.pay(17);
  struct Viewer {
    api::Role role;
    api::Scope scope;
    UserId user;
    HospitalId hospital;
    bool may;
  };
  const Viewer table[] = {
      {api::Role::patient, api::Scope::own, world.patient, {}, true},
      {api::Role::patient, api::Scope::own, UserId{world.patient.value + 1}, {}, false},
      {api::Role::front_desk, api::Scope::hospital, UserId{99}, HospitalId{3}, true},
      {api::Role::front_desk, api::Scope::hospital, UserId{99}, HospitalId{4}, false},
      {api::Role::platform_admin, api::Scope::all, UserId{99}, {}, true},
  };
  for (const Viewer& viewer : table) {
    Call call = world.call_now();
    call.caller = {.role = viewer.role, .user = viewer.user, .hospital = viewer.hospital};
    call.scope = viewer.scope;
    world.engine->read_now([&](Snapshot& db) {
      const auto view = world.billing.payment_get(db, call, {id});
      EXPECT_EQ(view.has_value(), viewer.may) << role_text(viewer.role) << " " << viewer.user.value;
      EXPECT_EQ(view ? view->amount.amount_minor : 0, viewer.may ? 50'000 : 0);
      EXPECT_EQ(view ? nullptr : view.error().problem, viewer.may ? nullptr : &payment_not_found);
      EXPECT_FALSE(world.billing.payment_get(db, call, {PaymentId{12345}}));
    });
  }
}

// Hands the same work to all writers of the engine at once; true when every one of them was kept.
bool all_at_once(sql::Engine& engine, int count, std::function<bool(Txn&, int)> work) {
  std::atomic<int> done = 0, kept = 0;
  for (int i = 0; i < count; ++i)
    engine.write(
        i + 1, [&work, i](Txn& txn) { return work(txn, i); },
        [&](sql::Outcome outcome) {
          if (outcome == sql::Outcome::done) ++kept;
          ++done;
        });
  while (done < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return kept == count;
}

TEST_P(payments_on, requests_at_the_same_time_make_one_payment) {
  World world(GetParam());
  constexpr int count = 16;
  std::vector<PaymentId> ids(count);
  EXPECT_TRUE(all_at_once(*world.engine, count, [&](Txn& txn, int i) {
    Call call = world.call_now();
    const auto payment = world.billing.payment_request(txn, call, world.request(17));
    if (payment) ids[static_cast<std::size_t>(i)] = payment->id;
    return payment.has_value();
  }));
  EXPECT_EQ(ids, std::vector<PaymentId>(count, ids[0]));
  EXPECT_EQ(world.count(job_count), 1);
}

TEST_P(payments_on, messages_at_the_same_time_refund_once) {
  World world(GetParam(), {.loss_probability = 1});
  world.owner.decide = [](const Payment&) { return Settlement::refund; };
  const PaymentId id = world.pay(17);
  world.jobs->run_due();
  const std::string reference = world.row(id).gateway_reference;
  const auto jobs_before = world.count(job_count);
  constexpr int count = 16;
  EXPECT_TRUE(all_at_once(*world.engine, count, [&](Txn& txn, int i) {
    Call call = world.call_now();
    GatewayMessage message{
        "msg_" + std::to_string(i / 2), reference, {PaymentEvent::captured, "sandbox_1", 50'000, "INR"}};
    return world.billing.webhook(txn, call, {}, message).has_value();
  }));
  EXPECT_EQ(world.status(id), PaymentStatus::refund_due);
  EXPECT_EQ(world.count(job_count), jobs_before + 1);
  EXPECT_EQ(world.count(message_count), count / 2);
  world.run_for(hours(1));
  EXPECT_EQ(world.status(id), PaymentStatus::refunded);
  EXPECT_EQ(world.gateway.totals().refunds, 1);
}

// ---- on one engine, where the others would show nothing more ----

constexpr auto here = sql::testing::Kind::inline_sqlite;

TEST(payment_request, refuses_in_the_order_of_its_errors) {
  World world(here);
  struct Rule {
    std::function<void(PaymentRequest&)> change;
    const Problem* problem;
  };
  const Rule table[] = {
      {[](auto& r) {
         r.method = "cash";
         r.sandbox_outcome = "maybe";
       },
       &method_unknown},
      {[](auto& r) {
         r.sandbox_outcome = "maybe";
         r.amount.amount_minor = 0;
       },
       &outcome_unknown},
      {[](auto& r) { r.amount.amount_minor = 0; }, &amount_invalid},
      {[](auto& r) { r.amount.amount_minor = -1; }, &amount_invalid},
      {[](auto& r) { r.amount.amount_minor = gateway_amount_minor_max + 1; }, &amount_invalid},
      {[](auto& r) { r.amount.currency = "rupees"; }, &amount_invalid},
      {[](auto& r) { r.amount.currency = "inr"; }, &amount_invalid},
  };
  for (const Rule& rule : table) {
    PaymentRequest request = world.request(17);
    rule.change(request);
    const auto result = world.pay(request);
    ASSERT_FALSE(result) << rule.problem->code;
    EXPECT_EQ(result.error().problem, rule.problem);
  }
  EXPECT_EQ(world.count(job_count), 0);
}

TEST(payment_request, is_refused_where_no_gateway_is_named) {
  World world(here);
  BillingService none(*world.engine, {}, world.wire);
  world.engine->write_now([&](Txn& txn) {
    Call call = world.call_now();
    const auto result = none.payment_request(txn, call, world.request(17));
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error().problem, &payments_not_offered);
    return false;
  });
  EXPECT_THROW(make_billing(*world.engine, {"http://gateway", "whsec_c2hvcnQ=", "http://x/"}, world.wire),
               std::invalid_argument);
}

TEST(payment_webhook, is_believed_only_with_a_good_and_recent_signature) {
  World world(here, {.loss_probability = 1});
  const PaymentId id = world.pay(17);
  world.jobs->run_due();
  const std::string body = world.event_body(id, "payment.captured");
  const Instant now = world.clock.now();
  const http::Request good = world.signed_message("msg_1", body, now);
  const auto changed = [&](auto change) {
    http::Request bad = good;
    change(bad);
    return bad;
  };
  const std::pair<http::Request, int> table[] = {
      {changed([](auto& r) { r.headers.clear(); }), 401},
      {changed([](auto& r) { r.headers[0].second = "msg_2"; }), 401},
      {changed([](auto& r) { r.headers[0].second = ""; }), 401},
      {changed([](auto& r) { r.headers[1].second += "0"; }), 401},
      {changed([](auto& r) { r.headers[2].second = "v1,AAAA"; }), 401},
      {changed([](auto& r) { r.headers[2].second = ""; }), 401},
      {changed([](auto& r) { r.body.replace(r.body.find("50000"), 5, "50001"); }), 401},
      {changed([](auto& r) { r.body += " "; }), 401},
      {world.signed_message("msg_1", body, now - minutes(6)), 401},
      {world.signed_message("msg_1", body, now + minutes(6)), 401},
      {world.signed_message(std::string(129, 'a'), body, now), 401},
      {world.signed_message("msg\n1", body, now), 401},
      {world.signed_message("msg_1", "", now), 400},
      {world.signed_message("msg_1", "[]", now), 400},
      {world.signed_message("msg_1", world.event_body(id, "payment.exploded"), now), 400},
      {world.signed_message(
           "msg_1",
           R"({"type":"payment.captured","reference":"nobody's","gateway_id":"","amount_minor":1,"currency":"INR"})",
           now),
       404},
  };
  for (const auto& [request, status] : table) EXPECT_EQ(world.hear(request), status) << request.body;
  EXPECT_EQ(world.status(id), PaymentStatus::requested);
  EXPECT_EQ(world.count(message_count), 0) << "what was refused may be said again";
  EXPECT_EQ(world.hear(good), 204);
  EXPECT_EQ(world.status(id), PaymentStatus::settled);
}

TEST(billing_routes, are_declared_without_fault) {
  World world(here);
  api::Routes routes;
  world.billing.routes(routes);
  EXPECT_EQ(routes.faults(), std::vector<std::string>{});
  EXPECT_EQ(routes.all().size(), 2u);
}

// Everything at once, by seed: loss both ways, doubles, lateness, cuts, refunds asked at any time.
TEST(payments, end_settled_or_refunded_whatever_happens) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(here, {.duplicate_probability = 0.3, .loss_probability = 0.4}, seed);
    world.wire.request_loss_percent = 20;
    world.wire.reply_loss_percent = 20;
    world.owner.decide = [&](const Payment&) {
      return world.entropy->below(3) == 0 ? Settlement::refund : Settlement::settled;
    };
    std::map<std::int64_t, int> settled;
    std::vector<PaymentId> ids;
    constexpr const char* outcomes[] = {"success", "fail", "late"};
    for (int i = 0; i < 60; ++i) {
      const auto payable = static_cast<std::int64_t>(world.entropy->below(12)) + 1;
      if (const auto payment = world.pay(world.request(payable, outcomes[world.entropy->below(3)])))
        ids.push_back(payment->id);
      if (world.entropy->below(5) == 0) world.refund(static_cast<std::int64_t>(world.entropy->below(12)) + 1);
      world.wire.is_cut = world.entropy->below(4) == 0;
      world.run_for(milliseconds(static_cast<std::int64_t>(world.entropy->below(90'000))));
    }
    world.wire.is_cut = false;
    world.run_for(days(1));
    std::int64_t kept = 0;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (const PaymentId id : ids) {
      const PaymentRow row = world.row(id);
      EXPECT_TRUE(row.status == PaymentStatus::settled || row.status == PaymentStatus::failed ||
                  row.status == PaymentStatus::refunded)
          << "seed " << seed << " payment " << id.value << " is " << sql_text(row.status);
      if (row.status != PaymentStatus::settled) continue;
      kept += row.amount_minor;
      EXPECT_EQ(++settled[row.payable_id], 1) << "seed " << seed;
    }
    const GatewayTotals totals = world.gateway.totals();
    EXPECT_EQ(kept, totals.captured_minor - totals.refunded_minor) << "seed " << seed;
    EXPECT_GT(totals.captured_minor, 0);
    EXPECT_GT(totals.refunds, 0);
    EXPECT_EQ(world.unsettled(), 0u) << "seed " << seed;
    EXPECT_EQ(world.count(job_count), 0) << "seed " << seed;
  }
}

}  // namespace
}  // namespace fairward::billing
