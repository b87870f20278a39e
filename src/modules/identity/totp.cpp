#include "modules/identity/totp.h"

#include <fmt/format.h>

#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

constexpr std::int64_t step_ms = 30'000;
constexpr std::uint32_t codes = 1'000'000;

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (is_unreserved(c)) out += c;
    else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

std::int64_t totp_step(Instant now) { return now.ms / step_ms; }

// RFC 4226, 5.3: four bytes of the digest, from where its last half byte says.
std::string totp_code(std::string_view secret, std::int64_t step) {
  std::string counter(8, '\0');
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  const std::string digest = crypto::hmac_sha1(secret, counter);
  const std::size_t offset = static_cast<unsigned char>(digest.back()) & 0xf;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(digest[offset + i]);
  return fmt::format("{:06}", (number & 0x7fffffff) % codes);
}

std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, Instant now,
                                       std::int64_t last_step) {
  std::optional<std::int64_t> match;
  const std::int64_t here = totp_step(now);
  for (std::int64_t step = here - 1; step <= here + 1; ++step)
    if (crypto::equal_constant_time(totp_code(secret, step), code) && step > last_step) match = step;
  return match;
}

std::string base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t waiting = 0;
  int bits = 0;
  for (const char c : bytes) {
    waiting = waiting << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[waiting >> (bits - 5) & 31];
  }
  if (bits > 0) text += alphabet[waiting << (5 - bits) & 31];
  return text;
}

std::string totp_uri(std::string_view secret, std::string_view account) {
  return fmt::format("otpauth://totp/Fairward:{}?secret={}&issuer=Fairward", percent_encoded(account), base32(secret));
}

}  // namespace fairward::identity
