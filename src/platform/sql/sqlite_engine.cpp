// The embedded engine: one writer thread that commits many calls at once, reader threads on snapshots, and a thread
// that moves the write-ahead log into the database so that no commit has to.
#include <fmt/format.h>
#include <chrono>
#include <condition_variable>
#include <thread>
#include <utility>

#include "platform/log/log.h"
#include "platform/sql/batch.h"
#include "platform/sql/disk_reserve.h"
#include "platform/sql/pool_tally.h"
#include "platform/sql/queue.h"
#include "platform/sql/sqlite_connection.h"

namespace fairward::sql {
namespace {

// In steps of checkpoint_pages (16 MB): after one the log is copied while the writer goes on.
constexpr int steps_to_restart = 4;  // 64 MB: the writer waits a moment, so that the log begins anew
constexpr int steps_max = 8;         // 128 MB: the writer waits even if there is much left to copy

constexpr std::chrono::seconds room_pause{1};  // between two tries to make room on a full disk

// Copies the log into the database on a thread of its own, with a connection of its own.
class Checkpointer {
 public:
  explicit Checkpointer(const SqliteOptions& options)
      : step_(std::max(options.checkpoint_pages, 1)),
        connection_(options.path, SqliteAccess::write, options.sync),
        thread_([this] { loop(); }) {}
  ~Checkpointer() { stop(); }
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Called by the writer after each commit.
  void log_grew(int pages) {
    if (pages < pages_at_last_) pages_at_last_ = 0;  // the log began anew
    if (pages < pages_at_last_ + step_) return;
    pages_at_last_ = pages;
    is_copied_ = pages > step_ * steps_max;
    const std::lock_guard lock(mutex_);
    is_wanted_ = true;
    wanted_.notify_one();
  }
  // Called by the writer between two commits. Most of a large log has been copied; with the writer standing still the
  // rest is quick, and the log begins anew. Where a long read is in the way, the log grows on until the next time.
  void restart_when_large(SqliteConnection& writer, int pages) {
    if (pages < step_ * steps_to_restart || !is_copied_.exchange(false)) return;
    std::unique_lock copying(copying_, std::defer_lock);
    if (pages > step_ * steps_max) copying.lock();
    else if (!copying.try_lock()) return;
    checkpoint(writer, SqliteConnection::Checkpoint::restart);
  }
  // Called by the writer between two transactions, when the disk is full: copies what can be copied, and gives the
  // log's space back.
  void empty_log(SqliteConnection& writer) {
    const std::lock_guard copying(copying_);
    checkpoint(writer, SqliteConnection::Checkpoint::truncate);
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_stopped_ = true;
      wanted_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  void loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wanted_.wait(lock, [this] { return is_wanted_ || is_stopped_; });
      if (is_stopped_) return;
      is_wanted_ = false;
      lock.unlock();
      {
        const std::lock_guard copying(copying_);
        checkpoint(connection_, SqliteConnection::Checkpoint::passive);
      }
      is_copied_ = true;
      lock.lock();
    }
  }

  static void checkpoint(SqliteConnection& connection, SqliteConnection::Checkpoint mode) {
    try {
      connection.checkpoint(mode);
    } catch (const Error& error) { log::error("checkpoint failed", {{"reason", std::string_view(error.what())}}); }
  }

  const int step_;  // pages
  SqliteConnection connection_;
  std::mutex copying_;  // held while a checkpoint runs
  std::mutex mutex_;
  std::condition_variable wanted_;
  int pages_at_last_ = 0;  // of the writer thread
  std::atomic<bool> is_copied_{false};
  bool is_wanted_ = false;
  bool is_stopped_ = false;
  std::thread thread_;  // last: starts when the rest is there
};

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(const SqliteOptions& options, const Clock& clock)
      : options_(options),
        writes_(options.queue_max),
        reads_(options.queue_max),
        writer_(options.path, SqliteAccess::write, options.sync),
        checkpointer_(options),
        reserve_(options.path + "-reserve", options.reserve_bytes),
        runner_(writer_, publisher_, clock, retries_, options.recorder) {
    writer_.on_wal([this](int pages) {
      wal_pages_ = pages;
      checkpointer_.log_grew(pages);
    });
    for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i)
      read_connections_.push_back(std::make_unique<SqliteConnection>(options.path, SqliteAccess::read, options.sync));
    writer_tally_.open = 1;
    reader_tally_.open = read_connections_.size();
    writer_thread_ = std::thread([this] { write_loop(); });
    for (auto& connection : read_connections_)
      reader_threads_.emplace_back([this, &connection] { read_loop(*connection); });
  }
  ~SqliteEngine() override { stop(); }

  void write(std::int64_t order_key, Write work, Done done) override {
    WriteCall call{order_key, std::move(work), std::move(done)};
    refuse(writes_.push(call), call.done);
  }
  void read(Read work, Done done) override {
    ReadCall call{std::move(work), std::move(done)};
    refuse(reads_.push(call), call.done);
  }
  void on_events(std::function<void(const std::vector<Event>&, Instant)> listener) override {
    publisher_.add(std::move(listener));
  }

  EngineStats stats() const override {
    return {write_calls_,
            write_batches_,
            read_calls_,
            refused_full_,
            retries_,
            writes_.size(),
            reads_.size(),
            writer_tally_.stats(writes_.waited_us()),
            reader_tally_.stats(reads_.waited_us())};
  }

  void stop() override {
    const std::lock_guard lock(stop_mutex_);
    writes_.close();
    if (writer_thread_.joinable()) writer_thread_.join();
    reads_.close();
    for (std::thread& thread : reader_threads_)
      if (thread.joinable()) thread.join();
    checkpointer_.stop();
  }

 private:
  void refuse(Push pushed, Done& done) {
    if (pushed == Push::accepted) return;
    if (pushed == Push::full) ++refused_full_;
    finish(done, pushed == Push::full ? Outcome::full : Outcome::unavailable);
  }

  void write_loop() {
    const EngineScope scope;
    std::vector<WriteCall> batch;
    while (writes_.pop(batch, options_.batch_max)) {
      write_calls_ += batch.size();
      ++write_batches_;
      const AtWork at_work(writer_tally_);
      runner_.run(batch);
      checkpointer_.restart_when_large(writer_, wal_pages_);
      is_disk_full_ |= writer_.met_full_disk();
      if (is_disk_full_ || !reserve_.is_whole()) make_room();
    }
  }

  // A disk that the log itself has filled would stay full: copying it into the database takes space, too. That is what
  // the reserve is for.
  void make_room() {
    const auto now = std::chrono::steady_clock::now();
    if (now < room_at_) return;
    room_at_ = now + room_pause;
    if (std::exchange(is_disk_full_, false)) {
      reserve_.give();
      checkpointer_.empty_log(writer_);
    }
    reserve_.take();
  }

  void read_loop(SqliteConnection& connection) {
    const EngineScope scope;
    std::vector<ReadCall> calls;
    while (reads_.pop(calls, 1)) {
      ++read_calls_;
      const AtWork at_work(reader_tally_);
      const Outcome outcome = run_read(connection, calls.front().work);
      finish(calls.front().done, outcome);
    }
  }

  const SqliteOptions options_;
  BoundedQueue<WriteCall> writes_;
  BoundedQueue<ReadCall> reads_;
  Publisher publisher_;
  std::atomic<std::uint64_t> write_calls_{0}, write_batches_{0}, read_calls_{0}, refused_full_{0}, retries_{0};
  PoolTally writer_tally_, reader_tally_;
  SqliteConnection writer_;
  std::vector<std::unique_ptr<SqliteConnection>> read_connections_;
  Checkpointer checkpointer_;
  // Of the writer thread, as is what follows.
  DiskReserve reserve_;
  BatchRunner runner_;
  int wal_pages_ = 0;
  bool is_disk_full_ = false;
  std::chrono::steady_clock::time_point room_at_;
  std::mutex stop_mutex_;
  std::thread writer_thread_;
  std::vector<std::thread> reader_threads_;
};

}  // namespace

std::unique_ptr<Engine> open_sqlite(const SqliteOptions& options, const Clock& clock) {
  if (options.path.empty() || options.path == ":memory:")
    throw Error(Error::Kind::bug, "the threaded SQLite engine needs a file; open_sqlite_inline has :memory:");
  return std::make_unique<SqliteEngine>(options, clock);
}

}  // namespace fairward::sql
