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
};
BOOST_DESCRIBE_STRUCT(LoginRequest, (), (login, password))

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
  std::optional<BoundedText<1, 200>> name;  // any part of the name
  BoundedIntOr<1, 200, 50> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(PatientQuery, (), (phone, name, limit, cursor))

struct PatientPath {
  UserId id;
};
BOOST_DESCRIBE_STRUCT(PatientPath, (), (id))

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
  std::optional<BoundedText<2, 100>> q;  // any part of the name, or how a login, e-mail address or phone number begins
  std::optional<BoundedText<1, 32>> role;
  std::optional<BoundedText<1, 32>> status;
  BoundedIntOr<1, 200, 50> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(UserQuery, (), (q, role, status, limit, cursor))

struct UserApproval {
  UserId id;
  bool approved = false;
  std::optional<DoctorId> doctor_id;  // the doctor of the directory that this login speaks for
};
BOOST_DESCRIBE_STRUCT(UserApproval, (), (id, approved, doctor_id))

struct UserDisabling {
  UserId id;
  bool disabled = false;
};
BOOST_DESCRIBE_STRUCT(UserDisabling, (), (id, disabled))

}  // namespace fairward::identity
