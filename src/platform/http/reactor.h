// The event loop of one thread and the descriptors it watches. The only face of Boost.Asio in this folder.
#pragma once

#include <functional>
#include <memory>

namespace fairward::http {

// One event loop. Everything but post belongs to the thread that runs it.
class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Runs until finish was called and nothing is watched or posted any more.
  void run(std::function<void()> every_second);
  void finish();
  // Any thread.
  void post(std::function<void()> task);

 private:
  friend class Watch;
  struct State;
  std::unique_ptr<State> state_;
};

class Watched {
 public:
  virtual ~Watched() = default;
  virtual void on_readable() = 0;
  virtual void on_writable() = 0;
};

// Owns a descriptor and tells its Watched, once for each wait, when it can be read (data, end or error) or written.
// A pending wait keeps the Watched alive; close() ends it without a call.
class Watch {
 public:
  Watch(Reactor& reactor, int descriptor);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  int descriptor() const { return descriptor_; }
  void wait_readable(std::shared_ptr<Watched> watched);
  void wait_writable(std::shared_ptr<Watched> watched);
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
  int descriptor_;
};

}  // namespace fairward::http
