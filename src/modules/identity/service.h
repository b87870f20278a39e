// The module put together. Internal: others see identity.h.
#pragma once

#include "modules/identity/accounts.h"
#include "modules/identity/identity.h"
#include "modules/identity/sessions.h"
#include "modules/identity/users.h"

namespace fairward::identity {

class Service final : public Identity {
 public:
  Service(sql::Engine& engine, const Clock& clock, Entropy& entropy, const IdentityOptions& options)
      : engine_(engine),
        sessions_(engine, clock, options),
        accounts_(sessions_, entropy, options),
        users_(sessions_, entropy, options) {}

  void routes(api::Routes& routes) override;
  void jobs(jobs::Jobs& jobs) override;
  void practises(Practises check) override { users_.practises(std::move(check)); }
  void heard(const sql::Event& event) override { sessions_.heard(event); }
  void doubt_all() override { sessions_.doubt_all(); }
  void authenticate(const http::Request& request, Instant now,
                    std::move_only_function<void(Result<api::Caller>)> answer) override {
    sessions_.authenticate(request, now, std::move(answer));
  }

 private:
  void account_routes(api::Routes& routes);
  void session_routes(api::Routes& routes);
  void user_routes(api::Routes& routes);
  static void patient_routes(api::Routes& routes);

  sql::Engine& engine_;
  Sessions sessions_;
  Accounts accounts_;
  Users users_;
};

}  // namespace fairward::identity
