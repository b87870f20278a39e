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

}  // namespace

std::optional<UserId> user_insert(Txn& txn, const UserInsert& u, Instant now) {
  return txn.one<UserId>(sql_queries::user_insert, u.role, u.status, u.name, name_key(u.name), u.hospital, u.doctor,
                         u.phone, u.email, u.birth_on, u.sex, u.added_by, now);
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
  const auto part = name_pattern(f.words), start = start_pattern(f.words);
  if (!f.hospital) return db.all<AccountRow>(sql_queries::users_page, f.after, f.role, f.status, part, start, f.limit);
  return db.all<AccountRow>(sql_queries::users_page_of_hospital, f.hospital, f.after, f.role, f.status, part, start,
                            f.limit);
}

std::vector<UserRow> patients_by_birth(Snapshot& db, const std::string& birth_on, std::int64_t limit) {
  return db.all<UserRow>(sql_queries::patients_by_birth, birth_on, limit);
}

std::vector<UserRow> patients_page(Snapshot& db, const PatientFilter& f) {
  const auto pattern = name_pattern(f.name);
  if (f.phone) return db.all<UserRow>(sql_queries::patients_by_phone, *f.phone, f.hospital, f.after, pattern, f.limit);
  if (!f.hospital) return db.all<UserRow>(sql_queries::patients_page, f.after, pattern, f.limit);
  return db.all<UserRow>(sql_queries::patients_page_of_hospital, f.hospital, f.after, pattern, f.limit);
}

bool login_insert(Txn& txn, const Login& login, UserId user, Instant now) {
  return txn.exec(sql_queries::login_insert, login.text, login.kind, user, now) == 1;
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
                         Instant now, Instant expires_at) {
  const auto id = txn.one<SessionId>(sql_queries::session_insert, user, kind, token_hash, now, expires_at);
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

}  // namespace fairward::identity
