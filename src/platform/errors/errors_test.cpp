// What is kept of errors, on each engine: what is alike once, nothing of patients, nothing lost while the database is
// away, and never too much.
#include "platform/errors/errors.h"

#include <gtest/gtest.h>

#include <thread>

#include "platform/sql/testing.h"

namespace fairward::errors {
namespace {

using sql::testing::Database;
using sql::testing::Kind;

class error_log : public ::testing::TestWithParam<Kind> {
 protected:
  void note(std::string_view message, std::initializer_list<log::Field> fields = {}) {
    errors.note(message, std::span(fields.begin(), fields.size()));
  }
  // A tick, and the end of what it submitted.
  void store() {
    errors.tick();
    for (int writer = 0; writer < 8; ++writer) engine->write_now([](Txn&) { return true; });
  }
  Page<ErrorEntry> page(const ErrorQuery& query = {}) {
    Page<ErrorEntry> found;
    engine->read_now([&](Snapshot& db) {
      Call call;
      auto result = errors.error_list(db, call, query);
      ASSERT_TRUE(result);
      found = std::move(*result);
    });
    return found;
  }
  std::vector<ErrorEntry> stored() { return page().items; }

  ManualClock clock{Instant{1'800'000'000'000}};
  Database database{GetParam()};
  std::unique_ptr<sql::Engine> engine = database.open(clock);
  ErrorLog errors{*engine, clock, "node:1"};
};

INSTANTIATE_TEST_SUITE_P(engines, error_log, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(error_log, keeps_what_went_wrong_where_and_in_which_trace) {
  note("request broken", {{"route", "hold_create"},
                          {"problem", "server.fault"},
                          {"reason", "no such thing"},
                          {"trace_id", "0af7651916cd43dd8448eb211c80319c"},
                          {"user", 7LL}});
  EXPECT_TRUE(stored().empty()) << "noting asks no database";
  store();
  const auto entries = stored();
  ASSERT_EQ(entries.size(), 1u);
  const ErrorEntry& entry = entries.front();
  EXPECT_EQ(entry.message, "request broken");
  EXPECT_EQ(entry.node, "node:1");
  EXPECT_EQ(entry.operation, "hold_create");
  EXPECT_EQ(entry.code, "server.fault");
  EXPECT_EQ(entry.reason, "no such thing");
  EXPECT_EQ(entry.trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(entry.first_at, clock.now());
  EXPECT_EQ(entry.repeats, 1);
  EXPECT_EQ(errors.waiting(), 0u);
}

TEST_P(error_log, counts_what_is_alike_within_an_hour) {
  const Instant first = clock.now();
  for (int i = 0; i < 3; ++i) note("request", {{"problem", "server.busy"}, {"trace_id", "a"}});
  store();
  clock.advance(minutes(1));
  note("request", {{"problem", "server.busy"}, {"trace_id", "b"}});
  note("request", {{"problem", "server.unavailable"}});
  store();
  clock.advance(hours(1));
  note("request", {{"problem", "server.busy"}});
  store();
  const auto entries = stored();
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(entries[2].repeats, 4);
  EXPECT_EQ(entries[2].first_at, first);
  EXPECT_EQ(entries[2].last_at, first + minutes(1));
  EXPECT_EQ(entries[2].trace_id, "b");
  EXPECT_EQ(entries[1].code, "server.unavailable");
  EXPECT_EQ(entries[0].repeats, 1);
}

TEST_P(error_log, takes_no_values_out_of_quotation_marks) {
  note("call broken",
       {{"reason", "directory_insert: invalid input for \"Asha Rao\", '98765', `x` (22P02)\nDETAIL: Asha"}});
  store();
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored().front().reason, "directory_insert: invalid input for \"\", '', `` (22P02)");
}

TEST_P(error_log, lists_pages_by_code_and_time) {
  for (int i = 0; i < 5; ++i) {
    const std::string code = "test.code_" + std::to_string(i % 2);
    note("number " + std::to_string(i), {{"problem", std::string_view(code)}});
    store();
    clock.advance(hours(2));
  }
  ErrorQuery query;
  query.limit.value = 2;
  std::vector<std::string> seen;
  do {
    const auto found = page(query);
    for (const ErrorEntry& entry : found.items) seen.push_back(entry.message);
    query.cursor = found.next ? std::optional(BoundedText<1, 20>{*found.next}) : std::nullopt;
  } while (query.cursor);
  EXPECT_EQ(seen, (std::vector<std::string>{"number 4", "number 3", "number 2", "number 1", "number 0"}));
  ErrorQuery of_code;
  of_code.code = {"test.code_1"};
  EXPECT_EQ(page(of_code).items.size(), 2u);
  ErrorQuery recent;
  recent.since = clock.now() - hours(5);
  EXPECT_EQ(page(recent).items.size(), 2u);
  engine->read_now([&](Snapshot& db) {
    Call call;
    ErrorQuery wrong;
    wrong.cursor = {"12x"};
    EXPECT_FALSE(errors.error_list(db, call, wrong));
    const auto counts = errors.error_counts(db, call, {});
    ASSERT_EQ(counts->items.size(), 2u);
    EXPECT_EQ(counts->items.front().code, "test.code_0");
    EXPECT_EQ(counts->items.front().repeats, 3);
  });
}

TEST_P(error_log, forgets_what_is_old) {
  note("old");
  store();
  clock.advance(kept_for + hours(1));
  note("new");
  store();
  errors.prune();
  store();
  const auto entries = stored();
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries.front().message, "new");
}

TEST_P(error_log, drops_and_counts_what_is_too_much) {
  for (std::size_t i = 0; i < waiting_max + 10; ++i) note("kind " + std::to_string(i));
  note("kind 1");
  EXPECT_EQ(errors.waiting(), waiting_max);
  EXPECT_EQ(errors.dropped(), 10u);
  store();
  EXPECT_EQ(errors.waiting(), 0u);
}

TEST_P(error_log, many_threads_note_and_none_is_lost) {
  constexpr int threads = 4, rounds = 2000;
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) note("request", {{"problem", "server.busy"}});
    });
  for (int tick = 0; tick < 20; ++tick) errors.tick();
  for (auto& thread : all) thread.join();
  store();
  store();
  std::int64_t repeats = 0;
  for (const ErrorEntry& entry : stored()) repeats += entry.repeats;
  EXPECT_EQ(repeats, threads * rounds);
}

// An engine without a database, until there is one.
class AbsentEngine final : public sql::Engine {
 public:
  explicit AbsentEngine(sql::Engine& engine) : engine_(engine) {}
  void write(std::int64_t key, Write work, Done done) override {
    if (outcome == sql::Outcome::done) engine_.write(key, std::move(work), std::move(done));
    else done(outcome);
  }
  void read(Read work, Done done) override { engine_.read(std::move(work), std::move(done)); }
  void on_events(std::function<void(const std::vector<sql::Event>&, Instant)>) override {}
  sql::EngineStats stats() const override { return engine_.stats(); }
  void stop() override {}
  sql::Outcome outcome = sql::Outcome::unavailable;

 private:
  sql::Engine& engine_;
};

TEST_P(error_log, waits_in_memory_while_the_database_is_away) {
  AbsentEngine absent(*engine);
  ErrorLog deaf(absent, clock, "node:2");
  const log::Field fields[] = {{"problem", "server.unavailable"}};
  for (int i = 0; i < 5; ++i) {
    deaf.note("request", fields);
    deaf.tick();
    clock.advance(seconds(1));
  }
  EXPECT_EQ(deaf.waiting(), 1u);
  absent.outcome = sql::Outcome::done;
  deaf.tick();
  store();
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored().front().repeats, 5);
  EXPECT_EQ(stored().front().node, "node:2");
  EXPECT_EQ(deaf.waiting() + deaf.dropped(), 0u);
}

TEST_P(error_log, what_the_database_cannot_take_does_not_come_back_for_ever) {
  AbsentEngine absent(*engine);
  absent.outcome = sql::Outcome::broken;
  ErrorLog deaf(absent, clock, "node:2");
  deaf.note("request", {});
  deaf.tick();
  EXPECT_EQ(deaf.waiting(), 0u);
  EXPECT_EQ(deaf.dropped(), 1u);
}

TEST(reason_text, is_one_line_without_what_is_quoted) {
  struct Case {
    std::string_view reason, kept;
  };
  const Case cases[] = {
      {"disk full", "disk full"},
      {"a \"name\" b", "a \"\" b"},
      {"a \"name that does not end", "a \""},
      {"the client's word isn't 'secret'", "the client's word isn't ''"},
      {"first\nsecond", "first"},
      {"tab\tand \xc3\xa9", "tab?and ??"},
      {"", ""},
  };
  for (const auto& [reason, kept] : cases) EXPECT_EQ(reason_text(reason), kept);
  EXPECT_EQ(reason_text(std::string(1000, 'x')).size(), 300u);
}

}  // namespace
}  // namespace fairward::errors
