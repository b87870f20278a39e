// The sandbox gateway: what it answers, when it decides, and how it loses and doubles its webhooks.
#include "modules/billing/sandbox_gateway.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "platform/api/codec.h"

namespace fairward::billing {
namespace {

const std::string secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

struct SandboxWorld {
  explicit SandboxWorld(SandboxRules changed = {})
      : rules(with_secret(std::move(changed))), gateway(rules, clock, *entropy) {}

  static SandboxRules with_secret(SandboxRules rules) {
    if (rules.secret.empty()) rules.secret = secret;
    return rules;
  }

  http::Response ask(http::Method method, std::string target, std::string body = "") {
    return gateway.handle({method,
                           std::move(target),
                           {{"authorization", "Bearer " + gateway_api_key(secret)}},
                           std::move(body),
                           "127.0.0.1"});
  }
  http::Response pay(const std::string& reference, const std::string& outcome = "success", std::int64_t amount = 500) {
    return ask(http::Method::post, "/payments",
               R"({"reference":")" + reference + R"(","amount_minor":)" + std::to_string(amount) +
                   R"(,"currency":"INR","outcome":")" + outcome + R"(","expires_at":")" + to_rfc3339(expires_at) +
                   R"(","callback_url":"http://127.0.0.1/hook"})");
  }
  GatewayPayment payment(const std::string& reference) {
    return *api::decode<GatewayPayment>(ask(http::Method::get, "/payments/" + reference).body);
  }
  http::Response refund(const std::string& reference) {
    return ask(http::Method::post, "/refunds", R"({"reference":")" + reference + "\"}");
  }

  ManualClock clock{Instant{1'000'000'000}};
  Instant expires_at = clock.now() + minutes(5);
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(7);
  SandboxRules rules;
  SandboxGateway gateway;
};

TEST(sandbox_gateway, refuses_a_secret_that_is_none) {
  ManualClock clock{Instant{0}};
  const auto entropy = make_seeded_entropy(1);
  EXPECT_THROW(SandboxGateway({.secret = "short"}, clock, *entropy), std::invalid_argument);
}

TEST(sandbox_gateway, answers_only_who_has_the_key) {
  SandboxWorld world;
  for (const char* target : {"/payments/a", "/payments", "/refunds"}) {
    EXPECT_EQ(world.gateway.handle({http::Method::get, target, {}, "", ""}).status, 401) << target;
    EXPECT_EQ(world.gateway.handle({http::Method::get, target, {{"authorization", "Bearer " + secret}}, "", ""}).status,
              401)
        << target;
  }
  EXPECT_EQ(world.gateway.handle({http::Method::get, "/totals", {}, "", ""}).status, 200);
  EXPECT_EQ(world.ask(http::Method::get, "/other").status, 404);
}

TEST(sandbox_gateway, captures_after_the_delay_and_says_so_with_a_good_signature) {
  SandboxWorld world;
  EXPECT_EQ(world.pay("ref1").status, 202);
  EXPECT_EQ(world.payment("ref1").status, GatewayStatus::pending);
  EXPECT_TRUE(world.gateway.take_due().empty());
  EXPECT_EQ(world.gateway.next_due(), world.clock.now() + milliseconds(200));
  world.clock.set(world.gateway.next_due());
  const auto due = world.gateway.take_due();
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(world.payment("ref1").status, GatewayStatus::captured);
  EXPECT_EQ(world.payment("ref1").captured_at, world.clock.now());
  const auto event = api::decode<GatewayEvent>(due[0].request.body);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "payment.captured");
  EXPECT_EQ(event->reference, "ref1");
  EXPECT_EQ(event->amount_minor, 500);
  EXPECT_EQ(due[0].request.url, "http://127.0.0.1/hook");
  crypto::WebhookHeaders headers;
  for (const auto& [name, value] : due[0].request.headers) {
    if (name == "webhook-id") headers.id = value;
    if (name == "webhook-timestamp") headers.timestamp = value;
    if (name == "webhook-signature") headers.signature = value;
  }
  EXPECT_TRUE(crypto::WebhookSecret::parse(secret)->verify(headers, due[0].request.body, world.clock.now()));
  world.gateway.delivered(due[0], true);
  EXPECT_EQ(world.gateway.next_due(), Instant{INT64_MAX});
}

TEST(sandbox_gateway, fails_and_is_late_as_told) {
  SandboxWorld world;
  world.pay("bad", "fail");
  world.pay("late", "late");
  world.clock.advance(seconds(1));
  EXPECT_EQ(world.payment("bad").status, GatewayStatus::failed);
  world.clock.set(world.expires_at + seconds(9));
  EXPECT_EQ(world.payment("late").status, GatewayStatus::pending);
  world.clock.set(world.expires_at + seconds(10));
  EXPECT_EQ(world.payment("late").status, GatewayStatus::captured);
  EXPECT_EQ(world.gateway.totals().captured_minor, 500);
}

TEST(sandbox_gateway, takes_a_reference_once) {
  SandboxWorld world;
  EXPECT_EQ(world.pay("ref1").status, 202);
  EXPECT_EQ(world.pay("ref1").status, 202);
  EXPECT_EQ(world.pay("ref1", "success", 501).status, 409);
  EXPECT_EQ(world.gateway.totals().payments, 1);
  world.clock.set(world.expires_at);
  EXPECT_EQ(world.pay("ref2").status, 422);
  EXPECT_EQ(world.pay("ref1").status, 202) << "a known payment is told of however late";
  EXPECT_EQ(world.gateway.totals().captured_minor, 500);
}

TEST(sandbox_gateway, refuses_what_it_cannot_understand) {
  SandboxWorld world;
  const std::string good = R"({"reference":"r","amount_minor":1,"currency":"INR",)"
                           R"("expires_at":"2030-01-01T00:00:00Z","callback_url":"http://h/"})";
  EXPECT_EQ(world.ask(http::Method::post, "/payments", good).status, 202);
  const std::pair<std::string, std::string> changes[] = {
      {"\"r\"", "\"\""},
      {"\"r\"", "\"../x\""},
      {":1,", ":0,"},
      {":1,", ":-5,"},
      {":1,", ":1.5,"},
      {":1,", ":9223372036854775807,"},
      {"INR", "inr"},
      {"INR", "INRX"},
      {"2030-01-01T00:00:00Z", "soon"},
      {"http://h/", "file:///etc/passwd"},
      {"{", "["},
      {"}", ",\"more\":1}"},
  };
  for (const auto& [from, to] : changes) {
    std::string bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_EQ(world.ask(http::Method::post, "/payments", bad).status, 400) << bad;
  }
  EXPECT_EQ(world.ask(http::Method::post, "/refunds", "{}").status, 400);
}

TEST(sandbox_gateway, refunds_once) {
  SandboxWorld world;
  EXPECT_EQ(world.refund("ref1").status, 404);
  world.pay("ref1");
  EXPECT_EQ(world.refund("ref1").status, 409);
  world.clock.advance(seconds(1));
  EXPECT_EQ(world.refund("ref1").status, 200);
  EXPECT_EQ(world.refund("ref1").status, 200);
  EXPECT_EQ(world.payment("ref1").status, GatewayStatus::refunded);
  const GatewayTotals totals = world.gateway.totals();
  EXPECT_EQ(totals.refunds, 1);
  EXPECT_EQ(totals.refunded_minor, 500);
  EXPECT_EQ(totals.captured_minor, 500);
}

TEST(sandbox_gateway, is_full_at_its_bound) {
  SandboxWorld world({.payments_max = 1});
  EXPECT_EQ(world.pay("ref1").status, 202);
  EXPECT_EQ(world.pay("ref2").status, 503);
  EXPECT_EQ(world.pay("ref1").status, 202);
}

TEST(sandbox_gateway, loses_webhooks_as_told) {
  SandboxWorld world({.loss_probability = 1});
  world.pay("ref1");
  world.clock.advance(hours(1));
  EXPECT_TRUE(world.gateway.take_due().empty());
  EXPECT_EQ(world.payment("ref1").status, GatewayStatus::captured);
}

TEST(sandbox_gateway, doubles_webhooks_under_one_id) {
  SandboxWorld world({.duplicate_probability = 1});
  world.pay("ref1");
  world.clock.advance(hours(1));
  const auto due = world.gateway.take_due();
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0].webhook_id, due[1].webhook_id);
}

TEST(sandbox_gateway, tries_a_webhook_ten_times_with_backoff) {
  SandboxWorld world;
  world.pay("ref1");
  world.clock.advance(milliseconds(200));
  std::vector<std::int64_t> waits;
  int tries = 0;
  while (world.gateway.next_due() != Instant{INT64_MAX}) {
    const Duration wait = world.gateway.next_due() - world.clock.now();
    if (tries > 0) waits.push_back(wait.ms / 1000);
    world.clock.set(world.gateway.next_due());
    for (const auto& delivery : world.gateway.take_due()) {
      ++tries;
      world.gateway.delivered(delivery, false);
    }
  }
  EXPECT_EQ(tries, 10);
  EXPECT_EQ(waits, (std::vector<std::int64_t>{1, 2, 4, 8, 16, 32, 64, 128, 256}));
}

TEST(sandbox_gateway_server, serves_and_delivers_over_sockets) {
  std::mutex mutex;
  std::vector<http::Request> heard;
  http::ServerOptions hook_options;
  hook_options.port = 0;
  const auto hook = http::serve(hook_options, [&](http::Request&& request, http::Responder respond) {
    http::Response response;
    const std::lock_guard lock(mutex);
    response.status = heard.empty() ? 503 : 204;  // the first try is not accepted
    heard.push_back(std::move(request));
    respond(std::move(response));
  });
  const SandboxGatewayServer server({.port = 0, .secret = secret, .webhook_delay_ms = 10, .seed = 3});
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  const auto client = http::make_client();
  const std::string body = R"({"reference":"r","amount_minor":1,"currency":"INR",)"
                           R"("expires_at":"2099-01-01T00:00:00Z","callback_url":"http://127.0.0.1:)" +
                           std::to_string(hook->port()) + "/hook\"}";
  const auto paid =
      client->call({http::Method::post,
                    url + "/payments",
                    {{"Authorization", "Bearer " + gateway_api_key(secret)}, {"Content-Type", "application/json"}},
                    body});
  ASSERT_TRUE(paid);
  EXPECT_EQ(paid->status, 202);
  for (int i = 0; i < 500; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const std::lock_guard lock(mutex);
    if (heard.size() >= 2) break;
  }
  const std::lock_guard lock(mutex);
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_EQ(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
  const crypto::WebhookHeaders headers{std::string(heard[1].header("webhook-id")),
                                       std::string(heard[1].header("webhook-timestamp")),
                                       std::string(heard[1].header("webhook-signature"))};
  EXPECT_TRUE(crypto::WebhookSecret::parse(secret)->verify(headers, heard[1].body, make_system_clock()->now()));
  const auto totals = client->call({http::Method::get, url + "/totals", {}, ""});
  ASSERT_TRUE(totals);
  EXPECT_EQ(totals->body, R"({"captured_minor":1,"refunded_minor":0,"payments":1,"refunds":0})");
}

TEST(sandbox_gateway_server, refuses_wrong_options) {
  EXPECT_THROW(SandboxGatewayServer({.port = 0, .secret = secret, .loss_probability = 1.5}), std::invalid_argument);
  EXPECT_THROW(SandboxGatewayServer({.port = 0, .secret = secret, .webhook_delay_ms = -1}), std::invalid_argument);
  EXPECT_THROW(SandboxGatewayServer({.port = 0, .secret = ""}), std::invalid_argument);
}

}  // namespace
}  // namespace fairward::billing
