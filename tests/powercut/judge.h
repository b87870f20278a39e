// What must be true of the database after any power cut: the product's invariants, as `fairward check` proves them, and
// what this world knows besides.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>

#include "platform/audit/audit.h"
#include "platform/sql/engine.h"

namespace fairward::powercut {

constexpr int open_holds_per_patient = 1000;  // of this world
inline const audit::Key audit_key = audit::Key::of_signing_seed("of this world");

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What the server has acknowledged, by the id that it told.
struct ToldHold {
  std::int64_t patient = 0;
  Instant starts_at, expires_at;
  bool is_released = false;       // told so
  bool may_be_released = false;   // asked for, and the answer was lost
  bool is_payment_asked = false;  // told so
};
struct ToldWait {
  std::int64_t patient = 0, ticket = 0;
  bool is_left = false;
};
struct Told {
  std::map<std::int64_t, ToldHold> holds;
  std::map<std::int64_t, ToldWait> waits;
};

// Nothing half done: claims, counters, keys, events and appointments agree. Throws Violation.
void judge_invariants(sql::Engine& engine);
// SQLite's own full check; slow. Throws Violation.
void judge_integrity(sql::Engine& engine);
// Removes from `told` what is not there, and says how many acknowledged writes that were; `first` names the first.
std::int64_t judge_told(sql::Engine& engine, Instant now, Told& told, std::string& first);

}  // namespace fairward::powercut
