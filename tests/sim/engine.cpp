// See the header.
#include "engine.h"

#include <utility>

#include "platform/sql/migrate.h"

namespace fairward::sim {
namespace {

constexpr std::uint64_t batch_max = 6;

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
  Disk(SimEngine& engine, sql::SqliteConnection& real) : engine_(engine), real_(real) {}

  // `after`: how many points of the batch pass before.
  void arm(Fault fault, std::uint64_t after) {
    fault_ = fault;
    points_left_ = after;
  }

  bool ready() override { return true; }
  bool is_abandoned() const override { return real_.is_abandoned(); }
  void begin() override {
    real_.begin();
    is_open_ = true;
    if (engine_.watcher_) engine_.watcher_->transaction_begins();
    point();
  }
  void call_begins() override { point(); }
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
  void begin_read() override { real_.begin_read(); }
  void end_read() noexcept override { real_.end_read(); }
  std::int64_t run(const sql::Query& query, std::span<const sql::Value> values, const sql::RowSink& sink) override {
    return real_.run(query, values, sink);
  }

 private:
  // Between two calls of a batch.
  void point() {
    if (fault_ != Fault::crash_in_batch && fault_ != Fault::connection_lost) return;
    if (points_left_-- > 0) return;
    const Fault fault = std::exchange(fault_, Fault::none);
    ++engine_.happened_[std::string(text(fault))];
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
    ++engine_.happened_[std::string(text(fault))];
    return fault;
  }
  void keep() {
    real_.commit();
    end(true);
  }
  void undo() noexcept {
    real_.rollback();
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

SimEngine::SimEngine(const Clock& clock, Entropy& chance)
    : clock_(clock), chance_(chance), connection_(":memory:", sql::SqliteAccess::write, {}) {
  disk_ = std::make_unique<Disk>(*this, connection_);
  restart();
}

SimEngine::~SimEngine() = default;

void SimEngine::migrate() {
  for (const sql::Migration& migration : sql::all_migrations())
    connection_.execute(sql::migration_text(migration, sql::Dialect::sqlite));
}

void SimEngine::restart() {
  queue_.clear();
  reads_.clear();
  disk_->arm(Fault::none, 0);
  publisher_ = std::make_unique<sql::Publisher>();
  runner_ = std::make_unique<sql::BatchRunner>(*disk_, *publisher_, clock_, retries_);
  origin_ = 0;
  replies_left_ = -1;
  is_dead_ = false;
}

void SimEngine::write(std::int64_t order_key, Write work, Done done) {
  if (is_dead_) throw Crashed{};
  queue_.push_back({origin_, {order_key, std::move(work), std::move(done)}});
  if (immediate_ > 0 && !is_running_) pump();
}

void SimEngine::read(Read work, Done done) {
  if (is_dead_) throw Crashed{};
  sql::ReadCall call{std::move(work), std::move(done)};
  if (is_running_) reads_.push_back(std::move(call));
  else run_read(call);
}

void SimEngine::on_events(std::function<void(const std::vector<sql::Event>&, Instant)> listener) {
  publisher_->add(std::move(listener));
}

void SimEngine::pump() {
  is_running_ = true;
  struct Ended {
    bool& flag;
    ~Ended() { flag = false; }
  } ended{is_running_};
  while (!is_idle()) {
    run_reads();
    if (!queue_.empty()) run_batch(take_batch());
  }
}

void SimEngine::run_reads() {
  while (!reads_.empty()) {
    sql::ReadCall call = std::move(reads_.front());
    reads_.pop_front();
    run_read(call);
  }
}

void SimEngine::run_read(sql::ReadCall& call) {
  const sql::EngineScope scope;
  ++reads_run_;
  sql::finish(call.done, sql::run_read(connection_, call.work));
}

// Calls of one order key keep their order; others may overtake them.
std::vector<SimEngine::Queued> SimEngine::take_batch() {
  std::vector<Queued> batch;
  const std::uint64_t size = 1 + chance_.below(batch_max);
  while (!queue_.empty() && batch.size() < size) {
    auto chosen = queue_.begin() + static_cast<std::ptrdiff_t>(chance_.below(queue_.size()));
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
  if (!may_fail_ || chance_.below(one_in) != 0) return Fault::none;
  return faults[chance_.below(std::size(faults))];
}

// The call, with the watcher looking on and its reply lost when the process died before.
sql::WriteCall SimEngine::watched(Queued queued) {
  auto work = [this, origin = queued.origin, key = queued.call.order_key,
               work = std::move(queued.call.work)](Txn& txn) mutable {
    const bool keep = work(txn);
    if (watcher_) watcher_->call_ran(origin, key, keep, txn);
    return keep;
  };
  auto done = [this, done = std::move(queued.call.done)](sql::Outcome outcome) mutable {
    if (is_dead_) return;
    if (replies_left_ == 0) {
      is_dead_ = true;
      ++happened_[std::string(text(Fault::crash_in_replies))];
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
  if (batch.size() > 1) ++happened_["several calls in one commit"];
  const Fault fault = draw_fault();
  disk_->arm(fault, chance_.below(batch.size() + 1));
  replies_left_ = fault == Fault::crash_in_replies ? static_cast<int>(chance_.below(batch.size())) : -1;
  std::vector<sql::WriteCall> calls;
  for (Queued& queued : batch) calls.push_back(watched(std::move(queued)));
  runner_->run(calls);
  replies_left_ = -1;
  if (is_dead_) throw Crashed{};
}

void SimEngine::look(const std::function<void(Snapshot&)>& work) {
  std::exception_ptr thrown;
  sql::Engine::Read read([&](Snapshot& db) {
    try {
      work(db);
    } catch (...) { thrown = std::current_exception(); }
  });
  sql::run_read(connection_, read);
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace fairward::sim
