// Takes the chunked coding off a request body, byte run by byte run. Strict: CRLF only, sizes in plain hexadecimal,
// extensions and trailers are checked and thrown away within bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairward::http {

class ChunkedBody {
 public:
  enum class Verdict : std::uint8_t { incomplete, complete, malformed, too_large };

  // Reads from `bytes` and appends the body to `body`, which never grows beyond `body_bytes_max`.
  // `used` is how much of `bytes` belongs to this body; after a verdict other than incomplete, call no more.
  Verdict feed(std::string_view bytes, std::size_t body_bytes_max, std::string& body, std::size_t& used);

 private:
  enum class Place : std::uint8_t {
    size_first,
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_first,
    trailer,
    trailer_lf,
    end_lf,
    done
  };

  Verdict step(char c);
  Verdict step_size(char c);
  Verdict step_trailer(char c);
  Verdict expect(char c, char wanted, Place next);

  Place place_ = Place::size_first;
  std::uint8_t digits_ = 0;
  std::uint16_t extension_bytes_ = 0;  // of this chunk
  std::uint16_t trailer_bytes_ = 0;
  std::uint64_t chunk_left_ = 0;
};

}  // namespace fairward::http
