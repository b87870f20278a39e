// What waits in memory, how it gets into the database, and what is read of it: see errors.h.
#include "platform/errors/errors.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <mutex>
#include <tuple>

#include "platform/api/problems.h"
#include "sql/errors.h"

namespace fairward::errors {
namespace {

constexpr Duration alike_within = hours(1);
constexpr std::size_t text_bytes_max = 100;
constexpr std::size_t reason_bytes_max = 300;

constexpr Problem query_invalid{"errors.query_invalid", ProblemKind::invalid, "The list cannot be asked for like this.",
                                Retry::after_change};

// What makes two errors alike.
struct Kind {
  Instant hour_at;
  std::string message, operation, code, reason;
  auto tied() const { return std::tie(hour_at, message, operation, code, reason); }
  friend bool operator<(const Kind& a, const Kind& b) { return a.tied() < b.tied(); }
};
struct Times {
  Instant first_at, last_at;
  std::int64_t repeats = 0;
  std::string trace_id;
};
using Entries = std::map<Kind, Times>;

struct Row {
  ErrorId id;
  Instant first_at, last_at;
  std::int64_t repeats = 0;
  std::string node, message, operation, code, reason, trace_id;
};
struct CountRow {
  std::string code;
  std::int64_t repeats = 0;
  Instant last_at;
};

std::optional<std::string> unless_empty(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

ErrorEntry entry_of(Row&& row) {
  return {row.id,
          row.first_at,
          row.last_at,
          row.repeats,
          std::move(row.node),
          std::move(row.message),
          unless_empty(std::move(row.operation)),
          unless_empty(std::move(row.code)),
          unless_empty(std::move(row.reason)),
          unless_empty(std::move(row.trace_id))};
}

// nullopt: no cursor of ours.
std::optional<std::int64_t> before_of(const std::optional<BoundedText<1, 20>>& cursor) {
  std::int64_t id = std::numeric_limits<std::int64_t>::max();
  if (!cursor) return id;
  const std::string& text = cursor->value;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), id);
  return code == std::errc() && end == text.data() + text.size() && id > 0 ? std::optional(id) : std::nullopt;
}

std::vector<ErrorEntry> entries_before(Snapshot& db, std::int64_t before, const ErrorQuery& query, std::int64_t limit) {
  std::vector<ErrorEntry> entries;
  const std::string code = query.code ? query.code->value : std::string();
  for (Row& row : db.all<Row>(sql_queries::error_list, before, query.since.value_or(Instant{}), code, limit))
    entries.push_back(entry_of(std::move(row)));
  return entries;
}

std::string text_of(const log::Field& field) {
  const auto* text = std::get_if<std::string_view>(&field.second);
  return text ? std::string(text->substr(0, text_bytes_max)) : std::string();
}

// The log's "code" is the status of a reply; ours is the problem's.
void field_take(Kind& kind, Times& times, const log::Field& field) {
  const std::string_view name = field.first;
  if (name == "trace_id") times.trace_id = text_of(field);
  else if (name == "problem") kind.code = text_of(field);
  else if (name == "route" || name == "kind" || name == "tick" || name == "callback") kind.operation = text_of(field);
  else if (name == "reason" || name == "error")
    if (const auto* text = std::get_if<std::string_view>(&field.second)) kind.reason = reason_text(*text);
}

// A mark that opens, or the apostrophe of "the client's"?
bool opens_quotation(std::string_view text, std::size_t at) {
  if (text[at] == '"' || text[at] == '`') return true;
  const bool is_in_word = at > 0 && ((text[at - 1] | 0x20) >= 'a' && (text[at - 1] | 0x20) <= 'z');
  return text[at] == '\'' && !is_in_word;
}

}  // namespace

// One lock, held for moments; nothing is done under it but this.
struct ErrorLog::Memory {
  mutable std::mutex mutex;
  Entries entries;
  std::uint64_t dropped = 0;
  bool is_storing = false;

  // Adds to what is there; false when there is no room. Under the lock.
  void add(const Kind& kind, const Times& times) {
    const auto found = entries.find(kind);
    if (found == entries.end()) {
      if (entries.size() < waiting_max) entries.emplace(kind, times);
      else dropped += static_cast<std::uint64_t>(times.repeats);
      return;
    }
    Times& known = found->second;
    known.first_at = std::min(known.first_at, times.first_at);
    if (known.last_at <= times.last_at) known.trace_id = times.trace_id;
    known.last_at = std::max(known.last_at, times.last_at);
    known.repeats += times.repeats;
  }

  // What the database did not take waits again; what it cannot take would come back for ever.
  void stored(const Entries& batch, sql::Outcome outcome) {
    const std::lock_guard lock(mutex);
    is_storing = false;
    if (outcome == sql::Outcome::done) return;
    const bool may_try_again = outcome == sql::Outcome::full || outcome == sql::Outcome::unavailable;
    for (const auto& [kind, times] : batch)
      if (may_try_again) add(kind, times);
      else dropped += static_cast<std::uint64_t>(times.repeats);
  }
};

std::string reason_text(std::string_view reason) {
  std::string out;
  for (std::size_t at = 0; at < reason.size() && reason[at] != '\n' && out.size() < reason_bytes_max; ++at) {
    const char c = reason[at];
    out += c < ' ' || c > '~' ? '?' : c;
    if (!opens_quotation(reason, at)) continue;
    const std::size_t end = reason.find(c, at + 1);
    if (end == std::string_view::npos) break;
    out += c;
    at = end;
  }
  return out;
}

ErrorLog::ErrorLog(sql::Engine& engine, const Clock& clock, std::string node)
    : engine_(engine), clock_(clock), node_(std::move(node)), memory_(std::make_shared<Memory>()) {}

void ErrorLog::note(std::string_view message, std::span<const log::Field> fields) {
  const Instant now = clock_.now();
  Kind kind{{now.ms - now.ms % alike_within.ms}, std::string(message.substr(0, text_bytes_max)), {}, {}, {}};
  Times times{now, now, 1, {}};
  for (const log::Field& field : fields) field_take(kind, times, field);
  const std::lock_guard lock(memory_->mutex);
  memory_->add(kind, times);
}

void ErrorLog::tick() {
  const auto batch = std::make_shared<Entries>();
  {
    const std::lock_guard lock(memory_->mutex);
    if (memory_->is_storing || memory_->entries.empty()) return;
    memory_->is_storing = true;
    batch->swap(memory_->entries);
  }
  engine_.write(
      0,
      [batch, node = node_](Txn& txn) {
        for (const auto& [kind, times] : *batch)
          txn.exec_later(sql_queries::error_upsert, node, kind.hour_at, kind.message, kind.operation, kind.code,
                         kind.reason, times.trace_id, times.first_at, times.last_at, times.repeats);
        return true;
      },
      [batch, memory = memory_](sql::Outcome outcome) { memory->stored(*batch, outcome); });
}

void ErrorLog::prune() {
  engine_.write(
      0,
      [before = clock_.now() - kept_for](Txn& txn) {
        txn.exec(sql_queries::error_prune_old, before);
        txn.exec(sql_queries::error_prune_many, kept_max);
        return true;
      },
      [](sql::Outcome) {});
}

std::uint64_t ErrorLog::dropped() const {
  const std::lock_guard lock(memory_->mutex);
  return memory_->dropped;
}

std::size_t ErrorLog::waiting() const {
  const std::lock_guard lock(memory_->mutex);
  return memory_->entries.size();
}

void ErrorLog::routes(api::Routes& routes) {
  using api::Role;
  using api::Scope;
  routes.module("errors");
  routes.add(http::Method::get, "/api/errors", "error_list", this, &ErrorLog::error_list)
      .summary("What went wrong on the server's side, newest first")
      .describe(
          "What happened alike within an hour at one node is one entry with a count. Kept for 30 days, 10,000 entries "
          "at "
          "most. Entries hold no data of patients: operations, problem codes, the program's own words, trace ids.")
      .allow(Role::platform_admin, Scope::all)
      .problems({&query_invalid});
  routes.add(http::Method::get, "/api/errors/counts", "error_count_list", this, &ErrorLog::error_counts)
      .summary("How often what went wrong, by problem code")
      .allow(Role::platform_admin, Scope::all);
}

Result<Page<ErrorEntry>> ErrorLog::error_list(Snapshot& db, Call&, const ErrorQuery& query) {
  const auto before = before_of(query.cursor);
  if (!before) return fail(query_invalid, {{"?cursor", "Take it from the page before, unchanged."}});
  Page<ErrorEntry> page;
  page.items = entries_before(db, *before, query, query.limit + 1);
  page.next =
      api::page_cut(page.items, query.limit, [](const ErrorEntry& last) { return std::to_string(last.id.value); });
  return page;
}

Result<ErrorCounts> ErrorLog::error_counts(Snapshot& db, Call&, const ErrorCountQuery& query) {
  ErrorCounts counts;
  for (CountRow& row : db.all<CountRow>(sql_queries::error_counts, query.since.value_or(Instant{})))
    counts.items.push_back({unless_empty(std::move(row.code)), row.repeats, row.last_at});
  return counts;
}

std::vector<ErrorEntry> entries_of(Snapshot& db, const ErrorQuery& query) {
  return entries_before(db, std::numeric_limits<std::int64_t>::max(), query, query.limit);
}

}  // namespace fairward::errors
