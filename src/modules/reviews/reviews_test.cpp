// Reviews through the dispatcher, with booking's tables and the directory's ratings, on every engine.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <charconv>
#include <future>

#include "modules/directory/directory.h"
#include "modules/reviews/reviews.h"
#include "platform/api/dispatcher.h"
#include "platform/sql/testing.h"

namespace fairward::reviews {
namespace {

using http::Method;

// Doctor 1 at hospital 1; visits of patient 1: 11 fulfilled, 12 booked, 13 fulfilled; 14 is patient 2's.
// These are numbers with the doctor: an id says whose it is, doctor * 2^26 + number.
constexpr const char* world_text = R"(
INSERT INTO directory_city (id, name, name_key) VALUES (1, 'C', 'c');
INSERT INTO directory_speciality (id, name, name_key) VALUES (1, 'S', 's');
INSERT INTO directory_hospital (id, city_id, name, name_key, time_zone, source, source_key) VALUES
  (1, 1, 'A', 'a', 'Asia/Kolkata', 'test', '1'), (2, 1, 'B', 'b', 'Asia/Kolkata', 'test', '2');
INSERT INTO directory_doctor (id, given_name, full_name, speciality_id, status) VALUES
  (1, 'D', 'Dr D', 1, 'active'), (2, 'E', 'Dr E', 1, 'active');
INSERT INTO directory_practice (doctor_id, hospital_id, fee_minor, currency) VALUES (1, 1, 0, 'INR'), (2, 2, 0, 'INR');
INSERT INTO booking_schedule (doctor_id, minimum_notice_minutes, max_booking_days, version) VALUES (1, 0, 60, 1);
INSERT INTO booking_doctor_queue (doctor_id, next_ticket, waiting, schedule_version) VALUES (1, 1, 0, 1);
INSERT INTO identity_user (id, role, status, name, name_key, hospital_id, doctor_id, created_at, changed_at) VALUES
  (1, 'patient', 'active', 'Asha Devi Rao', 'asha devi rao', 0, 0, 0, 0),
  (2, 'patient', 'active', 'Ravi', 'ravi', 0, 0, 0, 0);
INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at,
  slots, fee_minor, currency, created_at, version) VALUES
  (67108875, 1, 1, 1, 1, 'web', 'fulfilled', 300000, 600000, 1, 0, 'INR', 0, 1),
  (67108876, 1, 1, 1, 1, 'web', 'booked', 600000, 900000, 1, 0, 'INR', 0, 1),
  (67108877, 1, 1, 1, 1, 'web', 'fulfilled', 900000, 1200000, 1, 0, 'INR', 0, 1),
  (67108878, 1, 1, 2, 2, 'web', 'fulfilled', 1200000, 1500000, 1, 0, 'INR', 0, 1);
)";
constexpr std::int64_t visit_id(std::int64_t number) { return (1LL << 26) + number; }
constexpr int nobody = 0, asha = 1, ravi = 2, admin_a = 102, admin_b = 103, root = 104;

// The user's id is all the proof it wants.
class Trusting final : public api::Authenticator {
 public:
  void authenticate(const http::Request& request, Instant,
                    std::move_only_function<void(Result<api::Caller>)> answer) override {
    const std::string_view text = request.header("user");
    int id = nobody;
    std::from_chars(text.data(), text.data() + text.size(), id);
    answer(caller_of(id));
  }

 private:
  static api::Caller caller_of(int id) {
    const UserId user{id};
    if (id == nobody) return {};
    if (id == admin_a) return {api::Role::hospital_admin, user, HospitalId{1}, {}};
    if (id == admin_b) return {api::Role::hospital_admin, user, HospitalId{2}, {}};
    return {id == root ? api::Role::platform_admin : api::Role::patient, user, {}, {}};
  }
};

struct Reply {
  int status = 0;
  boost::json::value body;
  std::string code() const { return std::string(body.as_object().at("code").as_string()); }
  const boost::json::value& at(const char* member) const { return body.as_object().at(member); }
};

class ReviewsTest : public ::testing::TestWithParam<sql::testing::Kind> {
 protected:
  ReviewsTest() : database(GetParam()) {
    database.execute(world_text);
    engine = database.open(clock);
    directory = directory::make_directory(*engine, clock);
    engine->read_now([&](Snapshot& db) { directory->load(db); });
    module = make_reviews(*directory);
    directory->routes(routes);
    module->routes(routes);
    api::DispatcherOptions limits;
    limits.per_address = limits.per_user = {};  // no limits
    dispatcher =
        std::make_unique<api::Dispatcher>(routes, *engine, clock, *entropy, authenticator, *hub, *metrics, limits);
  }
  ~ReviewsTest() override {
    dispatcher->stop();
    engine->stop();
  }

  Reply call(Method method, std::string target, int user, std::string body = "") {
    std::promise<Reply> promise;
    std::vector<std::pair<std::string, std::string>> headers;
    if (user != nobody) headers.emplace_back("user", std::to_string(user));
    if (!body.empty()) headers.emplace_back("content-type", "application/json");
    dispatcher->handle(
        {method, std::move(target), std::move(headers), std::move(body), "10.0.0.1"}, [&](http::Response&& response) {
          const auto text = response.static_body.empty() ? std::string_view(response.body) : response.static_body;
          boost::system::error_code error;
          promise.set_value({response.status, boost::json::parse({text.data(), text.size()}, error)});
        });
    return promise.get_future().get();
  }
  Reply review(int user, int appointment, int rating, const std::string& more = "", int doctor = 1) {
    return call(Method::post, "/api/doctors/" + std::to_string(doctor) + "/reviews", user,
                R"({"appointment_id":)" + std::to_string(visit_id(appointment)) + R"(,"rating":)" +
                    std::to_string(rating) + more + "}");
  }
  std::int64_t reviewed(int user, int appointment, int rating) {
    const auto reply = review(user, appointment, rating, R"(,"text":"Kind.")");
    EXPECT_EQ(reply.status, 201) << reply.body;
    return reply.at("id").as_int64();
  }
  Reply change(int user, std::int64_t id, const std::string& body) {
    return call(Method::put, "/api/reviews/" + std::to_string(id), user, body);
  }
  Reply hide(int user, std::int64_t id, bool is_hidden) {
    return call(Method::put, "/api/reviews/" + std::to_string(id) + "/hidden", user,
                is_hidden ? R"({"hidden":true,"reason":"names a person"})" : R"({"hidden":false})");
  }
  boost::json::array shown(const std::string& query = "") {
    const auto reply = call(Method::get, "/api/doctors/1/reviews" + query, nobody);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return reply.at("items").as_array();
  }
  // Rating and reviews as everybody sees them: in the profile and in the search.
  std::pair<double, std::int64_t> rating() {
    const auto profile = call(Method::get, "/api/doctors/1", nobody);
    const auto search = call(Method::get, "/api/doctors?keyword=d&sort=rating", nobody);
    EXPECT_EQ(search.at("items").as_array().at(0).at("reviews"), profile.at("reviews"));
    return {profile.at("rating").to_number<double>(), profile.at("reviews").as_int64()};
  }

  sql::testing::Database database;
  ManualClock clock{*parse_rfc3339("2026-11-30T03:00:00Z")};
  std::unique_ptr<Entropy> entropy = make_seeded_entropy(1);
  std::shared_ptr<api::Hub> hub = api::make_hub();
  std::unique_ptr<metrics::Metrics> metrics = metrics::make_metrics();
  Trusting authenticator;
  std::unique_ptr<sql::Engine> engine;
  std::unique_ptr<directory::Directory> directory;
  std::unique_ptr<Reviews> module;
  api::Routes routes;
  std::unique_ptr<api::Dispatcher> dispatcher;
};
INSTANTIATE_TEST_SUITE_P(engines, ReviewsTest, ::testing::ValuesIn(sql::testing::all_kinds),
                         sql::testing::kind_name_of);

TEST_P(ReviewsTest, are_by_the_patient_of_a_finished_visit_once) {
  EXPECT_EQ(review(nobody, 11, 5).status, 401);
  EXPECT_EQ(review(admin_a, 11, 5).status, 403);
  EXPECT_EQ(review(asha, 99, 5).code(), "reviews.visit_not_found");
  EXPECT_EQ(review(asha, 14, 5).code(), "reviews.visit_not_found");
  EXPECT_EQ(review(asha, 11, 5, "", 2).code(), "reviews.visit_not_found");
  EXPECT_EQ(review(asha, 12, 5).code(), "reviews.visit_not_finished");
  EXPECT_EQ(review(asha, 11, 6).status, 422);
  EXPECT_EQ(review(asha, 11, 0).status, 422);
  EXPECT_EQ(review(asha, 11, 5, R"(,"text":")" + std::string(2001, 'x') + "\"").status, 422);
  EXPECT_EQ(rating(), std::pair(0.0, std::int64_t{0}));
  reviewed(asha, 11, 4);
  EXPECT_EQ(review(asha, 11, 5).code(), "reviews.review_exists");
  EXPECT_EQ(rating(), std::pair(4.0, std::int64_t{1}));
}

TEST_P(ReviewsTest, show_first_names_newest_first_page_by_page) {
  reviewed(asha, 11, 5), reviewed(ravi, 14, 4), reviewed(asha, 13, 3);
  const auto all = shown();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].at("rating").as_int64(), 3);
  EXPECT_EQ(all[0].at("author").as_string(), "Asha R.");
  EXPECT_EQ(all[1].at("author").as_string(), "Ravi");
  EXPECT_FALSE(all[0].as_object().contains("appointment_id"));
  const auto first = call(Method::get, "/api/doctors/1/reviews?limit=2", nobody);
  EXPECT_EQ(first.at("items").as_array().size(), 2u);
  const auto rest = shown("?limit=2&cursor=" + std::string(first.at("next").as_string()));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].at("rating").as_int64(), 5);
  EXPECT_EQ(call(Method::get, "/api/doctors/1/reviews?cursor=x", nobody).status, 422);
  EXPECT_EQ(call(Method::get, "/api/doctors/77/reviews", nobody).code(), "reviews.doctor_not_found");
  EXPECT_EQ(rating(), std::pair(4.0, std::int64_t{3}));
  const auto& stars = first.at("stars").as_object();
  const char* const words[] = {"one", "two", "three", "four", "five"};
  const std::int64_t counts[] = {0, 0, 1, 1, 1};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(stars.at(words[i]).as_int64(), counts[i]) << words[i];
  EXPECT_FALSE(call(Method::get, "/api/doctors/1/reviews?cursor=2", nobody).body.as_object().contains("stars"));
}

TEST_P(ReviewsTest, are_known_by_their_visit) {
  const auto of = [&](std::int64_t visit) {
    std::optional<std::int64_t> id;
    engine->read_now([&](Snapshot& db) { id = review_of(db, AppointmentId{visit_id(visit)}); });
    return id;
  };
  const auto id = reviewed(asha, 11, 5);
  EXPECT_EQ(of(11), id);
  EXPECT_EQ(of(13), std::nullopt);
}

TEST_P(ReviewsTest, are_changed_by_their_author_only) {
  const auto id = reviewed(asha, 11, 2);
  EXPECT_EQ(change(ravi, id, R"({"rating":5})").code(), "reviews.review_not_found");
  EXPECT_EQ(change(asha, id, R"({"rating":5,"text":""})").status, 200);
  EXPECT_EQ(rating(), std::pair(5.0, std::int64_t{1}));
  EXPECT_FALSE(shown()[0].as_object().contains("text"));
  EXPECT_EQ(call(Method::get, "/api/reviews/" + std::to_string(id), ravi).status, 404);
  EXPECT_EQ(call(Method::get, "/api/reviews/" + std::to_string(id), asha).at("version").as_int64(), 2);
  EXPECT_EQ(call(Method::get, "/api/reviews", asha).at("items").as_array().size(), 1u);
  EXPECT_EQ(call(Method::get, "/api/reviews", ravi).at("items").as_array().size(), 0u);
}

TEST_P(ReviewsTest, are_hidden_by_the_hospital_and_then_count_for_nothing) {
  const auto id = reviewed(asha, 11, 1);
  reviewed(ravi, 14, 5);
  EXPECT_EQ(hide(asha, id, true).status, 403);
  EXPECT_EQ(hide(admin_b, id, true).code(), "reviews.review_not_found");
  for (int twice = 0; twice < 2; ++twice) {
    EXPECT_EQ(hide(admin_a, id, true).status, 200);
    EXPECT_EQ(rating(), std::pair(5.0, std::int64_t{1}));
  }
  const auto stars = call(Method::get, "/api/doctors/1/reviews", nobody).at("stars");
  EXPECT_EQ(stars.at("one").as_int64(), 0);
  EXPECT_EQ(stars.at("five").as_int64(), 1);
  EXPECT_EQ(shown().size(), 1u);
  EXPECT_EQ(change(asha, id, R"({"rating":3})").at("hidden").as_bool(), true);
  EXPECT_EQ(rating(), std::pair(5.0, std::int64_t{1}));
  EXPECT_EQ(call(Method::get, "/api/reviews", admin_a).at("items").as_array().size(), 2u);
  EXPECT_EQ(call(Method::get, "/api/reviews", admin_b).at("items").as_array().size(), 0u);
  EXPECT_EQ(call(Method::get, "/api/reviews", root).code(), "reviews.list_invalid");
  EXPECT_EQ(call(Method::get, "/api/reviews?hospital_id=1", root).at("items").as_array().size(), 2u);
  EXPECT_EQ(hide(root, id, false).status, 200);
  EXPECT_EQ(rating(), std::pair(4.0, std::int64_t{2}));
}

}  // namespace
}  // namespace fairward::reviews
