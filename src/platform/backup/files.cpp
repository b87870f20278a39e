#include "platform/backup/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace fairward::backup {
namespace {

constexpr std::size_t piece_bytes = 1024 * 1024;

[[noreturn]] void fail_with(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

Descriptor::~Descriptor() { close(); }

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = other.release();
  }
  return *this;
}

void Descriptor::close() {
  if (number_ >= 0) ::close(release());
}

bool is_file(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

bool is_folder(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

Descriptor open_for_reading(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail_with(path);
  return file;
}

Descriptor open_new(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0) fail_with(path);
  return file;
}

void write_all(int descriptor, std::string_view bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) fail_with(what);
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void read_all(int descriptor, const std::string& what, const std::function<void(std::string_view)>& take) {
  std::string piece(piece_bytes, '\0');
  for (;;) {
    const ssize_t n = ::read(descriptor, piece.data(), piece.size());
    if (n < 0 && errno != EINTR) fail_with(what);
    if (n == 0) return;
    if (n > 0) take(std::string_view(piece).substr(0, static_cast<std::size_t>(n)));
  }
}

std::string text_read(const std::string& path) {
  std::string text;
  read_all(open_for_reading(path).get(), path, [&](std::string_view piece) { text += piece; });
  return text;
}

void text_write(const std::string& path, std::string_view text) {
  const Descriptor file = open_new(path);
  write_all(file.get(), text, path);
  if (::fsync(file.get()) != 0) fail_with(path);
}

void sync(const std::string& path) {
  if (::fsync(open_for_reading(path).get()) != 0) fail_with(path);
}

void folder_remove(const std::string& path) noexcept {
  std::error_code error;
  std::filesystem::remove_all(path, error);
}

std::int64_t free_bytes(const std::string& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) fail_with(folder);
  return static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
}

Lock::Lock(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (file_.get() < 0) fail_with(path);
  is_held_ = ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace fairward::backup
