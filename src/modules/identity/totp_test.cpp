// Codes of time against the vectors of the standards.
#include "modules/identity/totp.h"

#include <gtest/gtest.h>

namespace fairward::identity {
namespace {

constexpr std::string_view secret = "12345678901234567890";

// RFC 6238, appendix B, the last six of its eight digits; and `oathtool --totp -N @TIME` says the same.
TEST(totp_code, gives_the_vectors_of_the_standard) {
  const std::pair<std::int64_t, std::string_view> table[] = {{59, "287082"},         {1111111109, "081804"},
                                                             {1111111111, "050471"}, {1234567890, "005924"},
                                                             {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [second, code] : table) EXPECT_EQ(totp_code(secret, totp_step({second * 1000})), code) << second;
}

TEST(totp_match, takes_one_step_either_way_and_nothing_twice) {
  const Instant now{1111111111'000};
  const std::int64_t here = totp_step(now);
  for (int away = -3; away <= 3; ++away)
    EXPECT_EQ(totp_match(secret, totp_code(secret, here + away), now, 0).has_value(), std::abs(away) <= 1) << away;
  EXPECT_EQ(totp_match(secret, totp_code(secret, here), now, here - 1), here);
  EXPECT_FALSE(totp_match(secret, totp_code(secret, here), now, here));
  EXPECT_FALSE(totp_match(secret, totp_code(secret, here - 1), now, here));
  EXPECT_EQ(totp_match(secret, totp_code(secret, here + 1), now, here), here + 1);
  for (const char* bad : {"", "28708", "2870820", "abcdef"}) EXPECT_FALSE(totp_match(secret, bad, now, 0)) << bad;
}

TEST(base32, gives_the_vectors_of_rfc_4648) {
  const std::pair<std::string_view, std::string_view> table[] = {{"", ""},
                                                                 {"f", "MY"},
                                                                 {"fo", "MZXQ"},
                                                                 {"foo", "MZXW6"},
                                                                 {"foob", "MZXW6YQ"},
                                                                 {"fooba", "MZXW6YTB"},
                                                                 {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : table) EXPECT_EQ(base32(bytes), text);
  EXPECT_EQ(totp_uri(secret, "Asha Rao"),
            "otpauth://totp/Fairward:Asha%20Rao?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Fairward");
}

}  // namespace
}  // namespace fairward::identity
