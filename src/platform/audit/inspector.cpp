#include "platform/audit/inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "platform/api/audit_entry.h"
#include "platform/api/dispatcher.h"
#include "platform/api/problems.h"
#include "platform/api/rights.h"
#include "platform/api/router.h"
#include "platform/audit/audit.h"
#include "platform/audit/marks.h"
#include "sql/audit.h"

namespace fairward::audit {
namespace {

constexpr Problem query_invalid{"audit.query_invalid", ProblemKind::invalid, "The list cannot be asked for like this.",
                                Retry::after_change};
constexpr Problem audited_user_not_found{"audit.user_not_found", ProblemKind::not_found, "There is no such user.",
                                         Retry::never};
constexpr Problem operation_not_found{"audit.operation_not_found", ProblemKind::not_found,
                                      "There is no operation of this name.", Retry::after_change};

struct Block {
  Instant at;
  std::int64_t chain = 0, number = 0;
  std::string entries;
};

// A line of the record. The newest are met first, and of a block the last.
struct Position {
  std::int64_t at = 0, chain = 0, number = 0, line = 0;
};
constexpr Position newest{std::numeric_limits<std::int64_t>::max(), 0, 0, 0};

std::string position_text(const Position& p) { return fmt::format("{}.{}.{}.{}", p.at, p.chain, p.number, p.line); }

std::optional<Position> position_read(std::string_view text) {
  Position position;
  std::int64_t* const members[] = {&position.at, &position.chain, &position.number, &position.line};
  for (std::int64_t* member : members) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), *member);
    if (fault != std::errc() || *member < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool is_last = member == members[3];
    if (text.empty() != is_last || (!is_last && text.front() != '.')) return std::nullopt;
    if (!is_last) text.remove_prefix(1);
  }
  return position.number < std::numeric_limits<std::int64_t>::max() ? std::optional(position) : std::nullopt;
}

std::vector<std::string_view> lines_of(std::string_view entries) {
  std::vector<std::string_view> lines;
  while (!entries.empty()) {
    lines.push_back(entries.substr(0, entries.find('\n')));
    entries.remove_prefix(std::min(entries.size(), lines.back().size() + 1));
  }
  return lines;
}

// What is asked for, and by which index it is found.
struct Search {
  const RecordQuery& query;
  HospitalId hospital;  // 0: of all
  bool is_actor_marked = false;

  bool holds(const Entry& entry) const {
    if (hospital && entry.hospital != hospital) return false;
    if (query.actor && entry.user != query.actor && entry.account != query.actor) return false;
    if (query.patient && !(entry.of && std::ranges::find(*entry.of, *query.patient) != entry.of->end())) return false;
    if (query.operation && entry.did != query.operation->value) return false;
    return !query.outcome || (*query.outcome == RecordOutcome::refused) == entry.refused.has_value();
  }
  // Cheap, before a line is read as JSON.
  bool may_hold(std::string_view line) const {
    return !query.operation || line.find(query.operation->value) != std::string_view::npos;
  }
  std::vector<Block> blocks(Snapshot& db, const Position& before, std::int64_t limit) const {
    const Instant at{before.at}, from = query.from.value_or(Instant{});
    const auto marked = [&](MarkKind kind, std::int64_t ref) {
      return db.all<Block>(sql_queries::mark_page, static_cast<std::int64_t>(kind), ref, at, before.chain,
                           before.number, from, limit);
    };
    const bool is_own_doing = query.actor && query.actor == query.patient;
    if (query.patient && !is_own_doing)
      return db.all<Block>(sql_queries::patient_page, *query.patient, at, before.chain, before.number, limit);
    if (query.actor && is_actor_marked) return marked(MarkKind::actor, query.actor->value);
    if (query.outcome == RecordOutcome::refused) return marked(MarkKind::refused, 0);
    if (hospital) return marked(MarkKind::hospital, hospital.value);
    return db.all<Block>(sql_queries::block_page_back, at, before.chain, before.number, from, limit);
  }
};

AuditRecord record_of(const Block& block, std::size_t line, Entry&& entry) {
  AuditRecord record;
  record.id = fmt::format("{}-{}-{}", block.chain, block.number, line);
  record.at = block.at;
  record.actor = entry.user;
  record.key_id = entry.key;
  record.role = std::move(entry.role);
  record.hospital_id = entry.hospital;
  record.operation = std::move(entry.did);
  record.outcome = entry.refused ? RecordOutcome::refused : RecordOutcome::done;
  record.problem = std::move(entry.refused);
  record.times = entry.times.value_or(1);
  record.account = entry.account;
  if (entry.of) record.patients = std::move(*entry.of);
  record.on = std::move(entry.on);
  record.address = std::move(entry.from);
  record.purpose = std::move(entry.why);
  if (entry.events) record.events = std::move(*entry.events);
  return record;
}

// Looks through the record until the page is full, it has looked at enough, or there is no more.
class Walk {
 public:
  Walk(Snapshot& db, const Search& search, Position before) : db_(db), search_(search), before_(before) {}

  AuditRecords run() {
    constexpr std::int64_t blocks_at_first = 10;
    for (std::int64_t limit = blocks_at_first;; limit = std::min(limit * 2, blocks_at_once_max)) {
      // The block of the position again: what stands before its line is still to be looked at.
      const Position through{before_.at, before_.chain, before_.number + (before_.line > 0 ? 1 : 0), 0};
      const auto blocks = search_.blocks(db_, through, limit);
      for (const Block& block : blocks) {
        if (block.at < search_.query.from.value_or(Instant{})) return std::move(found_);
        if (!look_at(block)) return ended_early();
      }
      if (std::ssize(blocks) < limit) return std::move(found_);
      if (looked_at_ >= lines_looked_at_max) return ended_early();
    }
  }

 private:
  // False: the page is full.
  bool look_at(const Block& block) {
    const auto lines = lines_of(block.entries);
    const bool is_resumed = block.at.ms == before_.at && block.chain == before_.chain && block.number == before_.number;
    std::size_t line =
        is_resumed ? std::min<std::size_t>(static_cast<std::size_t>(before_.line), lines.size() + 1) - 1 : lines.size();
    for (; line > 0; --line) {
      if (std::ssize(found_.items) >= search_.query.limit.value) return false;
      ++looked_at_;
      before_ = {block.at.ms, block.chain, block.number, static_cast<std::int64_t>(line)};
      if (!search_.may_hold(lines[line - 1])) continue;
      auto entry = api::decode<Entry>(lines[line - 1]);
      if (entry && search_.holds(*entry)) found_.items.push_back(record_of(block, line, std::move(*entry)));
    }
    before_ = {block.at.ms, block.chain, block.number, 0};
    return true;
  }
  AuditRecords ended_early() {
    found_.next = position_text(before_);
    found_.looked_back_to = Instant{before_.at};
    return std::move(found_);
  }

  Snapshot& db_;
  const Search& search_;
  Position before_;
  std::int64_t looked_at_ = 0;
  AuditRecords found_;
};

std::vector<std::string> roles_of(const api::RouteData& route) {
  std::vector<std::string> roles;
  for (std::size_t role = 0; role < route.scopes.size(); ++role)
    if (route.scopes[role] != api::Scope::none) roles.emplace_back(api::role_text(static_cast<api::Role>(role)));
  return roles;
}

RuleReason reason_of(const Known& known, const Result<api::Scope>& right) {
  if (known.status == "disabled") return RuleReason::account_disabled;
  if (right) return known.status == "pending" ? RuleReason::account_pending : RuleReason::right;
  return right.error().problem == &api::second_factor_missing ? RuleReason::second_factor_missing
                                                              : RuleReason::right_missing;
}

}  // namespace

Inspector::Inspector(const api::Routes& all, Find find, Names names)
    : all_(all), find_(std::move(find)), names_(std::move(names)) {}

void Inspector::routes(api::Routes& routes) {
  using api::Role;
  using api::Scope;
  routes.module("audit");
  routes.add(http::Method::get, "/api/audit/records", "audit_record_list", this, &Inspector::audit_record_list)
      .summary("Who did and saw what, and what was refused")
      .describe(
          "The newest first. A page may have few items, or none, and still have a `next`: it looks through a bounded "
          "part of the record, back to looked_back_to. Administrators of a hospital read what happened at their own. "
          "Whoever reads the record is on record.")
      .allow(Role::hospital_admin, Scope::hospital)
      .allow(Role::platform_admin, Scope::all)
      .about_patients()
      .problems({&query_invalid});
  routes.add(http::Method::get, "/api/audit/rules", "audit_rule_list", this, &Inspector::audit_rule_list)
      .summary("Which rule lets a user do something, or refuses it")
      .describe("From the rights table by which calls are decided. What belongs to whom is decided by the operation.")
      .allow(Role::platform_admin, Scope::all)
      .about_patients()
      .problems({&audited_user_not_found, &operation_not_found});
}

Result<AuditRecords> Inspector::audit_record_list(Snapshot& db, Call& call, const RecordQuery& query) {
  Position before = newest;
  if (query.to) before.at = query.to->ms;
  if (query.cursor) {
    const auto read = position_read(query.cursor->value);
    if (!read) return fail(query_invalid, {{"?cursor", "is not one that a list has given"}});
    before = *read;
  }
  const HospitalId hospital = call.scope == api::Scope::all ? HospitalId{} : call.caller.hospital;
  if (call.scope != api::Scope::all && !hospital) return fail(api::right_missing);
  const auto actor = query.actor ? find_(db, *query.actor) : std::nullopt;
  const Search search{query, hospital, !actor || actor->caller.role != api::Role::patient};
  AuditRecords records = Walk(db, search, before).run();
  name(db, records.items);
  call.is_for_the_record();
  call.concerns_nobody();
  for (const AuditRecord& record : records.items)
    for (const UserId patient : record.patients) call.concerns(patient);
  return records;
}

// Of those who work here; what patients did is told by their number alone.
void Inspector::name(Snapshot& db, std::vector<AuditRecord>& records) const {
  std::vector<UserId> ids;
  const auto is_staffs = [](const AuditRecord& r) { return r.actor && r.role != api::role_text(api::Role::patient); };
  for (const AuditRecord& record : records)
    if (is_staffs(record)) ids.push_back(*record.actor);
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  if (ids.empty()) return;
  const auto names = names_(db, ids);
  for (AuditRecord& record : records)
    if (const auto found = is_staffs(record) ? names.find(*record.actor) : names.end(); found != names.end())
      record.actor_name = found->second;
}

Rule Inspector::rule_of(const api::RouteData& route, const Known& known) const {
  const auto right = api::right_of(route, known.caller);
  Rule rule;
  rule.operation = route.name;
  rule.method = api::method_text(route.method);
  rule.path = route.paths.front();
  rule.summary = route.summary;
  rule.reason = reason_of(known, right);
  rule.is_allowed = rule.reason == RuleReason::right || rule.reason == RuleReason::account_pending;
  const api::Scope scope = route.scope(known.caller.role);
  rule.scope = api::scope_text(scope);
  rule.adds_only = scope == api::Scope::hospital && api::is_adding_only(known.caller.role);
  rule.roles = roles_of(route);
  return rule;
}

Result<Rules> Inspector::audit_rule_list(Snapshot& db, Call& call, const RuleQuery& query) {
  const auto known = find_(db, query.user_id);
  if (!known) return fail(audited_user_not_found);
  if (known->caller.role == api::Role::patient) call.concerns(query.user_id);
  else call.concerns_nobody();
  Rules rules{query.user_id, std::string(api::role_text(known->caller.role)), known->status, {}};
  const auto add = [&](const api::RouteData& route) {
    if (!query.operation || query.operation->value == route.name) rules.items.push_back(rule_of(route, *known));
  };
  add(api::event_stream_route());
  for (const auto& route : all_.all()) add(*route);
  if (rules.items.empty()) return fail(operation_not_found);
  std::ranges::sort(rules.items, {}, &Rule::operation);
  return rules;
}

}  // namespace fairward::audit
