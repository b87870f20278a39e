// The wait queue by contract, on every engine: who is served, in which order, and what everybody is told.
#include "modules/booking/fixture_test.h"

namespace fairward::booking::testing {

class waitlist : public BookingTest {
 protected:
  std::string status(int patient, std::int64_t id) { return wait_get(patient, id).text("status"); }
  std::int64_t offer_of(int patient, std::int64_t id) {
    return wait_get(patient, id).body.at("offer").at("hold_id").as_int64();
  }
};
INSTANTIATE_TEST_SUITE_P(engines, waitlist, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(waitlist, joining_is_refused_for_the_first_reason_that_applies) {
  const auto join = [&](const char* members) {
    return node->call(Method::post, "/api/waits", 9, std::string("{") + members + "}").code();
  };
  EXPECT_EQ(join(R"("doctor_id":4,"patient_id":1,"from":"2026-12-02","to":"2026-12-01")"), "booking.patient_not_found");
  EXPECT_EQ(join(R"("doctor_id":4,"from":"2026-12-02","to":"2026-12-01")"), "booking.doctor_not_bookable");
  EXPECT_EQ(join(R"("doctor_id":1,"from":"2026-12-02","to":"2026-12-01")"), "booking.range_invalid");
  EXPECT_EQ(join(R"("doctor_id":1,"from":"1900-01-01","to":"9999-12-31")"), "booking.range_invalid");
  EXPECT_EQ(join(R"("doctor_id":1,"from":"9999-12-31","to":"9999-12-31")"), "booking.no_slots_in_range");
  EXPECT_EQ(join(R"("doctor_id":1,"from":"1900-01-01","to":"1900-01-02")"), "booking.no_slots_in_range");
  EXPECT_EQ(join(R"("doctor_id":1,"from":"2026-11-30","to":"2026-11-30","slots":5)"), "booking.no_slots_in_range");
  EXPECT_EQ(wait(9).code(), "booking.slots_free");
  for (int i = 0; i < 4; ++i) book(i + 1, i);
  const Reply full = wait(9);
  EXPECT_EQ(full.code(), "booking.slot_full");
  EXPECT_EQ(full.text("outcome"), outcome_slot_full);
  check_invariants();
}

TEST_P(waitlist, the_oldest_that_fits_is_served_and_the_larger_wish_keeps_its_place) {
  const auto holds = hold_all();
  const std::int64_t large = wait(10, 2).id(), small = wait(11).id(), last = wait(12).id();
  EXPECT_EQ(wait_get(12, last).text("position"), "3");
  EXPECT_EQ(wait(10).code(), "booking.patient_has_open_hold");

  EXPECT_EQ(release(1, holds[0]).status, 204);
  EXPECT_EQ(status(10, large), "waiting");
  EXPECT_EQ(status(11, small), "offered");
  EXPECT_EQ(status(12, last), "waiting");
  EXPECT_EQ(wait_get(12, last).text("position"), "2");
  EXPECT_EQ(slots(), "hhhh");
  check_invariants();

  EXPECT_EQ(release(3, holds[2]).status, 204);  // one slot again: the next small one
  EXPECT_EQ(status(12, last), "offered");
  EXPECT_EQ(release(4, holds[3]).status, 204);  // now one stays free, and the large wish waits on
  EXPECT_EQ(slots(), "hhhf");
  EXPECT_EQ(status(10, large), "waiting");
  EXPECT_EQ(hold(13, 3).status, 201) << "no older wish could use it";
  release(13, node->get("/api/appointments", 13).body.at("items").at(0).at("id").as_int64());
  EXPECT_EQ(node->call(Method::del, "/api/waits/" + std::to_string(last), 12).status, 204);
  EXPECT_EQ(status(10, large), "offered") << "two in a row at last";
  EXPECT_EQ(slots(), "hhhh");
  EXPECT_EQ(node->capture(offer_of(10, large)), billing::Settlement::settled);
  EXPECT_EQ(status(10, large), "booked");
  EXPECT_EQ(slots(), "hhbb");
  check_invariants();
}

TEST_P(waitlist, nobody_overtakes_when_a_hold_lapses_unseen) {
  hold_all();
  const std::int64_t id = wait(10).id();
  clock.advance(seconds(305));
  EXPECT_EQ(hold(11, 0).code(), "booking.queue_first") << "the first freed slot is the waiter's";
  EXPECT_EQ(hold(11, 1).status, 201) << "the others are anybody's";
  advance(milliseconds(0));
  EXPECT_EQ(status(10, id), "offered");
  check_invariants();
}

// The desk may add a booking and alter nothing; what is due in its turn the product does by itself.
TEST_P(waitlist, a_booking_of_the_desk_ends_what_has_lapsed_and_hands_over) {
  hold_all();
  const std::int64_t id = wait(10).id();
  clock.advance(seconds(305));
  std::string body = hold_body(1);
  body.back() = ',';
  const Reply booked = node->call(Method::post, "/api/appointments", desk_a, body + R"("patient_id":11})");
  EXPECT_EQ(booked.status, 201) << booked.code();
  EXPECT_EQ(status(10, id), "offered");
  EXPECT_EQ(slots(), "hbff");
  check_invariants();
}

TEST_P(waitlist, an_offer_declined_or_lapsed_goes_on) {
  const auto holds = hold_all();
  const std::int64_t first = wait(10).id(), second = wait(11).id(), third = wait(12).id();
  release(1, holds[0]);
  ASSERT_EQ(status(10, first), "offered");
  EXPECT_EQ(node->call(Method::del, "/api/waits/" + std::to_string(first), 10).status, 204);
  EXPECT_EQ(status(10, first), "left");
  EXPECT_EQ(node->call(Method::del, "/api/waits/" + std::to_string(first), 10).code(), "booking.wait_ended");
  ASSERT_EQ(status(11, second), "offered");
  for (int i = 1; i < 4; ++i) node->capture(holds[static_cast<std::size_t>(i)]);
  EXPECT_EQ(status(12, third), "waiting");
  check_invariants();
  advance(seconds(305));
  EXPECT_EQ(status(11, second), "lapsed");
  EXPECT_TRUE(node->is_noticed(NoticeKind::lapsed, second));
  EXPECT_FALSE(node->is_noticed(NoticeKind::lapsed, first)) << "who leaves knows";
  EXPECT_EQ(wait_get(11, second).text("outcome"), outcome_retry);
  ASSERT_EQ(status(12, third), "offered");
  EXPECT_EQ(release(12, offer_of(12, third)).status, 204);  // the hold given back is the offer declined
  EXPECT_EQ(status(12, third), "left");
  EXPECT_EQ(slots(), "fbbb");
  EXPECT_EQ(hold(10, 0).status, 201);
  check_invariants();
}

TEST_P(waitlist, who_can_no_longer_be_served_is_told_at_once) {
  const auto holds = hold_all();
  const std::int64_t pair = wait(10, 2).id(), single = wait(11).id();
  node->capture(holds[1]);
  node->capture(holds[3]);
  EXPECT_EQ(status(10, pair), "unserved");
  EXPECT_TRUE(node->is_noticed(NoticeKind::unserved, pair));
  EXPECT_FALSE(node->is_noticed(NoticeKind::unserved, single));
  EXPECT_EQ(wait_get(10, pair).text("outcome"), outcome_slot_full);
  EXPECT_EQ(status(11, single), "waiting");
  node->capture(holds[0]);
  node->capture(holds[2]);
  EXPECT_EQ(status(11, single), "unserved");
  check_invariants();
}

TEST_P(waitlist, late_money_that_takes_the_last_hope_is_told_at_once) {
  book(1, 0), book(2, 1);
  const std::int64_t late = hold(3, 2).id();
  clock.advance(seconds(200));
  hold(4, 3);
  advance(seconds(110));  // the third slot is free again, the fourth held
  const std::int64_t pair = wait(10, 2).id();
  EXPECT_EQ(node->capture(late), billing::Settlement::settled);
  EXPECT_EQ(status(10, pair), "unserved");
  check_invariants();
}

TEST_P(waitlist, late_money_does_not_overtake_who_waits) {
  const auto holds = hold_all();
  const std::int64_t id = wait(10).id();
  clock.advance(seconds(305));
  EXPECT_EQ(node->capture(holds[0]), billing::Settlement::refund);
  EXPECT_EQ(status(10, id), "offered");
  check_invariants();
}

TEST_P(waitlist, the_wait_ends_when_its_time_is_over) {
  hold_all();
  const Reply hour = wait(9);
  EXPECT_EQ(*parse_rfc3339(hour.text("expires_at")) - *parse_rfc3339(hour.text("joined_at")), hours(1));

  node.reset();
  BookingOptions options;
  options.wait_ttl = seconds(60);
  node = std::make_unique<Node>(*engine, clock, options);
  const std::int64_t id = wait(10).id();
  advance(seconds(59));
  EXPECT_EQ(status(10, id), "waiting");
  EXPECT_EQ(wait_get(10, id).text("position"), "2");
  advance(seconds(1));
  EXPECT_EQ(status(10, id), "expired");
  EXPECT_TRUE(node->is_noticed(NoticeKind::expired, id));
  EXPECT_EQ(wait_get(10, id).text("outcome"), outcome_retry);
  EXPECT_EQ(status(9, hour.id()), "waiting");
  check_invariants();
}

TEST_P(waitlist, cancelled_and_added_hours_feed_the_queue) {
  const auto holds = hold_all();
  node->capture(holds[0]);
  const std::int64_t first = wait(10).id(), second = wait(11).id(), third = wait(12).id();
  EXPECT_EQ(cancel(1, holds[0]).text("status"), "cancelled");
  EXPECT_EQ(status(10, first), "offered");
  const Reply extra =
      node->call(Method::post, "/api/doctor/slots", doctor_login,
                 R"({"hospital_id":1,"on":"2026-11-30","starts":"18:00","ends":"18:15","slot_minutes":15})");
  ASSERT_EQ(extra.status, 201) << extra.body;
  EXPECT_EQ(status(11, second), "offered");
  EXPECT_EQ(status(12, third), "waiting");
  node->capture(holds[1]);
  const Reply moved = node->call(Method::put, "/api/appointments/" + std::to_string(holds[1]), 2,
                                 R"({"starts_at":")" + slot(1, 1) + "\"}");
  ASSERT_EQ(moved.status, 200) << moved.body;
  EXPECT_EQ(status(12, third), "offered") << "the slot that was moved away from";
}

TEST_P(waitlist, leave_taken_back_feeds_the_queue_and_leave_ends_hope) {
  hold_all();
  const std::int64_t id = wait(10).id();
  const Reply leave = node->call(Method::post, "/api/doctors/1/exceptions", doctor_login,
                                 R"({"kind":"leave","on":"2026-11-30","starts":"09:00","ends":"10:00"})");
  ASSERT_EQ(leave.status, 201);
  EXPECT_EQ(status(10, id), "unserved");
  check_invariants();
}

TEST_P(waitlist, a_closed_practice_offers_nothing) {
  const auto holds = hold_all();
  const std::int64_t id = wait(10).id();
  engine->write_now([](Txn& txn) { return txn.exec(practice_close_query, std::int64_t{1}) > 0; });
  EXPECT_EQ(release(1, holds[0]).status, 204);
  EXPECT_EQ(status(10, id), "unserved");
  EXPECT_EQ(hold(11, 0).code(), "booking.doctor_not_bookable");
  EXPECT_EQ(node->capture(holds[1]), billing::Settlement::settled) << "a hold made before stands";
}

TEST_P(waitlist, an_offer_that_costs_nothing_can_be_taken) {
  std::vector<std::int64_t> holds;
  for (int i = 0; i < 4; ++i) holds.push_back(hold(i + 1, i, 1, 2).id());
  const std::int64_t id = wait(10, 1, 2).id();
  release(1, holds[0]);
  EXPECT_EQ(pay(10, offer_of(10, id)).status, 202);
  EXPECT_EQ(status(10, id), "booked");
}

TEST_P(waitlist, the_ledger_tells_every_step_to_staff_of_the_hospital) {
  const auto holds = hold_all();
  const std::int64_t large = wait(10, 2).id();
  wait(11);
  release(1, holds[0]);
  node->call(Method::del, "/api/waits/" + std::to_string(large), 10);
  const std::string target = "/api/doctors/1/queue/ledger";
  std::string kinds, cursor;
  for (int page = 0; page < 10; ++page) {
    const Reply reply = node->get(target + "?limit=1" + cursor, desk_a);
    ASSERT_EQ(reply.status, 200);
    for (const auto& item : reply.body.at("items").as_array()) kinds += std::string(item.at("kind").as_string()) + " ";
    if (reply.text("next").empty()) break;
    cursor = "&cursor=" + reply.text("next");
  }
  EXPECT_EQ(kinds, "joined joined offered left ");
  EXPECT_EQ(node->get(target, desk_b).code(), "booking.schedule_not_found");
  EXPECT_EQ(node->get(target, 1).status, 403);
  EXPECT_EQ(wait_get(desk_a, large).status, 404) << "a wait at no hospital in particular is the patient's";
  EXPECT_EQ(wait_get(12, large).status, 404);
}

}  // namespace fairward::booking::testing
