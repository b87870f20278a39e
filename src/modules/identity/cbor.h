// Reading CBOR (RFC 8949) that strangers wrote, one item at a time and without memory of its own: lengths are those of
// the text, forms of indefinite length are refused. libcbor stays behind this header.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairward::identity {

struct CborItem {
  enum class Kind : std::uint8_t { number, bytes, text, list, map, other };
  Kind kind = Kind::other;
  std::int64_t number = 0;  // or how many items a list has, or pairs a map
  std::string_view text;    // of bytes and text
};

class CborReader {
 public:
  explicit CborReader(std::string_view bytes) : rest_(bytes) {}
  // nullopt: it is not CBOR, is cut off, or has a form that is not taken. What is in a list or map comes next.
  std::optional<CborItem> next();
  bool skip();  // a whole value, with what is in it; 8 levels, 256 items
  std::string_view rest() const { return rest_; }

 private:
  bool skip(int levels, int& items);
  std::string_view rest_;
};

}  // namespace fairward::identity
