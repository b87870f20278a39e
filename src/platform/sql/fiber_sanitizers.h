// Tells AddressSanitizer and ThreadSanitizer which stack is in use; nothing without them. Internal to platform/sql.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define FAIRWARD_FIBERS_UNDER_ASAN
#elif defined(__SANITIZE_THREAD__)
#define FAIRWARD_FIBERS_UNDER_TSAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FAIRWARD_FIBERS_UNDER_ASAN
#elif __has_feature(thread_sanitizer)
#define FAIRWARD_FIBERS_UNDER_TSAN
#endif
#endif

#if defined(FAIRWARD_FIBERS_UNDER_ASAN)
#include <sanitizer/common_interface_defs.h>
#elif defined(FAIRWARD_FIBERS_UNDER_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace fairward::sql {

// The four moments of a switch to a fiber and back, each called right before or right after it.
#if defined(FAIRWARD_FIBERS_UNDER_ASAN)

class FiberSanitizers {
 public:
  FiberSanitizers(const void* bottom, std::size_t bytes) : bottom_(bottom), bytes_(bytes) {}
  void entering() { __sanitizer_start_switch_fiber(&outer_frames_, bottom_, bytes_); }
  void entered() { __sanitizer_finish_switch_fiber(inner_frames_, &outer_bottom_, &outer_bytes_); }
  void leaving(bool is_for_ever) {
    __sanitizer_start_switch_fiber(is_for_ever ? nullptr : &inner_frames_, outer_bottom_, outer_bytes_);
  }
  void left() { __sanitizer_finish_switch_fiber(outer_frames_, nullptr, nullptr); }

 private:
  const void* bottom_;
  std::size_t bytes_;
  const void* outer_bottom_ = nullptr;
  std::size_t outer_bytes_ = 0;
  void *inner_frames_ = nullptr, *outer_frames_ = nullptr;
};

#elif defined(FAIRWARD_FIBERS_UNDER_TSAN)

class FiberSanitizers {
 public:
  FiberSanitizers(const void*, std::size_t) : inner_(__tsan_create_fiber(0)) {}
  ~FiberSanitizers() { __tsan_destroy_fiber(inner_); }
  FiberSanitizers(const FiberSanitizers&) = delete;
  FiberSanitizers& operator=(const FiberSanitizers&) = delete;
  // Inlined, because the sanitizer keeps a stack of calls for each fiber: who switches must return to whom it began.
  [[gnu::always_inline]] void entering() {
    outer_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(inner_, 0);
  }
  void entered() {}
  [[gnu::always_inline]] void leaving(bool is_for_ever) {
    if (!is_for_ever) __tsan_switch_to_fiber(outer_, 0);  // else calls have yet to return
  }
  [[gnu::always_inline]] void left() {
    if (__tsan_get_current_fiber() != outer_) __tsan_switch_to_fiber(outer_, 0);
  }

 private:
  void *inner_, *outer_ = nullptr;
};

#else

class FiberSanitizers {
 public:
  FiberSanitizers(const void*, std::size_t) {}
  void entering() {}
  void entered() {}
  void leaving(bool) {}
  void left() {}
};

#endif

}  // namespace fairward::sql
