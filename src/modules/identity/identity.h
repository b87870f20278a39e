// People, logins, sessions, tokens and rights. A patient added by staff is a person without a login; a patient id is
// the person's user id.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/api/authenticator.h"
#include "platform/api/call.h"
#include "platform/api/routes.h"
#include "platform/jobs/jobs.h"
#include "platform/sql/engine.h"

namespace fairward::identity {

struct Person {
  UserId id;
  std::string name;
  api::Role role = api::Role::patient;
  std::string status;                      // active | pending | disabled
  HospitalId hospital;                     // of staff; of a staff-added patient: who added it
  DoctorId doctor;                         // of a doctor's login
};
std::optional<Person> person_find(Snapshot& db, UserId id);

struct UserAdd {                           // for the command line and demo data
  api::Role role;
  std::string name, login, password;       // password "" = a person without a login
  HospitalId hospital;
  DoctorId doctor;
};
// Hashes the password (slow) and writes in a transaction of its own. Errors: login_taken, password_too_weak.
Result<UserId> user_add(sql::Engine& engine, const UserAdd& user, Instant now, Entropy& entropy);

struct IdentityOptions {
  std::string signing_key;                 // 32 bytes seed, base64url; the data folder keeps a generated one
  Duration access_ttl = minutes(15);
  Duration refresh_ttl = days(30);
  Duration session_idle_ttl = hours(12);
  int login_tries_per_minute = 10;         // per account and per address
  int password_length_min = 8;
  bool cookie_secure = false;              // true behind TLS: __Host- name and Secure
};

class Identity : public api::Authenticator {
 public:
  virtual void routes(api::Routes& routes) = 0;
  virtual void jobs(jobs::Jobs& jobs) = 0;          // prunes old sessions
};
std::unique_ptr<Identity> make_identity(sql::Engine& engine, const Clock& clock, Entropy& entropy, IdentityOptions options);

}  // namespace fairward::identity
