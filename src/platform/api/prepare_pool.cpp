// Threads for slow steps: see prepare_pool.h.
#include "platform/api/prepare_pool.h"

namespace fairward::api {

PreparePool::PreparePool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max), is_inline_(threads == 0) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

bool PreparePool::submit(std::move_only_function<void()> work) {
  if (is_inline_) {
    work();
    return true;
  }
  {
    const std::lock_guard lock(mutex_);
    if (is_stopped_ || queue_.size() >= queue_max_) return false;
    queue_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

void PreparePool::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void PreparePool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return is_stopped_ || !queue_.empty(); });
    if (queue_.empty()) return;
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace fairward::api
