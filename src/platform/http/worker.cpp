#include "platform/http/worker.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <utility>

#include "platform/http/connection.h"
#include "platform/http/forwarded.h"
#include "platform/http/reply.h"

namespace fairward::http {

namespace {

std::int64_t steady_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A few connections above the limit are kept just long enough to hear of it for certain; beyond that they are cut as
// soon as it is said, and whoever had sent something may miss it.
constexpr std::size_t refusals_at_once_max = 128;
// An address may have this part of all connections, and never less than some: a hospital may sit behind one.
constexpr std::size_t address_share = 4, address_connections_min = 64;

}  // namespace

std::size_t AddressCounts::add(const std::string& address) {
  const std::lock_guard lock(mutex_);
  return ++counts_[address];
}

void AddressCounts::remove(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto own = counts_.find(address);
  if (--own->second == 0) counts_.erase(own);
}

Worker::Worker(std::shared_ptr<Service> shared) : service(std::move(shared)) {}
Worker::~Worker() = default;

void Worker::run() {
  thread_id_ = std::this_thread::get_id();
  started_at_ = steady_seconds();
  date_ = date_line(std::time(nullptr));
  reactor.run([this] { on_second(); });
}

bool Worker::post(Task&& task) {
  switch (mailbox_.put(std::move(task))) {
    case Mailbox::Put::first: reactor.post([this] { mailbox_.run_all(); }); return true;
    case Mailbox::Put::more: return true;
    case Mailbox::Put::closed: break;
  }
  return false;
}

void Worker::reserve_place() {
  load_.fetch_add(1, std::memory_order_relaxed);
  service->open_connections.fetch_add(1, std::memory_order_relaxed);
}

void Worker::release_place() {
  load_.fetch_sub(1, std::memory_order_relaxed);
  service->open_connections.fetch_sub(1, std::memory_order_relaxed);
}

void Worker::adopt(int descriptor, std::string peer) {
  const std::size_t open = service->open_connections.load(std::memory_order_relaxed);
  const std::size_t open_max = service->options.connections_max;
  const std::size_t own_max = std::max(open_max / address_share, address_connections_min);
  std::shared_ptr<Connection> connection;
  try {
    connection = std::make_shared<Connection>(shared_from_this(), descriptor, std::move(peer));
  } catch (const std::exception&) {  // the kernel watches no further descriptor
    ::close(descriptor);
    return release_place();
  }
  connection->index = connections_.size();
  connections_.push_back(connection);
  const std::size_t own = connection->is_peer_trusted() ? 0 : service->addresses.add(address_key(connection->peer()));
  if (open <= open_max && own <= own_max) return connection->start();
  connection->refuse_overload();
  if (open > open_max + refusals_at_once_max || own > own_max + refusals_at_once_max) connection->close();
}

void Worker::forget(Connection& connection) {
  const std::size_t index = connection.index;
  const std::shared_ptr<Connection> kept = std::move(connections_[index]);  // alive until the end of this function
  if (index + 1 != connections_.size()) {
    connections_[index] = std::move(connections_.back());
    connections_[index]->index = index;
  }
  connections_.pop_back();
  if (!connection.is_peer_trusted()) service->addresses.remove(address_key(connection.peer()));
  release_place();
}

// From the back: closing moves the last connection into the gap, and that one has been visited.
void Worker::for_each_connection(const std::function<void(Connection&)>& action) {
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i >= connections_.size()) continue;
    const std::shared_ptr<Connection> connection = connections_[i];
    action(*connection);
  }
}

void Worker::on_second() {
  tick_ = steady_seconds() - started_at_;
  date_ = date_line(std::time(nullptr));
  for_each_connection([](Connection& connection) { connection.on_tick(); });
  if (every_second) every_second();
}

void Worker::stop_gently() {
  for_each_connection([](Connection& connection) { connection.stop_gently(); });
}

void Worker::stop_at_once() {
  mailbox_.close();
  for_each_connection([](Connection& connection) { connection.close(); });
  every_second = nullptr;
  reactor.finish();
}

}  // namespace fairward::http
