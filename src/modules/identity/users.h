// Accounts that administrators make, approve and disable; one's own profile.
#pragma once

#include "modules/identity/people.h"
#include "modules/identity/sessions.h"

namespace fairward::identity {

class Users {
 public:
  Users(Sessions& sessions, Entropy& entropy, const IdentityOptions& options);
  void practises(Identity::Practises check) { practises_ = std::move(check); }

  Result<User> me_get(Snapshot& db, Call& call, const api::Empty&);
  // What a caller may make of somebody, and where. Errors, in this order: role_not_yours, user_invalid.
  struct Place {
    api::Role role = api::Role::anyone;
    HospitalId hospital;
    DoctorId doctor;
  };
  Result<Place> place_check(Snapshot& db, const Call& call, std::string_view role, std::optional<HospitalId> hospital,
                            std::optional<DoctorId> doctor) const;
  // A hospital administrator adds people to the own hospital; the platform administrator anywhere.
  // Errors, in this order: role_not_yours, user_invalid, login_invalid, password_too_weak, doctor_taken, login_taken.
  Result<NewAccount> user_prepare(api::Outside& outside, Call& call, const UserCreate& body);
  Result<Created<User>> user_create(Txn& txn, Call& call, const UserCreate& body, NewAccount& account);
  Result<Page<Account>> user_list(Snapshot& db, Call& call, const UserQuery& query);
  // Errors, in this order: user_not_found, user_not_pending, user_invalid, doctor_taken. Emits identity.user_approved
  // or identity.user_refused.
  Result<User> user_approval_put(Txn& txn, Call& call, const UserApproval& body);
  // For who lost the phone and the recovery codes; the sessions end. Errors: user_not_found.
  Result<NoContent> user_second_factor_delete(Txn& txn, Call& call, const UserPath& path);
  // Ends the sessions and tokens at once. Errors, in this order: user_not_found, disabling_oneself. Emits
  // identity.user_disabled or identity.user_enabled. Source: mission I7.
  Result<User> user_disabled_put(Txn& txn, Call& call, const UserDisabling& body);

 private:
  Result<UserRow> user_managed(Snapshot& db, const Call& call, UserId id) const;
  Result<void> doctor_check(Snapshot& db, const Call& call, DoctorId doctor, HospitalId hospital) const;
  Result<User> user_changed(Txn& txn, Call& call, UserRow user, UserStatus to);

  Sessions& sessions_;
  Entropy& entropy_;
  const IdentityOptions options_;
  Identity::Practises practises_;
};

}  // namespace fairward::identity
