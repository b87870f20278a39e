// Access tokens: JSON Web Tokens signed with Ed25519 (RFC 7519, RFC 8037), and the key set that proves them.
// Only exactly what `mint` writes is accepted; other programs verify with the key set and any JWT library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "modules/identity/store.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {

struct AccessClaims {
  UserId user;  // sub
  api::Role role = api::Role::anyone;
  HospitalId hospital;            // hid, 0 = none
  DoctorId doctor;                // did, 0 = none
  SessionId session;              // sid
  Instant issued_at, expires_at;  // iat, exp: whole seconds
  friend bool operator==(const AccessClaims&, const AccessClaims&) = default;
};

constexpr std::string_view token_issuer = "fairward";
constexpr std::size_t token_bytes_max = 1024;

class AccessTokens {
 public:
  // The first key signs; all of them verify, so that a key can be replaced: new one first, old one for one access_ttl.
  explicit AccessTokens(std::vector<crypto::SigningKey> keys);
  std::string mint(const AccessClaims& claims) const;
  // Errors, in this order: token_invalid, token_expired.
  Result<AccessClaims> verify(std::string_view token, Instant now) const;
  // RFC 7517: {"keys":[{"kty":"OKP","crv":"Ed25519","x":…,"kid":…,"use":"sig","alg":"EdDSA"}]}
  std::string key_set() const;

 private:
  struct Key {
    crypto::SigningKey signing;
    std::string public_key, id;  // id: the thumbprint of RFC 7638
    std::string header;          // the first segment of every token of this key, encoded, with its dot
  };
  static Key make_key(const crypto::SigningKey& signing);
  const Key* key_of(std::string_view token) const;
  std::vector<Key> keys_;
};

}  // namespace fairward::identity
