// What a turn at a doctor touches lies in one partition of PostgreSQL, and of what is keyed by people it changes a row
// for each hold or wait that it begins or ends. Shown twice: by the plan of each query, and by what PostgreSQL counts
// inside real transactions.
#include <set>

#include "modules/booking/fixture_test.h"

namespace fairward::booking::testing {
namespace {

using sql::Query;

// The tables that lie in partitions by doctor; partition 3 of booking_wait is booking_wait_p3.
constexpr std::string_view partitioned[] = {"booking_doctor_queue", "booking_appointment", "booking_slot_claim",
                                            "booking_wait", "booking_ledger"};

// Queries that ask without naming a doctor, and why they may.
const std::map<std::string_view, std::string_view> asks_every_partition = {
    {"booking_appointment_list_patient", "a list; read beside every turn, for one person"},
    {"booking_appointment_list_hospital", "a list; read beside every turn, for staff"},
    {"booking_appointment_figures", "a month's report, once a month"},
    {"booking_hospital_treats", "who may see whose record; read beside every turn, for staff"},
    {"booking_wait_list_patient", "a list; read beside every turn, for one person"},
    {"booking_pending_of_patient", "a refusal names the hold that stands in the way; what the turn did is undone"},
    {"booking_wait_of_patient", "a refusal names the wait that stands in the way; what the turn did is undone"},
    {"booking_doctor_lapsed_list", "a safety net once in ten seconds, beside every turn"},
    {"booking_pending_each", "start-up"},
    {"booking_wait_each", "start-up"},
};

// booking_wait_p3 → 3; -1 for a table that lies in no partition, or is the whole of a partitioned one.
int partition_of(std::string_view table) {
  for (const std::string_view parent : partitioned)
    if (table.starts_with(parent) && table.substr(parent.size()).starts_with("_p")) {
      int number = -1;
      const std::string_view digits = table.substr(parent.size() + 2);
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
      return number;
    }
  return -1;
}

// The partitions that a plan scans: "Index Scan using booking_wait_p3_pkey on booking_wait_p3".
std::set<int> partitions_of(const std::vector<std::string>& plan) {
  std::set<int> found;
  for (const std::string& line : plan)
    for (std::size_t at = line.find(" on "); at != std::string::npos; at = line.find(" on ", at + 1))
      if (const int number = partition_of(std::string_view(line).substr(at + 4)); number >= 0) found.insert(number);
  return found;
}

// Planned for one value, which stands for the doctor and whatever else is asked for.
std::set<int> partitions_planned(const Query& query, const sql::testing::Database& database) {
  return partitions_of(sql::testing::postgres_plan(query.postgres(), "1", database.place()));
}

// A text for many is pruned row by row as it runs, of which the plan says nothing. So its words must show it: each
// partitioned table that it reads is narrowed to the doctor of the asker.
bool narrows_each_table(std::string_view text) {
  for (const std::string_view parent : partitioned)
    for (std::size_t at = text.find(parent); at != std::string_view::npos; at = text.find(parent, at + 1)) {
      const std::string_view before = text.substr(0, at), after = text.substr(at + parent.size());
      if (before.ends_with("INTO ")) continue;  // a row is put where its doctor_id says
      const std::string alias(after.substr(1, after.find(' ', 1) - 1));
      if (after.find(alias + ".doctor_id = u.doctor_id") == std::string_view::npos) return false;
    }
  return true;
}

bool names_partitioned(std::string_view text) {
  return std::any_of(std::begin(partitioned), std::end(partitioned),
                     [&](std::string_view parent) { return text.find(parent) != std::string_view::npos; });
}

constexpr const char* planted_text = "UPDATE booking_appointment SET version = version + 1 WHERE id = $1";
constexpr Query planted{"booking_planted", planted_text, planted_text};
constexpr const char* planted_join_text =
    "SELECT c.cell FROM booking_slot_claim c JOIN booking_appointment a ON a.id = c.appointment_id "
    "WHERE c.doctor_id = $1";
constexpr Query planted_join{"booking_planted_join", planted_join_text, planted_join_text};
constexpr std::string_view planted_many =
    "SELECT u.place, a.id FROM unnest($1::bigint[]) WITH ORDINALITY AS u (id, place) JOIN booking_appointment a ON "
    "a.id "
    "= u.id";

struct Touched {
  std::string table;
  std::int64_t reads, changes;
};
constexpr const char* touched_text =
    "SELECT CAST(relname AS TEXT), COALESCE(seq_scan, 0) + COALESCE(idx_scan, 0), n_tup_ins + n_tup_upd + n_tup_del "
    "FROM pg_stat_xact_user_tables WHERE seq_scan > 0 OR idx_scan > 0 OR n_tup_ins + n_tup_upd + n_tup_del > 0";
constexpr Query touched_query{"test_touched", "SELECT '', 0, 0 WHERE 1 = 0", touched_text};

}  // namespace

class partition : public BookingTest {
 protected:
  bool is_partitioned() const { return GetParam() == sql::testing::Kind::postgres; }
};
INSTANTIATE_TEST_SUITE_P(engines, partition, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(partition, each_query_names_the_doctor) {
  if (!is_partitioned()) GTEST_SKIP() << "SQLite has no partitions";
  std::set<std::string_view> asking_all;
  for (const Query* query : sql::all_queries()) {
    if (!names_partitioned(query->postgres())) continue;
    const bool is_check = query->name().starts_with("booking_check_");  // `fairward check` reads everything
    if (!is_check && partitions_planned(*query, database).size() > 1) asking_all.insert(query->name());
    EXPECT_TRUE(narrows_each_table(query->many())) << query->name();
  }
  for (const std::string_view name : asking_all)
    EXPECT_TRUE(asks_every_partition.contains(name)) << name << " asks every partition: name the doctor";
  for (const auto& [name, reason] : asks_every_partition)
    EXPECT_TRUE(asking_all.contains(name)) << name << " needs no exception any more";
}

TEST_P(partition, a_query_without_the_doctor_is_found) {
  if (!is_partitioned()) GTEST_SKIP() << "SQLite has no partitions";
  EXPECT_GT(partitions_planned(planted, database).size(), 1u);
  EXPECT_GT(partitions_planned(planted_join, database).size(), 1u);
  EXPECT_FALSE(narrows_each_table(planted_many));
}

namespace {

// Hands everything on, and counts what each write touched.
class Watched final : public sql::Engine {
 public:
  using Counts = std::map<std::string, Touched>;

  explicit Watched(sql::Engine& engine) : engine_(engine) {}
  void write(std::int64_t order_key, Write work, Done done) override {
    engine_.write(
        order_key,
        [this, work = std::move(work)](Txn& txn) mutable {
          const Counts before = counts_of(txn);  // PostgreSQL may still count what came before in its session
          const bool is_kept = work(txn);
          txn.last_up_to(INT64_MAX);
          touched.clear();
          for (const auto& [table, count] : counts_of(txn)) {
            const auto old = before.find(table);
            const std::int64_t reads = count.reads - (old == before.end() ? 0 : old->second.reads);
            const std::int64_t changes = count.changes - (old == before.end() ? 0 : old->second.changes);
            if (reads > 0 || changes > 0) touched[table] = {table, reads, changes};
          }
          return is_kept;
        },
        std::move(done));
  }
  void read(Read work, Done done) override { engine_.read(std::move(work), std::move(done)); }
  void on_events(std::function<void(const std::vector<sql::Event>&, Instant)> listener) override {
    engine_.on_events(std::move(listener));
  }
  sql::EngineStats stats() const override { return engine_.stats(); }
  void stop() override { engine_.stop(); }

  Counts touched;  // by the last write; read it after its reply

 private:
  static Counts counts_of(Txn& txn) {
    Counts counts;
    for (auto& row : txn.all<Touched>(touched_query)) counts.emplace(row.table, row);
    return counts;
  }

  sql::Engine& engine_;
};

}  // namespace

class partition_of_a_call : public partition {
 protected:
  partition_of_a_call() : watched(*engine) {
    node.reset();
    node = std::make_unique<Node>(watched, clock);
  }
  // What the write before this touched: one partition, and as many rows of people.
  void expect_one_partition(const char* what, std::int64_t people) {
    if (!is_partitioned()) return;
    std::set<int> partitions;
    for (const auto& [table, count] : watched.touched)
      if (const int number = partition_number(table); number >= 0) partitions.insert(number);
    EXPECT_EQ(partitions.size(), 1u) << what << ": " << ::testing::PrintToString(partitions);
    EXPECT_EQ(watched.touched["booking_patient_open"].changes, people) << what;
    EXPECT_EQ(watched.touched["identity_user"].changes, 0) << what;
  }
  static int partition_number(const std::string& table) { return partition_of(table); }

  Watched watched;
};
INSTANTIATE_TEST_SUITE_P(engines, partition_of_a_call, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(partition_of_a_call, holds_and_bookings_stay_with_their_doctor) {
  const auto first = hold(1, 0).id();
  expect_one_partition("hold", 1);
  EXPECT_EQ(pay(1, first).status, 202);
  expect_one_partition("payment asked for", 0);
  EXPECT_EQ(node->capture(first), billing::Settlement::settled);
  expect_one_partition("payment captured", 1);
  const auto second = hold(2, 1).id();
  EXPECT_EQ(release(2, second).status, 204);
  expect_one_partition("release", 1);
  const Reply logged = node->call(Method::post, "/api/appointments", desk_a,
                                  R"({"patient_id":3,"doctor_id":1,"starts_at":")" + slot(2) + "\"}");
  EXPECT_EQ(logged.status, 201) << logged.body;
  expect_one_partition("logged by staff", 0);
  const std::string path = "/api/appointments/" + std::to_string(logged.id());
  EXPECT_EQ(node->call(Method::put, path, admin_a, R"({"starts_at":")" + slot(3) + "\"}").status, 200);
  expect_one_partition("moved", 0);
  EXPECT_EQ(cancel(admin_a, logged.id()).status, 200);
  expect_one_partition("cancelled", 0);
  EXPECT_EQ(hold(5, 0).code(), "booking.slot_taken");
}

TEST_P(partition_of_a_call, waits_and_hand_overs_stay_with_their_doctor) {
  const auto held = hold_all();
  const auto first = wait(11).id();
  expect_one_partition("join", 1);
  const auto second = wait(12).id();
  EXPECT_EQ(node->call(Method::del, "/api/waits/" + std::to_string(second), 12).status, 204);
  expect_one_partition("left", 1);
  EXPECT_EQ(release(1, held[0]).status, 204);  // the slot goes to patient 11, whose wait was counted already
  expect_one_partition("released and handed over", 1);
  EXPECT_EQ(wait_get(11, first).text("status"), "offered");
  EXPECT_EQ(node->call(Method::del, "/api/waits/" + std::to_string(first), 11).status, 204);
  expect_one_partition("offer declined", 1);
  advance(minutes(6));  // three holds lapse in one turn: a row for each
  EXPECT_EQ(slots(), "ffff");
  check_invariants();
}

// An id from PostgreSQL tells the doctor, and JavaScript can hold it. One that was never given is just not found.
TEST_P(partition_of_a_call, ids_tell_the_doctor) {
  if (!is_partitioned()) GTEST_SKIP() << "SQLite counts through";
  EXPECT_EQ(hold(1, 0, 1, 1).id(), (1LL << 26) + 1);
  EXPECT_EQ(hold(2, 1, 1, 1).id(), (1LL << 26) + 2);
  EXPECT_EQ(hold(3, 0, 1, 3).id(), (3LL << 26) + 1);
  EXPECT_EQ(appointment((2LL << 26) + 1).status, 404);
  EXPECT_EQ(appointment(INT64_MAX).status, 404);
}

}  // namespace fairward::booking::testing
