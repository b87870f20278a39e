// A call that was refused for what it may not do, as the record of who did what keeps it: wrong credentials, rights
// that are missing, what is not there for this caller. Not for input that cannot be read, or what others were first at.
#pragma once

#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"
#include "platform/api/call.h"

namespace fairward::api {

struct Exchange;

struct Refusal {
  Instant at;
  Role role = Role::anyone;
  UserId user, account;  // who called; whose account it was to open
  HospitalId hospital;
  std::string from;       // the address, of IPv6 its /64
  std::string_view did;   // the operation
  std::string_view code;  // of the problem
  std::string on;         // the path, with nothing of it but numbers: texts in a path may be secrets
};

// Is what the exchange is answered with such a refusal?
bool is_refusal(const Exchange& exchange);
Refusal refusal_of(const Exchange& exchange);

}  // namespace fairward::api
