#include "modules/identity/sessions.h"

#include <fmt/format.h>

#include <thread>

#include "base/check.h"
#include "modules/identity/errors.h"
#include "modules/identity/people.h"
#include "modules/identity/secrets.h"
#include "platform/api/hub.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr Duration seen_written_every = minutes(5);

std::vector<crypto::SigningKey> keys_of(const IdentityOptions& options) {
  std::vector<crypto::SigningKey> keys{*crypto::SigningKey::from_seed(seed_of(options.signing_key))};
  for (const std::string& previous : options.previous_keys)
    keys.push_back(*crypto::SigningKey::from_seed(seed_of(previous)));
  return keys;
}

// What a program calls itself, as far as it can be shown.
std::optional<std::string> agent_shown(std::string_view agent) {
  constexpr std::size_t agent_bytes_max = 200;
  std::string shown;
  for (const char c : agent.substr(0, agent_bytes_max))
    if (c >= ' ' && c <= '~') shown += c;
  return shown.empty() ? std::nullopt : std::optional(shown);
}

// The kind is part of the key: a cookie's value is nothing as a bearer token.
crypto::Digest cache_key(SessionKind kind, std::string_view text) {
  return crypto::sha256(std::string(sql_text(kind)).append(" ").append(text));
}

std::string csrf_key_of(const IdentityOptions& options) {
  return std::string(crypto::bytes_of(crypto::hmac_sha256(seed_of(options.signing_key), "fairward csrf 1")));
}

}  // namespace

std::string seed_of(const std::string& text) {
  const auto seed = crypto::base64url_decode(text);
  FAIRWARD_CHECK(seed && seed->size() == 32);
  return *seed;
}

bool session_is_live(const SessionRow& s, Instant now, Duration idle_ttl) {
  if (s.revoked_at || s.status == UserStatus::disabled || s.expires_at <= now) return false;
  return s.kind == SessionKind::token || s.seen_at + idle_ttl > now;
}

api::Caller caller_of(const SessionRow& s, bool is_factor_required) {
  api::Caller caller;
  caller.role = s.role;
  caller.user = s.user;
  if (s.status == UserStatus::active) {
    caller.hospital = s.role == api::Role::patient ? HospitalId{} : s.hospital;
    caller.doctor = s.doctor;
  }
  caller.session = s.id.value;
  caller.by_cookie = s.kind == SessionKind::cookie;
  caller.is_restricted = is_factor_required && s.role != api::Role::patient && !s.has_factor;
  return caller;
}

// A credential as it came, before anybody was asked about it.
struct Sessions::Presented {
  crypto::Digest key{};
  SessionKind kind = SessionKind::token;
  std::string token;
  Provenance provenance;  // of a cookie
  Instant now;
  std::uint64_t revocations = 0;  // that were known when it came
  bool is_key = false;
};

Sessions::Sessions(sql::Engine& engine, const Clock& clock, const IdentityOptions& options)
    : engine_(engine), clock_(clock), options_(options), csrf_key_(csrf_key_of(options)), tokens_(keys_of(options)) {}

Tokens Sessions::tokens_of(Txn& txn, Call& call, const UserRow& user, SessionId session) {
  const std::string refresh_token = call.random->token(secret_bytes);
  refresh_token_insert(txn, secret_hash(refresh_token), session, call.now + options_.refresh_ttl);
  const Instant issued_at{call.now.ms / 1000 * 1000};
  const bool is_active = user.status == UserStatus::active;
  AccessClaims claims{
      user.id, user.role, is_active ? user.hospital : HospitalId{}, is_active ? user.doctor : DoctorId{},
      session, issued_at, issued_at + options_.access_ttl};
  call.header("Cache-Control", "no-store");
  call.concerns(user.id);
  return {user_view(user), tokens_.mint(claims), refresh_token, options_.access_ttl.ms / 1000};
}

Tokens Sessions::tokens_open(Txn& txn, Call& call, const UserRow& user) {
  const SessionId session = session_insert(txn, user.id, SessionKind::token, std::nullopt, call.now,
                                           call.now + options_.refresh_ttl, agent_shown(call.agent));
  return tokens_of(txn, call, user, session);
}

Result<Tokens> Sessions::tokens_refresh(Txn& txn, Call& call, const std::string& refresh_token) {
  const std::string hash = secret_hash(refresh_token);
  const auto token = refresh_token_find(txn, hash);
  if (!token) return fail(refresh_invalid);
  // The refusal undoes this transaction, so the end of the session is a write of its own.
  if (token->used_at || !refresh_token_use(txn, hash, call.now)) {
    end_apart(token->session, call.now);
    return fail(refresh_invalid);
  }
  if (is_ending(token->session)) return fail(refresh_invalid);  // asked before the read: later the read itself knows
  const auto session = session_find(txn, token->session);
  if (!session || token->expires_at <= call.now || !session_is_live(*session, call.now, options_.session_idle_ttl))
    return fail(refresh_invalid);
  const auto user = user_find(txn, session->user);
  FAIRWARD_CHECK(user.has_value());
  session_extend(txn, session->id, call.now, call.now + options_.refresh_ttl);
  return tokens_of(txn, call, *user, session->id);
}

// From now on the session counts as ended, although another connection may read it as live for a moment.
void Sessions::end_apart(SessionId session, Instant now) {
  {
    const std::lock_guard lock(ending_mutex_);
    ending_.insert(session.value);
  }
  engine_.write(
      session.value,
      [this, session, now](Txn& txn) {
        end(txn, session, now);
        return true;
      },
      [this, session](sql::Outcome outcome) {
        if (outcome != sql::Outcome::done) return;  // stays refused on this node
        const std::lock_guard lock(ending_mutex_);
        ending_.erase(session.value);
      });
}

bool Sessions::is_ending(SessionId session) const {
  const std::lock_guard lock(ending_mutex_);
  return ending_.contains(session.value);
}

Session Sessions::cookie_open(Txn& txn, Call& call, const UserRow& user) {
  const std::string token = call.random->token(secret_bytes);
  const SessionId session = session_insert(txn, user.id, SessionKind::cookie, secret_hash(token), call.now,
                                           call.now + options_.session_absolute_ttl, agent_shown(call.agent));
  const std::string csrf = csrf_token(session);
  call.header("Set-Cookie", session_cookie(token, options_.session_absolute_ttl, options_.cookie_secure));
  call.header("Set-Cookie", csrf_cookie(csrf, options_.session_absolute_ttl, options_.cookie_secure));
  call.header("Cache-Control", "no-store");
  call.concerns(user.id);
  return {user_view(user), csrf};
}

void Sessions::cookies_clear(Call& call) const {
  call.header("Set-Cookie", session_cookie_cleared(options_.cookie_secure));
  call.header("Set-Cookie", csrf_cookie_cleared(options_.cookie_secure));
}

void Sessions::end(Txn& txn, SessionId session, Instant now) {
  session_revoke(txn, session, now);
  const auto revoke = [this, session] { cache_.revoke(session, clock_.now()); };
  txn.on_commit(revoke);
  // The commit may still come, after the database was asked again.
  txn.on_doubt([this, session] { cache_.doubt(session, clock_.now()); });
  txn.emit({fmt::format("session/{}", session.value), "identity.session_ended", "{}"});
}

void Sessions::end_others(Txn& txn, UserId user, SessionId kept, Instant now) {
  sessions_revoke_others(txn, user, kept, now);
  forget(txn, user);
}

void Sessions::end_all(Txn& txn, UserId user, Instant now) {
  sessions_revoke_of_user(txn, user, now);
  forget(txn, user);
}

void Sessions::forget(Txn& txn, UserId user) {
  const auto revoke = [this, user] { cache_.revoke(user, clock_.now()); };
  txn.on_commit(revoke);
  txn.on_doubt([this, user] { cache_.doubt(user, clock_.now()); });
  user_emit(txn, "identity.sessions_ended", user);
}

void Sessions::heard(const sql::Event& event) {
  if (const auto session = api::topic_id<SessionId>(event.topic, "session")) cache_.revoke(*session, clock_.now());
  if (const auto user = api::topic_id<UserId>(event.topic, "user")) cache_.revoke(*user, clock_.now());
}

std::string Sessions::csrf_token(SessionId session) const {
  return crypto::base64url(crypto::bytes_of(crypto::hmac_sha256(csrf_key_, std::to_string(session.value))));
}

Result<Sessions::Presented> Sessions::present(const http::Request& request, Instant now) const {
  const Credential credential = credential_of(request, options_.cookie_secure);
  if (const auto* bearer = std::get_if<BearerToken>(&credential))
    return Presented{
        cache_key(SessionKind::token, bearer->text), SessionKind::token, std::string(bearer->text), {}, now};
  if (const auto* cookie = std::get_if<CookieToken>(&credential))
    return Presented{cache_key(SessionKind::cookie, cookie->text), SessionKind::cookie, std::string(cookie->text),
                     provenance_of(request), now};
  if (const auto* key = std::get_if<ApiKeyToken>(&credential)) {
    Presented presented{
        crypto::sha256("key " + std::string(key->text)), SessionKind::token, std::string(key->text), {}, now};
    presented.is_key = true;
    return presented;
  }
  return fail(request.header("authorization").empty() ? session_ended : token_invalid);
}

// A key that was lost to another hospital's staff is good no longer.
Result<KnownCaller> Sessions::judge_key(const Presented& presented, const std::optional<PresentKeyRow>& row) {
  const bool is_good = row && !row->revoked_at && row->expires_at > presented.now &&
                       row->status == UserStatus::active && row->key_hospital == row->hospital;
  if (!is_good) return fail(key_invalid);
  api::Caller caller;
  caller.role = row->role;
  caller.user = row->owner;
  caller.hospital = row->role == api::Role::patient ? HospitalId{} : row->hospital;
  caller.doctor = row->doctor;
  caller.is_restricted = options_.second_factor_required && row->role != api::Role::patient && !row->has_factor;
  caller.key.id = row->id.value;
  caller.key.scopes = static_cast<std::uint8_t>(row->scopes);
  meter_.stored(row->id.value, utc_day(presented.now), row->calls_today);
  return KnownCaller{caller,        presented.now,         row->expires_at,
                     presented.now, presented.revocations, {row->per_minute, row->per_day}};
}

// The last word on a credential, with what the database says of its session.
Result<KnownCaller> Sessions::judge(const Presented& presented, const std::optional<SessionRow>& row) const {
  if (!row || row->kind != presented.kind || !session_is_live(*row, presented.now, options_.session_idle_ttl))
    return fail(presented.kind == SessionKind::cookie ? session_ended : token_invalid);
  return KnownCaller{caller_of(*row, options_.second_factor_required), presented.now, row->expires_at, row->seen_at,
                     presented.revocations};
}

static api::Caller with_budget(const KnownCaller& known, const KeyMeter::Verdict& verdict) {
  api::Caller caller = known.caller;
  caller.key.minute = {known.quota.per_minute, verdict.minute_left, verdict.minute_ends.ms / 1000};
  caller.key.day = {known.quota.per_day, verdict.day_left, verdict.day_ends.ms / 1000};
  caller.key.wait_seconds = verdict.wait.ms / 1000;
  return caller;
}

Result<api::Caller> Sessions::admit(const Presented& presented, const KnownCaller& known) {
  if (known.caller.key.id != 0) return with_budget(known, meter_.take(known.caller.key.id, known.quota, presented.now));
  if (presented.kind == SessionKind::cookie) {
    if (known.seen_at + options_.session_idle_ttl <= presented.now) return fail(session_ended);
    if (presented.provenance.is_needed &&
        !provenance_holds(presented.provenance, csrf_token(SessionId{known.caller.session})))
      return fail(csrf);
    see(presented, known);
  }
  return known.caller;
}

void Sessions::see(const Presented& presented, const KnownCaller& known) {
  if (known.seen_at + seen_written_every > presented.now) return;
  cache_.seen(presented.key, presented.now);
  const SessionId session{known.caller.session};
  engine_.write(
      session.value,
      [session, at = presented.now](Txn& txn) {
        session_see(txn, session, at);
        return true;
      },
      [](sql::Outcome) {});
}

// What one request waits for while the database is asked.
struct Sessions::Asked {
  Presented presented;
  SessionId session;                        // of a token
  std::optional<Instant> token_expires_at;  // of a token
  std::move_only_function<void(Result<api::Caller>)> answer;
  std::optional<SessionRow> row;
  std::optional<PresentKeyRow> key_row;
  std::vector<UserId> dependents;
  sql::Outcome outcome = sql::Outcome::unavailable;
  const std::thread::id asker = std::this_thread::get_id();
  bool is_back = false, is_done = false;  // touched by the asking thread only
};

void Sessions::authenticate(const http::Request& request, Instant now,
                            std::move_only_function<void(Result<api::Caller>)> answer) {
  if (std::holds_alternative<NoCredentials>(credential_of(request, options_.cookie_secure)))
    return answer(api::Caller{});
  auto presented = present(request, now);
  if (!presented) return answer(Failed(std::move(presented).error()));
  presented->revocations = cache_.revocations();
  if (const auto known = cache_.find(presented->key, now)) return answer(admit(*presented, *known));
  SessionId session;
  std::optional<Instant> token_expires_at;
  if (presented->kind == SessionKind::token && !presented->is_key) {
    const auto claims = tokens_.verify(presented->token, now);
    if (!claims) return answer(Failed(claims.error()));
    session = claims->session;
    token_expires_at = claims->expires_at;
  }
  auto asked = std::make_shared<Asked>();
  asked->presented = std::move(*presented);
  asked->session = session;
  asked->token_expires_at = token_expires_at;
  asked->answer = std::move(answer);
  ask(asked);
}

// The engine without threads calls back from inside `read`. The answer then waits until `read` has been left, so that
// whoever gets it may use the engine.
void Sessions::ask(const std::shared_ptr<Asked>& asked) {
  engine_.read(
      [asked](Snapshot& db) {
        const Presented& presented = asked->presented;
        if (presented.is_key) {
          asked->key_row = api_key_present(db, secret_hash(presented.token), utc_day_text(utc_day(presented.now)));
          asked->dependents.clear();
          if (asked->key_row && asked->key_row->role == api::Role::patient)
            asked->dependents = guardian_dependents(db, asked->key_row->owner);
          return;
        }
        asked->row = presented.kind == SessionKind::token ? session_find(db, asked->session)
                                                          : session_find_by_token(db, secret_hash(presented.token));
        asked->dependents.clear();
        if (asked->row && asked->row->role == api::Role::patient)
          asked->dependents = guardian_dependents(db, asked->row->user);
      },
      [this, asked](sql::Outcome outcome) {
        asked->outcome = outcome;
        if (std::this_thread::get_id() == asked->asker && !asked->is_back) asked->is_done = true;
        else conclude(*asked);
      });
  asked->is_back = true;
  if (asked->is_done) conclude(*asked);
}

void Sessions::conclude(Asked& asked) {
  if (asked.outcome != sql::Outcome::done) return asked.answer(fail(identity_unavailable));
  auto known = asked.presented.is_key ? judge_key(asked.presented, asked.key_row) : judge(asked.presented, asked.row);
  if (!known) return asked.answer(Failed(std::move(known).error()));
  known->caller.dependents = std::move(asked.dependents);
  if (asked.token_expires_at) known->expires_at = std::min(known->expires_at, *asked.token_expires_at);
  cache_.put(asked.presented.key, *known);
  asked.answer(admit(asked.presented, *known));
}

void Sessions::usage_flush() {
  for (const KeyMeter::Count& count : meter_.flush()) {
    const auto calls = std::make_shared<std::int64_t>(0);
    engine_.write(
        0,
        [count, calls, now = clock_.now()](Txn& txn) {
          *calls = api_usage_add(txn, ApiKeyId{count.key}, utc_day_text(count.day), count.calls, count.refused, now);
          return true;
        },
        [this, count, calls](sql::Outcome outcome) {
          if (outcome == sql::Outcome::done) meter_.flushed(count, *calls);
          else meter_.not_flushed(count);
        });
  }
}

}  // namespace fairward::identity
