// Memory against the database: after every step of a random life, after commits that overtake one another, and after a
// start.
#include <thread>

#include "modules/booking/fixture_test.h"

namespace fairward::booking::testing {

class consistency : public BookingTest {
 protected:
  // Everything that a start rebuilds, seen from outside.
  std::string view_of(Node& of) {
    std::string view;
    for (int doctor = 1; doctor <= 3; ++doctor)
      view += boost::json::serialize(of.get("/api/doctors/" + std::to_string(doctor) + "/slots", nobody).body) + "\n";
    const BookingStats stats = of.booking->stats();
    return view + std::to_string(stats.holds_active) + " " + std::to_string(stats.waiting) + " " +
           std::to_string(stats.doctors);
  }
  // No waiter is left waiting whom a free slot fits.
  void check_handed_over() {
    const std::string letters = stored_slots();
    for (int patient = 1; patient <= people; ++patient)
      for (const auto& wait : node->items("/api/waits?status=waiting", patient)) {
        const auto wanted = static_cast<std::size_t>(wait.at("slots").as_int64());
        EXPECT_EQ(letters.find(std::string(wanted, 'f')), std::string::npos) << letters << ' ' << wait;
      }
  }
  // One step of somebody's life, chosen at random. Mostly refused, always allowed to try.
  void step(Entropy& chance) {
    const int patient = static_cast<int>(chance.below(people)) + 1;
    const auto n = static_cast<int>(chance.below(4)), size = static_cast<int>(chance.below(3)) + 1;
    const auto items = node->items("/api/appointments?limit=100", patient);
    const std::int64_t id = items.empty() ? 0 : items[chance.below(items.size())].at("id").as_int64();
    const std::string path = "/api/appointments/" + std::to_string(id);
    switch (chance.below(11)) {
      case 0:
      case 1: hold(patient, n, size); break;
      case 2:
      case 3: wait(patient, size); break;
      case 4:
        if (id) node->capture(id);
        break;
      case 5: release(patient, id); break;
      case 6: cancel(patient, id); break;
      case 7: node->call(Method::put, path, patient, R"({"starts_at":")" + slot(n) + "\"}"); break;
      case 8: advance(seconds(static_cast<std::int64_t>(chance.below(200)))); break;
      case 9: {
        const auto waits = node->items("/api/waits?limit=1", patient);
        if (!waits.empty())
          node->call(Method::del, "/api/waits/" + std::to_string(waits[0].at("id").as_int64()), patient);
        break;
      }
      default: cancel(admin_a, id); break;
    }
  }
  static constexpr int people = 12;
};
INSTANTIATE_TEST_SUITE_P(engines, consistency, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(consistency, memory_agrees_with_the_database_after_every_step) {
  const bool is_inline = GetParam() == sql::testing::Kind::inline_sqlite;
  for (std::uint64_t seed = 1; seed <= (is_inline ? 6U : 1U); ++seed) {
    const auto chance = make_seeded_entropy(seed);
    for (int i = 0; i < (is_inline ? 250 : 60) && !HasFailure(); ++i) {
      step(*chance);
      advance(milliseconds(0));
      check_invariants();
      check_handed_over();
      if (HasFailure()) ADD_FAILURE() << "seed " << seed << " step " << i;
      if (clock.now() > *parse_rfc3339("2026-11-30T03:00:00Z")) break;
    }
    clock.set(*parse_rfc3339("2026-11-30T02:00:00Z"));
    for (int patient = 1; patient <= people; ++patient)
      for (const auto& own : node->items("/api/appointments?limit=100", patient))
        cancel(admin_a, own.at("id").as_int64());
  }
}

TEST_P(consistency, a_start_rebuilds_what_memory_held) {
  book(1, 0);
  const std::int64_t gone = hold(2, 1).id();
  hold(3, 1, 1, 3);
  for (int i = 0; i < 2; ++i) hold(4 + i, 2 + i);
  const std::int64_t waiting = wait(6, 2).id(), left = wait(7, 2).id();
  node->call(Method::del, "/api/waits/" + std::to_string(left), 7);
  release(2, gone);
  ASSERT_EQ(hold(8, 1).status, 201);
  ASSERT_EQ(node->call(Method::post, "/api/doctors/3/exceptions", root,
                       R"({"kind":"leave","on":"2026-12-01","starts":"09:00","ends":"09:15"})")
                .status,
            201);
  Node again(*engine, clock);
  EXPECT_EQ(view_of(again), view_of(*node));
  EXPECT_EQ(again.get("/api/waits/" + std::to_string(waiting), 6).text("position"), "1");
}

TEST_P(consistency, a_closed_hospital_has_no_slots_until_it_opens_again) {
  const auto slots_of = [&](int doctor) {
    return node->items("/api/doctors/" + std::to_string(doctor) + "/slots", nobody).size();
  };
  // Which doctors that concerns is read on a thread of the engine, in its time.
  const auto state = [&](bool is_open) {
    engine->write_now([&](Txn& txn) { return txn.exec(hospital_state_query, std::int64_t{1}, is_open) == 1; });
    node->booking->hospital_changed(HospitalId{1});
    for (int tries = 0; tries < 2000 && (slots_of(1) > 0) != is_open; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      advance(milliseconds(0));
    }
    advance(milliseconds(0));
  };
  const auto first_free = [&] { return node->booking->free_times().first_free(DoctorId{1}, {}, {0}, {INT64_MAX}); };
  const std::size_t one = slots_of(1), both = slots_of(3);
  const auto first = first_free();
  ASSERT_TRUE(one > 0 && both > one && first);
  state(false);
  EXPECT_EQ(slots_of(1), 0U);
  EXPECT_EQ(slots_of(3), both - one) << "the other hospital is open";
  EXPECT_EQ(first_free(), std::nullopt);
  EXPECT_EQ(hold(1, 0).code(), "booking.doctor_not_bookable");
  Node again(*engine, clock);
  EXPECT_EQ(view_of(again), view_of(*node));
  state(true);
  EXPECT_EQ(slots_of(1), one);
  EXPECT_EQ(slots_of(3), both);
  EXPECT_EQ(first_free(), first);
  EXPECT_EQ(hold(1, 0).status, 201);
}

TEST_P(consistency, memory_that_is_behind_catches_up_when_it_misled_somebody) {
  Node other(*engine, clock);
  const std::int64_t id = other.call(Method::post, "/api/holds", 1, hold_body(0)).id();
  EXPECT_EQ(slots(), "ffff") << "another node's hold is not known here";
  EXPECT_EQ(hold(2, 0).code(), "booking.slot_taken");
  advance(milliseconds(0));
  EXPECT_EQ(slots(), "hfff");
  EXPECT_EQ(node->booking->stats().holds_active, 1U);
  EXPECT_EQ(release(1, id).status, 204);
  check_invariants();
}

// Calls that do not name the doctor run on any connection, so their commits may be published late.
TEST_P(consistency, commits_published_out_of_order_do_not_stay_in_memory) {
  constexpr int racers = 4, rounds = 60;
  std::vector<std::thread> threads;
  for (int racer = 0; racer < racers; ++racer)
    threads.emplace_back([this, racer] {
      for (int round = 0; round < rounds; ++round) {
        const Reply held = hold(racer + 1, round % 4);
        if (held.status == 201) release(racer + 1, held.id());
        const Reply waits = wait(racer + 1);
        if (waits.status != 201) continue;
        node->call(Method::del, "/api/waits/" + std::to_string(waits.id()), racer + 1);
      }
    });
  for (auto& thread : threads) thread.join();
  advance(milliseconds(0));
  advance(milliseconds(0));
  check_invariants();
  EXPECT_EQ(slots(), "ffff");
  EXPECT_EQ(node->booking->stats().holds_active, 0U);
  EXPECT_EQ(node->booking->stats().waiting, 0U);
}

// The same made to happen: a release is durable, but its connection tells of it only after the next hold was told.
TEST_P(consistency, a_release_that_is_told_late_does_not_free_what_is_held_again) {
  if (GetParam() != sql::testing::Kind::postgres) GTEST_SKIP() << "one writer tells in the order of its commits";
  constexpr int writers = 4;  // of the test database; calls without a key go to them in turn
  const auto thread_of = [&](std::int64_t key) {
    std::promise<std::thread::id> id;
    engine->write(
        key, [](Txn&) { return true; }, [&](sql::Outcome) { id.set_value(std::this_thread::get_id()); });
    return id.get_future().get();
  };
  const auto block = [&](std::shared_future<void> gate) {
    engine->write(
        0, [](Txn&) { return true; }, [gate](sql::Outcome) { gate.wait(); });
  };
  const auto pass_others = [&] {
    for (int i = 1; i < writers; ++i) thread_of(0);
  };
  const std::int64_t id = hold(1, 0).id();
  const auto doctors = thread_of(1);
  while (thread_of(0) != doctors) {}

  std::promise<void> batch, told;
  block(batch.get_future().share());  // what follows on this writer is one batch
  pass_others();
  block(told.get_future().share());
  pass_others();
  auto release = node->send(Method::del, "/api/holds/" + std::to_string(id), 1);
  batch.set_value();
  while (appointment(id).text("status") != "cancelled") std::this_thread::yield();
  // With a key: others may be refused from memory, which does not know yet.
  EXPECT_EQ(node->call(Method::post, "/api/holds", 2, hold_body(0), {{"idempotency-key", "again"}}).status, 201);
  told.set_value();
  EXPECT_EQ(release.get().status, 204);
  advance(milliseconds(0));
  EXPECT_EQ(slots(), "hfff");
  check_invariants();
}

}  // namespace fairward::booking::testing
