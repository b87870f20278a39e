// The module put together. Internal: others see identity.h.
#pragma once

#include "modules/identity/accounts.h"
#include "modules/identity/api_keys.h"
#include "modules/identity/codes.h"
#include "modules/identity/family.h"
#include "modules/identity/identity.h"
#include "modules/identity/invitations.h"
#include "modules/identity/own_sessions.h"
#include "modules/identity/passkeys.h"
#include "modules/identity/passwords.h"
#include "modules/identity/patients.h"
#include "modules/identity/secrets.h"
#include "modules/identity/sessions.h"
#include "modules/identity/users.h"
#include "modules/identity/wiring.h"

namespace fairward::identity {

class Service final : public Identity {
 public:
  Service(sql::Engine& engine, const Clock& clock, Entropy& entropy, const IdentityOptions& options)
      : engine_(engine),
        clock_(clock),
        secrets_(seed_of(options.signing_key)),
        sessions_(engine, clock, options),
        accounts_(sessions_, entropy, options),
        codes_(engine, sessions_, secrets_, options),
        family_(sessions_, options),
        own_sessions_(sessions_, options),
        keys_(sessions_, options),
        passkeys_(sessions_, options),
        passwords_(sessions_, entropy, options),
        users_(sessions_, entropy, options),
        invitations_(sessions_, users_, entropy, options) {}

  void routes(api::Routes& routes) override;
  void jobs(jobs::Jobs& jobs) override;
  void treated(Treated find) override { patients_.treated(std::move(find)); }
  void practises(Practises check) override { users_.practises(std::move(check)); }
  void messenger(Messenger messenger, bool reaches_phones) override {
    messenger_ = messenger;
    invitations_.messenger(messenger);
    passwords_.messenger(messenger);
    if (reaches_phones) codes_.messenger(std::move(messenger));
  }
  std::optional<std::string> secret(std::string_view name, Instant now) const override;
  void heard(const sql::Event& event) override { sessions_.heard(event); }
  void doubt_all() override { sessions_.doubt_all(); }
  void authenticate(const http::Request& request, Instant now,
                    std::move_only_function<void(Result<api::Caller>)> answer) override {
    sessions_.authenticate(request, now, std::move(answer));
  }
  // See wiring.h.
  void passkeys_bind(const std::string& public_url) { passkeys_.bind(public_url); }
  bool administrator_invite(Txn& txn, Call& call, const FirstAdministrator& administrator);
  void tell(Txn& txn, const Message& message) {
    if (messenger_) messenger_(txn, message);
  }

 private:
  void account_routes(api::Routes& routes);
  void code_routes(api::Routes& routes);
  void factor_routes(api::Routes& routes);
  void security_routes(api::Routes& routes);
  void key_routes(api::Routes& routes);
  void passkey_routes(api::Routes& routes);
  void invitation_routes(api::Routes& routes);
  void family_routes(api::Routes& routes);
  void session_routes(api::Routes& routes);
  void user_routes(api::Routes& routes);
  void patient_routes(api::Routes& routes);

  sql::Engine& engine_;
  const Clock& clock_;
  const Secrets secrets_;
  Sessions sessions_;
  Accounts accounts_;
  Codes codes_;
  Family family_;
  OwnSessions own_sessions_;
  ApiKeys keys_;
  Passkeys passkeys_;
  Passwords passwords_;
  Users users_;
  Patients patients_;
  Invitations invitations_;
  Messenger messenger_;
};

}  // namespace fairward::identity
