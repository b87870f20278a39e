#include "platform/sql/postgres_follower.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>
#include <utility>

#include "platform/log/log.h"

namespace fairward::sql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A node may die between its commit and its notice: everybody looks now and then without being told.
constexpr milliseconds look_period{1000};
// Notices of a busy node are few, however many its commits are. The first after a pause goes at once.
constexpr milliseconds notice_pause{3};
constexpr milliseconds retry_pause{200};
// A server that says nothing for so long is given up, although its network may keep the connection.
constexpr milliseconds silence_max{10000};

constexpr const char* listen_text = "LISTEN fairward";
constexpr const char* notify_text = "NOTIFY fairward";
constexpr const char* number_text = "SELECT nextval('platform_node_number')";
constexpr const char* snapshot_text =
    "SELECT pg_current_snapshot()::text, extract(epoch FROM clock_timestamp())::bigint";
// A server that took over, or was started again after a crash, may use transaction numbers anew that the one before had
// used up in vain and counted in its snapshots: such a snapshot says nothing here.
constexpr const char* history_text =
    "SELECT substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) || ' ' || pg_postmaster_start_time()";
// All of one statement is seen in one snapshot, the one that it returns.
constexpr const char* look_name = "look";
constexpr const char* look_text =
    "WITH seen AS (SELECT $1::pg_snapshot AS snapshot), fresh AS ("
    " SELECT id, topic, kind, payload, at, node FROM platform_event"
    " WHERE tx >= (SELECT pg_snapshot_xmax(snapshot) FROM seen)"
    " UNION ALL"
    " SELECT e.id, e.topic, e.kind, e.payload, e.at, e.node"
    " FROM seen, pg_snapshot_xip(seen.snapshot) AS open (tx), platform_event e WHERE e.tx = open.tx) "
    "SELECT now.snapshot::text, id, topic, kind, payload, at, extract(epoch FROM clock_timestamp())::bigint"
    " FROM (SELECT pg_current_snapshot() AS snapshot) now LEFT JOIN fresh ON fresh.node <> $2 ORDER BY id";

using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

bool is_good(const Result& result) {
  const ExecStatusType status = PQresultStatus(result.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

// The last answer to what was sent; null when the server says nothing.
Result answer(PGconn* connection, int is_sent) {
  Result last(nullptr, PQclear);
  while (is_sent == 1) {
    while (PQisBusy(connection) == 1) {
      pollfd wanted{PQsocket(connection), POLLIN, 0};
      if (::poll(&wanted, 1, static_cast<int>(silence_max.count())) == 0) return {nullptr, PQclear};
      if (PQconsumeInput(connection) != 1) return {nullptr, PQclear};
    }
    Result next(PQgetResult(connection), PQclear);
    if (!next) break;
    last = std::move(next);
  }
  return last;
}

Result ask(PGconn* connection, const char* text) { return answer(connection, PQsendQuery(connection, text)); }

Result ask_row(PGconn* connection, const char* text) {
  Result result = ask(connection, text);
  if (!is_good(result)) throw Error(Error::Kind::unavailable, PQerrorMessage(connection));
  return result;
}

std::int64_t us_of(steady_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

// Of a column that the schema keeps numeric.
std::int64_t number(const Result& result, int row, int column) {
  std::int64_t value = 0;
  std::from_chars(PQgetvalue(result.get(), row, column),
                  PQgetvalue(result.get(), row, column) + PQgetlength(result.get(), row, column), value);
  return value;
}

}  // namespace

PostgresFollower::PostgresFollower(std::string url, std::function<void(Heard&&)> hear, std::function<void()> lost,
                                   std::chrono::seconds away_max)
    : url_(std::move(url)),
      hear_(std::move(hear)),
      lost_(std::move(lost)),
      away_max_(away_max),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  PostgresHandle handle(url_);
  node_ = number(ask_row(handle.get(), number_text), 0, 0);
  history_ = PQgetvalue(ask_row(handle.get(), history_text).get(), 0, 0);
  snapshot_take(handle);
  seen_now();
}

PostgresFollower::~PostgresFollower() {
  stop();
  ::close(wake_);
}

void PostgresFollower::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { loop(); });
}

void PostgresFollower::committed() {
  if (!has_news_.exchange(true)) ::eventfd_write(wake_, 1);
}

void PostgresFollower::stop() {
  is_stopped_ = true;
  ::eventfd_write(wake_, 1);
  if (thread_.joinable()) thread_.join();
}

std::uint64_t PostgresFollower::heard_us_ago() const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(us_of(steady_clock::now()) - heard_at_us_, 0));
}

void PostgresFollower::seen_now() { heard_at_us_ = us_of(steady_clock::now()); }

void PostgresFollower::drop() {
  if (handle_) --tally_.open;
  handle_.reset();
}

void PostgresFollower::loop() {
  const EngineScope scope;
  Time look_at = steady_clock::now(), notify_at = look_at;
  bool is_noticed = true;
  while (!is_stopped_) {
    if (!handle_ && !connect()) {
      wait(steady_clock::now() + retry_pause);
      continue;
    }
    const auto now = steady_clock::now();
    bool is_alive = true;
    if (is_noticed || now >= look_at) {
      is_alive = look();
      look_at = now + look_period;
    }
    if (is_alive && now >= notify_at && has_news_.exchange(false)) {
      is_alive = notify();
      notify_at = now + notice_pause;
    }
    is_noticed = is_alive && take_notices();  // what came with the answers
    if (is_alive && !is_noticed) {
      wait(has_news_ ? std::min(look_at, notify_at) : look_at);
      is_noticed = take_notices();
      is_alive = PQstatus(handle_->get()) == CONNECTION_OK;
    }
    if (!is_alive) {
      log::warning("the events of other nodes are not heard: no connection");
      drop();
      is_noticed = true;
    }
  }
}

// What was told from now on is heard, what was committed before is read by the look that follows.
bool PostgresFollower::connect() {
  try {
    auto handle = std::make_unique<PostgresHandle>(url_);
    // A notice need not survive a crash, nor reach a standby: everybody looks without it, a little later.
    const Result prepared = answer(handle->get(), PQsendPrepare(handle->get(), look_name, look_text, 0, nullptr));
    if (!is_good(prepared) || !is_good(ask(handle->get(), "SET synchronous_commit = off")) ||
        !is_good(ask(handle->get(), listen_text)))
      return false;
    const std::string history = PQgetvalue(ask_row(handle->get(), history_text).get(), 0, 0);
    if (history != history_) {
      snapshot_take(*handle);
      seen_now();
      history_ = history;
      lost_();
    }
    handle_ = std::move(handle);
    ++tally_.open;
    if (std::exchange(was_connected_, true)) ++tally_.reconnects;
    return true;
  } catch (const Error&) { return false; }  // the writers say so in the log
}

void PostgresFollower::snapshot_take(PostgresHandle& handle) {
  const Result now = ask_row(handle.get(), snapshot_text);
  seen_ = PQgetvalue(now.get(), 0, 0);
  seen_at_ = std::chrono::seconds(number(now, 0, 1));
}

bool PostgresFollower::look() {
  const std::string node = std::to_string(node_);
  const char* const values[] = {seen_.c_str(), node.c_str()};
  const Result result =
      answer(handle_->get(), PQsendQueryPrepared(handle_->get(), look_name, 2, values, nullptr, nullptr, 0));
  if (!is_good(result) || PQntuples(result.get()) == 0) {
    log::error("the event log was not read", {{"reason", std::string_view(PQerrorMessage(handle_->get()))}});
    return false;
  }
  seen_ = PQgetvalue(result.get(), 0, 0);
  seen_now();
  const std::chrono::seconds now(number(result, 0, 6));
  if (now - std::exchange(seen_at_, now) > away_max_) lost_();  // it was cut off, or stood still: frozen, suspended
  Heard heard;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    if (PQgetisnull(result.get(), row, 1)) continue;  // nothing is new
    const Instant at{number(result, row, 5)};
    if (!heard.events.empty() && at != heard.at) hear_(std::exchange(heard, {}));
    heard.at = at;
    heard.events.push_back({PQgetvalue(result.get(), row, 2), PQgetvalue(result.get(), row, 3),
                            PQgetvalue(result.get(), row, 4), number(result, row, 1), true});
  }
  if (!heard.events.empty()) hear_(std::move(heard));
  return true;
}

bool PostgresFollower::notify() { return is_good(ask(handle_->get(), notify_text)); }

// True when another node has told that it committed something.
bool PostgresFollower::take_notices() {
  PGconn* connection = handle_->get();
  bool is_any = false;
  PQconsumeInput(connection);
  for (PGnotify* notice = PQnotifies(connection); notice; notice = PQnotifies(connection)) {
    is_any |= notice->be_pid != PQbackendPID(connection);
    PQfreemem(notice);
  }
  return is_any;
}

void PostgresFollower::wait(Time until) {
  pollfd watched[] = {{wake_, POLLIN, 0}, {handle_ ? PQsocket(handle_->get()) : -1, POLLIN, 0}};
  const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
  if (!is_stopped_) ::poll(watched, 2, static_cast<int>(std::max<long>(left, 0)));
  eventfd_t count = 0;
  ::eventfd_read(wake_, &count);
}

}  // namespace fairward::sql
