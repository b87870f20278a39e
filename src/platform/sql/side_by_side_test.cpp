// Calls side by side, over a database that answers when it is asked to settle and counts how often that was.
#include "platform/sql/side_by_side.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <numeric>
#include <string>

#include "platform/sql/fiber.h"

namespace fairward::sql {
namespace {

constexpr Query seat_get{"test_seat_get", "", "SELECT"};
constexpr Query seat_put{"test_seat_put", "", "UPDATE"};
constexpr Query seat_refused{"test_seat_refused", "", "UPDATE"};

class NumberRow final : public Row {
 public:
  explicit NumberRow(std::int64_t number) : number_(number) {}
  bool is_null(int) const override { return false; }
  std::int64_t integer(int) const override { return number_; }
  double real(int) const override { return 0; }
  std::string_view text(int) const override { return {}; }

 private:
  std::int64_t number_;
};

// What a statement did: perhaps a row, and a count.
class Done final : public Answer {
 public:
  Done(std::optional<std::int64_t> row, std::int64_t changed) : row_(row), changed_(changed) {}
  std::int64_t hand_over(const RowSink& sink) const override {
    if (row_ && sink) sink(NumberRow(*row_));
    return changed_;
  }

 private:
  std::optional<std::int64_t> row_;
  std::int64_t changed_;
};

// Seats by number: how often each is taken.
class FakeConnection final : public Connection {
 public:
  bool ready() override { return true; }
  bool is_abandoned() const override { return false; }
  void begin() override { undone_ = seats; }
  void savepoint() override { saved_ = seats; }
  void savepoint_release() override {}
  void savepoint_undo() override { seats = saved_; }
  void commit() override {
    settle();
    ++commits;
  }
  void rollback() noexcept override {
    sent_.clear();
    seats = undone_;
    ++rollbacks;
  }
  void begin_read() override {}
  void end_read() noexcept override {}
  bool waits_long() const override { return true; }

  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override {
    settle();
    ++waits;
    return answer(query, values).hand_over(sink);
  }
  void send(std::span<Request* const> requests) override {
    ++sends;
    sent_.insert(sent_.end(), requests.begin(), requests.end());
  }
  void settle() override {
    if (sent_.empty()) return;
    ++waits;
    for (Request* request : std::exchange(sent_, {})) {
      auto done = std::make_unique<Done>(answer(*request->query, request->values));
      if (request->sink) done->hand_over(request->sink);
      else request->answer = std::move(done);
    }
  }

  std::map<std::int64_t, std::int64_t> seats;
  std::optional<Error::Kind> refuses_with;  // seat_refused
  int refusals_left = 1'000;
  int waits = 0, sends = 0, commits = 0, rollbacks = 0;

 private:
  Done answer(const Query& query, std::span<const Value> values) {
    if (&query == &seat_get) return {seats[values[0].integer], 0};
    if (&query == &seat_refused && refuses_with && refusals_left-- > 0) throw Error(*refuses_with, "as the test says");
    if (&query == &seat_put) seats[values[0].integer] = values[1].integer;
    return {std::nullopt, 1};
  }

  std::vector<Request*> sent_;
  std::map<std::int64_t, std::int64_t> undone_, saved_;
};

using People = std::array<std::int64_t, 2>;

class side_by_side : public ::testing::Test {
 protected:
  void add(std::int64_t key, std::optional<People> people, Engine::Write work) {
    const std::size_t index = calls.size();
    calls.push_back({key, std::move(work), [this, index](Outcome outcome) { outcomes[index] = outcome; }, people});
  }
  // Takes a seat that nobody has; between looking and taking it waits.
  void add_taker(std::int64_t key, std::optional<People> people, std::int64_t seat) {
    add(key, people, [seat](Txn& txn) {
      const auto taken = txn.one<std::int64_t>(seat_get, seat);
      if (*taken > 0) return false;
      txn.exec(seat_put, seat, *taken + 1);
      return true;
    });
  }
  std::vector<Outcome> run() {
    outcomes.assign(calls.size(), Outcome::full);
    runner.run(calls);
    return outcomes;
  }
  std::int64_t count(Outcome outcome) { return std::count(outcomes.begin(), outcomes.end(), outcome); }

  FakeConnection connection;
  Publisher publisher;
  ManualClock clock{Instant{0}};
  std::atomic<std::uint64_t> retries{0};
  BatchRunner runner{connection, publisher, clock, retries};
  std::vector<WriteCall> calls;
  std::vector<Outcome> outcomes;
};

TEST_F(side_by_side, wait_together_and_send_the_same_query_once) {
  for (int i = 1; i <= 10; ++i) add_taker(i, People{100 + i, 0}, i);
  run();
  EXPECT_EQ(count(Outcome::done), 10);
  EXPECT_EQ(connection.waits, 2);
  EXPECT_EQ(connection.sends, 2);
  EXPECT_EQ(connection.commits, 1);
  EXPECT_EQ(std::accumulate(connection.seats.begin(), connection.seats.end(), 0,
                            [](int sum, const auto& seat) { return sum + seat.second; }),
            10);
}

// The control of the tests that follow: who contends without saying so is not kept apart.
TEST_F(side_by_side, who_hides_what_it_contends_for_takes_a_seat_twice) {
  for (int i = 1; i <= 4; ++i) add_taker(i, People{100 + i, 0}, 7);
  run();
  EXPECT_EQ(count(Outcome::done), 4);
}

TEST_F(side_by_side, calls_of_one_key_are_kept_apart) {
  for (int i = 1; i <= 4; ++i) add_taker(7, People{100 + i, 0}, 7);
  add_taker(8, People{200, 0}, 8);
  run();
  EXPECT_EQ(outcomes, (std::vector{Outcome::done, Outcome::undone, Outcome::undone, Outcome::undone, Outcome::done}));
}

TEST_F(side_by_side, calls_of_one_person_are_kept_apart_in_whatever_role) {
  for (int i = 1; i <= 4; ++i) add_taker(i, i % 2 ? People{55, 0} : People{100 + i, 55}, 7);
  add_taker(8, People{200, 0}, 8);
  run();
  EXPECT_EQ(count(Outcome::done), 2);
  EXPECT_EQ(connection.seats[7], 1);
}

TEST_F(side_by_side, calls_that_are_linked_by_a_third_are_kept_apart) {
  add_taker(1, People{10, 0}, 7);
  add_taker(2, People{20, 0}, 7);
  add_taker(2, People{10, 0}, 9);  // the doctor of the second, the patient of the first
  add_taker(8, People{200, 0}, 8);
  run();
  EXPECT_EQ(connection.seats[7], 1);
}

TEST_F(side_by_side, calls_that_name_nobody_run_before_one_by_one) {
  for (int i = 1; i <= 3; ++i) add_taker(0, std::nullopt, 7);
  for (int i = 1; i <= 3; ++i) add_taker(i, People{100 + i, 0}, i == 3 ? 7 : 10 + i);
  run();
  EXPECT_EQ(outcomes, (std::vector{Outcome::done, Outcome::undone, Outcome::undone, Outcome::done, Outcome::done,
                                   Outcome::undone}));
}

TEST_F(side_by_side, effects_come_in_the_order_of_the_calls) {
  std::vector<int> seen;
  for (int i = 0; i < 4; ++i)
    add(i + 1, People{100 + i, 0}, [&, i](Txn& txn) {
      for (int n = i; n < 4; ++n) txn.one<std::int64_t>(seat_get, n);  // the first waits the longest
      txn.on_commit([&, i] { seen.push_back(i); });
      return i != 2;
    });
  run();
  EXPECT_EQ(seen, (std::vector{0, 1, 3}));
}

TEST_F(side_by_side, a_call_that_must_be_undone_lets_all_run_again_apart) {
  for (int i = 1; i <= 3; ++i) add_taker(i, People{100 + i, 0}, i);
  int runs = 0;
  add(4, People{104, 0}, [&](Txn& txn) {
    ++runs;
    txn.exec(seat_put, 4, 1);
    return false;
  });
  run();
  EXPECT_EQ(outcomes, (std::vector{Outcome::done, Outcome::done, Outcome::done, Outcome::undone}));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(connection.seats[4], 0);
  EXPECT_EQ(connection.seats[1], 1);
  EXPECT_EQ(connection.commits, 1);
}

TEST_F(side_by_side, a_refused_statement_breaks_its_call_alone) {
  connection.refuses_with = Error::Kind::constraint;
  for (int i = 1; i <= 3; ++i) add_taker(i, People{100 + i, 0}, i);
  add(4, People{104, 0}, [&](Txn& txn) {
    txn.exec(seat_put, 4, 1);
    txn.exec(seat_refused);
    return true;
  });
  run();
  EXPECT_EQ(outcomes, (std::vector{Outcome::done, Outcome::done, Outcome::done, Outcome::broken}));
  EXPECT_EQ(connection.seats[4], 0);
}

TEST_F(side_by_side, what_was_sent_last_and_is_refused_undoes_all) {
  connection.refuses_with = Error::Kind::constraint;
  connection.refusals_left = 1;
  for (int i = 1; i <= 3; ++i)
    add(i, People{100 + i, 0}, [i](Txn& txn) {
      txn.exec_later(seat_put, i, 1);
      txn.exec_later(seat_refused);
      return true;
    });
  run();
  EXPECT_EQ(count(Outcome::done), 3);  // run one by one
  EXPECT_GE(connection.rollbacks, 1);
}

TEST_F(side_by_side, a_conflict_lets_each_run_alone) {
  connection.refuses_with = Error::Kind::busy_retry;
  connection.refusals_left = 1;
  for (int i = 1; i <= 3; ++i)
    add(i, People{100 + i, 0}, [i](Txn& txn) {
      txn.exec(seat_put, i, 1);
      txn.exec(seat_refused);
      return true;
    });
  run();
  EXPECT_EQ(count(Outcome::done), 3);
  EXPECT_EQ(connection.commits, 3);
}

TEST_F(side_by_side, a_database_that_is_gone_ends_all) {
  connection.refuses_with = Error::Kind::unavailable;
  for (int i = 1; i <= 3; ++i)
    add(i, People{100 + i, 0}, [](Txn& txn) {
      txn.exec(seat_refused);
      return true;
    });
  run();
  EXPECT_EQ(count(Outcome::unavailable), 3);
}

TEST_F(side_by_side, who_waits_when_all_is_given_up_is_unwound) {
  connection.refuses_with = Error::Kind::constraint;
  connection.refusals_left = 1;
  int alive = 0;
  struct Guest {
    int& alive;
    explicit Guest(int& count) : alive(++count) {}
    ~Guest() { --alive; }
  };
  for (int i = 1; i <= 5; ++i)
    add(i, People{100 + i, 0}, [&, i](Txn& txn) {
      const Guest guest(alive);
      if (i == 3) txn.exec(seat_refused);
      txn.one<std::int64_t>(seat_get, i);
      txn.one<std::int64_t>(seat_get, i);
      return true;
    });
  run();
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(count(Outcome::done), 5);
}

TEST_F(side_by_side, a_call_that_throws_is_broken_alone) {
  for (int i = 1; i <= 3; ++i) add_taker(i, People{100 + i, 0}, i);
  add(4, People{104, 0}, [](Txn& txn) -> bool {
    txn.one<std::int64_t>(seat_get, 4);
    throw std::runtime_error("a bug");
  });
  run();
  EXPECT_EQ(outcomes, (std::vector{Outcome::done, Outcome::done, Outcome::done, Outcome::broken}));
}

// Exceptions in flight belong to the thread: such a call must not let others go on.
TEST_F(side_by_side, who_waits_while_catching_or_unwinding_does_not_switch) {
  struct Asker {
    Txn& txn;
    std::int64_t& seen;
    ~Asker() { seen = *txn.one<std::int64_t>(seat_get, 7); }
  };
  connection.seats[7] = 3;
  std::int64_t seen[2] = {0, 0};
  for (int i = 0; i < 2; ++i)
    add(i + 1, People{100 + i, 0}, [&, i](Txn& txn) {
      try {
        const Asker asker{txn, seen[i]};
        throw std::runtime_error("thrown and caught");
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(*txn.one<std::int64_t>(seat_get, 7), 3);
        EXPECT_STREQ(error.what(), "thrown and caught");
      }
      return *txn.one<std::int64_t>(seat_get, 7) == 3;
    });
  run();
  EXPECT_EQ(count(Outcome::done), 2);
  EXPECT_EQ(seen[0], 3);
  EXPECT_EQ(seen[1], 3);
}

TEST_F(side_by_side, what_is_asked_for_and_sent_later_comes_in_order) {
  for (int i = 1; i <= 3; ++i)
    add(i, People{100 + i, 0}, [i](Txn& txn) {
      auto before = txn.ask<std::int64_t>(seat_get, i);
      txn.exec_later(seat_put, i, 5);
      auto after = txn.ask<std::int64_t>(seat_get, i);
      EXPECT_EQ(*after.one(), 5);
      EXPECT_EQ(*before.one(), 0);
      txn.exec_later(seat_put, i, 6);
      return true;
    });
  run();
  EXPECT_EQ(count(Outcome::done), 3);
  EXPECT_EQ(connection.waits, 2);  // the answers, and the commit
  EXPECT_EQ(connection.seats[3], 6);
}

TEST_F(side_by_side, a_hundred_thousand_bytes_of_stack_are_there) {
  const std::function<int(int)> deep = [&](int depth) {
    std::array<char, 1000> frame;
    frame.fill(static_cast<char>(depth % 2));
    return depth == 0 ? 0 : deep(depth - 1) + std::accumulate(frame.begin(), frame.end(), 0) / 1000 + (depth + 1) % 2;
  };
  for (int i = 1; i <= 2; ++i)
    add(i, People{100 + i, 0}, [&](Txn& txn) {
      txn.one<std::int64_t>(seat_get, 1);
      return deep(100) == 100;
    });
  run();
  EXPECT_EQ(count(Outcome::done), 2);
}

struct ArrangeCase {
  const char* what;
  std::vector<std::pair<std::int64_t, std::optional<People>>> calls;
  CallGroup first;
  std::vector<CallGroup> groups;
};

TEST(arrange, puts_together_what_contends) {
  const std::optional<People> nobody;
  const ArrangeCase table[] = {
      {"none", {}, {}, {}},
      {"one group is no group", {{1, People{1, 0}}, {1, People{2, 0}}}, {0, 1}, {}},
      {"two doctors", {{1, People{1, 0}}, {2, People{2, 0}}}, {}, {{0}, {1}}},
      {"a key with a call that names nobody is sequential",
       {{1, People{1, 0}}, {1, nobody}, {2, People{2, 0}}, {3, People{3, 0}}},
       {0, 1},
       {{2}, {3}}},
      {"calls without a key contend by their people only",
       {{0, People{1, 0}}, {0, People{2, 0}}, {0, People{1, 0}}},
       {},
       {{0, 2}, {1}}},
      {"nobody is not a person", {{1, People{0, 0}}, {2, People{0, 0}}}, {}, {{0}, {1}}},
      {"a patient of one is the caller of another",
       {{1, People{9, 5}}, {2, People{5, 0}}, {3, People{4, 0}}},
       {},
       {{0, 1}, {2}}},
  };
  for (const ArrangeCase& c : table) {
    std::vector<WriteCall> calls;
    for (const auto& [key, people] : c.calls) calls.push_back({key, {}, {}, people});
    const Arrangement arrangement = arrange(calls);
    EXPECT_EQ(arrangement.first, c.first) << c.what;
    EXPECT_EQ(arrangement.groups, c.groups) << c.what;
  }
}

TEST(fiber, goes_on_where_it_waited_and_can_be_used_again) {
  Fiber fiber;
  std::vector<int> steps;
  for (int round = 0; round < 3; ++round) {
    fiber.start([&] {
      steps.push_back(1);
      fiber.wait();
      steps.push_back(3);
    });
    steps.push_back(2);
    EXPECT_TRUE(fiber.is_busy());
    fiber.resume();
    EXPECT_FALSE(fiber.is_busy());
  }
  EXPECT_EQ(steps, (std::vector{1, 2, 3, 1, 2, 3, 1, 2, 3}));
}

}  // namespace
}  // namespace fairward::sql
