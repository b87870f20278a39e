// Files and folders that are there as a whole or not at all. Internal to platform/backup.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace fairward::backup {

// All throw std::system_error with the path.
bool is_file(const std::string& path);
bool is_folder(const std::string& path);
std::string text_read(const std::string& path);                   // small ones
void text_write(const std::string& path, std::string_view text);  // 0600, synced
void sync(const std::string& path);                               // a file, or a folder with the names in it
void folder_remove(const std::string& path) noexcept;
std::int64_t free_bytes(const std::string& folder);

// A descriptor that is closed when left.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  void close();

 private:
  int number_;
};
Descriptor open_for_reading(const std::string& path);
Descriptor open_new(const std::string& path);  // 0600; fails where there is one

void write_all(int descriptor, std::string_view bytes, const std::string& what);
// The bytes from here to the end, piece by piece.
void read_all(int descriptor, const std::string& what, const std::function<void(std::string_view)>& take);

// Held by one program at a time; given back when left, however that happens. False when another has it.
class Lock {
 public:
  explicit Lock(const std::string& path);
  bool is_held() const { return is_held_; }

 private:
  Descriptor file_;
  bool is_held_;
};

}  // namespace fairward::backup
