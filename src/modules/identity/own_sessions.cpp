#include "modules/identity/own_sessions.h"

#include "modules/identity/errors.h"

namespace fairward::identity {

Result<Page<OwnSession>> OwnSessions::own_session_list(Snapshot& db, Call& call, const api::Empty&) {
  Page<OwnSession> page;
  for (const OwnSessionRow& row : sessions_of_user(db, call.caller.user, call.now)) {
    const bool is_idle = row.kind == SessionKind::cookie && row.seen_at + options_.session_idle_ttl <= call.now;
    if (is_idle) continue;
    page.items.push_back({row.id.value, std::string(sql_text(row.kind)), row.agent, row.created_at, row.seen_at,
                          row.expires_at, row.id.value == call.caller.session});
  }
  return page;
}

Result<NoContent> OwnSessions::own_session_delete(Txn& txn, Call& call, const OwnSessionPath& path) {
  const SessionId id{path.id.value};
  if (!session_begun(txn, call.caller.user, id)) return fail(own_session_not_found);
  sessions_.end(txn, id, call.now);
  return NoContent{};
}

Result<NoContent> OwnSessions::other_sessions_delete(Txn& txn, Call& call, const api::Empty&) {
  sessions_.end_others(txn, call.caller.user, SessionId{call.caller.session}, call.now);
  return NoContent{};
}

}  // namespace fairward::identity
