// Bundles of FHIR: cut into entries however the text comes in pieces, and each entry is mapped to what can be stored.
#include <vector>

#include "base/text.h"
#include "fhir/bundle.h"
#include "fhir/mapping.h"
#include "fuzz.h"

namespace fairward::fuzz {
namespace {

std::vector<std::string> entries_of(std::string_view text, std::size_t piece) {
  std::vector<std::string> entries;
  fhir::BundleReader reader([&](std::string_view entry) { entries.emplace_back(entry); });
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  return entries;
}

void check_entry(const records::HistoryEntry& entry) {
  demand(!entry.source_key.empty() && !entry.words.empty(), "an entry without key or words");
  demand(utf8_valid(entry.words) && !has_control_characters(entry.words, false), "words that cannot be shown");
  demand(entry.words.size() <= 300, "words that are too long");
}

}  // namespace

void run(std::string_view text) {
  const auto entries = entries_of(text, 7);
  demand(entries == entries_of(text, text.size() + 1), "the pieces of a text change what is in it");
  fhir::Named named;
  for (const std::string& entry : entries) fhir::name_keep(entry, named);
  for (const std::string& entry : entries) {
    const auto mapped = fhir::entry_map(entry, named);
    if (const auto* facts = std::get_if<fhir::MappedEntries>(&mapped))
      for (const auto& one : facts->entries) check_entry(one);
    if (const auto* person = std::get_if<fhir::MappedPerson>(&mapped))
      demand(!person->person.name.empty() && !person->person.source_key.empty(), "a person without name or key");
  }
}

}  // namespace fairward::fuzz
