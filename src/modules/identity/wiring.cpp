#include "modules/identity/wiring.h"

#include "modules/identity/service.h"

namespace fairward::identity {
namespace {

// make_identity makes no other.
Service& service_of(Identity& identity) { return static_cast<Service&>(identity); }

}  // namespace

void passkeys_bind(Identity& identity, const std::string& public_url) {
  service_of(identity).passkeys_bind(public_url);
}

bool administrator_invite(Identity& identity, Txn& txn, Call& call, const FirstAdministrator& administrator) {
  return service_of(identity).administrator_invite(txn, call, administrator);
}

void tell(Identity& identity, Txn& txn, const Message& message) { service_of(identity).tell(txn, message); }

}  // namespace fairward::identity
