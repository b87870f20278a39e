// gzip: see compress.h.
#include "platform/api/compress.h"

#include <zlib.h>

#include "base/text.h"

namespace fairward::api {
namespace {

constexpr int level = 1;  // replies are small and many: four fifths of the gain for a third of the time
constexpr int window_bits_gzip = 15 + 16;  // zlib's way to ask for the gzip form
constexpr int memory_level = 8;

std::string_view token_take(std::string_view& list) {
  const std::string_view token = list.substr(0, list.find(','));
  list.remove_prefix(token.size() == list.size() ? list.size() : token.size() + 1);
  return trimmed(token);
}

// "gzip;q=0.000": is the weight zero?
bool is_refused(std::string_view parameters) {
  const std::size_t weight = parameters.find("q=");
  return weight != std::string_view::npos &&
         parameters.substr(weight + 2).find_first_of("123456789") == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::string_view token = token_take(accept_encoding);
    const std::string_view name = trimmed(token.substr(0, token.find(';')));
    if (!ascii_equal_ignoring_case(name, "gzip")) continue;
    return !is_refused(token.substr(std::min(token.size(), name.size())));
  }
  return false;
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits_gzip, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(text.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool is_done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(is_done ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

}  // namespace fairward::api
