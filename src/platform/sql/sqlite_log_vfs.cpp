// The log of a commit is written in one go: see sqlite_log_vfs.h.
//
// SQLite writes each page of a commit as a frame: a header of 24 bytes, then the page. To the kernel that is two writes
// into up to three of its own pages for each of ours. Between the first frame and the sync nobody else reads them: a
// frame is shown to other connections only after the commit, which comes after the sync. So they are gathered here.
// Nothing is promised to a caller before the sync, and a process that dies loses only what it had not synced.
#include "platform/sql/sqlite_log_vfs.h"

#include <sqlite3.h>

#include <cstring>
#include <mutex>
#include <new>
#include <string>

namespace fairward::sql {
namespace {

// SQLite's VFS for Unix looks at the lowest 17 bits of a length only; a page has 64 KiB at most.
constexpr std::size_t gathered_bytes_max = 128 * 1024 - 1;

struct LogFile {
  sqlite3_file base;   // must be first: SQLite sees this
  sqlite3_file* real;  // behind this object, of the VFS below
  std::string* gathered;
  sqlite3_int64 offset;  // in the file, of what is gathered
};

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }
const sqlite3_io_methods& real_of(const LogFile& log) { return *log.real->pMethods; }

// When it fails, what was gathered is dropped: SQLite gives the commit up and will write it anew.
int write_gathered(LogFile& log) {
  if (log.gathered->empty()) return SQLITE_OK;
  const int code =
      real_of(log).xWrite(log.real, log.gathered->data(), static_cast<int>(log.gathered->size()), log.offset);
  log.gathered->clear();
  return code;
}

// Writes what is gathered, then goes on below.
template <class F>
int after_gathered(sqlite3_file* file, F&& below) {
  LogFile& log = log_of(file);
  const int code = write_gathered(log);
  return code == SQLITE_OK ? below(real_of(log), log.real) : code;
}

int log_close(sqlite3_file* file) {
  LogFile& log = log_of(file);
  write_gathered(log);  // never synced, hence never promised
  const int code = real_of(log).xClose(log.real);
  delete log.gathered;
  return code;
}

int log_read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
  return after_gathered(file, [&](const auto& m, auto* real) { return m.xRead(real, bytes, count, offset); });
}

int log_write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  LogFile& log = log_of(file);
  std::string& gathered = *log.gathered;
  const bool follows = offset == log.offset + static_cast<sqlite3_int64>(gathered.size());
  if (!follows || gathered.size() + static_cast<std::size_t>(count) > gathered_bytes_max)
    if (const int code = write_gathered(log); code != SQLITE_OK) return code;
  if (gathered.empty()) log.offset = offset;
  try {
    gathered.append(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
  } catch (const std::bad_alloc&) { return SQLITE_IOERR_NOMEM; }
  return SQLITE_OK;
}

int log_truncate(sqlite3_file* file, sqlite3_int64 size) {
  return after_gathered(file, [&](const auto& m, auto* real) { return m.xTruncate(real, size); });
}

int log_sync(sqlite3_file* file, int flags) {
  return after_gathered(file, [&](const auto& m, auto* real) { return m.xSync(real, flags); });
}

int log_size(sqlite3_file* file, sqlite3_int64* size) {
  return after_gathered(file, [&](const auto& m, auto* real) { return m.xFileSize(real, size); });
}

int log_lock(sqlite3_file* file, int level) { return real_of(log_of(file)).xLock(log_of(file).real, level); }
int log_unlock(sqlite3_file* file, int level) { return real_of(log_of(file)).xUnlock(log_of(file).real, level); }
int log_check_lock(sqlite3_file* file, int* result) {
  return real_of(log_of(file)).xCheckReservedLock(log_of(file).real, result);
}
int log_control(sqlite3_file* file, int operation, void* argument) {
  return real_of(log_of(file)).xFileControl(log_of(file).real, operation, argument);
}
int log_sector_size(sqlite3_file* file) { return real_of(log_of(file)).xSectorSize(log_of(file).real); }
int log_characteristics(sqlite3_file* file) { return real_of(log_of(file)).xDeviceCharacteristics(log_of(file).real); }

constexpr sqlite3_io_methods log_methods{.iVersion = 1,
                                         .xClose = log_close,
                                         .xRead = log_read,
                                         .xWrite = log_write,
                                         .xTruncate = log_truncate,
                                         .xSync = log_sync,
                                         .xFileSize = log_size,
                                         .xLock = log_lock,
                                         .xUnlock = log_unlock,
                                         .xCheckReservedLock = log_check_lock,
                                         .xFileControl = log_control,
                                         .xSectorSize = log_sector_size,
                                         .xDeviceCharacteristics = log_characteristics};

sqlite3_vfs* below(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

// Every file but the log is the business of the VFS below, from its opening on.
int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  if ((flags & SQLITE_OPEN_WAL) == 0) return below(vfs)->xOpen(below(vfs), name, file, flags, flags_out);
  LogFile& log = log_of(file);
  log.base.pMethods = nullptr;  // not open: SQLite will not close it
  log.real = reinterpret_cast<sqlite3_file*>(&log + 1);
  log.real->pMethods = nullptr;
  log.offset = 0;
  log.gathered = new (std::nothrow) std::string;
  if (log.gathered == nullptr) return SQLITE_NOMEM;
  const int code = below(vfs)->xOpen(below(vfs), name, log.real, flags, flags_out);
  if (code == SQLITE_OK) log.base.pMethods = &log_methods;
  if (code == SQLITE_OK) return code;
  if (log.real->pMethods != nullptr) real_of(log).xClose(log.real);
  delete log.gathered;
  return code;
}

}  // namespace

const char* sqlite_log_vfs() {
  static constexpr const char* name = "fairward-log";
  static std::once_flag once;
  static sqlite3_vfs vfs;
  std::call_once(once, [] {
    sqlite3_vfs* const base = sqlite3_vfs_find(nullptr);
    vfs = *base;  // all its other functions get this object, and know nothing of it but its name
    vfs.zName = name;
    vfs.pNext = nullptr;
    vfs.szOsFile = static_cast<int>(sizeof(LogFile)) + base->szOsFile;
    vfs.pAppData = base;
    vfs.xOpen = open;
    sqlite3_vfs_register(&vfs, 0);
  });
  return name;
}

}  // namespace fairward::sql
