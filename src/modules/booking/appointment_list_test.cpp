// The lists of appointments: whose days they mean, and what they say of a finished visit. On every engine.
#include "modules/booking/fixture_test.h"

namespace fairward::booking::testing {
namespace {

constexpr const char* hospital_text =
    "INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source, source_key) "
    "VALUES (3, 1, 'C', 'c', 'America/New_York', 'test', '3')";
constexpr const char* practice_3_text =
    "INSERT INTO directory_practice (doctor_id, hospital_id, fee_minor, currency) VALUES (3, 3, 9000, 'USD')";
constexpr const char* visit_text =
    "INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, "
    "ends_at, slots, fee_minor, currency, created_at, version) "
    "VALUES ($1, 3, $2, 1, 1, 'web', 'fulfilled', $3, $4, 1, 0, 'INR', 0, 1)";
// An id that any engine takes: PostgreSQL finds the doctor of an appointment by it.
constexpr std::int64_t id_of(std::int64_t number) { return (3LL << 26) + number; }
constexpr std::int64_t number_of(std::int64_t id) { return id - id_of(0); }
constexpr sql::Query hospital_query{"test_hospital", hospital_text, hospital_text};
constexpr sql::Query practice_query{"test_practice", practice_3_text, practice_3_text};
constexpr sql::Query visit_query{"test_visit", visit_text, visit_text};

}  // namespace

class appointment_list : public BookingTest {
 protected:
  // Patient 1 with doctor 3 just before and after midnight: in Kolkata (hospital 1), and in New York (hospital 3) on an
  // ordinary day and on the long one when the clocks go back.
  appointment_list() {
    engine->write_now([](Txn& txn) {
      txn.exec(hospital_query);
      txn.exec(practice_query);
      return true;
    });
    add(501, 1, "2026-11-29T18:25:00Z"), add(502, 1, "2026-11-29T18:30:00Z");
    add(503, 1, "2026-11-30T18:25:00Z"), add(504, 1, "2026-11-30T18:30:00Z");
    add(511, 3, "2026-11-30T04:55:00Z"), add(512, 3, "2026-11-30T05:00:00Z");
    add(513, 3, "2026-12-01T04:55:00Z"), add(514, 3, "2026-12-01T05:00:00Z");
    add(521, 3, "2026-11-01T03:55:00Z"), add(522, 3, "2026-11-01T04:00:00Z");
    add(523, 3, "2026-11-02T04:55:00Z"), add(524, 3, "2026-11-02T05:00:00Z");
  }
  void add(std::int64_t number, std::int64_t hospital, const std::string& starts_at) {
    engine->write_now([&](Txn& txn) {
      const Instant at = *parse_rfc3339(starts_at);
      txn.exec(visit_query, id_of(number), hospital, at, at + minutes(5));
      return true;
    });
  }
  using Ids = std::vector<std::int64_t>;
  Ids ids(int user, const std::string& query) {
    Ids found;
    for (const auto& item : node->items("/api/appointments?" + query, user))
      found.push_back(number_of(item.at("id").as_int64()));
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(engines, appointment_list, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(appointment_list, means_days_on_the_wall_of_each_hospital) {
  const std::string day = "from=2026-11-30&to=2026-11-30";
  EXPECT_EQ(ids(admin_a, day), (Ids{502, 503}));
  EXPECT_EQ(ids(root, "hospital_id=3&" + day), (Ids{512, 513}));
  EXPECT_EQ(ids(1, day), (Ids{502, 512, 503, 513}));  // by instant
  EXPECT_EQ(ids(root, "doctor_id=3&" + day), (Ids{502, 512, 503, 513}));
  EXPECT_EQ(ids(root, "doctor_id=3&hospital_id=1&" + day), (Ids{502, 503}));
  EXPECT_EQ(ids(root, "hospital_id=3&from=2026-11-01&to=2026-11-01"), (Ids{522, 523}));
  EXPECT_EQ(ids(1, "to=2026-11-01"), (Ids{521, 522, 523}));
  EXPECT_EQ(ids(1, "from=2026-12-01"), (Ids{504, 514}));
  EXPECT_EQ(node->get("/api/appointments?from=2026-12-02&to=2026-12-01", 1).code(), "booking.range_invalid");
}

TEST_P(appointment_list, pages_leave_nothing_out_at_the_edges_of_the_days) {
  for (const char* limit : {"1", "2", "3", "4"}) {
    const std::string query = "from=2026-11-30&to=2026-11-30&limit=" + std::string(limit);
    Ids seen;
    std::string cursor;
    do {
      const Reply page = node->get("/api/appointments?" + query + cursor, 1);
      for (const auto& item : page.body.at("items").as_array()) seen.push_back(number_of(item.at("id").as_int64()));
      const std::string next = page.text("next");
      cursor = next.empty() ? "" : "&cursor=" + next;
    } while (!cursor.empty());
    EXPECT_EQ(seen, (Ids{502, 512, 503, 513})) << limit;
  }
}

TEST_P(appointment_list, a_finished_visit_tells_its_review) {
  std::optional<std::int64_t> review;
  node->booking->review_find(
      [&](Snapshot&, AppointmentId id) { return id.value == id_of(503) ? review : std::nullopt; });
  const Reply before = appointment(id_of(503), 1);
  EXPECT_FALSE(before.body.as_object().contains("review_id"));
  review = 77;
  const Reply after = appointment(id_of(503), 1);
  EXPECT_EQ(after.body.at("review_id").as_int64(), 77);
  EXPECT_NE(before.headers.at("ETag"), after.headers.at("ETag"));
  EXPECT_FALSE(appointment(id_of(502), 1).body.as_object().contains("review_id"));
  const auto booked = book(2, 0);
  EXPECT_FALSE(appointment(booked, 2).body.as_object().contains("review_id"));
}

}  // namespace fairward::booking::testing
