// How a backup is made: into a folder with a name of its own, which gets its real name when all of it is on the disk.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "platform/backup/backup.h"
#include "platform/backup/files.h"
#include "platform/backup/process.h"
#include "platform/backup/shelf.h"

namespace fairward::backup {
namespace {

constexpr std::size_t id_bytes = 12;
constexpr std::int64_t megabyte = 1024 * 1024;

// "2026-11-21T20:35:42.123Z" without what file systems dislike.
std::string name_of(Instant at, std::string_view engine) {
  std::string text = to_rfc3339(Instant{at.ms - at.ms % 1000});
  text.pop_back();
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("{}{}.{:03}Z-{}", name_prefix, text, at.ms % 1000, engine);
}

void demand_space(const std::string& folder, std::int64_t bytes, std::string_view what) {
  if (const std::int64_t left = free_bytes(folder); left < bytes)
    throw Trouble(Trouble::Kind::unavailable, fmt::format("{} has {} MB left, and {} needs {} MB", folder,
                                                          left / megabyte, what, bytes / megabyte + 1));
}

// A folder under a name that is none of a backup; gone unless it is kept.
class Draft {
 public:
  Draft(const std::string& folder, const std::string& name)
      : path_(fmt::format("{}/.{}{}", folder, name, partial_ending)), kept_path_(folder + "/" + name), folder_(folder) {
    std::filesystem::create_directory(path_);
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }
  ~Draft() {
    if (!is_kept_) folder_remove(path_);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const std::string& path() const { return path_; }
  std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }
  // Everything reaches the disk before the name, and the name before anybody is told.
  std::string keep() {
    sync(path_);
    std::filesystem::rename(path_, kept_path_);
    is_kept_ = true;
    sync(folder_);
    return kept_path_;
  }

 private:
  const std::string path_, kept_path_, folder_;
  bool is_kept_ = false;
};

// One file of the backup as it is written: sealed with a key, counted, hashed, synced.
class Writer {
 public:
  Writer(const Draft& draft, const Manifest& manifest, const std::string& name,
         const std::optional<crypto::SealKey>& key)
      : path_(draft.file(name)), file_(open_new(path_)), entry_{name, 0, ""} {
    if (key) sealer_.emplace(*key, place_of(manifest, name), [this](std::string_view bytes) { take(bytes); });
  }

  void write(std::string_view bytes) {
    if (sealer_) sealer_->write(bytes);
    else take(bytes);
  }
  File finish() {
    if (sealer_) sealer_->finish();
    sync(path_);
    entry_.sha256 = crypto::hex(crypto::bytes_of(hash_.digest()));
    return entry_;
  }

 private:
  void take(std::string_view bytes) {
    write_all(file_.get(), bytes, path_);
    hash_.add(bytes);
    entry_.bytes += static_cast<std::int64_t>(bytes.size());
  }

  const std::string path_;
  const Descriptor file_;
  File entry_;
  crypto::Sha256 hash_;
  std::optional<crypto::Sealer> sealer_;
};

void facts_take(Manifest& manifest, const sql::DatabaseFacts& facts) {
  manifest.engine_version = facts.version;
  manifest.schema = facts.schema;
  manifest.newest_event = facts.newest_event;
  for (const sql::TableFacts& table : facts.tables) manifest.tables.push_back({table.table, table.rows, table.hash});
}

// A plain copy of what is to be sealed lies beside the database, never beside the backups, and has no name: it is gone
// with the program, however that ends.
void sqlite_sealed_copy(const Source& source, const MakeOptions& options, Writer& writer, Manifest& manifest) {
  const std::string copy = source.place + "-copy";
  std::filesystem::remove(copy);
  Descriptor file;
  facts_take(manifest, sql::sqlite_copy(source.place, copy, options.progress, [&] {
               file = open_for_reading(copy);
               std::filesystem::remove(copy);
             }));
  read_all(file.get(), copy, [&](std::string_view bytes) { writer.write(bytes); });
}

File sqlite_plain_copy(const Source& source, const MakeOptions& options, const Draft& draft, Manifest& manifest) {
  const std::string path = draft.file(database_file);
  facts_take(manifest, sql::sqlite_copy(source.place, path, options.progress));
  sync(path);
  return {std::string(database_file), static_cast<std::int64_t>(std::filesystem::file_size(path)), file_hash(path)};
}

void sqlite_make(const Source& source, const MakeOptions& options, const Draft& draft, Manifest& manifest) {
  if (!is_file(source.place))
    throw Trouble(Trouble::Kind::unavailable, fmt::format("there is no database {}", source.place));
  const Lock lock(source.place + "-copy-lock");
  if (!lock.is_held()) throw Trouble(Trouble::Kind::refused, "another backup of this database is being made");
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(source.place));
  demand_space(options.folder, bytes + megabyte, "the copy");
  if (!options.key) {
    manifest.files.push_back(sqlite_plain_copy(source, options, draft, manifest));
    return;
  }
  demand_space(std::filesystem::absolute(source.place).parent_path().string(), bytes + megabyte,
               "the copy that is to be sealed");
  Writer writer(draft, manifest, std::string(database_file), options.key);
  sqlite_sealed_copy(source, options, writer, manifest);
  manifest.files.push_back(writer.finish());
}

void postgres_make(const Source& source, const MakeOptions& options, const Draft& draft, Manifest& manifest) {
  const sql::PostgresSnapshot snapshot(source.place);
  const std::string program = postgres_program("pg_dump", source.postgres_bin, snapshot.server_major());
  Variables variables = source.environment;
  for (auto& variable : sql::postgres_environment(source.place)) variables.push_back(std::move(variable));
  Process dump({program, "--format=custom", "--no-owner", "--no-privileges", "--no-password",
                fmt::format("--exclude-schema={}*", aside_prefix), "--snapshot=" + snapshot.id()},
               variables, Process::Pipe::writes_to_us);
  Writer writer(draft, manifest, std::string(database_file), options.key);
  std::int64_t done = 0;
  read_all(dump.pipe(), program, [&](std::string_view bytes) {
    writer.write(bytes);
    done += static_cast<std::int64_t>(bytes.size());
    if (options.progress) options.progress(done, 0);
  });
  if (const std::string reason = dump.end(); !reason.empty())
    throw Trouble(Trouble::Kind::unavailable, fmt::format("{}: {}", program, reason));
  manifest.files.push_back(writer.finish());
  facts_take(manifest, snapshot.facts());
}

void signing_key_add(const Source& source, const MakeOptions& options, const Draft& draft, Manifest& manifest) {
  if (!options.key || source.signing_key_file.empty() || !is_file(source.signing_key_file)) return;
  Writer writer(draft, manifest, std::string(signing_key_file), options.key);
  writer.write(text_read(source.signing_key_file));
  manifest.files.push_back(writer.finish());
}

}  // namespace

Found make(const Source& source, const MakeOptions& options, const Clock& clock, Entropy& entropy) {
  std::filesystem::create_directories(options.folder);
  const Lock lock(options.folder + "/.lock");
  if (!lock.is_held())
    throw Trouble(Trouble::Kind::refused, fmt::format("another backup is being made in {}", options.folder));
  partials_remove(options.folder);
  Manifest manifest;
  manifest.began_at = clock.now();
  manifest.engine = source.is_postgres ? "postgres" : "sqlite";
  manifest.name = name_of(manifest.began_at, manifest.engine);
  manifest.id = entropy.token(id_bytes);
  manifest.product = options.product;
  if (options.key) manifest.key_id = options.key->id();
  Draft draft(options.folder, manifest.name);
  if (source.is_postgres) postgres_make(source, options, draft, manifest);
  else sqlite_make(source, options, draft, manifest);
  signing_key_add(source, options, draft, manifest);
  manifest.ended_at = clock.now();
  const std::string json = to_json(manifest);
  text_write(draft.file(manifest_file), json);
  text_write(draft.file(seal_file), seal_of(json, options.key));
  files_check({draft.path(), manifest});  // what the disk has, not what was meant to be written
  return {draft.keep(), std::move(manifest)};
}

}  // namespace fairward::backup
