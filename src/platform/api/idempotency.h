// The same POST with the same Idempotency-Key happens once. The key is taken and the reply kept in the transaction of
// the work itself: either all of it is stored or nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/api/exchange.h"

namespace fairward::api {

// 1 … 255 visible ASCII characters.
bool idempotency_key_is_good(std::string_view key);

// What makes two requests the same: target and body.
std::string request_fingerprint(const http::Request& request);

// Takes the key of the exchange for this request, and answers nullopt: do the work, then idempotency_keep.
// Otherwise the reply of the first request, whose headers are put into the call. Errors: idempotency_key_reused.
Result<std::optional<Reply>> idempotency_claim(Txn& txn, Exchange& exchange);
void idempotency_keep(Txn& txn, const Exchange& exchange, const Reply& reply);

// Forgets the keys taken before that instant.
void idempotency_prune(Txn& txn, Instant before);

}  // namespace fairward::api
