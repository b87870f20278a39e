// The second factor of a login: codes of an authenticator app, and recovery codes for when it is lost. Each try is
// written down before it is judged; after five wrong ones in a row tries come ever more slowly, which only who knows
// the password can bring about. Source: mission I2.
#pragma once

#include "modules/identity/people.h"
#include "modules/identity/secrets.h"
#include "modules/identity/sessions.h"

namespace fairward::identity {

// A second factor that was right; what the transaction still has to do.
struct FactorRight {
  std::int64_t step = 0;      // of an app's code
  std::string recovery_hash;  // of a recovery code
  bool is_needed = false;     // else there was none to ask for
};

// How long the next try must wait after so many wrong ones in a row.
Duration totp_pause(std::int64_t failures);

class SecondFactor {
 public:
  SecondFactor(Sessions& sessions, Entropy& entropy, const IdentityOptions& options);

  // Errors, in this order: second_factor_needed (no code was given), second_factor_throttled, second_factor_wrong.
  Result<FactorRight> judge(UserId user, const std::optional<std::string>& code, Instant now);
  // Errors: second_factor_wrong, for what was used meanwhile.
  Result<void> accept(Txn& txn, UserId user, const FactorRight& right, Instant now);

  Result<FactorState> second_factor_get(Snapshot& db, Call& call, const api::Empty&);
  // Begins: the secret is good once a code of it has come back. Errors: second_factor_enrolled.
  Result<FactorSecret> second_factor_create(Txn& txn, Call& call, const api::Empty&);
  // Errors, in this order: second_factor_not_begun, second_factor_wrong. Emits identity.second_factor_added.
  Result<RecoveryCodes> second_factor_confirm(Txn& txn, Call& call, const FactorCode& body);
  // Errors: those of judge.
  Result<FactorRight> code_prepare(api::Outside& outside, Call& call, const FactorCode& body);
  // Emits identity.second_factor_removed; the other sessions end.
  Result<NoContent> second_factor_remove(Txn& txn, Call& call, const FactorCode& body, FactorRight& right);
  Result<RecoveryCodes> recovery_codes_renew(Txn& txn, Call& call, const FactorCode& body, FactorRight& right);
  void remove(Txn& txn, UserId user);

 private:
  RecoveryCodes recovery_codes_make(Txn& txn, UserId user);
  std::string opened(UserId user, const std::string& sealed) const;

  Sessions& sessions_;
  sql::Engine& engine_;
  Entropy& entropy_;
  const IdentityOptions options_;
  const std::string key_;
};

}  // namespace fairward::identity
