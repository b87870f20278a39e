// Access tokens: what is minted verifies as it was; changed anywhere it does not; and even with the right signature
// only exactly what `mint` writes is taken. The first byte chooses what the rest is: a token, a payload, or numbers.
#include "fuzz.h"
#include "modules/identity/tokens.h"

namespace fairward::fuzz {
namespace {

constexpr Instant now{1'800'000'000'000};
const std::string seed(32, 's');

const identity::AccessTokens& tokens() {
  static const identity::AccessTokens tokens({*crypto::SigningKey::from_seed(seed)});
  return tokens;
}

std::string signed_token(const std::string& signed_part) {
  static const auto key = *crypto::SigningKey::from_seed(seed);
  return signed_part + "." + crypto::base64url(key.sign(signed_part));
}

identity::AccessClaims claims_of(FuzzedDataProvider& numbers) {
  const auto number = [&](std::int64_t low) { return numbers.ConsumeIntegralInRange<std::int64_t>(low, 1LL << 53); };
  identity::AccessClaims claims;
  claims.user.value = number(1);
  claims.role = static_cast<api::Role>(numbers.ConsumeIntegralInRange<int>(1, 5));
  claims.hospital.value = number(0);
  claims.doctor.value = number(0);
  claims.session.value = number(1);
  claims.issued_at = {number(0) * 1000};
  claims.expires_at = {numbers.ConsumeIntegralInRange<std::int64_t>(now.ms / 1000 + 1, 1LL << 53) * 1000};
  return claims;
}

void check_minted(FuzzedDataProvider& numbers) {
  const auto claims = claims_of(numbers);
  std::string token = tokens().mint(claims);
  const auto read = tokens().verify(token, now);
  demand(read && *read == claims, "what was minted reads otherwise: " + token);
  demand(!tokens().verify(token, claims.expires_at), "an expired token is taken");
  const auto place = numbers.ConsumeIntegralInRange<std::size_t>(0, token.size() - 1);
  const auto letter = static_cast<char>(numbers.ConsumeIntegral<std::uint8_t>());
  if (token[place] == letter) return;
  token[place] = letter;
  demand(!tokens().verify(token, now), "a changed token is taken: " + token);
}

// A forger who had the key: still nothing but the one form of each token.
void check_payload(std::string_view payload) {
  static const std::string minted =
      tokens().mint({UserId{1}, api::Role::patient, {}, {}, identity::SessionId{1}, now, now});
  static const std::string header = minted.substr(0, minted.find('.') + 1);
  const std::string token = signed_token(header + crypto::base64url(payload));
  if (const auto claims = tokens().verify(token, {0}))
    demand(tokens().mint(*claims) == token, "another form of a token is taken: " + token);
}

}  // namespace

void run(std::string_view input) {
  if (input.empty()) return;
  const std::string_view text = input.substr(1);
  FuzzedDataProvider numbers = numbers_of(text);
  switch (static_cast<unsigned char>(input[0]) % 3) {
    case 0: demand(!tokens().verify(text, now), "a forged token is taken"); break;
    case 1: check_payload(text); break;
    case 2: check_minted(numbers); break;
  }
}

}  // namespace fairward::fuzz
