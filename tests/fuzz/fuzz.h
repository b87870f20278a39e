// What all fuzz programs share: a demand that ends the program, and decoding that is checked from all sides.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fairward::fuzz {

// libFuzzer keeps the input of a program that aborts.
inline void demand(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "violated: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

// One input; each program has its own.
void run(std::string_view input);

// Numbers are taken from the end of the input.
inline FuzzedDataProvider numbers_of(std::string_view input) {
  return {reinterpret_cast<const std::uint8_t*>(input.data()), input.size()};
}

// The bounds of the pieces come from the end of the input, so that the corpus stays readable text.
template <class F>
void in_pieces(FuzzedDataProvider& bounds, std::string_view text, F&& take) {
  while (!text.empty()) {
    const std::size_t size = bounds.remaining_bytes() > 0 ? bounds.ConsumeIntegralInRange<std::size_t>(1, 40) : 1;
    take(text.substr(0, size));
    text.remove_prefix(std::min(size, text.size()));
  }
}

}  // namespace fairward::fuzz
