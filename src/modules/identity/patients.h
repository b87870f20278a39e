// Patients as the staff of a hospital knows them: people without a login whom the front desk adds.
#pragma once

#include "modules/identity/people.h"

namespace fairward::identity {

// Errors: login_invalid with the field (the phone number or e-mail address cannot be one).
Result<Created<Patient>> patient_create(Txn& txn, Call& call, const PatientCreate& body);

class Patients {
 public:
  void treated(Identity::Treated find) { treated_ = std::move(find); }

  // Those whom the caller's hospital added; a doctor's own. Errors: query_invalid.
  Result<Page<Patient>> patient_list(Snapshot& db, Call& call, const PatientQuery& query);
  // Errors: patient_not_found, also for patients out of reach.
  Result<Patient> patient_get(Snapshot& db, Call& call, const PatientPath& path);

 private:
  Result<Page<Patient>> treated_list(Snapshot& db, Call& call, const PatientFilter& filter, std::int64_t limit) const;
  bool reaches(Snapshot& db, const Call& call, const UserRow& patient) const;

  Identity::Treated treated_;
};

std::optional<std::string> sex_text(std::optional<Sex> sex);  // as stored

}  // namespace fairward::identity
