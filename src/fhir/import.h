// Patients with their history from FHIR R4 bundles, into records. Bundles are read piece by piece, twice: for who is
// who, and for what is told of them. Brought again nothing is doubled.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/id.h"
#include "base/time.h"
#include "platform/sql/engine.h"

namespace fairward::fhir {

struct ImportReport {
  std::int64_t files = 0, damaged = 0;
  std::int64_t patients = 0, patients_known = 0;
  std::int64_t entries = 0, entries_known = 0;
  std::map<std::string, std::int64_t> unmapped;  // by resource and reason
  void add(const ImportReport& more);
};

// Gives the text of a file piece by piece to whom it is called with; called for each pass.
using Text = std::function<void(const std::function<void(std::string_view)>&)>;

// One bundle. What is good of a damaged one is taken.
ImportReport bundle_import(sql::Engine& engine, const Text& text, HospitalId hospital, Instant now);

}  // namespace fairward::fhir
