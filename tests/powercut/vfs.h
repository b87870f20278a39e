// Puts every SQLite database of the process on a Disk: files, locks and the shared index of the log live in memory.
#pragma once

#include "disk.h"

namespace fairward::powercut {

// From now on, for ever. The disk must outlive every connection.
void vfs_install(Disk& disk);

}  // namespace fairward::powercut
