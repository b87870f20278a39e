// How a backup is opened again, and what is proved of it on the way.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "platform/backup/backup.h"
#include "platform/backup/files.h"
#include "platform/backup/process.h"
#include "platform/backup/shelf.h"

namespace fairward::backup {
namespace {

// The plain bytes of a file of the backup.
void plain_each(const Found& backup, const std::optional<crypto::SealKey>& key, std::string_view name,
                const crypto::Sink& take) {
  const std::string path = fmt::format("{}/{}", backup.path, name);
  const Descriptor file = open_for_reading(path);
  if (!backup.manifest.key_id) return read_all(file.get(), path, take);
  try {
    crypto::Opener opener(key.value(), place_of(backup.manifest, name), take);
    read_all(file.get(), path, [&](std::string_view bytes) { opener.write(bytes); });
    opener.finish();
  } catch (const crypto::SealBroken& broken) {
    throw bad_copy(fmt::format("{} does not open: {}", path, broken.what()));
  }
}

}  // namespace

void files_check(const Found& backup) {
  for (const File& file : backup.manifest.files) {
    const std::string path = fmt::format("{}/{}", backup.path, file.name);
    if (!is_file(path)) throw bad_copy(path + " is missing");
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    if (bytes != file.bytes)
      throw bad_copy(fmt::format("{} has {} bytes, it was written with {}", path, bytes, file.bytes));
    if (file_hash(path) != file.sha256)
      throw bad_copy(path + " was changed after it had been written: its hash is another");
  }
}

void sqlite_unpack(const Found& backup, const std::optional<crypto::SealKey>& key, const std::string& to) {
  const Descriptor file = open_new(to);
  plain_each(backup, key, database_file, [&](std::string_view bytes) { write_all(file.get(), bytes, to); });
  sync(to);
}

void postgres_unpack(const Found& backup, const std::optional<crypto::SealKey>& key, const Source& target) {
  // pg_restore commits when its input ends: the end must be the true one.
  if (backup.manifest.key_id) plain_each(backup, key, database_file, [](std::string_view) {});
  const std::string program =
      postgres_program("pg_restore", target.postgres_bin, sql::PostgresSnapshot(target.place).server_major());
  Variables variables = target.environment;
  std::string database;
  for (auto& variable : sql::postgres_environment(target.place)) {
    if (variable.first == "PGDATABASE") database = variable.second;
    variables.push_back(std::move(variable));
  }
  Process restore({program, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--no-password",
                   "--dbname=" + database},
                  variables, Process::Pipe::reads_ours);
  std::string reason;
  try {
    plain_each(backup, key, database_file,
               [&](std::string_view bytes) { write_all(restore.pipe(), bytes, "pg_restore"); });
  } catch (const std::system_error& error) { reason = error.what(); }  // it stopped reading, and says why
  const std::string said = restore.end();
  if (!said.empty() || !reason.empty())
    throw Trouble(Trouble::Kind::unavailable, fmt::format("{}: {}", program, said.empty() ? reason : said));
}

std::optional<std::string> signing_key(const Found& backup, const std::optional<crypto::SealKey>& key) {
  if (!backup.manifest.file(signing_key_file)) return std::nullopt;
  std::string text;
  plain_each(backup, key, signing_key_file, [&](std::string_view bytes) { text += bytes; });
  return text;
}

void facts_check(const Manifest& manifest, const sql::DatabaseFacts& facts) {
  if (facts.tables.size() != manifest.tables.size())
    throw bad_copy(fmt::format("{} tables were restored, {} were copied", facts.tables.size(), manifest.tables.size()));
  for (std::size_t i = 0; i < facts.tables.size(); ++i) {
    const sql::TableFacts& now = facts.tables[i];
    const Table& then = manifest.tables[i];
    if (now.table != then.name) throw bad_copy(fmt::format("the table {} is missing", then.name));
    if (now.rows != then.rows)
      throw bad_copy(fmt::format("{} has {} rows, it had {} when it was copied", now.table, now.rows, then.rows));
    if (now.hash != then.hash) throw bad_copy(fmt::format("rows of {} differ from those that were copied", now.table));
  }
  if (facts.schema != manifest.schema || facts.newest_event != manifest.newest_event)
    throw bad_copy("the newest event or migration is another than when it was copied");
}

}  // namespace fairward::backup
