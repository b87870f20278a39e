// Family members: a patient acts for people who have no login, such as children. The link alone gives the right, as
// long as it lasts; Call::reaches and Caller::acts_for heed it everywhere.
#pragma once

#include "modules/identity/people.h"
#include "modules/identity/sessions.h"

namespace fairward::identity {

class Family {
 public:
  Family(Sessions& sessions, const IdentityOptions& options) : sessions_(sessions), options_(options) {}

  Result<Page<FamilyMember>> family_list(Snapshot& db, Call& call, const api::Empty&);
  // Adds a person without a login, and the link. Errors: family_full (links that ended in the last month count too).
  // Emits identity.family_added.
  Result<Created<FamilyMember>> family_create(Txn& txn, Call& call, const FamilyCreate& body);
  // Ends the link; the person and what is booked stay. Errors: family_not_found. Emits identity.family_ended.
  Result<NoContent> family_delete(Txn& txn, Call& call, const FamilyPath& path);

 private:
  Sessions& sessions_;
  const IdentityOptions options_;
};

}  // namespace fairward::identity
