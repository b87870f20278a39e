// Password hashes: argon2id through libsodium; sha256_crypt of imported accounts through libcrypt, verified only.
#include <crypt.h>
#include <fmt/format.h>
#include <sodium.h>

#include <charconv>
#include <memory>
#include <new>

#include "platform/crypto/crypto.h"
#include "platform/crypto/sodium_ready.h"

namespace fairward::crypto {
namespace {

constexpr std::string_view argon2id_prefix = "$argon2id$v=19$";
constexpr std::string_view sha256_crypt_prefix = "$5$";

// PHC strings use the plain alphabet without padding.
std::string phc_base64(std::string_view bytes) {
  std::string text = base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string argon2id_parameters() {
  return fmt::format("{}m={},t={},p=1$", argon2id_prefix, argon2id_memory_kib, argon2id_passes);
}

// The rounds are bounded before any work is done: the text decides how long verification takes.
bool sha256_crypt_is_bearable(std::string_view hash) {
  std::string_view rest = hash.substr(sha256_crypt_prefix.size());
  constexpr std::string_view rounds_prefix = "rounds=";
  if (!rest.starts_with(rounds_prefix)) return true;  // 5000, the default of the scheme
  rest.remove_prefix(rounds_prefix.size());
  std::int64_t rounds = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), rounds);
  return error == std::errc() && stop != rest.data() + rest.size() && *stop == '$' && rounds > 0 &&
         rounds <= sha256_crypt_rounds_max;
}

bool sha256_crypt_verify(const std::string& hash, std::string_view password) {
  if (!sha256_crypt_is_bearable(hash) || password.find('\0') != std::string_view::npos) return false;
  auto scratch = std::make_unique<crypt_data>();
  std::string phrase(password);
  const char* made = crypt_r(phrase.c_str(), hash.c_str(), scratch.get());
  const bool fits = made != nullptr && *made == '$' && equal_constant_time(made, hash);
  sodium_memzero(phrase.data(), phrase.size());
  sodium_memzero(scratch.get(), sizeof(crypt_data));
  return fits;
}

bool argon2id_verify(const std::string& hash, std::string_view password) {
  if (hash.size() >= crypto_pwhash_STRBYTES) return false;
  sodium_ready();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace

std::string password_hash(std::string_view password, Entropy& entropy) {
  sodium_ready();
  std::array<std::uint8_t, crypto_pwhash_SALTBYTES> salt;
  entropy.fill(salt);
  Digest digest;
  if (crypto_pwhash(digest.data(), digest.size(), password.data(), password.size(), salt.data(), argon2id_passes,
                    argon2id_memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();  // the only way it fails
  const std::string_view salt_bytes(reinterpret_cast<const char*>(salt.data()), salt.size());
  return fmt::format("{}{}${}", argon2id_parameters(), phc_base64(salt_bytes), phc_base64(bytes_of(digest)));
}

bool password_verify(const std::string& hash, std::string_view password) {
  if (hash.starts_with(argon2id_prefix)) return argon2id_verify(hash, password);
  if (hash.starts_with(sha256_crypt_prefix)) return sha256_crypt_verify(hash, password);
  return false;
}

bool password_hash_is_outdated(const std::string& hash) { return !hash.starts_with(argon2id_parameters()); }

}  // namespace fairward::crypto
