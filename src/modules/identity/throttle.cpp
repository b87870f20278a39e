#include "modules/identity/throttle.h"

#include <algorithm>
#include <cstring>

#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

constexpr std::int64_t minute_us = 60'000'000;
constexpr int address_factor = 10;
constexpr int login_factor = 10;
constexpr std::size_t familiar_pairs = 32'768;

// Rounded up, so that waiting as long as told is enough.
Duration from_us(std::int64_t us) { return milliseconds((us + 999) / 1000); }

int times(int tries, int factor) {
  return static_cast<int>(std::min<std::int64_t>(std::int64_t{tries} * factor, minute_us));
}

}  // namespace

Throttle::Throttle(int tries_per_minute)
    : interval_us_(minute_us / std::clamp<std::int64_t>(tries_per_minute, 1, minute_us)),
      burst_us_(interval_us_ * (std::clamp<std::int64_t>(tries_per_minute, 1, minute_us) - 1)),
      slots_(sets) {}

Throttle::Slot* Throttle::find(Set& set, std::uint64_t key) {
  const auto slot = std::ranges::find(set, key, &Slot::key);
  return slot == set.end() ? nullptr : &*slot;
}

Throttle::Slot& Throttle::find_or_replace(Set& set, std::uint64_t key) {
  if (Slot* slot = find(set, key)) return *slot;
  Slot& oldest = *std::ranges::min_element(set, {}, &Slot::paid_until_us);
  oldest = {key, 0};
  return oldest;
}

Duration Throttle::wait_of(const Slot& slot, Instant now) const {
  return from_us(std::max<std::int64_t>(slot.paid_until_us - burst_us_ - now.ms * 1000, 0));
}

Duration Throttle::take(std::uint64_t key, Instant now) {
  const std::lock_guard lock(lock_of(key));
  Slot& slot = find_or_replace(set_of(key), key);
  const Duration wait = wait_of(slot, now);
  if (wait.ms == 0) slot.paid_until_us = std::max(slot.paid_until_us, now.ms * 1000) + interval_us_;
  return wait;
}

Duration Throttle::wait(std::uint64_t key, Instant now) {
  const std::lock_guard lock(lock_of(key));
  const Slot* slot = find(set_of(key), key);
  return slot ? wait_of(*slot, now) : Duration{};
}

void Throttle::give_back(std::uint64_t key) {
  const std::lock_guard lock(lock_of(key));
  if (Slot* slot = find(set_of(key), key)) slot->paid_until_us -= interval_us_;
}

LoginThrottle::LoginThrottle(int tries_per_minute, Entropy& entropy)
    : secret_(entropy.token(16)),
      pairs_(tries_per_minute),
      addresses_(times(tries_per_minute, address_factor)),
      logins_(times(tries_per_minute, login_factor)),
      anonymous_(times(tries_per_minute, address_factor)),
      familiar_(familiar_pairs) {}

std::uint64_t LoginThrottle::key(char kind, std::string_view login, std::string_view address) const {
  std::string text;
  text.reserve(login.size() + address.size() + 2);
  ((text += kind) += login) += '\0';
  text += address;
  const crypto::Digest digest = crypto::hmac_sha256(secret_, text);
  std::uint64_t key;
  std::memcpy(&key, digest.data(), sizeof key);
  return key;
}

bool LoginThrottle::is_familiar(std::uint64_t pair) const {
  return familiar_[pair % familiar_pairs].load(std::memory_order_relaxed) == pair;
}

Duration LoginThrottle::begin(std::string_view login, std::string_view address, Instant now) {
  const std::uint64_t pair = key('p', login, address), from = key('a', "", address), account = key('l', login, "");
  Duration wait = std::max(pairs_.wait(pair, now), addresses_.wait(from, now));
  if (!is_familiar(pair)) wait = std::max(wait, logins_.wait(account, now));
  if (wait.ms > 0) return wait;
  if (wait = pairs_.take(pair, now); wait.ms > 0) return wait;  // others may have come at the same time
  addresses_.take(from, now);
  logins_.take(account, now);
  return {};
}

void LoginThrottle::succeeded(std::string_view login, std::string_view address) {
  const std::uint64_t pair = key('p', login, address);
  pairs_.give_back(pair);
  addresses_.give_back(key('a', "", address));
  logins_.give_back(key('l', login, ""));
  familiar_[pair % familiar_pairs].store(pair, std::memory_order_relaxed);
}

Duration LoginThrottle::begin_anonymous(std::string_view address, Instant now) {
  return anonymous_.take(key('n', "", address), now);
}

}  // namespace fairward::identity
