// A line of the record of who did what to whom; platform/audit seals and proves it.
#pragma once

#include <boost/describe/class.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "platform/api/call.h"

namespace fairward::api {

struct Exchange;

// The end of a chain of the record.
struct AuditHead {
  std::int64_t chain = 0, number = 0;
  std::string seal;
};
BOOST_DESCRIBE_STRUCT(AuditHead, (), (chain, number, seal))

// What does not apply is absent. The members up to `of` are words of the program and numbers: they are found without
// reading the JSON.
struct AuditEntry {
  std::optional<UserId> user;
  std::optional<std::int64_t> key;                 // the API key that the user's program showed
  std::string role;                                // "system": the product did it by itself
  std::optional<HospitalId> hospital;              // where, or whose staff
  std::string did;                                 // the operation, "hold_create"; or what came to pass, "events"
  std::optional<std::string> refused;              // the code of the problem: it was tried, and not done
  std::optional<std::int64_t> times;               // how often, when not once
  std::optional<UserId> account;                   // that somebody failed to open
  std::optional<std::vector<UserId>> of;           // the patients whom it concerns
  std::optional<std::string> on;                   // what it was done to: "/api/appointments/17"
  std::optional<std::string> from;                 // address of the client
  std::optional<std::string> why;                  // "emergency": the caller may for that reason only
  std::optional<std::vector<std::string>> events;  // "booking.slot_held doctor/9"
  std::optional<std::vector<AuditHead>> heads;     // of "audit_anchor"
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (),
                      (user, key, role, hospital, did, refused, times, account, of, on, from, why, events, heads))

// Of what an operator's command did.
std::string audit_entry(std::string did);
// Of a call that succeeded.
std::string audit_entry(const Exchange& exchange);
// Where a call happened, as far as anybody says.
HospitalId hospital_of(const Call& call);
// Does its reply tell the caller about somebody else?
bool is_disclosure(const Exchange& exchange);

}  // namespace fairward::api
