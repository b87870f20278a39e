// What the endpoints of the record take and give.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded.h"
#include "base/id.h"
#include "base/time.h"
#include "platform/api/codec.h"

namespace fairward::audit {

BOOST_DEFINE_ENUM_CLASS(RecordOutcome, done, refused)

struct RecordQuery {
  std::optional<UserId> actor;    // who did it, or whose account somebody failed to open
  std::optional<UserId> patient;  // whom it concerns; of what patients do themselves only with the patient as the actor
  std::optional<BoundedText<1, 64>> operation;
  std::optional<RecordOutcome> outcome;
  std::optional<Instant> from, to;  // from that instant on, before that one
  BoundedIntOr<1, 200, 50> limit;
  std::optional<BoundedText<1, 100>> cursor;
};
BOOST_DESCRIBE_STRUCT(RecordQuery, (), (actor, patient, operation, outcome, from, to, limit, cursor))

struct AuditRecord {
  std::string id;  // where the line stands: chain, block, line
  Instant at;
  std::optional<UserId> actor;
  std::optional<std::string> actor_name;
  std::string role;  // "system": the product by itself; "operator": a command on the server
  std::optional<HospitalId> hospital_id;
  std::string operation;
  RecordOutcome outcome = RecordOutcome::done;
  std::optional<std::string> problem;  // why it was refused
  std::int64_t times = 1;              // alike, in a minute
  std::optional<UserId> account;       // that somebody failed to open
  std::vector<UserId> patients;        // whom it concerns
  std::optional<std::string> on;       // "/api/appointments/17"
  std::optional<std::string> address;  // of the client
  std::optional<std::string> purpose;  // "emergency"
  std::vector<std::string> events;     // of what the product did by itself
  std::optional<std::int64_t> key_id;  // the API key that the actor's program showed
};
BOOST_DESCRIBE_STRUCT(AuditRecord, (),
                      (id, at, actor, actor_name, role, hospital_id, operation, outcome, problem, times, account,
                       patients, on, address, purpose, events, key_id))

// The newest first. A page ends where enough was looked through: with `next`, there may be more before looked_back_to.
struct AuditRecords {
  std::vector<AuditRecord> items;
  std::optional<std::string> next;
  std::optional<Instant> looked_back_to;
};
BOOST_DESCRIBE_STRUCT(AuditRecords, (), (items, next, looked_back_to))

struct RuleQuery {
  UserId user_id;
  std::optional<BoundedText<1, 64>> operation;
};
BOOST_DESCRIBE_STRUCT(RuleQuery, (), (user_id, operation))

// Why a call of this operation would be let through or refused, before anybody asks what it is about.
BOOST_DEFINE_ENUM_CLASS(RuleReason, right, account_disabled, account_pending, second_factor_missing, right_missing)

struct Rule {
  std::string operation, method, path, summary;
  bool is_allowed = false;
  RuleReason reason = RuleReason::right;
  std::string scope;               // of the matrix: none, own, hospital, all
  bool adds_only = false;          // may add, and alter nothing
  std::vector<std::string> roles;  // that the matrix lets do it
};
BOOST_DESCRIBE_STRUCT(Rule, (), (operation, method, path, summary, is_allowed, reason, scope, adds_only, roles))

struct Rules {
  UserId user_id;
  std::string role, status;
  std::vector<Rule> items;
};
BOOST_DESCRIBE_STRUCT(Rules, (), (user_id, role, status, items))

}  // namespace fairward::audit
