// The ambient world of one call, passed to every operation: who calls, when, with which rights, and what else to reply.
#pragma once

#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "platform/api/trace.h"
#include "platform/clock/clock.h"

namespace fairward::http {
struct Request;
}

namespace fairward::api {

// The roles of mission I, in the order of the printed matrix. `system` is the product itself (jobs, gateways with a
// signature).
enum class Role : std::uint8_t {
  anyone,
  patient,
  doctor,
  front_desk,
  ward_admin,
  hospital_admin,
  platform_admin,
  system
};
std::string_view role_text(Role role);  // "front_desk"
std::optional<Role> role_parse(std::string_view text);
// Who adds to what belongs to the hospital, and alters nothing of it: the front desk. Whatever a route allows, the
// database refuses the rest. Source: mission, "People and rights".
constexpr bool is_adding_only(Role role) { return role == Role::front_desk; }
// For the database, by argument-dependent lookup.
inline std::string_view sql_text(Role role) { return role_text(role); }
Role sql_parse(std::string_view text, Role*);

// How far a right reaches. none: refused. own: rows of the caller's person. hospital: rows of the caller's hospital.
enum class Scope : std::uint8_t { none, own, hospital, all };
std::string_view scope_text(Scope scope);

// What a program may do with an API key, and never more than the key's owner may. search: read what anyone may.
enum class KeyScope : std::uint8_t { search, read, write, webhooks };
BOOST_DESCRIBE_ENUM(KeyScope, search, read, write, webhooks)

// So many calls in a calendar minute, or a day of UTC, and how many are left.
struct KeyBudget {
  std::int64_t quota = 0, left = 0, ends_in_seconds = 0;
};
// The API key that a call came with, and what is left of its quota.
struct KeyUse {
  std::int64_t id = 0;      // 0: none
  std::uint8_t scopes = 0;  // a bit for each KeyScope
  KeyBudget minute, day;
  std::int64_t wait_seconds = 0;  // above zero: a quota is used up
  bool may(KeyScope scope) const { return (scopes >> static_cast<unsigned>(scope) & 1) != 0; }
};

struct Caller {
  Role role = Role::anyone;
  UserId user;          // 0 for anyone and system
  HospitalId hospital;  // staff only
  DoctorId doctor;      // doctors only, once linked
  std::int64_t session = 0;
  bool by_cookie = false;          // then unsafe methods need the CSRF header, checked by the platform
  KeyUse key;                      // of a program; it bounds what the caller may
  bool is_restricted = false;      // until a second factor is added: see Route::allow_restricted
  std::vector<UserId> dependents;  // people without a login for whom this patient acts
  // Is it the caller's own person, or one whom the caller acts for?
  bool acts_for(UserId person) const;
  bool is_staff() const { return role >= Role::front_desk && role <= Role::platform_admin; }
};

struct Call {
  Caller caller;
  Scope scope = Scope::none;  // what the matrix gives this caller for this action; never none inside an operation
  Instant now;                // read once, when the call began to run
  Entropy* random = nullptr;
  std::string request_id;
  Trace trace;                           // to which the call belongs; for what it calls in turn
  std::string peer;                      // client address
  std::string_view agent;                // User-Agent; on routes with a `prepare` step only
  std::string idempotency_key;           // "" when none was sent; the platform already handles replay
  std::optional<std::int64_t> if_match;  // the version in If-Match; present on routes declared with .if_match()

  // The record of this call names the patient. An operation of a route declared with .about_patients() must say whom it
  // concerns; who reads about somebody else is recorded before the reply leaves.
  void concerns(UserId patient) { patients.emplace_back(patient); }
  void concerns_nobody() { is_about_nobody = true; }
  // It happened at this hospital: whose administrators may read it in the record. Else that of the staff who calls.
  void happens_at(HospitalId at) { hospital = at; }
  // Not a read like others: on record, whoever it tells of.
  void is_for_the_record() { is_recorded = true; }
  // Whose account the call tries to open, once that is known: a failure is kept as one against this account.
  void against(UserId person) { account = person; }
  std::string purpose;  // for the record, where the caller may for an extraordinary reason only: "emergency"
  // Of a list, which may be empty.
  template <class T>
  void concerns_all(const std::vector<T>& items, UserId T::*patient) {
    is_about_nobody = items.empty();
    for (const T& item : items) patients.push_back(item.*patient);
  }

  // What the operation will lock, see Route::locks; for a `prepare` to say that learns it.
  std::int64_t lock_key = 0;
  const http::Request* raw = nullptr;  // the request as it came; on routes declared with .raw_body() only

  // May the caller act on a row that belongs to this person or hospital? own: by user or doctor id; all: always.
  bool reaches(UserId owner, HospitalId hospital, DoctorId doctor = {}) const;

  // Reply headers beyond the usual ("Link", "X-Spellcheck-Suggestion", "Set-Cookie").
  void header(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
  // Strong ETag of the row's version.
  void etag(std::int64_t version) { etag_version = version; }
  // Makes a GET a long poll on this topic: with ?wait=S and If-None-Match equal to the reply's ETag, the reply waits
  // until the topic changes. The platform takes the topic's position before the operation reads.
  void watch(std::string topic) { watched.push_back(std::move(topic)); }

  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::int64_t> etag_version;
  std::vector<std::string> watched;
  std::vector<UserId> patients;
  HospitalId hospital;
  UserId account;
  bool is_about_nobody = false, is_recorded = false;
};

}  // namespace fairward::api

namespace fairward {
using api::Call;
}
