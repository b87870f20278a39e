// Names in a folder of backups. Internal to platform/backup.
#pragma once

#include <string>
#include <string_view>

#include "platform/backup/manifest.h"

namespace fairward::backup {

constexpr std::string_view name_prefix = "fairward-", partial_ending = ".partial";
constexpr std::string_view database_file = "database", signing_key_file = "signing.key";
constexpr std::string_view aside_prefix = "before_restore_";  // schemas that a restore has put aside

// Where a sealed file belongs: it opens nowhere else.
std::string place_of(const Manifest& manifest, std::string_view file);
// SHA-256 in hex of what the disk has.
std::string file_hash(const std::string& path);
// Of backups that were never finished; only while the folder is locked.
void partials_remove(const std::string& folder);

}  // namespace fairward::backup
