// The module's only way to its tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
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
};
// token_hash: of cookies only.
SessionId session_insert(Txn& txn, UserId user, SessionKind kind, const std::optional<std::string>& token_hash,
                         Instant now, Instant expires_at);
std::optional<SessionRow> session_find(Snapshot& db, SessionId id);
std::optional<SessionRow> session_find_by_token(Snapshot& db, const std::string& token_hash);
void session_see(Txn& txn, SessionId id, Instant now);
void session_extend(Txn& txn, SessionId id, Instant now, Instant expires_at);
void session_revoke(Txn& txn, SessionId id, Instant now);
void sessions_revoke_of_user(Txn& txn, UserId user, Instant now);
// Sessions that ended before the instant, at most `count`, and their refresh tokens. Returns how many.
std::int64_t sessions_prune(Txn& txn, Instant before, std::int64_t count);

struct RefreshTokenRow {
  SessionId session;
  Instant expires_at;
  std::optional<Instant> used_at;
};
void refresh_token_insert(Txn& txn, const std::string& token_hash, SessionId session, Instant expires_at);
std::optional<RefreshTokenRow> refresh_token_find(Snapshot& db, const std::string& token_hash);
// False when it was used before.
bool refresh_token_use(Txn& txn, const std::string& token_hash, Instant now);

}  // namespace fairward::identity
