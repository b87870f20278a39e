// Requests and replies of this module, as JSON shows them.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"
#include "platform/api/call.h"
#include "platform/api/codec.h"

namespace fairward::identity {

// ---- accounts and sessions ----

struct Registration {
  BoundedText<1, 32> role;  // patient or doctor
  BoundedText<1, 200> name;
  std::optional<std::string> phone, email, logon_id;  // at least one; each becomes a login name
  std::string password;
  std::optional<HospitalId> hospital_id;  // of a doctor: the hospital whose administrator shall approve
};
BOOST_DESCRIBE_STRUCT(Registration, (), (role, name, phone, email, logon_id, password, hospital_id))

struct LoginRequest {
  std::string login;  // phone, e-mail address or logon id
  std::string password;
  std::optional<std::string> code;  // the second factor, once it was asked for
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (login, password, code))

struct LoginQuestion {
  std::string login;
};
BOOST_DESCRIBE_STRUCT(LoginQuestion, (), (login))

struct LoginKnown {
  bool known = false;
};
BOOST_DESCRIBE_STRUCT(LoginKnown, (), (known))

struct RefreshRequest {
  std::string refresh_token;
};
BOOST_DESCRIBE_STRUCT(RefreshRequest, (), (refresh_token))

struct User {
  UserId id;
  std::string role;
  std::string name;
  std::string status;  // active, pending or disabled
  std::optional<HospitalId> hospital_id;
  std::optional<DoctorId> doctor_id;
};
BOOST_DESCRIBE_STRUCT(User, (), (id, role, name, status, hospital_id, doctor_id))

struct Tokens {
  User user;
  std::string access_token;
  std::string refresh_token;
  std::int64_t expires_in = 0;  // seconds until the access token expires
};
BOOST_DESCRIBE_STRUCT(Tokens, (), (user, access_token, refresh_token, expires_in))

struct Session {
  std::optional<User> user;               // absent: nobody is logged in
  std::optional<std::string> csrf_token;  // for X-CSRF-Token; the same as the cookie fw_csrf
};
BOOST_DESCRIBE_STRUCT(Session, (), (user, csrf_token))

// ---- one-time codes ----

struct CodeRequest {
  std::string phone;
  std::optional<BoundedText<2, 8>> language;  // of the message: en, hi
};
BOOST_DESCRIBE_STRUCT(CodeRequest, (), (phone, language))

struct CodeSent {
  std::string request;  // comes back with the code: the code is good for this request only
  Instant expires_at;
  std::int64_t tries = 0;  // how often a code may be tried
};
BOOST_DESCRIBE_STRUCT(CodeSent, (), (request, expires_at, tries))

struct CodeLogin {
  std::string request;
  std::string code;                         // six digits
  std::optional<BoundedText<1, 200>> name;  // of a person who is new here
  // When somebody made the account with a password before the phone was proved: that password, which keeps everything,
  // or true for what opened it so far to be forgotten.
  std::optional<std::string> password;
  std::optional<bool> take_over;
};
BOOST_DESCRIBE_STRUCT(CodeLogin, (), (request, code, name, password, take_over))

// ---- sign-in and security ----

struct FactorState {
  std::optional<Instant> since;  // absent: there is no second factor
  std::int64_t recovery_codes_left = 0;
  bool is_required = false;  // of this role, by the operator of this installation
};
BOOST_DESCRIBE_STRUCT(FactorState, (), (since, recovery_codes_left, is_required))

struct FactorSecret {
  std::string secret;  // for typing into an authenticator app
  std::string uri;     // the same, for a QR code
};
BOOST_DESCRIBE_STRUCT(FactorSecret, (), (secret, uri))

struct FactorCode {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(FactorCode, (), (code))

struct RecoveryCodes {
  std::vector<std::string> codes;  // each is good once; shown once
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (codes))

struct OwnSession {
  std::int64_t id = 0;
  std::string kind;                  // cookie: a browser; token: a program
  std::optional<std::string> agent;  // what it called itself when it signed in
  Instant created_at, seen_at, expires_at;
  bool is_current = false;
};
BOOST_DESCRIBE_STRUCT(OwnSession, (), (id, kind, agent, created_at, seen_at, expires_at, is_current))

struct OwnSessionPath {
  Id<struct OwnSessionTag> id;
};
BOOST_DESCRIBE_STRUCT(OwnSessionPath, (), (id))

struct PasswordChange {
  std::optional<std::string> old_password;  // where there is one
  std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordChange, (), (old_password, password))

struct ResetRequest {
  std::string login;
  std::optional<BoundedText<2, 8>> language;
};
BOOST_DESCRIBE_STRUCT(ResetRequest, (), (login, language))

struct ResetSent {
  Instant expires_at;  // of the link, if one was sent
};
BOOST_DESCRIBE_STRUCT(ResetSent, (), (expires_at))

struct PasswordReset {
  std::string token;  // of the link
  std::string password;
};
BOOST_DESCRIBE_STRUCT(PasswordReset, (), (token, password))

struct JsonWebKey {
  std::string kty, crv, x, kid, use, alg;
};
BOOST_DESCRIBE_STRUCT(JsonWebKey, (), (kty, crv, x, kid, use, alg))

struct JsonWebKeySet {
  std::vector<JsonWebKey> keys;
};
BOOST_DESCRIBE_STRUCT(JsonWebKeySet, (), (keys))

// ---- patients ----

enum class Sex : std::uint8_t { female, male, other, unknown };
BOOST_DESCRIBE_ENUM(Sex, female, male, other, unknown)

struct PatientCreate {
  BoundedText<1, 200> name;
  std::optional<std::string> phone, email;
  std::optional<Date> birth_on;
  std::optional<Sex> sex;
};
BOOST_DESCRIBE_STRUCT(PatientCreate, (), (name, phone, email, birth_on, sex))

struct Patient {
  UserId id;
  std::string name;
  std::optional<std::string> phone, email;
  std::optional<std::string> birth_on, sex;
};
BOOST_DESCRIBE_STRUCT(Patient, (), (id, name, phone, email, birth_on, sex))

struct PatientQuery {
  std::optional<std::string> phone;         // a whole number, in any way of writing
  std::optional<BoundedText<1, 200>> name;  // words of the name, by their beginning
  BoundedIntOr<1, 200, 50> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(PatientQuery, (), (phone, name, limit, cursor))

struct PatientPath {
  UserId id;
};
BOOST_DESCRIBE_STRUCT(PatientPath, (), (id))

// ---- API keys ----

using ApiKeyId = Id<struct ApiKeyTag>;
using api::KeyScope;

struct KeyCreate {
  BoundedText<1, 100> name;
  std::optional<std::vector<KeyScope>> scopes;  // search, what anyone may read, when absent
  std::optional<BoundedInt<1, 1'000'000>> per_minute;
  std::optional<BoundedInt<1, 1'000'000'000>> per_day;
  std::optional<BoundedInt<1, 366>> days;  // until it ends
};
BOOST_DESCRIBE_STRUCT(KeyCreate, (), (name, scopes, per_minute, per_day, days))

struct ApiKey {
  ApiKeyId id;
  UserId owner_id;
  std::string name, prefix;  // how the key begins
  std::vector<KeyScope> scopes;
  std::int64_t per_minute = 0, per_day = 0;
  Instant created_at, expires_at;
  std::optional<Instant> revoked_at, used_at;
};
BOOST_DESCRIBE_STRUCT(ApiKey, (),
                      (id, owner_id, name, prefix, scopes, per_minute, per_day, created_at, expires_at, revoked_at,
                       used_at))

struct NewKey {
  std::string key;  // told now and never again
  ApiKey about;
};
BOOST_DESCRIBE_STRUCT(NewKey, (), (key, about))

struct KeyPath {
  ApiKeyId id;
};
BOOST_DESCRIBE_STRUCT(KeyPath, (), (id))

struct KeyRotation {
  ApiKeyId id;
  std::optional<BoundedInt<0, 168>> overlap_hours;  // how long the old key is good yet; 24 when absent
};
BOOST_DESCRIBE_STRUCT(KeyRotation, (), (id, overlap_hours))

struct KeyQuotaPut {
  ApiKeyId id;
  BoundedInt<1, 1'000'000> per_minute;
  BoundedInt<1, 1'000'000'000> per_day;
};
BOOST_DESCRIBE_STRUCT(KeyQuotaPut, (), (id, per_minute, per_day))

// good: neither revoked nor over.
BOOST_DEFINE_ENUM_CLASS(KeyState, good, ended)
struct AllKeysQuery {
  std::optional<BoundedText<1, 100>> q;  // words of the key's or its owner's name
  std::optional<KeyState> state;
  BoundedIntOr<1, 100, 30> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(AllKeysQuery, (), (q, state, limit, cursor))

struct KeyOfUser {
  ApiKey key;
  std::string owner_name, owner_role;
};
BOOST_DESCRIBE_STRUCT(KeyOfUser, (), (key, owner_name, owner_role))

struct KeyUsage {
  std::string used_on;  // a day of UTC
  std::int64_t calls = 0, refused = 0;
};
BOOST_DESCRIBE_STRUCT(KeyUsage, (), (used_on, calls, refused))

// ---- passkeys; what devices make and browsers pass on is base64url ----

using PasskeyId = Id<struct PasskeyTag>;
struct Passkey {
  PasskeyId id;
  std::string name;
  bool is_synced = false;  // the owner's other devices may have it, too
  Instant created_at;
  std::optional<Instant> used_at;
};
BOOST_DESCRIBE_STRUCT(Passkey, (), (id, name, is_synced, created_at, used_at))

struct PasskeyOffer {  // to make one
  std::string challenge;
  Instant expires_at;
  std::string party_id, party_name;
  std::string user_handle, user_name, display_name;
  std::vector<std::int64_t> algorithms;  // COSE, the best first
  std::vector<std::string> known;        // credentials that the account has already
};
BOOST_DESCRIBE_STRUCT(PasskeyOffer, (),
                      (challenge, expires_at, party_id, party_name, user_handle, user_name, display_name, algorithms,
                       known))

struct PasskeyCreate {
  BoundedText<1, 100> name;
  BoundedText<1, 8192> client_data;
  BoundedText<1, 16384> attestation_object;
};
BOOST_DESCRIBE_STRUCT(PasskeyCreate, (), (name, client_data, attestation_object))

struct PasskeyPath {
  PasskeyId id;
};
BOOST_DESCRIBE_STRUCT(PasskeyPath, (), (id))

struct PasskeyRename {
  PasskeyId id;
  BoundedText<1, 100> name;
};
BOOST_DESCRIBE_STRUCT(PasskeyRename, (), (id, name))

struct PasskeyChallenge {  // to sign in
  std::string challenge;
  Instant expires_at;
  std::string party_id;
};
BOOST_DESCRIBE_STRUCT(PasskeyChallenge, (), (challenge, expires_at, party_id))

struct PasskeyLogin {
  BoundedText<1, 2048> credential_id;
  BoundedText<1, 8192> client_data;
  BoundedText<1, 4096> authenticator_data;
  BoundedText<1, 2048> signature;
  BoundedText<1, 128> user_handle;
};
BOOST_DESCRIBE_STRUCT(PasskeyLogin, (), (credential_id, client_data, authenticator_data, signature, user_handle))

// ---- family ----

enum class Relation : std::uint8_t { child, parent, spouse, sibling, other };
BOOST_DESCRIBE_ENUM(Relation, child, parent, spouse, sibling, other)
std::string_view sql_text(Relation relation);
Relation sql_parse(std::string_view text, Relation*);

struct FamilyCreate {
  BoundedText<1, 200> name;
  Relation relation = Relation::child;  // what the person is to the caller
  std::optional<Date> birth_on;
  std::optional<Sex> sex;
};
BOOST_DESCRIBE_STRUCT(FamilyCreate, (), (name, relation, birth_on, sex))

// id: a patient's, for patient_id of holds, waits and lists.
struct FamilyMember {
  UserId id;
  std::string name;
  Relation relation = Relation::child;
  std::optional<std::string> birth_on, sex;
  Instant since;
};
BOOST_DESCRIBE_STRUCT(FamilyMember, (), (id, name, relation, birth_on, sex, since))

struct FamilyPath {
  UserId id;
};
BOOST_DESCRIBE_STRUCT(FamilyPath, (), (id))

// ---- users ----

struct UserCreate {
  BoundedText<1, 32> role;
  BoundedText<1, 200> name;
  std::string login;
  std::string password;
  std::optional<HospitalId> hospital_id;  // hospital administrators: their own when absent
  std::optional<DoctorId> doctor_id;
};
BOOST_DESCRIBE_STRUCT(UserCreate, (), (role, name, login, password, hospital_id, doctor_id))

// An account as those see it who may look for it.
struct Account {
  UserId id;
  std::string role, name, status;
  std::optional<HospitalId> hospital_id;
  std::optional<DoctorId> doctor_id;
  std::optional<std::string> login, phone, email;  // login: a logon id before an e-mail address before a phone number
};
BOOST_DESCRIBE_STRUCT(Account, (), (id, role, name, status, hospital_id, doctor_id, login, phone, email))

struct UserQuery {
  std::optional<BoundedText<2, 100>> q;  // how words of the name, a login, an e-mail address or a phone number begin
  std::optional<BoundedText<1, 32>> role;
  std::optional<BoundedText<1, 32>> status;
  BoundedIntOr<1, 200, 50> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(UserQuery, (), (q, role, status, limit, cursor))

using InvitationId = Id<struct InvitationTag>;

struct InvitationCreate {
  BoundedText<1, 32> role;
  BoundedText<1, 200> name;
  std::string login;                      // the e-mail address or phone number that the link goes to
  std::optional<HospitalId> hospital_id;  // hospital administrators: their own when absent
  std::optional<DoctorId> doctor_id;
  std::optional<BoundedText<2, 8>> language;
};
BOOST_DESCRIBE_STRUCT(InvitationCreate, (), (role, name, login, hospital_id, doctor_id, language))

struct Invitation {
  InvitationId id;
  std::string role, name, login;
  std::optional<HospitalId> hospital_id;
  std::optional<DoctorId> doctor_id;
  Instant created_at, expires_at;
};
BOOST_DESCRIBE_STRUCT(Invitation, (), (id, role, name, login, hospital_id, doctor_id, created_at, expires_at))

struct InvitationQuery {
  BoundedIntOr<1, 200, 50> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(InvitationQuery, (), (limit, cursor))

struct InvitationPath {
  InvitationId id;
};
BOOST_DESCRIBE_STRUCT(InvitationPath, (), (id))

struct InvitationAccept {
  std::string token;  // of the link
  std::string password;
  std::optional<BoundedText<1, 200>> name;  // where the invitation has it wrong
};
BOOST_DESCRIBE_STRUCT(InvitationAccept, (), (token, password, name))

struct UserApproval {
  UserId id;
  bool approved = false;
  std::optional<DoctorId> doctor_id;  // the doctor of the directory that this login speaks for
};
BOOST_DESCRIBE_STRUCT(UserApproval, (), (id, approved, doctor_id))

struct UserPath {
  UserId id;
};
BOOST_DESCRIBE_STRUCT(UserPath, (), (id))

struct UserDisabling {
  UserId id;
  bool disabled = false;
};
BOOST_DESCRIBE_STRUCT(UserDisabling, (), (id, disabled))

}  // namespace fairward::identity
