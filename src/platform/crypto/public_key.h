// Signatures that are verified with a public key which somebody else made, given by its numbers (big endian). OpenSSL
// stays behind this header. Ed25519 is in crypto.h.
#pragma once

#include <optional>
#include <string_view>

namespace fairward::crypto {

// ECDSA over P-256 with SHA-256; the signature is DER. False for a point that is not on the curve, too.
struct P256Key {
  std::string_view x, y;  // 32 bytes each
};
bool is_good(const P256Key& key);
bool es256_verify(const P256Key& key, std::string_view message, std::string_view signature);

// RSASSA-PKCS1-v1_5 with SHA-256, of 2048 to 4096 bits.
struct RsaKey {
  std::string_view modulus, exponent;
};
bool is_good(const RsaKey& key);
bool rs256_verify(const RsaKey& key, std::string_view message, std::string_view signature);

}  // namespace fairward::crypto
