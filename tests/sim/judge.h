// Compares the product with the model: after each call of each transaction, what is in the database; after each reply,
// what was said; and the product's invariants, which hold whatever the model thinks. Violations are kept until
// somebody asks, because they are found inside the product's callbacks, which catch everything.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/invariants.h"
#include "engine.h"
#include "model.h"
#include "trace.h"

namespace fairward::sim {

struct Violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Judge final : public Watcher {
 public:
  using Intent = std::function<Answer(Model&, Instant now)>;  // what a request means
  struct Claim {                                              // what is expected of a request
    Intent intent;
    std::string key;      // by patient and route; "" without an Idempotency-Key
    std::string request;  // target and body
  };

  Judge(const Database& database, Rules rules, Trace& trace)
      : database_(database), trace_(trace), stored_(rules), now_(rules) {}

  // The truth as it is stored. To be changed only before the first call.
  Model& model() { return stored_; }
  const Model& model() const { return stored_; }
  void starts() { now_ = stored_; }
  // The gateway's own word: "pending", "captured", "failed", "refunded", "unknown".
  std::function<std::string(const std::string& reference)> gateway;
  // What the judge saw on the way, for the report.
  std::function<void(const std::string& what)> note;

  void expect(std::int64_t origin, Claim claim) { open_[origin] = {std::move(claim), {}, false, false, false}; }
  void forget(std::int64_t origin) { open_.erase(origin); }
  // What the reply must be; nullopt: the call never ran (the reply came from memory, or the commit failed).
  std::optional<Answer> answer(std::int64_t origin) const;
  void acknowledged(std::int64_t origin);
  // Was some of it taken when that commit was stored, or after another since?
  bool was_taken(std::int64_t doctor, Instant from, Instant to, std::int64_t since_commit) const;

  void transaction_begins() override;
  void call_ran(const Ran& ran, Snapshot& db) override;
  void transaction_ends(bool is_durable) override;

  // The database is what the model says, and the invariants hold.
  void check(Snapshot& db);
  // The product had time for what is due: nothing is left to do by the clock of any node that runs.
  // has_had_minutes: since clocks were set ahead, perhaps past a midnight.
  void check_settled(const std::vector<Instant>& clocks, bool has_had_minutes);
  // At the end: no payment is open, and the gateway's books agree.
  void check_money(Snapshot& db, std::int64_t captured_minor, std::int64_t refunded_minor);

  void accuse(std::string what);
  void verdict() const {
    if (violation_) throw Violation(*violation_);
  }

 private:
  struct Open {
    Claim claim;
    std::optional<Answer> answer;
    bool has_run = false, is_stored = false, is_acknowledged = false;
  };
  // A run of cells that an appointment owned, after these commits.
  struct Owned {
    std::int64_t doctor = 0;
    Instant from, to;
    std::int64_t since = 0, until = INT64_MAX;
  };
  State read(Snapshot& db, std::int64_t ledger_after);
  bool lapse(Model& model, const State& seen, Instant now);
  void payments(Model& model, const State& seen, Instant now, Snapshot& db);
  Answer ask(Model& model, const Claim& claim, Instant now);
  void own_work(Model& model, const State& seen, const Ran& ran, Snapshot& db);
  bool may_sweep(const Ran& ran, Snapshot& db);
  void remember_owners();
  void compare(Model& model, const State& seen, const std::string& when);
  void demand_none(Snapshot& db, const sql::Query& query, const char* what);

  const Database& database_;
  Trace& trace_;
  const std::vector<sql::Invariant> invariants_ = app::invariants(1);  // as of `fairward check`
  Model stored_, now_;                                                 // after the last commit; inside the transaction
  std::int64_t ledger_stored_ = 0, ledger_now_ = 0;
  std::map<std::int64_t, Open> open_;
  std::vector<std::int64_t> ran_;   // origins in this transaction
  std::set<std::int64_t> refused_;  // nodes that owe somebody a hand-over: a refusal has undone it
  std::vector<Owned> owned_;
  std::map<std::int64_t, std::size_t> owned_by_;  // the run that an appointment owns now
  std::optional<std::string> violation_;
};

}  // namespace fairward::sim
