#include "modules/identity/accounts.h"

#include <fmt/format.h>

#include "base/check.h"
#include "modules/identity/errors.h"
#include "modules/identity/rules.h"
#include "platform/api/limiter.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

constexpr std::size_t throttled_login_bytes_max = 256;  // longer ones are no logins; they share a key

// A logon id that reads as a phone number or an e-mail address would never be found again.
std::optional<Login> login_of_kind(LoginKind kind, const std::string& text) {
  auto login = login_parse(text);
  return login && login->kind == kind ? login : std::nullopt;
}

Result<void> login_append(std::vector<Login>& logins, LoginKind kind, const std::optional<std::string>& text) {
  if (!text) return {};
  auto login = login_of_kind(kind, *text);
  if (!login) return fail(login_invalid, {{"/" + std::string(sql_text(kind)), std::string(login_invalid.title)}});
  logins.push_back(std::move(*login));
  return {};
}

std::string user_location(UserId user) { return fmt::format("/api/users/{}", user.value); }

}  // namespace

Failed login_throttled_for(Duration wait) {
  Failure failure{&login_throttled, {}, {}, {}, 0};
  failure.retry_after_seconds = static_cast<int>(std::min<std::int64_t>((wait.ms + 999) / 1000, 3600));
  return fail(std::move(failure));
}

Result<std::vector<Login>> registration_logins(const Registration& body) {
  std::vector<Login> logins;
  FAIRWARD_TRY(login_append(logins, LoginKind::phone, body.phone));
  FAIRWARD_TRY(login_append(logins, LoginKind::email, body.email));
  FAIRWARD_TRY(login_append(logins, LoginKind::logon_id, body.logon_id));
  if (logins.empty()) return fail(login_invalid, {{"/phone", "Give a phone number, an e-mail address or a logon id."}});
  return logins;
}

Result<void> password_check(const std::string& password, int length_min, const std::vector<Login>& logins,
                            const std::string& name) {
  std::string fault = password_fault(password, length_min, "", name);
  for (const Login& login : logins)
    if (fault.empty()) fault = password_fault(password, length_min, login.text, name);
  if (!fault.empty()) return fail(password_too_weak, {{"/password", std::move(fault)}});
  return {};
}

Accounts::Accounts(Sessions& sessions, Entropy& entropy, const IdentityOptions& options)
    : sessions_(sessions),
      entropy_(entropy),
      options_(options),
      throttle_(options.login_tries_per_minute, entropy),
      second_factor_(sessions, entropy, options),
      nobodys_hash_(crypto::password_hash(entropy.token(16), entropy)) {}

Result<NewAccount> Accounts::registration_prepare(api::Outside& outside, Call& call, const Registration& body) {
  if (const Duration wait = throttle_.begin_anonymous(api::address_key(call.peer), call.now); wait.ms > 0)
    return login_throttled_for(wait);
  NewAccount account;
  account.role = api::role_parse(body.role.value).value_or(api::Role::anyone);
  FAIRWARD_TRY_AS(status, status_at_registration(account.role));
  FAIRWARD_TRY_AS(logins, registration_logins(body));
  FAIRWARD_TRY(password_check(body.password, options_.password_length_min, logins, body.name.value));
  bool is_taken = false;
  outside.read([&](Snapshot& db) {
    is_taken = false;
    for (const Login& login : logins) is_taken |= login_find(db, login.text).has_value();
  });
  if (is_taken) return fail(login_taken);
  account.status = status;
  account.name = body.name.value;
  account.logins = std::move(logins);
  if (account.role == api::Role::doctor && body.hospital_id && body.hospital_id->value > 0)
    account.hospital = *body.hospital_id;
  account.password_hash = crypto::password_hash(body.password, entropy_);
  return account;
}

Result<Created<Tokens>> Accounts::registration_create(Txn& txn, Call& call, const Registration&, NewAccount& account) {
  FAIRWARD_TRY_AS(user, account_insert(txn, account, call.now));
  return Created<Tokens>{sessions_.tokens_open(txn, call, user), user_location(user.id)};
}

Result<Created<Session>> Accounts::session_registration_create(Txn& txn, Call& call, const Registration&,
                                                               NewAccount& account) {
  FAIRWARD_TRY_AS(user, account_insert(txn, account, call.now));
  return Created<Session>{sessions_.cookie_open(txn, call, user), "/api/session"};
}

Result<Verified> Accounts::login_prepare(api::Outside& outside, Call& call, const LoginRequest& body) {
  const auto login = login_parse(body.login);
  const std::string name = login ? login->text : body.login.substr(0, throttled_login_bytes_max);
  if (const Duration wait = throttle_.begin(name, api::address_key(call.peer), call.now); wait.ms > 0)
    return login_throttled_for(wait);
  if (body.password.size() > password_bytes_max) return fail(login_failed);
  std::optional<LoginRow> row;
  bool has_passkey = false;
  if (login)
    outside.read([&](Snapshot& db) {
      row = login_find(db, login->text);
      has_passkey = row && !passkeys_of(db, row->user).empty();
    });
  if (row) call.against(row->user);
  const bool has_password = row && row->password_hash;
  const std::string& hash = has_password ? *row->password_hash : nobodys_hash_;
  if (!crypto::password_verify(hash, body.password) || !has_password) return fail(login_failed);
  throttle_.succeeded(name, api::address_key(call.peer));
  if (row->status == UserStatus::disabled) return fail(user_disabled);
  FAIRWARD_TRY_AS(factor, second_factor_.judge(row->user, body.code, call.now));
  // Where two factors are a must, a passkey is both of them, and a password without a code is one.
  const bool must_be_two = options_.second_factor_required && row->role != api::Role::patient;
  if (must_be_two && has_passkey && !factor.is_needed) return fail(passkey_needed);
  const bool is_outdated = crypto::password_hash_is_outdated(hash);
  return Verified{row->user, hash, is_outdated ? crypto::password_hash(body.password, entropy_) : std::string(),
                  std::move(factor)};
}

Result<UserRow> Accounts::login_finish(Txn& txn, const Verified& verified, Instant now) {
  const auto user = user_find(txn, verified.user);
  if (!user) return fail(login_failed);
  if (user->status == UserStatus::disabled) return fail(user_disabled);
  FAIRWARD_TRY(second_factor_.accept(txn, user->id, verified.factor, now));
  if (!verified.new_hash.empty()) password_upgrade(txn, user->id, verified.old_hash, verified.new_hash);
  return *user;
}

Result<Tokens> Accounts::login_create(Txn& txn, Call& call, const LoginRequest&, Verified& verified) {
  FAIRWARD_TRY_AS(user, login_finish(txn, verified, call.now));
  return sessions_.tokens_open(txn, call, user);
}

Result<Created<Session>> Accounts::session_create(Txn& txn, Call& call, const LoginRequest&, Verified& verified) {
  FAIRWARD_TRY_AS(user, login_finish(txn, verified, call.now));
  return Created<Session>{sessions_.cookie_open(txn, call, user), "/api/session"};
}

Result<LoginKnown> Accounts::login_question_ask(Snapshot& db, Call& call, const LoginQuestion& body) {
  if (const Duration wait = throttle_.begin_anonymous(api::address_key(call.peer), call.now); wait.ms > 0)
    return login_throttled_for(wait);
  const auto login = login_parse(body.login);
  if (!login) return fail(login_invalid, {{"/login", std::string(login_invalid.title)}});
  return LoginKnown{login_find(db, login->text).has_value()};
}

Result<Tokens> Accounts::tokens_refresh(Txn& txn, Call& call, const RefreshRequest& body) {
  return sessions_.tokens_refresh(txn, call, body.refresh_token);
}

Result<NoContent> Accounts::logout_create(Txn& txn, Call& call, const api::Empty&) {
  if (call.caller.session != 0) sessions_.end(txn, SessionId{call.caller.session}, call.now);
  if (call.caller.by_cookie) sessions_.cookies_clear(call);
  return NoContent{};
}

// Leaves the cookies of a session that has ended: this answer may overtake, or be overtaken by, a login in another tab,
// and would delete the cookies that the login has just set.
Result<Session> Accounts::session_get(Snapshot& db, Call& call, const api::Empty&) {
  call.header("Cache-Control", "no-store");
  const auto user = call.caller.user ? user_find(db, call.caller.user) : std::nullopt;
  if (!user) return Session{};
  Session session{user_view(*user), std::nullopt};
  if (call.caller.by_cookie) session.csrf_token = sessions_.csrf_token(SessionId{call.caller.session});
  return session;
}

Result<NoContent> Accounts::session_delete(Txn& txn, Call& call, const api::Empty&) {
  if (call.caller.session != 0) sessions_.end(txn, SessionId{call.caller.session}, call.now);
  sessions_.cookies_clear(call);
  return NoContent{};
}

Result<Serialized<JsonWebKeySet>> Accounts::key_set_get(Call&, const api::Empty&) {
  return Serialized<JsonWebKeySet>{sessions_.access_tokens().key_set()};
}

}  // namespace fairward::identity
