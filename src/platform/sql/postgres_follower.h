// Hears what other nodes commit: reads their events from the log, in the order of commits as far as it matters (events
// of one doctor come in the order of their turns), each exactly once. Internal to platform/sql.
//
// A transaction takes the numbers of its events before it commits, so that numbers come out of order and have gaps.
// What is new is therefore not "above the last number" but "of a transaction that had not ended when this node last
// looked", which PostgreSQL's snapshots tell exactly.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/sql/postgres_connection.h"

namespace fairward::sql {

class PostgresFollower {
 public:
  struct Heard {
    std::vector<Event> events;
    Instant at;
  };
  // The event log is kept for an hour (see app/composition.cpp): after half of it nobody relies on it.
  static constexpr std::chrono::seconds away_max_usual{1800};

  // Calls `hear` on its own thread. `lost`: events may be gone, since this node has not looked for longer than
  // away_max, or since another server has taken over.
  // The url must lead to a session of its own: not through a pooler that shares sessions between transactions.
  PostgresFollower(std::string url, std::function<void(Heard&&)> hear, std::function<void()> lost,
                   std::chrono::seconds away_max = away_max_usual);
  ~PostgresFollower();
  PostgresFollower(const PostgresFollower&) = delete;
  PostgresFollower& operator=(const PostgresFollower&) = delete;

  std::int64_t node() const { return node_; }  // a number that no other has
  // Begins to tell, with what was committed since this was made. Once.
  void start();
  // This node has committed events: the others are told to look. Cheap, on any thread.
  void committed();
  void stop();

  PoolStats stats() const { return tally_.stats(); }
  std::uint64_t heard_us_ago() const;  // since the last look at the log of events, or since this was made

 private:
  using Time = std::chrono::steady_clock::time_point;

  void loop();
  bool connect();
  bool look();
  void snapshot_take(PostgresHandle& handle);
  void drop();
  void seen_now();
  bool notify();
  bool take_notices();
  void wait(Time until);

  const std::string url_;
  std::int64_t node_ = 0;
  const std::function<void(Heard&&)> hear_;
  const std::function<void()> lost_;
  const std::chrono::seconds away_max_;
  std::unique_ptr<PostgresHandle> handle_;
  std::string seen_;                          // the snapshot of the last look, as PostgreSQL writes it
  std::string history_;                       // the server's: to which the snapshot belongs
  std::chrono::seconds seen_at_{};            // by the server's clock: it goes on where this machine stands still
  std::atomic<std::int64_t> heard_at_us_{0};  // of the last look, by this machine's steady clock
  PoolTally tally_;
  bool was_connected_ = false;
  int wake_ = -1;  // eventfd: committed() and stop()
  std::atomic<bool> has_news_{false}, is_stopped_{false};
  std::thread thread_;
};

}  // namespace fairward::sql
