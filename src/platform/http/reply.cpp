#include "platform/http/reply.h"

#include <array>
#include <charconv>

namespace fairward::http {

namespace {

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return "";  // RFC 9112 4: the phrase may be empty
  }
}

void append_number(std::string& out, std::uint64_t number, int base = 10) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

// A line break in a value would let its author write fields, or a whole reply, of his own.
bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

void append_framing(std::string& out, const Response& response, const Carriage& carriage) {
  if (carriage.is_chunked) out += "Transfer-Encoding: chunked\r\n";
  if (!response.stream && allows_body(response.status)) {
    out += "Content-Length: ";
    append_number(out, body_of(response).size());
    out += "\r\n";
  }
  if (!carriage.keeps_alive) out += "Connection: close\r\n";
  else if (carriage.is_http_1_0) out += "Connection: keep-alive\r\n";
}

struct ProblemText {
  int status;
  std::string_view code, title;
};

ProblemText text_of(TransportProblem problem) {
  switch (problem) {
    case TransportProblem::bad_request: return {400, "http.bad_request", "The request is not valid HTTP/1.1."};
    case TransportProblem::request_timeout:
      return {408, "http.request_timeout", "The request took too long to arrive."};
    case TransportProblem::body_too_large: return {413, "http.body_too_large", "The request body is too large."};
    case TransportProblem::expectation_failed:
      return {417, "http.expectation_failed", "The expectation of the request cannot be met."};
    case TransportProblem::head_too_large: return {431, "http.head_too_large", "The request head is too large."};
    case TransportProblem::internal: return {500, "http.internal", "The server failed to answer."};
    case TransportProblem::not_implemented:
      return {501, "http.not_implemented", "The server does not know this method."};
    case TransportProblem::overloaded: return {503, "http.overloaded", "The server has too many connections."};
  }
  return {500, "http.internal", "The server failed to answer."};
}

}  // namespace

bool allows_body(int status) { return status != 204 && status != 304; }

std::string date_line(std::time_t at) {
  std::tm utc{};
  gmtime_r(&at, &utc);
  constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 32> rest;
  std::string line = "Date: ";
  line += weekdays[static_cast<std::size_t>(utc.tm_wday)];
  line.append(rest.data(), std::strftime(rest.data(), rest.size(), ", %d ", &utc));
  line += months[static_cast<std::size_t>(utc.tm_mon)];  // not %b: that depends on the locale
  line.append(rest.data(), std::strftime(rest.data(), rest.size(), " %Y %H:%M:%S GMT\r\n", &utc));
  return line;
}

void append_head(std::string& out, const Response& response, const Carriage& carriage, std::string_view date_line) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::uint64_t>(response.status));
  out += ' ';
  out += reason(response.status);
  out += "\r\n";
  out += date_line;
  append_framing(out, response, carriage);
  for (const auto& [name, value] : response.headers) {
    if (!is_one_line(name) || !is_one_line(value)) continue;
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  }
  out += "\r\n";
}

void append_chunk(std::string& out, std::string_view bytes) {
  append_number(out, bytes.size(), 16);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
}

Response problem_response(TransportProblem problem) {
  const auto [status, code, title] = text_of(problem);
  Response response;
  response.status = status;
  response.close = problem != TransportProblem::internal;
  response.headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}};
  if (problem == TransportProblem::overloaded) response.headers.emplace_back("Retry-After", "5");
  response.body = "{\"type\":\"/problems/";
  response.body.append(code).append("\",\"title\":\"").append(title).append("\",\"status\":");
  append_number(response.body, static_cast<std::uint64_t>(status));
  response.body.append(",\"code\":\"").append(code).append("\"}");
  return response;
}

}  // namespace fairward::http
