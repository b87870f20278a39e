// The only way to a database: named queries, typed parameters, rows as plain structs. Engines: engine.h.
// Not for building SQL: a Query exists only as a constant that tools/sql_generate made from a .sql file.
#pragma once

#include <boost/pfr/core.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace fairward::sql {

// One query file. The constructor is consteval: text made at run time does not compile.
class Query {
 public:
  consteval Query(const char* name, const char* sqlite, const char* postgres, bool is_altering = false,
                  const char* scan_reason = "", const char* many = "")
      : name_(name),
        sqlite_(sqlite),
        postgres_(postgres),
        scan_reason_(scan_reason),
        many_(many),
        is_altering_(is_altering) {}
  constexpr std::string_view name() const { return name_; }
  constexpr const char* sqlite() const { return sqlite_; }
  constexpr const char* postgres() const { return postgres_; }
  // Why the query may read a whole table: its line `-- scan: reason`. Empty: it may not.
  constexpr std::string_view scan_reason() const { return scan_reason_; }
  // For PostgreSQL, of the file x.many.pg.sql: does at once what many calls ask. Each parameter is the array of theirs,
  // each row begins with the place (from 1) of the one that it answers. Empty: there is none.
  constexpr const char* many() const { return many_; }
  // Does it change or delete what is there? Not where its line `-- adds: reason` says that it counts what is added.
  constexpr bool is_altering() const { return is_altering_; }

 private:
  const char* name_;  // "booking_hold_insert": metric, log and timeout key
  const char* sqlite_;
  const char* postgres_;
  const char* scan_reason_;
  const char* many_;
  bool is_altering_;
};

// A parameter on its way to the database; text is borrowed for the call.
struct Value {
  enum class Kind : std::uint8_t { null, integer, real, text } kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text;
};

inline Value to_value(std::nullopt_t) { return {}; }
inline Value to_value(std::int64_t v) { return {Value::Kind::integer, v, 0, {}}; }
inline Value to_value(std::int32_t v) { return {Value::Kind::integer, v, 0, {}}; }
inline Value to_value(bool v) { return {Value::Kind::integer, v ? 1 : 0, 0, {}}; }
inline Value to_value(double v) { return {Value::Kind::real, 0, v, {}}; }
inline Value to_value(std::string_view v) { return {Value::Kind::text, 0, 0, v}; }
inline Value to_value(const std::string& v) { return {Value::Kind::text, 0, 0, v}; }
inline Value to_value(const char* v) { return {Value::Kind::text, 0, 0, v}; }
inline Value to_value(Instant v) { return to_value(v.ms); }
inline Value to_value(Duration v) { return to_value(v.ms); }
template <class Tag>
Value to_value(Id<Tag> v) {
  return to_value(v.value);
}
// Enumerations are stored by the text that `std::string_view sql_text(E)` and `E sql_parse(std::string_view, E*)`,
// found by argument-dependent lookup, give them.
template <class E>
requires std::is_enum_v<E> Value to_value(E v) { return to_value(sql_text(v)); }
template <class T>
Value to_value(const std::optional<T>& v) {
  return v ? to_value(*v) : Value{};
}

// The current row of a running query; columns count from 0. Text is valid until the next row.
class Row {
 public:
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;

 protected:
  ~Row() = default;
};

template <class T>
struct Column;
template <std::integral T>
struct Column<T> {
  static T read(const Row& r, int c) { return static_cast<T>(r.integer(c)); }
};
template <>
struct Column<bool> {
  static bool read(const Row& r, int c) { return r.integer(c) != 0; }
};
template <>
struct Column<double> {
  static double read(const Row& r, int c) { return r.real(c); }
};
template <>
struct Column<std::string> {
  static std::string read(const Row& r, int c) { return std::string(r.text(c)); }
};
template <>
struct Column<Instant> {
  static Instant read(const Row& r, int c) { return {r.integer(c)}; }
};
template <>
struct Column<Duration> {
  static Duration read(const Row& r, int c) { return {r.integer(c)}; }
};
template <class Tag>
struct Column<Id<Tag>> {
  static Id<Tag> read(const Row& r, int c) { return {r.integer(c)}; }
};
template <class E>
requires std::is_enum_v<E>
struct Column<E> {
  static E read(const Row& r, int c) { return sql_parse(r.text(c), static_cast<E*>(nullptr)); }
};
template <class T>
struct Column<std::optional<T>> {
  static std::optional<T> read(const Row& r, int c) {
    if (r.is_null(c)) return std::nullopt;
    return Column<T>::read(r, c);
  }
};
template <class T>
concept SingleColumn = requires(const Row& r) {
  Column<T>::read(r, 0);
};

// Reads the columns in order into the members of an aggregate, or one column into a scalar.
template <class T>
T read_row(const Row& row) {
  if constexpr (SingleColumn<T>) {
    return Column<T>::read(row, 0);
  } else {
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
      return T{Column<boost::pfr::tuple_element_t<i, T>>::read(row, static_cast<int>(i))...};
    }
    (std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
  }
}

// A consistent view of the database; lives for one call.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // While it lives, the call may add rows and alter none, or (is_on false) may alter again.
  class AddsOnly {
   public:
    explicit AddsOnly(Snapshot& db, bool is_on = true) : db_(db), before_(std::exchange(db.is_add_only_, is_on)) {}
    ~AddsOnly() { db_.is_add_only_ = before_; }
    AddsOnly(const AddsOnly&) = delete;
    AddsOnly& operator=(const AddsOnly&) = delete;

   private:
    Snapshot& db_;
    bool before_;
  };

  template <class T, class... P>
  std::vector<T> all(const Query& query, const P&... p) {
    std::vector<T> rows;
    each<T>(
        query, [&](T&& row) { rows.push_back(std::move(row)); }, p...);
    return rows;
  }
  // The first row, if any.
  template <class T, class... P>
  std::optional<T> one(const Query& query, const P&... p) {
    std::optional<T> first;
    each<T>(
        query,
        [&](T&& row) {
          if (!first) first.emplace(std::move(row));
        },
        p...);
    return first;
  }
  // Calls f(T&&) for each row as it comes: for results too large to keep.
  template <class T, class F, class... P>
  void each(const Query& query, F&& f, const P&... p) {
    const Value values[sizeof...(P) + 1] = {to_value(p)..., Value{}};
    check_right(query);
    run(query, std::span(values, sizeof...(P)), [&](const Row& row) { f(read_row<T>(row)); });
  }

 protected:
  void check_right(const Query& query) const {
    if (is_add_only_ && query.is_altering()) refuse(query);
  }
  using RowSink = std::function<void(const Row&)>;
  // Runs the query, hands over each row, returns the number of rows changed. Throws sql::Error.
  virtual std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) = 0;

 private:
  [[noreturn]] static void refuse(const Query& query);  // throws Error::Kind::bug: the call is undone

  bool is_add_only_ = false;
};

// A domain event: appended to the event log in the same transaction, published after the commit.
struct Event {
  std::string topic;        // "doctor/17": who is concerned
  std::string kind;         // "booking.hold_created": what happened, dotted, past tense
  std::string payload;      // JSON object of ids and instants; no names, no clinical content
  std::int64_t id = 0;      // its row in the event log; known to listeners, not yet to the call
  bool is_foreign = false;  // of a call of another node, or of a command beside this one
};

// The one write transaction of a call. Leaving with a failure undoes everything that it did.
//
// Each wait for a database on another machine, or in another process, is time in which the locks of this transaction
// are held. What need not be waited for at once is sent with what comes next: ask, change_later, exec_later.
class Txn : public Snapshot {
 public:
  // An answer on its way. Copies of it share the answer; it must not outlive the transaction.
  template <class T>
  class Asked {
   public:
    // Waits for this answer and for all that was sent before it.
    const std::vector<T>& all() {
      txn_->settle();
      return *rows_;
    }
    // The first row, if any.
    std::optional<T> one() { return all().empty() ? std::nullopt : std::optional<T>(rows_->front()); }

   private:
    friend class Txn;
    explicit Asked(Txn& txn) : txn_(&txn) {}
    Txn* txn_;
    std::shared_ptr<std::vector<T>> rows_ = std::make_shared<std::vector<T>>();
  };

  // Returns the number of rows changed.
  template <class... P>
  std::int64_t exec(const Query& query, const P&... p) {
    const Value values[sizeof...(P) + 1] = {to_value(p)..., Value{}};
    check_right(query);
    return run(query, std::span(values, sizeof...(P)), {});
  }
  // The rows of a query that changes nothing, when they are needed.
  template <class T, class... P>
  Asked<T> ask(const Query& query, const P&... p) {
    return send<T>(Later::reads, query, p...);
  }
  // The rows that a changing statement returns, when they are needed.
  template <class T, class... P>
  Asked<T> change_later(const Query& query, const P&... p) {
    return send<T>(Later::changes, query, p...);
  }
  // Runs in its turn, at the latest with the commit; if the database refuses it, the call is broken.
  template <class... P>
  void exec_later(const Query& query, const P&... p) {
    const Value values[sizeof...(P) + 1] = {to_value(p)..., Value{}};
    check_right(query);
    run_later(query, std::span(values, sizeof...(P)), {}, Later::changes);
  }
  // Runs at the end of the transaction, after all that its calls ask, what has a smaller `order` first: for rows that
  // many transactions want, so that all of them lock these last and in one order. Parameters are numbers. Nobody but
  // this call sees in this transaction that it has run, and this call after `last_up_to`.
  template <class... P>
  void exec_last(std::int64_t order, const Query& query, const P&... p) {
    const Value values[sizeof...(P) + 1] = {to_value(p)..., Value{}};
    check_right(query);
    run_last(order, query, std::span(values, sizeof...(P)));
  }
  // Runs now what this call has left for the end with an order up to this one.
  virtual void last_up_to(std::int64_t /*order*/) {}
  // Appends to the event log.
  virtual void emit(Event event) = 0;
  // What the record of the commit says of this call: who did what. One to a call; see Recorder. Without one the record
  // says what the call emitted.
  virtual void record(std::string entry) = 0;
  // Runs after the transaction is durable and before the reply, in commit order; never if it is undone. Must not throw.
  virtual void on_commit(std::function<void()> action) = 0;
  // Runs, on the engine's thread, when the commit got no answer, so that nobody knows whether this call is stored: who
  // keeps something in memory beside the database reads it again. Never together with the on_commit actions, nor for a
  // call that was refused. Must not throw, nor wait for the engine.
  virtual void on_doubt(std::function<void()> action) = 0;

 protected:
  enum class Later : std::uint8_t { reads, changes };
  // An engine whose statements cost no waiting runs them at once.
  virtual void run_later(const Query& query, std::span<const Value> values, const RowSink& sink, Later) {
    run(query, values, sink);
  }
  // Where transactions do not run side by side there is no need to wait for the end.
  virtual void run_last(std::int64_t /*order*/, const Query& query, std::span<const Value> values) {
    run_later(query, values, {}, Later::changes);
  }
  // Waits for the answers to all that was sent. Throws sql::Error for the first that was refused.
  virtual void settle() {}

 private:
  template <class T, class... P>
  Asked<T> send(Later later, const Query& query, const P&... p) {
    const Value values[sizeof...(P) + 1] = {to_value(p)..., Value{}};
    check_right(query);
    Asked<T> asked(*this);
    run_later(
        query, std::span(values, sizeof...(P)),
        [rows = asked.rows_](const Row& row) { rows->push_back(read_row<T>(row)); }, later);
    return asked;
  }
};

// A statement that the database refused, or a database that is gone. Domain code does not catch it.
class Error : public std::exception {
 public:
  enum class Kind : std::uint8_t { constraint, busy_retry, disk_full, unavailable, bug };
  Error(Kind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
  Kind kind() const { return kind_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Kind kind_;
  std::string message_;
};

}  // namespace fairward::sql

namespace fairward {
using sql::Snapshot;
using sql::Txn;
}  // namespace fairward
