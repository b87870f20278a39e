#include "platform/sql/postgres_connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>

#include "platform/log/log.h"
#include "platform/sql/parameters.h"

namespace fairward::sql {
namespace {

constexpr std::chrono::milliseconds retry_pause_min{50};
constexpr std::chrono::milliseconds retry_pause_max{2000};

constexpr Query begin_write{"postgres_begin", "", "BEGIN ISOLATION LEVEL READ COMMITTED"};
constexpr Query begin_snapshot{"postgres_begin_read", "", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
constexpr Query commit_all{"postgres_commit", "", "COMMIT"};
constexpr Query rollback_all{"postgres_rollback", "", "ROLLBACK"};
constexpr Query savepoint_start{"postgres_savepoint", "", "SAVEPOINT call"};
constexpr Query savepoint_keep{"postgres_savepoint_release", "", "RELEASE SAVEPOINT call"};
constexpr Query savepoint_back{"postgres_savepoint_undo", "", "ROLLBACK TO SAVEPOINT call"};

// A deadlock is told from a wait by time; only a superuser may shorten it. A session that stands still in a
// transaction (a stopped process) must not keep its locks.
constexpr Query session_limits[] = {
    {"postgres_deadlock_timeout", "", "SET deadlock_timeout = '50ms'"},
    {"postgres_lock_timeout", "", "SET lock_timeout = '5s'"},
    {"postgres_idle_timeout", "", "SET idle_in_transaction_session_timeout = '60s'"},
};
constexpr Query transaction_limits{
    "postgres_transaction_limits", "",
    "SELECT set_config('lock_timeout', '5s', true), set_config('idle_in_transaction_session_timeout', '60s', true)"};

// By SQLSTATE, PostgreSQL manual, appendix A.
Error::Kind kind_of(std::string_view state) {
  if (state.starts_with("23")) return Error::Kind::constraint;
  if (state == "40001" || state == "40P01" || state == "55P03") return Error::Kind::busy_retry;
  if (state == "53100") return Error::Kind::disk_full;
  // Connection, resources, operator intervention, system; a server that turned read-only; a prepared statement or a
  // session that somebody took away.
  for (const std::string_view gone : {"08", "53", "57", "58", "XX001", "XX002", "25006", "25P03", "26000"})
    if (state.starts_with(gone)) return Error::Kind::unavailable;
  return state.empty() ? Error::Kind::unavailable : Error::Kind::bug;
}

std::string_view field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string_view() : text;
}

// The server's DETAIL holds values of rows and is left out.
Error error_of(const PGresult* result, std::string_view name) {
  const std::string_view state = field_of(result, PG_DIAG_SQLSTATE);
  return {kind_of(state), fmt::format("{}: {} ({}{}{})", name, field_of(result, PG_DIAG_MESSAGE_PRIMARY), state,
                                      PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) == nullptr ? "" : ", ",
                                      field_of(result, PG_DIAG_CONSTRAINT_NAME))};
}

class PostgresRow final : public Row {
 public:
  // `first` columns are not the query's.
  PostgresRow(const Query& query, const PGresult* result, int row, int first = 0)
      : query_(query), result_(result), row_(row), first_(first) {}

  bool is_null(int column) const override {
    if (first_ + column >= PQnfields(result_)) refuse(column, "there");
    return PQgetisnull(result_, row_, first_ + column) != 0;
  }
  std::int64_t integer(int column) const override { return number<std::int64_t>(column, "an integer"); }
  double real(int column) const override { return number<double>(column, "a number"); }
  std::string_view text(int column) const override {
    if (is_null(column)) refuse(column, "a text");
    return {PQgetvalue(result_, row_, first_ + column),
            static_cast<std::size_t>(PQgetlength(result_, row_, first_ + column))};
  }

 private:
  template <class N>
  N number(int column, std::string_view wanted) const {
    if (is_null(column)) refuse(column, wanted);
    const std::string_view text = this->text(column);
    N value{};
    if (const auto [end, code] = std::from_chars(text.begin(), text.end(), value);
        code != std::errc() || end != text.end())
      refuse(column, wanted);
    return value;
  }
  [[noreturn]] void refuse(int column, std::string_view wanted) const {
    throw Error(Error::Kind::bug, fmt::format("column {} of {} is not {}", column, query_.name(), wanted));
  }

  const Query& query_;
  const PGresult* result_;
  int row_, first_;
};

void hand_rows(const Query& query, const PGresult* result, const RowSink& sink) {
  for (int row = 0, rows = sink ? PQntuples(result) : 0; row < rows; ++row) sink(PostgresRow(query, result, row));
}

std::int64_t changed_rows(PGresult* result) {
  if (std::strncmp(PQcmdStatus(result), "SELECT", 6) == 0) return 0;
  const char* text = PQcmdTuples(result);
  std::int64_t count = 0;
  std::from_chars(text, text + std::strlen(text), count);
  return count;
}

// The rows of a result that answer one request. A statement for many says in the first column whom a row answers.
class PostgresAnswer final : public Answer {
 public:
  PostgresAnswer(const Query& query, std::shared_ptr<PGresult> result, std::vector<int> rows)
      : query_(query), result_(std::move(result)), rows_(std::move(rows)), is_of_many_(true) {}
  PostgresAnswer(const Query& query, std::shared_ptr<PGresult> result)
      : query_(query), result_(std::move(result)), is_of_many_(false) {}

  std::int64_t hand_over(const RowSink& sink) const override {
    if (!is_of_many_) {
      hand_rows(query_, result_.get(), sink);
      return changed_rows(result_.get());
    }
    if (sink)
      for (const int row : rows_) sink(PostgresRow(query_, result_.get(), row, 1));
    return std::strncmp(query_.postgres(), "SELECT", 6) == 0 ? 0 : static_cast<std::int64_t>(rows_.size());
  }

 private:
  const Query& query_;
  const std::shared_ptr<PGresult> result_;
  const std::vector<int> rows_;
  const bool is_of_many_;
};

void answer(Request& request, std::unique_ptr<Answer> answer) {
  if (request.sink) answer->hand_over(request.sink);
  else request.answer = std::move(answer);
}

void refuse_nul(const Query& query, const Value& value) {
  if (value.text.find('\0') != std::string_view::npos)
    throw Error(Error::Kind::bug, fmt::format("a parameter of {} holds a NUL", query.name()));
}

void append_text(std::string& texts, const Query& query, const Value& value) {
  switch (value.kind) {
    case Value::Kind::integer: fmt::format_to(std::back_inserter(texts), "{}", value.integer); break;
    case Value::Kind::real: fmt::format_to(std::back_inserter(texts), "{}", value.real); break;
    default: refuse_nul(query, value); texts += value.text;
  }
}

// As an element of an array: a word in quotation marks, in which quotation marks and backslashes are escaped.
void append_element(std::string& texts, const Query& query, const Value& value) {
  if (value.kind == Value::Kind::null) {
    texts += "NULL";
    return;
  }
  if (value.kind != Value::Kind::text) return append_text(texts, query, value);
  refuse_nul(query, value);
  texts += '"';
  const auto is_special = [](char c) { return c == '"' || c == '\\'; };
  for (auto from = value.text.begin(), end = value.text.end(); from != end;) {
    const auto special = std::find_if(from, end, is_special);
    texts.append(from, special);
    if (special == end) break;
    texts += '\\';
    texts += *special;
    from = special + 1;
  }
  texts += '"';
}

// Texts that end in NUL, one after the other, as libpq takes them.
class Texts {
 public:
  std::string& begin() {
    starts_.push_back(static_cast<std::ptrdiff_t>(texts_.size()));
    return texts_;
  }
  void end() { texts_ += '\0'; }
  void null() { starts_.push_back(-1); }
  std::span<const char* const> pointers() {
    for (const std::ptrdiff_t start : starts_) pointers_.push_back(start < 0 ? nullptr : texts_.data() + start);
    return pointers_;
  }

 private:
  std::string texts_;
  std::vector<std::ptrdiff_t> starts_;
  std::vector<const char*> pointers_;
};

}  // namespace

PostgresHandle::PostgresHandle(const std::string& url) {
  // What comes later wins: the url is expanded over our defaults.
  const char* const names[] = {
      "connect_timeout",      "tcp_user_timeout",          "keepalives_idle", "keepalives_interval", "keepalives_count",
      "target_session_attrs", "fallback_application_name", "dbname",          "client_encoding",     nullptr};
  const char* const values[] = {"3", "5000", "5", "2", "3", "read-write", "fairward", url.c_str(), "UTF8", nullptr};
  connection_ = PQconnectdbParams(names, values, 1);
  if (PQstatus(connection_) == CONNECTION_OK) return;
  const std::string reason = PQerrorMessage(connection_);
  PQfinish(connection_);
  throw Error(Error::Kind::unavailable, "PostgreSQL: " + reason);
}

PostgresHandle::~PostgresHandle() { PQfinish(connection_); }

PostgresConnection::PostgresConnection(std::string url, PostgresUse use) : url_(std::move(url)), use_(use) {
  connect();
}

PostgresConnection::~PostgresConnection() { forget_handle(); }

void PostgresConnection::connect() {
  handle_ = std::make_unique<PostgresHandle>(url_);
  if (use_.tally) ++use_.tally->open;
  PGconn* connection = handle_->get();
  PQsetNoticeReceiver(connection, &PostgresConnection::notice, this);
  if (PQenterPipelineMode(connection) != 1 || PQsetnonblocking(connection, 1) != 0) fail_lost();
  if (use_.is_pooled) return;
  for (const Query& limit : session_limits) try {
      run_once(limit, {});
    } catch (const Error& error) {
      if (error.kind() == Error::Kind::unavailable) throw;
    }
}

void PostgresConnection::notice(void* self, const pg_result* result) {
  if (field_of(result, PG_DIAG_SEVERITY_NONLOCALIZED) == "WARNING")
    static_cast<PostgresConnection*>(self)->is_warned_ = true;
}

void PostgresConnection::forget_handle() noexcept {
  if (handle_ && use_.tally) --use_.tally->open;
  handle_.reset();
}

void PostgresConnection::drop() noexcept {
  forget_handle();
  sent_.clear();
  statements_.clear();
  many_statements_.clear();
  is_abandoned_ = true;
}

bool PostgresConnection::ready() {
  if (handle_ && PQstatus(handle_->get()) == CONNECTION_OK) return true;
  drop();
  const auto now = std::chrono::steady_clock::now();
  if (now < retry_at_) return false;
  try {
    connect();
    retry_pause_ = {};
    if (use_.tally) ++use_.tally->reconnects;
    return true;
  } catch (const Error& error) {
    log::error("no connection", {{"reason", std::string_view(error.what())}});
    retry_pause_ = std::clamp(retry_pause_ * 2, retry_pause_min, retry_pause_max);
    retry_at_ = std::chrono::steady_clock::now() + retry_pause_;
    return false;
  }
}

void PostgresConnection::begin() {
  is_abandoned_ = false;
  is_read_untouched_ = false;
  send(begin_write, {});
  if (use_.is_pooled) send(transaction_limits, {});
}
void PostgresConnection::savepoint() { send(savepoint_start, {}); }
void PostgresConnection::savepoint_release() { send(savepoint_keep, {}); }
void PostgresConnection::savepoint_undo() {
  send(savepoint_back, {});
  send(savepoint_keep, {});
}

void PostgresConnection::commit() {
  is_warned_ = false;
  send(commit_all, {});
  sync();
  const Result result = collect();
  // A warning here says that the commit did not reach the standby that it has to reach.
  if (is_warned_) throw Error(Error::Kind::unavailable, "the commit is not known to be replicated");
  if (std::strcmp(PQcmdStatus(result.get()), "COMMIT") != 0)
    throw Error(Error::Kind::bug, "the transaction to be committed had failed");
}

void PostgresConnection::rollback() noexcept {
  forget_askers();
  send_and_forget(rollback_all);
}

// What was asked in a transaction that is undone is of no interest, and whoever asked may be gone when it comes.
void PostgresConnection::forget_askers() noexcept {
  for (Sent& sent : sent_) {
    sent.sink = nullptr;
    sent.requests.clear();
  }
}

void PostgresConnection::begin_read() {
  is_abandoned_ = false;
  is_read_untouched_ = true;
  send(begin_snapshot, {});
}

void PostgresConnection::end_read() noexcept { send_and_forget(commit_all); }

// Sends at once and leaves the answer to whoever reads next.
void PostgresConnection::send_and_forget(const Query& query) noexcept {
  if (!handle_) return;
  try {
    send(query, {});
    sync();
  } catch (const std::exception&) {
    drop();  // the server ends the transaction with the connection
  }
}

std::int64_t PostgresConnection::run(const Query& query, std::span<const Value> values, const RowSink& sink) {
  const bool may_start_again = is_read_untouched_;
  Result result(nullptr, PQclear);
  try {
    result = run_once(query, values);
  } catch (const Error& error) {
    // The connection had died while it was idle: nothing was handed over, so that the read can begin anew.
    if (!may_start_again || handle_ || !ready()) throw;
    begin_read();
    result = run_once(query, values);
  }
  is_read_untouched_ = false;
  hand_rows(query, result.get(), sink);
  return changed_rows(result.get());
}

PostgresConnection::Result PostgresConnection::run_once(const Query& query, std::span<const Value> values) {
  send(query, values);
  sync();
  return collect();
}

void PostgresConnection::run_later(const Query& query, std::span<const Value> values, const RowSink& sink) {
  send(query, values, sink);
}

void PostgresConnection::settle() {
  if (sent_.empty()) return;
  sync();
  collect();
}

void PostgresConnection::check(const Query& query) {
  prepare_later(query, statement(query));
  if (*query.many() != '\0') prepare_later(query, statement(query, true));
  sync();
  collect();
}

PostgresConnection::Statement& PostgresConnection::statement(const Query& query, bool is_many) {
  auto& statements = is_many ? many_statements_ : statements_;
  if (const auto found = statements.find(&query); found != statements.end()) return found->second;
  Statement made;
  made.name = fmt::format("{}_{}{}", query.name(), statements.size(), is_many ? "_many" : "");
  made.text = is_many ? query.many() : query.postgres();
  made.parameters = parameter_count(made.text);
  made.values = std::max(made.parameters, parameter_count(query.sqlite()));
  return statements.emplace(&query, std::move(made)).first->second;
}

void PostgresConnection::prepare_later(const Query& query, Statement& statement) {
  if (statement.is_prepared || use_.is_pooled) return;
  if (!handle_ || PQsendPrepare(handle_->get(), statement.name.c_str(), statement.text, 0, nullptr) != 1) fail_lost();
  statement.is_prepared = true;  // taken back when the answer is an error
  sent_.push_back({Sent::Kind::prepare, &statement, &query, {}, {}});
}

PostgresConnection::Statement& PostgresConnection::prepared(const Query& query, std::size_t values, bool is_many) {
  if (!handle_) fail_lost();
  Statement& statement = this->statement(query, is_many);
  if (static_cast<int>(values) != statement.values)
    throw Error(Error::Kind::bug,
                fmt::format("{} takes {} parameters, not {}", query.name(), statement.values, values));
  prepare_later(query, statement);
  return statement;
}

PostgresConnection::Sent& PostgresConnection::send(const Query& query, std::span<const Value> values,
                                                   const RowSink& sink) {
  Statement& statement = prepared(query, values.size(), false);
  Texts texts;
  for (const Value& value : values) {
    if (value.kind == Value::Kind::null) {
      texts.null();
      continue;
    }
    append_text(texts.begin(), query, value);
    texts.end();
  }
  send_texts(statement, texts.pointers());
  return sent_.emplace_back(Sent{Sent::Kind::statement, &statement, &query, sink, {}});
}

void PostgresConnection::send_texts(Statement& statement, std::span<const char* const> texts) {
  PGconn* connection = handle_->get();
  const int count = statement.parameters;
  const int is_sent =
      use_.is_pooled
          ? PQsendQueryParams(connection, statement.text, count, nullptr, texts.data(), nullptr, nullptr, 0)
          : PQsendQueryPrepared(connection, statement.name.c_str(), count, texts.data(), nullptr, nullptr, 0);
  if (is_sent != 1) fail_lost();
}

void PostgresConnection::send(std::span<Request* const> requests) {
  const Query& query = *requests.front()->query;
  if (requests.size() > 1 && *query.many() != '\0') return send_many(query, requests);
  for (Request* request : requests) send(query, request->values).requests.push_back(request);
}

void PostgresConnection::send_many(const Query& query, std::span<Request* const> requests) {
  Statement& statement = prepared(query, requests.front()->values.size(), true);
  Texts texts;
  for (std::size_t place = 0; place < requests.front()->values.size(); ++place) {
    std::string& array = texts.begin();
    char separator = '{';
    for (const Request* request : requests) {
      array += std::exchange(separator, ',');
      append_element(array, query, request->values[place]);
    }
    array += '}';
    texts.end();
  }
  send_texts(statement, texts.pointers());
  sent_.push_back(
      {Sent::Kind::statement, &statement, &query, {}, std::vector<Request*>(requests.begin(), requests.end()), true});
}

void PostgresConnection::sync() {
  if (!handle_ || PQpipelineSync(handle_->get()) != 1) fail_lost();
  sent_.push_back({Sent::Kind::sync, nullptr, nullptr, {}, {}});
}

// Reads the answers to all that was sent; returns the last, throws the first error. An error of anything but the last
// belongs to something earlier than what is asked now: then the whole transaction is abandoned.
PostgresConnection::Result PostgresConnection::collect() {
  Result last(nullptr, PQclear);
  std::optional<Error> error;
  while (!sent_.empty()) {
    Result result = result_next();
    const Sent sent = std::move(sent_.front());
    sent_.pop_front();
    const bool is_last = sent_.size() == 1;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) continue;
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) note_failure(sent, result.get(), is_last, error);
    else hand_over(sent, result, error);
    if (is_last) last = std::move(result);
  }
  if (!error) return last;
  if (error->kind() == Error::Kind::unavailable) drop();
  throw *error;
}

// Rows that do not have the form the program thinks are a bug, found while there may be more to read.
void PostgresConnection::hand_over(const Sent& sent, Result& result, std::optional<Error>& error) {
  try {
    hand_rows(*sent.query, result.get(), sent.sink);
    if (sent.requests.empty()) return;
    const std::shared_ptr<PGresult> shared = std::move(result);
    if (!sent.is_many) return answer(*sent.requests.front(), std::make_unique<PostgresAnswer>(*sent.query, shared));
    std::vector<std::vector<int>> rows(sent.requests.size());
    for (int row = 0, end = PQntuples(shared.get()); row < end; ++row) {
      const std::int64_t place = PostgresRow(*sent.query, shared.get(), row).integer(0);
      if (place < 1 || place > static_cast<std::int64_t>(rows.size()))
        throw Error(Error::Kind::bug, fmt::format("{} for many answers nobody", sent.query->name()));
      rows[static_cast<std::size_t>(place - 1)].push_back(row);
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
      answer(*sent.requests[i], std::make_unique<PostgresAnswer>(*sent.query, shared, std::move(rows[i])));
  } catch (const Error& bug) {
    if (!error) error = bug;
  }
}

void PostgresConnection::note_failure(const Sent& sent, const pg_result* result, bool is_last,
                                      std::optional<Error>& error) {
  if (sent.kind == Sent::Kind::prepare) sent.statement->is_prepared = false;
  if (error || PQresultStatus(result) == PGRES_PIPELINE_ABORTED) return;
  error = error_of(result, sent.query->name());
  const bool is_own_prepare =
      sent.kind == Sent::Kind::prepare && sent_.size() == 2 && sent_.front().query == sent.query;
  if (!is_last && !is_own_prepare) is_abandoned_ = true;
}

// The next answer. Each statement's answers end with a null, a sync's do not.
PostgresConnection::Result PostgresConnection::result_next() {
  PGconn* connection = handle_->get();
  await_answer();
  Result result(PQgetResult(connection), PQclear);
  if (result && PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) {
    await_answer();
    while (PGresult* more = PQgetResult(connection)) PQclear(more);
  }
  if (!result || PQstatus(connection) != CONNECTION_OK) fail_lost();
  return result;
}

// Returns when an answer, or that the connection is lost, can be had without waiting.
void PostgresConnection::await_answer() {
  PGconn* connection = handle_->get();
  const int silence_max = use_.silence_max.count() > 0 ? static_cast<int>(use_.silence_max.count()) : -1;
  while (PQstatus(connection) == CONNECTION_OK && PQisBusy(connection) == 1) {
    const int unsent = PQflush(connection);
    if (unsent < 0) return;
    pollfd wanted{PQsocket(connection), static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), 0};
    const int found = ::poll(&wanted, 1, silence_max);
    if (found < 0 && errno == EINTR) continue;
    if (found <= 0) {
      drop();
      // Whoever has waited for so long is not to wait once more at the next connection.
      retry_at_ = std::chrono::steady_clock::now() + retry_pause_min;
      throw Error(Error::Kind::unavailable, fmt::format("PostgreSQL: no answer for {} ms", silence_max));
    }
    if ((wanted.revents & ~POLLOUT) != 0 && PQconsumeInput(connection) != 1) return;
  }
}

void PostgresConnection::fail_lost() {
  const std::string reason = handle_ ? PQerrorMessage(handle_->get()) : "not connected";
  drop();
  throw Error(Error::Kind::unavailable, "PostgreSQL: " + reason);
}

}  // namespace fairward::sql
