// Replies: see response.h.
#include "platform/api/response.h"

#include <algorithm>

#include "base/text.h"
#include "platform/api/compress.h"
#include "platform/crypto/crypto.h"

namespace fairward::api {
namespace {

constexpr std::size_t etag_hash_bytes = 12;

// What could end the angle brackets of a Link header.
std::string link_safe(std::string_view path) {
  std::string safe;
  for (const char c : path) {
    if (c == '<' || c == '>' || c == '"' || c == '\\') safe += http::url_encode(std::string_view(&c, 1));
    else safe += c;
  }
  return safe;
}

// The same request for the page that follows.
std::string next_link(const Exchange& exchange, const std::string& cursor) {
  std::string link = "<" + link_safe(path_of(exchange.request.target)) + "?";
  for (const auto& [name, value] : exchange.parts.query)
    if (name != "cursor") link += http::url_encode(name) + "=" + http::url_encode(value) + "&";
  return link + "cursor=" + http::url_encode(cursor) + ">; rel=\"next\"";
}

void cache_headers(const Exchange& exchange, http::Response& response) {
  for (const auto& [name, value] : response.headers)
    if (ascii_equal_ignoring_case(name, "Cache-Control")) return;
  const bool is_public = exchange.route && exchange.route->is_public && response.status < 400;
  response.headers.emplace_back("Cache-Control", is_public ? "no-cache" : "no-store");
}

void compress(const Exchange& exchange, http::Response& response) {
  if (response.status == 304) {
    response.headers.emplace_back("Vary", "Accept-Encoding");
    return;
  }
  if (response.stream || (response.body.size() < gzip_bytes_min && !exchange.is_compressed)) return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!exchange.is_compressed) {
    if (!accepts_gzip(exchange.request.header("accept-encoding"))) return;
    std::string small = gzip(response.body);
    if (small.empty()) return;
    response.body = std::move(small);
  }
  response.headers.emplace_back("Content-Encoding", "gzip");
}

}  // namespace

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string_view query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

std::string body_tag(std::string_view body) {
  const crypto::Digest digest = crypto::sha256(body);
  return "\"" + crypto::base64url(crypto::bytes_of(digest).substr(0, etag_hash_bytes)) + "\"";
}

std::string etag_of(const Exchange& exchange, const Reply& reply) {
  if (exchange.call.etag_version) return "\"" + std::to_string(*exchange.call.etag_version) + "\"";
  if (!exchange.etag.empty()) return exchange.etag;
  const RouteData& route = *exchange.route;
  const bool is_tagged = route.is_long_poll || (route.is_public && !route.memo && reply.status == 200);
  return is_tagged ? body_tag(reply.body) : "";
}

bool etag_matches(std::string_view if_none_match, std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.empty()) return false;
  while (!if_none_match.empty()) {
    std::string_view tag = if_none_match.substr(0, if_none_match.find(','));
    if_none_match.remove_prefix(std::min(if_none_match.size(), tag.size() + 1));
    tag = trimmed(tag);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag || tag == "*") return true;
  }
  return false;
}

Headers reply_headers(const Exchange& exchange, const Reply& reply) {
  Headers headers = exchange.call.headers;
  if (!reply.location.empty()) headers.emplace_back("Location", reply.location);
  if (const std::string etag = etag_of(exchange, reply); !etag.empty())
    headers.emplace_back("ETag", (exchange.call.etag_version ? "" : "W/") + etag);
  if (reply.next) headers.emplace_back("Link", next_link(exchange, *reply.next));
  return headers;
}

http::Response reply_response(const Exchange& exchange, Reply&& reply) {
  http::Response response;
  response.headers = exchange.is_replayed ? exchange.call.headers : reply_headers(exchange, reply);
  if (exchange.is_replayed) response.headers.emplace_back("Idempotency-Replayed", "true");
  const auto tag = std::ranges::find(response.headers, "ETag", &Headers::value_type::first);
  if (exchange.route->method == http::Method::get && tag != response.headers.end() &&
      etag_matches(exchange.request.header("if-none-match"), tag->second)) {
    response.status = 304;
    return response;
  }
  response.status = reply.status;
  response.body = std::move(reply.body);
  const bool is_told = std::any_of(response.headers.begin(), response.headers.end(),
                                   [](const auto& header) { return header.first == "Content-Type"; });
  if (response.status != 204 && !is_told) response.headers.emplace_back("Content-Type", exchange.route->media_type);
  return response;
}

void response_finish(const Exchange& exchange, http::Response& response) {
  cache_headers(exchange, response);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("X-Request-Id", exchange.call.request_id);
  // Trace Context, level 2: the span in which the request was answered, for those who sent theirs.
  if (!exchange.request.header("traceparent").empty())
    response.headers.emplace_back("traceresponse", traceparent_text(exchange.call.trace));
  compress(exchange, response);
}

}  // namespace fairward::api
