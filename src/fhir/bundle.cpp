// See the header.
#include "fhir/bundle.h"

namespace fairward::fhir {
namespace {

constexpr std::size_t entries_depth = 2;  // {"entry": [
constexpr std::size_t word_max = 16;

}  // namespace

void BundleReader::feed(std::string_view text) {
  for (const char c : text) take(c);
}

void BundleReader::text_end() {
  is_text_ = false;
  if (depth_ == 1) is_entry_next_ = word_ == "entry";
}

void BundleReader::take(char c) {
  if (is_captured_ && captured_.size() <= entry_bytes_max) captured_ += c;
  if (is_text_) {
    if (is_escaped_) is_escaped_ = false;
    else if (c == '\\') is_escaped_ = true;
    else if (c == '"') text_end();
    else if (depth_ == 1 && word_.size() < word_max) word_ += c;
    return;
  }
  if (c == '"') {
    is_text_ = true;
    word_.clear();
  } else if (c == '{' || c == '[') {
    ++depth_;
    if (depth_ == entries_depth && c == '[' && is_entry_next_) is_in_entries_ = seen_entries_ = true;
    if (depth_ == entries_depth) is_entry_next_ = false;
    if (is_in_entries_ && depth_ == entries_depth + 1) {
      is_captured_ = true;
      captured_ = c;
    }
  } else if ((c == '}' || c == ']') && depth_ > 0) {
    --depth_;
    if (is_captured_ && depth_ == entries_depth) {
      is_captured_ = false;
      if (captured_.size() > entry_bytes_max) ++too_long_;
      else entry_(captured_);
    }
    if (is_in_entries_ && depth_ < entries_depth) is_in_entries_ = false;
  }
}

}  // namespace fairward::fhir
