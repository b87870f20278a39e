// The module behind the dispatcher: the JSON of the contract, cookies, rights; one thread, no socket.
#include <gtest/gtest.h>

#include <future>

#include "modules/identity/identity.h"
#include "platform/api/dispatcher.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

using http::Method;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr const char* password = "tangerine-boat";

class identity_routes : public ::testing::Test {
 protected:
  identity_routes() {
    sql::migrate_inline(*engine_);
    IdentityOptions options;
    options.signing_key = crypto::base64url(std::string(32, 'k'));
    identity_ = make_identity(*engine_, clock_, *entropy_, options);
    identity_->routes(routes_);
    api::DispatcherOptions dispatching;
    dispatching.prepare_threads = 0;
    dispatcher_ = std::make_unique<api::Dispatcher>(routes_, *engine_, clock_, *entropy_, *identity_, *hub_, *metrics_,
                                                    dispatching);
  }

  http::Response send(Method method, std::string target, std::string body = "", Headers headers = {}) {
    http::Request request;
    request.method = method;
    request.target = std::move(target);
    request.headers = std::move(headers);
    request.headers.emplace_back("host", "clinic.example");
    if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
    request.body = std::move(body);
    request.peer = "10.0.0.1";
    std::optional<http::Response> response;
    dispatcher_->handle(std::move(request), [&](http::Response&& answered) { response = std::move(answered); });
    if (!response) ADD_FAILURE() << "no reply";
    return response.value_or(http::Response{});
  }
  static std::string header(const http::Response& response, std::string_view name, std::string_view start = "") {
    for (const auto& [key, value] : response.headers)
      if (key == name && value.starts_with(start)) return value;
    return {};
  }
  // The text of a string member.
  static std::string member(const std::string& json, const std::string& name) {
    const std::string mark = "\"" + name + "\":\"";
    const std::size_t at = json.find(mark);
    if (at == std::string::npos) return {};
    const std::size_t start = at + mark.size();
    return json.substr(start, json.find('"', start) - start);
  }
  std::string access_token(const std::string& login) {
    const auto reply =
        send(Method::post, "/api/auth/login", R"({"login":")" + login + R"(","password":")" + password + "\"}");
    EXPECT_EQ(reply.status, 200) << reply.body;
    return member(reply.body, "access_token");
  }
  static Headers bearer(const std::string& token) { return {{"authorization", "Bearer " + token}}; }
  void add(api::Role role, const char* login, std::int64_t hospital) {
    ASSERT_TRUE(
        user_add(*engine_, {role, "Some Body", login, password, HospitalId{hospital}, {}}, clock_.now(), *entropy_));
  }

  ManualClock clock_{Instant{1'790'000'000'000}};
  std::unique_ptr<Entropy> entropy_ = make_seeded_entropy(3);
  std::unique_ptr<sql::Engine> engine_ = sql::open_sqlite_inline(":memory:", clock_);
  std::unique_ptr<api::Hub> hub_ = api::make_hub();
  std::unique_ptr<metrics::Metrics> metrics_ = metrics::make_metrics();
  api::Routes routes_;
  std::unique_ptr<Identity> identity_;
  std::unique_ptr<api::Dispatcher> dispatcher_;
};

TEST_F(identity_routes, signs_up_logs_in_refreshes_and_logs_out_by_token) {
  const std::string body = R"({"role":"patient","name":"Asha Rao","phone":"9876543210","password":"tangerine-boat"})";
  const auto created = send(Method::post, "/auth/register", body);
  ASSERT_EQ(created.status, 201) << created.body;
  EXPECT_TRUE(created.body.starts_with(R"({"user":{"id":1,"role":"patient","name":"Asha Rao","status":"active"})"))
      << created.body;
  EXPECT_EQ(header(created, "Cache-Control"), "no-store");
  EXPECT_EQ(send(Method::post, "/api/auth/register", body).status, 409);

  const auto login = send(Method::post, "/auth/login", R"({"login":"+919876543210","password":"tangerine-boat"})");
  ASSERT_EQ(login.status, 200) << login.body;
  const auto me = send(Method::get, "/api/me", "", bearer(member(login.body, "access_token")));
  EXPECT_EQ(me.status, 200);
  EXPECT_EQ(me.body, R"({"id":1,"role":"patient","name":"Asha Rao","status":"active"})");

  const auto refreshed =
      send(Method::post, "/api/auth/refresh", R"({"refresh_token":")" + member(login.body, "refresh_token") + "\"}",
           bearer("an.expired.one"));
  ASSERT_EQ(refreshed.status, 200) << refreshed.body;
  const auto token = bearer(member(refreshed.body, "access_token"));
  EXPECT_EQ(send(Method::post, "/api/auth/logout", "", token).status, 204);
  EXPECT_EQ(send(Method::get, "/api/me", "", token).status, 401);
  EXPECT_EQ(send(Method::get, "/api/me").status, 401);
}

TEST_F(identity_routes, a_bad_token_is_an_error_where_it_matters) {
  EXPECT_EQ(send(Method::get, "/api/me", "", bearer("nonsense")).status, 401);
  EXPECT_EQ(send(Method::get, "/api/session", "", bearer("nonsense")).status, 200);
  EXPECT_EQ(send(Method::get, "/api/me", "", {{"authorization", "Basic abc"}}).status, 401);
}

TEST_F(identity_routes, a_browser_logs_in_and_out_by_cookie) {
  const auto created =
      send(Method::post, "/api/session/register",
           R"({"role":"patient","name":"Asha Rao","email":"asha@example.org","password":"tangerine-boat"})");
  ASSERT_EQ(created.status, 201) << created.body;
  const std::string set = header(created, "Set-Cookie", "fw_session=");
  const std::string cookie = set.substr(0, set.find(';')), csrf = member(created.body, "csrf_token");
  EXPECT_NE(set.find("HttpOnly"), std::string::npos);
  EXPECT_TRUE(header(created, "Set-Cookie", "fw_csrf=").starts_with("fw_csrf=" + csrf + ";"));

  const auto session = send(Method::get, "/api/session", "", {{"cookie", cookie}});
  EXPECT_EQ(member(session.body, "csrf_token"), csrf);
  EXPECT_EQ(send(Method::del, "/api/session", "", {{"cookie", cookie}}).status, 403);
  EXPECT_EQ(send(Method::del, "/api/session", "",
                 {{"cookie", cookie}, {"x-csrf-token", csrf}, {"origin", "https://evil.example"}})
                .status,
            403);
  const auto ended = send(Method::del, "/api/session", "", {{"cookie", cookie}, {"x-csrf-token", csrf}});
  EXPECT_EQ(ended.status, 204);
  EXPECT_TRUE(header(ended, "Set-Cookie", "fw_session=").starts_with("fw_session=;"));
  EXPECT_EQ(send(Method::get, "/api/me", "", {{"cookie", cookie}}).status, 401);

  const auto anonymous = send(Method::get, "/api/session", "", {{"cookie", cookie}});
  EXPECT_EQ(anonymous.status, 200);
  EXPECT_EQ(anonymous.body, "{}");
  EXPECT_EQ(header(anonymous, "Set-Cookie", "fw_session="), "");
  EXPECT_EQ(send(Method::get, "/api/auth/jwks", "", {{"cookie", cookie}}).status, 200) << "open to anyone";
  const auto again = send(Method::post, "/api/session", R"({"login":"asha@example.org","password":"tangerine-boat"})",
                          {{"cookie", cookie}});
  EXPECT_EQ(again.status, 201) << again.body;
}

TEST_F(identity_routes, throttling_says_when_to_come_back) {
  const std::string body = R"({"login":"nobody.here","password":"wrong-password"})";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send(Method::post, "/api/auth/login", body).status, 401);
  const auto refused = send(Method::post, "/api/auth/login", body);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "Retry-After"), "6");
}

// Role × route, as the table of rights says: 0 stands for refused, anything else for let through.
TEST_F(identity_routes, let_in_whom_the_table_names) {
  add(api::Role::patient, "a.patient", 0);
  add(api::Role::doctor, "a.doctor", 3);
  add(api::Role::front_desk, "a.desk", 3);
  add(api::Role::ward_admin, "a.ward", 3);
  add(api::Role::hospital_admin, "an.admin", 3);
  add(api::Role::platform_admin, "a.root", 0);
  const std::vector<std::pair<std::string, std::string>> logins = {
      {"anyone", ""},           {"patient", "a.patient"},       {"doctor", "a.doctor"},      {"front_desk", "a.desk"},
      {"ward_admin", "a.ward"}, {"hospital_admin", "an.admin"}, {"platform_admin", "a.root"}};
  const struct {
    Method method;
    const char* target;
    const char* body;
    std::string_view may;
  } table[] = {
      {Method::get, "/api/me", "", ".xxxxxx"},
      {Method::post, "/api/patients", R"({"name":"Ravi"})", "...xxxx"},
      {Method::get, "/api/patients", "", "..xxxxx"},
      {Method::get, "/api/users", "", "...xxxx"},
      {Method::post, "/api/users", R"({"role":"nobody","name":"X","login":"x","password":"y"})", "......."},
      {Method::put, "/api/users/3/disabled", R"({"disabled":false})", ".....xx"},
      {Method::get, "/api/session", "", "xxxxxxx"},
      {Method::get, "/api/auth/jwks", "", "xxxxxxx"},
      {Method::get, "/api/patients/1", "", ".x....x"},
  };
  for (std::size_t i = 0; i < logins.size(); ++i) {
    const Headers headers = logins[i].second.empty() ? Headers{} : bearer(access_token(logins[i].second));
    for (const auto& line : table) {
      const auto reply = send(line.method, line.target, line.body, headers);
      EXPECT_EQ(reply.status / 100 == 2, line.may[i] == 'x')
          << logins[i].first << " " << line.target << " " << reply.status << reply.body;
    }
  }
}

TEST_F(identity_routes, answer_problems_with_fields) {
  const auto reply = send(Method::post, "/api/auth/register",
                          R"({"role":"hospital_admin","name":"X","phone":"9876543210","password":"tangerine-boat"})");
  EXPECT_EQ(reply.status, 422);
  EXPECT_NE(reply.body.find("identity.role_not_open"), std::string::npos) << reply.body;
  EXPECT_NE(reply.body.find("\"/role\""), std::string::npos);
  for (const char* body : {"", "{", "[]", "null", R"({"login":1,"password":"x"})", R"({"login":"x"})",
                           R"({"login":"x","password":"y","more":1})"}) {
    const int status = send(Method::post, "/api/auth/login", body).status;
    EXPECT_TRUE(status == 400 || status == 415 || status == 422) << body << status;
  }
}

}  // namespace
}  // namespace fairward::identity
