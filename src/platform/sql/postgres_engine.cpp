// The engine for many nodes: writer connections, each with a thread and a queue of its own, calls spread over them by
// order key; a pool of readers. The server groups the commits.
#include <algorithm>
#include <thread>

#include "platform/sql/batch.h"
#include "platform/sql/postgres_connection.h"
#include "platform/sql/postgres_follower.h"
#include "platform/sql/queue.h"

namespace fairward::sql {
namespace {

constexpr int long_patience = 4;  // times as long as with a call, of what may take long

// One writer connection with its thread.
class Writer {
 public:
  Writer(const PostgresOptions& options, std::size_t queue_max, Publisher& publisher, const Clock& clock,
         std::atomic<std::uint64_t>& retries, std::int64_t node, PoolTally& tally,
         const BatchRunner::FirstLock& first_lock)
      : batch_max_(options.batch_max),
        tally_(tally),
        calls_(queue_max),
        connection_(options.url, {options.is_pooled, options.silence_max, &tally}),
        runner_(connection_, publisher, clock, retries, options.recorder, node, &first_lock),
        thread_([this] { loop(); }) {}
  ~Writer() { stop(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Push push(WriteCall& call) { return calls_.push(call); }
  std::size_t waiting() const { return calls_.size(); }
  std::uint64_t waited_us() const { return calls_.waited_us(); }
  std::uint64_t batches() const { return batches_; }
  void stop() {
    calls_.close();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void loop() {
    const EngineScope scope;
    std::vector<WriteCall> batch;
    while (calls_.pop(batch, batch_max_)) {
      // Calls with a key in common are neighbours.
      std::stable_sort(batch.begin(), batch.end(),
                       [](const WriteCall& a, const WriteCall& b) { return a.order_key < b.order_key; });
      ++batches_;
      const AtWork at_work(tally_);
      runner_.run(batch);
    }
  }

  const std::size_t batch_max_;
  PoolTally& tally_;
  std::atomic<std::uint64_t> batches_{0};
  BoundedQueue<WriteCall> calls_;
  PostgresConnection connection_;
  BatchRunner runner_;
  std::thread thread_;  // last: starts when the rest is there
};

class PostgresEngine final : public Engine {
 public:
  PostgresEngine(const PostgresOptions& options, const Clock& clock)
      : silence_max_(options.silence_max), reads_(options.queue_max) {
    if (options.is_node) become_node(options.follow_url.empty() ? options.url : options.follow_url);
    const std::size_t writers = std::max<std::size_t>(options.writers, 1);
    const std::size_t queue_max = std::max<std::size_t>(options.queue_max / writers, 1);
    for (std::size_t i = 0; i < writers; ++i)
      writers_.push_back(std::make_unique<Writer>(options, queue_max, publisher_, clock, retries_, node(),
                                                  writer_tally_, first_lock_));
    const PostgresUse reading{options.is_pooled, options.silence_max, &reader_tally_};
    for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i)
      read_connections_.push_back(std::make_unique<PostgresConnection>(options.url, reading));
    for (auto& connection : read_connections_)
      reader_threads_.emplace_back([this, &connection] { read_loop(*connection); });
  }
  ~PostgresEngine() override { stop(); }

  void write(std::int64_t order_key, Write work, Done done) override {
    submit({order_key, std::move(work), std::move(done)});
  }
  void write_beside(const Contention& contention, Write work, Done done) override {
    submit({contention.order_key, std::move(work), std::move(done), contention.people});
  }
  void write_locking(std::int64_t lock_key, Write work, Done done) override {
    submit({0, std::move(work), std::move(done), {}, lock_key});
  }
  void lock_first(const Query& rows_lock) override { first_lock_.store(&rows_lock, std::memory_order_release); }
  void read(Read work, Done done) override { submit(ReadCall{std::move(work), std::move(done)}); }
  void read_long(Read work, Done done) override { submit(ReadCall{std::move(work), std::move(done), true}); }
  void on_events(std::function<void(const std::vector<Event>&, Instant)> listener) override {
    publisher_.add(std::move(listener));
  }

  void follow(std::function<void()> lost) override {
    if (!follower_) return;
    lost_ = std::move(lost);
    follower_->start();
  }
  std::int64_t node() const override { return follower_ ? follower_->node() : 0; }

  EngineStats stats() const override {
    EngineStats stats{write_calls_, 0, read_calls_, refused_full_, retries_, 0, reads_.size()};
    stats.writers = writer_tally_.stats();
    for (const auto& writer : writers_) {
      stats.write_batches += writer->batches();
      stats.write_queue += writer->waiting();
      stats.writers.waited_us += writer->waited_us();
    }
    stats.readers = reader_tally_.stats(reads_.waited_us());
    if (!follower_) return stats;
    stats.follower = follower_->stats();
    stats.heard_us_ago = follower_->heard_us_ago();
    return stats;
  }

  void stop() override {
    const std::lock_guard lock(stop_mutex_);
    if (follower_) follower_->stop();
    for (const auto& writer : writers_) writer->stop();
    reads_.close();
    for (std::thread& thread : reader_threads_)
      if (thread.joinable()) thread.join();
  }

 private:
  void become_node(const std::string& url) {
    follower_ = std::make_unique<PostgresFollower>(
        url,
        [this](PostgresFollower::Heard&& heard) {
          CallEffects effects{std::move(heard.events), {}, {}, heard.at};
          publisher_.publish(effects);
        },
        [this] { lost_(); });
    publisher_.add([this](const std::vector<Event>& events, Instant) {
      if (!events.front().is_foreign) follower_->committed();
    });
  }

  void submit(WriteCall call) {
    ++write_calls_;
    refuse(writer_of(call.order_key).push(call), call.done);
  }

  void submit(ReadCall call) { refuse(reads_.push(call), call.done); }

  // Calls with an order key, which wait together, share half of the writers: the larger their batches, the less each
  // costs. The others are left to calls without a key, which run one by one and go to all in turn.
  Writer& writer_of(std::int64_t order_key) {
    if (order_key == 0) return *writers_[next_writer_++ % writers_.size()];
    // Keys are row ids: without mixing, ids with a common factor would crowd on one writer.
    const std::uint64_t mixed = static_cast<std::uint64_t>(order_key) * 0x9e3779b97f4a7c15 >> 32;
    return *writers_[mixed % ((writers_.size() + 1) / 2)];
  }

  void refuse(Push pushed, Done& done) {
    if (pushed == Push::accepted) return;
    if (pushed == Push::full) ++refused_full_;
    --write_calls_;
    finish(done, pushed == Push::full ? Outcome::full : Outcome::unavailable);
  }

  void read_loop(PostgresConnection& connection) {
    const EngineScope scope;
    std::vector<ReadCall> calls;
    while (reads_.pop(calls, 1)) {
      ++read_calls_;
      connection.patience(calls.front().is_long ? silence_max_ * long_patience : silence_max_);
      const AtWork at_work(reader_tally_);
      const Outcome outcome = run_read(connection, calls.front().work);
      finish(calls.front().done, outcome);
    }
  }

  const std::chrono::milliseconds silence_max_;
  Publisher publisher_;
  std::function<void()> lost_;
  PoolTally writer_tally_, reader_tally_;
  std::unique_ptr<PostgresFollower> follower_;
  BatchRunner::FirstLock first_lock_{nullptr};
  std::atomic<std::uint64_t> write_calls_{0}, read_calls_{0}, refused_full_{0}, retries_{0}, next_writer_{0};
  std::vector<std::unique_ptr<Writer>> writers_;
  BoundedQueue<ReadCall> reads_;
  std::vector<std::unique_ptr<PostgresConnection>> read_connections_;
  std::mutex stop_mutex_;
  std::vector<std::thread> reader_threads_;
};

}  // namespace

std::unique_ptr<Engine> open_postgres(const PostgresOptions& options, const Clock& clock) {
  return std::make_unique<PostgresEngine>(options, clock);
}

}  // namespace fairward::sql
