// The module's only way to its tables.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "modules/identity/api.h"
#include "modules/identity/rules.h"
#include "platform/api/call.h"
#include "platform/sql/sql.h"

namespace fairward::identity {

using SessionId = Id<struct SessionTag>;

struct UserRow {
  UserId id;
  api::Role role = api::Role::patient;
  UserStatus status = UserStatus::active;
  std::string name;
  HospitalId hospital;
  DoctorId doctor;
  std::optional<std::string> phone, email, birth_on, sex;
};
struct UserInsert {
  api::Role role = api::Role::patient;
  UserStatus status = UserStatus::active;
  std::string name;
  HospitalId hospital;
  DoctorId doctor;
  std::optional<std::string> phone, email, birth_on, sex;
  std::optional<UserId> added_by;
};
// nullopt when the doctor has a login already.
std::optional<UserId> user_insert(Txn& txn, const UserInsert& user, Instant now);
std::optional<UserRow> user_find(Snapshot& db, UserId id);
std::optional<UserId> doctor_user_find(Snapshot& db, DoctorId doctor);
bool doctor_has_user(Snapshot& db, DoctorId doctor);
// False when the status is not `from` any more.
bool user_change(Txn& txn, UserId id, UserStatus from, UserStatus to, DoctorId doctor, Instant now);

struct UserFilter {
  HospitalId hospital;     // 0: of every hospital, patients included
  std::int64_t after = 0;  // ids above
  std::optional<std::string> role, status;
  std::optional<std::string> words;  // any part of the name, or how a login begins
  std::int64_t limit = 0;
};
struct AccountRow {
  UserId id;
  api::Role role = api::Role::patient;
  UserStatus status = UserStatus::active;
  std::string name;
  HospitalId hospital;
  DoctorId doctor;
  std::optional<std::string> phone, email, login;
};
std::vector<AccountRow> users_page(Snapshot& db, const UserFilter& filter);

struct PatientFilter {
  HospitalId hospital;  // 0: of every hospital
  std::int64_t after = 0;
  std::optional<std::string> phone;  // normalised
  std::optional<std::string> name;   // any part of it
  std::int64_t limit = 0;
};
std::vector<UserRow> patients_by_birth(Snapshot& db, const std::string& birth_on, std::int64_t limit);
std::vector<UserRow> patients_page(Snapshot& db, const PatientFilter& filter);

// False when somebody has the login already.
bool login_insert(Txn& txn, const Login& login, UserId user, Instant now);
struct LoginRow {
  UserId user;
  api::Role role = api::Role::patient;
  UserStatus status = UserStatus::active;
  std::string name;
  HospitalId hospital;
  DoctorId doctor;
  std::optional<std::string> password_hash;
};
std::optional<LoginRow> login_find(Snapshot& db, const std::string& login);
void password_insert(Txn& txn, UserId user, const std::string& hash, Instant now);
void password_upgrade(Txn& txn, UserId user, const std::string& old_hash, const std::string& new_hash);

enum class SessionKind : std::uint8_t { cookie, token };
std::string_view sql_text(SessionKind kind);
SessionKind sql_parse(std::string_view text, SessionKind*);
struct SessionRow {
  SessionId id;
  SessionKind kind = SessionKind::cookie;
  Instant seen_at, expires_at;
  std::optional<Instant> revoked_at;
  UserId user;
  api::Role role = api::Role::patient;
  UserStatus status = UserStatus::active;
  HospitalId hospital;
  DoctorId doctor;
  bool has_factor = false;  // a second factor, confirmed
};
// token_hash: of cookies only. agent: what the program calls itself.
SessionId session_insert(Txn& txn, UserId user, SessionKind kind, const std::optional<std::string>& token_hash,
                         Instant now, Instant expires_at, const std::optional<std::string>& agent = {});
std::optional<SessionRow> session_find(Snapshot& db, SessionId id);
std::optional<SessionRow> session_find_by_token(Snapshot& db, const std::string& token_hash);
void session_see(Txn& txn, SessionId id, Instant now);
void session_extend(Txn& txn, SessionId id, Instant now, Instant expires_at);
void session_revoke(Txn& txn, SessionId id, Instant now);
void sessions_revoke_others(Txn& txn, UserId user, SessionId kept, Instant now);
void sessions_revoke_of_user(Txn& txn, UserId user, Instant now);
// Sessions that ended before the instant, at most `count`, and their refresh tokens. Returns how many.
std::int64_t sessions_prune(Txn& txn, Instant before, std::int64_t count);

struct OwnSessionRow {
  SessionId id;
  SessionKind kind = SessionKind::cookie;
  std::optional<std::string> agent;
  Instant created_at, seen_at, expires_at;
};
std::vector<OwnSessionRow> sessions_of_user(Snapshot& db, UserId user, Instant now);
// When the session began; nullopt: it is not this user's, or was revoked.
std::optional<Instant> session_begun(Snapshot& db, UserId user, SessionId session);

struct RefreshTokenRow {
  SessionId session;
  Instant expires_at;
  std::optional<Instant> used_at;
};
void refresh_token_insert(Txn& txn, const std::string& token_hash, SessionId session, Instant expires_at);
std::optional<RefreshTokenRow> refresh_token_find(Snapshot& db, const std::string& token_hash);
// False when it was used before.
bool refresh_token_use(Txn& txn, const std::string& token_hash, Instant now);

// ---- API keys ----

struct ApiKeyRow {
  ApiKeyId id;
  UserId owner;
  std::string name, prefix;
  std::int64_t scopes = 0;  // a bit for each
  HospitalId hospital;
  std::int64_t per_minute = 0, per_day = 0;
  Instant created_at, expires_at;
  std::optional<Instant> revoked_at, used_at;
};
ApiKeyId api_key_insert(Txn& txn, const ApiKeyRow& row, const std::string& hash);
std::optional<ApiKeyRow> api_key_find(Snapshot& db, ApiKeyId id);
std::vector<ApiKeyRow> api_keys_of(Snapshot& db, UserId owner);
struct KeyFilter {
  std::int64_t before = std::numeric_limits<std::int64_t>::max();  // the last of the page before
  std::optional<std::string> words;                                // of the name of the key or its owner
  std::optional<bool> is_good;                                     // neither revoked nor over
  std::int64_t limit = 0;
};
// A key with whose it is.
struct OwnedKeyRow {
  ApiKeyId id;
  UserId owner;
  std::string name, prefix;
  std::int64_t scopes = 0;
  std::int64_t per_minute = 0, per_day = 0;
  Instant created_at, expires_at;
  std::optional<Instant> revoked_at, used_at;
  std::string owner_name, owner_role;
};
std::vector<OwnedKeyRow> api_keys_page(Snapshot& db, const KeyFilter& filter, Instant now);
std::int64_t api_keys_good(Snapshot& db, UserId owner, Instant now);
void api_key_end(Txn& txn, ApiKeyId id, Instant at);
bool api_key_revoke(Txn& txn, ApiKeyId id, Instant now);  // false: it was revoked before
void api_keys_revoke(Txn& txn, UserId owner, Instant now);
void api_key_quota_put(Txn& txn, ApiKeyId id, std::int64_t per_minute, std::int64_t per_day);
// Who stands behind a key.
struct PresentKeyRow {
  ApiKeyId id;
  UserId owner;
  std::int64_t scopes = 0;
  HospitalId key_hospital;
  std::int64_t per_minute = 0, per_day = 0;
  Instant expires_at;
  std::optional<Instant> revoked_at;
  api::Role role = api::Role::patient;
  UserStatus status = UserStatus::active;
  HospitalId hospital;
  DoctorId doctor;
  std::int64_t calls_today = 0;
  bool has_factor = false;
};
std::optional<PresentKeyRow> api_key_present(Snapshot& db, const std::string& hash, const std::string& today);
// Returns the calls of that day, of every node.
std::int64_t api_usage_add(Txn& txn, ApiKeyId id, const std::string& day, std::int64_t calls, std::int64_t refused,
                           Instant now);
std::vector<KeyUsage> api_usage_since(Snapshot& db, ApiKeyId id, const std::string& after_day);

// ---- invitations ----

struct InvitationRow {
  InvitationId id;
  api::Role role = api::Role::patient;
  std::string name, login;
  HospitalId hospital;
  DoctorId doctor;
  std::string nonce;
  Instant created_at, expires_at;
  std::optional<Instant> accepted_at, withdrawn_at;
};
InvitationId invitation_insert(Txn& txn, const InvitationRow& row, UserId by);
std::optional<InvitationRow> invitation_find(Snapshot& db, InvitationId id);
std::optional<UserRow> invitation_inviter(Snapshot& db, InvitationId id);
std::int64_t invitations_open(Snapshot& db, UserId by, Instant now);
// Those that are open; hospital 0: of every hospital.
std::vector<InvitationRow> invitations_page(Snapshot& db, HospitalId hospital, std::int64_t after, Instant now,
                                            std::int64_t limit);
bool invitation_withdraw(Txn& txn, InvitationId id, Instant now);
bool invitation_take(Txn& txn, InvitationId id, UserId user, Instant now);  // false: it is open no longer

// ---- passwords ----

std::optional<std::string> password_of(Snapshot& db, UserId user);
void password_put(Txn& txn, UserId user, const std::string& hash, Instant now);
std::vector<Login> logins_of_user(Snapshot& db, UserId user);

std::int64_t reset_insert(Txn& txn, const std::string& login_key, std::optional<UserId> user, const std::string& nonce,
                          Instant now, Instant expires_at);
std::int64_t resets_count(Snapshot& db, const std::string& login_key, Instant since);
struct ResetRow {
  std::optional<UserId> user;
  std::string nonce;
  Instant expires_at;
  std::optional<Instant> used_at;
};
std::optional<ResetRow> reset_find(Snapshot& db, std::int64_t id);
bool reset_use(Txn& txn, std::int64_t id, Instant now);  // false when it was used before
void resets_end(Txn& txn, UserId user, Instant now);
std::int64_t resets_delete(Txn& txn, Instant before, std::int64_t count);

// ---- second factor ----

struct TotpRow {
  std::string sealed;
  std::optional<Instant> confirmed_at;
  std::int64_t last_step = 0, failures = 0;
  Instant tried_at;
};
std::optional<TotpRow> totp_find(Snapshot& db, UserId user);
void totp_lock(Txn& txn, UserId user);
void totp_try(Txn& txn, UserId user, Instant now);
bool totp_take(Txn& txn, UserId user, std::int64_t step);  // false: this step or a later one was taken before
void totp_forgive(Txn& txn, UserId user);
bool totp_begin(Txn& txn, UserId user, const std::string& sealed, Instant now);  // false: one is confirmed already
bool totp_confirm(Txn& txn, UserId user, std::int64_t step, Instant now);
void totp_delete(Txn& txn, UserId user);
void recovery_code_insert(Txn& txn, UserId user, const std::string& hash);
bool recovery_code_is_good(Snapshot& db, UserId user, const std::string& hash);
bool recovery_code_use(Txn& txn, UserId user, const std::string& hash, Instant now);
std::int64_t recovery_codes_left(Snapshot& db, UserId user);
void recovery_codes_delete(Txn& txn, UserId user);

// ---- passkeys ----

struct PasskeyRow {
  PasskeyId id;
  UserId user;
  std::string name, credential_id, public_key, user_handle;  // the last three: base64url
  std::int64_t sign_count = 0;
  bool is_synced = false;
  Instant created_at;
  std::optional<Instant> used_at;
};
std::optional<PasskeyId> passkey_insert(Txn& txn, const PasskeyRow& row);  // nullopt: somebody has the credential
std::optional<PasskeyRow> passkey_find(Snapshot& db, const std::string& credential_id);
std::vector<PasskeyRow> passkeys_of(Snapshot& db, UserId user);
// False when the count is not above the one before; devices that do not count say 0 every time.
bool passkey_use(Txn& txn, PasskeyId id, std::int64_t sign_count, Instant now);
bool passkey_rename(Txn& txn, PasskeyId id, UserId user, const std::string& name);
bool passkey_delete(Txn& txn, PasskeyId id, UserId user);
std::int64_t passkeys_delete(Txn& txn, UserId user);
bool passkey_answer_insert(Txn& txn, const std::string& challenge_hash, Instant expires_at);  // false: answered before
std::int64_t passkey_answers_delete(Txn& txn, Instant before, std::int64_t count);

// ---- family ----

void user_lock(Txn& txn, UserId user);  // to the end of the transaction
struct GuardianRow {
  UserId dependent;
  std::string name;
  Relation relation = Relation::child;
  std::optional<std::string> birth_on, sex;
  Instant created_at;
};
void guardian_insert(Txn& txn, UserId guardian, UserId dependent, Relation relation, Instant now);
std::vector<GuardianRow> guardian_links(Snapshot& db, UserId guardian);
std::vector<UserId> guardian_dependents(Snapshot& db, UserId guardian);
// Links that last, and those that ended after the instant.
std::int64_t guardian_links_count(Snapshot& db, UserId guardian, Instant ended_after);
bool guardian_end(Txn& txn, UserId guardian, UserId dependent, Instant now);  // false: there is no such link

// ---- one-time codes ----

// Locks the row of that name to the end of the transaction.
void turn_take(Txn& txn, std::string_view name);

struct CodeInsert {
  std::string phone, nonce, request_hash, sent_from;
  Instant created_at, expires_at;
};
std::int64_t code_insert(Txn& txn, const CodeInsert& code);
struct CodeRow {
  std::string nonce;
  Instant expires_at;
  std::optional<Instant> used_at;
};
std::optional<CodeRow> code_find(Snapshot& db, std::int64_t id);
// Takes a try; nullopt when there is none left, or the request, the time or the use forbid it.
struct CodeTry {
  std::string phone, nonce;
  std::int64_t tries = 0;  // this one included
};
std::optional<CodeTry> code_try(Txn& txn, std::int64_t id, const std::string& request_hash, std::int64_t tries_max,
                                Instant now);
bool code_use(Txn& txn, std::int64_t id, Instant now);  // false when it was used before
// The oldest of the last `count` codes sent since then to the phone, from the address, or both; nullopt: fewer were.
std::optional<Instant> codes_full_since(Snapshot& db, const std::optional<std::string>& phone,
                                        const std::optional<std::string>& from, Instant since, std::int64_t count);
bool code_address_is_known(Snapshot& db, const std::string& phone, const std::string& from, Instant since);
std::int64_t codes_delete(Txn& txn, Instant unused_before, Instant used_before, std::int64_t count);
// False when it was verified before.
bool login_verify(Txn& txn, const std::string& login, Instant now);
// Forgets everything else that opens the account: password, other logins, e-mail address, second factor, passkeys and
// API keys.
void login_keep_only(Txn& txn, UserId user, const std::string& login, Instant now);

}  // namespace fairward::identity
