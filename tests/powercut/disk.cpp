// See the header.
#include "disk.h"

#include <algorithm>
#include <cstring>

namespace fairward::powercut {

void Disk::File::apply(std::string& content, const Change& change, char filler) {
  if (change.is_truncation) return content.resize(change.offset);
  const std::size_t end = change.offset + change.bytes.size();
  if (content.size() < end) content.resize(end, filler);
  std::memcpy(content.data() + change.offset, change.bytes.data(), change.bytes.size());
}

// No piece crosses a sector: each may be lost by itself.
std::vector<Disk::File::Change> Disk::File::pieces_of(const std::vector<Change>& changes, std::size_t sector_bytes) {
  std::vector<Change> pieces;
  for (const Change& change : changes) {
    if (change.is_truncation) pieces.push_back(change);
    for (std::size_t used = 0; used < change.bytes.size();) {
      const std::size_t offset = change.offset + used;
      const std::size_t size = std::min(change.bytes.size() - used, sector_bytes - offset % sector_bytes);
      pieces.push_back({offset, change.bytes.substr(used, size), false});
      used += size;
    }
  }
  return pieces;
}

void Disk::cut_after(std::int64_t operations) {
  const std::lock_guard lock(mutex_);
  operations_left_ = operations;
}

void Disk::cut_now() {
  const std::lock_guard lock(mutex_);
  if (!is_off_) cut();
}

bool Disk::is_off() const {
  const std::lock_guard lock(mutex_);
  return is_off_;
}

void Disk::reboot() {
  const std::lock_guard lock(mutex_);
  files_.clear();
  for (auto& [name, content] : left_) {
    const auto file = std::make_shared<File>();
    file->durable_ = content;
    file->content_ = std::move(content);
    files_[name] = file;
  }
  durable_files_ = files_;
  left_.clear();
  operations_left_ = 0;
  is_off_ = false;
}

Disk::Image Disk::image() const {
  const std::lock_guard lock(mutex_);
  Image image;
  for (const auto& [name, file] : files_) image[name] = file->content_;
  return image;
}

void Disk::load(const Image& image, std::uint64_t seed) {
  {
    const std::lock_guard lock(mutex_);
    left_ = image;
    chance_ = make_seeded_entropy(seed);
  }
  reboot();
}

Disk::FilePtr Disk::open(const std::string& name, bool creates) {
  const std::lock_guard lock(mutex_);
  if (is_off_) return nullptr;
  if (const auto found = files_.find(name); found != files_.end()) return found->second;
  if (!creates) return nullptr;
  return files_[name] = std::make_shared<File>();
}

bool Disk::exists(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return files_.contains(name);
}

// An entry of the folder that goes, too, is lost or kept by chance until the folder is synced.
bool Disk::remove(const std::string& name, bool is_synced) {
  const std::lock_guard lock(mutex_);
  if (!count_operation()) return false;
  files_.erase(name);
  if (is_synced) durable_files_ = files_;
  return true;
}

std::optional<std::size_t> Disk::read(const File& file, std::size_t offset, char* into, std::size_t size) const {
  const std::lock_guard lock(mutex_);
  if (is_off_) return std::nullopt;
  const std::size_t available = offset < file.content_.size() ? file.content_.size() - offset : 0;
  const std::size_t taken = std::min(available, size);
  if (taken > 0) std::memcpy(into, file.content_.data() + offset, taken);
  return taken;
}

// The write during which the power goes may reach the disk all the same, in part.
bool Disk::write(File& file, std::size_t offset, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (is_off_) return false;
  file.unsynced_.push_back({offset, std::string(bytes), false});
  if (!count_operation()) return false;
  File::apply(file.content_, file.unsynced_.back(), '\0');
  return true;
}

bool Disk::truncate(File& file, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (is_off_) return false;
  file.unsynced_.push_back({size, "", true});
  if (!count_operation()) return false;
  File::apply(file.content_, file.unsynced_.back(), '\0');
  return true;
}

// The first sync of a file syncs its folder, as SQLite's VFS for Unix does for a log.
bool Disk::sync(File& file) {
  const std::lock_guard lock(mutex_);
  if (!count_operation()) return false;
  for (const File::Change& change : file.unsynced_) File::apply(file.durable_, change, '\0');
  file.unsynced_.clear();
  const auto is_it = [&](const auto& entry) { return entry.second.get() == &file; };
  if (std::none_of(durable_files_.begin(), durable_files_.end(), is_it)) durable_files_ = files_;
  return true;
}

std::size_t Disk::size(const File& file) const {
  const std::lock_guard lock(mutex_);
  return file.content_.size();
}

// False: the power is off, perhaps since just now.
bool Disk::count_operation() {
  if (is_off_) return false;
  if (operations_left_ == 0 || --operations_left_ > 0) return true;
  cut();
  return false;
}

Disk::Mood Disk::draw_mood() {
  constexpr std::uint64_t kept[] = {0, 50, 90, 100, 100};
  constexpr std::uint64_t torn[] = {0, 0, 5, 50};
  return {kept[chance_->below(5)], torn[chance_->below(4)], chance(50) ? 512u : 4096u, chance(50), chance(50)};
}

void Disk::cut() {
  is_off_ = true;
  ++cuts_;
  const Mood mood = draw_mood();
  std::map<std::string, FilePtr> folder;
  for (const auto* entries : {&durable_files_, &files_})
    for (const auto& [name, file] : *entries) {
      const auto durable = durable_files_.find(name), current = files_.find(name);
      const bool is_settled =
          durable != durable_files_.end() && current != files_.end() && durable->second == current->second;
      if (is_settled || chance(50)) folder[name] = file;
    }
  left_.clear();
  for (const auto& [name, file] : folder) left_[name] = left_of(*file, mood);
}

std::string Disk::left_of(const File& file, const Mood& mood) {
  std::string left = file.durable_;
  auto pieces = File::pieces_of(file.unsynced_, mood.sector_bytes);
  if (mood.is_reordered)
    for (std::size_t i = pieces.size(); i > 1; --i) std::swap(pieces[i - 1], pieces[chance_->below(i)]);
  for (File::Change& piece : pieces) {
    const bool is_torn = !piece.is_truncation && chance(mood.torn);
    if (!is_torn && !chance(mood.kept)) {
      ++pieces_lost_;
      continue;
    }
    if (is_torn) piece.bytes.resize(chance_->below(piece.bytes.size()) + 1);
    pieces_torn_ += is_torn;
    File::apply(left, piece, mood.has_garbage ? static_cast<char>(chance_->below(256)) : '\0');
  }
  return left;
}

}  // namespace fairward::powercut
