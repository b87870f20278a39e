// HMAC-SHA-1 against its vectors; boxes that open nowhere else and not when changed.
#include <gtest/gtest.h>

#include "platform/crypto/crypto.h"

namespace fairward::crypto {
namespace {

TEST(hmac_sha1, gives_the_vectors_of_rfc_2202) {
  EXPECT_EQ(hex(hmac_sha1(std::string(20, '\x0b'), "Hi There")), "b617318655057264e28bc0b6fb378c8ef146be00");
  EXPECT_EQ(hex(hmac_sha1("Jefe", "what do ya want for nothing?")), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST(box, opens_with_its_key_in_its_place_and_not_when_a_bit_was_changed) {
  const auto entropy = make_seeded_entropy(1);
  const std::string key(32, 'k');
  const std::string sealed = box_seal(key, "totp/17", "a secret", *entropy);
  EXPECT_EQ(box_open(key, "totp/17", sealed), "a secret");
  EXPECT_NE(box_seal(key, "totp/17", "a secret", *entropy), sealed);
  EXPECT_FALSE(box_open(key, "totp/18", sealed));
  EXPECT_FALSE(box_open(std::string(32, 'l'), "totp/17", sealed));
  const std::string bytes = *base64url_decode(sealed);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(box_open(key, "totp/17", base64url(changed))) << i;
  }
  for (const char* bad : {"", "AAAA", "not base64!"}) EXPECT_FALSE(box_open(key, "totp/17", bad));
}

}  // namespace
}  // namespace fairward::crypto
