// The engine of a simulated world: the product's own batches (platform/sql/batch.h) over SQLite in memory, in one
// thread, in a world where commits fail, end unknown, clash, and where the process dies between any two steps. Nothing
// of this is in the program: an Engine is a parameter, and this is another one.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "platform/sql/batch.h"
#include "platform/sql/sqlite_connection.h"

namespace fairward::sim {

// Goes through the product's stack when its process dies: no std::exception, so that nobody handles it.
struct Crashed {};

enum class Fault : std::uint8_t {
  none,
  commit_refused,       // the disk is full: nothing is stored, and that is known
  commit_lost,          // no answer to the commit; nothing is stored
  commit_kept,          // no answer to the commit; all of it is stored
  conflict,             // as PostgreSQL may: rolled back, to be run again
  connection_lost,      // before the commit: to be run again
  crash_in_batch,       // the process dies before a call of the batch
  crash_before_commit,  // after the last
  crash_after_commit,   // stored, and nobody was told
  crash_in_replies,     // some were told
};
std::string_view text(Fault fault);

// Who watches the transactions: the judge.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void transaction_begins() = 0;
  // A call has run inside the transaction; `db` shows what it did. keep: it wants its changes stored.
  virtual void call_ran(std::int64_t origin, std::int64_t order_key, bool keep, Snapshot& db) = 0;
  virtual void transaction_ends(bool is_durable) = 0;
};

class SimEngine final : public sql::Engine {
 public:
  SimEngine(const Clock& clock, Entropy& chance);
  ~SimEngine() override;

  void write(std::int64_t order_key, Write work, Done done) override;
  void read(Read work, Done done) override;
  void on_events(std::function<void(const std::vector<sql::Event>&, Instant)> listener) override;
  sql::EngineStats stats() const override { return {writes_, batches_, reads_run_, 0, retries_, queue_.size(), 0}; }
  void stop() override {}

  // Makes the tables. Once, before anything else.
  void migrate();
  // Runs what was submitted, in batches of any size, in any order that keeps that of equal order keys. Throws Crashed.
  void pump();
  bool is_idle() const { return queue_.empty() && reads_.empty(); }
  // Calls submitted while this lives run at once: for those who wait for their end. Others of the queue come along.
  class Immediate {
   public:
    explicit Immediate(SimEngine& engine) : engine_(engine) { ++engine_.immediate_; }
    ~Immediate() { --engine_.immediate_; }
    Immediate(const Immediate&) = delete;
    Immediate& operator=(const Immediate&) = delete;

   private:
    SimEngine& engine_;
  };
  // From whom the next calls come; 0: from the product itself.
  void origin(std::int64_t origin) { origin_ = origin; }
  // The process is gone, and with it what was queued and who listened. The database stays.
  void restart();
  // The process dies at the next thing it asks of the database.
  void kill() { is_dead_ = true; }

  void watch(Watcher* watcher) { watcher_ = watcher; }
  void faults(bool may_fail) { may_fail_ = may_fail; }
  // Looks at the database past all faults; not while calls run.
  void look(const std::function<void(Snapshot&)>& work);
  const std::map<std::string, std::int64_t>& happened() const { return happened_; }

 private:
  class Disk;  // the connection, with the faults
  struct Queued {
    std::int64_t origin = 0;
    sql::WriteCall call;
  };

  std::vector<Queued> take_batch();
  void run_batch(std::vector<Queued> batch);
  void run_reads();
  void run_read(sql::ReadCall& call);
  Fault draw_fault();
  sql::WriteCall watched(Queued queued);

  const Clock& clock_;
  Entropy& chance_;
  Watcher* watcher_ = nullptr;
  sql::SqliteConnection connection_;
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<sql::Publisher> publisher_;
  std::atomic<std::uint64_t> retries_{0};
  std::unique_ptr<sql::BatchRunner> runner_;
  std::deque<Queued> queue_;
  std::deque<sql::ReadCall> reads_;
  std::int64_t origin_ = 0;
  int immediate_ = 0;
  bool is_running_ = false, is_dead_ = false, may_fail_ = false;
  int replies_left_ = -1;  // until the process dies; -1: it does not
  std::uint64_t writes_ = 0, batches_ = 0, reads_run_ = 0;
  std::map<std::string, std::int64_t> happened_;
};

}  // namespace fairward::sim
