// A disk in memory whose power can be cut. What was synced stays; of everything else each sector is kept, torn or lost
// by chance, in any order, as the mood of the cut has it. Knows nothing of SQLite: vfs.h.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/clock/clock.h"

namespace fairward::powercut {

// Safe to call from any thread. Everything but `size` of files and the life of a File is refused once the power is off.
class Disk {
 public:
  class File;
  using FilePtr = std::shared_ptr<File>;
  using Image = std::map<std::string, std::string>;  // what lies on the disk, by name

  explicit Disk(std::uint64_t seed) : chance_(make_seeded_entropy(seed)) {}

  // The power goes at the n-th write, truncation, sync or deletion from now; 0: not by itself.
  void cut_after(std::int64_t operations);
  void cut_now();
  bool is_off() const;
  // Power is back: the files are what the cut left of them.
  void reboot();
  std::int64_t cuts() const { return cuts_; }
  std::int64_t pieces_lost() const { return pieces_lost_; }
  std::int64_t pieces_torn() const { return pieces_torn_; }

  Image image() const;  // as the program sees it
  void load(const Image& image, std::uint64_t seed);

  // False and nullptr: the power is off, or there is no such file.
  FilePtr open(const std::string& name, bool creates);
  bool exists(const std::string& name) const;
  bool remove(const std::string& name, bool is_synced);
  std::optional<std::size_t> read(const File& file, std::size_t offset, char* into, std::size_t size) const;
  bool write(File& file, std::size_t offset, std::string_view bytes);
  bool truncate(File& file, std::size_t size);
  bool sync(File& file);
  std::size_t size(const File& file) const;

 private:
  struct Mood {  // of one cut, in per cent
    std::uint64_t kept, torn;
    std::size_t sector_bytes;
    bool is_reordered, has_garbage;
  };
  bool count_operation();
  void cut();
  Mood draw_mood();
  std::string left_of(const File& file, const Mood& mood);
  bool chance(std::uint64_t percent) { return chance_->below(100) < percent; }

  mutable std::mutex mutex_;
  std::unique_ptr<Entropy> chance_;
  std::map<std::string, FilePtr> files_, durable_files_;  // the folder as it is, and as it was when last synced
  Image left_;
  std::int64_t operations_left_ = 0, cuts_ = 0, pieces_lost_ = 0, pieces_torn_ = 0;
  bool is_off_ = false;
};

class Disk::File {
  friend class Disk;
  struct Change {
    std::size_t offset;  // of a truncation: the new size
    std::string bytes;
    bool is_truncation;
  };
  static void apply(std::string& content, const Change& change, char filler);
  static std::vector<Change> pieces_of(const std::vector<Change>& changes, std::size_t sector_bytes);

  std::string content_, durable_;
  std::vector<Change> unsynced_;
};

}  // namespace fairward::powercut
