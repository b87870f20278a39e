// An authenticator as a test needs one: keys of OpenSSL and libsodium, and CBOR written by hand.
#pragma once

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/crypto/crypto.h"

namespace fairward::identity::testing {

inline std::string cbor_head(unsigned major, std::uint64_t number) {
  const auto first = [&](unsigned low) { return std::string(1, static_cast<char>(major << 5 | low)); };
  if (number < 24) return first(static_cast<unsigned>(number));
  const unsigned size = number < 256 ? 1 : number < 65536 ? 2 : number < (1ULL << 32) ? 4 : 8;
  std::string head = first(size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27);
  for (unsigned i = size; i > 0; --i) head += static_cast<char>(number >> (8 * (i - 1)));
  return head;
}
inline std::string cbor_number(std::int64_t n) {
  return n < 0 ? cbor_head(1, static_cast<std::uint64_t>(-1 - n)) : cbor_head(0, static_cast<std::uint64_t>(n));
}
inline std::string cbor_bytes(std::string_view bytes) { return cbor_head(2, bytes.size()).append(bytes); }
inline std::string cbor_text(std::string_view text) { return cbor_head(3, text.size()).append(text); }
inline std::string cbor_map(std::uint64_t pairs) { return cbor_head(5, pairs); }

enum class Algorithm : std::uint8_t { es256, rs256, eddsa };

class Device {
 public:
  explicit Device(Algorithm algorithm) : algorithm_(algorithm) {
    if (algorithm == Algorithm::es256) key_ = EVP_EC_gen("P-256");
    if (algorithm == Algorithm::rs256) key_ = EVP_RSA_gen(2048);
  }
  ~Device() { EVP_PKEY_free(key_); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  std::string party = "clinic.example", origin = "https://clinic.example", format = "none";
  std::string id = "credential-1";
  unsigned flags = 0x05;  // present and verified
  std::uint32_t count = 1;
  std::string more;         // after all that belongs to the data
  std::string client_more;  // members of the client's data
  std::string statement = cbor_map(0);

  std::string cose() const {
    if (algorithm_ == Algorithm::eddsa)
      return cbor_map(4) + cbor_number(1) + cbor_number(1) + cbor_number(3) + cbor_number(-8) + cbor_number(-1) +
             cbor_number(6) + cbor_number(-2) + cbor_bytes(signing_.public_key());
    if (algorithm_ == Algorithm::rs256)
      return cbor_map(4) + cbor_number(1) + cbor_number(3) + cbor_number(3) + cbor_number(-257) + cbor_number(-1) +
             cbor_bytes(number(OSSL_PKEY_PARAM_RSA_N)) + cbor_number(-2) + cbor_bytes(number(OSSL_PKEY_PARAM_RSA_E));
    return cbor_map(5) + cbor_number(1) + cbor_number(2) + cbor_number(3) + cbor_number(-7) + cbor_number(-1) +
           cbor_number(1) + cbor_number(-2) + cbor_bytes(padded(OSSL_PKEY_PARAM_EC_PUB_X)) + cbor_number(-3) +
           cbor_bytes(padded(OSSL_PKEY_PARAM_EC_PUB_Y));
  }

  std::string client_data(std::string_view purpose, std::string_view challenge) const {
    return R"({"type":")" + std::string(purpose) + R"(","challenge":")" + crypto::base64url(challenge) +
           R"(","origin":")" + origin + '"' + client_more + '}';
  }
  std::string data(bool with_credential) const {
    const unsigned all = flags | (with_credential ? 0x40U : 0U);
    std::string text(crypto::bytes_of(crypto::sha256(party)));
    text += static_cast<char>(all);
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(count >> shift);
    if (with_credential) {
      text.append(16, '\0');
      text += static_cast<char>(id.size() >> 8);
      text += static_cast<char>(id.size());
      text += id + cose();
    }
    return text + more;
  }
  std::string attestation() const {
    return cbor_map(3) + cbor_text("fmt") + cbor_text(format) + cbor_text("attStmt") + statement +
           cbor_text("authData") + cbor_bytes(data(true));
  }
  // Of the authenticator's data and the client's.
  std::string signature(std::string_view authenticator_data, std::string_view client_data) const {
    return sign(std::string(authenticator_data).append(crypto::bytes_of(crypto::sha256(client_data))));
  }

 private:
  std::string sign(const std::string& text) const {
    if (algorithm_ == Algorithm::eddsa) return signing_.sign(text);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::string signature(1024, '\0');
    std::size_t size = signature.size();
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return signature.substr(0, size);
  }
  std::string number(const char* name) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &value);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(value);
    return bytes;
  }
  std::string padded(const char* name) const {
    const std::string bytes = number(name);
    return std::string(32 - bytes.size(), '\0') + bytes;
  }

  Algorithm algorithm_;
  EVP_PKEY* key_ = nullptr;
  crypto::SigningKey signing_ = *crypto::SigningKey::from_seed(std::string(32, 'd'));
};

}  // namespace fairward::identity::testing
