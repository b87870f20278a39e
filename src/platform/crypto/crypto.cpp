// Digests, encodings, Ed25519 and Standard Webhooks over libsodium. Passwords: password.cpp.
#include "platform/crypto/crypto.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/check.h"
#include "platform/crypto/sodium_ready.h"

namespace fairward::crypto {
namespace {

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string encode(std::string_view bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), unsigned_bytes(bytes), bytes.size(), variant);
  text.pop_back();  // the encoder ends its text with a zero byte
  return text;
}

// libsodium takes some bytes above 0x7F for letters of the alphabet; they are none.
bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::optional<std::string> decode(std::string_view text, int variant) {
  if (!is_ascii(text)) return std::nullopt;
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  const int refused = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                        text.size(), nullptr, &size, &end, variant);
  if (refused != 0 || end != text.data() + text.size()) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

}  // namespace

void sodium_ready() {
  static const bool is_ready = sodium_init() >= 0;
  FAIRWARD_CHECK(is_ready);
}

// OpenSSL's, which uses the processor's instructions for it: each request needs a few. The algorithm is looked up once,
// and each thread keeps its state.
Digest sha256(std::string_view bytes) {
  using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  Digest digest;
  const bool is_done = context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
                       EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                       EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  FAIRWARD_CHECK(is_done);
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view message) {
  Digest digest;
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, unsigned_bytes(key), key.size());
  crypto_auth_hmacsha256_update(&state, unsigned_bytes(message), message.size());
  crypto_auth_hmacsha256_final(&state, digest.data());
  sodium_memzero(&state, sizeof state);
  return digest;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), unsigned_bytes(bytes), bytes.size());
  text.pop_back();
  return text;
}

std::string base64(std::string_view bytes) { return encode(bytes, sodium_base64_VARIANT_ORIGINAL); }
std::optional<std::string> base64_decode(std::string_view text) { return decode(text, sodium_base64_VARIANT_ORIGINAL); }
std::string base64url(std::string_view bytes) { return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING); }
std::optional<std::string> base64url_decode(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::optional<SigningKey> SigningKey::from_seed(std::string_view seed) {
  if (seed.size() != crypto_sign_SEEDBYTES) return std::nullopt;
  sodium_ready();
  SigningKey key;
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_key;
  static_assert(crypto_sign_SECRETKEYBYTES == 64);
  crypto_sign_seed_keypair(public_key.data(), key.secret_.data(), unsigned_bytes(seed));
  return key;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

std::string SigningKey::sign(std::string_view message) const {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, unsigned_bytes(message),
                       message.size(), secret_.data());
  return signature;
}

// The second half of libsodium's secret key is the public key.
std::string SigningKey::public_key() const { return {reinterpret_cast<const char*>(secret_.data()) + 32, 32}; }

bool ed25519_verify(std::string_view public_key, std::string_view message, std::string_view signature) {
  if (public_key.size() != crypto_sign_PUBLICKEYBYTES || signature.size() != crypto_sign_BYTES) return false;
  sodium_ready();
  return crypto_sign_verify_detached(unsigned_bytes(signature), unsigned_bytes(message), message.size(),
                                     unsigned_bytes(public_key)) == 0;
}

std::optional<WebhookSecret> WebhookSecret::parse(std::string_view text) {
  constexpr std::string_view prefix = "whsec_";
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  auto key = base64_decode(text);
  if (!key || key->size() < webhook_secret_bytes_min) return std::nullopt;
  std::optional<WebhookSecret> secret = WebhookSecret();
  secret->key_ = std::move(*key);
  return secret;
}

std::string WebhookSecret::signature(std::string_view id, std::string_view timestamp, std::string_view body) const {
  return "v1," + base64(bytes_of(hmac_sha256(key_, fmt::format("{}.{}.{}", id, timestamp, body))));
}

WebhookHeaders WebhookSecret::sign(std::string_view id, Instant at, std::string_view body) const {
  std::string timestamp = std::to_string(at.ms / 1000);
  std::string signed_text = signature(id, timestamp, body);
  return {std::string(id), std::move(timestamp), std::move(signed_text)};
}

bool WebhookSecret::verify(const WebhookHeaders& headers, std::string_view body, Instant now) const {
  std::int64_t at = 0;
  const char* end = headers.timestamp.data() + headers.timestamp.size();
  const auto [stop, error] = std::from_chars(headers.timestamp.data(), end, at);
  constexpr std::int64_t seconds_max = 253'402'300'799;  // the end of the year 9999: multiplying cannot overflow
  if (error != std::errc() || stop != end || at < 0 || at > seconds_max) return false;
  const Duration apart = Instant{at * 1000} - now;
  if (apart > webhook_tolerance || Duration{-apart.ms} > webhook_tolerance) return false;
  const std::string expected = signature(headers.id, headers.timestamp, body);
  bool fits = false;
  for (std::string_view rest = headers.signature; !rest.empty();) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    fits |= equal_constant_time(rest.substr(0, blank), expected);
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return fits;
}

}  // namespace fairward::crypto
