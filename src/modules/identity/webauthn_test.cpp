// Passkeys as devices make them, and everything that is wrong with one, each by itself.
#include "modules/identity/webauthn.h"

#include <gtest/gtest.h>

#include <functional>

#include "modules/identity/cbor.h"
#include "modules/identity/device_test.h"

namespace fairward::identity {
namespace {

using testing::Algorithm;
using testing::cbor_bytes;
using testing::cbor_map;
using testing::cbor_number;
using testing::cbor_text;
using testing::Device;

const RelyingParty party{"clinic.example", "https://clinic.example"};
const std::string challenge(56, 'c');

Judged<NewCredential> registered(const Device& device, std::string_view purpose = "webauthn.create") {
  return registration_judge(party, device.client_data(purpose, challenge), device.attestation());
}

Judged<Assertion> asserted(const Device& device, const KnownCredential& known,
                           std::string_view purpose = "webauthn.get") {
  const std::string client = device.client_data(purpose, challenge), data = device.data(false);
  return assertion_judge(party, known, client, data, device.signature(data, client));
}

TEST(webauthn, takes_what_each_algorithm_makes_and_signs) {
  for (const Algorithm algorithm : {Algorithm::es256, Algorithm::rs256, Algorithm::eddsa}) {
    Device device(algorithm);
    const auto made = registered(device);
    ASSERT_TRUE(made) << fault_text(made.error());
    EXPECT_EQ(made->id, device.id);
    EXPECT_EQ(made->public_key, device.cose());
    EXPECT_EQ(made->challenge, challenge);
    EXPECT_EQ(made->sign_count, 1);
    EXPECT_FALSE(made->is_synced);
    device.count = 2;
    const auto right = asserted(device, {made->public_key, made->sign_count, false});
    ASSERT_TRUE(right) << fault_text(right.error());
    EXPECT_EQ(right->sign_count, 2);
    EXPECT_EQ(right->challenge, challenge);
  }
}

struct Case {
  PasskeyFault fault;
  std::function<void(Device&)> spoil;
};

TEST(webauthn, refuses_at_registration_and_sign_in_what_is_wrong) {
  const Case table[] = {
      {PasskeyFault::origin, [](Device& d) { d.origin = "https://clinic.example.evil"; }},
      {PasskeyFault::origin, [](Device& d) { d.origin = "http://clinic.example"; }},
      {PasskeyFault::origin, [](Device& d) { d.origin = "https://clinic.example:8443"; }},
      {PasskeyFault::embedded, [](Device& d) { d.client_more = R"(,"crossOrigin":true)"; }},
      {PasskeyFault::client_data, [](Device& d) { d.client_more = R"(,"crossOrigin":"no")"; }},
      {PasskeyFault::client_data, [](Device& d) { d.client_more = R"(,"origin":"https://clinic.example")"; }},
      {PasskeyFault::client_data, [](Device& d) { d.client_more = ","; }},
      {PasskeyFault::party, [](Device& d) { d.party = "other.example"; }},
      {PasskeyFault::absent, [](Device& d) { d.flags = 0x04; }},
      {PasskeyFault::unverified, [](Device& d) { d.flags = 0x01; }},
      {PasskeyFault::backup, [](Device& d) { d.flags = 0x15; }},
      {PasskeyFault::authenticator_data, [](Device& d) { d.more = "x"; }},
      {PasskeyFault::authenticator_data, [](Device& d) { d.flags |= 0x80; }},
      {PasskeyFault::authenticator_data, [](Device& d) { (d.flags |= 0x80, d.more = cbor_number(1)); }},
  };
  for (const Case& one : table) {
    Device device(Algorithm::es256);
    one.spoil(device);
    const auto made = registered(device);
    ASSERT_FALSE(made) << fault_text(one.fault);
    EXPECT_EQ(fault_text(made.error()), fault_text(one.fault));
    const auto right = asserted(device, {device.cose(), 0, false});
    ASSERT_FALSE(right) << fault_text(one.fault);
    EXPECT_EQ(fault_text(right.error()), fault_text(one.fault));
  }
  Device device(Algorithm::es256);
  EXPECT_EQ(registered(device, "webauthn.get").error(), PasskeyFault::purpose);
  EXPECT_EQ(asserted(device, {device.cose(), 0, false}, "webauthn.create").error(), PasskeyFault::purpose);
  device.flags |= 0x80;
  device.more = cbor_map(1) + cbor_text("credProps") + cbor_map(1) + cbor_text("rk") + "\xf5";
  EXPECT_TRUE(registered(device)) << "extensions are passed over";
}

TEST(webauthn, refuses_a_signature_that_is_not_of_the_key_over_this) {
  Device device(Algorithm::es256), other(Algorithm::es256);
  const KnownCredential known{device.cose(), 0, false};
  const std::string client = device.client_data("webauthn.get", challenge), data = device.data(false);
  const std::string good = device.signature(data, client);
  ASSERT_TRUE(assertion_judge(party, known, client, data, good));
  const auto fault = [&](const std::string& c, const std::string& d, const std::string& s) {
    const auto right = assertion_judge(party, known, c, d, s);
    return right ? std::string("taken") : std::string(fault_text(right.error()));
  };
  const std::string wrong(fault_text(PasskeyFault::signature));
  EXPECT_EQ(fault(client, data, other.signature(data, client)), wrong);
  EXPECT_EQ(fault(client, data, ""), wrong);
  EXPECT_EQ(fault(client, data, good.substr(0, good.size() - 1)), wrong);
  EXPECT_EQ(fault(device.client_data("webauthn.get", std::string(56, 'x')), data, good), wrong) << "another challenge";
  device.count = 9;
  EXPECT_EQ(fault(client, device.data(false), good), wrong) << "another count";
  EXPECT_EQ(assertion_judge(party, {other.cose(), 0, false}, client, data, good).error(), PasskeyFault::signature);
  EXPECT_EQ(assertion_judge(party, {"", 0, false}, client, data, good).error(), PasskeyFault::key);
}

TEST(webauthn, refuses_a_counter_that_does_not_grow) {
  Device device(Algorithm::es256);
  const auto fault = [&](std::uint32_t count, std::int64_t before) {
    device.count = count;
    const auto right = asserted(device, {device.cose(), before, false});
    return right ? std::string("taken") : std::string(fault_text(right.error()));
  };
  const std::string back(fault_text(PasskeyFault::counter));
  EXPECT_EQ(fault(6, 5), "taken");
  EXPECT_EQ(fault(5, 5), back);
  EXPECT_EQ(fault(4, 5), back);
  EXPECT_EQ(fault(0, 5), back);
  EXPECT_EQ(fault(0, 0), "taken") << "it does not count";
  EXPECT_EQ(fault(4294967295U, 5), "taken");
}

TEST(webauthn, refuses_a_device_that_changes_its_mind_about_copies) {
  Device device(Algorithm::es256);
  device.flags = 0x0d;
  ASSERT_TRUE(registered(device)->is_synced);
  EXPECT_TRUE(asserted(device, {device.cose(), 0, true}));
  EXPECT_EQ(asserted(device, {device.cose(), 0, false}).error(), PasskeyFault::backup);
  device.flags = 0x05;
  EXPECT_EQ(asserted(device, {device.cose(), 0, true}).error(), PasskeyFault::backup);
}

TEST(webauthn, trusts_no_maker_and_takes_a_key_that_signs_for_itself) {
  Device device(Algorithm::es256), other(Algorithm::es256);
  device.statement = cbor_map(1) + cbor_text("alg") + cbor_number(-7);
  EXPECT_EQ(registered(device).error(), PasskeyFault::attestation) << "none, with something";
  device.format = "fido-u2f";
  device.statement = cbor_map(0);
  EXPECT_EQ(registered(device).error(), PasskeyFault::attestation);
  device.format = "packed";
  EXPECT_EQ(registered(device).error(), PasskeyFault::attestation);
  const auto signed_by = [&](const Device& signer, std::int64_t algorithm) {
    const std::string client = device.client_data("webauthn.create", challenge);
    device.statement = cbor_map(2) + cbor_text("alg") + cbor_number(algorithm) + cbor_text("sig") +
                       cbor_bytes(signer.signature(device.data(true), client));
    return registered(device).has_value();
  };
  EXPECT_TRUE(signed_by(device, -7));
  EXPECT_FALSE(signed_by(other, -7));
  EXPECT_FALSE(signed_by(device, -257));
}

TEST(webauthn, refuses_keys_that_are_none) {
  Device device(Algorithm::es256);
  const std::string good = device.attestation(), cose = device.cose();
  const auto fault_of = [&](std::size_t at, char to) {
    std::string spoilt = good;
    spoilt[good.find(cose) + at] = to;
    const auto made = registration_judge(party, device.client_data("webauthn.create", challenge), spoilt);
    return made ? std::string("taken") : std::string(fault_text(made.error()));
  };
  const std::string none(fault_text(PasskeyFault::key));
  EXPECT_EQ(fault_of(2, 1), none) << "another kind of key";
  EXPECT_EQ(fault_of(4, 0x27), none) << "another algorithm";
  EXPECT_EQ(fault_of(6, 2), none) << "another curve";
  EXPECT_EQ(fault_of(12, static_cast<char>(cose[12] ^ 1)), none) << "not on the curve";
  EXPECT_EQ(fault_of(5, 0), none) << "a name that is not known";
}

TEST(webauthn, survives_every_cut) {
  Device device(Algorithm::rs256);
  const std::string client = device.client_data("webauthn.create", challenge), whole = device.attestation();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(registration_judge(party, client, std::string_view(whole).substr(0, size))) << size;
  for (std::size_t size = 0; size < client.size(); ++size)
    EXPECT_FALSE(registration_judge(party, std::string_view(client).substr(0, size), whole)) << size;
  EXPECT_FALSE(registration_judge(party, client, whole + "x"));
}

TEST(relying_party_of, takes_the_name_and_the_origin) {
  const auto text = [](std::string_view url) {
    const auto of = relying_party_of(url);
    return of ? of->id + " " + of->origin : std::string("none");
  };
  EXPECT_EQ(text("https://Clinic.Example/"), "clinic.example https://clinic.example");
  EXPECT_EQ(text("https://clinic.example:8443"), "clinic.example https://clinic.example:8443");
  EXPECT_EQ(text("https://clinic.example:443/x"), "clinic.example https://clinic.example");
  EXPECT_EQ(text("http://127.0.0.1:8080"), "localhost http://localhost:8080");
  EXPECT_EQ(text("http://[::1]:8080"), "localhost http://localhost:8080");
  EXPECT_EQ(text("https://10.0.0.7"), "none");
  EXPECT_EQ(text("https://[2001:db8::1]:443"), "none");
  EXPECT_EQ(text(""), "none");
}

TEST(cbor_reader, takes_definite_forms_within_bounds) {
  const auto number = [](std::string_view bytes) {
    const auto item = CborReader(bytes).next();
    return item && item->kind == CborItem::Kind::number ? std::to_string(item->number) : std::string("none");
  };
  for (const std::int64_t n : {0LL, 23LL, 24LL, 255LL, 256LL, 65536LL, 4294967296LL, -1LL, -25LL, -257LL, -65537LL})
    EXPECT_EQ(number(cbor_number(n)), std::to_string(n));
  EXPECT_EQ(number("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), "none") << "too large";
  EXPECT_EQ(number("\x1b\xff"), "none") << "cut off";
  for (const std::string_view bad : {"\x5f\x41x\xff", "\x7f\xff", "\x9f\xff", "\xbf\xff", "\xff", "\xc0\x01",
                                     "\x5b\xff\xff\xff\xff\xff\xff\xff\xff"})
    EXPECT_FALSE(CborReader(bad).skip()) << "indefinite, tagged, or longer than there is";
  EXPECT_FALSE(CborReader("").next());
  EXPECT_FALSE(CborReader(testing::cbor_head(4, 1ULL << 40)).next());
  EXPECT_FALSE(CborReader(std::string(9, '\x81') + "\x01").skip()) << "too deep";
  EXPECT_TRUE(CborReader(std::string(7, '\x81') + "\x01").skip());
}

}  // namespace
}  // namespace fairward::identity
