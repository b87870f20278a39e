// The bytes of an endless reply on their way from any thread to the connection that sends them.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "platform/http/http.h"

namespace fairward::http {

class Connection;

// Shared by the application's handle and the connection.
class StreamState {
 public:
  StreamState(std::shared_ptr<Connection> connection, bool is_chunked, std::size_t unsent_bytes_max);

  // For the application, on any thread.
  bool send(std::string_view bytes);
  bool is_open() const;
  void finish();
  void on_close(std::function<void()> action);

  // For the connection, on its worker's thread.
  // Moves what waits into `out`; true when that is the end of the reply. `out` then counts as in flight.
  bool take(std::string& out);
  void set_in_flight(std::size_t bytes);
  bool is_broken() const;          // the bound was passed: the connection must go
  std::function<void()> detach();  // the connection is gone; what to call, if anything

 private:
  void wake_connection();  // with the lock held

  mutable std::mutex mutex_;
  std::shared_ptr<Connection> connection_;  // null once detached
  std::string pending_;
  std::size_t in_flight_ = 0;
  const std::size_t unsent_bytes_max_;
  const bool is_chunked_;
  bool is_woken_ = false;
  bool is_finished_ = false;
  bool is_broken_ = false;
  std::function<void()> on_close_;
};

// What the application holds; dropping it ends the reply.
std::shared_ptr<Stream> make_stream_handle(std::shared_ptr<StreamState> state);

}  // namespace fairward::http
