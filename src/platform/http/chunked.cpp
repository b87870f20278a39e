#include "platform/http/chunked.h"

#include <algorithm>

namespace fairward::http {

namespace {

constexpr int chunk_size_digits_max = 8;
constexpr int extension_bytes_max = 256;
constexpr int trailer_bytes_max = 8 * 1024;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) { return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7f : c == '\t'; }

}  // namespace

ChunkedBody::Verdict ChunkedBody::feed(std::string_view bytes, std::size_t body_bytes_max, std::string& body,
                                       std::size_t& used) {
  used = 0;
  while (used < bytes.size()) {
    if (place_ == Place::data) {
      const std::size_t run = std::min<std::uint64_t>(chunk_left_, bytes.size() - used);
      body.append(bytes.substr(used, run));
      used += run;
      chunk_left_ -= run;
      if (chunk_left_ == 0) place_ = Place::data_cr;
      continue;
    }
    if (step(bytes[used++]) == Verdict::malformed) return Verdict::malformed;
    if (place_ == Place::done) return Verdict::complete;
    if (chunk_left_ > body_bytes_max - body.size()) return Verdict::too_large;
  }
  return Verdict::incomplete;
}

ChunkedBody::Verdict ChunkedBody::expect(char c, char wanted, Place next) {
  place_ = next;
  return c == wanted ? Verdict::incomplete : Verdict::malformed;
}

ChunkedBody::Verdict ChunkedBody::step(char c) {
  switch (place_) {
    case Place::size_first:
    case Place::size: return step_size(c);
    case Place::extension:
      if (c == '\r') return expect(c, '\r', Place::size_lf);
      return is_text(c) && ++extension_bytes_ <= extension_bytes_max ? Verdict::incomplete : Verdict::malformed;
    case Place::size_lf: return expect(c, '\n', chunk_left_ == 0 ? Place::trailer_first : Place::data);
    case Place::data_cr: return expect(c, '\r', Place::data_lf);
    case Place::data_lf:
      digits_ = 0;
      extension_bytes_ = 0;
      return expect(c, '\n', Place::size_first);
    case Place::trailer_first:
    case Place::trailer: return step_trailer(c);
    case Place::trailer_lf: return expect(c, '\n', Place::trailer_first);
    case Place::end_lf: return expect(c, '\n', Place::done);
    case Place::data:
    case Place::done: break;
  }
  return Verdict::malformed;
}

ChunkedBody::Verdict ChunkedBody::step_size(char c) {
  if (const int value = hex_value(c); value >= 0) {
    chunk_left_ = chunk_left_ * 16 + static_cast<unsigned>(value);
    place_ = Place::size;
    return ++digits_ <= chunk_size_digits_max ? Verdict::incomplete : Verdict::malformed;
  }
  if (place_ == Place::size_first) return Verdict::malformed;
  if (c == ';') return expect(c, ';', Place::extension);
  return expect(c, '\r', Place::size_lf);
}

// A trailer line must at least not begin with white space, which would be obs-fold.
ChunkedBody::Verdict ChunkedBody::step_trailer(char c) {
  if (c == '\r') return expect(c, '\r', place_ == Place::trailer_first ? Place::end_lf : Place::trailer_lf);
  if (place_ == Place::trailer_first && (c == ' ' || c == '\t')) return Verdict::malformed;
  place_ = Place::trailer;
  return is_text(c) && ++trailer_bytes_ <= trailer_bytes_max ? Verdict::incomplete : Verdict::malformed;
}

}  // namespace fairward::http
