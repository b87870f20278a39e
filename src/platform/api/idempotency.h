// The same POST with the same Idempotency-Key happens once. Its reply is kept in the transaction of the work itself:
// either all of it is stored or nothing.
//
// A key that is new, as nearly all are, costs one statement: the reply is inserted after the work. Who finds the key
// taken then undoes its work and runs again, this time looking first. A node remembers the keys that it has seen, and
// looks first for those at once.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/api/exchange.h"

namespace fairward::api {

// 1 … 255 visible ASCII characters.
bool idempotency_key_is_good(std::string_view key);

// Puts the key of a request into its exchange, with what makes two requests the same: route, target and body.
void idempotency_note(Exchange& exchange, std::string_view key);

// Which keys this node has seen of late. May forget some; never claims to have forgotten one that it has not. A hint:
// other nodes see keys, too, and a node that starts has seen none.
class RecentKeys {
 public:
  // Remembers the key; true when it was remembered already.
  bool note(const Exchange& exchange);

 private:
  static constexpr std::size_t places = std::size_t{1} << 18;
  std::unique_ptr<std::array<std::atomic<std::uint32_t>, places>> seen_ =
      std::make_unique<std::array<std::atomic<std::uint32_t>, places>>();
};

// The reply that is kept for the key, whose headers are put into the call; nullopt when there is none. The transaction
// must be committed before the reply is told: a crashed primary may show a commit that no standby has, and then tells
// nobody of it.
// Errors: idempotency_key_reused.
Result<std::optional<Reply>> idempotency_find(Txn& txn, Exchange& exchange);
// False when a reply is kept for the key already: then nothing of this call may be.
bool idempotency_keep(Txn& txn, const Exchange& exchange, const Reply& reply);

// Forgets the keys taken before that instant.
void idempotency_prune(Txn& txn, Instant before);

}  // namespace fairward::api
