// A stackful fiber: work on a stack of its own that can wait in the middle and goes on later. It gives the thread back
// to whoever resumed it. A fiber stays on one thread; no exception leaves it. Internal to platform/sql.
#pragma once

#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <functional>

#include "platform/sql/fiber_sanitizers.h"

namespace fairward::sql {

class Fiber {
 public:
  // Address space; memory is taken page by page as calls go deeper: 8 KB by holds. Beneath the stack lies a
  // page that nobody may touch.
  static constexpr std::size_t stack_bytes = 512 * 1024;

  Fiber();
  ~Fiber();  // its work must have ended
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs the work, which must not throw, until it waits or ends.
  void start(std::function<void()> work);
  void resume();
  bool is_busy() const { return work_ != nullptr; }
  // Called by the work: back to start or resume. Never while an exception is being thrown or caught: the language keeps
  // those by thread.
  void wait();

 private:
  boost::context::fiber loop(boost::context::fiber&& outside);
  void enter();

  std::function<void()> work_;
  boost::context::protected_fixedsize_stack allocator_{stack_bytes};
  boost::context::stack_context stack_;
  FiberSanitizers sanitizers_;
  boost::context::fiber inside_, outside_;
};

}  // namespace fairward::sql
