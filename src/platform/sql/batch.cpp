#include "platform/sql/batch.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/plant.h"
#include "platform/log/log.h"
#include "platform/sql/side_by_side.h"
#include "sql/sql.h"

namespace fairward::sql {
namespace {

constexpr int conflict_tries_max = 10;
constexpr std::chrono::milliseconds conflict_pause_step{2};
constexpr int batches_apart_after_entangled = 16;  // what undoes one call mostly comes again soon

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

// The transaction as a call sees it. Remembers the first error, so that a call that swallows one is undone as well.
class BatchRunner::CallTxn final : public Txn {
  template <class F>
  auto remembering(F&& f) {
    try {
      return f();
    } catch (const Error& error) {
      remember(error);
      throw;
    }
  }

 public:
  // leaves_last: what is to run last is left for the end of the transaction.
  CallTxn(Statements& statements, CallEffects& effects, bool leaves_last)
      : statements_(statements), effects_(effects), leaves_last_(leaves_last) {}

  void emit(Event event) override { effects_.events.push_back(std::move(event)); }
  void record(std::string entry) override { effects_.record = std::move(entry); }
  void on_commit(std::function<void()> action) override { effects_.actions.push_back(std::move(action)); }
  void on_doubt(std::function<void()> action) override { effects_.doubts.push_back(std::move(action)); }
  void last_up_to(std::int64_t order) override {
    auto& lasts = effects_.lasts;
    const auto later =
        std::stable_partition(lasts.begin(), lasts.end(), [&](const auto& l) { return l.order <= order; });
    std::stable_sort(lasts.begin(), later, [](const auto& a, const auto& b) { return a.order < b.order; });
    for (auto last = lasts.begin(); last != later; ++last) run_later(*last->query, last->values, {}, Later::changes);
    lasts.erase(lasts.begin(), later);
  }
  // As exec_later. An event's id is known after the commit: events must stay where they are until then.
  void events_insert(std::vector<Event>& events, Instant at, std::int64_t node) {
    for (Event& event : events) {
      const Value values[] = {to_value(event.topic), to_value(event.kind), to_value(event.payload), to_value(at),
                              to_value(node)};
      run_later(
          sql_queries::event_insert, values, [&event](const Row& row) { event.id = row.integer(0); }, Later::changes);
    }
  }

  void remember(const Error& error) {
    if (!error_) error_ = error;
  }
  const std::optional<Error>& error() const { return error_; }
  bool has_changed() const { return has_changed_; }

 protected:
  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override {
    return remembering([&] {
      const std::int64_t changed = statements_.run(query, values, sink);
      has_changed_ |= changed > 0;
      return changed;
    });
  }
  void run_later(const Query& query, std::span<const Value> values, const RowSink& sink, Later later) override {
    has_changed_ |= later == Later::changes;
    remembering([&] { statements_.run_later(query, values, sink); });
  }
  void run_last(std::int64_t order, const Query& query, std::span<const Value> values) override {
    if (!leaves_last_) return run_later(query, values, {}, Later::changes);
    effects_.lasts.push_back({order, &query, {values.begin(), values.end()}});
  }
  void settle() override {
    remembering([&] { statements_.settle(); });
  }

 private:
  Statements& statements_;
  CallEffects& effects_;
  const bool leaves_last_;
  std::optional<Error> error_;
  bool has_changed_ = false;
};

thread_local int EngineScope::depth_ = 0;

void Publisher::add(std::function<void(const std::vector<Event>&, Instant)> listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void Publisher::publish(CallEffects& effects) {
  if (effects.actions.empty() && effects.events.empty()) return;
  const std::lock_guard lock(mutex_);
  for (auto& action : effects.actions) guarded("on_commit", action);
  tell(effects);
}

void Publisher::publish_doubt(CallEffects& effects) {
  if (effects.doubts.empty() && effects.events.empty()) return;
  const std::lock_guard lock(mutex_);
  for (auto& action : effects.doubts) guarded("on_doubt", action);
  tell(effects);
}

void Publisher::tell(const CallEffects& effects) {
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

BatchRunner::BatchRunner(Connection& connection, Publisher& publisher, const Clock& clock,
                         std::atomic<std::uint64_t>& retries, const RecorderMaker& recorder, std::int64_t node,
                         const FirstLock* first_lock)
    : connection_(connection),
      publisher_(publisher),
      clock_(clock),
      retries_(retries),
      node_(node),
      first_lock_(first_lock),
      recorder_(recorder ? recorder(node) : nullptr) {}

BatchRunner::~BatchRunner() = default;

void BatchRunner::run(std::span<WriteCall> calls) {
  if (calls.size() == 1) return run_alone(calls.front());
  Attempt end = connection_.ready() ? attempt_batch(calls) : Attempt::failed;
  if (end == Attempt::lost && connection_.ready()) {
    ++retries_;
    end = attempt_batch(calls);
  }
  if (end != Attempt::conflict) return settle(calls, end);
  ++retries_;
  for (WriteCall& call : calls) run_alone(call);
}

void BatchRunner::run_alone(WriteCall& call) {
  const std::span<WriteCall> calls(&call, 1);
  Attempt end = connection_.ready() ? attempt(calls, Isolation::alone) : Attempt::failed;
  for (int tries = 1; tries < conflict_tries_max; ++tries) {
    if (end == Attempt::conflict) std::this_thread::sleep_for(conflict_pause_step * tries);
    else if (end != Attempt::lost || tries > 1 || !connection_.ready()) break;
    ++retries_;
    end = connection_.ready() ? attempt(calls, Isolation::alone) : Attempt::failed;
  }
  settle(calls, end);
}

BatchRunner::Attempt BatchRunner::attempt_batch(std::span<WriteCall> calls) {
  if (batches_apart_ > 0) --batches_apart_;
  else if (const Attempt end = attempt(calls, Isolation::together); end != Attempt::entangled) return end;
  else batches_apart_ = batches_apart_after_entangled;
  return attempt(calls, Isolation::apart);
}

BatchRunner::Attempt BatchRunner::attempt(std::span<WriteCall> calls, Isolation isolation) {
  const bool is_alone = isolation == Isolation::alone;
  outcomes_.assign(calls.size(), Outcome::done);
  effects_.clear();
  effects_.resize(calls.size());  // never grows below: events must stay where they are
  try {
    connection_.begin();
    lock_first(calls);
    if (!run_calls(calls, isolation)) {
      connection_.rollback();
      return Attempt::entangled;
    }
    if (is_alone && outcomes_.front() != Outcome::done) {
      connection_.rollback();
      return Attempt::settled;
    }
    run_lasts();
    record();
  } catch (const Error& error) { return given_up(error, is_alone, false); }
  if constexpr (plant == Plant::acknowledged_before_commit)
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (auto done = std::exchange(calls[i].done, [](Outcome) {}); outcomes_[i] == Outcome::done)
        finish(done, Outcome::done);
      else calls[i].done = std::move(done);
    }
  return attempt_commit(is_alone);
}

// Nothing waits for the answers: they come with the first that a call asks for.
void BatchRunner::lock_first(std::span<const WriteCall> calls) {
  const Query* query = first_lock_ ? first_lock_->load(std::memory_order_acquire) : nullptr;
  // A call that may run side by side locks as its first step what it contends for: alone it needs no help.
  if (!query || (calls.size() == 1 && calls.front().people)) return;
  locked_.clear();
  for (const WriteCall& call : calls)
    if (const std::int64_t key = call.order_key != 0 ? call.order_key : call.lock_key; key != 0)
      locked_.push_back(to_value(key));
  if (locked_.empty()) return;
  std::sort(locked_.begin(), locked_.end(), [](const Value& a, const Value& b) { return a.integer < b.integer; });
  const auto is_same = [](const Value& a, const Value& b) { return a.integer == b.integer; };
  locked_.erase(std::unique(locked_.begin(), locked_.end(), is_same), locked_.end());
  locks_.clear();
  locks_.resize(locked_.size());
  std::vector<Request*> asked(locked_.size());
  for (std::size_t i = 0; i < locked_.size(); ++i) {
    locks_[i].query = query;
    locks_[i].values = std::span(&locked_[i], 1);
    asked[i] = &locks_[i];
  }
  connection_.send(asked);
}

// What the calls have left for the end, over all of them in one order.
void BatchRunner::run_lasts() {
  std::vector<const CallEffects::Last*> lasts;
  for (const CallEffects& effects : effects_)
    for (const auto& last : effects.lasts) lasts.push_back(&last);
  std::stable_sort(lasts.begin(), lasts.end(), [](const auto* a, const auto* b) { return a->order < b->order; });
  for (const auto* last : lasts) connection_.run_later(*last->query, last->values, {});
}

// Throws what the whole batch fails with; false when a call must be undone, which takes an isolation that is not there.
bool BatchRunner::run_calls(std::span<WriteCall> calls, Isolation isolation) {
  if (isolation == Isolation::together && connection_.waits_long()) {
    const Arrangement arrangement = arrange(calls);
    for (const std::size_t i : arrangement.first)
      if (!run_call(calls[i], i, isolation)) return false;
    return arrangement.groups.empty() || run_side_by_side(calls, arrangement.groups);
  }
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (!run_call(calls[i], i, isolation)) return false;
  return true;
}

// As run_calls. Whatever goes wrong lets the batch run again in the plain way.
bool BatchRunner::run_side_by_side(std::span<WriteCall> calls, std::span<const CallGroup> groups) {
  if (!side_by_side_) side_by_side_ = std::make_unique<SideBySide>(connection_);
  const auto error = side_by_side_->run(groups, [&](std::size_t i, Statements& statements) {
    CallTxn txn(statements, effects_[i], true);
    const bool is_kept = perform(calls[i], effects_[i], txn);
    if (txn.error()) return side_by_side_->give_up(*txn.error());
    if (!is_kept && txn.has_changed()) return side_by_side_->give_up(Error(Error::Kind::bug, "a call must be undone"));
    note(i, is_kept, txn);
  });
  if (error && concerns_everyone(error->kind())) throw *error;
  return !error;
}

// Throws what the whole batch fails with. What only this call fails with becomes its outcome; false when that takes an
// isolation that is not there.
bool BatchRunner::run_call(WriteCall& call, std::size_t index, Isolation isolation) {
  connection_.call_begins();
  if (isolation == Isolation::apart) connection_.savepoint();
  CallTxn txn(connection_, effects_[index], connection_.waits_long());
  const bool is_kept = perform(call, effects_[index], txn);
  const auto& error = txn.error();
  if (error && (connection_.is_abandoned() || concerns_everyone(error->kind()))) throw *error;
  if (isolation == Isolation::together && (error || (!is_kept && txn.has_changed()))) return false;
  if (error) log_broken(error->what());
  note(index, is_kept, txn);
  if (isolation != Isolation::apart) return true;
  if (is_kept) connection_.savepoint_release();
  else connection_.savepoint_undo();
  return true;
}

// Is the call to be kept? What it throws is remembered by its transaction.
bool BatchRunner::perform(WriteCall& call, CallEffects& effects, CallTxn& txn) {
  bool keep = false;
  try {
    keep = call.work(txn);
    effects.at = clock_.now();
    if (keep && !txn.error()) txn.events_insert(effects.events, effects.at, node_);
  } catch (const Error& error) { txn.remember(error); } catch (const std::exception& error) {
    txn.remember(Error(Error::Kind::bug, error.what()));
  } catch (...) { txn.remember(Error(Error::Kind::bug, "not a std::exception")); }
  return keep && !txn.error();
}

void BatchRunner::note(std::size_t index, bool is_kept, const CallTxn& txn) {
  outcomes_[index] = txn.error() ? Outcome::broken : is_kept ? Outcome::done : Outcome::undone;
  if (!is_kept) effects_[index] = {};
}

// Throws what the whole batch fails with: a call that cannot be recorded does not happen.
void BatchRunner::record() {
  if (!recorder_) return;
  std::vector<CallRecord> kept;
  for (std::size_t i = 0; i < effects_.size(); ++i)
    if (outcomes_[i] == Outcome::done && !(effects_[i].record.empty() && effects_[i].events.empty()))
      kept.push_back({effects_[i].record, effects_[i].events});
  if (kept.empty()) return;
  CallEffects nothing_more;
  CallTxn txn(connection_, nothing_more, false);
  recorder_->keep(txn, kept, clock_.now());
}

BatchRunner::Attempt BatchRunner::attempt_commit(bool is_alone) {
  try {
    connection_.commit();
    if (recorder_) recorder_->ended(Recorder::End::committed);
    return Attempt::settled;
  } catch (const Error& error) { return given_up(error, is_alone, true); }
}

// Rolls back, and says whether trying again can help.
BatchRunner::Attempt BatchRunner::given_up(const Error& error, bool is_alone, bool is_commit) {
  connection_.rollback();
  const bool is_unknown = is_commit && error.kind() == Error::Kind::unavailable;
  if (recorder_) recorder_->ended(is_unknown ? Recorder::End::unknown : Recorder::End::undone);
  if (is_unknown)
    for (CallEffects& effects : effects_) publisher_.publish_doubt(effects);
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
      log::error(is_commit ? "commit in doubt" : "database unavailable", {{"reason", std::string_view(error.what())}});
      return is_commit ? Attempt::failed : Attempt::lost;
    case Error::Kind::disk_full:
      log::error("disk full", {{"reason", std::string_view(error.what())}});
      return Attempt::failed;
  }
  return Attempt::failed;
}

void BatchRunner::settle(std::span<WriteCall> calls, Attempt end) {
  const auto outcome_of = [&](std::size_t i) { return end == Attempt::settled ? outcomes_[i] : Outcome::unavailable; };
  // All effects before the first answer: answers wake other threads, few of them when they come in one go.
  for (std::size_t i = 0; i < calls.size(); ++i)
    if (outcome_of(i) == Outcome::done) publisher_.publish(effects_[i]);
  for (std::size_t i = 0; i < calls.size(); ++i) finish(calls[i].done, outcome_of(i));
  effects_.clear();
}

}  // namespace fairward::sql
