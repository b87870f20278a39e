// What src/app alone asks of this module, to join it with the others.
#pragma once

#include <functional>
#include <string>

#include "modules/directory/directory.h"

namespace fairward::directory {

// Who asked for a hospital to be listed.
struct Applicant {
  HospitalId hospital;
  std::string hospital_name, name, email, language;
};
// What follows when it is decided. invite: its first administrator; false when that could not be. refuse: tells the
// applicant why not.
struct Deciding {
  std::function<bool(Txn&, Call&, const Applicant&)> invite;
  std::function<void(Txn&, const Applicant&, const std::string& reason)> refuse;
};
void deciding(Directory& directory, Deciding deciding);

}  // namespace fairward::directory
