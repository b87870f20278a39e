// The contract of the engines, as one body of tests for each of them.
#include "platform/sql/engine.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <future>
#include <limits>
#include <map>
#include <mutex>
#include <thread>

#include "platform/sql/testing.h"

namespace fairward::sql {
namespace {

using testing::Database;
using testing::Kind;

constexpr const char* tables = R"(
  CREATE TABLE test_seat (id BIGINT PRIMARY KEY, taken BIGINT NOT NULL CHECK (taken <= 1));
  CREATE TABLE test_step (place BIGINT PRIMARY KEY, lane BIGINT NOT NULL);
  CREATE TABLE test_value (id BIGINT PRIMARY KEY, whole BIGINT, fraction DOUBLE PRECISION, words TEXT);
  CREATE TABLE test_child (id BIGINT PRIMARY KEY,
    seat_id BIGINT NOT NULL REFERENCES test_seat (id) DEFERRABLE INITIALLY DEFERRED);
)";

#define BOTH(text) text, text
constexpr Query seat_insert{"test_seat_insert", BOTH("INSERT INTO test_seat (id, taken) VALUES ($1, $2)")};
constexpr Query seat_insert_returning{"test_seat_insert_returning",
                                      BOTH("INSERT INTO test_seat (id, taken) VALUES ($1, $2) RETURNING id")};
constexpr Query seat_find{"test_seat_find", BOTH("SELECT id FROM test_seat WHERE id = $1")};
constexpr Query seat_take{"test_seat_take", BOTH("UPDATE test_seat SET taken = taken + 1 WHERE id = $1")};
constexpr Query seat_list{"test_seat_list", BOTH("SELECT id FROM test_seat ORDER BY id")};
constexpr Query seat_count{"test_seat_count", BOTH("SELECT count(*) FROM test_seat")};
constexpr Query child_insert{"test_child_insert", BOTH("INSERT INTO test_child (id, seat_id) VALUES ($1, $2)")};
constexpr Query child_count{"test_child_count", BOTH("SELECT count(*) FROM test_child")};
constexpr Query value_insert{"test_value_insert",
                             BOTH("INSERT INTO test_value (words, id, whole, fraction) VALUES ($4, $1, $2, $3)")};
constexpr Query value_get{"test_value_get", BOTH("SELECT whole, fraction, words FROM test_value WHERE id = $1")};
constexpr Query event_list{"test_event_list",
                           BOTH("SELECT id, topic, kind, payload, at FROM platform_event ORDER BY id")};
constexpr Query nonsense{"test_nonsense", BOTH("SELECT nothing FROM nowhere")};

// Waits for the ends of calls.
class Ends {
 public:
  Engine::Done next() {
    const std::lock_guard starting(mutex_);
    const std::size_t place = started_++;
    return [this, place](Outcome outcome) {
      const std::lock_guard lock(mutex_);
      EXPECT_EQ(outcomes_.count(place), 0u) << "Done called twice";
      outcomes_[place] = outcome;
      changed_.notify_all();
    };
  }
  std::vector<Outcome> wait() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(60), [&] { return outcomes_.size() == started_; }));
    std::vector<Outcome> all;
    for (const auto& [place, outcome] : outcomes_) all.push_back(outcome);
    return all;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t started_ = 0;
  std::map<std::size_t, Outcome> outcomes_;
};

// Runs `submit` while a writer of the engine is busy, so that what it submits becomes one batch. Everything of the
// order key given by `lane`, which is where the engine is held up.
template <class F>
void while_busy(Engine& engine, Kind kind, std::int64_t lane, F&& submit) {
  if (kind == Kind::inline_sqlite) {
    engine.write(
        lane,
        [&](Txn&) {
          submit();
          return true;
        },
        [](Outcome) {});
    return;
  }
  std::promise<void> started, gate;
  engine.write(
      lane,
      [&, opened = gate.get_future().share()](Txn&) {
        started.set_value();
        opened.wait();
        return true;
      },
      [](Outcome) {});
  started.get_future().wait();
  submit();
  gate.set_value();
}

class engine : public ::testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<Engine> make(testing::Options options = {}) {
    database = std::make_unique<Database>(GetParam(), options);
    database->execute(tables);
    return database->open(clock);
  }
  std::int64_t count(Engine& from, const Query& query) {
    std::int64_t found = -1;
    from.read_now([&](Snapshot& db) { found = *db.one<std::int64_t>(query); });
    return found;
  }
  std::vector<std::int64_t> seats(Engine& from) {
    std::vector<std::int64_t> found;
    from.read_now([&](Snapshot& db) { found = db.all<std::int64_t>(seat_list); });
    return found;
  }

  ManualClock clock{Instant{1'800'000'000'000}};
  std::unique_ptr<Database> database;
};

INSTANTIATE_TEST_SUITE_P(engines, engine, ::testing::ValuesIn(testing::all_kinds), testing::kind_name_of);

TEST_P(engine, keeps_what_returns_true_and_undoes_what_returns_false) {
  auto engine = make();
  EXPECT_EQ(engine->write_now([](Txn& txn) { return txn.exec(seat_insert, 1, 0) == 1; }), Outcome::done);
  EXPECT_EQ(engine->write_now([](Txn& txn) {
    txn.exec(seat_insert, 2, 0);
    return false;
  }),
            Outcome::undone);
  EXPECT_EQ(seats(*engine), (std::vector<std::int64_t>{1}));
}

TEST_P(engine, tells_how_many_rows_were_changed) {
  auto engine = make();
  engine->write_now([](Txn& txn) {
    EXPECT_EQ(txn.exec(seat_insert, 1, 0), 1);
    EXPECT_EQ(txn.exec(seat_take, 1), 1);
    EXPECT_EQ(txn.exec(seat_take, 99), 0);
    EXPECT_EQ(txn.exec(seat_list), 0);
    return true;
  });
}

TEST_P(engine, isolates_the_calls_of_a_batch) {
  auto engine = make();
  Ends ends;
  const auto insert = [](std::int64_t id) {
    return [id](Txn& txn) {
      txn.exec(seat_insert, id, 0);
      return true;
    };
  };
  while_busy(*engine, GetParam(), 7, [&] {
    engine->write(7, insert(1), ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 2, 0);
          return false;
        },
        ends.next());
    engine->write(7, insert(3), ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 4, 0);
          txn.exec(seat_insert, 3, 0);
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 5, 0);
          throw std::runtime_error("a bug");
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 6, 0);
          txn.exec(nonsense);
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 7, 0);
          txn.exec(seat_take, 7);
          txn.exec(seat_take, 7);
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 8, 0);
          throw 8;
          return true;
        },
        ends.next());
    engine->write(7, insert(9), ends.next());
  });
  const auto o = Outcome::done, u = Outcome::undone, b = Outcome::broken;
  EXPECT_EQ(ends.wait(), (std::vector<Outcome>{o, u, o, b, b, b, b, b, o}));
  EXPECT_EQ(seats(*engine), (std::vector<std::int64_t>{1, 3, 9}));
  // The call that holds the writer up, then all others at once.
  EXPECT_LE(engine->stats().write_batches, GetParam() == Kind::inline_sqlite ? 10u : 2u);
}

TEST_P(engine, answers_later_what_was_asked_in_order) {
  auto engine = make();
  engine->write_now([](Txn& txn) {
    auto before = txn.ask<std::int64_t>(seat_count);
    txn.exec_later(seat_insert, 1, 0);
    auto made = txn.change_later<std::int64_t>(seat_insert_returning, 2, 0);
    auto after = txn.ask<std::int64_t>(seat_list);
    EXPECT_EQ(after.all(), (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(before.one(), 0);
    EXPECT_EQ(made.one(), 2);
    EXPECT_EQ(txn.ask<std::int64_t>(seat_find, 99).one(), std::nullopt);
    EXPECT_EQ(txn.one<std::int64_t>(seat_count), 2);
    return true;
  });
  EXPECT_EQ(seats(*engine), (std::vector<std::int64_t>{1, 2}));
}

TEST_P(engine, breaks_only_the_call_whose_later_statement_is_refused) {
  auto engine = make();
  Ends ends;
  const auto later = [](std::int64_t id) {
    return [id](Txn& txn) {
      txn.exec_later(seat_insert, id, 0);
      return true;
    };
  };
  while_busy(*engine, GetParam(), 7, [&] {
    engine->write(7, later(1), ends.next());
    engine->write(7, later(1), ends.next());
    engine->write(7, later(2), ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec_later(seat_insert, 3, 0);
          return false;
        },
        ends.next());
  });
  EXPECT_EQ(ends.wait(), (std::vector{Outcome::done, Outcome::broken, Outcome::done, Outcome::undone}));
  EXPECT_EQ(seats(*engine), (std::vector<std::int64_t>{1, 2}));
}

// Nearly all batches: nothing has to be undone, so that nothing is run twice.
TEST_P(engine, runs_once_what_is_kept_or_has_changed_nothing) {
  auto engine = make();
  Ends ends;
  std::atomic<int> runs = 0;
  while_busy(*engine, GetParam(), 7, [&] {
    for (std::int64_t i = 1; i <= 20; ++i)
      engine->write(
          7,
          [&runs, i](Txn& txn) {
            ++runs;
            if (i % 2 == 0) return txn.one<std::int64_t>(seat_count) < 0;
            return txn.exec(seat_insert, i, 0) == 1;
          },
          ends.next());
  });
  ends.wait();
  EXPECT_EQ(runs, 20);
  EXPECT_EQ(seats(*engine).size(), 10U);
}

TEST_P(engine, undoes_a_call_that_swallows_an_error) {
  auto engine = make();
  Ends ends;
  engine->write(
      0,
      [](Txn& txn) {
        txn.exec(seat_insert, 1, 0);
        try {
          txn.exec(seat_insert, 1, 0);
        } catch (const Error& error) { EXPECT_EQ(error.kind(), Error::Kind::constraint); }
        return true;
      },
      ends.next());
  EXPECT_EQ(ends.wait(), std::vector{Outcome::broken});
  EXPECT_TRUE(seats(*engine).empty());
}

TEST_P(engine, breaks_only_the_call_that_a_deferred_constraint_refuses) {
  auto engine = make();
  Ends ends;
  while_busy(*engine, GetParam(), 7, [&] {
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 1, 0);
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(child_insert, 1, 99);
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(child_insert, 2, 1);
          return true;
        },
        ends.next());
  });
  EXPECT_EQ(ends.wait(), (std::vector{Outcome::done, Outcome::broken, Outcome::done}));
  EXPECT_EQ(count(*engine, child_count), 1);
}

TEST_P(engine, publishes_after_the_commit_in_order_and_before_the_end_of_the_call) {
  auto engine = make();
  std::mutex mutex;
  std::vector<std::string> seen;
  const auto note = [&](std::string what) {
    const std::lock_guard lock(mutex);
    seen.push_back(std::move(what));
  };
  engine->on_events([&](const std::vector<Event>& events, Instant) {
    for (const Event& event : events) note("event " + event.topic);
  });
  Ends ends;
  while_busy(*engine, GetParam(), 7, [&] {
    for (int i = 1; i <= 3; ++i)
      engine->write(
          7,
          [&, i](Txn& txn) {
            txn.on_commit([&note, i] { note("action " + std::to_string(i)); });
            txn.emit({"seat/" + std::to_string(i), "test.taken", "{}"});
            txn.exec(seat_insert, i, 0);
            note("work " + std::to_string(i));
            return i != 2;
          },
          [&, i, done = ends.next()](Outcome outcome) mutable {
            note("done " + std::to_string(i));
            done(outcome);
          });
  });
  EXPECT_EQ(ends.wait(), (std::vector{Outcome::done, Outcome::undone, Outcome::done}));
  std::erase_if(seen, [](const std::string& what) { return what.starts_with("work"); });
  // The three share a commit, where the engine makes commits of several: then all effects come before the first end.
  const std::vector<std::string> of_one_commit{"action 1", "event seat/1", "action 3", "event seat/3",
                                               "done 1",   "done 2",       "done 3"};
  const std::vector<std::string> of_three{"action 1", "event seat/1", "done 1", "done 2",
                                          "action 3", "event seat/3", "done 3"};
  EXPECT_EQ(seen, GetParam() == testing::Kind::inline_sqlite ? of_three : of_one_commit);
}

struct StoredEvent {
  std::int64_t id;
  std::string topic, kind, payload;
  Instant at;
};

TEST_P(engine, writes_events_with_the_call_and_tells_their_ids) {
  auto engine = make();
  std::vector<Event> heard;
  std::vector<Instant> at;
  engine->on_events([&](const std::vector<Event>& events, Instant now) {
    heard.insert(heard.end(), events.begin(), events.end());
    at.push_back(now);
  });
  engine->write_now([](Txn& txn) {
    txn.emit({"doctor/1", "test.first", R"({"id":1})"});
    txn.emit({"doctor/2", "test.second", "{}"});
    return true;
  });
  engine->write_now([](Txn& txn) {
    txn.emit({"doctor/3", "test.undone", "{}"});
    return false;
  });
  std::vector<StoredEvent> stored;
  engine->read_now([&](Snapshot& db) { stored = db.all<StoredEvent>(event_list); });
  ASSERT_EQ(stored.size(), 2u);
  ASSERT_EQ(heard.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_GT(heard[i].id, 0);
    EXPECT_EQ(heard[i].id, stored[i].id);
    EXPECT_EQ(heard[i].topic, stored[i].topic);
    EXPECT_EQ(heard[i].payload, stored[i].payload);
    EXPECT_EQ(stored[i].at, clock.now());
  }
  EXPECT_EQ(at, std::vector{clock.now()});
}

TEST_P(engine, an_event_that_cannot_be_stored_breaks_its_call_alone) {
  auto engine = make();
  Ends ends;
  while_busy(*engine, GetParam(), 7, [&] {
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 1, 0);
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 2, 0);
          txn.emit({std::string("a\0b", 3), "test.bad", "{}"});
          return true;
        },
        ends.next());
    engine->write(
        7,
        [](Txn& txn) {
          txn.exec(seat_insert, 3, 0);
          return true;
        },
        ends.next());
  });
  EXPECT_EQ(ends.wait(), (std::vector{Outcome::done, Outcome::broken, Outcome::done}));
  EXPECT_EQ(seats(*engine), (std::vector<std::int64_t>{1, 3}));
}

TEST_P(engine, survives_callbacks_that_throw) {
  auto engine = make();
  engine->on_events([](const auto&, Instant) { throw std::runtime_error("listener"); });
  EXPECT_EQ(engine->write_now([](Txn& txn) {
    txn.on_commit([] { throw std::runtime_error("action"); });
    txn.emit({"seat/1", "test.taken", "{}"});
    txn.exec(seat_insert, 1, 0);
    return true;
  }),
            Outcome::done);
  engine->write(
      0, [](Txn&) { return true; }, [](Outcome) { throw std::runtime_error("done"); });
  EXPECT_EQ(seats(*engine), (std::vector<std::int64_t>{1}));
}

TEST_P(engine, runs_the_calls_of_one_key_in_the_order_submitted) {
  auto engine = make();
  Ends ends;
  std::mutex mutex;
  std::map<std::int64_t, std::vector<int>> committed;
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t key = 1 + i % 10;
    engine->write(
        key,
        [&, key, i](Txn& txn) {
          txn.exec(seat_insert, i, 0);
          txn.on_commit([&, key, i] {
            const std::lock_guard lock(mutex);
            committed[key].push_back(i);
          });
          return true;
        },
        ends.next());
  }
  for (const Outcome outcome : ends.wait()) EXPECT_EQ(outcome, Outcome::done);
  ASSERT_EQ(committed.size(), 10u);
  for (const auto& [key, order] : committed) {
    EXPECT_EQ(order.size(), 100u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end())) << "key " << key;
  }
  EXPECT_EQ(count(*engine, seat_count), 1000);
}

TEST_P(engine, takes_calls_from_many_threads) {
  auto engine = make();
  std::atomic<int> ended{0}, taken{0};
  engine->write_now([](Txn& txn) {
    for (int i = 0; i < 20; ++i) txn.exec(seat_insert, i, 0);
    return true;
  });
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i)
          engine->write(
              i + 1, [i](Txn& txn) { return txn.exec(seat_take, i) == 1; },
              [&](Outcome outcome) {
                taken += outcome == Outcome::done;
                ++ended;
              });
      });
  }
  for (int tries = 0; ended < 80 && tries < 6000; ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(ended, 80);
  EXPECT_EQ(taken, 20);  // the check lets one of the four have each seat
}

TEST_P(engine, refuses_when_the_queue_is_full) {
  if (GetParam() == Kind::inline_sqlite) GTEST_SKIP() << "no queue";
  auto engine = make({.queue_max = 4, .writers = 1});
  Ends ends;
  while_busy(*engine, GetParam(), 7, [&] {
    for (int i = 1; i <= 6; ++i)
      engine->write(
          7,
          [i](Txn& txn) {
            txn.exec(seat_insert, i, 0);
            return true;
          },
          ends.next());
  });
  const std::vector<Outcome> outcomes = ends.wait();
  EXPECT_EQ(std::count(outcomes.begin(), outcomes.end(), Outcome::full), 2);
  EXPECT_EQ(outcomes[5], Outcome::full);
  EXPECT_EQ(seats(*engine), (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(engine->stats().refused_full, 2u);
}

TEST_P(engine, tells_of_its_connections_and_how_long_calls_wait_for_them) {
  if (GetParam() == Kind::inline_sqlite) GTEST_SKIP() << "it has no queue";
  constexpr std::uint64_t pause_us = 50'000;
  const auto engine = make({.writers = 1});
  const EngineStats before = engine->stats();
  EXPECT_EQ(before.writers.open, 1u);
  EXPECT_GE(before.readers.open, 2u);
  EXPECT_EQ(before.writers.busy, 0u);
  Ends ends;
  while_busy(*engine, GetParam(), 1, [&] {
    EXPECT_EQ(engine->stats().writers.busy, 1u);
    engine->write(
        1, [](Txn&) { return true; }, ends.next());
    std::this_thread::sleep_for(std::chrono::microseconds(pause_us));
  });
  ends.wait();
  EXPECT_GE(engine->stats().writers.waited_us, pause_us);
  EXPECT_EQ(engine->stats().readers.busy, 0u);
  EXPECT_EQ(engine->stats().writers.reconnects, 0u);
}

TEST_P(engine, stop_finishes_what_was_accepted_and_refuses_the_rest) {
  auto engine = make();
  Ends ends;
  for (int i = 0; i < 200; ++i)
    engine->write(
        i,
        [i](Txn& txn) {
          txn.exec(seat_insert, i, 0);
          return true;
        },
        ends.next());
  engine->stop();
  for (const Outcome outcome : ends.wait()) EXPECT_EQ(outcome, Outcome::done);
  Ends late;
  engine->write(
      1, [](Txn&) { return true; }, late.next());
  engine->read([](Snapshot&) {}, late.next());
  EXPECT_EQ(late.wait(), (std::vector{Outcome::unavailable, Outcome::unavailable}));
  if (GetParam() == Kind::inline_sqlite) return;
  auto again = database->open(clock);
  EXPECT_EQ(count(*again, seat_count), 200);
}

TEST_P(engine, reads_one_state_of_the_database) {
  if (GetParam() == Kind::inline_sqlite) GTEST_SKIP() << "nothing runs beside a read";
  auto engine = make();
  std::promise<void> first_seen, written;
  Ends ends;
  engine->read(
      [&](Snapshot& db) {
        EXPECT_EQ(*db.one<std::int64_t>(seat_count), 0);
        first_seen.set_value();
        written.get_future().wait();
        EXPECT_EQ(*db.one<std::int64_t>(seat_count), 0);
      },
      ends.next());
  first_seen.get_future().wait();
  engine->write_now([](Txn& txn) {
    txn.exec(seat_insert, 1, 0);
    return true;
  });
  EXPECT_EQ(count(*engine, seat_count), 1);
  written.set_value();
  EXPECT_EQ(ends.wait(), std::vector{Outcome::done});
}

TEST_P(engine, a_read_that_throws_is_broken_and_the_next_is_not) {
  auto engine = make();
  Ends ends;
  engine->read([](Snapshot&) { throw std::runtime_error("a bug"); }, ends.next());
  engine->read([](Snapshot& db) { db.one<std::int64_t>(nonsense); }, ends.next());
  engine->read([](Snapshot& db) { EXPECT_EQ(*db.one<std::int64_t>(seat_count), 0); }, ends.next());
  EXPECT_EQ(ends.wait(), (std::vector{Outcome::broken, Outcome::broken, Outcome::done}));
}

struct Stored {
  std::optional<std::int64_t> whole;
  std::optional<double> fraction;
  std::optional<std::string> words;
};

TEST_P(engine, gives_values_back_as_they_were) {
  using Limits = std::numeric_limits<std::int64_t>;
  const Stored table[] = {{0, 0.0, ""},
                          {Limits::max(), 0.1, "it's \"quoted\" \\ $1 /*pg*/ --"},
                          {Limits::min(), -1e300, "ഡോക്ടർ 👩‍⚕️ \n\t"},
                          {-1, 5e-324, std::string(100'000, 'x')},
                          {std::nullopt, std::nullopt, std::nullopt}};
  auto engine = make();
  engine->write_now([&](Txn& txn) {
    std::int64_t id = 0;
    for (const Stored& row : table) txn.exec(value_insert, ++id, row.whole, row.fraction, row.words);
    txn.exec(value_insert, 100, true, 1.5, std::string_view());
    return true;
  });
  engine->read_now([&](Snapshot& db) {
    std::int64_t id = 0;
    for (const Stored& row : table) {
      const auto found = db.one<Stored>(value_get, ++id);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->whole, row.whole);
      EXPECT_EQ(found->fraction, row.fraction);
      EXPECT_EQ(found->words, row.words);
    }
    EXPECT_EQ(db.one<Stored>(value_get, 100)->words, "");
    EXPECT_FALSE(db.one<Stored>(value_get, 101));
  });
}

constexpr Query give_text{"test_give_text", BOTH("SELECT CAST($1 AS TEXT)")};
constexpr Query give_number{"test_give_number", BOTH("SELECT CAST($1 AS BIGINT)")};
constexpr Query give_two{"test_give_two", BOTH("SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), '$9'")};
constexpr Query give_joined{
    "test_give_joined",
    BOTH("SELECT string_agg(CAST(id AS TEXT), ', ') FROM (SELECT id FROM test_seat ORDER BY id) AS s")};
constexpr Query give_functions{"test_give_functions",
                               BOTH("SELECT greatest(1, 3, 2), least(4, 2, 3), greatest(NULL, 5), strpos('añb', 'b'), "
                                    "strpos('abc', 'x'), greatest('a', 'b')")};
constexpr Query give_like{"test_give_like", BOTH("SELECT CASE WHEN 'Rao' LIKE 'rao' THEN 1 ELSE 0 END")};

TEST_P(engine, binds_parameters_by_number_and_refuses_what_does_not_fit) {
  auto engine = make();
  struct Two {
    std::string first, second, literal;
  };
  engine->read_now([](Snapshot& db) {
    const auto two = db.one<Two>(give_two, "one", "two");
    EXPECT_EQ(two->first, "two");
    EXPECT_EQ(two->second, "one");
    EXPECT_EQ(two->literal, "$9");
  });
  const auto is_bug = [&](auto&& work) {
    try {
      engine->read_now(std::forward<decltype(work)>(work));
      return false;
    } catch (const Error& error) { return error.kind() == Error::Kind::bug; }
  };
  EXPECT_TRUE(is_bug([](Snapshot& db) { db.one<std::string>(give_text); })) << "too few";
  EXPECT_TRUE(is_bug([](Snapshot& db) { db.one<std::string>(give_text, "a", "b"); })) << "too many";
  EXPECT_TRUE(is_bug([](Snapshot& db) { db.one<std::string>(give_text, std::string_view("a\0b", 3)); })) << "NUL";
  EXPECT_TRUE(is_bug([](Snapshot& db) { db.one<std::string>(give_number, std::nullopt); })) << "null into a text";
  EXPECT_TRUE(is_bug([](Snapshot& db) { db.one<std::int64_t>(give_number, std::nullopt); })) << "null into a number";
  EXPECT_TRUE(is_bug([](Snapshot& db) { db.one<std::int64_t>(give_text, "7"); }) || GetParam() == Kind::postgres)
      << "text into a number";
  EXPECT_TRUE(is_bug([](Snapshot& db) { db.one<Two>(give_text, "a"); })) << "too few columns";
}

TEST_P(engine, has_the_functions_that_the_dialect_promises) {
  auto engine = make();
  struct Functions {
    std::int64_t greatest, least, not_null, place, nowhere;
    std::string word;
  };
  engine->write_now([](Txn& txn) {
    EXPECT_FALSE(*txn.one<std::optional<std::string>>(give_joined));
    for (int i = 1; i <= 3; ++i) txn.exec(seat_insert, i, 0);
    EXPECT_EQ(txn.one<std::string>(give_joined), "1, 2, 3");
    const auto f = txn.one<Functions>(give_functions);
    EXPECT_EQ(f->greatest, 3);
    EXPECT_EQ(f->least, 2);
    EXPECT_EQ(f->not_null, 5);
    EXPECT_EQ(f->place, 3);
    EXPECT_EQ(f->nowhere, 0);
    EXPECT_EQ(f->word, "b");
    EXPECT_EQ(txn.one<std::int64_t>(give_like), 0);
    return true;
  });
}

TEST_P(engine, lets_a_row_callback_ask_the_same_query) {
  auto engine = make();
  engine->write_now([](Txn& txn) {
    for (int i = 1; i <= 3; ++i) txn.exec(seat_insert, i, 0);
    int pairs = 0;
    txn.each<std::int64_t>(seat_list,
                           [&](std::int64_t) { txn.each<std::int64_t>(seat_list, [&](std::int64_t) { ++pairs; }); });
    EXPECT_EQ(pairs, 9);
    return true;
  });
}

TEST_P(engine, write_now_tells_what_broke_and_does_not_wait_on_an_engine_thread) {
  auto engine = make();
  try {
    engine->write_now([](Txn&) -> bool { throw std::runtime_error("the reason"); });
    FAIL();
  } catch (const Error& error) { EXPECT_STREQ(error.what(), "the reason"); }
  Engine* inner = engine.get();
  EXPECT_THROW(engine->write_now([inner](Txn&) {
    inner->write_now([](Txn&) { return true; });
    return true;
  }),
               Error);
}

TEST_P(engine, takes_calls_from_callbacks) {
  auto engine = make();
  Ends ends;
  engine->write(
      0,
      [&](Txn& txn) {
        txn.exec(seat_insert, 1, 0);
        txn.on_commit([&] {
          engine->write(
              0,
              [](Txn& inner) {
                inner.exec(seat_insert, 2, 0);
                return true;
              },
              ends.next());
        });
        return true;
      },
      [&, done = ends.next()](Outcome outcome) mutable {
        engine->read([](Snapshot& db) { EXPECT_GE(*db.one<std::int64_t>(seat_count), 1); }, ends.next());
        done(outcome);
      });
  for (const Outcome outcome : ends.wait()) EXPECT_EQ(outcome, Outcome::done);
  EXPECT_EQ(count(*engine, seat_count), 2);
}

}  // namespace
}  // namespace fairward::sql
