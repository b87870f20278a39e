// What only SQLite can do to a call: a full disk, a log that grows, a file that is none.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "platform/sql/sqlite_connection.h"
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

constexpr Query blob_insert_id{"test_blob_insert_id", "INSERT INTO test_blob (words) VALUES ($1) RETURNING id", ""};
constexpr Query blob_insert_new{"test_blob_insert_new",
                                "INSERT INTO test_blob (id, words) VALUES ($1, $2)\nON CONFLICT (id) DO NOTHING\n"
                                "RETURNING id",
                                ""};
constexpr Query blob_words{"test_blob_words", "SELECT words FROM test_blob WHERE id = $1", ""};
constexpr Query note_insert{"test_note_insert", "INSERT INTO test_note (id, words) VALUES ($1, $2) RETURNING id", ""};

// The engine leaves RETURNING off where it knows the answer; nobody is to see that.
TEST(sqlite, answers_returning_id_with_the_id_of_the_row_or_with_nothing) {
  const ManualClock clock{Instant{0}};
  testing::Database database(testing::Kind::sqlite);
  database.execute(tables);
  database.execute("CREATE TABLE test_note (id TEXT PRIMARY KEY, words TEXT NOT NULL)");
  const auto engine = database.open(clock);
  engine->write_now([](Txn& txn) {
    EXPECT_EQ(txn.one<std::int64_t>(blob_insert_id, "a"), 1);
    EXPECT_EQ(txn.one<std::int64_t>(blob_insert_new, 7, "b"), 7);
    EXPECT_EQ(txn.one<std::int64_t>(blob_insert_new, 7, "c"), std::nullopt);
    EXPECT_EQ(txn.exec(blob_insert_new, 7, "c"), 0);
    EXPECT_EQ(txn.exec(blob_insert_id, "d"), 1);
    EXPECT_EQ(txn.one<std::string>(blob_words, 7), "b");
    EXPECT_EQ(txn.one<std::string>(blob_words, 8), "d");
    EXPECT_EQ(txn.one<std::string>(note_insert, "key", "e"), "key") << "an id that is no row number";
    return true;
  });
}

// What a connection wrote to the log and has not synced lies in memory: it must read that itself, others must see all
// of a commit, and a transaction that is larger than the cache must come out whole.
TEST(sqlite, a_transaction_larger_than_the_cache_reads_back_what_it_wrote_and_is_seen_whole) {
  testing::Database database(testing::Kind::sqlite);
  database.execute(tables);
  SqliteConnection writer(database.place(), SqliteAccess::write, SqliteSync::full);
  SqliteConnection reader(database.place(), SqliteAccess::read, SqliteSync::full);
  writer.execute("PRAGMA cache_size=10");
  constexpr int rows = 2'000;
  const std::string words(3'000, 'w');
  const auto row = [&](int i) { return words + std::to_string(i); };
  const auto sum = [](SqliteConnection& connection) {
    return connection.texts("SELECT count(*) || ' ' || total(length(words)) FROM test_blob").at(0);
  };
  for (const bool is_kept : {false, true}) {
    writer.begin();
    for (int i = 0; i < rows; ++i) {
      const std::string text = row(i);
      const Value value = to_value(text);
      writer.run(blob_insert, {&value, 1}, {});
    }
    for (int i = 0; i < rows; i += 97) {
      const Value id = to_value(i + 1);
      writer.run(blob_words, {&id, 1}, [&](const Row& found) { EXPECT_EQ(found.text(0), row(i)); });
    }
    EXPECT_EQ(sum(reader), "0 0.0");
    if (is_kept) writer.commit();
    else writer.rollback();
  }
  EXPECT_EQ(sum(reader), sum(writer));
  EXPECT_TRUE(sum(reader).starts_with("2000 "));
  EXPECT_EQ(reader.texts("PRAGMA integrity_check").at(0), "ok");
  EXPECT_TRUE(writer.checkpoint(SqliteConnection::Checkpoint::truncate));
  SqliteConnection later(database.place(), SqliteAccess::read, SqliteSync::full);
  EXPECT_EQ(sum(later), sum(writer));
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
