// The record: what is in it, that it goes with the commit, and that whatever is done to it afterwards is found.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <latch>
#include <random>

#include "platform/audit/anchors.h"
#include "platform/audit/verify.h"
#include "platform/sql/testing.h"

namespace fairward::audit {
namespace {

using sql::testing::Database;
using sql::testing::Kind;

const Key key = Key::of_signing_seed("a seed of thirty-two bytes, fine");

struct Line {
  Instant at;
  Entry entry;
};

class audit_record : public ::testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<sql::Engine> open() { return database.open(*clock); }

  static Report verified(sql::Engine& engine, const Key& with = key, std::span<const Head> anchors = {}) {
    Report report;
    engine.read_now([&](Snapshot& db) { report = verify(db, std::span(&with, 1), anchors); });
    return report;
  }
  static std::vector<Line> lines(sql::Engine& engine) {
    std::vector<Line> all;
    engine.read_now([&](Snapshot& db) {
      each(db, [&](const LineRead& read) { all.push_back({read.at, read.entry}); });
    });
    return all;
  }
  // Calls that are submitted at once, so that some share a commit; every fifth is undone.
  static void deeds(sql::Engine& engine, int count) {
    std::latch left(count);
    for (int i = 0; i < count; ++i)
      engine.write(
          i % 3,
          [i](Txn& txn) {
            txn.record(fmt::format(R"({{"role":"patient","did":"deed_{}"}})", i));
            return i % 5 != 0;
          },
          [&left](sql::Outcome) { left.count_down(); });
    left.wait();
  }

  std::unique_ptr<Clock> clock = make_system_clock();
  Database database{GetParam(), {.recorder = recorder(key)}};
};
INSTANTIATE_TEST_SUITE_P(engines, audit_record, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(audit_record, has_every_call_that_was_kept_and_no_other) {
  const auto engine = open();
  deeds(*engine, 100);
  std::set<std::string> found;
  for (const Line& line : lines(*engine)) EXPECT_TRUE(found.insert(line.entry.did).second) << line.entry.did;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(found.contains(fmt::format("deed_{}", i)), i % 5 != 0) << i;
  const Report report = verified(*engine);
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(report.entries, 80);
  engine->stop();
}

TEST_P(audit_record, says_of_what_the_product_does_by_itself_what_came_to_pass) {
  const auto engine = open();
  engine->write_now([](Txn& txn) {
    txn.emit({"hold/7", "booking.hold_lapsed", "{}"});
    return true;
  });
  engine->write_now([](Txn&) { return true; });  // nothing to tell
  const auto all = lines(*engine);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].entry.role, "system");
  EXPECT_EQ(all[0].entry.events, std::vector<std::string>{"booking.hold_lapsed hold/7"});
  engine->stop();
}

TEST_P(audit_record, goes_on_in_another_chain_after_a_new_start) {
  for (int start = 0; start < 3; ++start) {
    const auto engine = open();
    deeds(*engine, 7);
    engine->stop();
    if (GetParam() == Kind::inline_sqlite) break;  // has its database for itself
    const auto again = open();
    const Report report = verified(*again);
    EXPECT_TRUE(report.is_good());
    EXPECT_GE(report.chains, start + 1);
    again->stop();
  }
}

TEST_P(audit_record, without_it_nothing_is_stored) {
  const auto engine = open();
  engine->write_now([](Txn& txn) {
    txn.emit({"city/1", "made", "{}"});
    return true;
  });
  engine->stop();
  if (GetParam() == Kind::inline_sqlite) return;
  database.execute("ALTER TABLE platform_audit_block RENAME TO platform_audit_gone");
  const auto again = open();
  const auto broken = [&] {
    again->write_now([](Txn& txn) {
      txn.emit({"city/2", "made", "{}"});
      return true;
    });
  };
  EXPECT_THROW(broken(), sql::Error);
  constexpr static sql::Query events{"events", "SELECT count(*) FROM platform_event",
                                     "SELECT count(*) FROM platform_event"};
  again->read_now([](Snapshot& db) { EXPECT_EQ(db.one<std::int64_t>(events), 1); });
  again->stop();
}

TEST_P(audit_record, refuses_to_be_changed) {
  if (GetParam() == Kind::inline_sqlite) return;
  const auto engine = open();
  deeds(*engine, 3);
  engine->stop();
  EXPECT_ANY_THROW(database.execute("UPDATE platform_audit_block SET at = at + 1"));
  EXPECT_ANY_THROW(database.execute("DELETE FROM platform_audit_block"));
}

TEST_P(audit_record, nothing_is_proved_with_another_key) {
  const auto engine = open();
  deeds(*engine, 3);
  const Report report = verified(*engine, Key::of_signing_seed("another seed"));
  EXPECT_FALSE(report.is_good());
  EXPECT_EQ(report.unknown_keys, report.chains);
  engine->stop();
}

TEST_P(audit_record, a_chain_whose_last_commit_is_in_doubt_is_left) {
  const auto engine = open();
  const auto chain = recorder(key)(0);
  const std::string entry = R"({"role":"system","did":"something"})";
  const sql::CallRecord call{entry, {}};
  for (const bool is_stored : {true, false, true, false}) {
    engine->write_now([&](Txn& txn) {
      chain->keep(txn, std::span(&call, 1), {1000});
      return is_stored;
    });
    chain->ended(sql::Recorder::End::unknown);
  }
  for (int i = 0; i < 2; ++i) {
    engine->write_now([&](Txn& txn) {
      chain->keep(txn, std::span(&call, 1), {1000});
      return true;
    });
    chain->ended(sql::Recorder::End::committed);
  }
  const Report report = verified(*engine);
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(report.chains, 3);
  EXPECT_EQ(report.blocks, 4);
  engine->stop();
}

TEST_P(audit_record, a_chain_whose_commit_is_undone_goes_on) {
  const auto engine = open();
  const auto chain = recorder(key)(0);
  const std::string entry = R"({"role":"system","did":"something"})";
  const sql::CallRecord call{entry, {}};
  for (const bool is_kept : {false, true, false, true}) {
    engine->write_now([&](Txn& txn) {
      chain->keep(txn, std::span(&call, 1), {1000});
      return is_kept;
    });
    chain->ended(is_kept ? sql::Recorder::End::committed : sql::Recorder::End::undone);
  }
  const Report report = verified(*engine);
  EXPECT_TRUE(report.is_good());
  EXPECT_EQ(report.chains, 1);
  EXPECT_EQ(report.blocks, 2);
  engine->stop();
}

// Whoever has the database and not the key.
class audit_tampering : public ::testing::Test {
 protected:
  audit_tampering() {
    const auto engine = database.open(*clock);
    for (int i = 0; i < 60; ++i)
      engine->write_now([i](Txn& txn) {
        txn.record(fmt::format(R"({{"user":{},"role":"doctor","did":"appointment_get","of":[{}]}})", i, i * 7));
        return true;
      });
    engine->read_now([&](Snapshot& db) { noted = heads_recent(db, clock->now()); });
    engine->stop();
    database.execute("DROP TRIGGER platform_audit_block_stays; DROP TRIGGER platform_audit_block_remains");
  }
  Report verified_after(const std::string& change) {
    database.execute(change);
    const auto engine = database.open(*clock);
    Report report;
    engine->read_now([&](Snapshot& db) { report = verify(db, std::span(&key, 1), noted); });
    engine->stop();
    return report;
  }

  std::unique_ptr<Clock> clock = make_system_clock();
  Database database{Kind::sqlite, {.recorder = recorder(key)}};
  std::vector<Head> noted;
};

TEST_F(audit_tampering, is_found_wherever_it_is_and_named) {
  std::mt19937 random(7);
  const auto block = [&] { return 1 + static_cast<int>(random() % 60); };
  const auto where = [](int number) { return fmt::format(" FROM platform_audit_block WHERE number = {}", number); };
  for (int round = 0; round < 250; ++round) {
    const int a = block(), b = a % 60 + 1;
    const std::string changes[] = {
        fmt::format(
            "UPDATE platform_audit_block SET entries = replace(entries, '\"of\":[', '\"of\":[1') WHERE number = {}", a),
        fmt::format("UPDATE platform_audit_block SET at = at - 1 WHERE number = {}", a),
        fmt::format("UPDATE platform_audit_block SET seal = 'A' || substr(seal, 2) || 'x' WHERE number = {}", a),
        "DELETE" + where(a),
        fmt::format("UPDATE platform_audit_block SET entries = (SELECT entries{}) WHERE number = {}", where(b), a),
    };
    const std::string& change = changes[static_cast<std::size_t>(round) % std::size(changes)];
    database.execute("CREATE TABLE kept AS SELECT * FROM platform_audit_block");
    const Report report = verified_after(change);
    ASSERT_FALSE(report.faults.empty()) << change;
    EXPECT_EQ(report.faults.front().number, a) << change;
    database.execute(
        "DELETE FROM platform_audit_block; INSERT INTO platform_audit_block SELECT * FROM kept; DROP TABLE kept");
  }
  EXPECT_TRUE(verified_after("SELECT 1").is_good());
}

TEST_F(audit_tampering, of_an_end_is_found_by_what_was_noted_outside) {
  EXPECT_FALSE(noted.empty());
  const Report report = verified_after("DELETE FROM platform_audit_block WHERE number > 40");
  ASSERT_EQ(report.faults.size(), 1U);
  EXPECT_EQ(report.faults[0].number, 60);
  EXPECT_EQ(report.faults[0].what, "is missing: a block that was noted outside the database");
}

TEST_F(audit_tampering, of_a_whole_chain_is_found_by_what_a_later_block_tells) {
  {
    const auto engine = database.open(*clock);
    Anchors anchors(*engine, *clock, {});
    anchors.tick();
    engine->write_now([](Txn&) { return true; });
    engine->stop();
  }
  noted.clear();
  ASSERT_TRUE(verified_after("SELECT 1").is_good());
  const Report report = verified_after(
      "DELETE FROM platform_audit_block WHERE chain_id = 1; DELETE FROM platform_audit_chain WHERE id = 1");
  ASSERT_FALSE(report.faults.empty());
  EXPECT_EQ(report.faults[0].chain, 1);
  EXPECT_EQ(report.faults[0].what, "is missing: a block that another block tells of");
}

TEST_F(audit_tampering, with_the_row_of_a_chain_is_found) {
  EXPECT_FALSE(verified_after("UPDATE platform_audit_chain SET began_at = began_at + 1").is_good());
  EXPECT_FALSE(verified_after("DELETE FROM platform_audit_chain").is_good());
}

TEST(anchors, note_what_has_grown_once_an_hour_and_hand_it_on) {
  ManualClock clock({1'000'000'000});
  Database database(Kind::sqlite, {.recorder = recorder(key)});
  const auto engine = database.open(clock);
  const auto deed = [&] {
    engine->write_now([](Txn& txn) {
      txn.record(R"({"role":"system","did":"something"})");
      return true;
    });
  };
  std::vector<std::vector<Head>> kept;
  std::mutex mutex;
  Anchors anchors(*engine, clock, [&](std::vector<Head> heads) {
    const std::lock_guard lock(mutex);
    kept.push_back(std::move(heads));
  });
  const auto tick = [&] {
    anchors.tick();
    engine->write_now([](Txn&) { return true; });
    for (int i = 0; i < 4; ++i) engine->read_now([](Snapshot&) {});
    const std::lock_guard lock(mutex);
    return kept.size();
  };
  deed();
  tick();
  tick();  // within the hour
  clock.advance(hours(1));
  deed();
  tick();
  engine->stop();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].at(0).number, 2);  // the deed, and the note of it
  EXPECT_EQ(kept[1].at(0).number, 4);
}

}  // namespace
}  // namespace fairward::audit
