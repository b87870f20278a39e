// Small texts encrypted at rest, and the HMAC that authenticator apps use.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "base/check.h"
#include "platform/crypto/crypto.h"
#include "platform/crypto/sodium_ready.h"

namespace fairward::crypto {
namespace {

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string hmac_sha1(std::string_view key, std::string_view message) {
  std::string digest(20, '\0');
  unsigned size = 0;
  FAIRWARD_CHECK(HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), bytes(message), message.size(),
                      reinterpret_cast<unsigned char*>(digest.data()), &size) != nullptr &&
                 size == digest.size());
  return digest;
}

std::string box_seal(std::string_view key, std::string_view place, std::string_view plain, Entropy& entropy) {
  sodium_ready();
  FAIRWARD_CHECK(key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(sealed.data());
  entropy.fill({out, nonce_bytes});
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + nonce_bytes, nullptr, bytes(plain), plain.size(), bytes(place),
                                             place.size(), nullptr, out, bytes(key));
  return base64url(sealed);
}

std::optional<std::string> box_open(std::string_view key, std::string_view place, std::string_view text) {
  sodium_ready();
  FAIRWARD_CHECK(key.size() == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  const auto sealed = base64url_decode(text);
  if (!sealed || sealed->size() < nonce_bytes + tag_bytes) return std::nullopt;
  std::string plain(sealed->size() - nonce_bytes - tag_bytes, '\0');
  const int refused = crypto_aead_xchacha20poly1305_ietf_decrypt(
      reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, bytes(*sealed) + nonce_bytes,
      sealed->size() - nonce_bytes, bytes(place), place.size(), bytes(*sealed), bytes(key));
  return refused == 0 ? std::optional(std::move(plain)) : std::nullopt;
}

}  // namespace fairward::crypto
