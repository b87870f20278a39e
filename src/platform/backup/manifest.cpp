#include "platform/backup/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/api/codec.h"
#include "platform/backup/files.h"

namespace fairward::backup {
namespace {

constexpr std::int64_t format_known = 1;

void check_key(const Manifest& manifest, const std::optional<crypto::SealKey>& key) {
  if (!key)
    throw Trouble(Trouble::Kind::wrong_key,
                  fmt::format("this backup is sealed with the key {}; name its file (--key-file)", *manifest.key_id));
  if (key->id() != *manifest.key_id)
    throw Trouble(Trouble::Kind::wrong_key, fmt::format("this backup is sealed with the key {}, the given key is {}",
                                                        *manifest.key_id, key->id()));
}

}  // namespace

const File* Manifest::file(std::string_view wanted) const {
  const auto found = std::ranges::find(files, wanted, &File::name);
  return found == files.end() ? nullptr : &*found;
}

std::int64_t Manifest::bytes() const {
  std::int64_t sum = 0;
  for (const File& one : files) sum += one.bytes;
  return sum;
}

std::int64_t Manifest::rows() const {
  std::int64_t sum = 0;
  for (const Table& one : tables) sum += one.rows;
  return sum;
}

std::string to_json(const Manifest& manifest) {
  std::string json;
  api::encode(json, manifest);
  return json + "\n";
}

std::string seal_of(std::string_view json, const std::optional<crypto::SealKey>& key) {
  const crypto::Digest digest = key ? key->stamp(json) : crypto::sha256(json);
  return crypto::hex(crypto::bytes_of(digest)) + "\n";
}

Manifest manifest_read(const std::string& folder, const std::optional<crypto::SealKey>& key, bool is_key_needed) {
  const std::string path = fmt::format("{}/{}", folder, manifest_file);
  if (!is_file(path)) throw bad_copy(fmt::format("{} is not a backup: it has no {}", folder, manifest_file));
  const std::string json = text_read(path), seal = text_read(fmt::format("{}/{}", folder, seal_file));
  auto manifest = api::decode<Manifest>(json);
  if (!manifest) throw bad_copy(fmt::format("{} is damaged: it cannot be read", path));
  if (manifest->format != format_known)
    throw bad_copy(fmt::format("{} has the format {}, which this program does not know", path, manifest->format));
  if (manifest->key_id && !key && !is_key_needed) return std::move(*manifest);
  if (manifest->key_id) check_key(*manifest, key);
  if (!crypto::equal_constant_time(seal, seal_of(json, manifest->key_id ? key : std::nullopt)))
    throw bad_copy(fmt::format("{} was changed after it had been written: its seal does not fit", path));
  return std::move(*manifest);
}

}  // namespace fairward::backup
