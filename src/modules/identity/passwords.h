// A new password: chosen by who is signed in, or by a link that was sent to the owner of the account. Hashing happens
// in the prepare steps.
#pragma once

#include "modules/identity/people.h"
#include "modules/identity/secrets.h"
#include "modules/identity/sessions.h"
#include "modules/identity/throttle.h"

namespace fairward::identity {

constexpr Duration reset_ttl = minutes(30);
constexpr int resets_per_login = 3;  // in that time; more are answered alike and send nothing: the links still open
constexpr Duration first_password_within = minutes(10);

// A hash to store, and what must still be true when it is.
struct PasswordReady {
  UserId user;
  std::string old_hash, new_hash;  // old_hash "": there was none
  std::int64_t reset = 0;          // the row of the link
};

class Passwords {
 public:
  Passwords(Sessions& sessions, Entropy& entropy, const IdentityOptions& options);
  void messenger(Messenger messenger) { messenger_ = std::move(messenger); }

  // Who has no password yet chooses one within ten minutes of signing in. The other sessions end.
  // Errors, in this order: login_throttled, sign_in_again, old_password_wrong, password_too_weak.
  Result<PasswordReady> change_prepare(api::Outside& outside, Call& call, const PasswordChange& body);
  Result<NoContent> password_change(Txn& txn, Call& call, const PasswordChange& body, PasswordReady& ready);

  // Answers the same whoever has the login. Errors: resets_not_offered.
  Result<Accepted<ResetSent>> reset_create(Txn& txn, Call& call, const ResetRequest& body);
  // Ends every session. Errors, in this order: link_wrong, password_too_weak.
  Result<PasswordReady> reset_prepare(api::Outside& outside, Call& call, const PasswordReset& body);
  Result<NoContent> password_reset(Txn& txn, Call& call, const PasswordReset& body, PasswordReady& ready);
  // The token of a row's link, while it is of use.
  std::optional<std::string> link(std::int64_t id, Instant now) const;

 private:
  void send(Txn& txn, const ResetRequest& body, const Login& login, const UserRow& user, std::int64_t id);

  Sessions& sessions_;
  sql::Engine& engine_;
  Entropy& entropy_;
  const IdentityOptions options_;
  const Secrets secrets_;
  LoginThrottle throttle_;
  Messenger messenger_;
};

std::int64_t resets_prune(Txn& txn, Instant now);

}  // namespace fairward::identity
