// Idempotency keys: see idempotency.h.
#include "platform/api/idempotency.h"

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

std::string request_fingerprint(const http::Request& request) {
  return crypto::hex(crypto::bytes_of(crypto::sha256(request.target + "\n" + request.body)));
}

Result<std::optional<Reply>> idempotency_claim(Txn& txn, Exchange& exchange) {
  Call& call = exchange.call;
  const std::int64_t taken = txn.exec(sql_queries::idempotency_insert, call.caller.user, exchange.route->name,
                                      call.idempotency_key, exchange.fingerprint, call.now);
  if (taken == 1) return std::optional<Reply>();
  const auto kept =
      txn.one<Kept>(sql_queries::idempotency_find, call.caller.user, exchange.route->name, call.idempotency_key);
  if (!kept) throw sql::Error(sql::Error::Kind::busy_retry, "an idempotency key went while it was read");
  if (kept->fingerprint != exchange.fingerprint) return fail(idempotency_key_reused);
  call.headers = headers_parse(kept->headers);
  exchange.is_replayed = true;
  return Reply{static_cast<int>(kept->status), kept->body, {}, {}};
}

void idempotency_keep(Txn& txn, const Exchange& exchange, const Reply& reply) {
  txn.exec(sql_queries::idempotency_reply, exchange.call.caller.user, exchange.route->name,
           exchange.call.idempotency_key, reply.status, headers_text(reply_headers(exchange, reply)), reply.body);
}

void idempotency_prune(Txn& txn, Instant before) { txn.exec(sql_queries::idempotency_prune, before); }

}  // namespace fairward::api
