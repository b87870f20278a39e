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

  Judge(const Clock& clock, Rules rules, Trace& trace) : clock_(clock), trace_(trace), stored_(rules), now_(rules) {}

  // The truth as it is stored. To be changed only before the first call.
  Model& model() { return stored_; }
  void starts() { now_ = stored_; }
  // The gateway's own word: "pending", "captured", "failed", "refunded", "unknown".
  std::function<std::string(const std::string& reference)> gateway;

  void expect(std::int64_t origin, Claim claim) { open_[origin] = {std::move(claim), {}, false, false, false}; }
  void forget(std::int64_t origin) { open_.erase(origin); }
  // What the reply must be; nullopt: the call never ran (the reply came from memory, or the commit failed).
  std::optional<Answer> answer(std::int64_t origin) const;
  void acknowledged(std::int64_t origin);

  void transaction_begins() override;
  void call_ran(std::int64_t origin, std::int64_t order_key, bool keep, Snapshot& db) override;
  void transaction_ends(bool is_durable) override;

  // The database is what the model says, and the invariants hold. is_settled: the product had time for what is due.
  void check(Snapshot& db, bool is_settled);
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
  State read(Snapshot& db, std::int64_t ledger_after);
  void lapse(Model& model, const State& seen);
  void payments(Model& model, const State& seen, Snapshot& db);
  Answer ask(Model& model, const Claim& claim);
  void compare(Model& model, const State& seen, const std::string& when);
  void demand_none(Snapshot& db, const sql::Query& query, const char* what);

  const Clock& clock_;
  Trace& trace_;
  const std::vector<sql::Invariant> invariants_ = app::invariants(1);  // as of `fairward check`
  Model stored_, now_;                                                 // after the last commit; inside the transaction
  std::int64_t ledger_stored_ = 0, ledger_now_ = 0;
  std::map<std::int64_t, Open> open_;
  std::vector<std::int64_t> ran_;  // origins in this transaction
  std::optional<std::string> violation_;
};

}  // namespace fairward::sim
