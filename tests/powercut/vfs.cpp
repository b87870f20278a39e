// See the header. What is not about files is left to SQLite's own VFS.
#include "vfs.h"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstring>
#include <new>
#include <stdexcept>

namespace fairward::powercut {
namespace {

constexpr int path_bytes_max = 512;
constexpr int sector_bytes = 4096;  // what SQLite's VFS for Unix says of every disk

struct Handle;

// The locks and the shared memory of one file, as the kernel would keep them.
struct Shared {
  std::mutex mutex;
  int readers = 0;
  const Handle* reserved = nullptr;
  const Handle* exclusive = nullptr;  // or pending: no reader comes in any more
  std::vector<std::unique_ptr<char[]>> regions;
  int mapped = 0;  // handles that use the regions
  std::array<int, SQLITE_SHM_NLOCK> shm_readers{};
  std::array<const Handle*, SQLITE_SHM_NLOCK> shm_writer{};
};

struct Handle : sqlite3_file {
  Disk::FilePtr file;
  std::shared_ptr<Shared> shared;
  int level = SQLITE_LOCK_NONE;
  bool is_mapped = false;
  unsigned shm_shared = 0, shm_exclusive = 0;  // bit masks of the locks held
};

Disk* the_disk = nullptr;
sqlite3_vfs* the_original = nullptr;

// Locks live as long as somebody has the file open.
std::shared_ptr<Shared> shared_of(const Disk::FilePtr& file) {
  static std::mutex mutex;
  static std::map<Disk::File*, std::weak_ptr<Shared>> known;
  const std::lock_guard lock(mutex);
  auto& entry = known[file.get()];
  auto shared = entry.lock();
  if (!shared) {
    std::erase_if(known, [&](const auto& one) { return one.first != file.get() && one.second.expired(); });
    known[file.get()] = shared = std::make_shared<Shared>();
  }
  return shared;
}

Handle& handle_of(sqlite3_file* file) { return *static_cast<Handle*>(file); }

int file_close(sqlite3_file* file) {
  handle_of(file).~Handle();
  return SQLITE_OK;
}

int file_read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  const auto wanted = static_cast<std::size_t>(size);
  const auto got =
      the_disk->read(*handle_of(file).file, static_cast<std::size_t>(offset), static_cast<char*>(into), wanted);
  if (!got) return SQLITE_IOERR_READ;
  if (*got == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(into) + *got, 0, wanted - *got);
  return SQLITE_IOERR_SHORT_READ;
}

int file_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const std::string_view text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  return the_disk->write(*handle_of(file).file, static_cast<std::size_t>(offset), text) ? SQLITE_OK
                                                                                        : SQLITE_IOERR_WRITE;
}

int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  return the_disk->truncate(*handle_of(file).file, static_cast<std::size_t>(size)) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int file_sync(sqlite3_file* file, int) {
  return the_disk->sync(*handle_of(file).file) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(the_disk->size(*handle_of(file).file));
  return SQLITE_OK;
}

int file_lock(sqlite3_file* file, int level) {
  Handle& handle = handle_of(file);
  Shared& shared = *handle.shared;
  const std::lock_guard lock(shared.mutex);
  if (handle.level >= level) return SQLITE_OK;
  const auto is_foreign = [&](const Handle* owner) { return owner != nullptr && owner != &handle; };
  if (is_foreign(shared.exclusive)) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_SHARED) {
    ++shared.readers;
  } else if (level == SQLITE_LOCK_RESERVED) {
    if (is_foreign(shared.reserved)) return SQLITE_BUSY;
    shared.reserved = &handle;
  } else {
    if (is_foreign(shared.reserved)) return SQLITE_BUSY;
    shared.exclusive = &handle;
    if (level == SQLITE_LOCK_EXCLUSIVE && shared.readers > 1) return SQLITE_BUSY;
  }
  handle.level = level;
  return SQLITE_OK;
}

int file_unlock(sqlite3_file* file, int level) {
  Handle& handle = handle_of(file);
  Shared& shared = *handle.shared;
  const std::lock_guard lock(shared.mutex);
  if (shared.reserved == &handle) shared.reserved = nullptr;
  if (shared.exclusive == &handle) shared.exclusive = nullptr;
  if (level == SQLITE_LOCK_NONE && handle.level != SQLITE_LOCK_NONE) --shared.readers;
  handle.level = std::min(handle.level, level);
  return SQLITE_OK;
}

int file_check_reserved(sqlite3_file* file, int* is_reserved) {
  Shared& shared = *handle_of(file).shared;
  const std::lock_guard lock(shared.mutex);
  *is_reserved = shared.reserved != nullptr || shared.exclusive != nullptr;
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int file_sector_size(sqlite3_file*) { return sector_bytes; }
int file_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

template <class Place>
int shm_map(sqlite3_file* file, int region, int size, int extends, Place** place) {
  Handle& handle = handle_of(file);
  Shared& shared = *handle.shared;
  const std::lock_guard lock(shared.mutex);
  if (!handle.is_mapped) ++shared.mapped;
  handle.is_mapped = true;
  const auto index = static_cast<std::size_t>(region);
  while (extends && shared.regions.size() <= index)
    shared.regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  *place = index < shared.regions.size() ? shared.regions[index].get() : nullptr;
  return SQLITE_OK;
}

void shm_release(Handle& handle, Shared& shared, unsigned slot) {
  const unsigned bit = 1u << slot;
  if (handle.shm_shared & bit) --shared.shm_readers[slot];
  if (handle.shm_exclusive & bit) shared.shm_writer[slot] = nullptr;
  handle.shm_shared &= ~bit;
  handle.shm_exclusive &= ~bit;
}

bool shm_is_free(const Handle& handle, const Shared& shared, unsigned slot, bool is_exclusive) {
  if (shared.shm_writer[slot] != nullptr && shared.shm_writer[slot] != &handle) return false;
  const int own = (handle.shm_shared >> slot) & 1;
  return !is_exclusive || shared.shm_readers[slot] == own;
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  Handle& handle = handle_of(file);
  Shared& shared = *handle.shared;
  const std::lock_guard lock(shared.mutex);
  const auto first = static_cast<unsigned>(offset), end = static_cast<unsigned>(offset + count);
  const bool is_exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  if (flags & SQLITE_SHM_UNLOCK) {
    for (unsigned slot = first; slot < end; ++slot) shm_release(handle, shared, slot);
    return SQLITE_OK;
  }
  for (unsigned slot = first; slot < end; ++slot)
    if (!shm_is_free(handle, shared, slot, is_exclusive)) return SQLITE_BUSY;
  for (unsigned slot = first; slot < end; ++slot) {
    const unsigned bit = 1u << slot;
    if (is_exclusive) {
      shared.shm_writer[slot] = &handle;
      handle.shm_exclusive |= bit;
    } else if (!(handle.shm_shared & bit)) {
      ++shared.shm_readers[slot];
      handle.shm_shared |= bit;
    }
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

int shm_unmap(sqlite3_file* file, int) {
  Handle& handle = handle_of(file);
  Shared& shared = *handle.shared;
  const std::lock_guard lock(shared.mutex);
  for (unsigned slot = 0; slot < SQLITE_SHM_NLOCK; ++slot) shm_release(handle, shared, slot);
  if (handle.is_mapped && --shared.mapped == 0) shared.regions.clear();
  handle.is_mapped = false;
  return SQLITE_OK;
}

constexpr sqlite3_io_methods io_methods{2,
                                        file_close,
                                        file_read,
                                        file_write,
                                        file_truncate,
                                        file_sync,
                                        file_size,
                                        file_lock,
                                        file_unlock,
                                        file_check_reserved,
                                        file_control,
                                        file_sector_size,
                                        file_characteristics,
                                        shm_map,
                                        shm_lock,
                                        shm_barrier,
                                        shm_unmap,
                                        nullptr,
                                        nullptr};

int vfs_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  file->pMethods = nullptr;  // nothing to close when this fails
  Disk::FilePtr found =
      name == nullptr ? std::make_shared<Disk::File>() : the_disk->open(name, (flags & SQLITE_OPEN_CREATE) != 0);
  if (!found) return SQLITE_CANTOPEN;
  auto* handle = new (file) Handle;
  handle->pMethods = &io_methods;
  handle->shared = shared_of(found);
  handle->file = std::move(found);
  if (flags_out) *flags_out = flags;
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs*, const char* name, int is_synced) {
  return the_disk->remove(name, is_synced != 0) ? SQLITE_OK : SQLITE_IOERR_DELETE;
}

int vfs_access(sqlite3_vfs*, const char* name, int, int* answer) {
  if (the_disk->is_off()) return SQLITE_IOERR_ACCESS;
  *answer = the_disk->exists(name);
  return SQLITE_OK;
}

int vfs_full_pathname(sqlite3_vfs*, const char* name, int size, char* full) {
  sqlite3_snprintf(size, full, "%s", name);
  return SQLITE_OK;
}

int vfs_randomness(sqlite3_vfs*, int size, char* bytes) { return the_original->xRandomness(the_original, size, bytes); }
int vfs_sleep(sqlite3_vfs*, int us) { return the_original->xSleep(the_original, us); }
int vfs_current_time(sqlite3_vfs*, double* days) { return the_original->xCurrentTime(the_original, days); }

}  // namespace

void vfs_install(Disk& disk) {
  the_disk = &disk;
  the_original = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs vfs{};
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = path_bytes_max;
  vfs.zName = "powercut";
  vfs.xOpen = vfs_open;
  vfs.xDelete = vfs_delete;
  vfs.xAccess = vfs_access;
  vfs.xFullPathname = vfs_full_pathname;
  vfs.xRandomness = vfs_randomness;
  vfs.xSleep = vfs_sleep;
  vfs.xCurrentTime = vfs_current_time;
  if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) throw std::runtime_error("the VFS was not taken");
}

}  // namespace fairward::powercut
