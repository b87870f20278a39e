// Writing a new person, the same way for everyone who may: sign-up, administrators, front desk, command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "modules/identity/api.h"
#include "modules/identity/identity.h"
#include "modules/identity/store.h"

namespace fairward::identity {

// All checked and hashed already.
struct NewAccount {
  api::Role role = api::Role::patient;
  UserStatus status = UserStatus::active;
  std::string name;
  std::vector<Login> logins;  // none: a person without a login
  std::string password_hash;
  HospitalId hospital;
  DoctorId doctor;
  UserId added_by;  // 0: by oneself, or the command line
};
// Errors, in this order: doctor_taken, login_taken. Emits identity.user_added.
Result<UserRow> account_insert(Txn& txn, const NewAccount& account, Instant now);

// Tells whoever follows the event log; ids only.
void user_emit(Txn& txn, std::string_view kind, UserId user);

User user_view(const UserRow& row);
Account account_view(const AccountRow& row);
Patient patient_view(const UserRow& row);

// Cursors are opaque to clients: the last id of the page. Errors: query_invalid.
Result<std::int64_t> cursor_parse(const std::optional<std::string>& cursor);
std::string cursor_text(UserId last);

}  // namespace fairward::identity
