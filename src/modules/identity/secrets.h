// What is told to one person only and never stored: derived from a row and a key outside the database, so that neither
// the database nor a backup nor the log holds it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "platform/crypto/crypto.h"

namespace fairward::identity {

class Secrets {
 public:
  // seed: of IdentityOptions::signing_key, 32 bytes.
  explicit Secrets(std::string_view seed);

  // Six digits, each of the million as likely.
  std::string code(std::string_view purpose, std::int64_t id, std::string_view nonce) const;
  // "17.<43 letters>": the row's id and 256 bits.
  std::string link_token(std::string_view purpose, std::int64_t id, std::string_view nonce) const;
  // What stands for a text that is only compared, such as an address.
  std::string blinded(std::string_view text) const;
  // 32 bytes for what is encrypted at rest.
  std::string key(std::string_view purpose) const;

 private:
  crypto::Digest derived(std::string_view purpose, std::int64_t id, std::string_view nonce) const;
  std::string key_;
};

// The hash of 256 random bits: they cannot be guessed, so a plain one is enough to store.
std::string secret_hash(std::string_view secret);

// A token "17.<letters>" taken apart; id 0 when it is none.
struct LinkToken {
  std::int64_t id = 0;
  std::string_view secret;
};
LinkToken link_token_parse(std::string_view text);

}  // namespace fairward::identity
