// Topics and those who wait for them: see hub.h. A topic's position is a counter in one of 65,536 buckets, so that
// asking costs one load; sharing a bucket means a wake-up for nothing, never a missed one.
#include "platform/api/hub.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace fairward::api {
namespace {

constexpr std::size_t bucket_count = 65'536;
constexpr std::size_t shard_count = 64;

using Positions = std::vector<std::pair<std::string, std::uint64_t>>;
using Listener = std::function<void(const sql::Event&, Instant)>;

std::size_t bucket_of(std::string_view topic) { return std::hash<std::string_view>()(topic) % bucket_count; }
std::size_t shard_of(std::size_t bucket) { return bucket % shard_count; }

struct Waiter {
  std::uint64_t ticket = 0;
  std::vector<std::size_t> buckets;
  Instant deadline;
  std::function<void()> wake;
  std::atomic<bool> is_over{false};  // whoever sets it first may call wake
};

struct Subscriber {
  std::vector<std::string> topics;
  Listener listener;  // may still be called once while it is being cancelled
};

// Waiters and subscribers by bucket; a shard's lock is never held while something of theirs is called.
struct Shard {
  std::mutex mutex;
  std::unordered_map<std::size_t, std::vector<std::shared_ptr<Waiter>>> waiters;
  std::unordered_map<std::string, std::vector<std::shared_ptr<Subscriber>>> subscribers;
};

class MemoryHub final : public Hub {
 public:
  std::uint64_t position(std::string_view topic) const override {
    return positions_[bucket_of(topic)].load(std::memory_order_acquire);
  }
  std::uint64_t park(Positions topics, Instant deadline, std::function<void()> wake) override;
  void cancel(std::uint64_t ticket) override;
  std::uint64_t subscribe(std::vector<std::string> topics, Listener listener) override;
  void publish(const std::vector<sql::Event>& events, Instant at) override;
  void doubt_all(Instant at) override;
  void tick(Instant now) override;
  std::size_t parked() const override { return parked_.load(std::memory_order_relaxed); }

 private:
  bool end(Waiter& waiter);
  void remove(const std::shared_ptr<Waiter>& waiter);
  void wake_bucket(std::size_t bucket);
  void tell(const sql::Event& event, Instant at);
  void cancel_subscriber(const std::shared_ptr<Subscriber>& subscriber);

  std::vector<std::atomic<std::uint64_t>> positions_ = std::vector<std::atomic<std::uint64_t>>(bucket_count);
  std::array<Shard, shard_count> shards_;
  std::atomic<std::size_t> parked_{0};

  mutable std::mutex tickets_mutex_;
  std::uint64_t ticket_last_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<Waiter>> waiters_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Subscriber>> subscribers_;
  std::multimap<std::int64_t, std::uint64_t> deadlines_;
};

// True for the one that ends it.
bool MemoryHub::end(Waiter& waiter) {
  if (waiter.is_over.exchange(true)) return false;
  parked_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

std::uint64_t MemoryHub::park(Positions topics, Instant deadline, std::function<void()> wake) {
  auto waiter = std::make_shared<Waiter>();
  waiter->deadline = deadline;
  waiter->wake = std::move(wake);
  for (const auto& [topic, position] : topics) waiter->buckets.push_back(bucket_of(topic));
  parked_.fetch_add(1, std::memory_order_relaxed);
  {
    const std::lock_guard lock(tickets_mutex_);
    waiter->ticket = ++ticket_last_;
    waiters_.emplace(waiter->ticket, waiter);
    deadlines_.emplace(deadline.ms, waiter->ticket);
  }
  for (const std::size_t bucket : waiter->buckets) {
    Shard& shard = shards_[shard_of(bucket)];
    const std::lock_guard lock(shard.mutex);
    shard.waiters[bucket].push_back(waiter);
  }
  // Whoever changed a topic before it was listed above could not see this waiter.
  const bool is_late =
      std::any_of(topics.begin(), topics.end(), [&](const auto& t) { return position(t.first) != t.second; });
  const bool wakes = is_late && end(*waiter);
  if (waiter->is_over) remove(waiter);  // also when somebody woke it while it was being listed
  if (wakes) waiter->wake();
  return waiter->ticket;
}

void MemoryHub::remove(const std::shared_ptr<Waiter>& waiter) {
  for (const std::size_t bucket : waiter->buckets) {
    Shard& shard = shards_[shard_of(bucket)];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.waiters.find(bucket);
    if (found == shard.waiters.end()) continue;
    std::erase(found->second, waiter);
    if (found->second.empty()) shard.waiters.erase(found);
  }
  const std::lock_guard lock(tickets_mutex_);
  waiters_.erase(waiter->ticket);
  const auto [first, last] = deadlines_.equal_range(waiter->deadline.ms);
  for (auto entry = first; entry != last; ++entry)
    if (entry->second == waiter->ticket) {
      deadlines_.erase(entry);
      break;
    }
}

void MemoryHub::cancel(std::uint64_t ticket) {
  std::shared_ptr<Waiter> waiter;
  std::shared_ptr<Subscriber> subscriber;
  {
    const std::lock_guard lock(tickets_mutex_);
    if (const auto found = waiters_.find(ticket); found != waiters_.end()) waiter = found->second;
    if (const auto found = subscribers_.find(ticket); found != subscribers_.end()) {
      subscriber = found->second;
      subscribers_.erase(found);
    }
  }
  if (waiter && end(*waiter)) remove(waiter);
  if (subscriber) cancel_subscriber(subscriber);
}

void MemoryHub::cancel_subscriber(const std::shared_ptr<Subscriber>& subscriber) {
  for (const std::string& topic : subscriber->topics) {
    Shard& shard = shards_[shard_of(bucket_of(topic))];
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.subscribers.find(topic);
    if (found == shard.subscribers.end()) continue;
    std::erase(found->second, subscriber);
    if (found->second.empty()) shard.subscribers.erase(found);
  }
}

std::uint64_t MemoryHub::subscribe(std::vector<std::string> topics, Listener listener) {
  auto subscriber = std::make_shared<Subscriber>();
  subscriber->topics = std::move(topics);
  subscriber->listener = std::move(listener);
  for (const std::string& topic : subscriber->topics) {
    Shard& shard = shards_[shard_of(bucket_of(topic))];
    const std::lock_guard lock(shard.mutex);
    shard.subscribers[topic].push_back(subscriber);
  }
  const std::lock_guard lock(tickets_mutex_);
  subscribers_.emplace(++ticket_last_, subscriber);
  return ticket_last_;
}

void MemoryHub::publish(const std::vector<sql::Event>& events, Instant at) {
  std::unordered_set<std::size_t> buckets;
  for (const sql::Event& event : events) {
    const std::size_t bucket = bucket_of(event.topic);
    if (buckets.insert(bucket).second) positions_[bucket].fetch_add(1, std::memory_order_acq_rel);
  }
  for (const sql::Event& event : events) tell(event, at);
  for (const std::size_t bucket : buckets) wake_bucket(bucket);
}

void MemoryHub::doubt_all(Instant at) {
  for (auto& position : positions_) position.fetch_add(1, std::memory_order_acq_rel);
  std::unordered_set<std::size_t> buckets;
  std::vector<std::shared_ptr<Subscriber>> listening;
  {
    const std::lock_guard lock(tickets_mutex_);
    for (const auto& [ticket, waiter] : waiters_) buckets.insert(waiter->buckets.begin(), waiter->buckets.end());
    for (const auto& [ticket, subscriber] : subscribers_) listening.push_back(subscriber);
  }
  for (const auto& subscriber : listening)
    for (const std::string& topic : subscriber->topics) subscriber->listener({topic, "events.missed", "{}"}, at);
  for (const std::size_t bucket : buckets) wake_bucket(bucket);
}

void MemoryHub::tell(const sql::Event& event, Instant at) {
  std::vector<std::shared_ptr<Subscriber>> listening;
  Shard& shard = shards_[shard_of(bucket_of(event.topic))];
  {
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.subscribers.find(event.topic); found != shard.subscribers.end())
      listening = found->second;
  }
  for (const auto& subscriber : listening) subscriber->listener(event, at);
}

void MemoryHub::wake_bucket(std::size_t bucket) {
  std::vector<std::shared_ptr<Waiter>> waiting;
  Shard& shard = shards_[shard_of(bucket)];
  {
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.waiters.find(bucket); found != shard.waiters.end()) {
      waiting = std::move(found->second);
      shard.waiters.erase(found);
    }
  }
  for (const auto& waiter : waiting)
    if (end(*waiter)) {
      remove(waiter);
      waiter->wake();
    }
}

void MemoryHub::tick(Instant now) {
  std::vector<std::shared_ptr<Waiter>> late;
  {
    const std::lock_guard lock(tickets_mutex_);
    for (auto entry = deadlines_.begin(); entry != deadlines_.end() && entry->first <= now.ms; ++entry)
      if (const auto found = waiters_.find(entry->second); found != waiters_.end()) late.push_back(found->second);
  }
  for (const auto& waiter : late)
    if (end(*waiter)) {
      remove(waiter);
      waiter->wake();
    }
}

}  // namespace

std::unique_ptr<Hub> make_hub() { return std::make_unique<MemoryHub>(); }

}  // namespace fairward::api
