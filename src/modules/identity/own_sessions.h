// Where somebody is signed in, as that person sees and ends it.
#pragma once

#include "modules/identity/sessions.h"

namespace fairward::identity {

class OwnSessions {
 public:
  explicit OwnSessions(Sessions& sessions, const IdentityOptions& options) : sessions_(sessions), options_(options) {}

  Result<Page<OwnSession>> own_session_list(Snapshot& db, Call& call, const api::Empty&);
  // Errors: own_session_not_found.
  Result<NoContent> own_session_delete(Txn& txn, Call& call, const OwnSessionPath& path);
  // Ends all but the one that asks.
  Result<NoContent> other_sessions_delete(Txn& txn, Call& call, const api::Empty&);

 private:
  Sessions& sessions_;
  const IdentityOptions options_;
};

}  // namespace fairward::identity
