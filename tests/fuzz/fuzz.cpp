// What libFuzzer calls: see fuzz.h.
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fairward::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
