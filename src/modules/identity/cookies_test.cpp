// What counts as a credential, and which requests by cookie come from our own pages.
#include "modules/identity/cookies.h"

#include <gtest/gtest.h>

namespace fairward::identity {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

http::Request request(http::Method method, Headers headers) {
  http::Request request;
  request.method = method;
  request.headers = std::move(headers);
  return request;
}

std::string credential_text(const Headers& headers, bool is_secure = false) {
  const http::Request asked = request(http::Method::get, headers);
  const Credential credential = credential_of(asked, is_secure);
  if (const auto* bearer = std::get_if<BearerToken>(&credential)) return "bearer " + std::string(bearer->text);
  if (const auto* cookie = std::get_if<CookieToken>(&credential)) return "cookie " + std::string(cookie->text);
  return std::holds_alternative<BadCredentials>(credential) ? "bad" : "none";
}

TEST(credential_of, finds_the_one_credential) {
  const std::pair<Headers, std::string> table[] = {
      {{}, "none"},
      {{{"authorization", "Bearer abc"}}, "bearer abc"},
      {{{"authorization", "bearer  abc"}}, "bearer abc"},
      {{{"authorization", "Basic abc"}}, "bad"},
      {{{"authorization", "Bearer"}}, "bad"},
      {{{"authorization", "Bearer "}}, "bad"},
      {{{"authorization", ""}}, "bad"},
      {{{"authorization", "Bearer a b"}}, "bad"},
      {{{"authorization", "Bearer a,b"}}, "bad"},
      {{{"authorization", "Bearer a"}, {"authorization", "Bearer a"}}, "bad"},
      {{{"cookie", "fw_session=abc"}}, "cookie abc"},
      {{{"cookie", "a=b; fw_session=abc; c=d"}}, "cookie abc"},
      {{{"cookie", "a=b"}, {"cookie", "fw_session=abc"}}, "cookie abc"},
      {{{"cookie", "fw_session=abc; fw_session=abc"}}, "cookie abc"},
      {{{"cookie", "fw_session=abc; fw_session=xyz"}}, "bad"},
      {{{"cookie", "fw_session="}}, "bad"},
      {{{"cookie", "fw_session=" + std::string(129, 'a')}}, "bad"},
      {{{"cookie", "fw_session"}}, "none"},
      {{{"cookie", "fw_session2=abc"}}, "none"},
      {{{"cookie", "xfw_session=abc"}}, "none"},
      {{{"cookie", "__Host-fw_session=abc"}}, "none"},
      {{{"cookie", ";;; ;"}}, "none"},
      {{{"authorization", "Bearer abc"}, {"cookie", "fw_session=xyz"}}, "bearer abc"},
  };
  for (const auto& [headers, expected] : table)
    EXPECT_EQ(credential_text(headers), expected) << (headers.empty() ? "" : headers[0].second);
  EXPECT_EQ(credential_text({{"cookie", "fw_session=abc"}}, true), "none");
  EXPECT_EQ(credential_text({{"cookie", "__Host-fw_session=abc"}}, true), "cookie abc");
}

TEST(provenance_holds, wants_the_token_and_the_own_site_for_what_changes_something) {
  using enum http::Method;
  const std::pair<std::string, std::string> host{"host", "clinic.example:8080"}, token{"x-csrf-token", "secret"};
  const struct {
    const char* name;
    http::Method method;
    Headers headers;
    bool holds;
  } table[] = {
      {"reading needs nothing", get, {host}, true},
      {"reading from elsewhere", get, {host, {"origin", "https://evil.example"}}, true},
      {"head", head, {host}, true},
      {"token", post, {host, token}, true},
      {"no token", post, {host}, false},
      {"wrong token", post, {host, {"x-csrf-token", "secreT"}}, false},
      {"empty token", post, {host, {"x-csrf-token", ""}}, false},
      {"put", put, {host}, false},
      {"delete", del, {host}, false},
      {"patch", patch, {host}, false},
      {"an unknown method", other, {host}, false},
      {"own origin", post, {host, token, {"origin", "http://clinic.example:8080"}}, true},
      {"own origin in capitals", post, {host, token, {"origin", "http://CLINIC.example:8080"}}, true},
      {"another port", post, {host, token, {"origin", "http://clinic.example:9090"}}, false},
      {"another host", post, {host, token, {"origin", "https://evil.example"}}, false},
      {"a host that begins alike", post, {host, token, {"origin", "http://clinic.example:8080.evil.example"}}, false},
      {"origin null", post, {host, token, {"origin", "null"}}, false},
      {"origin empty", post, {host, token, {"origin", ""}}, false},
      {"two origins",
       post,
       {host, token, {"origin", "http://clinic.example:8080"}, {"origin", "http://clinic.example:8080"}},
       false},
      {"same-origin", post, {host, token, {"sec-fetch-site", "same-origin"}}, true},
      {"none", post, {host, token, {"sec-fetch-site", "none"}}, true},
      {"cross-site", post, {host, token, {"sec-fetch-site", "cross-site"}}, false},
      {"cross-site with own origin",
       post,
       {host, token, {"origin", "http://clinic.example:8080"}, {"sec-fetch-site", "cross-site"}},
       false},
  };
  for (const auto& line : table)
    EXPECT_EQ(provenance_holds(provenance_of(request(line.method, line.headers)), "secret"), line.holds) << line.name;
}

TEST(session_cookie, is_hidden_from_scripts_and_bound_to_the_host_behind_tls) {
  EXPECT_EQ(session_cookie("abc", hours(1), false), "fw_session=abc; Path=/; Max-Age=3600; SameSite=Lax; HttpOnly");
  EXPECT_EQ(session_cookie("abc", hours(1), true),
            "__Host-fw_session=abc; Path=/; Max-Age=3600; SameSite=Lax; HttpOnly; Secure");
  EXPECT_EQ(csrf_cookie("abc", hours(1), true), "fw_csrf=abc; Path=/; Max-Age=3600; SameSite=Lax; Secure");
  EXPECT_EQ(session_cookie_cleared(false), "fw_session=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly");
}

}  // namespace
}  // namespace fairward::identity
