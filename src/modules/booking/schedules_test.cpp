// Schedules and slots by contract, on every engine: who may plan what, and what the change does to memory.
#include "modules/booking/api.h"
#include "modules/booking/fixture_test.h"

namespace fairward::booking::testing {

class schedules : public BookingTest {
 protected:
  Reply put(int user, int doctor, const std::string& body, const std::string& if_match) {
    return node->call(Method::put, "/api/doctors/" + std::to_string(doctor) + "/schedule", user, body,
                      {{"if-match", if_match}});
  }
  Reply get(int doctor, int user = nobody) {
    return node->get("/api/doctors/" + std::to_string(doctor) + "/schedule", user);
  }
  Reply leave(int user, int doctor, const std::string& more = "") {
    return node->call(Method::post, "/api/doctors/" + std::to_string(doctor) + "/exceptions", user,
                      R"({"kind":"leave","on":"2026-11-30","reason":"surgery")" + more + "}");
  }
  static std::string shift(int hospital, const char* starts, const char* ends) {
    return R"({"hospital_id":)" + std::to_string(hospital) + R"(,"weekdays":[1,2,3,4,5,6,7],"starts":")" + starts +
           R"(","ends":")" + ends + R"(","slot_minutes":15})";
  }
  static std::string shifts(const std::string& list) { return R"({"shifts":[)" + list + "]}"; }
};
INSTANTIATE_TEST_SUITE_P(engines, schedules, ::testing::ValuesIn(sql::testing::all_kinds), sql::testing::kind_name_of);

TEST_P(schedules, of_two_who_edit_one_version_the_second_is_told) {
  const std::string tag = get(1).headers["ETag"];
  const Reply first = put(doctor_login, 1, shifts(shift(1, "09:00", "09:30")), tag);
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(slots(), "ff");
  EXPECT_EQ(put(admin_a, 1, shifts(""), tag).code(), "booking.schedule_conflict");
  EXPECT_EQ(put(admin_a, 1, shifts(""), first.headers.at("ETag")).status, 200);
  EXPECT_EQ(slots(), "");
  EXPECT_EQ(node->call(Method::put, "/api/doctors/1/schedule", admin_a, shifts("")).status, 428);
}

TEST_P(schedules, slots_are_written_as_the_codec_would) {
  ASSERT_EQ(hold(2, 1).status, 201);
  const std::string text = boost::json::serialize(node->get("/api/doctors/1/slots", nobody).body);
  const auto list = api::decode<SlotList>(text);
  ASSERT_TRUE(list.has_value()) << text;
  EXPECT_EQ(std::count_if(list->items.begin(), list->items.end(), [](const Slot& s) { return s.frees_by.has_value(); }),
            1);
  std::string again;
  api::encode(again, *list);
  EXPECT_EQ(again, text);
}

TEST_P(schedules, a_doctor_without_hours_gets_some) {
  EXPECT_EQ(node->get("/api/doctors/4/slots", nobody).code(), "booking.schedule_not_found");
  EXPECT_EQ(put(root, 4, shifts(shift(1, "09:00", "10:00")), "\"1\"").code(), "booking.schedule_conflict");
  ASSERT_EQ(put(root, 4, shifts(shift(1, "09:00", "10:00")), "\"0\"").status, 200);
  EXPECT_EQ(slots_of(*node, 4), "ffff");
  EXPECT_EQ(put(root, 999, shifts(""), "\"0\"").code(), "booking.schedule_not_found");
}

TEST_P(schedules, every_finding_has_its_pointer) {
  const Reply reply = put(
      root, 1, shifts(shift(2, "09:02", "09:00") + "," + shift(1, "10:00", "12:00") + "," + shift(1, "11:00", "13:00")),
      get(1).headers["ETag"]);
  EXPECT_EQ(reply.code(), "booking.schedule_invalid");
  const std::string errors = reply.text("errors");
  for (const char* pointer : {"/shifts/0/hospital_id", "/shifts/0/ends", "/shifts/0/starts", "/shifts/2"})
    EXPECT_NE(errors.find(pointer), std::string::npos) << pointer << errors;
}

TEST_P(schedules, one_hospital_does_not_plan_for_another) {
  EXPECT_EQ(put(admin_b, 1, shifts(""), "\"1\"").code(), "booking.schedule_not_found");
  const std::string here = shift(1, "09:00", "10:00"), there = shift(2, "14:00", "15:00");
  EXPECT_EQ(put(admin_a, 3, shifts(here), "\"1\"").code(), "booking.schedule_invalid");
  EXPECT_EQ(put(admin_a, 3, shifts(here + "," + shift(2, "14:00", "16:00")), "\"1\"").code(),
            "booking.schedule_invalid");
  EXPECT_EQ(put(admin_a, 3, shifts(shift(1, "09:00", "09:30") + "," + there), "\"1\"").status, 200);
  EXPECT_EQ(leave(admin_a, 3, R"(,"hospital_id":2)").code(), "booking.schedule_invalid");

  const Reply own = leave(admin_a, 3);
  ASSERT_EQ(own.status, 201) << own.body;
  EXPECT_EQ(own.body.at("exceptions").at(0).at("hospital_id").as_int64(), 1) << "away here, not there";
}

TEST_P(schedules, an_exception_is_taken_back_by_who_may_plan_there) {
  const std::int64_t at_b = leave(admin_b, 3).body.at("exceptions").at(0).at("id").as_int64();
  const std::string target = "/api/doctors/3/exceptions/" + std::to_string(at_b);
  EXPECT_EQ(node->call(Method::del, target, admin_a).code(), "booking.exception_not_found");
  EXPECT_EQ(node->call(Method::del, target, admin_b).status, 204);
  EXPECT_EQ(node->call(Method::del, target, admin_b).code(), "booking.exception_not_found");
}

TEST_P(schedules, why_a_doctor_is_away_is_not_for_everybody) {
  ASSERT_EQ(leave(doctor_login, 1).status, 201);
  for (const int user : {nobody, 1, admin_b})
    EXPECT_EQ(boost::json::serialize(get(1, user).body).find("surgery"), std::string::npos) << user;
  for (const int user : {doctor_login, admin_a, desk_a, root})
    EXPECT_NE(boost::json::serialize(get(1, user).body).find("surgery"), std::string::npos) << user;
}

TEST_P(schedules, leave_takes_free_slots_and_keeps_what_is_booked) {
  const std::int64_t id = book(1, 1);
  const Reply away = leave(doctor_login, 1, R"(,"starts":"09:00","ends":"09:30")");
  ASSERT_EQ(away.status, 201);
  EXPECT_EQ(slots(), "ff");
  EXPECT_EQ(hold(2, 0).code(), "booking.slot_not_bookable");
  EXPECT_EQ(appointment(id).text("status"), "booked");
  const std::int64_t leave_id = away.body.at("exceptions").at(0).at("id").as_int64();
  EXPECT_EQ(node->call(Method::del, "/api/doctors/1/exceptions/" + std::to_string(leave_id), doctor_login).status, 204);
  EXPECT_EQ(slots(), "fbff");
  const std::string session =
      R"({"hospital_id":1,"on":"2026-11-30","starts":"09:30","ends":"11:00","slot_minutes":15})";
  EXPECT_EQ(node->call(Method::post, "/api/doctor/slots", doctor_login, session).code(), "booking.schedule_invalid");
}

TEST_P(schedules, windows_are_bounded) {
  const auto code = [&](const char* query) {
    return node->get(std::string("/api/doctors/1/slots") + query, nobody).code();
  };
  EXPECT_EQ(code("?from=2026-12-02&to=2026-12-01"), "booking.range_invalid");
  EXPECT_EQ(code("?from=2026-12-01&to=2027-01-01"), "booking.range_invalid");
  EXPECT_EQ(code("?from=2026-12-01&to=2026-12-31"), "");
  for (const char* query : {"?from=9999-12-31", "?from=1900-01-01", "?from=0001-01-01", "?hospital_id=2"}) {
    const Reply reply = node->get(std::string("/api/doctors/1/slots") + query, nobody);
    EXPECT_EQ(reply.status, 200) << query << reply.body;
    EXPECT_TRUE(reply.body.at("items").as_array().empty()) << query;
  }
  const Reply both = node->get("/api/doctors/3/slots?from=2026-11-30&to=2026-11-30", nobody);
  EXPECT_EQ(both.body.at("items").as_array().size(), 8U) << "two hospitals, two zones";
}

}  // namespace fairward::booking::testing
