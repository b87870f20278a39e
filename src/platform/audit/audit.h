// The record of who did what to whom: kept in the transaction of the deed, append-only, sealed. Source: mission I6,
// 45 CFR 164.312(b), FHIR R4 AuditEvent.
//
// Each writer of each node keeps a chain of its own, so that no commit waits for another. What the calls of one commit
// did is one block of it: a line of JSON for each call, and a seal, which is a hash of these lines, of the seal before
// and of a key that is not in the database. Nothing can be changed, left out or put in between unnoticed. What is cut
// off at an end is found by comparing with ends that were noted before: once an hour in another block, and outside the
// database (Anchors). docs/adr/0014.
#pragma once

#include <string>
#include <string_view>

#include "platform/api/audit_entry.h"
#include "platform/sql/engine.h"

namespace fairward::audit {

// What the seals are made with.
class Key {
 public:
  // Every node has the seed that tokens are signed with; 32 bytes.
  static Key of_signing_seed(std::string_view seed);

  const std::string& id() const { return id_; }   // names the key and tells nothing of it
  std::string seal(std::string_view text) const;  // 43 characters

 private:
  explicit Key(std::string secret);
  std::string secret_, id_;
};

// For the options of an engine.
sql::RecorderMaker recorder(const Key& key);

using Head = api::AuditHead;
using Entry = api::AuditEntry;

constexpr std::string_view anchor_action = "audit_anchor";

}  // namespace fairward::audit
