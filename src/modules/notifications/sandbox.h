// What would have been sent, where nothing is: kept in memory, for whoever looks. Demos and tests only.
#pragma once

#include <deque>
#include <mutex>

#include "modules/notifications/api.h"

namespace fairward::notifications {

class Sandbox {
 public:
  static constexpr std::size_t kept_max = 200;

  // The same message by the same way again is the same message.
  void keep(SandboxMessage message) {
    const std::lock_guard lock(mutex_);
    for (const SandboxMessage& one : kept_)
      if (one.message_id == message.message_id && one.channel == message.channel) return;
    message.number = ++number_;
    kept_.push_front(std::move(message));
    if (kept_.size() > kept_max) kept_.pop_back();
  }
  SandboxList list() const {
    const std::lock_guard lock(mutex_);
    return {{kept_.begin(), kept_.end()}};
  }

 private:
  mutable std::mutex mutex_;
  std::deque<SandboxMessage> kept_;
  std::int64_t number_ = 0;
};

}  // namespace fairward::notifications
