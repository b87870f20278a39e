// Logins that last: browser sessions by cookie and API sessions by tokens; who a request comes from.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "modules/identity/api.h"
#include "modules/identity/caller_cache.h"
#include "modules/identity/cookies.h"
#include "modules/identity/identity.h"
#include "modules/identity/store.h"
#include "modules/identity/tokens.h"

namespace fairward::identity {

// Ends: revoked, past its end, or (cookies) unseen for too long. Disabled users have none.
bool session_is_live(const SessionRow& session, Instant now, Duration idle_ttl);
// Pending users keep their role but reach nothing: no hospital, no doctor. Where staff must have a second factor, who
// has none yet may do nothing but add one.
api::Caller caller_of(const SessionRow& session, bool is_factor_required = false);

// The 32 bytes that the text of a signing key stands for; another text stops the process.
std::string seed_of(const std::string& text);

class Sessions {
 public:
  Sessions(sql::Engine& engine, const Clock& clock, const IdentityOptions& options);

  // Opens a session of API tokens.
  Tokens tokens_open(Txn& txn, Call& call, const UserRow& user);
  // Rotates. Errors: refresh_invalid. Using a token twice ends the session for everyone who has a token of it.
  Result<Tokens> tokens_refresh(Txn& txn, Call& call, const std::string& refresh_token);
  // Opens a browser session and sets its cookies.
  Session cookie_open(Txn& txn, Call& call, const UserRow& user);
  void cookies_clear(Call& call) const;

  void end(Txn& txn, SessionId session, Instant now);
  void end_others(Txn& txn, UserId user, SessionId kept, Instant now);
  void end_all(Txn& txn, UserId user, Instant now);  // at once here, as soon as they hear of it on other nodes
  void forget(Txn& txn, UserId user);                // rights have changed: they are read anew
  void heard(const sql::Event& event);               // another node has ended a session, or changed a user
  void usage_flush();                                // stores how much API keys were used
  void doubt_all() { cache_.revoke_all(); }          // events of other nodes may be lost

  sql::Engine& engine() { return engine_; }
  std::string csrf_token(SessionId session) const;
  const AccessTokens& access_tokens() const { return tokens_; }

  // See api::Authenticator. Errors: token_invalid, token_expired, session_ended, csrf, identity_unavailable.
  void authenticate(const http::Request& request, Instant now,
                    std::move_only_function<void(Result<api::Caller>)> answer);

 private:
  struct Presented;
  struct Asked;
  Tokens tokens_of(Txn& txn, Call& call, const UserRow& user, SessionId session);
  Result<Presented> present(const http::Request& request, Instant now) const;
  Result<KnownCaller> judge_key(const Presented& presented, const std::optional<PresentKeyRow>& row);
  Result<KnownCaller> judge(const Presented& presented, const std::optional<SessionRow>& row) const;
  Result<api::Caller> admit(const Presented& presented, const KnownCaller& known);
  void ask(const std::shared_ptr<Asked>& asked);
  void conclude(Asked& asked);
  void see(const Presented& presented, const KnownCaller& known);
  void end_apart(SessionId session, Instant now);
  bool is_ending(SessionId session) const;

  sql::Engine& engine_;
  const Clock& clock_;
  const IdentityOptions options_;
  const std::string csrf_key_;
  const AccessTokens tokens_;
  CallerCache cache_;
  KeyMeter meter_;

  mutable std::mutex ending_mutex_;
  std::set<std::int64_t> ending_;  // sessions whose end is being written
};

}  // namespace fairward::identity
