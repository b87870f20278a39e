// Clocks and chance: uniform, repeatable by seed, well-formed tokens.
#include "platform/clock/clock.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

namespace fairward {
namespace {

// Hands out the given bytes over and over.
class FixedEntropy final : public Entropy {
 public:
  explicit FixedEntropy(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) byte = bytes_[at_++ % bytes_.size()];
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

TEST(manual_clock, moves_only_when_told) {
  ManualClock clock(Instant{1000});
  EXPECT_EQ(clock.now(), Instant{1000});
  clock.advance(seconds(2));
  EXPECT_EQ(clock.now(), Instant{3000});
  clock.set(Instant{5});
  EXPECT_EQ(clock.now(), Instant{5});
}

TEST(system_clock, is_in_this_century) {
  const Instant now = make_system_clock()->now();
  EXPECT_GT(now, *parse_rfc3339("2020-01-01T00:00:00Z"));
  EXPECT_LT(now, *parse_rfc3339("2100-01-01T00:00:00Z"));
}

TEST(seeded_entropy, repeats_by_seed_and_differs_between_seeds) {
  auto first = make_seeded_entropy(7), again = make_seeded_entropy(7), other = make_seeded_entropy(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t value = first->number();
    EXPECT_EQ(value, again->number());
    differs |= value != other->number();
  }
  EXPECT_TRUE(differs);
}

TEST(system_entropy, does_not_repeat) {
  auto entropy = make_system_entropy();
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(entropy->number());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(entropy, below_is_uniform) {
  auto entropy = make_seeded_entropy(1);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60'000; ++i) ++counts.at(entropy->below(6));
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
  EXPECT_EQ(entropy->below(1), 0u);
}

TEST(entropy, below_draws_again_what_would_be_unfair) {
  // 2^64 mod 3 = 1: the value 0 is refused, the next drawn is 5.
  FixedEntropy entropy({0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(entropy.below(3), 2u);
}

TEST(entropy, token_is_base64url_without_padding) {
  // Vectors of RFC 4648, chapter 10, and one with the two letters that differ from base64.
  const std::pair<std::vector<std::uint8_t>, std::string_view> table[] = {{{'f'}, "Zg"},
                                                                          {{'f', 'o'}, "Zm8"},
                                                                          {{'f', 'o', 'o'}, "Zm9v"},
                                                                          {{'f', 'o', 'o', 'b'}, "Zm9vYg"},
                                                                          {{0xfb, 0xff}, "-_8"}};
  for (const auto& [bytes, text] : table) EXPECT_EQ(FixedEntropy(bytes).token(bytes.size()), text);
  EXPECT_EQ(make_system_entropy()->token(32).size(), 43u);
  EXPECT_EQ(make_system_entropy()->token(0), "");
}

}  // namespace
}  // namespace fairward
