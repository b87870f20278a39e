// The error log: what went wrong on the server's side, kept in the database for the operator: calls answered 5xx, jobs
// that failed, commits in doubt, exceptions. Fed from the log (log::on_error): whatever is logged as an error is kept.
// Not for refusals that a caller may learn of: those are problems, and are counted.
//
// Noting costs no request a wait: it is put down in memory, where what is alike is one entry with a count, and a tick
// stores it. While the database is what failed, it stays in memory. No names, no contents: texts of the program itself,
// ids, and reasons from which everything between quotation marks is taken.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/api/routes.h"
#include "platform/clock/clock.h"
#include "platform/errors/api.h"
#include "platform/log/log.h"
#include "platform/sql/engine.h"

namespace fairward::errors {

constexpr std::size_t waiting_max = 256;   // entries in memory; beyond, what is new is dropped and counted
constexpr std::int64_t kept_max = 10'000;  // entries in the database
constexpr Duration kept_for = days(30);
constexpr Duration tick_period = seconds(1);

class ErrorLog {
 public:
  // node: for people, as of nodes::Nodes.
  ErrorLog(sql::Engine& engine, const Clock& clock, std::string node);

  // Any thread; waits for no database and does not log. Of the fields it keeps: route, kind, tick or callback as the
  // operation, problem as the code, trace_id, and reason or error as the reason.
  void note(std::string_view message, std::span<const log::Field> fields);
  // Hands what was noted to the engine. Does not block.
  void tick();
  // Removes what is old or too much; of many nodes one is enough.
  void prune();

  std::uint64_t dropped() const;
  std::size_t waiting() const;

  void routes(api::Routes& routes);
  Result<Page<ErrorEntry>> error_list(Snapshot& db, Call& call, const ErrorQuery& query);
  Result<ErrorCounts> error_counts(Snapshot& db, Call& call, const ErrorCountQuery& query);

 private:
  struct Memory;

  sql::Engine& engine_;
  const Clock& clock_;
  const std::string node_;
  const std::shared_ptr<Memory> memory_;  // shared with callbacks of the engine, which may outlive this object
};

// The newest entries, for the command line; filters as in the API.
std::vector<ErrorEntry> entries_of(Snapshot& db, const ErrorQuery& query);

// One line of printable ASCII, with nothing left of what stands between quotation marks.
std::string reason_text(std::string_view reason);

}  // namespace fairward::errors
