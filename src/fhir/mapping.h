// What a FHIR R4 resource says, in the words of records. Pure: no database. What cannot be mapped says why.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "modules/records/records.h"

namespace fairward::fhir {

// Whom the resources of one file speak of.
struct Named {
  std::unordered_map<std::string, std::string> names;  // of practitioners and organisations, by reference
};

struct MappedPerson {
  std::vector<std::string> references;  // under which others refer to the person
  records::HistoryPerson person;
};
struct MappedEntries {
  std::string subject;  // reference
  std::vector<records::HistoryEntry> entries;
};
struct Unmapped {
  std::string why;  // "Claim: not mapped"; empty: nothing is lost
};
using Mapped = std::variant<MappedPerson, MappedEntries, Unmapped>;

// An element of a bundle's "entry". Practitioners and organisations are kept in `named` by name_keep and are nothing
// else here.
Mapped entry_map(std::string_view json, const Named& named);
// Keeps the name of a practitioner or an organisation.
void name_keep(std::string_view json, Named& named);

}  // namespace fairward::fhir
