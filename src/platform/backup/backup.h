// Backups of a database that people go on using: made, listed, thinned out, opened again. Whole or not there at all,
// each with a manifest that proves it. For the command line and the schedule see src/app.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/backup/manifest.h"
#include "platform/clock/clock.h"
#include "platform/sql/copy.h"

namespace fairward::backup {

// What is backed up, and what its programs need.
struct Source {
  bool is_postgres = false;
  std::string place;                                             // a file, or a connection string
  std::string signing_key_file;                                  // is put into sealed backups, when it is there
  std::vector<std::pair<std::string, std::string>> environment;  // for the programs of PostgreSQL
  std::string postgres_bin;                                      // their folder; "": found by themselves
};

struct MakeOptions {
  std::string folder;                  // of the backups; made when it is missing
  std::optional<crypto::SealKey> key;  // seals what is written
  std::string product;                 // version of the program
  sql::CopyProgress progress;          // a total of 0: nobody knows it
};

struct Found {
  std::string path;
  Manifest manifest;
};

// Makes a backup and answers where it is. Throws Trouble, sql::Error, std::system_error; then nothing is left behind.
Found make(const Source& source, const MakeOptions& options, const Clock& clock, Entropy& entropy);

// The whole backups of a folder by their manifests and the sizes of their files, the oldest first. What is sealed with
// another key is listed on its word.
std::vector<Found> list(const std::string& folder, const std::optional<crypto::SealKey>& key);

struct Keep {
  std::int64_t last = 7;   // so many are kept however old they are; 1 at least
  std::int64_t days = 30;  // and all that are younger
};
// Removes what need not be kept, and what is not whole when it is older than `days`. The names that went.
std::vector<std::string> thin_out(const std::string& folder, const Keep& keep,
                                  const std::optional<crypto::SealKey>& key, Instant now);

// ---- opening ----

// The files are there, as long and with the content that the manifest says. Throws Trouble.
void files_check(const Found& backup);
// The database into a file that is new, 0600, synced.
void sqlite_unpack(const Found& backup, const std::optional<crypto::SealKey>& key, const std::string& to);
// The database into an empty one, in one transaction.
void postgres_unpack(const Found& backup, const std::optional<crypto::SealKey>& key, const Source& target);
std::optional<std::string> signing_key(const Found& backup, const std::optional<crypto::SealKey>& key);
// The restored database has the rows that were counted when it was copied. Throws Trouble.
void facts_check(const Manifest& manifest, const sql::DatabaseFacts& facts);

}  // namespace fairward::backup
