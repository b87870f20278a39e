// Hashes, signatures and encodings, each behind one function that cannot be used wrongly. libsodium and libcrypt stay
// behind this header. Not for TLS (platform/http) and not for who may do what (modules/identity).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "platform/clock/clock.h"

namespace fairward::crypto {

// ---- digests ----

using Digest = std::array<std::uint8_t, 32>;
Digest sha256(std::string_view bytes);                               // FIPS 180-4
Digest hmac_sha256(std::string_view key, std::string_view message);  // RFC 2104, any key length

std::string hmac_sha1(std::string_view key, std::string_view message);  // 20 bytes; for authenticator apps only

// The bytes of a digest as text, to be encoded or compared.
inline std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Equal, in a time that depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b);

// ---- small texts encrypted at rest: XChaCha20-Poly1305, base64url ----

// key: 32 bytes. `place` says what is sealed; it opens only under the same.
std::string box_seal(std::string_view key, std::string_view place, std::string_view plain, Entropy& entropy);
std::optional<std::string> box_open(std::string_view key, std::string_view place, std::string_view text);

// ---- encodings; decoding is strict: one text for one value, no blanks, no stray bits ----

std::string hex(std::string_view bytes);     // lower case
std::string base64(std::string_view bytes);  // RFC 4648 §4, padded
std::optional<std::string> base64_decode(std::string_view text);
std::string base64url(std::string_view bytes);  // RFC 4648 §5, without padding
std::optional<std::string> base64url_decode(std::string_view text);

// ---- passwords ----

// OWASP Password Storage Cheat Sheet: argon2id, m = 19456 KiB, t = 2, p = 1. The same for everyone.
constexpr std::uint64_t argon2id_memory_kib = 19'456;
constexpr std::uint64_t argon2id_passes = 2;
// Above this an imported "$5$rounds=…" hash is not tried: the scheme allows 999,999,999 rounds, minutes of work.
constexpr std::int64_t sha256_crypt_rounds_max = 1'000'000;

// A PHC string "$argon2id$v=19$m=19456,t=2,p=1$salt$hash". Takes about 20 ms and 19 MiB: never inside a transaction.
std::string password_hash(std::string_view password, Entropy& entropy);
// Verifies argon2id and imported sha256_crypt ("$5$") hashes; false for anything else. As slow as hashing.
bool password_verify(const std::string& hash, std::string_view password);
// True when the hash is of another scheme or of other parameters than password_hash makes: upgrade it at login.
bool password_hash_is_outdated(const std::string& hash);

// ---- Ed25519 (RFC 8032) ----

class SigningKey {
 public:
  // nullopt unless the seed has 32 bytes.
  static std::optional<SigningKey> from_seed(std::string_view seed);
  ~SigningKey();
  SigningKey(const SigningKey&) = default;
  SigningKey& operator=(const SigningKey&) = default;

  std::string sign(std::string_view message) const;  // 64 bytes
  std::string public_key() const;                    // 32 bytes

 private:
  SigningKey() = default;
  std::array<std::uint8_t, 64> secret_{};
};

// False for a wrong signature and for keys or signatures of a wrong length.
bool ed25519_verify(std::string_view public_key, std::string_view message, std::string_view signature);

// ---- Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over "id.timestamp.body" ----

constexpr Duration webhook_tolerance = minutes(5);
constexpr std::size_t webhook_secret_bytes_min = 24;

struct WebhookHeaders {
  std::string id;         // webhook-id
  std::string timestamp;  // webhook-timestamp: seconds since 1970
  std::string signature;  // webhook-signature: "v1,<base64>", several separated by blanks while a secret rotates
};

class WebhookSecret {
 public:
  // "whsec_<base64>" or the base64 alone; nullopt when it is not that or has less than 24 bytes.
  static std::optional<WebhookSecret> parse(std::string_view text);
  // The headers to send with the body.
  WebhookHeaders sign(std::string_view id, Instant at, std::string_view body) const;
  // True when one of the signatures fits and the timestamp is within five minutes of now, on either side.
  bool verify(const WebhookHeaders& headers, std::string_view body, Instant now) const;

 private:
  WebhookSecret() = default;
  std::string signature(std::string_view id, std::string_view timestamp, std::string_view body) const;
  std::string key_;
};

}  // namespace fairward::crypto
