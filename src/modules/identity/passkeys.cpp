#include "modules/identity/passkeys.h"

#include <fmt/format.h>

#include <algorithm>

#include "modules/identity/errors.h"

namespace fairward::identity {
namespace {

constexpr std::size_t nonce_bytes = 16, end_bytes = 8, seal_bytes = 32;
constexpr std::int64_t pruned_at_once = 500;
constexpr std::string_view signing_in = "in";

std::string making(UserId user) { return fmt::format("make/{}", user.value); }

std::string big_endian(std::uint64_t number) {
  std::string bytes(end_bytes, '\0');
  for (std::size_t i = 0; i < end_bytes; ++i) bytes[i] = static_cast<char>(number >> (8 * (end_bytes - 1 - i)));
  return bytes;
}

Instant end_of(std::string_view challenge) {
  std::uint64_t number = 0;
  for (const char c : challenge.substr(nonce_bytes, end_bytes)) number = number << 8 | static_cast<unsigned char>(c);
  return {static_cast<std::int64_t>(number)};
}

Passkey view_of(const PasskeyRow& row) { return {row.id, row.name, row.is_synced, row.created_at, row.used_at}; }

Failed refused(std::string_view why) { return fail(Failure{&passkey_refused, {}, {}, std::string(why), 0}); }

Failed invalid(PasskeyFault fault) {
  return fail(Failure{&passkey_invalid, {}, {}, std::string(fault_text(fault)), 0});
}

// What a browser passed on, as bytes.
struct Presented {
  std::string client_data, authenticator_data, signature;
};

std::optional<Presented> presented_of(const PasskeyLogin& body) {
  auto client_data = crypto::base64url_decode(body.client_data.value),
       authenticator_data = crypto::base64url_decode(body.authenticator_data.value),
       signature = crypto::base64url_decode(body.signature.value);
  if (!client_data || !authenticator_data || !signature) return std::nullopt;
  return Presented{std::move(*client_data), std::move(*authenticator_data), std::move(*signature)};
}

}  // namespace

Passkeys::Passkeys(Sessions& sessions, const IdentityOptions& options)
    : sessions_(sessions),
      options_(options),
      challenge_key_(Secrets(seed_of(options.signing_key)).key("passkey challenge")),
      handle_key_(Secrets(seed_of(options.signing_key)).key("passkey handle")) {}

// Nonce, end, and a seal over both and the purpose.
std::string Passkeys::challenge_make(Call& call, const std::string& purpose) const {
  std::string challenge(nonce_bytes, '\0');
  call.random->fill({reinterpret_cast<std::uint8_t*>(challenge.data()), challenge.size()});
  challenge += big_endian(static_cast<std::uint64_t>((call.now + passkey_challenge_ttl).ms));
  return challenge.append(crypto::bytes_of(crypto::hmac_sha256(challenge_key_, challenge + purpose)));
}

bool Passkeys::challenge_is_good(std::string_view challenge, const std::string& purpose, Instant now) const {
  if (challenge.size() != nonce_bytes + end_bytes + seal_bytes) return false;
  const std::string_view told = challenge.substr(0, nonce_bytes + end_bytes);
  const crypto::Digest seal = crypto::hmac_sha256(challenge_key_, std::string(told) + purpose);
  return crypto::equal_constant_time(crypto::bytes_of(seal), challenge.substr(told.size())) && end_of(challenge) > now;
}

// It tells nobody who the user is, and is the same for all passkeys of one: devices keep one for each handle.
std::string Passkeys::handle_of(UserId user, const std::vector<PasskeyRow>& rows) const {
  if (!rows.empty()) return rows.front().user_handle;
  return crypto::base64url(crypto::bytes_of(crypto::hmac_sha256(handle_key_, std::to_string(user.value))));
}

Result<void> Passkeys::recent_check(Snapshot& db, const Call& call) const {
  const auto since = session_begun(db, call.caller.user, SessionId{call.caller.session});
  if (!since || *since + passkey_change_within <= call.now) return fail(passkey_sign_in_again);
  return {};
}

Result<Page<Passkey>> Passkeys::passkey_list(Snapshot& db, Call& call, const api::Empty&) {
  Page<Passkey> page;
  for (const PasskeyRow& row : passkeys_of(db, call.caller.user)) page.items.push_back(view_of(row));
  return page;
}

Result<PasskeyOffer> Passkeys::passkey_offer_create(Snapshot& db, Call& call, const api::Empty&) {
  if (!party_) return fail(passkeys_not_offered);
  FAIRWARD_TRY(recent_check(db, call));
  const UserId user = call.caller.user;
  const auto rows = passkeys_of(db, user);
  if (rows.size() >= passkeys_per_user) return fail(passkeys_full);
  const auto logins = logins_of_user(db, user);
  const std::string name = user_find(db, user).value().name;
  PasskeyOffer offer{crypto::base64url(challenge_make(call, making(user))),
                     call.now + passkey_challenge_ttl,
                     party_->id,
                     "Fairward",
                     handle_of(user, rows),
                     logins.empty() ? name : logins.front().text,
                     name,
                     {-8, -7, -257},
                     {}};
  for (const PasskeyRow& row : rows) offer.known.push_back(row.credential_id);
  call.header("Cache-Control", "no-store");
  return offer;
}

Result<Created<Passkey>> Passkeys::passkey_create(Txn& txn, Call& call, const PasskeyCreate& body) {
  if (!party_) return fail(passkeys_not_offered);
  FAIRWARD_TRY(recent_check(txn, call));
  const UserId user = call.caller.user;
  const auto client_data = crypto::base64url_decode(body.client_data.value),
             attestation = crypto::base64url_decode(body.attestation_object.value);
  if (!client_data || !attestation) return invalid(PasskeyFault::client_data);
  const auto made = registration_judge(*party_, *client_data, *attestation);
  if (!made) return invalid(made.error());
  const bool is_ours = challenge_is_good(made->challenge, making(user), call.now) &&
                       passkey_answer_insert(txn, secret_hash(made->challenge), end_of(made->challenge));
  if (!is_ours) return fail(passkey_invalid);
  user_lock(txn, user);
  const auto rows = passkeys_of(txn, user);
  if (rows.size() >= passkeys_per_user) return fail(passkeys_full);
  PasskeyRow row{{},
                 user,
                 body.name.value,
                 crypto::base64url(made->id),
                 crypto::base64url(made->public_key),
                 handle_of(user, rows),
                 made->sign_count,
                 made->is_synced,
                 call.now,
                 {}};
  const auto id = passkey_insert(txn, row);
  if (!id) return fail(passkey_known);
  row.id = *id;
  user_emit(txn, "identity.passkey_added", user);
  sessions_.forget(txn, user);  // who had to add a second factor has one
  return Created<Passkey>{view_of(row), fmt::format("/api/me/passkeys/{}", id->value)};
}

Result<NoContent> Passkeys::passkey_rename(Txn& txn, Call& call, const PasskeyRename& body) {
  if (!identity::passkey_rename(txn, body.id, call.caller.user, body.name.value)) return fail(passkey_not_found);
  return NoContent{};
}

Result<NoContent> Passkeys::passkey_delete(Txn& txn, Call& call, const PasskeyPath& path) {
  FAIRWARD_TRY(recent_check(txn, call));
  if (!identity::passkey_delete(txn, path.id, call.caller.user)) return fail(passkey_not_found);
  user_emit(txn, "identity.passkey_removed", call.caller.user);
  sessions_.forget(txn, call.caller.user);
  return NoContent{};
}

Result<PasskeyChallenge> Passkeys::passkey_challenge_create(Call& call, const api::Empty&) {
  if (!party_) return fail(passkeys_not_offered);
  call.header("Cache-Control", "no-store");
  return PasskeyChallenge{crypto::base64url(challenge_make(call, std::string(signing_in))),
                          call.now + passkey_challenge_ttl, party_->id};
}

Result<PasskeyRight> Passkeys::login_prepare(api::Outside& outside, Call& call, const PasskeyLogin& body) {
  if (!party_) return fail(passkeys_not_offered);
  const auto said = presented_of(body);
  if (!said) return refused("not base64url");
  std::optional<PasskeyRow> row;
  outside.read([&](Snapshot& db) { row = passkey_find(db, body.credential_id.value); });
  if (!row) return refused("unknown credential");
  if (!crypto::equal_constant_time(row->user_handle, body.user_handle.value)) return refused("of another user");
  call.against(row->user);
  const auto key = crypto::base64url_decode(row->public_key);
  const auto right = assertion_judge(*party_, {key.value_or(""), row->sign_count, row->is_synced}, said->client_data,
                                     said->authenticator_data, said->signature);
  if (!right) return refused(fault_text(right.error()));
  if (!challenge_is_good(right->challenge, std::string(signing_in), call.now)) return refused("challenge not ours");
  return PasskeyRight{row->id, row->user, right->sign_count, right->challenge};
}

Result<UserRow> Passkeys::finish(Txn& txn, Call& call, const PasskeyRight& right) {
  if (!passkey_answer_insert(txn, secret_hash(right.challenge), end_of(right.challenge)))
    return refused("challenge answered before");
  if (!passkey_use(txn, right.id, right.sign_count, call.now)) return refused("removed, or counter gone back");
  const auto user = user_find(txn, right.user);
  if (!user) return refused("no user");
  if (user->status == UserStatus::disabled) return fail(user_disabled);
  return *user;
}

Result<Tokens> Passkeys::passkey_login_create(Txn& txn, Call& call, const PasskeyLogin&, PasskeyRight& right) {
  FAIRWARD_TRY_AS(user, finish(txn, call, right));
  return sessions_.tokens_open(txn, call, user);
}

Result<Created<Session>> Passkeys::passkey_session_create(Txn& txn, Call& call, const PasskeyLogin&,
                                                          PasskeyRight& right) {
  FAIRWARD_TRY_AS(user, finish(txn, call, right));
  return Created<Session>{sessions_.cookie_open(txn, call, user), "/api/session"};
}

std::int64_t passkey_answers_prune(Txn& txn, Instant now) {
  return passkey_answers_delete(txn, now - minutes(5), pruned_at_once);
}

}  // namespace fairward::identity
