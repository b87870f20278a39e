// fairward restore: proves a backup in a place of its own (--verify), or makes a database of it (--into). Either way
// all of the proof is done, and what does not pass is not kept.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "app/audit.h"
#include "app/backup.h"
#include "app/files.h"
#include "app/invariants.h"
#include "platform/sql/schema_state.h"

namespace fairward::app {
namespace {

using backup::Found;
using backup::Trouble;
using Key = std::optional<crypto::SealKey>;

constexpr std::string_view database_name = "fairward.db";

void say(std::string_view what, const std::string& text) {
  fmt::print("{:<10} {}\n", what, text);
  std::fflush(stdout);
}

Trouble refused(const std::string& sentence) { return {Trouble::Kind::refused, sentence}; }

// The folder of a backup, or of many: then the newest.
Found backup_at(const std::string& path, const Key& key) {
  if (!file_exists(path)) throw refused(fmt::format("there is no {}", path));
  if (file_exists(fmt::format("{}/{}", path, backup::manifest_file))) return {path, backup::manifest_read(path, key)};
  const auto all = backup::list(path, key);
  if (all.empty()) throw backup::bad_copy(fmt::format("{} is not a backup, and there is no whole one in it", path));
  return {all.back().path, backup::manifest_read(all.back().path, key)};
}

bool is_postgres(const Found& found) { return found.manifest.engine == "postgres"; }

// A folder that goes with what is in it.
class Scratch {
 public:
  explicit Scratch(const std::string& parent) : path_(parent + "/.fairward-restore-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) throw std::system_error(errno, std::generic_category(), path_);
  }
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  std::string path_;
};

class Restore {
 public:
  Restore(const config::Settings& settings, const World& world, const RestoreCommand& command)
      : settings_(settings), world_(world), command_(command) {}

  void run() {
    key_ = seal_key_read(command_.key_file.empty() ? settings_.text("backup.key_file") : command_.key_file);
    found_ = backup_at(command_.backup, key_);
    const backup::Manifest& manifest = found_.manifest;
    say("backup", found_.path);
    say("of",
        fmt::format("{}, fairward {}, {} {}, {}", to_rfc3339(manifest.began_at), manifest.product, manifest.engine,
                    manifest.engine_version, manifest.key_id ? "sealed with key " + *manifest.key_id : "not sealed"));
    backup::files_check(found_);
    backup::signing_key(found_, key_);  // opens; the database is opened below
    say("files", fmt::format("{} as they were written", manifest.files.size()));
    if (is_postgres(found_)) postgres();
    else sqlite();
  }

 private:
  // Of the version that it was made by, brought to that of this program.
  void prove(const Database& database, const sql::DatabaseFacts& facts) {
    backup::facts_check(found_.manifest, facts);
    say("rows", fmt::format("{} in {} tables, as many as were copied{}", found_.manifest.rows(), facts.tables.size(),
                            database.is_postgres ? ", and the same" : ""));
    database_migrate(database, [](const std::string& step) { say("migrated", step); });
    const auto engine = database_open(database, world_.clock, false);
    int broken = 0;
    audit::Report record;
    engine->read_now([&](Snapshot& db) {
      record = audit::verify(db, audit_keys());
      broken = invariants_report(db, invariants(static_cast<int>(settings_.integer("booking.open_holds_per_patient"))),
                                 true);
    });
    engine->stop();
    if (broken > 0) throw backup::bad_copy(fmt::format("{} invariants are broken in this backup", broken));
    say("sound", "every invariant holds");
    if (!record.faults.empty())
      throw backup::bad_copy(fmt::format("the record of who did what is not as it was kept: {}", report_text(record)));
    say("audit", report_text(record));
  }

  // Of the signing key in the backup, and of the one here. What was sealed with others is not proved, which is said.
  std::vector<audit::Key> audit_keys() const {
    std::vector<audit::Key> keys;
    if (const auto text = backup::signing_key(found_, key_))
      if (auto key = audit_key_parse(*text)) keys.push_back(std::move(*key));
    if (auto key = audit_key_find(settings_)) keys.push_back(std::move(*key));
    return keys;
  }

  static void damage_check(const std::string& path) {
    const auto damage = sql::sqlite_damage(path);
    if (!damage.empty()) throw backup::bad_copy("the database is damaged: " + damage.front());
    say("integrity", "SQLite finds no damage");
  }

  void sqlite() {
    const bool is_kept = !command_.into.empty();
    if (is_kept && command_.into.find("://") != std::string::npos)
      throw refused("this is a backup of an embedded database: --into names a data folder");
    if (is_kept) refuse_filled_folder();
    if (is_kept) folder_make(command_.into);
    const Scratch scratch(is_kept ? command_.into : scratch_folder());
    const std::string file = scratch.file(database_name);
    backup::sqlite_unpack(found_, key_, file);
    damage_check(file);
    prove({false, file, 1, 1}, sql::sqlite_facts(file));
    if (is_kept) sqlite_keep(file);
  }

  // Where patients' data lie anyway.
  std::string scratch_folder() const {
    if (!command_.scratch.empty()) return command_.scratch;
    const std::string& data = settings_.text("data.folder");
    return file_exists(data) ? data : std::filesystem::temp_directory_path().string();
  }

  std::string kept_file() const { return fmt::format("{}/{}", command_.into, database_name); }

  void refuse_filled_folder() const {
    if (!file_exists(kept_file())) return;
    if (sql::sqlite_is_in_use(kept_file())) throw refused(fmt::format("{} is in use; stop the server", kept_file()));
    if (command_.replace) return;
    throw refused(fmt::format("{} has a database; say --replace to put that aside", command_.into));
  }

  // What was there keeps its place under another name, its log with it.
  void put_aside() const {
    const std::string aside = kept_file() + ".before-restore-" + to_rfc3339(world_.clock.now());
    for (const char* ending : {"", "-wal", "-shm"})
      if (file_exists(kept_file() + ending)) std::filesystem::rename(kept_file() + ending, aside + ending);
    const std::string anchor = command_.into + "/" + std::string(anchor_name);  // of the record that goes
    if (file_exists(anchor)) std::filesystem::rename(anchor, aside + "-" + std::string(anchor_name));
    say("put aside", aside);
  }

  void sqlite_keep(const std::string& file) const {
    if (file_exists(kept_file())) put_aside();
    std::filesystem::rename(file, kept_file());
    signing_key_keep(command_.into);
    file_sync(command_.into);
    say("restored", fmt::format("into {}; start the server with --data.folder={}", kept_file(), command_.into));
  }

  void signing_key_keep(const std::string& folder) const {
    const auto signing_key = backup::signing_key(found_, key_);
    const std::string path = folder + "/signing.key";
    if (!signing_key || file_exists(path)) return;
    private_file_write(path, *signing_key);
    say("key", path);
  }

  std::string with_user(std::string url) const {
    config::Settings settings = settings_;
    settings.set("database.url", std::move(url), "--into");
    const auto database = database_of(settings);
    if (!database || !database->is_postgres)
      throw refused("this is a backup of PostgreSQL: name the database as postgresql://host/name");
    return database->place;
  }

  void postgres() {
    if (!command_.into.empty()) return postgres_into(with_user(command_.into));
    if (!command_.scratch.empty()) return postgres_given(with_user(command_.scratch));
    const auto database = database_of(settings_);
    if (!database || !database->is_postgres)
      throw refused(
          "a backup of PostgreSQL is proved on a server of PostgreSQL: name one by --database.url or --scratch");
    const std::string name = "fairward_verify_" + std::to_string(world_.entropy.below(1'000'000'000));
    sql::postgres_database_make(database->place, name);
    say("scratch", "database " + name + ", dropped at the end");
    try {
      postgres_fill(sql::postgres_url_of(database->place, name));
    } catch (...) {
      sql::postgres_database_drop(database->place, name);
      throw;
    }
    sql::postgres_database_drop(database->place, name);
  }

  void postgres_fill(const std::string& url) {
    const Database database{true, url, 1, 1};
    backup::postgres_unpack(found_, key_, backup_source(settings_, database));
    prove(database, sql::PostgresSnapshot(url).facts());
  }

  void postgres_given(const std::string& url) {
    if (!sql::postgres_is_empty(url)) throw refused("the scratch database is not empty");
    try {
      postgres_fill(url);
    } catch (...) {
      sql::postgres_clear(url);
      throw;
    }
    sql::postgres_clear(url);
  }

  void postgres_into(const std::string& url) {
    const bool is_empty = sql::postgres_is_empty(url);
    if (const auto users = sql::postgres_users(url); users > 0)
      throw refused(fmt::format("{} others are connected to the database; stop the servers", users));
    if (!is_empty && !command_.replace) throw refused("the database has tables; say --replace to put them aside");
    std::string aside = "before_restore_" + to_rfc3339(world_.clock.now());
    std::erase_if(aside, [](char c) { return c == '-' || c == ':' || c == '.'; });
    if (!is_empty) sql::postgres_put_aside(url, aside);
    try {
      postgres_fill(url);
    } catch (...) {
      if (is_empty) sql::postgres_clear(url);
      else sql::postgres_take_back(url, aside);
      throw;
    }
    if (!is_empty) say("put aside", "schema " + aside + "; drop it when it is not needed any more");
    if (file_exists(settings_.text("data.folder"))) signing_key_keep(settings_.text("data.folder"));
    say("restored", "start the servers");
  }

  const config::Settings& settings_;
  const World& world_;
  const RestoreCommand& command_;
  Key key_;
  Found found_;
};

}  // namespace

ExitCode command_restore(const config::Settings& settings, const World& world, const RestoreCommand& command) {
  if (command.verify == !command.into.empty()) {
    fmt::print(stderr, "fairward: say --verify to prove the backup, or --into PLACE to make a database of it\n");
    return exit_usage;
  }
  try {
    Restore(settings, world, command).run();
    fmt::print("{}\n", command.verify ? "this backup is good" : "restored");
    return exit_ok;
  } catch (const Trouble& trouble) {
    fmt::print(stderr, "fairward: {}\n", trouble.what());
    return exit_code_of(trouble);
  }
}

}  // namespace fairward::app
