#include "modules/identity/passwords.h"

#include <fmt/format.h>

#include "modules/identity/accounts.h"
#include "modules/identity/errors.h"
#include "modules/identity/rules.h"
#include "platform/api/limiter.h"

namespace fairward::identity {
namespace {

constexpr std::string_view purpose = "password_reset";
constexpr std::size_t nonce_bytes = 16;
constexpr Duration resets_kept = days(7);
constexpr std::int64_t pruned_at_once = 500;

}  // namespace

Passwords::Passwords(Sessions& sessions, Entropy& entropy, const IdentityOptions& options)
    : sessions_(sessions),
      engine_(sessions.engine()),
      entropy_(entropy),
      options_(options),
      secrets_(seed_of(options.signing_key)),
      throttle_(options.login_tries_per_minute, entropy) {}

Result<PasswordReady> Passwords::change_prepare(api::Outside& outside, Call& call, const PasswordChange& body) {
  const UserId user = call.caller.user;
  const std::string key = fmt::format("user/{}", user.value), from = api::address_key(call.peer);
  if (const Duration wait = throttle_.begin(key, from, call.now); wait.ms > 0) return login_throttled_for(wait);
  std::optional<std::string> old_hash;
  std::optional<Instant> since;
  std::vector<Login> logins;
  std::optional<UserRow> row;
  outside.read([&](Snapshot& db) {
    old_hash = password_of(db, user);
    since = session_begun(db, user, SessionId{call.caller.session});
    logins = logins_of_user(db, user);
    row = user_find(db, user);
  });
  if (!old_hash && (!since || *since + first_password_within <= call.now)) return fail(sign_in_again);
  if (old_hash && (!body.old_password || body.old_password->size() > password_bytes_max ||
                   !crypto::password_verify(*old_hash, *body.old_password))) {
    call.against(user);
    return fail(old_password_wrong, {{"/old_password", std::string(old_password_wrong.title)}});
  }
  throttle_.succeeded(key, from);
  FAIRWARD_TRY(password_check(body.password, options_.password_length_min, logins, row ? row->name : ""));
  return PasswordReady{user, old_hash.value_or(""), crypto::password_hash(body.password, entropy_), 0};
}

// A password that was changed meanwhile is not changed back.
Result<NoContent> Passwords::password_change(Txn& txn, Call& call, const PasswordChange&, PasswordReady& ready) {
  if (password_of(txn, ready.user).value_or("") != ready.old_hash) return fail(old_password_wrong);
  password_put(txn, ready.user, ready.new_hash, call.now);
  resets_end(txn, ready.user, call.now);
  sessions_.end_others(txn, ready.user, SessionId{call.caller.session}, call.now);
  user_emit(txn, "identity.password_changed", ready.user);
  return NoContent{};
}

void Passwords::send(Txn& txn, const ResetRequest& body, const Login& login, const UserRow& user, std::int64_t id) {
  Message message{"password_reset", user.id, {}, {}, body.language ? body.language->value : "en", {}, {}};
  message.values = {{"name", user.name}, {"minutes", std::to_string(reset_ttl.ms / minutes(1).ms)}};
  message.secret = fmt::format("{}/{}", purpose, id);
  if (login.kind == LoginKind::phone) message.phone = login.text;
  else if (login.kind == LoginKind::email) message.email = login.text;
  else if (user.email) message.email = user.email;
  else if (user.phone) message.phone = user.phone;
  else return;  // there is no way to reach the person: an administrator helps
  messenger_(txn, message);
}

Result<Accepted<ResetSent>> Passwords::reset_create(Txn& txn, Call& call, const ResetRequest& body) {
  if (!messenger_) return fail(resets_not_offered);
  call.header("Cache-Control", "no-store");
  const Instant expires_at = call.now + reset_ttl;
  const Accepted<ResetSent> answer{{expires_at}};
  const auto login = login_parse(body.login);
  if (!login) return answer;
  turn_take(txn, "code");
  const std::string key = secrets_.blinded("reset/" + login->text);
  const bool is_enough = resets_count(txn, key, call.now - reset_ttl) >= resets_per_login;
  const auto owner = login_find(txn, login->text);
  const bool is_open = owner && owner->status != UserStatus::disabled && !is_enough;
  const auto id = reset_insert(txn, key, is_open ? std::optional(owner->user) : std::nullopt,
                               call.random->token(nonce_bytes), call.now, expires_at);
  if (is_open) send(txn, body, *login, user_find(txn, owner->user).value(), id);
  return answer;
}

Result<PasswordReady> Passwords::reset_prepare(api::Outside& outside, Call& call, const PasswordReset& body) {
  const LinkToken token = link_token_parse(body.token);
  std::optional<ResetRow> row;
  std::vector<Login> logins;
  std::optional<UserRow> user;
  if (token.id != 0)
    outside.read([&](Snapshot& db) {
      row = reset_find(db, token.id);
      if (!row || !row->user) return;
      logins = logins_of_user(db, *row->user);
      user = user_find(db, *row->user);
    });
  const bool is_good = row && user && !row->used_at && row->expires_at > call.now &&
                       user->status != UserStatus::disabled &&
                       crypto::equal_constant_time(secrets_.link_token(purpose, token.id, row->nonce), body.token);
  if (!is_good) return fail(link_wrong);
  FAIRWARD_TRY(password_check(body.password, options_.password_length_min, logins, user->name));
  return PasswordReady{user->id, {}, crypto::password_hash(body.password, entropy_), token.id};
}

Result<NoContent> Passwords::password_reset(Txn& txn, Call& call, const PasswordReset&, PasswordReady& ready) {
  if (!reset_use(txn, ready.reset, call.now)) return fail(link_wrong);
  password_put(txn, ready.user, ready.new_hash, call.now);
  resets_end(txn, ready.user, call.now);
  sessions_.end_all(txn, ready.user, call.now);
  user_emit(txn, "identity.password_reset", ready.user);
  return NoContent{};
}

std::optional<std::string> Passwords::link(std::int64_t id, Instant now) const {
  std::optional<ResetRow> row;
  engine_.read_now([&](Snapshot& db) { row = reset_find(db, id); });
  if (!row || !row->user || row->used_at || row->expires_at <= now) return std::nullopt;
  return secrets_.link_token(purpose, id, row->nonce);
}

std::int64_t resets_prune(Txn& txn, Instant now) { return resets_delete(txn, now - resets_kept, pruned_at_once); }

}  // namespace fairward::identity
