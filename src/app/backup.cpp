// fairward backup: makes one beside a running server, lists what there is, makes the key that seals them.
#include "app/backup.h"

#include <fmt/format.h>
#include <unistd.h>

#include "app/files.h"
#include "app/version.h"
#include "platform/log/log.h"

namespace fairward::app {
namespace {

constexpr double megabyte = 1024.0 * 1024.0;

std::string size_text(std::int64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / megabyte); }

std::string sealed_text(const backup::Manifest& manifest) {
  return manifest.key_id ? "sealed with key " + *manifest.key_id : "not sealed";
}

void made_print(const backup::Found& made) {
  const backup::Manifest& manifest = made.manifest;
  fmt::print("backup   {}\n", made.path);
  fmt::print("content  {} rows in {} tables, newest event {}, of {}\n", manifest.rows(), manifest.tables.size(),
             manifest.newest_event, to_rfc3339(manifest.began_at));
  fmt::print("size     {}, {}\n", size_text(manifest.bytes()), sealed_text(manifest));
  fmt::print("took     {:.1f} s\n", static_cast<double>((manifest.ended_at - manifest.began_at).ms) / 1000);
}

// So that the server tells how old the last one is; the backup is good even if the database does not take the note.
void made_note(const Database& database, const World& world, const backup::Manifest& manifest) {
  try {
    const auto engine = database_open(database, world.clock);
    engine->write_now([&](Txn& txn) {
      backup::record_note(txn, manifest);
      return true;
    });
    engine->stop();
  } catch (const sql::Error& error) {
    fmt::print(stderr, "fairward: the backup is good, but the database did not take a note of it: {}\n", error.what());
  }
}

backup::Keep keep_of(const config::Settings& settings) {
  return {settings.integer("backup.keep_last"), settings.integer("backup.keep_days")};
}

}  // namespace

std::optional<crypto::SealKey> seal_key_read(const std::string& path) {
  using backup::Trouble;
  if (path.empty()) return std::nullopt;
  if (!file_exists(path)) throw Trouble(Trouble::Kind::wrong_key, fmt::format("there is no key file {}", path));
  std::string text = file_read(path);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  auto key = crypto::SealKey::parse(text);
  if (!key) throw Trouble(Trouble::Kind::wrong_key, fmt::format("{} is not a key that fairward backup key made", path));
  return key;
}

backup::Source backup_source(const config::Settings& settings, const Database& database) {
  backup::Source source;
  source.is_postgres = database.is_postgres;
  source.place = database.place;
  source.signing_key_file = settings.text("data.folder") + "/signing.key";
  for (const auto& [name, value] : config::process_environment()) source.environment.emplace_back(name, value);
  source.postgres_bin = settings.text("backup.postgres_bin");
  return source;
}

backup::ScheduleOptions schedule_options(const config::Settings& settings, const Database& database) {
  backup::ScheduleOptions options;
  options.source = backup_source(settings, database);
  options.make.folder = settings.text("backup.folder");
  options.make.key = seal_key_read(settings.text("backup.key_file"));
  options.make.product = version;
  options.keep = keep_of(settings);
  options.every = hours(settings.integer("backup.every_hours"));
  options.age_max = hours(settings.integer("backup.max_age_hours"));
  return options;
}

sql::CopyProgress progress_print() {
  constexpr std::int64_t step_bytes = 64 * 1024 * 1024;
  const bool is_terminal = ::isatty(STDERR_FILENO) != 0;
  return [is_terminal, last = std::int64_t{-1}](std::int64_t done, std::int64_t total) mutable {
    const std::int64_t shown = total > 0 ? done * 100 / total : done / step_bytes;
    if (shown == last || (!is_terminal && total > 0 && shown / 25 == last / 25 && last >= 0)) return;
    last = shown;
    const std::string text = total > 0 ? fmt::format("{:3} %  {} of {}", shown, size_text(done), size_text(total))
                                       : fmt::format("{} written", size_text(done));
    fmt::print(stderr, "{}{}{}", is_terminal ? "\r" : "", text, is_terminal && done < total ? "" : "\n");
  };
}

ExitCode exit_code_of(const backup::Trouble& trouble) {
  using Kind = backup::Trouble::Kind;
  switch (trouble.kind) {
    case Kind::wrong_key: return exit_config;
    case Kind::unavailable: return exit_unavailable;
    case Kind::bad_copy:
    case Kind::refused: break;
  }
  return exit_failure;
}

ExitCode command_backup(const config::Settings& settings, const World& world, const BackupCommand& command) {
  const auto database = database_of(settings);
  const std::string folder = command.folder.empty() ? settings.text("backup.folder") : command.folder;
  if (!database || folder.empty()) {
    fmt::print(stderr, "fairward: {}\n", database ? "name the folder of the backups" : database.error());
    return database ? exit_usage : exit_config;
  }
  try {
    backup::MakeOptions options;
    options.folder = folder;
    options.key = seal_key_read(command.key_file.empty() ? settings.text("backup.key_file") : command.key_file);
    options.product = version;
    options.progress = progress_print();
    const auto made = backup::make(backup_source(settings, *database), options, world.clock, world.entropy);
    made_print(made);
    made_note(*database, world, made.manifest);
    if (command.thin_out)
      for (const std::string& path : backup::thin_out(folder, keep_of(settings), options.key, world.clock.now()))
        fmt::print("removed  {}\n", path);
    return exit_ok;
  } catch (const backup::Trouble& trouble) {
    fmt::print(stderr, "fairward: {}\n", trouble.what());
    return exit_code_of(trouble);
  }
}

ExitCode command_backup_key(const World& world, const std::string& file) {
  if (file_exists(file)) {
    fmt::print(stderr, "fairward: {} is there already; a key that is gone opens nothing any more\n", file);
    return exit_failure;
  }
  const std::string key = key_load_or_make(file, world.entropy);
  fmt::print("key      {}\nin       {}\n", crypto::SealKey::parse(key).value().id(), file);
  fmt::print("Keep a copy of it away from this machine and from the backups: without it they cannot be opened.\n");
  return exit_ok;
}

ExitCode command_backup_list(const config::Settings& settings, const BackupCommand& command) {
  try {
    const auto key = seal_key_read(command.key_file.empty() ? settings.text("backup.key_file") : command.key_file);
    const auto all = backup::list(command.folder.empty() ? settings.text("backup.folder") : command.folder, key);
    for (const backup::Found& one : all)
      fmt::print("{}  {:>10}  {:>9} rows  {}\n", one.manifest.name, size_text(one.manifest.bytes()),
                 one.manifest.rows(), sealed_text(one.manifest));
    if (all.empty()) fmt::print(stderr, "fairward: there is no whole backup\n");
    return all.empty() ? exit_failure : exit_ok;
  } catch (const backup::Trouble& trouble) {
    fmt::print(stderr, "fairward: {}\n", trouble.what());
    return exit_code_of(trouble);
  }
}

}  // namespace fairward::app
