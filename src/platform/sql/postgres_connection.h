// One PostgreSQL connection in pipeline mode: what need not be answered at once (BEGIN, SAVEPOINT, the event log,
// run_later) is sent with the next statement and costs no round trip of its own. Internal to platform/sql.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/sql/batch.h"
#include "platform/sql/pool_tally.h"

struct pg_conn;
struct pg_result;

namespace fairward::sql {

// Owns a libpq connection; throws Error when it cannot be made. Keepalives and time limits are set unless the url
// says otherwise, and of the url's hosts the one is taken that accepts writes.
class PostgresHandle {
 public:
  explicit PostgresHandle(const std::string& url);
  ~PostgresHandle();
  PostgresHandle(const PostgresHandle&) = delete;
  PostgresHandle& operator=(const PostgresHandle&) = delete;
  pg_conn* get() const { return connection_; }

 private:
  pg_conn* connection_;
};

// How a connection is to be used.
struct PostgresUse {
  // Behind a pooler that gives each transaction another session: nothing is left in a session for later.
  bool is_pooled = false;
  // A server that says nothing for so long is given up, whether it stands still or the network has swallowed it.
  // 0: never.
  std::chrono::milliseconds silence_max{0};
  PoolTally* tally = nullptr;  // counts this connection
};

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(std::string url, PostgresUse use = {});
  ~PostgresConnection() override;

  // After a loss it tries to connect at once, then at growing distances; in between it says false without waiting.
  bool ready() override;
  bool is_abandoned() const override { return is_abandoned_; }
  void begin() override;
  void savepoint() override;
  void savepoint_release() override;
  void savepoint_undo() override;
  // An error of kind unavailable leaves open whether the transaction is stored.
  void commit() override;
  void rollback() noexcept override;
  void begin_read() override;
  void end_read() noexcept override;
  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override;
  void run_later(const Query& query, std::span<const Value> values, const RowSink& sink) override;
  void settle() override;
  bool waits_long() const override { return true; }
  void send(std::span<Request* const> requests) override;

  void patience(std::chrono::milliseconds silence_max) { use_.silence_max = silence_max; }

  // Throws Error unless the server accepts the query's text.
  void check(const Query& query);

 private:
  struct Statement {
    std::string name;
    const char* text = "";
    int parameters = 0;  // of the text for PostgreSQL
    int values = 0;      // that the program hands over
    bool is_prepared = false;
  };
  // What was sent and not yet read back.
  struct Sent {
    enum class Kind : std::uint8_t { prepare, statement, sync } kind;
    Statement* statement = nullptr;
    const Query* query = nullptr;
    RowSink sink;                    // takes the rows
    std::vector<Request*> requests;  // or these do
    bool is_many = false;            // one statement for all of them
  };
  using Result = std::unique_ptr<pg_result, void (*)(pg_result*)>;

  void connect();
  void forget_handle() noexcept;
  void drop() noexcept;
  Statement& statement(const Query& query, bool is_many = false);
  void prepare_later(const Query& query, Statement& statement);
  Sent& send(const Query& query, std::span<const Value> values, const RowSink& sink = {});
  void send_many(const Query& query, std::span<Request* const> requests);
  void send_texts(Statement& statement, std::span<const char* const> texts);
  Statement& prepared(const Query& query, std::size_t values, bool is_many);
  void forget_askers() noexcept;
  void send_and_forget(const Query& query) noexcept;
  void sync();
  Result collect();
  Result result_next();
  void await_answer();
  static void hand_over(const Sent& sent, Result& result, std::optional<Error>& error);
  void note_failure(const Sent& sent, const pg_result* result, bool is_last, std::optional<Error>& error);
  Result run_once(const Query& query, std::span<const Value> values);
  [[noreturn]] void fail_lost();
  static void notice(void* self, const pg_result* result);

  const std::string url_;
  PostgresUse use_;
  std::unique_ptr<PostgresHandle> handle_;
  std::unordered_map<const Query*, Statement> statements_, many_statements_;
  std::deque<Sent> sent_;
  bool is_abandoned_ = false;
  bool is_read_untouched_ = false;  // a read has begun, and no row was handed over yet
  bool is_warned_ = false;          // the server sent a warning since the last look
  std::chrono::steady_clock::time_point retry_at_;
  std::chrono::milliseconds retry_pause_{0};
};

}  // namespace fairward::sql
