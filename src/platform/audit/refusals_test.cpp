// What was refused comes on record at once, is counted by the minute, and is bounded whatever comes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "platform/audit/audit.h"
#include "platform/audit/marks.h"
#include "platform/audit/refusals.h"
#include "platform/audit/verify.h"
#include "platform/sql/testing.h"

namespace fairward::audit {
namespace {

using sql::testing::Database;
using sql::testing::Kind;

const Key key = Key::of_signing_seed("a seed of thirty-two bytes, fine");

class audit_refusals : public ::testing::TestWithParam<Kind> {
 protected:
  audit_refusals() : engine(database.open(clock)), refusals(*engine, clock) {}
  ~audit_refusals() override { engine->stop(); }

  void note(std::string_view did, std::string from, std::int64_t account = 0, std::int64_t user = 0) {
    refusals.note({clock.now(),
                   user ? api::Role::patient : api::Role::anyone,
                   {user},
                   {account},
                   {},
                   std::move(from),
                   did,
                   "identity.login_failed",
                   "/api/auth/login"});
  }
  void tick() {
    settle();
    refusals.tick();
    settle();
  }
  void settle() const {
    while (refusals.is_storing()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::vector<Entry> told() {
    tick();
    std::vector<Entry> all;
    engine->read_now([&](Snapshot& db) { each(db, [&](const LineRead& read) { all.push_back(read.entry); }); });
    return all;
  }

  ManualClock clock{{1'000'000'020'000}};
  Database database{GetParam(), {.recorder = recorder(key)}};
  std::unique_ptr<sql::Engine> engine;
  Refusals refusals;
};
INSTANTIATE_TEST_SUITE_P(engines, audit_refusals, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(audit_refusals, the_first_is_told_at_once_and_the_others_when_their_minute_is_over) {
  for (int i = 0; i < 5; ++i) note("login_create", "10.0.0.1", 7);
  auto all = told();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].times, std::nullopt);
  EXPECT_EQ(all[0].account, UserId{7});
  EXPECT_EQ(all[0].refused, "identity.login_failed");
  EXPECT_EQ(all[0].on, "/api/auth/login");
  note("login_create", "10.0.0.1", 7);
  EXPECT_EQ(told().size(), 1U);
  clock.advance(minutes(1));
  all = told();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].times, 5);
  EXPECT_EQ(told().size(), 2U);
  note("login_create", "10.0.0.1", 7);
  EXPECT_EQ(told().size(), 3U);  // of another minute
}

TEST_P(audit_refusals, an_attack_from_everywhere_costs_a_bounded_number_of_lines) {
  constexpr int attempts = 20'000, minutes_long = 5;
  for (int i = 0; i < attempts; ++i) {
    note("login_create", fmt::format("10.{}.{}.1", i / 250, i % 250));
    if (i % (attempts / minutes_long) == 0) clock.advance(minutes(1));
    if (i % 50 == 0) refusals.tick();
  }
  clock.advance(minutes(1));
  const auto all = told();
  EXPECT_LE(std::ssize(all), refusal_lines_at_once + (minutes_long + 1) * (refusal_lines_a_minute + 1));
  std::int64_t counted = 0;
  for (const Entry& entry : all) counted += entry.times.value_or(1);
  EXPECT_EQ(counted, attempts);  // and none is missing
}

TEST_P(audit_refusals, the_last_are_stored_although_others_are_on_their_way) {
  note("login_create", "10.0.0.1");
  refusals.tick();
  note("login_create", "10.0.0.2");
  refusals.flush();
  settle();
  std::int64_t lines = 0;
  engine->read_now([&](Snapshot& db) { each(db, [&](const LineRead&) { ++lines; }); });
  EXPECT_EQ(lines, 2);
}

TEST_P(audit_refusals, strangers_do_not_use_up_what_is_kept_for_who_is_signed_in) {
  for (int i = 0; i < 2000; ++i) note("login_create", fmt::format("10.{}.{}.1", i / 250, i % 250));
  tick();
  clock.advance(minutes(1));
  tick();
  note("user_list", "10.0.0.9", 0, 12);
  const auto all = told();
  EXPECT_TRUE(std::ranges::any_of(all, [](const Entry& entry) { return entry.user == UserId{12}; }));
}

TEST_P(audit_refusals, many_operations_are_folded_into_one_line) {
  for (int i = 0; i < 3000; ++i) note(fmt::format("operation_{}", i), "10.0.0.1");
  clock.advance(minutes(1));
  const auto all = told();
  EXPECT_LE(all.size(), refusals_waiting_max + refusals_folded_max + 1);
  EXPECT_TRUE(std::ranges::any_of(all, [](const Entry& entry) { return entry.did == "others"; }));
}

TEST(marks, are_read_from_what_the_program_writes_and_not_from_what_people_send) {
  const auto is = [](std::string_view line, std::vector<Mark> marks) { EXPECT_EQ(marks_of(line), marks) << line; };
  is(R"({"user":9,"role":"doctor","hospital":3,"did":"visit_get","of":[5],"on":"/x"})",
     {{MarkKind::actor, 9}, {MarkKind::hospital, 3}});
  is(R"({"user":9,"role":"patient","did":"hold_create","of":[9],"on":"/api/holds/1"})", {});
  is(R"({"user":9,"role":"patient","did":"user_list","refused":"request.right_missing"})",
     {{MarkKind::actor, 9}, {MarkKind::refused, 0}});
  is(R"({"role":"anyone","did":"login_create","refused":"identity.login_failed","times":4,"account":7,"from":"::1"})",
     {{MarkKind::actor, 7}, {MarkKind::refused, 0}});
  is(R"({"user":9,"role":"patient","did":"x","on":"/a,\"hospital\":3,\"refused\":\"y\""})", {});
  is(R"({"role":"system","did":"events","events":["a"]})", {});
  is("{\"user\":9,\"role\":\"doctor\",\"did\":\"a\"}\n{\"user\":9,\"role\":\"doctor\",\"did\":\"b\"}",
     {{MarkKind::actor, 9}});
  is("", {});
}

}  // namespace
}  // namespace fairward::audit
