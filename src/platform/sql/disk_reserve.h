// Space on the disk kept back for the moment when there is none left. Internal to platform/sql.
#pragma once

#include <cstdint>
#include <string>

namespace fairward::sql {

// A file that is there for its space alone. It stays from one run of the program to the next.
class DiskReserve {
 public:
  // Takes it, where it can. 0 bytes: none; a file of another run is left alone.
  DiskReserve(const std::string& path, std::int64_t bytes);
  ~DiskReserve();
  DiskReserve(const DiskReserve&) = delete;
  DiskReserve& operator=(const DiskReserve&) = delete;

  bool is_whole() const { return is_whole_; }
  // Takes what is missing; all of it or, on a disk that has not so much left, nothing.
  void take();
  // Gives all of it back to the disk.
  void give();

 private:
  const std::int64_t bytes_;
  bool is_whole_;
  int file_ = -1;
};

}  // namespace fairward::sql
