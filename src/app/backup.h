// Settings to backups: what `fairward backup`, `fairward restore` and the server's schedule share.
#pragma once

#include <optional>
#include <string>

#include "app/commands.h"
#include "app/database.h"
#include "platform/backup/backup.h"
#include "platform/backup/schedule.h"

namespace fairward::app {

// The key in a file that `fairward backup key` made; none for "". Throws backup::Trouble.
std::optional<crypto::SealKey> seal_key_read(const std::string& path);
backup::Source backup_source(const config::Settings& settings, const Database& database);
// Throws backup::Trouble when the key cannot be read.
backup::ScheduleOptions schedule_options(const config::Settings& settings, const Database& database);
// A bar on a terminal, redrawn in place; a line now and then elsewhere.
sql::CopyProgress progress_print();
ExitCode exit_code_of(const backup::Trouble& trouble);

}  // namespace fairward::app
