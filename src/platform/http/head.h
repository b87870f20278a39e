// Reads the head of an HTTP/1.1 request: a pure function over bytes, strict as RFC 9112 asks of a server that may stand
// behind another one. Whatever two readers could understand differently is refused, never repaired.
// Beast's parser is not used: it unfolds obs-fold and lets other framing gaps pass before its caller can see them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "platform/http/http.h"

namespace fairward::http {

// Where the head ends, as far as the bytes read so far tell.
struct HeadScan {
  enum class State : std::uint8_t { incomplete, complete, malformed };
  State state = State::incomplete;
  std::size_t size = 0;  // complete: bytes of the head, with its empty line
};

// Looks for the empty line in `bytes`, of which the first `scanned` were looked at before. Bare CR, bare LF and NUL are
// malformed at once, so that nobody has to wait for an end that cannot come.
HeadScan head_scan(std::string_view bytes, std::size_t scanned);

struct Head {
  Request request;  // all but body and peer
  std::uint64_t content_length = 0;
  bool is_chunked = false;
  bool is_http_1_0 = false;
  bool keeps_alive = true;
  bool expects_continue = false;
};

enum class HeadFault : std::uint8_t {
  none,
  malformed,                // 400
  too_many_fields,          // 431
  unsupported_expectation,  // 417
  unsupported_method,       // 501  CONNECT: this is no proxy
};

inline constexpr std::size_t head_fields_max = 100;

// Reads a head that head_scan found complete. The target of an absolute-form request (RFC 9112 3.2.2: a server must
// accept it) becomes origin form; its authority must be the Host. `head` holds nothing useful unless none is returned.
HeadFault head_parse(std::string_view bytes, Head& head);

}  // namespace fairward::http
