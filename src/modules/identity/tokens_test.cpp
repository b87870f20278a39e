// What is accepted as an access token: what was minted, and nothing beside it.
#include "modules/identity/tokens.h"

#include <gtest/gtest.h>

#include "modules/identity/errors.h"

namespace fairward::identity {
namespace {

using crypto::base64url;

crypto::SigningKey key(char fill) { return *crypto::SigningKey::from_seed(std::string(32, fill)); }

const Instant issued{1'790'000'000'000};
const AccessClaims claims{UserId{17}, api::Role::front_desk, HospitalId{3}, DoctorId{0}, SessionId{5},
                          issued,     issued + minutes(15)};

// A token of any header and payload, signed with the right key: what a stolen signer could make.
std::string forge(const crypto::SigningKey& signing, const std::string& header, const std::string& payload) {
  const std::string text = base64url(header) + "." + base64url(payload);
  return text + "." + base64url(signing.sign(text));
}
std::string header_of(const AccessTokens& tokens) {
  const std::string token = tokens.mint(claims);
  return *crypto::base64url_decode(token.substr(0, token.find('.')));
}
std::string payload_of(const AccessTokens& tokens) {
  const std::string token = tokens.mint(claims);
  const std::size_t first = token.find('.') + 1;
  return *crypto::base64url_decode(token.substr(first, token.rfind('.') - first));
}
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(access_tokens, come_back_as_they_were_minted) {
  const AccessTokens tokens({key('a')});
  const auto verified = tokens.verify(tokens.mint(claims), issued);
  ASSERT_TRUE(verified);
  EXPECT_EQ(*verified, claims);
  EXPECT_EQ(
      payload_of(tokens),
      R"({"iss":"fairward","sub":"17","role":"front_desk","hid":3,"did":0,"sid":5,"iat":1790000000,"exp":1790000900})");
}

TEST(access_tokens, expire_at_their_instant) {
  const AccessTokens tokens({key('a')});
  EXPECT_TRUE(tokens.verify(tokens.mint(claims), claims.expires_at - milliseconds(1)));
  EXPECT_EQ(tokens.verify(tokens.mint(claims), claims.expires_at).error().problem, &token_expired);
}

TEST(access_tokens, are_accepted_from_an_older_key_and_minted_with_the_newest) {
  const AccessTokens before({key('a')}), both({key('b'), key('a')}), after({key('b')});
  EXPECT_TRUE(both.verify(before.mint(claims), issued));
  EXPECT_TRUE(after.verify(both.mint(claims), issued));
  EXPECT_FALSE(after.verify(before.mint(claims), issued));
}

TEST(access_tokens, name_their_key_by_the_thumbprint_of_rfc_8037) {
  const auto seed = crypto::base64url_decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");  // RFC 8037, appendix A
  const AccessTokens tokens({*crypto::SigningKey::from_seed(*seed)});
  EXPECT_EQ(tokens.key_set(),
            R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",)"
            R"("kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","use":"sig","alg":"EdDSA"}]})");
}

TEST(access_tokens, refuse_everything_else) {
  const auto signing = key('a');
  const AccessTokens tokens({signing});
  const std::string good = tokens.mint(claims), header = header_of(tokens), payload = payload_of(tokens);
  const std::string head = good.substr(0, good.find('.')), tail = good.substr(good.rfind('.') + 1);
  const std::string body = base64url(payload);
  std::string flipped = good;
  flipped.back() = flipped.back() == 'A' ? 'Q' : 'A';
  const std::pair<const char*, std::string> table[] = {
      {"empty", ""},
      {"one dot", "."},
      {"two dots", ".."},
      {"only a header", head},
      {"header and dot", head + "."},
      {"no signature", head + "." + body},
      {"empty signature", head + "." + body + "."},
      {"empty payload", head + ".." + tail},
      {"four parts", good + ".x"},
      {"leading blank", " " + good},
      {"trailing blank", good + " "},
      {"trailing line feed", good + "\n"},
      {"padding", good + "="},
      {"signature changed", flipped},
      {"signature cut", good.substr(0, good.size() - 4)},
      {"signature of another payload", head + "." + base64url(replaced(payload, "17", "18")) + "." + tail},
      {"another signer", forge(key('b'), header, payload)},
      {"alg none", base64url(R"({"alg":"none","typ":"JWT"})") + "." + body + "."},
      {"alg none with our signature", forge(signing, R"({"alg":"none","typ":"JWT"})", payload)},
      {"alg HS256", forge(signing, replaced(header, "EdDSA", "HS256"), payload)},
      {"header without kid", forge(signing, R"({"alg":"EdDSA","typ":"JWT"})", payload)},
      {"another kid", forge(signing, replaced(header, "kid\":\"", "kid\":\"x"), payload)},
      {"header with jwk", forge(signing, replaced(header, "{", R"({"jwk":{},)"), payload)},
      {"header with blanks", forge(signing, replaced(header, ",", ", "), payload)},
      {"payload not JSON", forge(signing, header, "hello")},
      {"leading zero", forge(signing, header, replaced(payload, "17", "017"))},
      {"minus zero", forge(signing, header, replaced(payload, R"("did":0)", R"("did":-0)"))},
      {"payload empty", forge(signing, header, "")},
      {"payload null", forge(signing, header, "null")},
      {"payload array", forge(signing, header, "[]")},
      {"another issuer", forge(signing, header, replaced(payload, "fairward", "fairword"))},
      {"sub a number", forge(signing, header, replaced(payload, "\"17\"", "17"))},
      {"sub zero", forge(signing, header, replaced(payload, "\"17\"", "\"0\""))},
      {"sub negative", forge(signing, header, replaced(payload, "\"17\"", "\"-17\""))},
      {"sub too large", forge(signing, header, replaced(payload, "17", "99999999999999999999"))},
      {"unknown role", forge(signing, header, replaced(payload, "front_desk", "root"))},
      {"exp missing", forge(signing, header, replaced(payload, R"(,"exp":1790000900)", ""))},
      {"exp a text", forge(signing, header, replaced(payload, "1790000900", "\"1790000900\""))},
      {"exp beyond what multiplies", forge(signing, header, replaced(payload, "1790000900", "9223372036854775807"))},
      {"exp a fraction", forge(signing, header, replaced(payload, "1790000900", "1790000900.5"))},
      {"exp twice", forge(signing, header, replaced(payload, "}", R"(,"exp":9999999999})"))},
      {"an unknown claim", forge(signing, header, replaced(payload, "}", R"(,"adm":true})"))},
      {"something behind", forge(signing, header, payload + " ")},
      {"huge", std::string(5000, 'A') + "." + std::string(5000, 'A') + "." + std::string(86, 'A')},
      {"nothing but dots", std::string(1000, '.')},
      {"a zero byte", std::string("\0", 1) + good},
      {"not ASCII", "\xff" + good},
  };
  ASSERT_TRUE(tokens.verify(good, issued));
  for (const auto& [name, token] : table) {
    const auto verified = tokens.verify(token, issued);
    ASSERT_FALSE(verified) << name;
    EXPECT_EQ(verified.error().problem, &token_invalid) << name;
  }
}

}  // namespace
}  // namespace fairward::identity
