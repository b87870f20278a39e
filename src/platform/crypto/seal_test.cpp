// What was sealed opens only whole, unchanged, in its place and with its key.
#include "platform/crypto/seal.h"

#include <gtest/gtest.h>

namespace fairward::crypto {
namespace {

SealKey key_of(char letter) { return *SealKey::parse(base64url(std::string(32, letter))); }

std::string sealed(std::string_view plain, std::size_t step = 1'000'000, std::string_view place = "place") {
  std::string out;
  Sealer sealer(key_of('k'), std::string(place), [&](std::string_view piece) { out += piece; });
  for (std::size_t at = 0; at < plain.size(); at += step) sealer.write(plain.substr(at, step));
  sealer.finish();
  return out;
}

// The plain text, or "broken".
std::string opened(std::string_view bytes, std::size_t step = 1'000'000, char letter = 'k',
                   std::string_view place = "place") {
  std::string out;
  try {
    Opener opener(key_of(letter), std::string(place), [&](std::string_view piece) { out += piece; });
    for (std::size_t at = 0; at < bytes.size(); at += step) opener.write(bytes.substr(at, step));
    opener.finish();
  } catch (const SealBroken&) { return "broken"; }
  return out;
}

std::string text_of(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 31 + i / 251);
  return text;
}

constexpr std::size_t chunk = seal_chunk_bytes, head = seal_magic.size() + seal_header_bytes;
constexpr std::size_t sizes[] = {0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 5};

TEST(seal, opens_what_it_sealed_whatever_the_pieces) {
  for (const std::size_t size : sizes)
    for (const std::size_t step : {std::size_t{7'919}, chunk, std::size_t{1'000'000}})
      EXPECT_TRUE(opened(sealed(text_of(size), step), step + 1) == text_of(size)) << size << " by " << step;
}

TEST(seal, has_the_size_that_it_says) {
  EXPECT_EQ(sealed("").size(), head + seal_chunk_overhead);
  EXPECT_EQ(sealed(text_of(chunk)).size(), head + chunk + seal_chunk_overhead);
  EXPECT_EQ(sealed(text_of(chunk + 1)).size(), head + chunk + 1 + 2 * seal_chunk_overhead);
}

TEST(seal, finds_what_is_cut_off_at_and_beside_every_chunk) {
  const std::string whole = sealed(text_of(3 * chunk + 5));
  for (std::size_t edge = head; edge <= whole.size(); edge += chunk + seal_chunk_overhead)
    for (const std::size_t length : {edge - 1, edge, edge + 1, edge + seal_chunk_overhead})
      if (length < whole.size()) EXPECT_EQ(opened(whole.substr(0, length)), "broken") << length;
  for (std::size_t length = 0; length <= head; ++length) EXPECT_EQ(opened(whole.substr(0, length)), "broken") << length;
  EXPECT_NE(opened(whole), "broken");
}

TEST(seal, finds_every_flipped_byte) {
  const std::string whole = sealed("Anna Lakshmi, 1971");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_EQ(opened(changed), "broken") << i;
  }
}

TEST(seal, finds_chunks_that_are_swapped_dropped_doubled_or_added) {
  const std::string whole = sealed(text_of(3 * chunk));
  const std::size_t sealed_chunk = chunk + seal_chunk_overhead;
  const auto part = [&](std::size_t i) { return whole.substr(head + i * sealed_chunk, sealed_chunk); };
  const std::string beginning = whole.substr(0, head);
  EXPECT_NE(opened(beginning + part(0) + part(1) + part(2)), "broken");
  EXPECT_EQ(opened(beginning + part(1) + part(0) + part(2)), "broken");
  EXPECT_EQ(opened(beginning + part(0) + part(2)), "broken");
  EXPECT_EQ(opened(beginning + part(0) + part(0) + part(1) + part(2)), "broken");
  EXPECT_EQ(opened(whole + part(2)), "broken");
  EXPECT_EQ(opened(whole + "x"), "broken");
}

TEST(seal, opens_only_with_its_key_in_its_place) {
  const std::string whole = sealed("text");
  EXPECT_EQ(opened(whole, 100, 'k', "place"), "text");
  EXPECT_EQ(opened(whole, 100, 'x', "place"), "broken");
  EXPECT_EQ(opened(whole, 100, 'k', "another"), "broken");
}

TEST(seal, shows_nothing_of_the_text) {
  EXPECT_EQ(sealed("Anna Lakshmi").find("Anna"), std::string::npos);
  EXPECT_NE(sealed("same"), sealed("same"));
}

TEST(seal_key, is_told_by_its_id_and_read_strictly) {
  EXPECT_EQ(key_of('k').id(), key_of('k').id());
  EXPECT_NE(key_of('k').id(), key_of('l').id());
  EXPECT_EQ(key_of('k').id().size(), 16u);
  EXPECT_NE(key_of('k').stamp("a"), key_of('k').stamp("b"));
  EXPECT_NE(key_of('k').stamp("a"), key_of('l').stamp("a"));
  EXPECT_FALSE(SealKey::parse(""));
  EXPECT_FALSE(SealKey::parse(base64url(std::string(31, 'k'))));
  EXPECT_FALSE(SealKey::parse(base64url(std::string(33, 'k'))));
  EXPECT_FALSE(SealKey::parse(base64url(std::string(32, 'k')) + "\n"));
}

TEST(sha256_stream, is_that_of_the_whole) {
  Sha256 stream;
  stream.add("ab");
  stream.add("");
  stream.add("c");
  EXPECT_EQ(stream.digest(), sha256("abc"));
}

}  // namespace
}  // namespace fairward::crypto
