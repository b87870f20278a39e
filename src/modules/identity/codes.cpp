#include "modules/identity/codes.h"

#include <fmt/format.h>

#include <algorithm>

#include "modules/identity/errors.h"
#include "modules/identity/rules.h"
#include "platform/api/limiter.h"

namespace fairward::identity {
namespace {

constexpr std::string_view purpose = "login_code";
constexpr std::size_t request_bytes = 32, nonce_bytes = 16;
constexpr Duration known_address_kept = days(30);
constexpr Duration unused_kept = days(1);
constexpr std::int64_t pruned_at_once = 500;

// Rounded up, so that waiting as long as told is enough.
Failed exceeded(Instant again_at, Instant now) {
  Failure failure{&code_sends_exceeded, {}, {}, {}, 0};
  failure.retry_after_seconds = static_cast<int>(std::max<std::int64_t>((again_at.ms - now.ms + 999) / 1000, 1));
  return fail(std::move(failure));
}

// Only a patient's account opens by a code alone.
bool opens_by_code(const std::optional<LoginRow>& owner) {
  return !owner || (owner->role == api::Role::patient && owner->status != UserStatus::disabled);
}

}  // namespace

Codes::Codes(sql::Engine& engine, Sessions& sessions, const Secrets& secrets, const IdentityOptions& options)
    : engine_(engine), sessions_(sessions), secrets_(secrets), options_(options) {}

// The strictest of the budgets speaks; an address that has signed in by this phone before has its own.
Result<void> Codes::sends_check(Txn& txn, const Call& call, const std::string& phone, const std::string& from) const {
  const Instant since = call.now - code_sends_window;
  const bool is_known = code_address_is_known(txn, phone, from, call.now - known_address_kept);
  const std::optional<Instant> full_since[] = {
      is_known ? codes_full_since(txn, phone, from, since, code_sends_per_phone)
               : codes_full_since(txn, phone, std::nullopt, since, code_sends_per_phone),
      codes_full_since(txn, std::nullopt, from, since, options_.codes_per_address),
      codes_full_since(txn, std::nullopt, std::nullopt, since, options_.codes_in_all)};
  for (const auto& oldest : full_since)
    if (oldest) return exceeded(*oldest + code_sends_window, call.now);
  return {};
}

// Everybody's phone takes the same way; only the words of the message differ.
Result<Accepted<CodeSent>> Codes::code_create(Txn& txn, Call& call, const CodeRequest& body) {
  const auto phone = phone_normalise(body.phone);
  if (!phone) return fail(login_invalid, {{"/phone", "Write the whole phone number."}});
  if (!messenger_) return fail(codes_not_offered);
  turn_take(txn, "code");
  const std::string from = secrets_.blinded(api::address_key(call.peer));
  FAIRWARD_TRY(sends_check(txn, call, *phone, from));
  const std::string request = call.random->token(request_bytes), nonce = call.random->token(nonce_bytes);
  const Instant expires_at = call.now + code_ttl;
  const std::int64_t id = code_insert(txn, {*phone, nonce, secret_hash(request), from, call.now, expires_at});
  const auto owner = login_find(txn, *phone);
  const bool is_open = opens_by_code(owner);
  Message message{is_open ? "login_code" : "login_code_refused",
                  owner ? std::optional(owner->user) : std::nullopt,
                  phone,
                  std::nullopt,
                  body.language ? body.language->value : "en",
                  {{"minutes", std::to_string(code_ttl.ms / minutes(1).ms)}},
                  is_open ? fmt::format("{}/{}", purpose, id) : std::string()};
  messenger_(txn, message);
  call.header("Cache-Control", "no-store");
  return Accepted<CodeSent>{{fmt::format("{}.{}", id, request), expires_at, code_tries_max}};
}

// The try is durable before the code is looked at: whatever comes at once, or on other nodes, or after a crash, no code
// is compared with more than five guesses.
Result<CodeRight> Codes::code_prepare(api::Outside& outside, Call& call, const CodeLogin& body) {
  const LinkToken request = link_token_parse(body.request);
  if (request.id == 0) return fail(code_wrong);
  std::optional<CodeTry> row;
  engine_.write_now([&](Txn& txn) {
    row = code_try(txn, request.id, secret_hash(request.secret), code_tries_max, call.now);
    return row.has_value();
  });
  if (!row) return fail(code_wrong);
  const std::int64_t left = code_tries_max - row->tries;
  std::optional<LoginRow> owner;
  outside.read([&](Snapshot& db) { owner = login_find(db, row->phone); });
  if (owner) call.against(owner->user);
  if (!crypto::equal_constant_time(secrets_.code(purpose, request.id, row->nonce), body.code))
    return fail(Failure{&code_wrong, {}, {}, {}, 0}.with("tries_left", std::to_string(left)));
  CodeRight good{request.id, std::move(row->phone), left, {}};
  if (!body.password) return good;
  const bool is_right = owner && owner->password_hash && body.password->size() <= password_bytes_max &&
                        crypto::password_verify(*owner->password_hash, *body.password);
  if (!is_right)
    return fail(Failure{&old_password_wrong, {{"/password", "The password is wrong."}}, {}, {}, 0}.with(
        "tries_left", std::to_string(left)));
  good.password_hash = *owner->password_hash;
  return good;
}

Result<UserRow> Codes::sign_up(Txn& txn, const Call& call, const CodeLogin& body, const CodeRight& right) {
  if (!body.name)
    return fail(Failure{&name_missing, {{"/name", "Tell us your name."}}, {}, {}, 0}.with(
        "tries_left", std::to_string(right.tries_left)));
  NewAccount account;
  account.name = body.name->value;
  account.logins = {{LoginKind::phone, right.phone}};
  return account_insert(txn, account, call.now);
}

// The phone of this account is proved for the first time.
Result<void> Codes::prove(Txn& txn, Call& call, const CodeLogin& body, const CodeRight& right, const LoginRow& owner) {
  const bool is_same_person = owner.password_hash && *owner.password_hash == right.password_hash;
  if (is_same_person) return {};
  if (owner.password_hash && !body.take_over.value_or(false))
    return fail(Failure{&account_claimed, {}, {}, {}, 0}.with("tries_left", std::to_string(right.tries_left)));
  login_keep_only(txn, owner.user, right.phone, call.now);
  sessions_.end_all(txn, owner.user, call.now);
  user_emit(txn, "identity.phone_verified", owner.user);
  return {};
}

Result<UserRow> Codes::finish(Txn& txn, Call& call, const CodeLogin& body, const CodeRight& right) {
  if (!code_use(txn, right.id, call.now)) return fail(code_wrong);
  const auto owner = login_find(txn, right.phone);
  if (owner && owner->role != api::Role::patient) return fail(code_not_enough);
  if (owner && owner->status == UserStatus::disabled) return fail(user_disabled);
  UserRow user;
  if (owner) {
    user = user_find(txn, owner->user).value();
  } else {
    FAIRWARD_TRY_AS(made, sign_up(txn, call, body, right));
    user = made;
  }
  if (login_verify(txn, right.phone, call.now) && owner) FAIRWARD_TRY(prove(txn, call, body, right, *owner));
  return user;
}

Result<Tokens> Codes::code_login_create(Txn& txn, Call& call, const CodeLogin& body, CodeRight& right) {
  FAIRWARD_TRY_AS(user, finish(txn, call, body, right));
  return sessions_.tokens_open(txn, call, user);
}

Result<Created<Session>> Codes::code_session_create(Txn& txn, Call& call, const CodeLogin& body, CodeRight& right) {
  FAIRWARD_TRY_AS(user, finish(txn, call, body, right));
  return Created<Session>{sessions_.cookie_open(txn, call, user), "/api/session"};
}

std::optional<std::string> Codes::code(std::int64_t id, Instant now) const {
  std::optional<CodeRow> row;
  engine_.read_now([&](Snapshot& db) { row = code_find(db, id); });
  if (!row || row->used_at || row->expires_at <= now) return std::nullopt;
  return secrets_.code(purpose, id, row->nonce);
}

std::int64_t codes_prune(Txn& txn, Instant now) {
  return codes_delete(txn, now - unused_kept, now - known_address_kept, pruned_at_once);
}

}  // namespace fairward::identity
