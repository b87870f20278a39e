// Threads for slow steps: see prepare_pool.h.
#include "platform/api/prepare_pool.h"

#include <algorithm>

namespace fairward::api {

PreparePool::PreparePool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max), is_inline_(threads == 0) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

bool PreparePool::submit(const std::string& client, Step work, Step displaced) {
  if (is_inline_) {
    work();
    return true;
  }
  Step told;
  {
    const std::lock_guard lock(mutex_);
    const auto known = lanes_.find(client);
    const std::size_t own = known == lanes_.end() ? 0 : known->second.steps.size();
    if (is_stopped_ || own >= std::max<std::size_t>(queue_max_ / 2, 1)) return false;
    if (waiting_ >= queue_max_ && !(told = displace_for(client))) return false;
    Lane& lane = lanes_[client];
    if (lane.steps.empty()) {
      lane.client = client;
      turns_.push_back(&lane);
    }
    lane.steps.push_back({std::move(work), std::move(displaced)});
    resized(lane, lane.steps.size() - 1);
  }
  changed_.notify_one();
  if (told) told();
  return true;
}

// The newest step of whoever has most, when that is more than this client would have then; else nothing.
PreparePool::Step PreparePool::displace_for(const std::string& client) {
  const auto known = lanes_.find(client);
  const std::size_t own = known == lanes_.end() ? 0 : known->second.steps.size();
  const auto [most, lane] = *by_size_.rbegin();
  if (most <= own + 1) return nullptr;
  Step displaced = std::move(lane->steps.back().displaced);
  lane->steps.pop_back();  // at least one is left
  resized(*lane, most);
  return displaced;
}

void PreparePool::resized(Lane& lane, std::size_t old_size) {
  const std::size_t size = lane.steps.size();
  by_size_.erase({old_size, &lane});
  if (size > 0) by_size_.emplace(size, &lane);
  waiting_ += size - old_size;  // unsigned: wraps to what is meant
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

PreparePool::Step PreparePool::take_next() {
  Lane& lane = *turns_.front();
  turns_.pop_front();
  Step work = std::move(lane.steps.front().work);
  lane.steps.pop_front();
  resized(lane, lane.steps.size() + 1);
  if (lane.steps.empty()) lanes_.erase(std::string(lane.client));  // a copy: the name goes with the lane
  else turns_.push_back(&lane);
  return work;
}

void PreparePool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return is_stopped_ || waiting_ > 0; });
    if (waiting_ == 0) return;
    Step work = take_next();
    lock.unlock();
    work();
    work = nullptr;  // what it holds goes before the lock is taken again
    lock.lock();
  }
}

}  // namespace fairward::api
