// See the header.
#include "fhir/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"

namespace fairward::fhir {
namespace {

namespace json = boost::json;
using records::HistoryEntry;
using Kind = HistoryEntry::Kind;

constexpr std::size_t words_max = 300;
constexpr std::size_t depth_max = 40;

std::optional<json::value> parsed(std::string_view text) {
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return value;
}

// The member at a path of names and places; nullptr when it is not there.
const json::value* at(const json::value* value, std::initializer_list<std::string_view> path) {
  for (const std::string_view step : path) {
    if (!value) return nullptr;
    if (const json::array* list = value->if_array()) {
      value = list->empty() ? nullptr : &list->front();
      if (step == "0") continue;
      if (!value) return nullptr;
    }
    const json::object* object = value->if_object();
    value = object ? object->if_contains({step.data(), step.size()}) : nullptr;
  }
  return value;
}

// One line of it, not longer than is stored, without what cannot be shown.
std::string cleaned(std::string_view text) {
  std::string line;
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  line = std::string(trimmed(line));
  if (line.size() > words_max) {
    std::size_t end = words_max;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
    line.resize(end);
  }
  return has_control_characters(line, false) ? std::string() : line;
}

std::optional<std::string> text(const json::value* value, std::initializer_list<std::string_view> path) {
  const json::value* found = at(value, path);
  const json::string* string = found ? found->if_string() : nullptr;
  if (!string) return std::nullopt;
  std::string line = cleaned({string->data(), string->size()});
  return line.empty() ? std::nullopt : std::optional(std::move(line));
}

std::optional<double> number(const json::value* value, std::initializer_list<std::string_view> path) {
  const json::value* found = at(value, path);
  if (!found || !found->is_number()) return std::nullopt;
  boost::system::error_code error;
  const auto read = found->to_number<double>(error);
  return error ? std::nullopt : std::optional(read);
}

// A date, or a month or a year of which it is the first, or an instant.
std::optional<Instant> instant(const std::optional<std::string>& words) {
  if (!words) return std::nullopt;
  if (const auto at = parse_rfc3339(*words)) return at;
  std::string day = *words;
  if (day.size() == 4) day += "-01";
  if (day.size() == 7) day += "-01";
  const auto date = parse_date(day);
  return date ? std::optional(Instant{date->day * days(1).ms}) : std::nullopt;
}
std::optional<Instant> instant(const json::value* value, std::initializer_list<std::string_view> path) {
  return instant(text(value, path));
}

// A concept in words, and its first code.
struct Concept {
  std::optional<std::string> words, system, code;
};
Concept concept_of(const json::value* value) {
  Concept found{text(value, {"text"}), text(value, {"coding", "system"}), text(value, {"coding", "code"})};
  if (!found.words) found.words = text(value, {"coding", "display"});
  if (!found.words) found.words = found.code;
  return found;
}

std::string name_of(const json::value* name) {
  if (auto whole = text(name, {"text"})) return *whole;
  std::string full;
  const json::value* given = at(name, {"given"});
  if (const json::array* list = given ? given->if_array() : nullptr)
    for (const json::value& one : *list)
      if (const json::string* part = one.if_string()) full += std::string(part->data(), part->size()) + " ";
  return cleaned(full + text(name, {"family"}).value_or(""));
}

std::vector<std::string> references_of(const json::value& entry, const json::value* resource) {
  std::vector<std::string> references;
  if (auto url = text(&entry, {"fullUrl"})) references.push_back(*url);
  const auto type = text(resource, {"resourceType"}), id = text(resource, {"id"});
  if (type && id) references.push_back(*type + "/" + *id);
  return references;
}

class Mapping {
 public:
  Mapping(const json::value& entry, const Named& named) : entry_(entry), named_(named), r_(at(&entry, {"resource"})) {}

  Mapped run() {
    const auto type = text(r_, {"resourceType"});
    if (!type) return Unmapped{"no resource"};
    if (*type == "Patient") return patient();
    if (*type == "Encounter") return encounter();
    if (*type == "Condition") return condition();
    if (*type == "AllergyIntolerance") return allergy();
    if (*type == "MedicationRequest") return medicine();
    if (*type == "Observation") return observation();
    if (*type == "Immunization")
      return simple(Kind::immunization, {"vaccineCode"}, {"patient", "reference"}, {"occurrenceDateTime"});
    if (*type == "Procedure") return procedure();
    if (*type == "DiagnosticReport")
      return simple(Kind::report, {"code"}, {"subject", "reference"}, {"effectiveDateTime"});
    if (*type == "DocumentReference") return document();
    if (*type == "Practitioner" || *type == "Organization") return Unmapped{};  // known by name
    return Unmapped{*type + ": not mapped"};
  }

 private:
  Unmapped unmapped(std::string_view why) const {
    return {text(r_, {"resourceType"}).value_or("") + ": " + std::string(why)};
  }

  std::optional<std::string> key() const {
    const auto references = references_of(entry_, r_);
    return references.empty() ? std::nullopt : std::optional(references.front());
  }

  std::optional<std::string> named(std::initializer_list<std::string_view> path) const {
    const auto reference = text(r_, path);
    if (!reference) return std::nullopt;
    const auto known = named_.names.find(*reference);
    return known == named_.names.end() ? std::nullopt : std::optional(known->second);
  }

  std::optional<std::string> telecom(std::string_view system) const {
    const json::value* all = at(r_, {"telecom"});
    const json::array* list = all ? all->if_array() : nullptr;
    if (!list) return std::nullopt;
    for (const json::value& one : *list)
      if (text(&one, {"system"}) == system) return text(&one, {"value"});
    return std::nullopt;
  }

  Mapped patient() const {
    MappedPerson mapped{references_of(entry_, r_), {}};
    records::HistoryPerson& person = mapped.person;
    person.name = name_of(at(r_, {"name", "0"}));
    if (mapped.references.empty() || person.name.empty()) return unmapped("without id or name");
    const auto number = text(r_, {"identifier", "value"});
    person.source_key =
        number ? text(r_, {"identifier", "system"}).value_or("") + "|" + *number : mapped.references.front();
    person.phone = telecom("phone");
    person.email = telecom("email");
    if (const auto born = text(r_, {"birthDate"}); born && parse_date(*born)) person.birth_on = born;
    const auto gender = text(r_, {"gender"});
    if (gender == "male" || gender == "female" || gender == "other" || gender == "unknown") person.sex = gender;
    return mapped;
  }

  // An entry with what most resources have; nothing without words, time or key.
  Mapped simple(Kind kind, std::initializer_list<std::string_view> code,
                std::initializer_list<std::string_view> subject, std::initializer_list<std::string_view> time) const {
    Concept what = concept_of(at(r_, code));
    const auto who = text(r_, subject), source = key();
    const auto when = instant(r_, time);
    if (!source || !who) return unmapped("without id or patient");
    if (!when) return unmapped("without time");
    if (!what.words) return unmapped("without words");
    HistoryEntry entry;
    entry.kind = kind;
    entry.source_key = *source;
    entry.at = *when;
    entry.code_system = std::move(what.system);
    entry.code = std::move(what.code);
    entry.words = std::move(*what.words);
    entry.status = text(r_, {"status"});
    return MappedEntries{*who, {std::move(entry)}};
  }

  template <class F>
  static Mapped with(Mapped mapped, F&& more) {
    if (auto* entries = std::get_if<MappedEntries>(&mapped)) more(entries->entries.front());
    return mapped;
  }

  Mapped encounter() const {
    return with(simple(Kind::visit, {"type", "0"}, {"subject", "reference"}, {"period", "start"}),
                [&](HistoryEntry& entry) {
                  entry.ended_at = instant(r_, {"period", "end"});
                  entry.author = named({"participant", "individual", "reference"});
                  entry.place = named({"serviceProvider", "reference"});
                  entry.value_words = text(r_, {"reasonCode", "coding", "display"});
                });
  }

  Mapped condition() const {
    const auto clinical = text(r_, {"clinicalStatus", "coding", "code"});
    const auto verified = text(r_, {"verificationStatus", "coding", "code"});
    if (verified == "entered-in-error") return unmapped("entered in error");
    return with(simple(Kind::problem, {"code"}, {"subject", "reference"}, {"onsetDateTime"}), [&](HistoryEntry& entry) {
      const bool is_over = clinical == "resolved" || clinical == "inactive" || clinical == "remission";
      entry.status = verified == "refuted" ? "refuted" : is_over ? "resolved" : "active";
    });
  }

  Mapped allergy() const {
    const auto clinical = text(r_, {"clinicalStatus", "coding", "code"});
    const auto verified = text(r_, {"verificationStatus", "coding", "code"});
    if (verified == "entered-in-error") return unmapped("entered in error");
    Mapped mapped = simple(Kind::allergy, {"code"}, {"patient", "reference"}, {"recordedDate"});
    if (std::holds_alternative<Unmapped>(mapped))
      mapped = simple(Kind::allergy, {"code"}, {"patient", "reference"}, {"onsetDateTime"});
    return with(std::move(mapped), [&](HistoryEntry& entry) {
      entry.status = verified == "refuted" ? "refuted" : clinical == "resolved" ? "resolved" : "active";
      entry.is_severe = text(r_, {"criticality"}) == "high" || text(r_, {"reaction", "severity"}) == "severe";
      entry.reaction = text(r_, {"reaction", "manifestation", "text"});
    });
  }

  Mapped medicine() const {
    if (!at(r_, {"medicationCodeableConcept"})) return unmapped("the medicine is another resource");
    return with(simple(Kind::medicine, {"medicationCodeableConcept"}, {"subject", "reference"}, {"authoredOn"}),
                [&](HistoryEntry& entry) {
                  entry.author = named({"requester", "reference"});
                  entry.value_words = text(r_, {"dosageInstruction", "text"});
                });
  }

  Mapped procedure() const {
    Mapped mapped = simple(Kind::procedure, {"code"}, {"subject", "reference"}, {"performedPeriod", "start"});
    if (std::holds_alternative<Unmapped>(mapped))
      mapped = simple(Kind::procedure, {"code"}, {"subject", "reference"}, {"performedDateTime"});
    return mapped;
  }

  Mapped document() const {
    Mapped mapped = simple(Kind::document, {"type"}, {"subject", "reference"}, {"date"});
    return with(std::move(mapped), [&](HistoryEntry& entry) { entry.value_words = text(r_, {"description"}); });
  }

  static void value_set(HistoryEntry& entry, const json::value* from) {
    entry.value = number(from, {"valueQuantity", "value"});
    entry.unit = text(from, {"valueQuantity", "unit"});
    if (!entry.value) entry.value_words = concept_of(at(from, {"valueCodeableConcept"})).words;
    if (!entry.value && !entry.value_words) entry.value_words = text(from, {"valueString"});
  }

  // One entry for each part: a blood pressure has two.
  Mapped observation() const {
    const bool is_vital = text(r_, {"category", "coding", "code"}) == "vital-signs";
    Mapped mapped =
        simple(is_vital ? Kind::vital : Kind::result, {"code"}, {"subject", "reference"}, {"effectiveDateTime"});
    auto* entries = std::get_if<MappedEntries>(&mapped);
    if (!entries) return mapped;
    value_set(entries->entries.front(), r_);
    const json::value* all = at(r_, {"component"});
    const json::array* parts = all ? all->if_array() : nullptr;
    if (!parts || parts->empty()) return mapped;
    const HistoryEntry whole = entries->entries.front();
    entries->entries.clear();
    for (const json::value& part : *parts) {
      HistoryEntry entry = whole;
      Concept what = concept_of(at(&part, {"code"}));
      entry.source_key = fmt::format("{}#{}", whole.source_key, entries->entries.size() + 1);
      entry.code_system = what.system;
      entry.code = what.code;
      entry.words = what.words.value_or(whole.words);
      value_set(entry, &part);
      entries->entries.push_back(std::move(entry));
    }
    return mapped;
  }

  const json::value& entry_;
  const Named& named_;
  const json::value* const r_;
};

}  // namespace

Mapped entry_map(std::string_view json, const Named& named) {
  const auto entry = parsed(json);
  if (!entry) return Unmapped{"not JSON"};
  return Mapping(*entry, named).run();
}

void name_keep(std::string_view json, Named& named) {
  const bool is_likely = json.find("\"Practitioner\"") != std::string_view::npos ||
                         json.find("\"Organization\"") != std::string_view::npos;
  const auto entry = is_likely ? parsed(json) : std::nullopt;
  if (!entry) return;
  const json::value* resource = at(&*entry, {"resource"});
  const auto type = text(resource, {"resourceType"});
  std::string name;
  if (type == "Practitioner") name = name_of(at(resource, {"name", "0"}));
  else if (type == "Organization") name = text(resource, {"name"}).value_or("");
  if (name.empty()) return;
  for (std::string& reference : references_of(*entry, resource)) named.names.emplace(std::move(reference), name);
}

}  // namespace fairward::fhir
