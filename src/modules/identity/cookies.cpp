#include "modules/identity/cookies.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

constexpr std::size_t session_token_bytes_max = 128;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool equal_ignoring_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// RFC 6750: "Bearer", blanks, one token.
Credential bearer_of(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size() || !equal_ignoring_case(authorization.substr(0, scheme.size()), scheme))
    return BadCredentials{};
  const std::string_view token = trimmed(authorization.substr(scheme.size()));
  if (token.empty() || token.find_first_of(" \t,") != std::string_view::npos) return BadCredentials{};
  if (token.starts_with(api_key_prefix)) return ApiKeyToken{token};
  return BearerToken{token};
}

std::size_t count_of(const http::Request& request, std::string_view name) {
  return static_cast<std::size_t>(
      std::ranges::count(request.headers, name, [](const auto& h) -> std::string_view { return h.first; }));
}

// "https://host:port" → "host:port". "null" and anything without a scheme have none.
std::string_view origin_host(std::string_view origin) {
  const std::size_t mark = origin.find("://");
  return mark == std::string_view::npos ? std::string_view() : origin.substr(mark + 3);
}

bool is_own_site(const http::Request& request) {
  if (request.header("sec-fetch-site") == "cross-site") return false;
  if (count_of(request, "origin") == 0) return true;
  const std::string_view host = origin_host(request.header("origin"));
  return count_of(request, "origin") == 1 && !host.empty() && equal_ignoring_case(host, request.header("host"));
}

std::string cookie_text(std::string_view name, std::string_view value, std::int64_t max_age_seconds, bool is_secure,
                        bool is_http_only) {
  return fmt::format("{}={}; Path=/; Max-Age={}; SameSite=Lax{}{}", name, value, max_age_seconds,
                     is_http_only ? "; HttpOnly" : "", is_secure ? "; Secure" : "");
}

// The value of api_dev_key of GET /api/doctors/search; keys need no decoding.
std::string_view developer_key(std::string_view target) {
  constexpr std::string_view search = "/api/doctors/search?", name = "api_dev_key=";
  if (!target.starts_with(search)) return {};
  target.remove_prefix(search.size());
  while (!target.empty()) {
    const std::string_view pair = target.substr(0, target.find('&'));
    if (pair.starts_with(name)) return pair.substr(name.size());
    target.remove_prefix(std::min(target.size(), pair.size() + 1));
  }
  return {};
}

}  // namespace

std::string_view session_cookie_name(bool is_secure) { return is_secure ? "__Host-fw_session" : "fw_session"; }

std::optional<std::string_view> cookie_value(const http::Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [header, value] : request.headers) {
    if (header != "cookie") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (pair.size() <= name.size() || !pair.starts_with(name) || pair[name.size()] != '=') continue;
      const std::string_view text = pair.substr(name.size() + 1);
      if (found && *found != text) return std::string_view();
      found = text;
    }
  }
  return found;
}

Credential credential_of(const http::Request& request, bool is_secure) {
  const std::size_t authorizations = count_of(request, "authorization");
  if (authorizations > 1) return BadCredentials{};
  if (authorizations == 1) return bearer_of(request.header("authorization"));
  const std::size_t keys = count_of(request, "x-api-key");
  if (keys > 1) return BadCredentials{};
  if (keys == 1) return ApiKeyToken{request.header("x-api-key")};
  if (const std::string_view key = developer_key(request.target); !key.empty()) return ApiKeyToken{key};
  const auto cookie = cookie_value(request, session_cookie_name(is_secure));
  if (!cookie) return NoCredentials{};
  if (cookie->empty() || cookie->size() > session_token_bytes_max) return BadCredentials{};
  return CookieToken{*cookie};
}

std::string session_cookie(std::string_view token, Duration max_age, bool is_secure) {
  return cookie_text(session_cookie_name(is_secure), token, max_age.ms / 1000, is_secure, true);
}
std::string csrf_cookie(std::string_view token, Duration max_age, bool is_secure) {
  return cookie_text(csrf_cookie_name, token, max_age.ms / 1000, is_secure, false);
}
std::string session_cookie_cleared(bool is_secure) {
  return cookie_text(session_cookie_name(is_secure), "", 0, is_secure, true);
}
std::string csrf_cookie_cleared(bool is_secure) { return cookie_text(csrf_cookie_name, "", 0, is_secure, false); }

Provenance provenance_of(const http::Request& request) {
  const bool is_safe = request.method == http::Method::get || request.method == http::Method::head ||
                       request.method == http::Method::options;
  if (is_safe) return {};
  return {true, is_own_site(request), std::string(request.header("x-csrf-token"))};
}

bool provenance_holds(const Provenance& provenance, std::string_view csrf_expected) {
  if (!provenance.is_needed) return true;
  return provenance.is_own_site && crypto::equal_constant_time(provenance.csrf_token, csrf_expected);
}

}  // namespace fairward::identity
