#include "platform/http/reactor.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

namespace fairward::http {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

struct Reactor::State {
  // Descriptors are touched by one thread only; posting is safe from all.
  asio::io_context context{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  asio::executor_work_guard<Executor> work{context.get_executor()};
  Timer timer{context};
  std::function<void()> every_second;
  bool is_finished = false;

  void wait_second() {
    timer.expires_after(std::chrono::seconds(1));
    timer.async_wait([this](const boost::system::error_code& error) {
      if (error || is_finished) return;
      every_second();
      if (!is_finished) wait_second();
    });
  }
};

Reactor::Reactor() : state_(std::make_unique<State>()) {}
Reactor::~Reactor() = default;

void Reactor::run(std::function<void()> every_second) {
  state_->every_second = std::move(every_second);
  state_->wait_second();
  state_->context.run();
}

void Reactor::finish() {
  state_->is_finished = true;
  state_->timer.cancel();
  state_->work.reset();
}

void Reactor::post(std::function<void()> task) { asio::post(state_->context, std::move(task)); }

struct Watch::State {
  Descriptor descriptor;
};

Watch::Watch(Reactor& reactor, int descriptor)
    : state_(std::make_unique<State>(State{Descriptor(reactor.state_->context, descriptor)})),
      descriptor_(descriptor) {}

Watch::~Watch() { close(); }

void Watch::wait_readable(std::shared_ptr<Watched> watched) {
  state_->descriptor.async_wait(Descriptor::wait_read,
                                [watched = std::move(watched)](const boost::system::error_code& error) {
                                  if (!error) watched->on_readable();
                                });
}

void Watch::wait_writable(std::shared_ptr<Watched> watched) {
  state_->descriptor.async_wait(Descriptor::wait_write,
                                [watched = std::move(watched)](const boost::system::error_code& error) {
                                  if (!error) watched->on_writable();
                                });
}

void Watch::close() {
  if (!state_) return;
  boost::system::error_code ignored;
  state_->descriptor.close(ignored);
  state_.reset();
}

}  // namespace fairward::http
