#include "platform/sql/fiber.h"

#include "base/check.h"

namespace fairward::sql {

Fiber::Fiber()
    : stack_(allocator_.allocate()), sanitizers_(static_cast<const char*>(stack_.sp) - stack_.size, stack_.size) {
  // Boost enters the stack here, and comes back at once.
  sanitizers_.entering();
  inside_ =
      boost::context::fiber(std::allocator_arg, boost::context::preallocated(stack_.sp, stack_.size, stack_),
                            allocator_, [this](boost::context::fiber&& outside) { return loop(std::move(outside)); });
  sanitizers_.entered();
  sanitizers_.leaving(false);
  sanitizers_.left();
}

// Entered without work, the loop ends, and Boost frees the stack.
Fiber::~Fiber() {
  FAIRWARD_CHECK(!work_);
  enter();
}

boost::context::fiber Fiber::loop(boost::context::fiber&& outside) {
  outside_ = std::move(outside);
  sanitizers_.entered();
  while (work_) {
    work_();
    work_ = nullptr;
    wait();
  }
  sanitizers_.leaving(true);
  return std::move(outside_);
}

void Fiber::start(std::function<void()> work) {
  FAIRWARD_CHECK(!work_ && work);
  work_ = std::move(work);
  enter();
}

void Fiber::resume() {
  FAIRWARD_CHECK(work_);
  enter();
}

void Fiber::enter() {
  sanitizers_.entering();
  inside_ = std::move(inside_).resume();
  sanitizers_.left();
}

void Fiber::wait() {
  sanitizers_.leaving(false);
  outside_ = std::move(outside_).resume();
  sanitizers_.entered();
}

}  // namespace fairward::sql
