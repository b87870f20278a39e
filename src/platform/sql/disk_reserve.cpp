#include "platform/sql/disk_reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "platform/log/log.h"

namespace fairward::sql {
namespace {

void warn(std::string_view event, int code) {
  log::warning(event, {{"reason", std::string_view(std::generic_category().message(code))}});
}

}  // namespace

DiskReserve::DiskReserve(const std::string& path, std::int64_t bytes) : bytes_(bytes), is_whole_(bytes == 0) {
  if (bytes_ == 0) return;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file_ < 0) warn("no disk reserve", errno);
  take();
}

DiskReserve::~DiskReserve() {
  if (file_ >= 0) ::close(file_);
}

void DiskReserve::take() {
  if (file_ < 0 || is_whole()) return;
  if (const int code = ::posix_fallocate(file_, 0, bytes_); code != 0) {
    give();  // some file systems keep what they had found before they ran out
    return warn("the disk reserve is not whole", code);
  }
  is_whole_ = ::ftruncate(file_, bytes_) == 0;  // a larger one of a run before
}

void DiskReserve::give() {
  if (file_ < 0) return;
  if (::ftruncate(file_, 0) != 0) return warn("the disk reserve is not given", errno);
  is_whole_ = false;
}

}  // namespace fairward::sql
