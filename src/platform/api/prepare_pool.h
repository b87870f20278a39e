// Threads for the slow steps before an operation. Bounded: what finds the queue full is told so at once.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fairward::api {

class PreparePool {
 public:
  // threads 0: the work runs on the caller's thread, at once.
  PreparePool(std::size_t threads, std::size_t queue_max);
  ~PreparePool() { stop(); }
  PreparePool(const PreparePool&) = delete;
  PreparePool& operator=(const PreparePool&) = delete;

  // False when the queue is full or the pool has stopped: the work will not run. The work must not throw.
  bool submit(std::move_only_function<void()> work);
  void stop();  // finishes what was accepted

 private:
  void run();

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::move_only_function<void()>> queue_;
  bool is_stopped_ = false;
  const bool is_inline_;
  std::vector<std::thread> threads_;
};

}  // namespace fairward::api
