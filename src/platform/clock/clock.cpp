// The real clock and the operating system's entropy, and chance that a seed repeats.
#include "platform/clock/clock.h"

#include <sys/random.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <vector>

#include "base/check.h"

namespace fairward {
namespace {

class SystemClock final : public Clock {
 public:
  Instant now() const override {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
  }
  std::int64_t steady_us() const override {
    const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since_start).count();
  }
};

class SystemEntropy final : public Entropy {
 public:
  // Without random bytes no secret can be made: there is nothing to go on with.
  void fill(std::span<std::uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
      FAIRWARD_CHECK(got > 0 || errno == EINTR);
      if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
  }
};

// xoshiro256** of Blackman and Vigna, its state filled by splitmix64 as they advise.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15;
      std::uint64_t mixed = seed;
      mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
      word = mixed ^ (mixed >> 31);
    }
  }

  void fill(std::span<std::uint8_t> bytes) override {
    const std::lock_guard lock(mutex_);
    while (!bytes.empty()) {
      const std::uint64_t word = next();
      const std::size_t count = std::min(bytes.size(), sizeof word);
      std::memcpy(bytes.data(), &word, count);
      bytes = bytes.subspan(count);
    }
  }

 private:
  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  std::mutex mutex_;
  std::array<std::uint64_t, 4> state_{};
};

std::string base64url(std::span<const std::uint8_t> bytes) {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 6; held -= 6) text += alphabet[(bits >> (held - 6)) & 63];
  }
  if (held > 0) text += alphabet[(bits << (6 - held)) & 63];
  return text;
}

}  // namespace

std::uint64_t Entropy::number() {
  std::array<std::uint8_t, 8> bytes;
  fill(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

// Values above the last whole multiple of the bound are drawn again, so that none is more likely than another.
std::uint64_t Entropy::below(std::uint64_t bound) {
  FAIRWARD_CHECK(bound > 0);
  const std::uint64_t rejected = (0 - bound) % bound;  // 2^64 mod bound
  for (;;)
    if (const std::uint64_t drawn = number(); drawn >= rejected) return drawn % bound;
}

std::string Entropy::token(std::size_t bytes) {
  std::vector<std::uint8_t> random(bytes);
  fill(random);
  return base64url(random);
}

std::unique_ptr<Clock> make_system_clock() { return std::make_unique<SystemClock>(); }
std::unique_ptr<Entropy> make_system_entropy() { return std::make_unique<SystemEntropy>(); }
std::unique_ptr<Entropy> make_seeded_entropy(std::uint64_t seed) { return std::make_unique<SeededEntropy>(seed); }

}  // namespace fairward
