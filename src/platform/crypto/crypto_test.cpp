// The published vectors of every scheme, and the refusals.
#include "platform/crypto/crypto.h"

#include <gtest/gtest.h>

#include <charconv>

namespace fairward::crypto {
namespace {

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string hex_of(const Digest& digest) { return hex(bytes_of(digest)); }

TEST(sha256, fits_the_vectors_of_fips_180) {
  EXPECT_EQ(hex_of(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_of(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(hmac_sha256, fits_the_vectors_of_rfc_4231) {
  EXPECT_EQ(hex_of(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex_of(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_of(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(equal_constant_time, compares_length_and_bytes) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "abcd"));
}

TEST(base64, fits_the_vectors_of_rfc_4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
  }
}

TEST(base64url, has_no_padding_and_its_own_alphabet) {
  EXPECT_EQ(base64url("\xfb\xff\xbf"), "-_-_");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url_decode("-_-_"), "\xfb\xff\xbf");
}

TEST(base64_decode, refuses_what_is_not_canonical) {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Z", "Zm9v\n", " Zm9v", "Zm9v=", "Zm-v", "Zg==Zg=="})
    EXPECT_FALSE(base64_decode(text)) << text;
  for (const char* text : {"Zg==", "Zh", "Z", "+/+/", "Zm 9v"}) EXPECT_FALSE(base64url_decode(text)) << text;
  // One text for one value: no byte stands for another one's letter.
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = {'A', 'A', 'A', static_cast<char>(byte)};
    const auto url = base64url_decode(text), plain = base64_decode(text);
    if (url) EXPECT_EQ(base64url(*url), text) << byte;
    if (plain) EXPECT_EQ(base64(*plain), text) << byte;
  }
}

TEST(ed25519, fits_test_1_and_2_of_rfc_8032) {
  const auto first = SigningKey::from_seed(unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  ASSERT_TRUE(first);
  EXPECT_EQ(hex(first->public_key()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(hex(first->sign("")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f059"
            "5bbe24655141438e7a100b");
  const auto second = SigningKey::from_seed(unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  EXPECT_EQ(hex(second->sign("\x72")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4"
            "302aeeb00d291612bb0c00");
}

TEST(ed25519_verify, refuses_what_was_changed) {
  const auto key = SigningKey::from_seed(std::string(32, '\x07'));
  const std::string signature = key->sign("message");
  EXPECT_TRUE(ed25519_verify(key->public_key(), "message", signature));
  EXPECT_FALSE(ed25519_verify(key->public_key(), "massage", signature));
  EXPECT_FALSE(ed25519_verify(key->public_key(), "message", signature.substr(1)));
  EXPECT_FALSE(ed25519_verify(std::string(32, '\0'), "message", signature));
  EXPECT_FALSE(ed25519_verify("", "message", signature));
  EXPECT_FALSE(SigningKey::from_seed("short"));
}

TEST(password_hash, verifies_and_is_salted) {
  auto entropy = make_seeded_entropy(1);
  const std::string first = password_hash("correct horse", *entropy);
  const std::string second = password_hash("correct horse", *entropy);
  EXPECT_TRUE(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_NE(first, second);
  EXPECT_TRUE(password_verify(first, "correct horse"));
  EXPECT_FALSE(password_verify(first, "correct house"));
  EXPECT_FALSE(password_hash_is_outdated(first));
}

// Made by the reference implementation's command: argon2 somesalt -id -t 2 -k 65536 -p 1 (its README and test.c).
TEST(password_verify, takes_argon2id_of_other_parameters_and_calls_it_outdated) {
  const std::string hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(password_verify(hash, "password"));
  EXPECT_FALSE(password_verify(hash, "Password"));
  EXPECT_TRUE(password_hash_is_outdated(hash));
}

// Vectors of Drepper's "Unix crypt using SHA-256 and SHA-512"; OpenSSL's own implementation gives the same.
TEST(password_verify, takes_imported_sha256_crypt) {
  const std::string plain = "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5";
  const std::string rounds = "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA";
  EXPECT_TRUE(password_verify(plain, "Hello world!"));
  EXPECT_FALSE(password_verify(plain, "Hello world?"));
  EXPECT_TRUE(password_hash_is_outdated(plain));
  EXPECT_TRUE(password_verify(rounds, "Hello world!"));
  EXPECT_FALSE(password_verify(rounds, "Hello world?"));
}

TEST(password_verify, refuses_schemes_and_costs_it_does_not_know) {
  for (const char* hash :
       {"", "x", "*0", "$1$abc$def", "$5$", "$5$rounds=999999999$salt$hash", "$5$rounds=0$salt$hash",
        "$5$rounds=x$salt$hash", "$6$saltstring$x", "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA", "plain"})
    EXPECT_FALSE(password_verify(hash, "plain")) << hash;
}

// The example of the Standard Webhooks specification's reference libraries.
TEST(webhook_secret, signs_as_the_reference_libraries_do) {
  const auto secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(secret);
  const auto headers =
      secret->sign("msg_p5jXN8AQM9LWM0D4loKWxJek", Instant{1'614'265'330'000}, R"({"test": 2432232314})");
  EXPECT_EQ(headers.timestamp, "1614265330");
  EXPECT_EQ(headers.signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(webhook_secret, needs_24_bytes_of_base64) {
  EXPECT_TRUE(WebhookSecret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  for (const char* text : {"", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, not even near!"})
    EXPECT_FALSE(WebhookSecret::parse(text)) << text;
}

TEST(webhook_secret, verifies_one_of_several_signatures_within_five_minutes) {
  const auto secret = *WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const Instant at{1'700'000'000'000};
  const WebhookHeaders good = secret.sign("msg_1", at, "{}");
  EXPECT_TRUE(secret.verify(good, "{}", at));
  EXPECT_TRUE(secret.verify(good, "{}", at + minutes(5)));
  EXPECT_TRUE(secret.verify(good, "{}", at - minutes(5)));
  EXPECT_TRUE(secret.verify({good.id, good.timestamp, "v1,AAAA " + good.signature}, "{}", at));
  EXPECT_FALSE(secret.verify(good, "{} ", at));
  EXPECT_FALSE(secret.verify(good, "{}", at + minutes(5) + seconds(1)));
  EXPECT_FALSE(secret.verify(good, "{}", at - minutes(5) - seconds(1)));
  EXPECT_FALSE(secret.verify({"msg_2", good.timestamp, good.signature}, "{}", at));
  EXPECT_FALSE(secret.verify({good.id, good.timestamp, ""}, "{}", at));
  EXPECT_FALSE(secret.verify({good.id, good.timestamp, "v1a," + good.signature.substr(3)}, "{}", at));
  for (const char* timestamp : {"", "x", "-1", "1e9", "1700000000 ", "99999999999999999999", "9223372036854775807"})
    EXPECT_FALSE(secret.verify({good.id, timestamp, good.signature}, "{}", at)) << timestamp;
}

}  // namespace
}  // namespace fairward::crypto
