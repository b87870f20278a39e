// Credentials in headers. The input is header lines "name: value"; a line without a colon is a cookie header.
#include "fuzz.h"
#include "modules/identity/cookies.h"

namespace fairward::fuzz {
namespace {

http::Request request_of(std::string_view text) {
  http::Request request{http::Method::post, "/", {{"host", "fairward.example"}}, "", "127.0.0.1"};
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) request.headers.emplace_back("cookie", line);
    else request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return request;
}

// A browser may send one header or several (RFC 9113 8.2.3): both say the same.
http::Request with_split_cookies(const http::Request& request) {
  http::Request split = request;
  split.headers.clear();
  for (const auto& [name, value] : request.headers) {
    std::string_view rest = value;
    for (std::size_t end; name == "cookie" && (end = rest.find(';')) != std::string_view::npos;) {
      split.headers.emplace_back(name, rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    split.headers.emplace_back(name, rest);
  }
  return split;
}

http::Request reversed(const http::Request& request) {
  http::Request other = request;
  other.headers.assign(request.headers.rbegin(), request.headers.rend());
  return other;
}

void check_credential(const http::Request& request, bool is_secure) {
  const auto credential = identity::credential_of(request, is_secure);
  if (const auto* cookie = std::get_if<identity::CookieToken>(&credential)) {
    demand(!cookie->text.empty() && cookie->text.size() <= 128, "a token of a size that no session has");
    demand(cookie->text.find(';') == std::string_view::npos, "a token over the end of its cookie");
    demand(request.header("authorization").empty(), "a cookie went before Authorization");
  }
  if (const auto* bearer = std::get_if<identity::BearerToken>(&credential))
    demand(!bearer->text.empty() && bearer->text.find_first_of(" \t,") == std::string_view::npos, "a broken token");
}

}  // namespace

void run(std::string_view input) {
  const auto request = request_of(input);
  for (const bool is_secure : {false, true}) {
    check_credential(request, is_secure);
    const auto name = identity::session_cookie_name(is_secure);
    const auto value = identity::cookie_value(request, name);
    demand(value == identity::cookie_value(with_split_cookies(request), name), "split it reads otherwise");
    demand(value == identity::cookie_value(reversed(request), name), "the order decides");
  }
  constexpr std::string_view secret = "a token that nobody was given";
  const auto provenance = identity::provenance_of(request);
  demand(provenance.is_needed, "a POST that needs no provenance");
  demand(!identity::provenance_holds(provenance, secret) || provenance.csrf_token == secret,
         "a foreign request may go on");
}

}  // namespace fairward::fuzz
