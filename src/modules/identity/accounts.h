// Signing up and logging in. Hashing happens in the prepare steps, outside every transaction.
#pragma once

#include <string>

#include "modules/identity/people.h"
#include "modules/identity/second_factor.h"
#include "modules/identity/sessions.h"
#include "modules/identity/throttle.h"

namespace fairward::identity {

// A password that was found right; what the transaction still has to do.
struct Verified {
  UserId user;
  std::string old_hash, new_hash;  // new_hash "": no upgrade
  FactorRight factor;
};

class Accounts {
 public:
  Accounts(Sessions& sessions, Entropy& entropy, const IdentityOptions& options);

  // Errors, in this order: login_throttled, role_not_open, login_invalid, password_too_weak, login_taken.
  Result<NewAccount> registration_prepare(api::Outside& outside, Call& call, const Registration& body);
  Result<Created<Tokens>> registration_create(Txn& txn, Call& call, const Registration& body, NewAccount& account);
  Result<Created<Session>> session_registration_create(Txn& txn, Call& call, const Registration& body,
                                                       NewAccount& account);

  // Errors, in this order: login_throttled, login_failed, user_disabled, those of SecondFactor::judge,
  // passkey_needed. An unknown login
  // costs as much as a known one.
  Result<Verified> login_prepare(api::Outside& outside, Call& call, const LoginRequest& body);
  Result<Tokens> login_create(Txn& txn, Call& call, const LoginRequest& body, Verified& verified);
  Result<Created<Session>> session_create(Txn& txn, Call& call, const LoginRequest& body, Verified& verified);

  // Errors: login_throttled. Says who has an account, as mission I1 wants; that is why it is throttled.
  Result<LoginKnown> login_question_ask(Snapshot& db, Call& call, const LoginQuestion& body);

  SecondFactor& second_factor() { return second_factor_; }
  Result<Tokens> tokens_refresh(Txn& txn, Call& call, const RefreshRequest& body);
  Result<NoContent> logout_create(Txn& txn, Call& call, const api::Empty&);
  Result<Session> session_get(Snapshot& db, Call& call, const api::Empty&);
  Result<NoContent> session_delete(Txn& txn, Call& call, const api::Empty&);
  Result<Serialized<JsonWebKeySet>> key_set_get(Call& call, const api::Empty&);

 private:
  Result<UserRow> login_finish(Txn& txn, const Verified& verified, Instant now);

  Sessions& sessions_;
  Entropy& entropy_;
  const IdentityOptions options_;
  LoginThrottle throttle_;
  SecondFactor second_factor_;
  const std::string nobodys_hash_;  // what an unknown login is verified against
};

// Errors: login_throttled, with how long to wait.
Failed login_throttled_for(Duration wait);
// The logins of a registration, normalised. Errors: login_invalid with the field.
Result<std::vector<Login>> registration_logins(const Registration& body);
// Errors: password_too_weak.
Result<void> password_check(const std::string& password, int length_min, const std::vector<Login>& logins,
                            const std::string& name);

}  // namespace fairward::identity
