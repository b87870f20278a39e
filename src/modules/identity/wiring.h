// What src/app alone asks of this module, to join it with the others and with the place where it is served.
#pragma once

#include <string>

#include "modules/identity/identity.h"

namespace fairward::identity {

// Where people reach the pages: passkeys are bound to it, see webauthn.h. Before the first request.
void passkeys_bind(Identity& identity, const std::string& public_url);

// Invites the first administrator of a hospital, by e-mail; the caller may do it. False: somebody has the address as a
// login already, or messages cannot be sent.
struct FirstAdministrator {
  HospitalId hospital;
  std::string name, email, language;
};
bool administrator_invite(Identity& identity, Txn& txn, Call& call, const FirstAdministrator& administrator);

// Sends a message, where messages can be sent.
void tell(Identity& identity, Txn& txn, const Message& message);

}  // namespace fairward::identity
