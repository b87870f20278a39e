// The resources of a FHIR bundle one by one, from text that comes in pieces: memory holds one resource at a time,
// however long the bundle is. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace fairward::fhir {

class BundleReader {
 public:
  static constexpr std::size_t entry_bytes_max = 8 * 1024 * 1024;

  // Called with the JSON text of each element of "entry".
  explicit BundleReader(std::function<void(std::string_view)> entry) : entry_(std::move(entry)) {}

  // More of the text.
  void feed(std::string_view text);
  // Has a whole bundle gone by?
  bool is_whole() const { return seen_entries_ && depth_ == 0 && !is_text_; }
  std::size_t too_long() const { return too_long_; }  // entries that were left out

 private:
  void take(char c);
  void text_end();

  std::function<void(std::string_view)> entry_;
  std::string captured_, word_;
  std::size_t depth_ = 0, too_long_ = 0;
  bool is_text_ = false, is_escaped_ = false;
  bool is_entry_next_ = false;  // the member "entry" was named, its value follows
  bool is_in_entries_ = false, seen_entries_ = false, is_captured_ = false;
};

}  // namespace fairward::fhir
