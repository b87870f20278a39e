// Idempotency keys: see idempotency.h.
#include "platform/api/idempotency.h"

#include <cstring>

#include "platform/api/response.h"
#include "platform/crypto/crypto.h"
#include "sql/api.h"

namespace fairward::api {
namespace {

constexpr std::size_t key_bytes_max = 255;

struct Kept {
  std::string fingerprint;
  std::int64_t status = 0;
  std::string headers, body;
};

// One header a line; a value with a line break is not kept, as it is not sent either.
std::string headers_text(const Headers& headers) {
  std::string text;
  for (const auto& [name, value] : headers)
    if (value.find_first_of("\r\n") == std::string::npos) text += name + ":" + value + "\n";
  return text;
}

Headers headers_parse(std::string_view text) {
  Headers headers;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    const std::size_t colon = line.find(':');
    headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  return headers;
}

}  // namespace

bool idempotency_key_is_good(std::string_view key) {
  const bool is_visible = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  return !key.empty() && key.size() <= key_bytes_max && is_visible;
}

void idempotency_note(Exchange& exchange, std::string_view key) {
  const http::Request& request = exchange.request;
  const crypto::Digest hash = crypto::sha256(exchange.route->name + "\n" + std::string(key));
  std::uint64_t bits;
  std::memcpy(&bits, hash.data(), sizeof bits);
  exchange.call.idempotency_key = key;
  exchange.key_hash = static_cast<std::int64_t>(bits >> 1);
  exchange.fingerprint = crypto::base64url(crypto::bytes_of(crypto::sha256(request.target + "\n" + request.body)));
}

bool RecentKeys::note(const Exchange& exchange) {
  const std::uint64_t mixed =
      (static_cast<std::uint64_t>(exchange.key_hash) ^ static_cast<std::uint64_t>(exchange.call.caller.user.value)) *
      0x9e3779b97f4a7c15;
  const auto tag = static_cast<std::uint32_t>(mixed) | 1;  // an empty place is 0
  return (*seen_)[mixed >> 32 & (places - 1)].exchange(tag, std::memory_order_relaxed) == tag;
}

Result<std::optional<Reply>> idempotency_find(Txn& txn, Exchange& exchange) {
  const auto kept = txn.one<Kept>(sql_queries::idempotency_find, exchange.call.caller.user, exchange.key_hash);
  if (!kept) return std::optional<Reply>();
  if (kept->fingerprint != exchange.fingerprint) return fail(idempotency_key_reused);
  exchange.call.headers = headers_parse(kept->headers);
  exchange.is_replayed = true;
  return Reply{static_cast<int>(kept->status), kept->body, {}, {}};
}

bool idempotency_keep(Txn& txn, const Exchange& exchange, const Reply& reply) {
  return txn.exec(sql_queries::idempotency_insert, exchange.call.caller.user, exchange.key_hash, exchange.fingerprint,
                  reply.status, headers_text(reply_headers(exchange, reply)), reply.body, exchange.call.now) == 1;
}

void idempotency_prune(Txn& txn, Instant before) {
  constexpr std::int64_t rows_at_once = 1000;
  while (txn.exec(sql_queries::idempotency_prune, before, rows_at_once) == rows_at_once) {}
}

}  // namespace fairward::api
