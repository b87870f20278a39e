#include "platform/sql/testing.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "platform/sql/migrate.h"
#include "platform/sql/parameters.h"
#include "platform/sql/postgres_connection.h"
#include "platform/sql/sqlite_connection.h"
#include "platform/sql/sqlite_inline.h"

namespace fairward::sql::testing {
namespace {

constexpr const char* binaries = "/usr/lib/postgresql/15/bin";
constexpr std::chrono::seconds start_max{30};

std::string binary(std::string_view name) { return fmt::format("{}/{}", binaries, name); }

bool is_postgres_skipped() {
  const char* skip = std::getenv("FAIRWARD_SKIP_POSTGRES");
  return skip != nullptr && std::string_view(skip) == "1";
}

std::string directory_make() {
  std::string path = (std::filesystem::temp_directory_path() / "fairward-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw Error(Error::Kind::unavailable, "no temporary directory");
  return path;
}

// PostgreSQL refuses to run as root: then it runs as postgres.
const passwd* postgres_user() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  if (user == nullptr)
    throw Error(Error::Kind::unavailable, "run as root, PostgreSQL needs the user postgres, which is missing");
  return user;
}

// The child's side of spawn. It goes when the tests go, however they end.
[[noreturn]] void become(std::vector<char*> arguments, const passwd* user, const std::string& directory) {
  if (user != nullptr && (::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int output = ::open((directory + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (::chdir(directory.c_str()) != 0) ::_exit(126);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int spawn(std::vector<std::string> arguments, const std::string& directory) {
  const passwd* user = postgres_user();
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const int pid = ::fork();
  if (pid == 0) become(std::move(pointers), user, directory);
  if (pid < 0) throw Error(Error::Kind::unavailable, "no new process");
  return pid;
}

void wait_for_end(int pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Error(Error::Kind::unavailable, fmt::format("initdb ended with status {}", status));
}

// The one cluster of the test process, with a migrated database to copy from.
PostgresCluster& shared_cluster() {
  static PostgresCluster cluster;
  static const bool is_ready = [] {
    postgres_execute(cluster.url("postgres"), "CREATE DATABASE migrated");
    migrate_postgres(cluster.url("migrated"), [](const std::string&) {});
    return true;
  }();
  (void)is_ready;
  return cluster;
}

std::string postgres_database_make(bool is_migrated) {
  static std::atomic<int> number{0};
  PostgresCluster& cluster = shared_cluster();
  const std::string name = fmt::format("test_{}", ++number);
  postgres_execute(cluster.url("postgres"),
                   fmt::format("CREATE DATABASE {} TEMPLATE {}", name, is_migrated ? "migrated" : "template0"));
  return cluster.url(name);
}

void postgres_database_drop(const std::string& url) {
  const std::string name = url.substr(url.rfind('=') + 1);
  try {
    postgres_execute(shared_cluster().url("postgres"), fmt::format("DROP DATABASE {} WITH (FORCE)", name));
  } catch (const Error&) {
    // It goes with the cluster.
  }
}

template <class C>
std::vector<std::string> problems_of(C&& connection, const std::vector<const Query*>& queries) {
  std::vector<std::string> problems;
  for (const Query* query : queries) try {
      connection.check(*query);
    } catch (const Error& error) { problems.emplace_back(error.what()); }
  return problems;
}

}  // namespace

std::vector<Kind> available_kinds() {
  std::vector kinds{Kind::inline_sqlite, Kind::sqlite};
  if (!is_postgres_skipped()) kinds.push_back(Kind::postgres);
  return kinds;
}

std::string kind_name(Kind kind) {
  switch (kind) {
    case Kind::inline_sqlite: return "inline_sqlite";
    case Kind::sqlite: return "sqlite";
    case Kind::postgres: return "postgres";
  }
  return "unknown";
}

Database::Database(Kind kind, Options options) : kind_(kind), options_(options) {
  switch (kind) {
    case Kind::inline_sqlite: place_ = ":memory:"; break;
    case Kind::sqlite:
      directory_ = directory_make();
      place_ = directory_ + "/test.db";
      if (options.is_migrated) migrate_sqlite(place_, [](const std::string&) {});
      break;
    case Kind::postgres: place_ = postgres_database_make(options.is_migrated); break;
  }
}

Database::~Database() {
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
  if (kind_ == Kind::postgres) postgres_database_drop(place_);
}

void Database::execute(const std::string& text) {
  if (kind_ == Kind::inline_sqlite) texts_.push_back(text);
  else if (kind_ == Kind::sqlite) SqliteConnection(place_, SqliteAccess::write, SqliteSync::off).execute(text);
  else postgres_execute(place_, text);
}

std::unique_ptr<Engine> Database::open(const Clock& clock) {
  switch (kind_) {
    case Kind::inline_sqlite: {
      auto engine = std::make_unique<InlineEngine>(place_, clock, options_.recorder);
      if (options_.is_migrated) migrate_inline(*engine);
      for (const std::string& text : texts_) engine->connection().execute(text);
      return engine;
    }
    case Kind::sqlite:
      return open_sqlite({.path = place_,
                          .queue_max = options_.queue_max,
                          .batch_max = options_.batch_max,
                          .recorder = options_.recorder},
                         clock);
    case Kind::postgres:
      return open_postgres({.url = place_,
                            .is_node = options_.is_node,
                            .writers = options_.writers,
                            .batch_max = options_.batch_max,
                            .queue_max = options_.queue_max,
                            .recorder = options_.recorder},
                           clock);
  }
  return nullptr;
}

PostgresCluster::PostgresCluster(bool is_durable) : directory_(directory_make()), is_durable_(is_durable) {
  if (!std::filesystem::exists(binary("initdb")))
    throw Error(
        Error::Kind::unavailable,
        fmt::format("PostgreSQL 15 is not in {}: install postgresql-15, or set FAIRWARD_SKIP_POSTGRES=1", binaries));
  if (const passwd* user = postgres_user();
      user != nullptr && ::chown(directory_.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw Error(Error::Kind::unavailable, "cannot give " + directory_ + " to postgres");
  wait_for_end(spawn({binary("initdb"), "-D", directory_ + "/data", "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                      "--locale=C.UTF-8", "--no-sync"},
                     directory_));
  start();
}

PostgresCluster::~PostgresCluster() {
  stop(SIGINT);
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string PostgresCluster::url(const std::string& database) const {
  return fmt::format("host={} user=postgres dbname={}", directory_, database);
}

void PostgresCluster::start() {
  const std::string fsync = is_durable_ ? "fsync=on" : "fsync=off";
  pid_ = spawn({binary("postgres"), "-D", directory_ + "/data", "-k", directory_, "-c", "listen_addresses=", "-c",
                "max_connections=200", "-c", "fairward.partitions=8", "-c", "log_min_messages=fatal", "-c", fsync},
               directory_);
  const auto give_up_at = std::chrono::steady_clock::now() + start_max;
  while (PQping(url("postgres").c_str()) != PQPING_OK) {
    if (::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = 0;
    if (pid_ == 0 || std::chrono::steady_clock::now() > give_up_at)
      throw Error(Error::Kind::unavailable, "PostgreSQL does not start; see " + directory_ + "/log");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void PostgresCluster::kill() { stop(SIGQUIT); }

void PostgresCluster::stop(int signal) {
  if (pid_ == 0) return;
  ::kill(pid_, signal);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
  pid_ = 0;
}

namespace {

// A connection whose commits get no answer.
class Unanswered final : public Connection {
 public:
  Unanswered(Connection& real, bool is_stored) : real_(real), is_stored_(is_stored) {}
  bool ready() override { return true; }
  bool is_abandoned() const override { return false; }
  void begin() override { real_.begin(); }
  void savepoint() override { real_.savepoint(); }
  void savepoint_release() override { real_.savepoint_release(); }
  void savepoint_undo() override { real_.savepoint_undo(); }
  void commit() override {
    if (is_stored_) real_.commit();
    else real_.rollback();
    throw Error(Error::Kind::unavailable, "the test gives no answer");
  }
  void rollback() noexcept override {}
  void begin_read() override { real_.begin_read(); }
  void end_read() noexcept override { real_.end_read(); }
  std::int64_t run(const Query& query, std::span<const Value> values, const RowSink& sink) override {
    return real_.run(query, values, sink);
  }

 private:
  Connection& real_;
  const bool is_stored_;
};

}  // namespace

void write_unanswered(Engine& engine, const Clock& clock, Engine::Write work, bool is_stored) {
  Unanswered connection(dynamic_cast<InlineEngine&>(engine).connection(), is_stored);
  Publisher publisher;
  std::atomic<std::uint64_t> retries{0};
  WriteCall call{0, std::move(work), [](Outcome) {}};
  BatchRunner(connection, publisher, clock, retries).run(std::span(&call, 1));
}

void postgres_execute(const std::string& url, const std::string& text) {
  const PostgresHandle handle(url);
  PQsetNoticeProcessor(
      handle.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(handle.get(), text.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw Error(Error::Kind::bug, PQerrorMessage(handle.get()));
}

std::vector<std::string> prepare_problems(const std::vector<const Query*>& queries, Kind kind,
                                          const std::string& place) {
  return kind == Kind::postgres ? problems_of(PostgresConnection(place), queries)
                                : problems_of(SqliteConnection(place, SqliteAccess::write, SqliteSync::off), queries);
}

std::vector<std::string> postgres_plan(const std::string& text, const std::string& value, const std::string& place) {
  const PostgresHandle handle(place);
  const auto run = [&](const std::string& statement) {
    std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(handle.get(), statement.c_str()), PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw Error(Error::Kind::bug, PQerrorMessage(handle.get()));
    return result;
  };
  std::string values;
  for (int i = parameter_count(text); i > 0; --i) values += "'" + value + (i > 1 ? "', " : "'");
  run("SET plan_cache_mode = force_custom_plan");
  run("SET constraint_exclusion = off");  // a CHECK that rules out the value must not hide what is asked
  run("PREPARE explained AS " + text);
  const auto result = run("EXPLAIN EXECUTE explained" + (values.empty() ? values : "(" + values + ")"));
  const int rows = PQntuples(result.get());
  std::vector<std::string> lines;
  lines.reserve(static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) lines.emplace_back(PQgetvalue(result.get(), row, 0));
  return lines;
}

std::vector<std::string> scanned_tables(const Query& query, const std::string& path) {
  SqliteConnection connection(path, SqliteAccess::write, SqliteSync::off);
  if (!problems_of(connection, {&query}).empty()) return {};
  // The plan of an INSERT into a parent table shows a scan of the children that is made only while a deferred foreign
  // key is open. Updates and deletes of parents are another matter.
  if (std::string_view(query.sqlite()).starts_with("INSERT")) connection.execute("PRAGMA foreign_keys=OFF");
  const std::vector<std::string> partial =
      connection.texts("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'");
  // A partial index holds what is asked for and nothing else: to read it in whole is no scan.
  const auto is_partial = [&](const std::string& line) {
    return std::any_of(partial.begin(), partial.end(),
                       [&](const std::string& name) { return line.ends_with(" " + name); });
  };
  // SCAN name: every row of a table; SCAN name USING … INDEX: every entry of an index, the same work. Subqueries,
  // views' results and constant rows are named by other words or in parentheses.
  std::vector<std::string> scanned;
  for (const std::string& line : connection.plan(query))
    if (line.starts_with("SCAN ") && !line.starts_with("SCAN (") && !line.starts_with("SCAN CONSTANT") &&
        !is_partial(line))
      scanned.push_back(line.substr(5));
  return scanned;
}

}  // namespace fairward::sql::testing
