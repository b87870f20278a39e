// One thread of the server: its loop, its connections, and the mailbox through which other threads reach them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "platform/http/http.h"
#include "platform/http/mailbox.h"
#include "platform/http/reactor.h"

namespace fairward::http {

class Connection;

// How many connections each address has: one alone cannot take them all. Any thread.
class AddressCounts {
 public:
  std::size_t add(const std::string& address);  // how many it has now
  void remove(const std::string& address);

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> counts_;
};

// What all workers share.
struct Service {
  ServerOptions options;
  Handler handler;
  std::atomic<bool> is_stopping = false;
  std::atomic<std::size_t> open_connections = 0;  // accepted and not yet closed
  AddressCounts addresses;                        // of clients that are no proxies of ours
};

class Worker : public std::enable_shared_from_this<Worker> {
 public:
  using Task = Mailbox::Task;

  explicit Worker(std::shared_ptr<Service> service);
  ~Worker();

  // The thread's whole life.
  void run();
  // Runs the task on this worker's thread, soon. False: the worker has ended, the task will not run. Any thread.
  bool post(Task&& task);
  bool is_this_thread() const { return thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }
  std::size_t load() const { return load_.load(std::memory_order_relaxed); }
  // A connection counts from before adopt() until forget().
  void reserve_place();
  void release_place();

  // The rest belongs to the worker's own thread.
  void adopt(int descriptor, std::string peer);
  void forget(Connection& connection);
  void stop_gently();   // idle connections close, the others after their reply
  void stop_at_once();  // everything closes, run() returns
  std::int64_t tick() const { return tick_; }
  const std::string& date() const { return date_; }

  Reactor reactor;
  const std::shared_ptr<Service> service;
  std::array<char, 64 * 1024> read_buffer;  // lent to the connection that reads at this moment
  std::string write_buffer;                 // replies of the connection that answers at this moment, sent in one go
  // Written by this worker's thread only, read by stats().
  struct {
    std::atomic<std::uint64_t> requests = 0, refused = 0, timed_out = 0;
  } counts;
  std::function<void()> every_second;  // set before run() by whoever needs the time here

 private:
  void on_second();
  void for_each_connection(const std::function<void(Connection&)>& action);

  std::atomic<std::thread::id> thread_id_{};
  std::atomic<std::size_t> load_ = 0;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::int64_t tick_ = 0;  // seconds since run(), moved once a second: all deadlines are this coarse
  std::int64_t started_at_ = 0;
  std::string date_;
  Mailbox mailbox_;
};

// One more by the only writer: cheaper than a read-modify-write.
inline void count(std::atomic<std::uint64_t>& counter) {
  counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace fairward::http
