// What an authenticator says when a passkey is made and when it signs in, and whether it is right: Web Authentication
// level 2. Pure: challenges and stored keys belong to passkeys.h. Every field is a stranger's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace fairward::identity {

// To whom passkeys are bound: the host of the public address, and its origin.
struct RelyingParty {
  std::string id;      // "clinic.example"
  std::string origin;  // "https://clinic.example:8443"
};
// nullopt for an address without a name: a passkey is never of an IP address. The machine itself is "localhost".
std::optional<RelyingParty> relying_party_of(std::string_view public_url);

// What is wrong, in the order in which it is looked at. For the log: the caller is told no reason.
enum class PasskeyFault : std::uint8_t {
  client_data,         // it is not JSON of this form
  purpose,             // made for the other of registration and sign-in
  origin,              // of another site
  embedded,            // in a frame of another site
  attestation,         // not CBOR of this form, or of a kind that is not taken
  authenticator_data,  // cut off, too long, or without what it must have
  party,               // for another site
  absent,              // nobody was there
  unverified,          // nobody proved to be its owner
  backup,              // says that it was copied and cannot be, or has changed its mind
  key,                 // of an algorithm that is not taken, or no key at all
  signature,           // wrong
  counter,             // has gone back: there may be a copy
};
std::string_view fault_text(PasskeyFault fault);

template <class T>
using Judged = tl::expected<T, PasskeyFault>;

struct NewCredential {
  std::string id;          // bytes
  std::string public_key;  // COSE, bytes
  std::int64_t sign_count = 0;
  bool is_synced = false;  // may be copied to the owner's other devices
  std::string challenge;   // bytes; whether it is ours and unused is not said yet
};
Judged<NewCredential> registration_judge(const RelyingParty& party, std::string_view client_data,
                                         std::string_view attestation_object);

struct KnownCredential {
  std::string public_key;
  std::int64_t sign_count = 0;
  bool is_synced = false;
};
struct Assertion {
  std::int64_t sign_count = 0;
  std::string challenge;
};
Judged<Assertion> assertion_judge(const RelyingParty& party, const KnownCredential& known, std::string_view client_data,
                                  std::string_view authenticator_data, std::string_view signature);

constexpr std::size_t credential_id_bytes_max = 1023;

}  // namespace fairward::identity
