#include "platform/backup/schedule.h"

#include <chrono>

#include "platform/log/log.h"
#include "sql/backup.h"

namespace fairward::backup {
namespace {

constexpr Duration claim_lease = minutes(15);  // a node that died leaves the next try to another after so long
constexpr Duration extend_every = minutes(1);
constexpr Duration retry_after = minutes(15);
constexpr Duration tell_every = hours(1);
constexpr std::size_t self_bytes = 12;
constexpr std::size_t why_bytes_max = 300;

// One line of printable ASCII.
std::string line_of(std::string_view text) {
  std::string line(text.substr(0, std::min(text.find('\n'), why_bytes_max)));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

}  // namespace

Record record_of(Snapshot& db) { return db.one<Record>(sql_queries::state).value_or(Record{}); }

void record_note(Txn& txn, const Manifest& manifest) {
  txn.exec(sql_queries::note, manifest.ended_at, manifest.name, manifest.bytes());
}

Schedule::Schedule(sql::Engine& engine, const Clock& clock, Entropy& entropy, ScheduleOptions options)
    : engine_(engine),
      clock_(clock),
      entropy_(entropy),
      options_(std::move(options)),
      self_(entropy.token(self_bytes)),
      started_at_(clock.now()),
      thread_([this] { loop(); }) {}

Schedule::~Schedule() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void Schedule::loop() {
  while (!is_stopped_) {
    try {
      look();
      is_blind_ = false;
    } catch (const std::exception& error) {
      if (!std::exchange(is_blind_, true))
        log::error("backup: the database does not say whether one is due",
                   {{"reason", std::string_view(error.what())}});
    }
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, std::chrono::milliseconds(options_.look_every.ms), [this] { return is_stopped_.load(); });
  }
}

void Schedule::look() {
  Record record;
  engine_.read_now([&](Snapshot& db) { record = record_of(db); });
  const Instant now = clock_.now();
  if (is_enabled() && record.due_at <= now && record.claimed_until <= now && claim(now)) {
    run(now);
    engine_.read_now([&](Snapshot& db) { record = record_of(db); });
  }
  good_at_ms_ = record.good_at.value_or(Instant{}).ms;
  good_bytes_ = record.good_bytes.value_or(0);
  judge_age(record, clock_.now());
}

template <class F>
void Schedule::write(F&& work) {
  engine_.write_now([&](Txn& txn) {
    work(txn);
    return true;
  });
}

bool Schedule::claim(Instant now) {
  bool is_ours = false;
  write([&](Txn& txn) { is_ours = txn.exec(sql_queries::claim, self_, now + claim_lease, now) == 1; });
  extended_at_ = now;
  return is_ours;
}

void Schedule::run(Instant began) {
  MakeOptions make_options = options_.make;
  make_options.progress = [this](std::int64_t done, std::int64_t total) { progress(done, total); };
  try {
    succeed(make(options_.source, make_options, clock_, entropy_), began);
  } catch (const std::exception& error) { fail(error.what()); }
}

// Called for every few megabytes: keeps the claim, and ends the work when the program is to end.
void Schedule::progress(std::int64_t, std::int64_t) {
  if (is_stopped_) throw Trouble(Trouble::Kind::refused, "the program stops");
  const Instant now = clock_.now();
  if (now < extended_at_ + extend_every) return;
  extended_at_ = now;
  write([&](Txn& txn) { txn.exec(sql_queries::extend, self_, now + claim_lease); });
}

void Schedule::succeed(const Found& made, Instant began) {
  write([&](Txn& txn) {
    txn.exec(sql_queries::succeed, self_, began + options_.every, made.manifest.ended_at, made.manifest.name,
             made.manifest.bytes());
  });
  log::info("backup made", {{"path", made.path},
                            {"bytes", static_cast<long long>(made.manifest.bytes())},
                            {"rows", static_cast<long long>(made.manifest.rows())},
                            {"ms", static_cast<long long>((made.manifest.ended_at - made.manifest.began_at).ms)}});
  for (const std::string& path : thin_out(options_.make.folder, options_.keep, options_.make.key, clock_.now()))
    log::info("backup removed", {{"path", path}});
}

void Schedule::fail(const std::string& why) {
  const Instant now = clock_.now();
  if (!is_stopped_) {
    ++failures_;
    log::error("backup failed", {{"reason", why}});
  }
  const Instant again_at = is_stopped_ ? now : now + std::min(retry_after, options_.every);
  write([&](Txn& txn) { txn.exec(sql_queries::fail, self_, again_at, now, line_of(why)); });
}

void Schedule::judge_age(const Record& record, Instant now) {
  const Instant since = record.good_at.value_or(started_at_);
  const bool is_watched = options_.age_max.ms > 0 && (is_enabled() || record.good_at);
  is_overdue_ = is_watched && now - since > options_.age_max;
  if (!is_overdue_ || now < told_at_ + tell_every) return;
  told_at_ = now;
  constexpr std::int64_t hour_ms = 3'600'000;
  const std::string good_at = record.good_at ? to_rfc3339(*record.good_at) : "never";
  log::error("the last good backup is too old",
             {{"good_at", good_at},
              {"hours", static_cast<long long>((now - since).ms / hour_ms)},
              {"last_failure", record.failed_why ? std::string_view(*record.failed_why) : std::string_view()}});
}

}  // namespace fairward::backup
