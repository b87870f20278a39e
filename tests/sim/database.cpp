// See the header.
#include "database.h"

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <exception>

#include "platform/sql/migrate.h"

namespace fairward::sim {
namespace {

#define SIM_QUERY(name, text) \
  constexpr sql::Query name { #name, text, text }
// As a sequence numbers it: what was rolled back has used its numbers up.
SIM_QUERY(event_add,
          "INSERT INTO platform_event (topic, kind, payload, at, node, id) VALUES ($1, $2, $3, $4, $5, $6) RETURNING "
          "id");
SIM_QUERY(events_between,
          "SELECT topic, kind, payload, id, at FROM platform_event WHERE id BETWEEN $1 AND $2 AND node <> $3 ORDER BY "
          "id");
#undef SIM_QUERY

struct EventRow {
  std::string topic, kind, payload;
  std::int64_t id;
  Instant at;
};

}  // namespace

void Database::migrate() {
  for (const sql::Migration& migration : sql::all_migrations())
    connection_.execute(sql::migration_text(migration, sql::Dialect::sqlite));
}

void Database::fill(const std::function<void(Txn&)>& work) {
  sql::Publisher nobody;
  std::atomic<std::uint64_t> retries{0};
  sql::BatchRunner runner(connection_, nobody, clock_, retries);
  sql::WriteCall call{0,
                      [&](Txn& txn) {
                        work(txn);
                        return true;
                      },
                      [](sql::Outcome outcome) {
                        if (outcome != sql::Outcome::done) std::abort();
                      }};
  runner.run({&call, 1});
}

void Database::look(const std::function<void(Snapshot&)>& work) {
  std::exception_ptr thrown;
  sql::Engine::Read read([&](Snapshot& db) {
    try {
      work(db);
    } catch (...) { thrown = std::current_exception(); }
  });
  sql::run_read(connection_, read);
  if (thrown) std::rethrow_exception(thrown);
}

std::int64_t Database::run(bool is_shared, const sql::Query& query, std::span<const sql::Value> values,
                           const sql::RowSink& sink) {
  if (!is_shared) return connection_.run(query, values, sink);
  if (query.name() == "sql_event_insert") {
    std::vector<sql::Value> numbered(values.begin(), values.end());
    numbered.push_back(sql::to_value(++last_event_));
    return connection_.run(event_add, numbered, sink);
  }
  const int parameter = clock_parameter(query);
  if (parameter < 0) return connection_.run(query, values, sink);
  return run_by_own_clock(static_cast<std::size_t>(parameter), query, values, sink);
}

std::int64_t Database::run_by_own_clock(std::size_t parameter, const sql::Query& query,
                                        std::span<const sql::Value> values, const sql::RowSink& sink) {
  std::vector<sql::Value> timed(values.begin(), values.end());
  timed.at(parameter) = sql::to_value(clock_.now());
  return connection_.run(query, timed, sink);
}

// Where a query asks PostgreSQL's clock, the caller's own word stands beside it, for SQLite: its place, or -1.
int Database::clock_parameter(const sql::Query& query) {
  const auto known = clock_parameters_.find(&query);
  if (known != clock_parameters_.end()) return known->second;
  constexpr std::string_view asked = "clock_timestamp()) * 1000)::bigint, $";
  const std::string_view text = query.postgres();
  int number = 0;
  if (const std::size_t at = text.find(asked); at != std::string_view::npos)
    std::from_chars(text.data() + at + asked.size(), text.data() + text.size(), number);
  return clock_parameters_[&query] = number - 1;
}

void Database::committed() {
  commits_.push_back({first_event_, last_event_});
  first_event_ = last_event_ + 1;
}

std::vector<Database::LoggedEvent> Database::events_of(std::int64_t commit, std::int64_t but_of_node) {
  const Commit& c = commits_.at(static_cast<std::size_t>(commit - 1));
  std::vector<LoggedEvent> events;
  if (c.first_event > c.last_event) return events;
  look([&](Snapshot& db) {
    for (EventRow& row : db.all<EventRow>(events_between, c.first_event, c.last_event, but_of_node))
      events.push_back({{std::move(row.topic), std::move(row.kind), std::move(row.payload), row.id, true}, row.at});
  });
  return events;
}

}  // namespace fairward::sim
