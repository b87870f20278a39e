// Threads for the slow steps before an operation, which for the most part hash passwords. They serve the clients in
// turn, one step of each, so that whoever brings many waits for himself. Bounded: when it is full, who has most of it
// gives way.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fairward::api {

class PreparePool {
 public:
  using Step = std::move_only_function<void()>;

  // threads 0: the work runs on the caller's thread, at once. One client may have half of the queue.
  PreparePool(std::size_t threads, std::size_t queue_max);
  ~PreparePool() { stop(); }
  PreparePool(const PreparePool&) = delete;
  PreparePool& operator=(const PreparePool&) = delete;

  // False when there is no room for more of this client, or the pool has stopped: nothing will run. Else the work runs,
  // or, when it had to give way to another client's, `displaced` does, on the thread of that one. Neither may throw.
  bool submit(const std::string& client, Step work, Step displaced);
  void stop();  // finishes what was accepted

 private:
  struct Waiting {
    Step work, displaced;
  };
  // What one client has waiting; exists while that is something.
  struct Lane {
    std::string client;
    std::deque<Waiting> steps;
  };

  void run();
  Step take_next();
  Step displace_for(const std::string& client);
  void resized(Lane& lane, std::size_t old_size);

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::string, Lane> lanes_;
  std::deque<Lane*> turns_;                          // each lane once
  std::set<std::pair<std::size_t, Lane*>> by_size_;  // each lane once
  std::size_t waiting_ = 0;
  bool is_stopped_ = false;
  const bool is_inline_;
  std::vector<std::thread> threads_;
};

}  // namespace fairward::api
