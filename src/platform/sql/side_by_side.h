// Runs the calls of a batch side by side: each group of calls on a fiber, in the one transaction. A call that must wait
// for the database lets the next one go on; when all wait, everything they asked for is sent at once, and what many
// asked by the same query goes as one statement (Query::many). Internal to platform/sql.
//
// Row locks do not keep the calls of one transaction from each other. What keeps them apart: calls that contend for
// anything in common are in one group and run one after the other, in the order of arrival (Contention); calls that do
// not name what they contend for run before, one by one. And no call sees what is undone, since either all that was
// changed is kept or the whole batch is rolled back and runs again in the plain way. docs/adr/0010.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "platform/sql/batch.h"

namespace fairward::sql {

// Indices of calls, in the order in which they run.
using CallGroup = std::vector<std::size_t>;

// Which calls of a batch may run side by side.
struct Arrangement {
  CallGroup first;                // one by one, before the others
  std::vector<CallGroup> groups;  // side by side; none, or at least two
};
// The calls are ordered by order key, those of a key in the order of arrival.
Arrangement arrange(std::span<const WriteCall> calls);

class SideBySide {
 public:
  // Runs one call with the statements it is given. Must not throw.
  using Work = std::function<void(std::size_t call, Statements& statements)>;

  explicit SideBySide(Connection& connection);
  ~SideBySide();
  SideBySide(const SideBySide&) = delete;
  SideBySide& operator=(const SideBySide&) = delete;

  // Returns when all calls have ended: nullopt, and the commit has the last answers; or what made it give up, and the
  // transaction must be rolled back.
  std::optional<Error> run(std::span<const CallGroup> groups, const Work& work);
  // Called by the work: whoever waits gets the error, and no other call begins.
  void give_up(const Error& error);

 private:
  class Worker;

  const CallGroup* take();
  void send_all();
  void collect();
  template <class F>
  void attempt(F&& f);

  Connection& connection_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::span<const CallGroup> groups_;
  std::size_t groups_taken_ = 0;
  const Work* work_ = nullptr;
  std::optional<Error> failure_;
  std::vector<Request*> same_;  // of send_all
};

}  // namespace fairward::sql
