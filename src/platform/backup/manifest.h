// What a backup says of itself. A backup is a folder: manifest.json, its seal, the database, perhaps the signing key.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.h"
#include "platform/crypto/seal.h"
#include "platform/sql/copy.h"

namespace fairward::backup {

// What went wrong, as a sentence for the operator. A wrong key is told apart from a bad copy.
struct Trouble : std::runtime_error {
  enum class Kind : std::uint8_t { bad_copy, wrong_key, refused, unavailable } kind;
  Trouble(Kind what, const std::string& sentence) : std::runtime_error(sentence), kind(what) {}
};
inline Trouble bad_copy(const std::string& sentence) { return {Trouble::Kind::bad_copy, sentence}; }

struct File {
  std::string name;
  std::int64_t bytes = 0;
  std::string sha256;  // of the bytes as they lie there
};
struct Table {
  std::string name;
  std::int64_t rows = 0;
  std::string hash;  // see sql::TableFacts
};
struct Manifest {
  std::int64_t format = 1;
  std::string name;    // of the folder
  std::string id;      // random
  std::string engine;  // "sqlite" | "postgres"
  std::string engine_version;
  std::string product;      // version of the program
  std::int64_t schema = 0;  // newest migration
  Instant began_at, ended_at;
  std::int64_t newest_event = 0;
  std::optional<std::string> key_id;  // of the key that sealed the files; absent: they are plain
  std::vector<File> files;
  std::vector<Table> tables;

  const File* file(std::string_view wanted) const;
  std::int64_t bytes() const;
  std::int64_t rows() const;
};
BOOST_DESCRIBE_STRUCT(File, (), (name, bytes, sha256))
BOOST_DESCRIBE_STRUCT(Table, (), (name, rows, hash))
BOOST_DESCRIBE_STRUCT(Manifest, (),
                      (format, name, id, engine, engine_version, product, schema, began_at, ended_at, newest_event,
                       key_id, files, tables))

constexpr std::string_view manifest_file = "manifest.json", seal_file = "manifest.seal";

std::string to_json(const Manifest& manifest);
// The line in manifest.seal: SHA-256 of the manifest's text, or with a key a hash that only its owner can make.
std::string seal_of(std::string_view json, const std::optional<crypto::SealKey>& key);

// Reads the manifest of the backup in this folder and checks it against its seal and, when it is sealed, the key.
// Without a key the manifest of a sealed backup is read all the same, unproven, where `is_key_needed` is false.
// Throws Trouble.
Manifest manifest_read(const std::string& folder, const std::optional<crypto::SealKey>& key, bool is_key_needed = true);

}  // namespace fairward::backup
