// People, logins, sessions, tokens and rights. A patient added by staff is a person without a login; a patient id is
// the person's user id.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/api/authenticator.h"
#include "platform/api/call.h"
#include "platform/api/routes.h"
#include "platform/jobs/jobs.h"
#include "platform/sql/engine.h"
#include "platform/sql/invariant.h"

namespace fairward::identity {

struct Person {
  UserId id;
  std::string name;
  api::Role role = api::Role::patient;
  std::string status;   // active | pending | disabled
  HospitalId hospital;  // of staff; of a staff-added patient: who added it
  DoctorId doctor;      // of a doctor's login
  std::optional<std::string> phone = {}, birth_on = {}, sex = {};
};
std::optional<Person> person_find(Snapshot& db, UserId id);
// As whom the next call would be known, whatever session it comes by; of a disabled account too.
std::optional<api::Caller> caller_find(Snapshot& db, UserId id, bool is_factor_required);
// The names of all of them that there are, in one question; for lists.
std::unordered_map<UserId, std::string> names_of(Snapshot& db, const std::vector<UserId>& ids);
// Patients with this number (normalised) or born on this day, each once, at most some hundred: who may be the same.
std::vector<Person> patients_like(Snapshot& db, const std::optional<std::string>& phone,
                                  const std::optional<std::string>& birth_on);

// How a person who may be written to is reached. nullopt: nobody, or a disabled account.
struct Contact {
  std::string name;
  std::optional<std::string> phone, email;
};
std::optional<Contact> contact_find(Snapshot& db, UserId id);

std::vector<UserId> administrators_of(Snapshot& db, HospitalId hospital);  // active ones, a hundred at most
std::optional<UserId> user_of_doctor(Snapshot& db, DoctorId doctor);       // who speaks for the doctor

struct UserAdd {  // for the command line and demo data
  api::Role role;
  std::string name, login, password;  // password "" = a person without a login
  HospitalId hospital;
  DoctorId doctor;
};
// Hashes the password (slow) and writes in a transaction of its own.
// Errors, in this order: user_invalid, login_invalid, password_too_weak, doctor_taken, login_taken.
Result<UserId> user_add(sql::Engine& engine, const UserAdd& user, Instant now, Entropy& entropy);

// A patient without a login who is brought from elsewhere; what cannot be a number or an address is left out.
struct PatientAdd {
  std::string name;
  HospitalId hospital;  // that brought the person; 0: none
  std::optional<std::string> phone, email, birth_on, sex;
};
UserId patient_add(Txn& txn, const PatientAdd& patient, Instant now);

// For demo data: patients without a login, in one transaction.
std::vector<UserId> patients_add(sql::Engine& engine, const std::vector<std::string>& names, Instant now);

// What a person is told outside this program, by SMS or e-mail. Taken in the transaction that it is about.
struct Message {
  std::string kind;              // "login_code", "login_code_refused", …
  std::optional<UserId> person;  // nullopt: nobody has the phone or address yet
  std::optional<std::string> phone, email;
  std::string language;                                     // "en", "hi"
  std::vector<std::pair<std::string, std::string>> values;  // what the words mention
  // Names what is asked for at delivery and never stored: "login_code/17". Empty: nothing secret.
  std::string secret;
};
using Messenger = std::function<void(Txn&, const Message&)>;

struct IdentityOptions {
  std::string signing_key;  // 32 bytes seed, base64url; the data folder keeps a generated one
  Duration access_ttl = minutes(15);
  Duration refresh_ttl = days(30);
  Duration session_idle_ttl = hours(12);
  Duration session_absolute_ttl = days(7);
  std::vector<std::string> previous_keys;  // seeds whose tokens are still accepted while a key is replaced
  int login_tries_per_minute = 10;         // failures, per account and address; see throttle.h for the wider limits
  int password_length_min = 8;
  bool cookie_secure = false;  // true behind TLS: __Host- name and Secure
  int codes_per_address = 30;  // one-time codes in ten minutes, see codes.h
  int codes_in_all = 2000;
  int key_per_minute = 600;  // calls of an API key, unless an administrator grants more
  int key_per_day = 100'000;
  bool second_factor_required = false;  // of staff and doctors
  int family_max = 8;                   // people whom one patient acts for
};

class Identity : public api::Authenticator {
 public:
  virtual void routes(api::Routes& routes) = 0;
  virtual void jobs(jobs::Jobs& jobs) = 0;  // prunes old sessions
  // Does the doctor practise at the hospital? Wired by src/app. Until it is, only platform administrators can give a
  // login to a doctor: nobody may reach into another hospital that way.
  using Practises = std::function<bool(Snapshot&, DoctorId, HospitalId)>;
  virtual void practises(Practises check) = 0;
  // Patients of a doctor after that one, in order of their ids; wired by src/app. Until it is, a doctor has none.
  using Treated =
      std::function<std::vector<UserId>(Snapshot&, DoctorId, Instant now, UserId after, std::int64_t limit)>;
  virtual void treated(Treated find) = 0;
  // An event of another node: who is logged in no more, or otherwise, is asked of the database again. Cheap.
  virtual void heard(const sql::Event& event) = 0;
  // Who delivers. Until somebody does, nothing is offered that needs a message.
  // Codes are offered where it reaches phones.
  virtual void messenger(Messenger messenger, bool reaches_phones) = 0;
  // What a message's secret stands for, at the time of delivery; nullopt when it is of no use any more. Blocks.
  virtual std::optional<std::string> secret(std::string_view name, Instant now) const = 0;
  // Events of other nodes may have been lost: everybody's credentials are asked of the database again.
  virtual void doubt_all() = 0;
};
// Stops the process when signing_key is not 32 bytes of base64url. Hashes once (20 ms). Wants migrated tables only when
// a request comes.
std::unique_ptr<Identity> make_identity(sql::Engine& engine, const Clock& clock, Entropy& entropy,
                                        const IdentityOptions& options);

// What must hold of accounts in every snapshot: see platform/sql/invariant.h.
std::vector<sql::Invariant> invariants();
std::vector<std::int64_t> people_ids(Snapshot& db);  // of all accounts, in order

}  // namespace fairward::identity
