// One-time codes of time, as authenticator apps make them (RFC 6238: SHA-1, six digits, thirty seconds). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace fairward::identity {

constexpr std::size_t totp_secret_bytes = 20;

std::int64_t totp_step(Instant now);
std::string totp_code(std::string_view secret, std::int64_t step);
// The step of a code that is right now, or was or will be one step away, and is newer than the last that was taken.
std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, Instant now,
                                       std::int64_t last_step);

std::string base32(std::string_view bytes);  // RFC 4648 §6, without padding
// What an app reads from a QR code.
std::string totp_uri(std::string_view secret, std::string_view account);

}  // namespace fairward::identity
