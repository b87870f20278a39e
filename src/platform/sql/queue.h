// A bounded queue between many submitters and the threads of an engine. Knows how long its items have waited.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace fairward::sql {

enum class Push : std::uint8_t { accepted, full, closed };

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t max) : max_(max) {}

  // Takes the item only when accepted.
  Push push(T& item) {
    const Time now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    if (closed_) return Push::closed;
    if (items_.size() >= max_) return Push::full;
    items_.push_back({std::move(item), now});
    if (waiting_ > 0) arrived_.notify_one();
    return Push::accepted;
  }

  // Waits for items and moves up to `count` of them into `out`, oldest first. False: closed, and nothing is left.
  bool pop(std::vector<T>& out, std::size_t count) {
    out.clear();
    std::unique_lock lock(mutex_);
    ++waiting_;
    arrived_.wait(lock, [&] { return !items_.empty() || closed_; });
    --waiting_;
    const Time now = std::chrono::steady_clock::now();
    std::chrono::nanoseconds waited{0};
    for (; !items_.empty() && out.size() < count; items_.pop_front()) {
      out.push_back(std::move(items_.front().what));
      waited += std::max(now - items_.front().since, std::chrono::nanoseconds{0});
    }
    waited_ns_.fetch_add(static_cast<std::uint64_t>(waited.count()), std::memory_order_relaxed);
    return !out.empty();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    arrived_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }
  // How long all items that were taken out have waited together, in microseconds.
  std::uint64_t waited_us() const { return waited_ns_.load(std::memory_order_relaxed) / 1000; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Item {
    T what;
    Time since;
  };

  const std::size_t max_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item> items_;
  std::atomic<std::uint64_t> waited_ns_{0};
  int waiting_ = 0;
  bool closed_ = false;
};

}  // namespace fairward::sql
