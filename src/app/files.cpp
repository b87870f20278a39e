#include "app/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace fairward::app {
namespace {

constexpr std::size_t key_bytes = 32;

[[noreturn]] void fail_with(const std::string& path) { throw std::system_error(errno, std::generic_category(), path); }

void write_all(int descriptor, const std::string& content, const std::string& path) {
  for (std::size_t done = 0; done < content.size();) {
    const ssize_t n = ::write(descriptor, content.data() + done, content.size() - done);
    if (n < 0 && errno != EINTR) fail_with(path);
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  if (::fsync(descriptor) != 0) fail_with(path);
}

// A complete file beside the wished one; its name is the caller's to give.
std::string written_beside(const std::string& path, const std::string& content) {
  std::string temporary = path + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);  // 0600
  if (descriptor < 0) fail_with(path);
  write_all(descriptor, content, path);
  ::close(descriptor);
  return temporary;
}

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

void folder_make(const std::string& path) {
  if (file_exists(path)) return;
  if (const auto parent = std::filesystem::path(path).parent_path(); !parent.empty())
    std::filesystem::create_directories(parent);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail_with(path);
}

void private_file_write(const std::string& path, const std::string& content) {
  const std::string temporary = written_beside(path, content);
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail_with(path);
}

void private_file_append(const std::string& path, const std::string& content) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) fail_with(path);
  write_all(descriptor, content, path);
  ::close(descriptor);
}

void file_sync(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_synced) fail_with(path);
}

std::string file_read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail_with(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool file_exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::string key_load_or_make(const std::string& path, Entropy& entropy) {
  if (!file_exists(path)) {
    const std::string temporary = written_beside(path, entropy.token(key_bytes) + "\n");
    // A link does not replace: whoever comes second keeps what the first wrote.
    const bool is_linked = ::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST;
    ::unlink(temporary.c_str());
    if (!is_linked) fail_with(path);
  }
  return without_line_end(file_read(path));
}

}  // namespace fairward::app
