// What happened in a world, line by line: a running hash, by which two runs are compared, and the last lines, for the
// person who reads a failure.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <deque>
#include <string>

namespace fairward::sim {

class Trace {
 public:
  template <class... A>
  void say(fmt::format_string<A...> text, A&&... values) {
    std::string line = fmt::format(text, std::forward<A>(values)...);
    for (const char c : line) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    if (is_loud) fmt::print("{}\n", line);
    lines_.push_back(std::move(line));
    if (lines_.size() > lines_max) lines_.pop_front();
  }
  const std::deque<std::string>& last_lines() const { return lines_; }
  std::uint64_t hash() const { return hash_; }
  bool is_loud = false;

 private:
  static constexpr std::size_t lines_max = 40;
  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::deque<std::string> lines_;
};

}  // namespace fairward::sim
