// Passkeys: whatever a browser passes on is read without harm, no forged one is taken, and what is taken is what a
// device made. The first byte chooses what the rest is: client data, an attestation, an authenticator's data, a stored
// key, or CBOR.
#include "fuzz.h"
#include "modules/identity/cbor.h"
#include "modules/identity/webauthn.h"
#include "platform/crypto/crypto.h"

namespace fairward::fuzz {
namespace {

const identity::RelyingParty party{"clinic.example", "https://clinic.example"};
const std::string challenge(56, 'c');

std::string client_data(std::string_view purpose) {
  return R"({"type":")" + std::string(purpose) + R"(","challenge":")" + crypto::base64url(challenge) +
         R"(","origin":"https://clinic.example"})";
}

const std::string& own_key() {
  static const std::string key = [] {
    const auto signing = *crypto::SigningKey::from_seed(std::string(32, 'd'));
    return "\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20" + signing.public_key();
  }();
  return key;
}

void check_client_data(std::string_view text) {
  const auto right = identity::assertion_judge(party, {own_key(), 0, false}, text, "", "");
  demand(!right, "an assertion without data is taken");
}

// What is taken has the flags, the party and a key that its own bytes tell of again.
void check_attestation(std::string_view bytes) {
  const auto made = identity::registration_judge(party, client_data("webauthn.create"), bytes);
  if (!made) return;
  demand(made->challenge == challenge, "another challenge is read");
  demand(!made->id.empty() && made->id.size() <= identity::credential_id_bytes_max, "an id without bounds is taken");
  demand(bytes.find(crypto::bytes_of(crypto::sha256(party.id))) != std::string_view::npos, "of another party");
  demand(bytes.find(made->public_key) != std::string_view::npos, "the key is not what was sent");
}

void check_data(std::string_view bytes) {
  const std::string_view data = bytes.substr(0, bytes.size() / 2), signature = bytes.substr(bytes.size() / 2);
  const auto right =
      identity::assertion_judge(party, {own_key(), 0, false}, client_data("webauthn.get"), data, signature);
  demand(!right, "a forged signature is taken");
}

void check_key(std::string_view bytes) {
  std::string data(crypto::bytes_of(crypto::sha256(party.id)));
  data += std::string("\x05\0\0\0\1", 5);
  const std::string_view key = bytes.substr(0, bytes.size() * 3 / 4), signature = bytes.substr(key.size());
  (void)identity::assertion_judge(party, {std::string(key), 0, false}, client_data("webauthn.get"), data, signature);
}

void check_cbor(std::string_view bytes) {
  identity::CborReader whole(bytes), items(bytes);
  const bool is_whole = whole.skip();
  demand(whole.rest().size() <= bytes.size(), "more is left than there was");
  std::size_t left = bytes.size();
  while (const auto item = items.next()) {
    demand(items.rest().size() < left, "an item of no length");
    demand(item->text.size() <= left, "an item longer than the text");
    left = items.rest().size();
  }
  demand(!is_whole || whole.rest().size() < bytes.size(), "nothing is a value");
}

}  // namespace

void run(std::string_view input) {
  if (input.empty()) return;
  const std::string_view text = input.substr(1);
  switch (static_cast<unsigned char>(input[0]) % 5) {
    case 0: check_client_data(text); break;
    case 1: check_attestation(text); break;
    case 2: check_data(text); break;
    case 3: check_key(text); break;
    case 4: check_cbor(text); break;
  }
}

}  // namespace fairward::fuzz
