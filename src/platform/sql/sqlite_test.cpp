// What only SQLite can do to a call: a full disk, a log that grows, a file that is none.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "platform/sql/testing.h"

namespace fairward::sql {
namespace {

constexpr const char* tables = "CREATE TABLE test_blob (id INTEGER PRIMARY KEY, words TEXT NOT NULL)";
constexpr Query blob_insert{"test_blob_insert", "INSERT INTO test_blob (words) VALUES ($1)", ""};
constexpr Query blob_count{"test_blob_count", "SELECT count(*) FROM test_blob", ""};

// No file of this process grows beyond the given size while it lives: a disk that is full.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, old_handler_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int);
};

std::int64_t count(Engine& engine) {
  std::int64_t found = -1;
  engine.read_now([&](Snapshot& db) { found = *db.one<std::int64_t>(blob_count); });
  return found;
}

Outcome write_blob(Engine& engine) {
  std::promise<Outcome> end;
  engine.write(
      0,
      [](Txn& txn) {
        txn.exec(blob_insert, std::string(50'000, 'x'));
        return true;
      },
      [&](Outcome outcome) { end.set_value(outcome); });
  return end.get_future().get();
}

TEST(sqlite, says_unavailable_while_the_disk_is_full_and_goes_on_afterwards) {
  const ManualClock clock{Instant{0}};
  testing::Database database(testing::Kind::sqlite);
  database.execute(tables);
  auto engine = database.open(clock);
  std::int64_t done = 0;
  {
    const SmallDisk disk(600'000);
    int unavailable = 0;
    for (int i = 0; i < 30; ++i) {
      const Outcome outcome = write_blob(*engine);
      done += outcome == Outcome::done;
      unavailable += outcome == Outcome::unavailable;
    }
    EXPECT_GT(done, 0);
    EXPECT_GT(unavailable, 0);
    EXPECT_EQ(done + unavailable, 30);
    EXPECT_EQ(count(*engine), done) << "reads go on";
  }
  EXPECT_EQ(write_blob(*engine), Outcome::done);
  EXPECT_EQ(count(*engine), done + 1);
}

TEST(sqlite, keeps_the_log_small_under_steady_writing) {
  const ManualClock clock{Instant{0}};
  testing::Database database(testing::Kind::sqlite);
  database.execute(tables);
  auto engine = open_sqlite({.path = database.place(), .sync = SqliteSync::off}, clock);
  for (int i = 0; i < 6000; ++i) ASSERT_EQ(write_blob(*engine), Outcome::done);  // 300 MB
  EXPECT_LT(std::filesystem::file_size(database.place() + "-wal"), 150'000'000u);
  EXPECT_EQ(count(*engine), 6000);
  engine->stop();
}

TEST(sqlite, refuses_what_is_no_database) {
  const ManualClock clock{Instant{0}};
  const testing::Database database(testing::Kind::sqlite);
  const std::string path = database.place() + ".txt";
  std::ofstream(path) << std::string(5000, 'x');
  EXPECT_THROW(open_sqlite({.path = path}, clock), Error);
  EXPECT_THROW(open_sqlite({.path = "/nonexistent/a.db"}, clock), Error);
  EXPECT_THROW(open_sqlite({.path = ":memory:"}, clock), Error);
}

TEST(sqlite, finds_after_a_restart_what_was_written) {
  const ManualClock clock{Instant{0}};
  testing::Database database(testing::Kind::sqlite);
  database.execute(tables);
  for (int round = 1; round <= 3; ++round) {
    auto engine = database.open(clock);
    EXPECT_EQ(write_blob(*engine), Outcome::done);
    EXPECT_EQ(count(*engine), round);
  }
}

}  // namespace
}  // namespace fairward::sql
