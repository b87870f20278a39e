// How SQLite's write-ahead log reaches the disk: one write a commit instead of two for each page.
#pragma once

namespace fairward::sql {

// The name of a VFS over the default one, registered with the first call. Only for connections that sync each commit
// (synchronous=FULL): what they write to the log waits in memory until SQLite syncs, reads or truncates it. A commit
// that is not synced would be shown to other connections before it is in the file.
const char* sqlite_log_vfs();

}  // namespace fairward::sql
