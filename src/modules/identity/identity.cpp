// What the module offers to the others, and its work over time.
#include "modules/identity/identity.h"

#include <charconv>

#include "base/check.h"
#include "modules/identity/errors.h"
#include "modules/identity/people.h"
#include "modules/identity/service.h"
#include "platform/crypto/crypto.h"

namespace fairward::identity {
namespace {

// Ended sessions are kept this long: a stolen refresh token that is tried again is still recognised.
constexpr Duration sessions_kept = days(7);
constexpr std::int64_t sessions_pruned_at_once = 500;
constexpr Duration sessions_prune_period = minutes(1);

// The command line may give a person without a login a phone number or e-mail address all the same.
Result<std::vector<Login>> logins_of(const UserAdd& user) {
  if (user.login.empty() && user.password.empty()) return std::vector<Login>{};
  auto login = login_parse(user.login);
  if (!login) return fail(login_invalid, {{"/login", std::string(login_invalid.title)}});
  return std::vector<Login>{std::move(*login)};
}

// Without a password nobody can log in: the login is contact only, and stays free for who proves to own it.
Result<UserRow> user_write(Txn& txn, const NewAccount& account, Instant now) {
  if (!account.password_hash.empty() || account.logins.empty()) return account_insert(txn, account, now);
  const Login& contact = account.logins.front();
  UserInsert row{account.role, account.status, account.name, account.hospital, account.doctor, {}, {}, {}, {}, {}};
  if (contact.kind == LoginKind::phone) row.phone = contact.text;
  if (contact.kind == LoginKind::email) row.email = contact.text;
  const auto id = user_insert(txn, row, now);
  if (!id) return fail(doctor_taken);
  user_emit(txn, "identity.user_added", *id);
  UserRow written;
  written.id = *id;
  return written;
}

Person person_of(UserRow&& row) {
  return Person{row.id,    std::move(row.name), row.role, std::string(sql_text(row.status)), row.hospital, row.doctor,
                row.phone, row.birth_on,        row.sex};
}

}  // namespace

std::optional<Person> person_find(Snapshot& db, UserId id) {
  auto row = user_find(db, id);
  if (!row) return std::nullopt;
  return person_of(std::move(*row));
}

std::optional<api::Caller> caller_find(Snapshot& db, UserId id, bool is_factor_required) {
  const auto row = user_find(db, id);
  if (!row) return std::nullopt;
  SessionRow session;
  session.user = row->id;
  session.role = row->role;
  session.status = row->status;
  session.hospital = row->hospital;
  session.doctor = row->doctor;
  const auto factor = totp_find(db, id);
  session.has_factor = (factor && factor->confirmed_at) || !passkeys_of(db, id).empty();
  return caller_of(session, is_factor_required);
}

std::vector<Person> patients_like(Snapshot& db, const std::optional<std::string>& phone,
                                  const std::optional<std::string>& birth_on) {
  constexpr std::int64_t most = 200;
  std::vector<UserRow> rows;
  if (phone) rows = patients_page(db, {.phone = phone, .limit = most});
  if (birth_on)
    for (auto& row : patients_by_birth(db, *birth_on, most)) rows.push_back(std::move(row));
  std::vector<Person> people;
  for (auto& row : rows)
    if (std::ranges::find(people, row.id, &Person::id) == people.end()) people.push_back(person_of(std::move(row)));
  return people;
}

Result<UserId> user_add(sql::Engine& engine, const UserAdd& user, Instant now, Entropy& entropy) {
  FAIRWARD_TRY(account_check(user.role, user.hospital, user.doctor));
  FAIRWARD_TRY_AS(logins, logins_of(user));
  NewAccount account{user.role, UserStatus::active, user.name, std::move(logins), {}, user.hospital, user.doctor, {}};
  if (!user.password.empty()) {
    FAIRWARD_TRY(password_check(user.password, IdentityOptions{}.password_length_min, account.logins, user.name));
    account.password_hash = crypto::password_hash(user.password, entropy);
  }
  Result<UserRow> written;
  engine.write_now([&](Txn& txn) {
    written = user_write(txn, account, now);
    return written.has_value();
  });
  if (!written) return Failed(std::move(written).error());
  return written->id;
}

UserId patient_add(Txn& txn, const PatientAdd& patient, Instant now) {
  UserInsert row{api::Role::patient,
                 UserStatus::active,
                 patient.name,
                 patient.hospital,
                 {},
                 {},
                 {},
                 patient.birth_on,
                 patient.sex,
                 {}};
  if (patient.phone) row.phone = phone_normalise(*patient.phone);
  if (patient.email) row.email = email_normalise(*patient.email);
  const auto id = user_insert(txn, row, now);
  user_emit(txn, "identity.patient_added", *id);
  return *id;
}

std::vector<UserId> patients_add(sql::Engine& engine, const std::vector<std::string>& names, Instant now) {
  std::vector<UserId> made;
  engine.write_now([&](Txn& txn) {
    made.clear();
    for (const std::string& name : names)
      made.push_back(
          *user_insert(txn, {api::Role::patient, UserStatus::active, name, {}, {}, {}, {}, {}, {}, {}}, now));
    return true;
  });
  return made;
}

std::optional<std::string> Service::secret(std::string_view name, Instant now) const {
  const std::size_t slash = name.rfind('/');
  std::int64_t id = 0;
  if (slash == std::string_view::npos) return std::nullopt;
  const auto [end, error] = std::from_chars(name.data() + slash + 1, name.data() + name.size(), id);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  if (name.substr(0, slash) == "login_code") return codes_.code(id, now);
  if (name.substr(0, slash) == "invitation") return invitations_.link(id, now);
  if (name.substr(0, slash) == "password_reset") return passwords_.link(id, now);
  return std::nullopt;
}

bool Service::administrator_invite(Txn& txn, Call& call, const FirstAdministrator& administrator) {
  InvitationCreate body;
  body.role.value = api::role_text(api::Role::hospital_admin);
  body.name.value = administrator.name;
  body.login = administrator.email;
  body.hospital_id = administrator.hospital;
  body.language = BoundedText<2, 8>{administrator.language};
  return invitations_.invitation_create(txn, call, body).has_value();
}

void Service::jobs(jobs::Jobs& jobs) {
  jobs.every("identity.key_usage", seconds(2), [this](Instant) { sessions_.usage_flush(); });
  jobs.every("identity.prune_sessions", sessions_prune_period, [this](Instant now) {
    engine_.write(
        0,
        [before = now - sessions_kept](Txn& txn) { return sessions_prune(txn, before, sessions_pruned_at_once) > 0; },
        [](sql::Outcome) {});
  });
  jobs.every("identity.prune_codes", sessions_prune_period, [this](Instant now) {
    engine_.write(
        0,
        [now](Txn& txn) {
          return codes_prune(txn, now) + resets_prune(txn, now) + passkey_answers_prune(txn, now) > 0;
        },
        [](sql::Outcome) {});
  });
}

std::unique_ptr<Identity> make_identity(sql::Engine& engine, const Clock& clock, Entropy& entropy,
                                        const IdentityOptions& options) {
  return std::make_unique<Service>(engine, clock, entropy, options);
}

}  // namespace fairward::identity
