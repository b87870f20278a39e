// A table by id that many threads read while one makes the next version: copying it copies one pointer per 256
// entries, and a change copies one chunk. Old versions stay as they were.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace fairward::directory {

template <class T>
class PersistentArray {
  static constexpr std::size_t chunk_entries = 256;
  static constexpr std::int64_t id_max = 200'000'000;  // rows of one table; above: not kept
  struct Chunk {
    std::array<std::shared_ptr<const T>, chunk_entries> entries;
  };

 public:
  const T* find(std::int64_t id) const {
    const auto chunk = static_cast<std::uint64_t>(id) / chunk_entries;
    if (id < 0 || chunk >= chunks_.size() || !chunks_[chunk]) return nullptr;
    return chunks_[chunk]->entries[static_cast<std::uint64_t>(id) % chunk_entries].get();
  }
  std::shared_ptr<const T> share(std::int64_t id) const {
    if (find(id) == nullptr) return nullptr;
    return chunks_[static_cast<std::size_t>(id) / chunk_entries]->entries[static_cast<std::size_t>(id) % chunk_entries];
  }
  void set(std::int64_t id, std::shared_ptr<const T> value) {
    if (auto* chunk = room(id)) {
      *chunk = *chunk ? std::make_shared<Chunk>(**chunk) : std::make_shared<Chunk>();
      put(**chunk, id, std::move(value));
    }
  }
  // Like set, but in place: only while no other thread has seen a copy.
  void fill(std::int64_t id, std::shared_ptr<const T> value) {
    if (auto* chunk = room(id)) {
      if (!*chunk) *chunk = std::make_shared<Chunk>();
      put(**chunk, id, std::move(value));
    }
  }
  template <class F>
  void each(F&& visit) const {
    for (const auto& chunk : chunks_) {
      if (!chunk) continue;
      for (const auto& entry : chunk->entries) {
        if (entry) visit(entry);
      }
    }
  }
  std::size_t size() const { return size_; }
  std::int64_t id_bound() const {
    return static_cast<std::int64_t>(chunks_.size() * chunk_entries);
  }  // every id is below

 private:
  std::shared_ptr<Chunk>* room(std::int64_t id) {
    if (id < 0 || id > id_max) return nullptr;
    const auto chunk = static_cast<std::size_t>(id) / chunk_entries;
    if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
    return &chunks_[chunk];
  }
  void put(Chunk& chunk, std::int64_t id, std::shared_ptr<const T> value) {
    auto& entry = chunk.entries[static_cast<std::size_t>(id) % chunk_entries];
    size_ += (value ? 1 : 0);
    size_ -= (entry ? 1 : 0);
    entry = std::move(value);
  }
  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace fairward::directory
