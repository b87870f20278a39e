// The folder of backups: what is on it, and what may go.
#include "platform/backup/shelf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "platform/backup/backup.h"
#include "platform/backup/files.h"
#include "platform/log/log.h"

namespace fairward::backup {
namespace {

std::vector<std::string> folders_in(const std::string& folder, std::string_view prefix) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (std::string name = entry.path().filename().string(); name.starts_with(prefix) && entry.is_directory(error))
      names.push_back(std::move(name));
  std::ranges::sort(names);  // by time
  return names;
}

bool is_whole(const Found& backup) {
  return std::ranges::all_of(backup.manifest.files, [&](const File& file) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(backup.path + "/" + file.name, error);
    return !error && static_cast<std::int64_t>(bytes) == file.bytes;
  });
}

std::optional<Found> found_at(const std::string& path, const std::optional<crypto::SealKey>& key) {
  try {
    // Sealed by another key: its word is taken.
    Found found{path, manifest_read(path, std::nullopt, false)};
    if (key && found.manifest.key_id == key->id()) found.manifest = manifest_read(path, key);
    return is_whole(found) ? std::optional(std::move(found)) : std::nullopt;
  } catch (const std::exception& error) {
    log::warning("a backup is not whole", {{"path", path}, {"reason", std::string_view(error.what())}});
    return std::nullopt;
  }
}

// Of a folder that says nothing of itself: when it was written last.
bool is_older(const std::string& path, Instant than) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && info.st_mtime * 1000 < than.ms;
}

}  // namespace

std::string place_of(const Manifest& manifest, std::string_view file) {
  return fmt::format("fairward backup {} {}", manifest.id, file);
}

std::string file_hash(const std::string& path) {
  const Descriptor file = open_for_reading(path);
  ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  crypto::Sha256 hash;
  read_all(file.get(), path, [&](std::string_view bytes) { hash.add(bytes); });
  return crypto::hex(crypto::bytes_of(hash.digest()));
}

void partials_remove(const std::string& folder) {
  for (const std::string& name : folders_in(folder, fmt::format(".{}", name_prefix)))
    if (name.ends_with(partial_ending)) folder_remove(folder + "/" + name);
}

std::vector<Found> list(const std::string& folder, const std::optional<crypto::SealKey>& key) {
  std::vector<Found> all;
  for (const std::string& name : folders_in(folder, name_prefix))
    if (auto found = found_at(folder + "/" + name, key)) all.push_back(std::move(*found));
  return all;
}

std::vector<std::string> thin_out(const std::string& folder, const Keep& keep,
                                  const std::optional<crypto::SealKey>& key, Instant now) {
  const auto whole = list(folder, key);
  const Instant oldest = now - days(keep.days);
  const auto last = static_cast<std::size_t>(std::max<std::int64_t>(keep.last, 1));
  std::vector<std::string> gone;
  for (std::size_t i = 0; i + last < whole.size(); ++i)
    if (whole[i].manifest.ended_at < oldest) gone.push_back(whole[i].path);
  for (const std::string& name : folders_in(folder, name_prefix)) {
    const std::string path = folder + "/" + name;
    const bool is_known = std::ranges::any_of(whole, [&](const Found& one) { return one.path == path; });
    if (!is_known && !whole.empty() && is_older(path, oldest)) gone.push_back(path);
  }
  for (const std::string& path : gone) folder_remove(path);
  return gone;
}

}  // namespace fairward::backup
