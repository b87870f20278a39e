#include "platform/sql/batch.h"

#include <chrono>
#include <thread>

#include "platform/log/log.h"

namespace fairward::sql {
namespace {

constexpr int conflict_tries_max = 10;
constexpr std::chrono::milliseconds conflict_pause_step{2};

// The transaction as a call sees it. Remembers the first error, so that a call that swallows one is undone as well.
class CallTxn final : public Txn {
 public:
  CallTxn(Connection& connection, CallEffects& effects) : connection_(connection), effects_(effects) {}

  void emit(Event event) override { effects_.events.push_back(std::move(event)); }
  void on_commit(std::function<void()> action) override { effects_.actions.push_back(std::move(action)); }

  void remember(const Error& error) {
    if (!error_) error_ = error;
  }
  const std::optional<Error>& error() const { return error_; }

 protected:
  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override {
    try {
      return connection_.run(query, values, sink);
    } catch (const Error& error) {
      remember(error);
      throw;
    }
  }

 private:
  Connection& connection_;
  CallEffects& effects_;
  std::optional<Error> error_;
};

class CallSnapshot final : public Snapshot {
 public:
  explicit CallSnapshot(Connection& connection) : connection_(connection) {}

 protected:
  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override {
    return connection_.run(query, values, sink);
  }

 private:
  Connection& connection_;
};

// Errors of the database's world, not of one call's statements.
bool concerns_everyone(Error::Kind kind) { return kind != Error::Kind::constraint && kind != Error::Kind::bug; }

// Runs what must not throw.
template <class F>
void guarded(std::string_view what, F&& f) {
  try {
    f();
  } catch (const std::exception& error) {
    log::error("a callback threw", {{"callback", what}, {"reason", std::string_view(error.what())}});
  } catch (...) { log::error("a callback threw", {{"callback", what}}); }
}

void log_broken(const char* reason) { log::error("call broken", {{"reason", std::string_view(reason)}}); }

}  // namespace

thread_local int EngineScope::depth_ = 0;

void Publisher::add(std::function<void(const std::vector<Event>&, Instant)> listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void Publisher::publish(CallEffects& effects) {
  if (effects.actions.empty() && effects.events.empty()) return;
  const std::lock_guard lock(mutex_);
  for (auto& action : effects.actions) guarded("on_commit", action);
  if (effects.events.empty()) return;
  for (auto& listener : listeners_) guarded("on_events", [&] { listener(effects.events, effects.at); });
}

void finish(Engine::Done& done, Outcome outcome) {
  guarded("done", [&] { done(outcome); });
}

Outcome run_read(Connection& connection, Engine::Read& work) {
  Outcome outcome = Outcome::done;
  try {
    if (!connection.ready()) return Outcome::unavailable;
    connection.begin_read();
    CallSnapshot snapshot(connection);
    work(snapshot);
  } catch (const Error& error) {
    log_broken(error.what());
    outcome = concerns_everyone(error.kind()) ? Outcome::unavailable : Outcome::broken;
  } catch (const std::exception& error) {
    log_broken(error.what());
    outcome = Outcome::broken;
  } catch (...) {
    log_broken("not a std::exception");
    outcome = Outcome::broken;
  }
  connection.end_read();
  return outcome;
}

void BatchRunner::run(std::span<WriteCall> calls) {
  if (calls.size() == 1) return run_alone(calls.front());
  Attempt end = connection_.ready() ? attempt(calls) : Attempt::failed;
  if (end == Attempt::lost && connection_.ready()) {
    ++retries_;
    end = attempt(calls);
  }
  if (end != Attempt::conflict) return settle(calls, end);
  ++retries_;
  for (WriteCall& call : calls) run_alone(call);
}

void BatchRunner::run_alone(WriteCall& call) {
  const std::span<WriteCall> calls(&call, 1);
  Attempt end = connection_.ready() ? attempt(calls) : Attempt::failed;
  for (int tries = 1; tries < conflict_tries_max; ++tries) {
    if (end == Attempt::conflict) std::this_thread::sleep_for(conflict_pause_step * tries);
    else if (end != Attempt::lost || tries > 1 || !connection_.ready()) break;
    ++retries_;
    end = connection_.ready() ? attempt(calls) : Attempt::failed;
  }
  settle(calls, end);
}

BatchRunner::Attempt BatchRunner::attempt(std::span<WriteCall> calls) {
  const bool is_alone = calls.size() == 1;
  outcomes_.assign(calls.size(), Outcome::done);
  effects_.clear();
  effects_.resize(calls.size());  // never grows below: events must stay where they are
  try {
    connection_.begin();
    for (std::size_t i = 0; i < calls.size(); ++i) run_call(calls[i], i, is_alone);
  } catch (const Error& error) { return given_up(error, is_alone, false); }
  if (is_alone && outcomes_.front() != Outcome::done) {
    connection_.rollback();
    return Attempt::settled;
  }
  return attempt_commit(is_alone);
}

// Throws what the whole batch fails with. What only this call fails with becomes its outcome.
void BatchRunner::run_call(WriteCall& call, std::size_t index, bool is_alone) {
  if (!is_alone) connection_.savepoint();
  CallEffects& effects = effects_[index];
  CallTxn txn(connection_, effects);
  bool keep = false;
  try {
    keep = call.work(txn);
    effects.at = clock_.now();
    if (keep && !txn.error())
      for (Event& event : effects.events) connection_.event_insert(event, effects.at);
  } catch (const Error& error) { txn.remember(error); } catch (const std::exception& error) {
    txn.remember(Error(Error::Kind::bug, error.what()));
  } catch (...) { txn.remember(Error(Error::Kind::bug, "not a std::exception")); }
  if (const auto& error = txn.error()) {
    if (connection_.is_abandoned() || concerns_everyone(error->kind())) throw *error;
    log_broken(error->what());
    outcomes_[index] = Outcome::broken;
  } else {
    outcomes_[index] = keep ? Outcome::done : Outcome::undone;
  }
  if (outcomes_[index] != Outcome::done) effects = {};
  if (is_alone) return;
  if (outcomes_[index] == Outcome::done) connection_.savepoint_release();
  else connection_.savepoint_undo();
}

BatchRunner::Attempt BatchRunner::attempt_commit(bool is_alone) {
  try {
    connection_.commit();
    return Attempt::settled;
  } catch (const Error& error) { return given_up(error, is_alone, true); }
}

// Rolls back, and says whether trying again can help.
BatchRunner::Attempt BatchRunner::given_up(const Error& error, bool is_alone, bool is_commit) {
  connection_.rollback();
  effects_.clear();
  effects_.resize(outcomes_.size());
  switch (error.kind()) {
    case Error::Kind::busy_retry: return Attempt::conflict;
    case Error::Kind::constraint:
    case Error::Kind::bug:
      if (!is_alone) return Attempt::conflict;
      log_broken(error.what());
      outcomes_.front() = Outcome::broken;
      return Attempt::settled;
    case Error::Kind::unavailable:
      log::error("database unavailable", {{"reason", std::string_view(error.what())}});
      return is_commit ? Attempt::failed : Attempt::lost;
    case Error::Kind::disk_full:
      log::error("disk full", {{"reason", std::string_view(error.what())}});
      return Attempt::failed;
  }
  return Attempt::failed;
}

void BatchRunner::settle(std::span<WriteCall> calls, Attempt end) {
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Outcome outcome = end == Attempt::settled ? outcomes_[i] : Outcome::unavailable;
    if (outcome == Outcome::done) publisher_.publish(effects_[i]);
    finish(calls[i].done, outcome);
  }
  effects_.clear();
}

}  // namespace fairward::sql
