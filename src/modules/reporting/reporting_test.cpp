// Days that are stored, on every engine: what is read equals what the rows give, whatever changes when.
#include "modules/reporting/reporting.h"

#include <gtest/gtest.h>

#include <random>

#include "modules/reporting/closing.h"
#include "platform/sql/testing.h"

namespace fairward::reporting {
namespace {

// Hospital 1 in Kolkata, 2 in New York; doctor 1 at both.
constexpr const char* world_text = R"(
INSERT INTO directory_city (id, name, name_key) VALUES (1, 'C', 'c');
INSERT INTO directory_speciality (id, name, name_key) VALUES (1, 'S', 's');
INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source, source_key) VALUES
  (1, 1, 'A', 'a', 'Asia/Kolkata', 'test', '1'), (2, 1, 'B', 'b', 'America/New_York', 'test', '2');
INSERT INTO directory_doctor (id, given_name, full_name, speciality_id, status) VALUES
  (1, 'D', 'Dr D', 1, 'active'), (2, 'E', 'Dr E', 1, 'active');
INSERT INTO identity_user (id, role, status, name, name_key, created_at, changed_at) VALUES
  (1, 'patient', 'active', 'Asha', 'asha', 0, 0), (2, 'patient', 'active', 'Ravi', 'ravi', 0, 0);
)";

constexpr sql::Query visit_insert{
    "test_reporting_visit_insert",
    "INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, "
    "ends_at, slots, fee_minor, currency, created_at, version) "
    "VALUES ($1, $2, $3, $4, $4, 'staff', $5, CAST($6 AS BIGINT), CAST($6 AS BIGINT) + 300000, 1, 0, 'INR', 0, 1)",
    "INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, "
    "ends_at, slots, fee_minor, currency, created_at, version) "
    "VALUES ($1, $2, $3, $4, $4, 'staff', $5, CAST($6 AS BIGINT), CAST($6 AS BIGINT) + 300000, 1, 0, 'INR', 0, 1)"};
constexpr sql::Query visit_update{"test_reporting_visit_update",
                                  "UPDATE booking_appointment SET status = $2 WHERE id = $1",
                                  "UPDATE booking_appointment SET status = $2 WHERE id = $1"};
constexpr sql::Query payment_insert{
    "test_reporting_payment_insert",
    "INSERT INTO billing_payment (payable_kind, payable_id, payer_id, hospital_id, status, method, amount_minor, "
    "currency, gateway_reference, expires_at, requested_at, captured_at, refunded_at) "
    "VALUES ('appointment', $1, 1, $2, $3, 'sandbox', $4, 'INR', CAST($1 AS TEXT), 0, 0, $5, $6)",
    "INSERT INTO billing_payment (payable_kind, payable_id, payer_id, hospital_id, status, method, amount_minor, "
    "currency, gateway_reference, expires_at, requested_at, captured_at, refunded_at) "
    "VALUES ('appointment', $1::bigint, 1, $2, $3, 'sandbox', $4, 'INR', CAST($1::bigint AS TEXT), 0, 0, $5, $6)"};
constexpr sql::Query arrival_insert{
    "test_reporting_arrival_insert",
    "INSERT INTO reception_arrival (id, appointment_id, doctor_id, hospital_id, patient_id, arrived_on, token, "
    "arrived_at, due_at, made_by) VALUES ($1, $1, 1, $2, 1, $3, $1, $4, $4, 1)",
    "INSERT INTO reception_arrival (id, appointment_id, doctor_id, hospital_id, patient_id, arrived_on, token, "
    "arrived_at, due_at, made_by) VALUES ($1, $1, 1, $2, 1, $3, $1, $4, $4, 1)"};
constexpr sql::Query summons_insert{
    "test_reporting_summons_insert",
    "INSERT INTO reception_summons (arrival_id, called_at, made_by) VALUES ($1, $2, 1)",
    "INSERT INTO reception_summons (arrival_id, called_at, made_by) VALUES ($1, $2, 1)"};
constexpr sql::Query zone_update{"test_reporting_zone_update",
                                 "UPDATE directory_hospital SET time_zone = $2 WHERE id = $1",
                                 "UPDATE directory_hospital SET time_zone = $2 WHERE id = $1"};

Date on(std::string_view text) { return *parse_date(text); }
Instant at(std::string_view text) { return *parse_rfc3339(text); }

class reporting_days : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  reporting_days() : database(GetParam()) {
    database.execute(world_text);
    engine = database.open(clock);
  }
  ~reporting_days() override { engine->stop(); }

  std::int64_t visit(Instant starts_at, const char* status = "fulfilled", int hospital = 1, int doctor = 1,
                     int patient = 1) {
    const std::int64_t id = (std::int64_t{doctor} << 26) + ++visits;
    engine->write_now([&](Txn& txn) {
      txn.exec(visit_insert, id, std::int64_t{doctor}, std::int64_t{hospital}, std::int64_t{patient}, status,
               starts_at);
      changed(txn, starts_at, hospital);
      return true;
    });
    return id;
  }
  void set(std::int64_t id, const char* status, Instant starts_at, int hospital = 1) {
    engine->write_now([&](Txn& txn) {
      txn.exec(visit_update, id, status);
      changed(txn, starts_at, hospital);
      return true;
    });
  }
  void changed(Txn& txn, Instant starts_at, int hospital) {
    visit_changed(txn, HospitalId{hospital}, *store::time_zone_of(txn, HospitalId{hospital}), starts_at, clock.now());
  }
  void paid(std::int64_t amount, Instant captured, std::optional<Instant> refunded = {}, int hospital = 1) {
    engine->write_now([&](Txn& txn) {
      txn.exec(payment_insert, ++payments, std::int64_t{hospital}, refunded ? "refunded" : "settled", amount, captured,
               refunded);
      return true;
    });
  }
  std::vector<Piece> found() {
    std::vector<Piece> pieces;
    engine->read_now([&](Snapshot& db) { pieces = pieces_find(db, clock.now()); });
    return pieces;
  }
  bool stored(const Piece& piece) {
    bool is_stored = false;
    engine->write_now([&](Txn& txn) { return is_stored = piece_store(txn, piece); });
    return is_stored;
  }
  void close() {
    for (auto pieces = found(); !pieces.empty(); pieces = found())
      for (const auto& piece : pieces) EXPECT_TRUE(stored(piece));
  }
  std::map<Date, Figures> read(Date from, Date to, int hospital = 1) {
    std::map<Date, Figures> days;
    engine->read_now([&](Snapshot& db) {
      const Zone& zone = *zone_find(*store::time_zone_of(db, HospitalId{hospital}));
      store::days_each(db, HospitalId{hospital}, zone, from, to,
                       [&](Date day, const Figures& figures) { days[day] = figures; });
    });
    return days;
  }
  std::map<Date, Figures> truth(Date from, Date to, int hospital = 1) {
    std::map<Date, Figures> days;
    engine->read_now([&](Snapshot& db) {
      const Zone& zone = *zone_find(*store::time_zone_of(db, HospitalId{hospital}));
      store::days_count(db, HospitalId{hospital}, zone, from, to, [&](Date day) -> Figures& { return days[day]; });
    });
    return days;
  }
  std::int64_t broken() {
    std::int64_t violations = 0;
    engine->read_now([&](Snapshot& db) {
      for (const auto& invariant : invariants()) violations += sql::look_for(invariant, db).violations;
    });
    return violations;
  }

  sql::testing::Database database;
  ManualClock clock{at("2026-11-30T12:00:00Z")};
  std::unique_ptr<sql::Engine> engine;
  std::int64_t visits = 0, payments = 0;
};
INSTANTIATE_TEST_SUITE_P(engines, reporting_days, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(reporting_days, are_those_of_the_hospitals_wall) {
  visit(at("2026-11-20T18:00:00Z"));               // 23:30 in Kolkata
  visit(at("2026-11-20T18:30:00Z"), "noshow");     // midnight there
  visit(at("2026-11-21T04:30:00Z"), "noshow", 2);  // 23:30 in New York, of the 20th
  paid(700, at("2026-11-20T18:29:59Z"), at("2026-11-20T18:30:00Z"));
  for (int round = 0; round < 2; ++round) {
    const auto days = read(on("2026-11-01"), on("2026-12-01"));
    ASSERT_EQ(days.size(), 2u);
    EXPECT_EQ(days.at(on("2026-11-20")).fulfilled, 1);
    EXPECT_EQ(days.at(on("2026-11-20")).hours[23], 1);
    EXPECT_EQ(days.at(on("2026-11-20")).money.at("INR"), (MoneySum{700, 0}));
    EXPECT_EQ(days.at(on("2026-11-21")).no_shows, 1);
    EXPECT_EQ(days.at(on("2026-11-21")).hours[0], 1);
    EXPECT_EQ(days.at(on("2026-11-21")).money.at("INR"), (MoneySum{0, 700}));
    EXPECT_EQ(read(on("2026-11-20"), on("2026-11-21"), 2).at(on("2026-11-20")).hours[23], 1);
    close();
  }
  EXPECT_EQ(broken(), 0);
}

TEST_P(reporting_days, are_read_from_what_is_stored) {
  visit(at("2026-11-20T06:00:00Z"));
  close();
  Figures invented;
  invented.appointments = 77;
  engine->write_now([&](Txn& txn) {
    store::day_put(txn, HospitalId{1}, on("2026-11-20"), invented);
    return true;
  });
  EXPECT_EQ(read(on("2026-11-01"), on("2026-12-01")).at(on("2026-11-20")).appointments, 77);
  EXPECT_EQ(broken(), 1);
}

TEST_P(reporting_days, show_a_late_change_at_once_and_are_counted_anew) {
  const auto id = visit(at("2026-11-20T06:00:00Z"), "noshow");
  close();
  EXPECT_EQ(broken(), 0);
  set(id, "fulfilled", at("2026-11-20T06:00:00Z"));
  EXPECT_EQ(read(on("2026-11-20"), on("2026-11-21")).at(on("2026-11-20")).fulfilled, 1);
  EXPECT_EQ(broken(), 0);
  const auto pieces = found();
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_TRUE(stored(pieces[0]));
  EXPECT_TRUE(found().empty());
  EXPECT_EQ(read(on("2026-11-20"), on("2026-11-21")).at(on("2026-11-20")).fulfilled, 1);
  EXPECT_EQ(broken(), 0);
}

// A change that nobody told of would be found.
TEST_P(reporting_days, are_proved_by_their_rows) {
  const auto id = visit(at("2026-11-20T06:00:00Z"), "noshow");
  close();
  engine->write_now([&](Txn& txn) {
    txn.exec(visit_update, id, "fulfilled");
    return true;
  });
  EXPECT_EQ(broken(), 1);
}

TEST_P(reporting_days, keep_the_newest_count_when_two_count) {
  const auto id = visit(at("2026-11-20T06:00:00Z"), "noshow");
  const auto first = found(), second = found();
  EXPECT_TRUE(stored(first.at(0)));
  EXPECT_FALSE(stored(second.at(0)));
  close();
  set(id, "fulfilled", at("2026-11-20T06:00:00Z"));
  const auto slow = found();
  set(id, "cancelled", at("2026-11-20T06:00:00Z"));
  const auto fast = found();
  EXPECT_TRUE(stored(fast.at(0)));
  EXPECT_FALSE(stored(slow.at(0)));
  EXPECT_EQ(read(on("2026-11-20"), on("2026-11-21")).at(on("2026-11-20")).cancelled, 1);
  set(id, "fulfilled", at("2026-11-20T06:00:00Z"));
  const auto late = found();
  set(id, "noshow", at("2026-11-20T06:00:00Z"));
  EXPECT_TRUE(stored(late.at(0)));  // counted before the last change, which is still known
  EXPECT_EQ(read(on("2026-11-20"), on("2026-11-21")).at(on("2026-11-20")).no_shows, 1);
  EXPECT_EQ(broken(), 0);
}

TEST_P(reporting_days, follow_the_hospital_to_another_zone) {
  visit(at("2026-11-20T20:00:00Z"));
  close();
  EXPECT_EQ(read(on("2026-11-01"), on("2026-12-01")).begin()->first, on("2026-11-21"));
  engine->write_now([&](Txn& txn) {
    txn.exec(zone_update, std::int64_t{1}, "America/New_York");
    return true;
  });
  EXPECT_EQ(read(on("2026-11-01"), on("2026-12-01")).begin()->first, on("2026-11-20"));
  close();
  EXPECT_EQ(read(on("2026-11-01"), on("2026-12-01")).begin()->first, on("2026-11-20"));
  EXPECT_EQ(broken(), 0);
}

TEST_P(reporting_days, measure_from_arrival_to_the_first_call) {
  engine->write_now([&](Txn& txn) {
    const Instant arrived = at("2026-11-20T06:00:00Z");
    for (std::int64_t id = 1; id <= 3; ++id)
      txn.exec(arrival_insert, id, std::int64_t{1}, "2026-11-20", arrived + minutes(id));
    txn.exec(summons_insert, std::int64_t{1}, arrived + minutes(13));
    txn.exec(summons_insert, std::int64_t{1}, arrived + minutes(40));
    txn.exec(summons_insert, std::int64_t{2}, arrived + minutes(4));
    return true;
  });
  visit(at("2026-11-19T06:00:00Z"));
  for (int round = 0; round < 2; ++round) {
    const auto day = read(on("2026-11-20"), on("2026-11-21")).at(on("2026-11-20"));
    EXPECT_EQ(day.arrived, 3);
    EXPECT_EQ(day.waits, (std::map<std::int64_t, std::int64_t>{{2, 1}, {12, 1}}));
    close();
  }
}

TEST_P(reporting_days, equal_their_rows_whatever_happens_when) {
  std::mt19937 random(7);  // NOLINT: the same every time
  const char* const statuses[] = {"booked", "fulfilled", "noshow", "cancelled", "arrived"};
  std::vector<std::tuple<std::int64_t, Instant, int>> made;
  clock.set(at("2026-10-01T00:00:00Z"));
  for (int step = 0; step < 120; ++step) {
    const int hospital = 1 + static_cast<int>(random() % 2);
    if (random() % 3 != 0 || made.empty()) {
      const Instant starts{(clock.now() + hours(static_cast<int>(random() % 200) - 100)).ms / 300'000 * 300'000};
      made.emplace_back(visit(starts, statuses[random() % 5], hospital, 1, 1 + static_cast<int>(random() % 2)), starts,
                        hospital);
      paid(100, clock.now(), {}, hospital);
    } else {
      const auto& [id, starts, where] = made[random() % made.size()];
      set(id, statuses[random() % 5], starts, where);
    }
    if (random() % 2 == 0)
      for (const auto& piece : found())
        if (random() % 2 == 0) stored(piece);
    clock.advance(hours(static_cast<int>(random() % 20)));
    EXPECT_EQ(read(on("2026-09-01"), on("2027-03-01"), hospital), truth(on("2026-09-01"), on("2027-03-01"), hospital));
  }
  close();
  EXPECT_EQ(broken(), 0);
}

}  // namespace
}  // namespace fairward::reporting
