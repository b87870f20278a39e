// Passkeys: a device's key signs its owner in, without a password, once the device has made sure of the owner. That is
// two factors: what one has, and a finger or a number. See webauthn.h for what is checked. Source: mission I2.
//
// A challenge is good for five minutes, for one purpose and once: it carries its end and a seal, so that any node knows
// it again; what was answered is written down, so that no node takes it twice.
#pragma once

#include "modules/identity/people.h"
#include "modules/identity/secrets.h"
#include "modules/identity/sessions.h"
#include "modules/identity/webauthn.h"

namespace fairward::identity {

constexpr Duration passkey_challenge_ttl = minutes(5);
constexpr Duration passkey_change_within = hours(1);  // since the session began: a stolen one makes none that last
constexpr std::size_t passkeys_per_user = 20;

// A passkey that signed right; what the transaction still has to do.
struct PasskeyRight {
  PasskeyId id;
  UserId user;
  std::int64_t sign_count = 0;
  std::string challenge;  // bytes
};

class Passkeys {
 public:
  Passkeys(Sessions& sessions, const IdentityOptions& options);
  // Until then, and for an address without a name, none are offered.
  void bind(std::string_view public_url) { party_ = relying_party_of(public_url); }

  Result<Page<Passkey>> passkey_list(Snapshot& db, Call& call, const api::Empty&);
  // What a browser needs to make one. Errors, in this order: passkeys_not_offered, passkey_sign_in_again,
  // passkeys_full.
  Result<PasskeyOffer> passkey_offer_create(Snapshot& db, Call& call, const api::Empty&);
  // Errors, in this order: passkeys_not_offered, passkey_sign_in_again, passkey_invalid, passkeys_full, passkey_known.
  // Emits identity.passkey_added.
  Result<Created<Passkey>> passkey_create(Txn& txn, Call& call, const PasskeyCreate& body);
  Result<NoContent> passkey_rename(Txn& txn, Call& call, const PasskeyRename& body);
  // Errors, in this order: passkey_sign_in_again, passkey_not_found. Emits identity.passkey_removed.
  Result<NoContent> passkey_delete(Txn& txn, Call& call, const PasskeyPath& path);

  // Errors: passkeys_not_offered.
  Result<PasskeyChallenge> passkey_challenge_create(Call& call, const api::Empty&);
  // Errors, in this order: passkeys_not_offered, passkey_refused, for whatever is not right; the log knows more.
  Result<PasskeyRight> login_prepare(api::Outside& outside, Call& call, const PasskeyLogin& body);
  // Errors, in this order: passkey_refused, user_disabled.
  Result<Tokens> passkey_login_create(Txn& txn, Call& call, const PasskeyLogin& body, PasskeyRight& right);
  Result<Created<Session>> passkey_session_create(Txn& txn, Call& call, const PasskeyLogin& body, PasskeyRight& right);

 private:
  std::string challenge_make(Call& call, const std::string& purpose) const;  // bytes
  bool challenge_is_good(std::string_view challenge, const std::string& purpose, Instant now) const;
  std::string handle_of(UserId user, const std::vector<PasskeyRow>& rows) const;
  Result<void> recent_check(Snapshot& db, const Call& call) const;
  Result<UserRow> finish(Txn& txn, Call& call, const PasskeyRight& right);

  Sessions& sessions_;
  const IdentityOptions options_;
  std::optional<RelyingParty> party_;
  const std::string challenge_key_, handle_key_;
};

std::int64_t passkey_answers_prune(Txn& txn, Instant now);

}  // namespace fairward::identity
