// Holds, payments and appointments by contract, on every engine: what is refused, in which order, and what is freed.
#include <thread>

#include "modules/booking/fixture_test.h"

namespace fairward::booking::testing {

class turn : public BookingTest {};
INSTANTIATE_TEST_SUITE_P(engines, turn, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(turn, a_hold_is_refused_for_the_first_reason_that_applies) {
  hold_all();
  struct Case {
    int user;
    std::string body;
    std::string code;
  };
  const auto with = [](const std::string& members) { return R"({"starts_at":")" + slot(0) + "\"," + members + "}"; };
  const auto at = [](const std::string& when) { return R"({"doctor_id":1,"starts_at":")" + when + "\"}"; };
  const Case cases[] = {
      {desk_a, with(R"("doctor_id":4)"), "booking.patient_missing"},
      {7, with(R"("doctor_id":4,"patient_id":8)"), "booking.patient_not_found"},
      {desk_a, with(R"("doctor_id":4,"patient_id":102)"), "booking.patient_not_found"},
      {7, with(R"("doctor_id":4)"), "booking.doctor_not_bookable"},
      {7, with(R"("doctor_id":999)"), "booking.doctor_not_bookable"},
      {7, at("1900-01-01T00:00:00Z"), "booking.slot_not_bookable"},
      {7, at("9999-12-31T23:55:00Z"), "booking.slot_not_bookable"},
      {7, at("2026-11-30T01:30:00Z"), "booking.slot_not_bookable"},  // past
      {7, at("2026-11-30T03:35:00Z"), "booking.slot_not_bookable"},  // between two slots
      {7, hold_body(3, 2), "booking.slot_not_bookable"},             // runs over the end of the shift
      {7, with(R"("doctor_id":1,"hospital_id":2)"), "booking.slot_not_bookable"},
      {desk_b, with(R"("doctor_id":1,"patient_id":7)"), "booking.hospital_foreign"},
      {7, hold_body(0), "booking.all_held"},
      {1, hold_body(0), "booking.all_held"},  // before the patient's own hold is looked at
      {1, R"({"doctor_id":1,"starts_at":")" + slot(0, 1) + "\"}", "booking.patient_has_open_hold"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(node->call(Method::post, "/api/holds", c.user, c.body).code(), c.code) << c.user << ' ' << c.body;
  check_invariants();
}

TEST_P(turn, a_taken_slot_beside_a_free_one_is_told_apart_from_a_day_all_held) {
  hold(1, 0);
  const Reply held = hold(5, 0);
  EXPECT_EQ(held.code(), "booking.slot_taken");
  EXPECT_EQ(held.text("outcome"), outcome_retry);
  book(2, 1);
  EXPECT_EQ(hold(5, 1).text("outcome"), outcome_slot_full);
  const Reply instead = node->call(Method::post, "/api/appointments", 1, hold_body(2));
  EXPECT_EQ(instead.code(), "booking.patient_has_open_hold");
  EXPECT_TRUE(instead.text("hold").starts_with("/api/holds/"));
  const Reply own = hold(1, 2);
  EXPECT_EQ(own.code(), "booking.patient_has_open_hold");
  EXPECT_TRUE(own.text("hold").starts_with("/api/holds/"));
}

TEST_P(turn, several_slots_cost_as_much_more_and_are_freed_together) {
  const Reply held = hold(1, 1, 3);
  ASSERT_EQ(held.status, 201);
  EXPECT_EQ(held.body.at("price").at("amount_minor").as_int64(), 150'000);
  EXPECT_EQ(held.text("ends_at"), slot(4));
  EXPECT_EQ(slots(), "fhhh");
  EXPECT_EQ(release(1, held.id()).status, 204);
  EXPECT_EQ(release(1, held.id()).code(), "booking.hold_ended");
  EXPECT_EQ(slots(), "ffff");
  check_invariants();
}

TEST_P(turn, of_fifty_who_want_one_slot_exactly_one_gets_it) {
  std::vector<std::future<Reply>> replies(50);
  std::vector<std::thread> racers;
  for (int i = 0; i < 50; ++i)
    racers.emplace_back(
        [&, i] { replies[static_cast<std::size_t>(i)] = node->send(Method::post, "/api/holds", i + 1, hold_body(2)); });
  for (auto& racer : racers) racer.join();
  int winners = 0;
  for (auto& reply : replies) {
    const Reply ended = reply.get();
    winners += ended.status == 201;
    if (ended.status != 201) EXPECT_EQ(ended.code(), "booking.slot_taken");
  }
  EXPECT_EQ(winners, 1);
  EXPECT_EQ(slots(), "ffhf");
  check_invariants();
}

TEST_P(turn, one_patient_who_races_over_two_doctors_gets_one_hold) {
  for (int round = 1; round <= 10; ++round) {
    auto first = node->send(Method::post, "/api/holds", round, hold_body(round % 4, 1, 1));
    auto second = node->send(Method::post, "/api/holds", round, hold_body(round % 4, 1, 3));
    const Reply a = first.get(), b = second.get();
    EXPECT_EQ((a.status == 201) + (b.status == 201), 1) << a.body << b.body;
    EXPECT_EQ(release(round, a.status == 201 ? a.id() : b.id()).status, 204);
  }
  check_invariants();
}

TEST_P(turn, a_retry_with_the_same_key_holds_once) {
  const std::vector<std::pair<std::string, std::string>> key{{"idempotency-key", "once"}};
  const Reply first = node->call(Method::post, "/api/holds", 1, hold_body(0), key);
  const Reply second = node->call(Method::post, "/api/holds", 1, hold_body(0), key);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(second.status, 201);
  EXPECT_EQ(first.id(), second.id());
  check_invariants();
}

TEST_P(turn, a_hold_lapses_five_seconds_after_what_the_client_is_told) {
  const std::int64_t id = hold(1, 0).id();
  advance(seconds(304));
  EXPECT_EQ(slots(), "hfff");
  EXPECT_EQ(pay(1, id).status, 202);
  advance(seconds(1));
  EXPECT_EQ(slots(), "ffff");
  EXPECT_EQ(appointment(id).text("status"), "expired");
  EXPECT_EQ(pay(1, id).code(), "booking.hold_ended");
  EXPECT_EQ(hold(1, 0).status, 201);  // the cap was given back
  check_invariants();
}

TEST_P(turn, who_comes_after_the_lapse_need_not_wait_for_the_sweep) {
  hold(1, 0);
  clock.advance(seconds(305));
  EXPECT_EQ(hold(2, 0).status, 201);
  hold(3, 2);
  clock.advance(seconds(305));
  EXPECT_EQ(hold(4, 1, 2).status, 201) << "the second of two lapsed";
  check_invariants();
}

TEST_P(turn, money_in_time_books) {
  const Reply held = hold(1, 0);
  EXPECT_EQ(pay(1, held.id()).status, 202);
  EXPECT_EQ(node->gateway.amounts[held.id()], 50'000);
  clock.advance(seconds(304));
  EXPECT_EQ(node->capture(held.id()), billing::Settlement::settled);
  const Reply booked = appointment(held.id(), 1);
  EXPECT_EQ(booked.text("status"), "booked");
  EXPECT_EQ(booked.text("outcome"), outcome_successful);
  EXPECT_EQ(slots(), "bfff");
  EXPECT_EQ(node->capture(held.id()), billing::Settlement::refund) << "the gateway said it twice";
  EXPECT_EQ(appointment(held.id(), 1).text("status"), "booked");
  check_invariants();
}

TEST_P(turn, late_money_books_what_is_still_free_and_goes_back_otherwise) {
  const std::int64_t swept = hold(1, 0).id(), unswept = hold(2, 1).id(), taken = hold(3, 2).id();
  advance(seconds(310));
  EXPECT_EQ(node->capture(swept), billing::Settlement::settled);
  EXPECT_EQ(hold(4, 2).status, 201);
  EXPECT_EQ(node->capture(taken), billing::Settlement::refund);
  EXPECT_EQ(node->capture(unswept), billing::Settlement::settled);
  EXPECT_EQ(appointment(taken).text("status"), "expired");
  EXPECT_EQ(slots(), "bbhf");
  check_invariants();
}

TEST_P(turn, late_money_goes_back_when_the_slot_began_or_was_given_up) {
  const std::int64_t released = hold(1, 0).id(), late = hold(2, 1).id();
  release(1, released);
  EXPECT_EQ(node->capture(released), billing::Settlement::refund);
  clock.set(*parse_rfc3339(slot(1)));
  EXPECT_EQ(node->capture(late), billing::Settlement::refund);
  EXPECT_EQ(appointment(late).text("status"), "expired");
  check_invariants();
}

TEST_P(turn, late_money_goes_back_when_the_doctor_took_leave) {
  const std::int64_t id = hold(1, 0).id();
  advance(seconds(310));
  ASSERT_EQ(node->call(Method::post, "/api/doctors/1/exceptions", doctor_login, R"({"kind":"leave","on":"2026-11-30"})")
                .status,
            201);
  EXPECT_EQ(node->capture(id), billing::Settlement::refund);
  check_invariants();
}

TEST_P(turn, what_costs_nothing_is_booked_without_a_payment) {
  const Reply held = hold(1, 0, 1, 2);
  ASSERT_EQ(held.status, 201);
  const Reply paid = pay(1, held.id());
  EXPECT_EQ(paid.status, 202) << paid.body;
  EXPECT_EQ(paid.text("status"), "settled");
  EXPECT_EQ(appointment(held.id(), 1).text("status"), "booked");
  const Reply at_once = node->call(Method::post, "/api/appointments", 2, hold_body(1, 1, 2));
  EXPECT_EQ(at_once.text("status"), "booked");
  EXPECT_TRUE(node->gateway.amounts.empty());
  EXPECT_EQ(slots_of(*node, 2), "bbff");
}

TEST_P(turn, a_patient_cancels_before_the_start_and_the_fee_goes_by_the_notice) {
  struct Case {
    int user;
    Duration before;
    bool is_refunded;
  };
  const Case cases[] = {{1, hours(2), true}, {1, hours(2) - milliseconds(1), false}, {admin_a, minutes(1), true}};
  for (const Case& c : cases) {
    clock.set(*parse_rfc3339("2026-11-30T01:00:00Z"));
    node->gateway.refunded.clear();
    const std::int64_t id = book(1, 0);
    clock.set(*parse_rfc3339(slot(0)) - c.before);
    EXPECT_EQ(cancel(c.user, id).text("status"), "cancelled");
    EXPECT_EQ(node->gateway.refunded, c.is_refunded ? std::vector{id} : std::vector<std::int64_t>()) << c.before.ms;
    EXPECT_EQ(slots(), "ffff");
    EXPECT_EQ(cancel(c.user, id).code(), "booking.appointment_status");
  }
  const std::int64_t id = book(1, 0);
  clock.set(*parse_rfc3339(slot(0)));
  EXPECT_EQ(cancel(1, id).code(), "booking.appointment_too_late");
  EXPECT_EQ(cancel(2, id).code(), "booking.appointment_not_found");
  EXPECT_EQ(cancel(admin_b, id).code(), "booking.appointment_not_found");
  check_invariants();
}

TEST_P(turn, rescheduling_keeps_the_old_slot_until_the_new_one_is_taken) {
  const std::int64_t id = book(1, 0, 2);
  hold(2, 3);
  const auto move = [&](const std::string& when, int user = 1) {
    return node->call(Method::put, "/api/appointments/" + std::to_string(id), user, R"({"starts_at":")" + when + "\"}");
  };
  EXPECT_EQ(move(slot(2)).code(), "booking.slot_taken");
  EXPECT_EQ(slots(), "bbfh");
  EXPECT_EQ(move(slot(3)).code(), "booking.slot_not_bookable");
  EXPECT_EQ(move(slot(1), 2).code(), "booking.appointment_not_found");
  const Reply moved = move(slot(1));  // one cell of its own is no obstacle
  EXPECT_EQ(moved.status, 200) << moved.body;
  EXPECT_EQ(moved.text("starts_at"), slot(1));
  EXPECT_EQ(slots(), "fbbh");
  clock.advance(seconds(305));
  EXPECT_EQ(move(slot(2)).status, 200) << "the hold in the way lapsed a moment ago";
  EXPECT_EQ(slots(), "ffbb");
  check_invariants();
}

TEST_P(turn, both_changes_at_once_or_none_are_refused) {
  const std::string target = "/api/appointments/" + std::to_string(book(1, 0));
  for (const std::string& body : {std::string("{}"), R"({"status":"cancelled","starts_at":")" + slot(1) + "\"}"}) {
    const Reply reply = node->call(Method::put, target, 1, body);
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.code(), "booking.appointment_change_ambiguous");
  }
}

TEST_P(turn, staff_books_at_once_at_its_own_hospital_only) {
  const std::string body = R"({"doctor_id":1,"patient_id":9,"starts_at":")" + slot(0) + "\"}";
  EXPECT_EQ(node->call(Method::post, "/api/appointments", desk_b, body).code(), "booking.hospital_foreign");
  const Reply logged = node->call(Method::post, "/api/appointments", desk_a, body);
  EXPECT_EQ(logged.text("status"), "booked");
  EXPECT_EQ(logged.text("channel"), "staff");
  EXPECT_EQ(appointment(logged.id(), desk_b).status, 404);
  EXPECT_EQ(appointment(logged.id(), desk_a).status, 200);
  EXPECT_EQ(node->call(Method::put, "/api/appointments/" + std::to_string(logged.id()), desk_a, "{}").status, 403);
}

TEST_P(turn, the_tag_changes_with_everything_that_is_seen) {
  const std::int64_t id = hold(1, 0).id();
  const std::string target = "/api/holds/" + std::to_string(id);
  const auto tag = [&] { return node->get(target, 1).headers["ETag"]; };
  const std::string held = tag();
  EXPECT_FALSE(held.empty());
  EXPECT_EQ(tag(), held);
  clock.advance(seconds(305));
  const std::string lapsed = tag();
  EXPECT_NE(lapsed, held);
  node->capture(id);
  EXPECT_NE(tag(), lapsed);
  EXPECT_EQ(appointment(id, 1).headers["ETag"], tag());
}

TEST_P(turn, lists_go_on_where_they_ended) {
  for (int i = 0; i < 4; ++i) {
    const auto id = book(i + 1, i);
    if (i == 1) cancel(2, id);
  }
  for (const auto& [user, filter, count] : {std::tuple{desk_a, "&status=booked", 3},
                                            {desk_a, "", 4},
                                            {desk_b, "", 0},
                                            {doctor_login, "", 4},
                                            {3, "", 1},
                                            {desk_a, "&patient_id=3", 1},
                                            {desk_b, "&patient_id=3", 0},
                                            {root, "&doctor_id=1", 4},
                                            {desk_a, "&from=2026-11-30&to=2026-11-30", 4},
                                            {desk_a, "&from=9999-12-31", 0}}) {
    int seen = 0;
    std::string cursor;
    for (int page = 0; page < 10; ++page) {
      const Reply reply = node->get(std::string("/api/appointments?limit=1") + filter + cursor, user);
      ASSERT_EQ(reply.status, 200) << reply.body;
      seen += static_cast<int>(reply.body.at("items").as_array().size());
      if (reply.text("next").empty()) break;
      cursor = "&cursor=" + reply.text("next");
    }
    EXPECT_EQ(seen, count) << user << filter;
  }
  EXPECT_EQ(node->get("/api/appointments?cursor=abc", 1).code(), "booking.range_invalid");
  EXPECT_EQ(node->get("/api/appointments?from=2026-12-02&to=2026-12-01", 1).code(), "booking.range_invalid");
}

TEST_P(turn, a_visit_goes_its_way) {
  const std::int64_t id = book(1, 0);
  const auto set = [&](int user, const char* status) {
    return node->call(Method::put, "/api/appointments/" + std::to_string(id), user,
                      std::string(R"({"status":")") + status + "\"}");
  };
  EXPECT_EQ(set(1, "completed").code(), "booking.appointment_status");
  EXPECT_EQ(set(doctor_login, "completed").code(), "booking.appointment_too_early");
  EXPECT_EQ(set(admin_a, "arrived").text("status"), "arrived");
  clock.set(*parse_rfc3339(slot(1)));
  EXPECT_EQ(set(doctor_login, "completed").text("status"), "fulfilled");
  EXPECT_EQ(set(doctor_login, "noshow").code(), "booking.appointment_status");
  EXPECT_EQ(stored_slots(), "bfff");
}

}  // namespace fairward::booking::testing
