#include "platform/http/stream.h"

#include <utility>

#include "platform/http/connection.h"
#include "platform/http/reply.h"
#include "platform/http/worker.h"

namespace fairward::http {

StreamState::StreamState(std::shared_ptr<Connection> connection, bool is_chunked, std::size_t unsent_bytes_max)
    : connection_(std::move(connection)), unsent_bytes_max_(unsent_bytes_max), is_chunked_(is_chunked) {}

bool StreamState::send(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (!connection_ || is_finished_ || is_broken_) return false;
  if (bytes.empty()) return true;  // an empty chunk would end the reply
  if (pending_.size() + in_flight_ + bytes.size() > unsent_bytes_max_) {
    is_broken_ = true;
    is_woken_ = false;  // a connection that waits for its socket must hear of this at once
    wake_connection();
    return false;
  }
  if (is_chunked_) append_chunk(pending_, bytes);
  else pending_ += bytes;
  wake_connection();
  return true;
}

bool StreamState::is_open() const {
  const std::lock_guard lock(mutex_);
  return connection_ && !is_finished_ && !is_broken_;
}

void StreamState::finish() {
  // Declared first, released last and outside the lock: the action may own the handle, whose end comes here again.
  std::function<void()> dropped;
  const std::lock_guard lock(mutex_);
  if (!connection_ || is_finished_) return;
  is_finished_ = true;
  dropped = std::exchange(on_close_, nullptr);
  wake_connection();
}

void StreamState::on_close(std::function<void()> action) {
  {
    const std::lock_guard lock(mutex_);
    if (is_finished_) return;
    if (connection_) {
      on_close_ = std::move(action);
      return;
    }
  }
  action();
}

void StreamState::wake_connection() {
  if (is_woken_) return;
  is_woken_ = connection_->worker().post([connection = connection_] { connection->on_stream_ready(); });
}

bool StreamState::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  is_woken_ = false;
  out += pending_;
  in_flight_ = pending_.size();
  pending_ = {};
  if (is_finished_ && is_chunked_) out += last_chunk;
  return is_finished_;
}

void StreamState::set_in_flight(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  in_flight_ = bytes;
}

bool StreamState::is_broken() const {
  const std::lock_guard lock(mutex_);
  return is_broken_;
}

std::function<void()> StreamState::detach() {
  std::shared_ptr<Connection> connection;
  const std::lock_guard lock(mutex_);
  connection = std::exchange(connection_, nullptr);
  pending_ = {};
  return std::exchange(on_close_, nullptr);
}

namespace {

class StreamHandle final : public Stream {
 public:
  explicit StreamHandle(std::shared_ptr<StreamState> state) : state_(std::move(state)) {}
  ~StreamHandle() override { state_->finish(); }

  bool send(std::string bytes) override { return state_->send(bytes); }
  bool is_open() const override { return state_->is_open(); }
  void close() override { state_->finish(); }
  void on_close(std::function<void()> action) override { state_->on_close(std::move(action)); }

 private:
  const std::shared_ptr<StreamState> state_;
};

}  // namespace

std::shared_ptr<Stream> make_stream_handle(std::shared_ptr<StreamState> state) {
  return std::make_shared<StreamHandle>(std::move(state));
}

}  // namespace fairward::http
