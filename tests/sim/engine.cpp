// See the header.
#include "engine.h"

#include <utility>

namespace fairward::sim {
namespace {

constexpr std::uint64_t batch_max = 6;

// Modules have tables of their own, which are what the judge looks at.
bool is_of_module(const sql::Query& query) {
  return query.name().starts_with("booking_") || query.name().starts_with("billing_");
}

// What is submitted meanwhile waits.
class Running {
 public:
  explicit Running(bool& flag) : flag_(flag) { flag_ = true; }
  ~Running() { flag_ = false; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  bool& flag_;
};

}  // namespace

std::string_view text(Fault fault) {
  switch (fault) {
    case Fault::none: return "no fault";
    case Fault::commit_refused: return "commit refused, disk full";
    case Fault::commit_lost: return "commit unanswered, not stored";
    case Fault::commit_kept: return "commit unanswered, stored";
    case Fault::conflict: return "conflict, run again";
    case Fault::connection_lost: return "connection lost, run again";
    case Fault::crash_in_batch: return "crash inside a batch";
    case Fault::crash_before_commit: return "crash before commit";
    case Fault::crash_after_commit: return "crash after commit";
    case Fault::crash_in_replies: return "crash between replies";
  }
  return "";
}

// The connection, on a disk and a network that fail once when armed.
class SimEngine::Disk final : public sql::Connection {
 public:
  explicit Disk(SimEngine& engine) : engine_(engine), real_(engine.database_.connection()) {}

  // `after`: how many points of the batch pass before.
  void arm(Fault fault, std::uint64_t after) {
    fault_ = fault;
    points_left_ = after;
  }

  bool ready() override { return true; }
  bool is_abandoned() const override { return real_.is_abandoned(); }
  void begin() override {
    real_.begin();
    engine_.known_commits_ = engine_.database_.commits();
    is_open_ = true;
    if (engine_.watcher_) engine_.watcher_->transaction_begins();
    point();
  }
  void call_begins() override {
    engine_.has_changed_ = false;
    point();
  }
  void savepoint() override { real_.savepoint(); }
  void savepoint_release() override { real_.savepoint_release(); }
  void savepoint_undo() override { real_.savepoint_undo(); }
  void commit() override {
    switch (take_commit_fault()) {
      case Fault::commit_refused: undo(); throw sql::Error(sql::Error::Kind::disk_full, "simulated: disk full");
      case Fault::commit_lost: undo(); throw sql::Error(sql::Error::Kind::unavailable, "simulated: no answer");
      case Fault::commit_kept: keep(); throw sql::Error(sql::Error::Kind::unavailable, "simulated: no answer");
      case Fault::conflict: undo(); throw sql::Error(sql::Error::Kind::busy_retry, "simulated: conflict");
      case Fault::crash_before_commit: undo(); die();
      case Fault::crash_after_commit: keep(); die();
      default: keep();
    }
  }
  void rollback() noexcept override { undo(); }
  void begin_read() override {
    real_.begin_read();
    engine_.known_commits_ = engine_.database_.commits();
  }
  void end_read() noexcept override { real_.end_read(); }
  std::int64_t run(const sql::Query& query, std::span<const sql::Value> values, const sql::RowSink& sink) override {
    const std::int64_t changed = engine_.database_.run(engine_.is_shared_, query, values, sink);
    engine_.has_changed_ |= changed > 0 && is_of_module(query);
    return changed;
  }

 private:
  // Between two calls of a batch.
  void point() {
    if (fault_ != Fault::crash_in_batch && fault_ != Fault::connection_lost) return;
    if (points_left_-- > 0) return;
    const Fault fault = std::exchange(fault_, Fault::none);
    engine_.stage_.note(std::string(text(fault)));
    if (fault == Fault::crash_in_batch) {
      undo();
      die();
    }
    throw sql::Error(sql::Error::Kind::unavailable, "simulated: connection lost");
  }
  Fault take_commit_fault() {
    if (fault_ == Fault::crash_in_replies || fault_ == Fault::none) return Fault::none;
    const Fault fault = std::exchange(fault_, Fault::none);
    // What was to strike between two calls found no second one.
    if (fault == Fault::crash_in_batch || fault == Fault::connection_lost) return Fault::none;
    engine_.stage_.note(std::string(text(fault)));
    return fault;
  }
  void keep() {
    real_.commit();
    engine_.database_.committed();
    end(true);
  }
  void undo() noexcept {
    real_.rollback();
    engine_.database_.rolled_back();
    end(false);
  }
  void end(bool is_durable) noexcept {
    if (!std::exchange(is_open_, false)) return;
    if (engine_.watcher_) engine_.watcher_->transaction_ends(is_durable);
  }
  [[noreturn]] void die() {
    engine_.is_dead_ = true;
    throw Crashed{};
  }

  SimEngine& engine_;
  sql::SqliteConnection& real_;
  Fault fault_ = Fault::none;
  std::uint64_t points_left_ = 0;
  bool is_open_ = false;
};

SimEngine::SimEngine(Database& database, bool is_shared, const Clock& clock, Stage& stage)
    : database_(database), is_shared_(is_shared), clock_(clock), stage_(stage), follower_(database, stage) {
  if (is_shared) follower_.become_node();
  disk_ = std::make_unique<Disk>(*this);
  runner_ =
      std::make_unique<sql::BatchRunner>(*disk_, publisher_, clock_, retries_, audit::recorder(audit_key), node());
}

SimEngine::~SimEngine() = default;

void SimEngine::write(std::int64_t order_key, Write work, Done done) {
  if (is_closed_) return;
  if (is_dead_) throw Crashed{};
  const bool is_waited_for = immediate_ > 0 && order_key == 0 && !is_running_;
  if (!is_waited_for) return queue_.push_back({origin_, {order_key, std::move(work), std::move(done)}});
  bool is_over = false;
  queue_.push_back(
      {origin_, {order_key, std::move(work), [&is_over, done = std::move(done)](sql::Outcome outcome) mutable {
                   done(outcome);
                   is_over = true;
                 }}});
  run_until(is_over);
}

void SimEngine::run_until(const bool& is_over) {
  const Running running(is_running_);
  while (!is_over) {
    if (queue_.empty()) throw std::logic_error("somebody waits for a call that is not there");
    run_batch(take_batch());
  }
}

void SimEngine::read(Read work, Done done) {
  if (is_closed_) return;
  if (is_dead_) throw Crashed{};
  Reading reading{origin_, {std::move(work), std::move(done)}};
  if (is_running_ || immediate_ > 0) return reads_.push_back(std::move(reading));
  begin(reading);
  end(reading);
}

void SimEngine::read_long(Read work, Done done) {
  if (is_dead_) throw Crashed{};
  Reading reading{origin_, {std::move(work), std::move(done)}};
  begin(reading);
  end(reading);
}

void SimEngine::on_events(std::function<void(const std::vector<sql::Event>&, Instant)> listener) {
  publisher_.add(std::move(listener));
}

void SimEngine::follow(std::function<void()> lost) {
  if (!is_shared_) return;
  follower_.start(
      [this](std::vector<sql::Event>&& events, Instant at) {
        sql::CallEffects effects{std::move(events), {}, {}, at};
        publisher_.publish(effects);
      },
      std::move(lost));
}

bool SimEngine::step() {
  const Running running(is_running_);
  if (follower_.has_to_look() && (is_idle() || stage_.chance.below(2) == 0)) look();
  else if (!reads_.empty() && (queue_.empty() || stage_.chance.below(2) == 0)) read_some();
  else if (!queue_.empty()) run_batch(take_batch());
  else return false;
  return true;
}

// The follower's thread is an engine's: what it tells is told while nothing else is.
void SimEngine::look() {
  const sql::EngineScope scope;
  follower_.look(known_commits_);
  if (is_dead_) throw Crashed{};
}

// What is read in one moment is told in another, while other things happen.
void SimEngine::read_some() {
  const auto chosen = reads_.begin() + static_cast<std::ptrdiff_t>(stage_.chance.below(reads_.size()));
  if (!chosen->outcome) begin(*chosen);
  if (stage_.is_unlucky(50)) return;
  Reading reading = std::move(*chosen);
  reads_.erase(chosen);
  end(reading);
}

void SimEngine::begin(Reading& reading) {
  const sql::EngineScope scope;
  ++reads_run_;
  reading.outcome = sql::run_read(*disk_, reading.call.work);
}

// What it leads to is done in the name of whoever asked.
void SimEngine::end(Reading& reading) {
  const sql::EngineScope scope;
  const std::int64_t outer = std::exchange(origin_, reading.origin);
  sql::finish(reading.call.done, *reading.outcome);
  origin_ = outer;
}

// Calls of one order key keep their order; others may overtake them.
std::vector<SimEngine::Queued> SimEngine::take_batch() {
  std::vector<Queued> batch;
  const std::uint64_t size = 1 + stage_.chance.below(batch_max);
  while (!queue_.empty() && batch.size() < size) {
    auto chosen = queue_.begin() + static_cast<std::ptrdiff_t>(stage_.chance.below(queue_.size()));
    for (auto older = queue_.begin(); older != chosen; ++older)
      if (older->call.order_key != 0 && older->call.order_key == chosen->call.order_key) {
        chosen = older;
        break;
      }
    batch.push_back(std::move(*chosen));
    queue_.erase(chosen);
  }
  return batch;
}

Fault SimEngine::draw_fault() {
  constexpr Fault faults[] = {
      Fault::commit_refused,  Fault::commit_lost,    Fault::commit_kept,         Fault::conflict,
      Fault::connection_lost, Fault::crash_in_batch, Fault::crash_before_commit, Fault::crash_after_commit,
      Fault::crash_in_replies};
  constexpr std::uint64_t one_in = 60;
  if (!stage_.is_hostile || stage_.chance.below(one_in) != 0) return Fault::none;
  return faults[stage_.chance.below(std::size(faults))];
}

// The call, with the watcher looking on and its reply lost when the process died before.
sql::WriteCall SimEngine::watched(Queued queued) {
  auto work = [this, origin = queued.origin, key = queued.call.order_key,
               work = std::move(queued.call.work)](Txn& txn) mutable {
    const bool keep = work(txn);
    if (watcher_) watcher_->call_ran({node(), origin, key, keep, has_changed_, clock_.now()}, txn);
    return keep;
  };
  auto done = [this, done = std::move(queued.call.done)](sql::Outcome outcome) mutable {
    if (is_dead_) return;
    if (replies_left_ == 0) {
      is_dead_ = true;
      stage_.note(std::string(text(Fault::crash_in_replies)));
      return;
    }
    if (replies_left_ > 0) --replies_left_;
    done(outcome);
  };
  return {queued.call.order_key, std::move(work), std::move(done)};
}

void SimEngine::run_batch(std::vector<Queued> batch) {
  const sql::EngineScope scope;
  writes_ += batch.size();
  ++batches_;
  if (batch.size() > 1) stage_.note("several calls in one commit");
  const Fault fault = draw_fault();
  disk_->arm(fault, stage_.chance.below(batch.size() + 1));
  replies_left_ = fault == Fault::crash_in_replies ? static_cast<int>(stage_.chance.below(batch.size())) : -1;
  std::vector<sql::WriteCall> calls;
  for (Queued& queued : batch) calls.push_back(watched(std::move(queued)));
  runner_->run(calls);
  replies_left_ = -1;
  if (is_dead_) throw Crashed{};
}

}  // namespace fairward::sim
