// Credentials in request headers, the cookies of a browser session, and whether a request comes from our own pages.
// Pure functions of headers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "platform/http/http.h"

namespace fairward::identity {

struct NoCredentials {};
struct BearerToken {
  std::string_view text;
};
struct CookieToken {
  std::string_view text;
};
struct ApiKeyToken {
  std::string_view text;
};
constexpr std::string_view api_key_prefix = "fw_live_";
struct BadCredentials {};  // there is something, and it cannot be right
using Credential = std::variant<NoCredentials, BearerToken, CookieToken, ApiKeyToken, BadCredentials>;

// __Host- pins the cookie to this host, path and TLS (RFC 6265bis); browsers refuse it without Secure.
std::string_view session_cookie_name(bool is_secure);
constexpr std::string_view csrf_cookie_name = "fw_csrf";

// What the request presents. Authorization goes before cookies: no page can send it for somebody else. An API key
// comes as bearer token, in X-Api-Key, or as api_dev_key of the search that document C describes.
Credential credential_of(const http::Request& request, bool is_secure);
// The value of a cookie; nullopt when it is absent. Two different values are none: one of them was planted.
std::optional<std::string_view> cookie_value(const http::Request& request, std::string_view name);

// Values of Set-Cookie.
std::string session_cookie(std::string_view token, Duration max_age, bool is_secure);  // HttpOnly
std::string csrf_cookie(std::string_view token, Duration max_age, bool is_secure);     // readable by our pages
std::string session_cookie_cleared(bool is_secure);
std::string csrf_cookie_cleared(bool is_secure);

// What a request by cookie says of where it comes from; owns its text, as the answer may come later.
struct Provenance {
  bool is_needed = false;   // the method changes something
  bool is_own_site = true;  // by Origin and Sec-Fetch-Site, where the browser sent them
  std::string csrf_token;   // X-CSRF-Token
};
Provenance provenance_of(const http::Request& request);
// May it go on? The token is compared in constant time.
bool provenance_holds(const Provenance& provenance, std::string_view csrf_expected);

}  // namespace fairward::identity
