// A line of the record of who did what as a FHIR R4 AuditEvent, for those who collect such. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"
#include "platform/api/audit_entry.h"

namespace fairward::fhir {

// id: unique within the record. One line of JSON.
std::string audit_event(const std::string& id, Instant at, const api::AuditEntry& entry);

}  // namespace fairward::fhir
