#include "modules/identity/second_factor.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "modules/identity/errors.h"
#include "modules/identity/totp.h"

namespace fairward::identity {
namespace {

constexpr std::size_t recovery_codes_count = 10, recovery_code_bytes = 10;
constexpr std::size_t code_bytes_max = 64;
constexpr int failures_free = 5;

std::string place_of(UserId user) { return fmt::format("identity_totp/{}", user.value); }

// As it is compared: without blanks and hyphens, in capitals.
std::string code_plain(std::string_view code) {
  std::string plain;
  for (const char c : code.substr(0, code_bytes_max))
    if (c != ' ' && c != '-') plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return plain;
}

// 80 random bits: they cannot be guessed, so a plain hash is enough.
std::string recovery_hash(UserId user, std::string_view plain) {
  return secret_hash(fmt::format("recovery/{}/{}", user.value, plain));
}

// "ABCD-EFGH-IJKL-MNOP"
std::string recovery_text(std::string_view plain) {
  return fmt::format("{}-{}-{}-{}", plain.substr(0, 4), plain.substr(4, 4), plain.substr(8, 4), plain.substr(12, 4));
}

Failed throttled(const TotpRow& row, Instant now) {
  Failure failure{&second_factor_throttled, {}, {}, {}, 0};
  // A call that came before the last try, and was looked at after it, waits no longer than who comes now.
  const Instant again_at = row.tried_at + totp_pause(row.failures);
  const std::int64_t left = again_at.ms - std::max(now, row.tried_at).ms;
  failure.retry_after_seconds = static_cast<int>(std::max<std::int64_t>((left + 999) / 1000, 1));
  return fail(std::move(failure));
}

}  // namespace

Duration totp_pause(std::int64_t failures) {
  if (failures < failures_free) return {};
  return seconds(30) * std::min<std::int64_t>(failures - failures_free + 1, 30);
}

SecondFactor::SecondFactor(Sessions& sessions, Entropy& entropy, const IdentityOptions& options)
    : sessions_(sessions),
      engine_(sessions.engine()),
      entropy_(entropy),
      options_(options),
      key_(Secrets(seed_of(options.signing_key)).key("totp")) {}

std::string SecondFactor::opened(UserId user, const std::string& sealed) const {
  return crypto::box_open(key_, place_of(user), sealed).value_or("");
}

Result<FactorRight> SecondFactor::judge(UserId user, const std::optional<std::string>& code, Instant now) {
  std::optional<TotpRow> row;
  engine_.read_now([&](Snapshot& db) { row = totp_find(db, user); });
  if (!row || !row->confirmed_at) return FactorRight{};
  if (!code || code->empty()) return fail(second_factor_needed);
  bool is_taken = false;
  engine_.write_now([&](Txn& txn) {
    totp_lock(txn, user);
    row = totp_find(txn, user);
    is_taken = row && row->tried_at + totp_pause(row->failures) <= now;
    if (is_taken) totp_try(txn, user, now);
    return is_taken;
  });
  if (!row) return FactorRight{};
  if (!is_taken) return throttled(*row, now);
  const std::string plain = code_plain(*code), secret = opened(user, row->sealed);
  // A secret that does not open, because the server's key is another, matches nothing; recovery codes still do.
  if (const auto step = secret.empty() ? std::nullopt : totp_match(secret, plain, now, row->last_step))
    return FactorRight{*step, {}, true};
  FactorRight right{0, recovery_hash(user, plain), true};
  bool is_recovery = false;
  engine_.read_now([&](Snapshot& db) { is_recovery = recovery_code_is_good(db, user, right.recovery_hash); });
  if (!is_recovery) return fail(second_factor_wrong);
  return right;
}

Result<void> SecondFactor::accept(Txn& txn, UserId user, const FactorRight& right, Instant now) {
  if (!right.is_needed) {
    const auto row = totp_find(txn, user);  // it may have been enrolled since the password was looked at
    return row && row->confirmed_at ? Result<void>(fail(second_factor_needed)) : Result<void>();
  }
  const bool is_taken = right.recovery_hash.empty() ? totp_take(txn, user, right.step)
                                                    : recovery_code_use(txn, user, right.recovery_hash, now);
  if (!is_taken) return fail(second_factor_wrong);
  totp_forgive(txn, user);
  if (!right.recovery_hash.empty()) user_emit(txn, "identity.recovery_code_used", user);
  return {};
}

Result<FactorState> SecondFactor::second_factor_get(Snapshot& db, Call& call, const api::Empty&) {
  const auto row = totp_find(db, call.caller.user);
  FactorState state;
  state.is_required = options_.second_factor_required && call.caller.role != api::Role::patient;
  if (row) state.since = row->confirmed_at;
  if (state.since) state.recovery_codes_left = recovery_codes_left(db, call.caller.user);
  return state;
}

Result<FactorSecret> SecondFactor::second_factor_create(Txn& txn, Call& call, const api::Empty&) {
  const UserId user = call.caller.user;
  std::string secret(totp_secret_bytes, '\0');
  call.random->fill({reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()});
  if (!totp_begin(txn, user, crypto::box_seal(key_, place_of(user), secret, *call.random), call.now))
    return fail(second_factor_enrolled);
  const auto row = user_find(txn, user);
  call.header("Cache-Control", "no-store");
  return FactorSecret{base32(secret), totp_uri(secret, row ? row->name : "")};
}

// Wrong codes are not counted: who is signed in guesses at the own secret, which the answer before has told.
Result<RecoveryCodes> SecondFactor::second_factor_confirm(Txn& txn, Call& call, const FactorCode& body) {
  const UserId user = call.caller.user;
  const auto row = totp_find(txn, user);
  if (!row || row->confirmed_at) return fail(second_factor_not_begun);
  const auto step = totp_match(opened(user, row->sealed), code_plain(body.code), call.now, 0);
  if (!step) return fail(second_factor_wrong);
  if (!totp_confirm(txn, user, *step, call.now)) return fail(second_factor_not_begun);
  user_emit(txn, "identity.second_factor_added", user);
  sessions_.forget(txn, user);
  call.header("Cache-Control", "no-store");
  return recovery_codes_make(txn, user);
}

RecoveryCodes SecondFactor::recovery_codes_make(Txn& txn, UserId user) {
  recovery_codes_delete(txn, user);
  RecoveryCodes made;
  for (std::size_t i = 0; i < recovery_codes_count; ++i) {
    std::string bytes(recovery_code_bytes, '\0');
    entropy_.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    const std::string plain = base32(bytes);
    recovery_code_insert(txn, user, recovery_hash(user, plain));
    made.codes.push_back(recovery_text(plain));
  }
  return made;
}

Result<FactorRight> SecondFactor::code_prepare(api::Outside&, Call& call, const FactorCode& body) {
  return judge(call.caller.user, body.code, call.now);
}

Result<NoContent> SecondFactor::second_factor_remove(Txn& txn, Call& call, const FactorCode&, FactorRight& right) {
  FAIRWARD_TRY(accept(txn, call.caller.user, right, call.now));
  if (!right.is_needed) return fail(second_factor_not_begun);
  remove(txn, call.caller.user);
  sessions_.end_others(txn, call.caller.user, SessionId{call.caller.session}, call.now);
  return NoContent{};
}

void SecondFactor::remove(Txn& txn, UserId user) {
  recovery_codes_delete(txn, user);
  totp_delete(txn, user);
  user_emit(txn, "identity.second_factor_removed", user);
}

Result<RecoveryCodes> SecondFactor::recovery_codes_renew(Txn& txn, Call& call, const FactorCode&, FactorRight& right) {
  FAIRWARD_TRY(accept(txn, call.caller.user, right, call.now));
  if (!right.is_needed) return fail(second_factor_not_begun);
  call.header("Cache-Control", "no-store");
  return recovery_codes_make(txn, call.caller.user);
}

}  // namespace fairward::identity
