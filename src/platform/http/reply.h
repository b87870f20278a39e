// Puts reply heads and transport problems into bytes.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "platform/http/http.h"

namespace fairward::http {

// How the reply is carried; decided by the connection.
struct Carriage {
  bool is_http_1_0 = false;  // the request's version
  bool keeps_alive = true;
  bool is_chunked = false;  // an endless reply over HTTP/1.1
};

// "Date: Sat, 21 Nov 2026 10:25:15 GMT\r\n"
std::string date_line(std::time_t at);
// Appends status line, framing and fields, and the empty line. Fields that would break the head are left out.
void append_head(std::string& out, const Response& response, const Carriage& carriage, std::string_view date_line);
// One chunk of a chunked reply.
void append_chunk(std::string& out, std::string_view bytes);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

bool allows_body(int status);
inline std::string_view body_of(const Response& response) {
  return response.static_body.empty() ? std::string_view(response.body) : response.static_body;
}

// What the transport itself answers; always the last reply of its connection, but for `internal`.
enum class TransportProblem : unsigned char {
  bad_request,
  request_timeout,
  body_too_large,
  expectation_failed,
  head_too_large,
  internal,
  not_implemented,
  overloaded,
};
Response problem_response(TransportProblem problem);

}  // namespace fairward::http
