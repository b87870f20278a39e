// See the header.
#include "platform/audit/subjects.h"

#include <algorithm>
#include <charconv>

#include "platform/api/codec.h"
#include "platform/audit/marks.h"
#include "sql/audit.h"

namespace fairward::audit {
namespace {

constexpr std::int64_t blocks_at_once = 1000;

struct SubjectBlock {
  Instant at;
  std::int64_t chain = 0, number = 0;
  std::string entries;
};
struct TimedBlock {
  std::int64_t chain = 0, number = 0;
  Instant at;
  std::string entries;
};

// A whole number at the beginning of the text, which it is taken off; 0 where there is none.
std::int64_t number_take(std::string_view& text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}

// A line is {"user":9,"role":"doctor","did":"appointment_get","of":[5,7],…}: the members before "of" are words of the
// program, so that the first `,"of":[` is that member.
void subjects_append(std::string_view line, std::vector<UserId>& subjects) {
  constexpr std::string_view user_begin = "{\"user\":", of_begin = ",\"of\":[";
  if (!line.starts_with(user_begin)) return;
  line.remove_prefix(user_begin.size());
  const std::int64_t user = number_take(line);
  const std::size_t of = line.find(of_begin);
  if (of == std::string_view::npos) return;
  line.remove_prefix(of + of_begin.size());
  while (!line.empty() && line.front() != ']') {
    const std::int64_t patient = number_take(line);
    if (patient == 0) return;
    if (patient != user) subjects.push_back({patient});
    if (!line.empty() && line.front() == ',') line.remove_prefix(1);
  }
}

}  // namespace

std::vector<UserId> subjects_of(std::string_view entries) {
  std::vector<UserId> subjects;
  each_line(entries, [&](std::string_view line) { subjects_append(line, subjects); });
  std::ranges::sort(subjects);
  subjects.erase(std::ranges::unique(subjects).begin(), subjects.end());
  return subjects;
}

std::vector<Disclosure> disclosures_of(Snapshot& db, UserId patient, Instant at, std::int64_t chain,
                                       std::int64_t number, std::int64_t blocks) {
  std::vector<Disclosure> found;
  for (const auto& block : db.all<SubjectBlock>(sql_queries::patient_page, patient, at, chain, number, blocks)) {
    std::int64_t place = 0;
    each_line(block.entries, [&](std::string_view line) {
      ++place;
      const auto subjects = subjects_of(line);
      if (!std::ranges::binary_search(subjects, patient)) return;
      if (auto entry = api::decode<api::AuditEntry>(line))
        found.push_back({block.at, block.chain, block.number, place, std::move(*entry)});
    });
  }
  return found;
}

std::int64_t index_rebuild(sql::Engine& engine) {
  std::int64_t rows = 0;
  engine.write_now([&](Txn& txn) {
    rows = 0;
    txn.exec(sql_queries::patient_clear);
    txn.exec(sql_queries::mark_clear);
    for (TimedBlock last;;) {
      auto page =
          txn.all<TimedBlock>(sql_queries::block_page_by_time, last.at, last.chain, last.number, blocks_at_once);
      if (page.empty()) break;
      for (const TimedBlock& block : page) {
        for (const UserId patient : subjects_of(block.entries))
          rows += txn.exec(sql_queries::patient_insert, patient, block.at, block.chain, block.number);
        for (const Mark& mark : marks_of(block.entries))
          txn.exec(sql_queries::mark_insert, static_cast<std::int64_t>(mark.kind), mark.ref, block.at, block.chain,
                   block.number);
      }
      last = std::move(page.back());
    }
    txn.exec(sql_queries::chain_indexed);
    txn.record(api::audit_entry("audit_index"));
    return true;
  });
  return rows;
}

}  // namespace fairward::audit
