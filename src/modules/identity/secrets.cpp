#include "modules/identity/secrets.h"

#include <fmt/format.h>

#include <charconv>

namespace fairward::identity {
namespace {

constexpr std::uint64_t codes = 1'000'000;

}  // namespace

Secrets::Secrets(std::string_view seed)
    : key_(crypto::bytes_of(crypto::hmac_sha256(seed, "fairward identity secrets 1"))) {}

crypto::Digest Secrets::derived(std::string_view purpose, std::int64_t id, std::string_view nonce) const {
  return crypto::hmac_sha256(key_, fmt::format("{}/{}/{}", purpose, id, nonce));
}

// Of 64 bits the million's remainder favours no code by more than one in 10^13.
std::string Secrets::code(std::string_view purpose, std::int64_t id, std::string_view nonce) const {
  const crypto::Digest digest = derived(purpose, id, nonce);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | digest[i];
  return fmt::format("{:06}", number % codes);
}

std::string Secrets::link_token(std::string_view purpose, std::int64_t id, std::string_view nonce) const {
  return fmt::format("{}.{}", id, crypto::base64url(crypto::bytes_of(derived(purpose, id, nonce))));
}

std::string Secrets::blinded(std::string_view text) const {
  return crypto::base64url(crypto::bytes_of(derived("blinded", 0, text)).substr(0, 16));
}

std::string Secrets::key(std::string_view purpose) const {
  return std::string(crypto::bytes_of(derived(purpose, 0, "")));
}

std::string secret_hash(std::string_view secret) { return crypto::base64url(crypto::bytes_of(crypto::sha256(secret))); }

LinkToken link_token_parse(std::string_view text) {
  LinkToken token;
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return token;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, token.id);
  if (error != std::errc() || end != text.data() + dot || token.id < 1) return {};
  token.secret = text.substr(dot + 1);
  return token;
}

}  // namespace fairward::identity
