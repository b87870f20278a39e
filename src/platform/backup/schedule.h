// Backups that the server makes by itself: one node of all makes each, everybody knows which was the last good one, and
// somebody is told when that is too old.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "platform/backup/backup.h"
#include "platform/sql/engine.h"

namespace fairward::backup {

// What the database knows of its backups.
struct Record {
  Instant due_at, claimed_until;
  std::optional<Instant> good_at;
  std::optional<std::string> good_name;
  std::optional<std::int64_t> good_bytes;
  std::optional<Instant> failed_at;
  std::optional<std::string> failed_why;
};
Record record_of(Snapshot& db);
// Notes a backup that was made by hand.
void record_note(Txn& txn, const Manifest& manifest);

struct ScheduleOptions {
  Source source;
  MakeOptions make;  // an empty folder: none are made, and those made by hand are told of
  Keep keep;
  Duration every = hours(24);
  Duration age_max = hours(48);  // 0: never too old
  Duration look_every = seconds(2);
};

class Schedule {
 public:
  // Starts a thread, which ends with this; a backup that is being made then is given up.
  Schedule(sql::Engine& engine, const Clock& clock, Entropy& entropy, ScheduleOptions options);
  ~Schedule();
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  // As of the last look; safe on any thread.
  Instant good_at() const { return {good_at_ms_}; }  // 0: there was none
  std::int64_t good_bytes() const { return good_bytes_; }
  bool is_overdue() const { return is_overdue_; }
  bool is_enabled() const { return !options_.make.folder.empty(); }
  std::uint64_t failures() const { return failures_; }

 private:
  void loop();
  void look();
  bool claim(Instant now);
  void run(Instant began);
  void progress(std::int64_t done, std::int64_t total);
  void succeed(const Found& made, Instant began);
  void fail(const std::string& why);
  void judge_age(const Record& record, Instant now);
  template <class F>
  void write(F&& work);

  sql::Engine& engine_;
  const Clock& clock_;
  Entropy& entropy_;
  const ScheduleOptions options_;
  const std::string self_;
  const Instant started_at_;
  Instant extended_at_, told_at_;
  bool is_blind_ = false;  // the last look failed, and was told of
  std::atomic<std::int64_t> good_at_ms_{0}, good_bytes_{0};
  std::atomic<bool> is_overdue_{false}, is_stopped_{false};
  std::atomic<std::uint64_t> failures_{0};
  std::mutex mutex_;
  std::condition_variable stopped_;
  std::thread thread_;  // last: starts when the rest is there
};

}  // namespace fairward::backup
