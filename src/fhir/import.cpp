// See the header.
#include "fhir/import.h"

#include <unordered_map>
#include <vector>

#include "fhir/bundle.h"
#include "fhir/mapping.h"

namespace fairward::fhir {
namespace {

constexpr std::size_t entries_at_once = 500;

class Import {
 public:
  Import(sql::Engine& engine, HospitalId hospital, Instant now) : engine_(engine), hospital_(hospital), now_(now) {}

  ImportReport run(const Text& text) {
    BundleReader names([this](std::string_view entry) { first(entry); });
    text([&](std::string_view piece) { names.feed(piece); });
    BundleReader facts([this](std::string_view entry) { second(entry); });
    text([&](std::string_view piece) { facts.feed(piece); });
    store();
    report_.files = 1;
    report_.damaged = facts.is_whole() ? 0 : 1;
    if (facts.too_long() > 0) report_.unmapped["too long"] += static_cast<std::int64_t>(facts.too_long());
    return std::move(report_);
  }

 private:
  struct Person {
    UserId patient;
    std::string source_key;  // numbers of entries that are the other system's own are told apart by it
  };

  // Who is who: others may be told of before them.
  void first(std::string_view entry) {
    name_keep(entry, named_);
    if (entry.find("\"Patient\"") == std::string_view::npos) return;
    Mapped mapped = entry_map(entry, named_);
    auto* person = std::get_if<MappedPerson>(&mapped);
    if (!person) return;
    records::HistoryFound found;
    engine_.write_now([&](Txn& txn) {
      found = records::history_person(txn, person->person, hospital_, now_);
      return true;
    });
    ++(found.is_new ? report_.patients : report_.patients_known);
    for (std::string& reference : person->references)
      people_.emplace(std::move(reference), Person{found.patient, person->person.source_key});
  }

  void second(std::string_view entry) {
    Mapped mapped = entry_map(entry, named_);
    if (auto* nothing = std::get_if<Unmapped>(&mapped); nothing && !nothing->why.empty())
      ++report_.unmapped[nothing->why];
    auto* facts = std::get_if<MappedEntries>(&mapped);
    if (!facts) return;
    const auto person = people_.find(facts->subject);
    if (person == people_.end()) {
      ++report_.unmapped["of a patient who is not in the bundle"];
      return;
    }
    for (records::HistoryEntry& one : facts->entries) {
      if (!one.source_key.starts_with("urn:")) one.source_key = person->second.source_key + " " + one.source_key;
      waiting_.emplace_back(person->second.patient, std::move(one));
    }
    if (waiting_.size() >= entries_at_once) store();
  }

  void store() {
    std::int64_t added = 0;
    if (waiting_.empty()) return;
    engine_.write_now([&](Txn& txn) {
      added = 0;
      for (const auto& [patient, entry] : waiting_)
        added += records::history_add(txn, patient, hospital_, entry) ? 1 : 0;
      return true;
    });
    report_.entries += added;
    report_.entries_known += static_cast<std::int64_t>(waiting_.size()) - added;
    waiting_.clear();
  }

  sql::Engine& engine_;
  const HospitalId hospital_;
  const Instant now_;
  Named named_;
  std::unordered_map<std::string, Person> people_;  // by reference
  std::vector<std::pair<UserId, records::HistoryEntry>> waiting_;
  ImportReport report_;
};

}  // namespace

void ImportReport::add(const ImportReport& more) {
  files += more.files;
  damaged += more.damaged;
  patients += more.patients;
  patients_known += more.patients_known;
  entries += more.entries;
  entries_known += more.entries_known;
  for (const auto& [why, count] : more.unmapped) unmapped[why] += count;
}

ImportReport bundle_import(sql::Engine& engine, const Text& text, HospitalId hospital, Instant now) {
  return Import(engine, hospital, now).run(text);
}

}  // namespace fairward::fhir
