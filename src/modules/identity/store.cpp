#include "modules/identity/store.h"

#include <algorithm>

#include "base/check.h"
#include "sql/identity.h"

namespace fairward::identity {
namespace {

// As names are searched: ASCII in lower case, on both engines alike.
std::string name_key(std::string_view name) {
  std::string key(name);
  std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

// The LIKE pattern for "begins with".
std::optional<std::string> start_pattern(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::string pattern;
  for (const char c : name_key(*text)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

// The LIKE pattern for "contains".
std::optional<std::string> name_pattern(const std::optional<std::string>& name) {
  const auto start = start_pattern(name);
  return start ? std::optional("%" + *start) : std::nullopt;
}

bool is_of_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<signed char>(c) < 0; }

// The words of a name_key: letters, digits and whatever is not ASCII.
std::vector<std::string> words_of(std::string_view key) {
  std::vector<std::string> words;
  for (auto at = key.begin(); at != key.end();) {
    const auto begin = std::find_if(at, key.end(), is_of_word);
    at = std::find_if_not(begin, key.end(), is_of_word);
    if (begin != at) words.emplace_back(begin, at);
  }
  return words;
}

// All texts that begin with this are from it to below its end.
constexpr std::string_view last_letter = "\xF4\x8F\xBF\xBF";
struct Beginning {
  explicit Beginning(std::string text) : from(std::move(text)), to(from + std::string(last_letter)) {}
  std::string from, to;
};

// What narrows a search most: its longest word.
Beginning longest_word(const std::string& words) {
  const auto all = words_of(name_key(words));
  const auto longest = std::ranges::max_element(all, {}, [](const std::string& word) { return word.size(); });
  return Beginning(longest == all.end() ? "" : *longest);
}

void words_insert(Txn& txn, UserId user, const UserInsert& u) {
  std::vector<std::string> words = words_of(name_key(u.name));
  if (u.phone) words.push_back(*u.phone);
  if (u.email) words.push_back(name_key(*u.email));
  for (const std::string& word : words) txn.exec_later(sql_queries::word_insert, user, word);
}

}  // namespace

std::optional<UserId> user_insert(Txn& txn, const UserInsert& u, Instant now) {
  const auto id = txn.one<UserId>(sql_queries::user_insert, u.role, u.status, u.name, name_key(u.name), u.hospital,
                                  u.doctor, u.phone, u.email, u.birth_on, u.sex, u.added_by, now);
  if (id) words_insert(txn, *id, u);
  return id;
}

std::optional<UserRow> user_find(Snapshot& db, UserId id) { return db.one<UserRow>(sql_queries::user_find, id); }

std::optional<UserId> doctor_user_find(Snapshot& db, DoctorId doctor) {
  return db.one<UserId>(sql_queries::user_of_doctor, doctor);
}

bool doctor_has_user(Snapshot& db, DoctorId doctor) { return doctor_user_find(db, doctor).has_value(); }

bool user_change(Txn& txn, UserId id, UserStatus from, UserStatus to, DoctorId doctor, Instant now) {
  return txn.exec(sql_queries::user_change, id, from, to, doctor, now) == 1;
}

std::vector<AccountRow> users_page(Snapshot& db, const UserFilter& f) {
  namespace q = sql_queries;
  const auto part = name_pattern(f.words), start = start_pattern(f.words);
  if (f.hospital)
    return db.all<AccountRow>(q::users_page_of_hospital, f.hospital, f.after, f.role, f.status, part, start, f.limit);
  if (f.words) {
    const Beginning word = longest_word(*f.words), whole(name_key(*f.words));
    return db.all<AccountRow>(q::users_search, f.after, f.role, f.status, part, start, word.from, word.to, whole.from,
                              whole.to, f.limit);
  }
  if (!f.status) return db.all<AccountRow>(q::users_page, f.after, f.role, f.limit);
  const bool is_of_many = *f.status == sql_text(UserStatus::active);
  return db.all<AccountRow>(is_of_many ? q::users_page_of_status : q::users_page_inactive, f.status, f.after, f.role,
                            f.limit);
}

std::vector<UserRow> patients_by_birth(Snapshot& db, const std::string& birth_on, std::int64_t limit) {
  return db.all<UserRow>(sql_queries::patients_by_birth, birth_on, limit);
}

std::vector<UserRow> patients_page(Snapshot& db, const PatientFilter& f) {
  namespace q = sql_queries;
  const auto pattern = name_pattern(f.name);
  if (f.phone) return db.all<UserRow>(q::patients_by_phone, *f.phone, f.hospital, f.after, pattern, f.limit);
  if (!f.name) {
    if (!f.hospital) return db.all<UserRow>(q::patients_page, f.after, f.limit);
    return db.all<UserRow>(q::patients_page_of_hospital, f.hospital, f.after, f.limit);
  }
  const Beginning word = longest_word(*f.name);
  if (!f.hospital) return db.all<UserRow>(q::patients_search, f.after, pattern, word.from, word.to, f.limit);
  return db.all<UserRow>(q::patients_search_of_hospital, f.hospital, f.after, pattern, word.from, word.to, f.limit);
}

bool login_insert(Txn& txn, const Login& login, UserId user, Instant now) {
  if (txn.exec(sql_queries::login_insert, login.text, login.kind, user, now) != 1) return false;
  txn.exec_later(sql_queries::word_insert, user, login.text);
  return true;
}

std::optional<LoginRow> login_find(Snapshot& db, const std::string& login) {
  return db.one<LoginRow>(sql_queries::login_find, login);
}

void password_insert(Txn& txn, UserId user, const std::string& hash, Instant now) {
  txn.exec(sql_queries::password_insert, user, hash, now);
}

void password_upgrade(Txn& txn, UserId user, const std::string& old_hash, const std::string& new_hash) {
  txn.exec(sql_queries::password_upgrade, user, old_hash, new_hash);
}

std::string_view sql_text(SessionKind kind) { return kind == SessionKind::cookie ? "cookie" : "token"; }
SessionKind sql_parse(std::string_view text, SessionKind*) {
  return text == "cookie" ? SessionKind::cookie : SessionKind::token;
}

SessionId session_insert(Txn& txn, UserId user, SessionKind kind, const std::optional<std::string>& token_hash,
                         Instant now, Instant expires_at, const std::optional<std::string>& agent) {
  const auto id = txn.one<SessionId>(sql_queries::session_insert, user, kind, token_hash, now, expires_at, agent);
  FAIRWARD_CHECK(id.has_value());
  return *id;
}

std::optional<SessionRow> session_find(Snapshot& db, SessionId id) {
  return db.one<SessionRow>(sql_queries::session_find, id);
}

std::optional<SessionRow> session_find_by_token(Snapshot& db, const std::string& token_hash) {
  return db.one<SessionRow>(sql_queries::session_find_by_token, token_hash);
}

void session_see(Txn& txn, SessionId id, Instant now) { txn.exec(sql_queries::session_see, id, now); }
void session_extend(Txn& txn, SessionId id, Instant now, Instant expires_at) {
  txn.exec(sql_queries::session_extend, id, now, expires_at);
}
void session_revoke(Txn& txn, SessionId id, Instant now) { txn.exec(sql_queries::session_revoke, id, now); }
void sessions_revoke_of_user(Txn& txn, UserId user, Instant now) {
  txn.exec(sql_queries::sessions_revoke_of_user, user, now);
}

// Both statements choose the same rows: the transaction sees no other's changes between them that matter, since a
// session that has ended is never extended.
std::int64_t sessions_prune(Txn& txn, Instant before, std::int64_t count) {
  txn.exec(sql_queries::refresh_tokens_prune, before, count);
  return txn.exec(sql_queries::sessions_prune, before, count);
}

void refresh_token_insert(Txn& txn, const std::string& token_hash, SessionId session, Instant expires_at) {
  txn.exec(sql_queries::refresh_token_insert, token_hash, session, expires_at);
}

std::optional<RefreshTokenRow> refresh_token_find(Snapshot& db, const std::string& token_hash) {
  return db.one<RefreshTokenRow>(sql_queries::refresh_token_find, token_hash);
}

bool refresh_token_use(Txn& txn, const std::string& token_hash, Instant now) {
  return txn.exec(sql_queries::refresh_token_use, token_hash, now) == 1;
}

void turn_take(Txn& txn, std::string_view name) { txn.exec(sql_queries::turn_take, name); }

std::int64_t code_insert(Txn& txn, const CodeInsert& c) {
  return txn
      .one<std::int64_t>(sql_queries::code_insert, c.phone, c.nonce, c.request_hash, c.sent_from, c.created_at,
                         c.expires_at)
      .value();
}

std::optional<CodeRow> code_find(Snapshot& db, std::int64_t id) { return db.one<CodeRow>(sql_queries::code_find, id); }

std::optional<CodeTry> code_try(Txn& txn, std::int64_t id, const std::string& request_hash, std::int64_t tries_max,
                                Instant now) {
  return txn.one<CodeTry>(sql_queries::code_try, id, request_hash, tries_max, now);
}

bool code_use(Txn& txn, std::int64_t id, Instant now) { return txn.exec(sql_queries::code_use, id, now) == 1; }

std::optional<Instant> codes_full_since(Snapshot& db, const std::optional<std::string>& phone,
                                        const std::optional<std::string>& from, Instant since, std::int64_t count) {
  if (phone && from) return db.one<Instant>(sql_queries::codes_of_phone_and_address, *phone, *from, since, count - 1);
  if (phone) return db.one<Instant>(sql_queries::codes_of_phone, *phone, since, count - 1);
  if (from) return db.one<Instant>(sql_queries::codes_of_address, *from, since, count - 1);
  return db.one<Instant>(sql_queries::codes_in_all, since, count - 1);
}

bool code_address_is_known(Snapshot& db, const std::string& phone, const std::string& from, Instant since) {
  return db.one<std::int64_t>(sql_queries::code_address_known, phone, from, since).has_value();
}

std::int64_t codes_delete(Txn& txn, Instant unused_before, Instant used_before, std::int64_t count) {
  return txn.exec(sql_queries::codes_delete, unused_before, used_before, count);
}

bool login_verify(Txn& txn, const std::string& login, Instant now) {
  return txn.exec(sql_queries::login_verify, login, now) == 1;
}

void login_keep_only(Txn& txn, UserId user, const std::string& login, Instant now) {
  txn.exec(sql_queries::logins_delete_others, user, login);
  txn.exec(sql_queries::password_delete, user);
  txn.exec(sql_queries::user_email_clear, user, now);
  recovery_codes_delete(txn, user);
  totp_delete(txn, user);
  passkeys_delete(txn, user);
  api_keys_revoke(txn, user, now);
}

void user_lock(Txn& txn, UserId user) { txn.one<UserId>(sql_queries::user_lock, user); }

std::string_view sql_text(Relation relation) {
  constexpr std::string_view texts[] = {"child", "parent", "spouse", "sibling", "other"};
  return texts[static_cast<std::size_t>(relation)];
}

Relation sql_parse(std::string_view text, Relation*) {
  for (const Relation one : {Relation::child, Relation::parent, Relation::spouse, Relation::sibling})
    if (sql_text(one) == text) return one;
  return Relation::other;
}

void guardian_insert(Txn& txn, UserId guardian, UserId dependent, Relation relation, Instant now) {
  txn.exec(sql_queries::guardian_insert, guardian, dependent, relation, now);
}

std::vector<GuardianRow> guardian_links(Snapshot& db, UserId guardian) {
  return db.all<GuardianRow>(sql_queries::guardian_links, guardian);
}

std::vector<UserId> guardian_dependents(Snapshot& db, UserId guardian) {
  return db.all<UserId>(sql_queries::guardian_dependents, guardian);
}

std::int64_t guardian_links_count(Snapshot& db, UserId guardian, Instant ended_after) {
  return db.one<std::int64_t>(sql_queries::guardian_count, guardian, ended_after).value_or(0);
}

bool guardian_end(Txn& txn, UserId guardian, UserId dependent, Instant now) {
  return txn.exec(sql_queries::guardian_end, guardian, dependent, now) == 1;
}

void sessions_revoke_others(Txn& txn, UserId user, SessionId kept, Instant now) {
  txn.exec(sql_queries::sessions_revoke_others, user, kept, now);
}

std::vector<OwnSessionRow> sessions_of_user(Snapshot& db, UserId user, Instant now) {
  return db.all<OwnSessionRow>(sql_queries::sessions_of_user, user, now);
}

std::optional<Instant> session_begun(Snapshot& db, UserId user, SessionId session) {
  return db.one<Instant>(sql_queries::session_of_user, user, session);
}

std::optional<std::string> password_of(Snapshot& db, UserId user) {
  return db.one<std::string>(sql_queries::password_find, user);
}

void password_put(Txn& txn, UserId user, const std::string& hash, Instant now) {
  txn.exec(sql_queries::password_put, user, hash, now);
}

LoginKind sql_parse(std::string_view text, LoginKind*) {
  for (const LoginKind kind : {LoginKind::phone, LoginKind::email})
    if (sql_text(kind) == text) return kind;
  return LoginKind::logon_id;
}

std::vector<Login> logins_of_user(Snapshot& db, UserId user) {
  return db.all<Login>(sql_queries::logins_of_user, user);
}

std::int64_t reset_insert(Txn& txn, const std::string& login_key, std::optional<UserId> user, const std::string& nonce,
                          Instant now, Instant expires_at) {
  return txn.one<std::int64_t>(sql_queries::reset_insert, login_key, user, nonce, now, expires_at).value();
}

std::int64_t resets_count(Snapshot& db, const std::string& login_key, Instant since) {
  return db.one<std::int64_t>(sql_queries::resets_count, login_key, since).value_or(0);
}

std::optional<ResetRow> reset_find(Snapshot& db, std::int64_t id) {
  return db.one<ResetRow>(sql_queries::reset_find, id);
}

bool reset_use(Txn& txn, std::int64_t id, Instant now) { return txn.exec(sql_queries::reset_use, id, now) == 1; }

void resets_end(Txn& txn, UserId user, Instant now) { txn.exec(sql_queries::resets_end, user, now); }

std::int64_t resets_delete(Txn& txn, Instant before, std::int64_t count) {
  return txn.exec(sql_queries::resets_delete, before, count);
}

std::optional<TotpRow> totp_find(Snapshot& db, UserId user) { return db.one<TotpRow>(sql_queries::totp_find, user); }

void totp_lock(Txn& txn, UserId user) { txn.exec(sql_queries::totp_lock, user); }

void totp_try(Txn& txn, UserId user, Instant now) { txn.exec(sql_queries::totp_try, user, now); }

bool totp_take(Txn& txn, UserId user, std::int64_t step) { return txn.exec(sql_queries::totp_take, user, step) == 1; }

void totp_forgive(Txn& txn, UserId user) { txn.exec(sql_queries::totp_forgive, user); }

bool totp_begin(Txn& txn, UserId user, const std::string& sealed, Instant now) {
  return txn.exec(sql_queries::totp_begin, user, sealed, now) == 1;
}

bool totp_confirm(Txn& txn, UserId user, std::int64_t step, Instant now) {
  return txn.exec(sql_queries::totp_confirm, user, step, now) == 1;
}

void totp_delete(Txn& txn, UserId user) { txn.exec(sql_queries::totp_delete, user); }

void recovery_code_insert(Txn& txn, UserId user, const std::string& hash) {
  txn.exec(sql_queries::recovery_code_insert, user, hash);
}

bool recovery_code_is_good(Snapshot& db, UserId user, const std::string& hash) {
  return db.one<UserId>(sql_queries::recovery_code_find, user, hash).has_value();
}

bool recovery_code_use(Txn& txn, UserId user, const std::string& hash, Instant now) {
  return txn.exec(sql_queries::recovery_code_use, user, hash, now) == 1;
}

std::int64_t recovery_codes_left(Snapshot& db, UserId user) {
  return db.one<std::int64_t>(sql_queries::recovery_codes_left, user).value_or(0);
}

void recovery_codes_delete(Txn& txn, UserId user) { txn.exec(sql_queries::recovery_codes_delete, user); }

InvitationId invitation_insert(Txn& txn, const InvitationRow& r, UserId by) {
  return txn
      .one<InvitationId>(sql_queries::invitation_insert, r.role, r.name, r.login, r.hospital, r.doctor, r.nonce, by,
                         r.created_at, r.expires_at)
      .value();
}

std::optional<InvitationRow> invitation_find(Snapshot& db, InvitationId id) {
  return db.one<InvitationRow>(sql_queries::invitation_find, id);
}

std::optional<UserRow> invitation_inviter(Snapshot& db, InvitationId id) {
  return db.one<UserRow>(sql_queries::invitation_inviter, id);
}

std::int64_t invitations_open(Snapshot& db, UserId by, Instant now) {
  return db.one<std::int64_t>(sql_queries::invitations_open, by, now).value_or(0);
}

std::vector<InvitationRow> invitations_page(Snapshot& db, HospitalId hospital, std::int64_t after, Instant now,
                                            std::int64_t limit) {
  if (!hospital) return db.all<InvitationRow>(sql_queries::invitations_page, after, now, limit);
  return db.all<InvitationRow>(sql_queries::invitations_page_of_hospital, hospital, after, now, limit);
}

bool invitation_withdraw(Txn& txn, InvitationId id, Instant now) {
  return txn.exec(sql_queries::invitation_withdraw, id, now) == 1;
}

bool invitation_take(Txn& txn, InvitationId id, UserId user, Instant now) {
  return txn.exec(sql_queries::invitation_take, id, user, now) == 1;
}

ApiKeyId api_key_insert(Txn& txn, const ApiKeyRow& r, const std::string& hash) {
  return txn
      .one<ApiKeyId>(sql_queries::api_key_insert, r.owner, r.name, r.prefix, hash, r.scopes, r.hospital, r.per_minute,
                     r.per_day, r.created_at, r.expires_at)
      .value();
}

std::optional<ApiKeyRow> api_key_find(Snapshot& db, ApiKeyId id) {
  return db.one<ApiKeyRow>(sql_queries::api_key_find, id);
}

std::vector<ApiKeyRow> api_keys_of(Snapshot& db, UserId owner) {
  return db.all<ApiKeyRow>(sql_queries::api_keys_of, owner);
}

std::vector<OwnedKeyRow> api_keys_page(Snapshot& db, const KeyFilter& f, Instant now) {
  const std::optional<std::int64_t> is_good =
      f.is_good ? std::optional<std::int64_t>(*f.is_good ? 1 : 0) : std::nullopt;
  return db.all<OwnedKeyRow>(sql_queries::api_keys_page, f.before, name_pattern(f.words), is_good, now, f.limit);
}

std::int64_t api_keys_good(Snapshot& db, UserId owner, Instant now) {
  return db.one<std::int64_t>(sql_queries::api_keys_good, owner, now).value_or(0);
}

void api_key_end(Txn& txn, ApiKeyId id, Instant at) { txn.exec(sql_queries::api_key_end, id, at); }

bool api_key_revoke(Txn& txn, ApiKeyId id, Instant now) { return txn.exec(sql_queries::api_key_revoke, id, now) == 1; }

void api_key_quota_put(Txn& txn, ApiKeyId id, std::int64_t per_minute, std::int64_t per_day) {
  txn.exec(sql_queries::api_key_quota_put, id, per_minute, per_day);
}

std::optional<PresentKeyRow> api_key_present(Snapshot& db, const std::string& hash, const std::string& today) {
  return db.one<PresentKeyRow>(sql_queries::api_key_present, hash, today);
}

std::int64_t api_usage_add(Txn& txn, ApiKeyId id, const std::string& day, std::int64_t calls, std::int64_t refused,
                           Instant now) {
  if (calls > 0) txn.exec(sql_queries::api_key_used, id, now);
  return txn.one<std::int64_t>(sql_queries::api_usage_add, id, day, calls, refused).value_or(0);
}

std::vector<KeyUsage> api_usage_since(Snapshot& db, ApiKeyId id, const std::string& after_day) {
  return db.all<KeyUsage>(sql_queries::api_usage_since, id, after_day);
}

void api_keys_revoke(Txn& txn, UserId owner, Instant now) {
  txn.exec(sql_queries::api_keys_revoke_of_user, owner, now);
}

std::optional<PasskeyId> passkey_insert(Txn& txn, const PasskeyRow& r) {
  return txn.one<PasskeyId>(sql_queries::passkey_insert, r.user, r.name, r.credential_id, r.public_key, r.user_handle,
                            r.sign_count, r.is_synced, r.created_at);
}

std::optional<PasskeyRow> passkey_find(Snapshot& db, const std::string& credential_id) {
  return db.one<PasskeyRow>(sql_queries::passkey_find, credential_id);
}

std::vector<PasskeyRow> passkeys_of(Snapshot& db, UserId user) {
  return db.all<PasskeyRow>(sql_queries::passkeys_of, user);
}

bool passkey_use(Txn& txn, PasskeyId id, std::int64_t sign_count, Instant now) {
  return txn.exec(sql_queries::passkey_use, id, sign_count, now) == 1;
}

bool passkey_rename(Txn& txn, PasskeyId id, UserId user, const std::string& name) {
  return txn.exec(sql_queries::passkey_rename, id, user, name) == 1;
}

bool passkey_delete(Txn& txn, PasskeyId id, UserId user) {
  return txn.exec(sql_queries::passkey_delete, id, user) == 1;
}

std::int64_t passkeys_delete(Txn& txn, UserId user) { return txn.exec(sql_queries::passkeys_delete, user); }

bool passkey_answer_insert(Txn& txn, const std::string& challenge_hash, Instant expires_at) {
  return txn.exec(sql_queries::passkey_answer_insert, challenge_hash, expires_at) == 1;
}

std::int64_t passkey_answers_delete(Txn& txn, Instant before, std::int64_t count) {
  return txn.exec(sql_queries::passkey_answers_delete, before, count);
}

}  // namespace fairward::identity
