#include "platform/crypto/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <string>

namespace fairward::crypto {
namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;

constexpr std::size_t coordinate_bytes = 32;
constexpr std::size_t modulus_bytes_min = 256, modulus_bytes_max = 512, exponent_bytes_max = 4;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Number number_of(std::string_view text) {
  return Number(BN_bin2bn(bytes(text), static_cast<int>(text.size()), nullptr));
}

// nullptr for numbers that are no key of this kind. What OpenSSL has to say about it is forgotten: it is not an error.
Key key_of(const char* kind, Builder builder) {
  const Parameters parameters(builder ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr);
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* made = nullptr;
  const bool is_made = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                       EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  Key key(made);
  const KeyContext check(is_made ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  const bool is_good = check && EVP_PKEY_public_check(check.get()) == 1;
  ERR_clear_error();
  return is_good ? std::move(key) : Key();
}

Key key_of(const P256Key& key) {
  if (key.x.size() != coordinate_bytes || key.y.size() != coordinate_bytes) return {};
  const std::string point = std::string(1, '\x04').append(key.x).append(key.y);
  Builder builder(OSSL_PARAM_BLD_new());
  const bool is_built =
      builder && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1;
  return is_built ? key_of("EC", std::move(builder)) : Key();
}

Key key_of(const RsaKey& key) {
  if (key.modulus.size() < modulus_bytes_min || key.modulus.size() > modulus_bytes_max || key.modulus.front() == 0 ||
      key.exponent.empty() || key.exponent.size() > exponent_bytes_max)
    return {};
  const Number modulus = number_of(key.modulus), exponent = number_of(key.exponent);
  Builder builder(OSSL_PARAM_BLD_new());
  const bool is_built = builder && modulus && exponent && BN_is_odd(exponent.get()) && !BN_is_one(exponent.get()) &&
                        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
                        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1;
  return is_built ? key_of("RSA", std::move(builder)) : Key();
}

bool verify(const Key& key, std::string_view message, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  const bool is_right =
      key && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
  ERR_clear_error();
  return is_right;
}

}  // namespace

bool is_good(const P256Key& key) { return key_of(key) != nullptr; }
bool is_good(const RsaKey& key) { return key_of(key) != nullptr; }

bool es256_verify(const P256Key& key, std::string_view message, std::string_view signature) {
  return verify(key_of(key), message, signature);
}

bool rs256_verify(const RsaKey& key, std::string_view message, std::string_view signature) {
  return verify(key_of(key), message, signature);
}

}  // namespace fairward::crypto
