#include "modules/identity/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "modules/identity/errors.h"

namespace fairward::identity {
namespace {

std::string payload_text(const AccessClaims& c) {
  return fmt::format(R"({{"iss":"{}","sub":"{}","role":"{}","hid":{},"did":{},"sid":{},"iat":{},"exp":{}}})",
                     token_issuer, c.user.value, api::role_text(c.role), c.hospital.value, c.doctor.value,
                     c.session.value, c.issued_at.ms / 1000, c.expires_at.ms / 1000);
}

// Reads what payload_text wrote, and nothing else: literals and plain numbers in order.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view text) : rest_(text) {}
  void literal(std::string_view expected) {
    is_good_ = is_good_ && rest_.starts_with(expected);
    if (is_good_) rest_.remove_prefix(expected.size());
  }
  // 0 once anything was wrong: what is refused later may be calculated with until then.
  std::int64_t number() {
    std::int64_t value = -1;
    const auto [stop, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    const std::string_view digits = rest_.substr(0, static_cast<std::size_t>(stop - rest_.data()));
    is_good_ = is_good_ && error == std::errc() && is_plain(digits) && value <= number_max;
    if (!is_good_) return 0;
    rest_.remove_prefix(digits.size());
    return value;
  }
  std::string_view word() {
    const std::string_view found = rest_.substr(0, rest_.find('"'));
    if (is_good_) rest_.remove_prefix(found.size());
    return found;
  }
  bool is_complete() const { return is_good_ && rest_.empty(); }

 private:
  // One form for each number: no sign, no leading zeros.
  static bool is_plain(std::string_view digits) {
    return digits == "0" || (digits.front() != '0' && digits.front() != '-');
  }
  static constexpr std::int64_t number_max = std::int64_t{1} << 53;  // what JSON numbers carry; times 1000 still fits
  std::string_view rest_;
  bool is_good_ = true;
};

std::optional<AccessClaims> payload_parse(std::string_view text) {
  PayloadReader reader(text);
  AccessClaims c;
  reader.literal(R"({"iss":")");
  reader.literal(token_issuer);
  reader.literal(R"(","sub":")");
  c.user.value = reader.number();
  reader.literal(R"(","role":")");
  const auto role = api::role_parse(reader.word());
  reader.literal(R"(","hid":)");
  c.hospital.value = reader.number();
  reader.literal(R"(,"did":)");
  c.doctor.value = reader.number();
  reader.literal(R"(,"sid":)");
  c.session.value = reader.number();
  reader.literal(R"(,"iat":)");
  c.issued_at = Instant{reader.number() * 1000};
  reader.literal(R"(,"exp":)");
  c.expires_at = Instant{reader.number() * 1000};
  reader.literal("}");
  if (!reader.is_complete() || !role || !c.user || !c.session) return std::nullopt;
  c.role = *role;
  return c;
}

}  // namespace

AccessTokens::Key AccessTokens::make_key(const crypto::SigningKey& signing) {
  const std::string public_key = signing.public_key();
  const std::string thumbprint_input =
      fmt::format(R"({{"crv":"Ed25519","kty":"OKP","x":"{}"}})", crypto::base64url(public_key));
  std::string id = crypto::base64url(crypto::bytes_of(crypto::sha256(thumbprint_input)));
  std::string header = crypto::base64url(fmt::format(R"({{"alg":"EdDSA","typ":"JWT","kid":"{}"}})", id)) + ".";
  return {signing, public_key, std::move(id), std::move(header)};
}

AccessTokens::AccessTokens(std::vector<crypto::SigningKey> keys) {
  FAIRWARD_CHECK(!keys.empty());
  std::ranges::transform(keys, std::back_inserter(keys_), make_key);
}

std::string AccessTokens::mint(const AccessClaims& claims) const {
  const Key& key = keys_.front();
  std::string token = key.header + crypto::base64url(payload_text(claims));
  const std::string signature = key.signing.sign(token);
  return token + '.' + crypto::base64url(signature);
}

// The header is compared as bytes: no algorithm, no key and no other parameter is ever taken from a token.
const AccessTokens::Key* AccessTokens::key_of(std::string_view token) const {
  const auto key = std::ranges::find_if(keys_, [&](const Key& k) { return token.starts_with(k.header); });
  return key == keys_.end() ? nullptr : &*key;
}

Result<AccessClaims> AccessTokens::verify(std::string_view token, Instant now) const {
  if (token.size() > token_bytes_max) return fail(token_invalid);
  const Key* key = key_of(token);
  const std::size_t dot = token.rfind('.');
  if (key == nullptr || dot == std::string_view::npos || dot < key->header.size()) return fail(token_invalid);
  const auto signature = crypto::base64url_decode(token.substr(dot + 1));
  if (!signature || !crypto::ed25519_verify(key->public_key, token.substr(0, dot), *signature))
    return fail(token_invalid);
  const auto payload = crypto::base64url_decode(token.substr(key->header.size(), dot - key->header.size()));
  const auto claims = payload ? payload_parse(*payload) : std::nullopt;
  if (!claims) return fail(token_invalid);
  if (claims->expires_at <= now) return fail(token_expired);
  return *claims;
}

std::string AccessTokens::key_set() const {
  std::string keys;
  for (const Key& key : keys_)
    keys += fmt::format(R"({}{{"kty":"OKP","crv":"Ed25519","x":"{}","kid":"{}","use":"sig","alg":"EdDSA"}})",
                        keys.empty() ? "" : ",", crypto::base64url(key.public_key), key.id);
  return fmt::format(R"({{"keys":[{}]}})", keys);
}

}  // namespace fairward::identity
