// What the engines' own tests cannot bring about: commits that are not answered.
#include "platform/sql/batch.h"

#include <gtest/gtest.h>

namespace fairward::sql {
namespace {

// A connection whose commits end as the test says.
class Unsteady final : public Connection {
 public:
  bool ready() override { return true; }
  bool is_abandoned() const override { return false; }
  void begin() override {}
  void savepoint() override {}
  void savepoint_release() override {}
  void savepoint_undo() override {}
  void commit() override {
    if (fails_with) throw Error(*fails_with, "as the test says");
  }
  void rollback() noexcept override {}
  void begin_read() override {}
  void end_read() noexcept override {}
  std::int64_t run(const Query&, std::span<const Value>, const RowSink&) override { return 0; }
  std::optional<Error::Kind> fails_with;
};

struct Ended {
  Outcome outcome = Outcome::full;
  int doubts = 0, events = 0;
  bool is_told = false;
};

Ended run_one(std::optional<Error::Kind> fails_with, bool is_kept = true) {
  Unsteady connection;
  connection.fails_with = fails_with;
  Publisher publisher;
  ManualClock clock{Instant{0}};
  std::atomic<std::uint64_t> retries{0};
  BatchRunner runner(connection, publisher, clock, retries);
  Ended ended;
  publisher.add([&](const std::vector<Event>& events, Instant) { ended.events += static_cast<int>(events.size()); });
  WriteCall call{0,
                 [&](Txn& txn) {
                   txn.on_commit([&] { ended.is_told = true; });
                   txn.on_doubt([&] { ++ended.doubts; });
                   txn.emit({"doctor/1", "test.changed", "{}"});
                   return is_kept;
                 },
                 [&](Outcome outcome) { ended.outcome = outcome; }};
  runner.run(std::span(&call, 1));
  return ended;
}

TEST(batch_commit, that_nobody_answers_is_unavailable_and_in_doubt) {
  const Ended ended = run_one(Error::Kind::unavailable);
  EXPECT_EQ(ended.outcome, Outcome::unavailable);
  EXPECT_FALSE(ended.is_told);
  EXPECT_EQ(ended.doubts, 1);
  EXPECT_EQ(ended.events, 1) << "who waits for a change is told that there may be one";
}

TEST(batch_commit, that_is_refused_or_kept_is_not_in_doubt) {
  for (const auto kind : {std::optional<Error::Kind>(), std::optional(Error::Kind::disk_full)}) {
    const Ended ended = run_one(kind);
    EXPECT_EQ(ended.is_told, !kind);
    EXPECT_EQ(ended.doubts, 0);
    EXPECT_EQ(ended.events, kind ? 0 : 1);
  }
}

TEST(batch_commit, is_not_in_doubt_for_a_call_that_was_refused) {
  EXPECT_EQ(run_one(Error::Kind::unavailable, false).doubts, 0);
}

}  // namespace
}  // namespace fairward::sql
