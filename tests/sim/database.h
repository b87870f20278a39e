// The one database of a simulated world, which its nodes share: SQLite in memory, and towards the nodes what PostgreSQL
// is to them: a clock of its own, numbers of events that are given once, commits that can be told apart.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "platform/sql/batch.h"
#include "platform/sql/sqlite_connection.h"

namespace fairward::sim {

class Database {
 public:
  explicit Database(const Clock& clock) : clock_(clock), connection_(":memory:", sql::SqliteAccess::write, {}) {}

  // Makes the tables. Once, before anything else.
  void migrate();
  // Writes, and shows the database, past all faults; not while calls run.
  void fill(const std::function<void(Txn&)>& work);
  void look(const std::function<void(Snapshot&)>& work);
  std::int64_t node_number() { return ++last_node_; }
  const Clock& clock() const { return clock_; }

  // A standby has taken over: what nodes remember of numbers of transactions means nothing any more.
  void change_hands() { ++history_; }
  int history() const { return history_; }

  // What the connections of nodes do. A node has its own numbers of events and asks this clock; for whoever has the
  // database for himself it is SQLite and nothing else.
  sql::SqliteConnection& connection() { return connection_; }
  std::int64_t run(bool is_shared, const sql::Query& query, std::span<const sql::Value> values,
                   const sql::RowSink& sink);
  void committed();
  void rolled_back() { first_event_ = last_event_ + 1; }

  // Commits are numbered from 1.
  std::int64_t commits() const { return static_cast<std::int64_t>(commits_.size()); }
  struct LoggedEvent {
    sql::Event event;
    Instant at;
  };
  // What other nodes have logged with that commit, as far as the log is kept.
  std::vector<LoggedEvent> events_of(std::int64_t commit, std::int64_t but_of_node);

 private:
  struct Commit {
    std::int64_t first_event, last_event;
  };
  std::int64_t run_by_own_clock(std::size_t parameter, const sql::Query& query, std::span<const sql::Value> values,
                                const sql::RowSink& sink);
  int clock_parameter(const sql::Query& query);

  const Clock& clock_;
  sql::SqliteConnection connection_;
  std::int64_t last_node_ = 0, last_event_ = 0, first_event_ = 1;
  std::vector<Commit> commits_;
  std::unordered_map<const sql::Query*, int> clock_parameters_;
  int history_ = 0;
};

}  // namespace fairward::sim
