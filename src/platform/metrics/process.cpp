// Files of proc(5): see process.h.
#include "platform/metrics/process.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <sstream>

namespace fairward::metrics {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// The n-th number of /proc/self/statm, in pages.
double memory_bytes(int n) {
  std::ifstream file("/proc/self/statm");
  double pages = unknown;
  for (int i = 0; i <= n; ++i) file >> pages;
  return file ? pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) : unknown;
}

// Newer kernels tell the number as the size of the folder; others have it counted, without "." and ".." and the
// descriptor that counts.
double open_files() {
  constexpr int not_files = 3;
  struct stat info {};
  if (::stat("/proc/self/fd", &info) == 0 && info.st_size > 0) return static_cast<double>(info.st_size);
  DIR* const folder = ::opendir("/proc/self/fd");
  if (!folder) return unknown;
  int entries = 0;
  while (::readdir(folder)) ++entries;
  ::closedir(folder);
  return entries - not_files;
}

double files_max() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : unknown;
}

double cpu_seconds() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return unknown;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// When the machine was started, in Unix time.
double boot_seconds() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;)
    if (double seconds = 0; word == "btime" && file >> seconds) return seconds;
  return unknown;
}

// The 22nd field of /proc/self/stat, in ticks since the machine was started. The second, the name, may hold blanks and
// ends with the last ')'.
double start_seconds() {
  constexpr int fields_between = 19;
  std::ifstream file("/proc/self/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::istringstream fields(text.substr(std::min(text.rfind(')'), text.size() - 1) + 1));
  std::string skipped;
  for (int i = 0; i < fields_between; ++i) fields >> skipped;
  double ticks = 0;
  return fields >> ticks ? boot_seconds() + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)) : unknown;
}

}  // namespace

void process_measure(Metrics& metrics) {
  metrics.gauge("process_resident_memory_bytes", "Memory of this process that is in RAM.",
                [] { return memory_bytes(1); });
  metrics.gauge("process_virtual_memory_bytes", "Address space of this process.", [] { return memory_bytes(0); });
  metrics.gauge("process_open_fds", "Open files and sockets.", &open_files);
  metrics.gauge("process_max_fds", "Files and sockets that may be open.", &files_max);
  metrics.counter_from("process_cpu_seconds_total", "Time on processors, in user and system mode.", &cpu_seconds);
  metrics.gauge("process_start_time_seconds", "When this process was started, in Unix time.",
                [at = start_seconds()] { return at; });
}

}  // namespace fairward::metrics
