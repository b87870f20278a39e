// The dispatcher on every engine with threads of its own: requests that race for one key, and long polls that must not
// sleep through a change.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "platform/api/dispatcher.h"
#include "platform/api/problems.h"
#include "platform/sql/testing.h"

namespace fairward::api {
namespace engines_test {

using http::Method;

constexpr const char* table_text =
    "CREATE TABLE test_counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL); INSERT INTO test_counter VALUES (1, 0)";
constexpr const char* add_text = "UPDATE test_counter SET value = value + 1 WHERE id = 1 RETURNING value";
constexpr const char* read_text = "SELECT value FROM test_counter WHERE id = 1";
constexpr sql::Query counter_add{"test_counter_add", add_text, add_text};
constexpr sql::Query counter_read{"test_counter_read", read_text, read_text};

struct Value {
  std::int64_t value = 0;
};
BOOST_DESCRIBE_STRUCT(Value, (), (value))

Result<Created<Value>> counter_create(Txn& txn, Call&, const Empty&) {
  const auto value = *txn.one<std::int64_t>(counter_add);
  txn.emit({"counter/1", "test.counted", "{}"});
  return Created<Value>{{value}, "/counter"};
}

Result<Value> counter_get(Snapshot& db, Call& call, const Empty&) {
  const auto value = *db.one<std::int64_t>(counter_read);
  call.etag(value);
  call.watch("counter/1");
  return Value{value};
}

class Anyone final : public Authenticator {
 public:
  void authenticate(const http::Request&, Instant, std::move_only_function<void(Result<Caller>)> answer) override {
    answer(Caller{});
  }
};

class engines : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  engines() {
    database.execute(table_text);
    engine = database.open(*clock);
    engine->on_events([this](const std::vector<sql::Event>& events, Instant at) { hub->publish(events, at); });
    routes.module("test");
    routes.add(Method::post, "/counter", "counter_create", &counter_create).allow_anyone();
    routes.add(Method::get, "/counter", "counter_get", &counter_get).allow_anyone().long_poll();
    DispatcherOptions options;
    options.per_address = {};
    dispatcher =
        std::make_unique<Dispatcher>(routes, *engine, *clock, *entropy, authenticator, *hub, *metrics, options);
  }
  ~engines() override {
    dispatcher->stop();
    engine->stop();
  }
  std::future<http::Response> send(Method method, std::string target,
                                   std::vector<std::pair<std::string, std::string>> headers) {
    auto promise = std::make_shared<std::promise<http::Response>>();
    auto future = promise->get_future();
    dispatcher->handle({method, std::move(target), std::move(headers), "", "10.0.0.1"},
                       [promise](http::Response&& response) { promise->set_value(std::move(response)); });
    return future;
  }

  std::unique_ptr<Clock> clock = make_system_clock();
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(7);
  sql::testing::Database database{GetParam()};
  std::unique_ptr<sql::Engine> engine;
  std::unique_ptr<Hub> hub = make_hub();
  std::unique_ptr<metrics::Metrics> metrics = metrics::make_metrics();
  Anyone authenticator;
  Routes routes;
  std::unique_ptr<Dispatcher> dispatcher;
};

INSTANTIATE_TEST_SUITE_P(engines, engines, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(engines, requests_that_race_with_one_key_happen_once) {
  constexpr int keys = 20, racers = 8;
  std::vector<std::vector<std::future<http::Response>>> replies(keys);
  for (int racer = 0; racer < racers; ++racer)
    for (int key = 0; key < keys; ++key)
      replies[static_cast<std::size_t>(key)].push_back(
          send(Method::post, "/counter", {{"idempotency-key", "k" + std::to_string(key)}}));
  for (auto& group : replies) {
    const http::Response first = group.front().get();
    EXPECT_EQ(first.status, 201) << first.body;
    for (std::size_t i = 1; i < group.size(); ++i) EXPECT_EQ(group[i].get().body, first.body);
  }
  std::int64_t value = 0;
  engine->read_now([&](Snapshot& db) { value = *db.one<std::int64_t>(counter_read); });
  EXPECT_EQ(value, keys);
}

TEST_P(engines, a_long_poll_sees_every_change) {
  constexpr int rounds = 30;
  for (int round = 0; round < rounds; ++round) {
    const std::string tag = "\"" + std::to_string(round) + "\"";
    auto poll = send(Method::get, "/counter?wait=20", {{"if-none-match", tag}});
    auto change = send(Method::post, "/counter", {});
    EXPECT_EQ(change.get().status, 201);
    const http::Response changed = poll.get();
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.body, "{\"value\":" + std::to_string(round + 1) + "}");
  }
}

}  // namespace engines_test
}  // namespace fairward::api
