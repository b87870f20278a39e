#include "platform/http/head.h"

#include <array>

namespace fairward::http {

namespace {

using ByteSet = std::array<bool, 256>;

constexpr ByteSet byte_set(std::string_view extra, bool with_letters_and_digits) {
  ByteSet set{};
  for (const char c : extra) set[static_cast<unsigned char>(c)] = true;
  for (int c = 0; with_letters_and_digits && c < 128; ++c)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
      set[static_cast<std::size_t>(c)] = true;
  return set;
}

// RFC 9110 5.5: visible characters, space, tab and obs-text.
constexpr ByteSet field_value_set() {
  ByteSet set{};
  for (std::size_t c = 0; c < 256; ++c) set[c] = (c >= 0x20 && c != 0x7f) || c == '\t';
  return set;
}

// RFC 3986, and the characters \ ^ ` { | } that browsers leave as they are in a query.
constexpr ByteSet token_bytes = byte_set("!#$%&'*+-.^_`|~", true);
constexpr ByteSet target_bytes = byte_set("-._~:/?[]@!$&'()*+,;=%\\^`{|}", true);
constexpr ByteSet host_bytes = byte_set("-._~!$&'()*+,;=%", true);
constexpr ByteSet literal_bytes = byte_set(":.0123456789abcdefABCDEF", false);
constexpr ByteSet digit_bytes = byte_set("0123456789", false);
constexpr ByteSet value_bytes = field_value_set();

bool consists_of(std::string_view text, const ByteSet& set) {
  for (const char c : text)
    if (!set[static_cast<unsigned char>(c)]) return false;
  return true;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes the text before the separator, and both off `text`. Without a separator: everything.
std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

// Takes a line and its CRLF. The scan made sure that every LF follows a CR.
std::string_view take_line(std::string_view& bytes) {
  std::string_view line = take_until(bytes, '\n');
  if (!line.empty()) line.remove_suffix(1);
  return line;
}

Method method_named(std::string_view name) {
  if (name == "GET") return Method::get;
  if (name == "HEAD") return Method::head;
  if (name == "POST") return Method::post;
  if (name == "PUT") return Method::put;
  if (name == "PATCH") return Method::patch;
  if (name == "DELETE") return Method::del;
  if (name == "OPTIONS") return Method::options;
  return Method::other;
}

// uri-host [":" port], RFC 9110 7.2. An http URI has no empty host (RFC 9110 4.2.1).
bool is_authority(std::string_view text) {
  std::string_view host = text;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || end < 3 || !consists_of(text.substr(1, end - 1), literal_bytes)) return false;
    host = text.substr(end + 1);
    return host.empty() || (host[0] == ':' && host.size() <= 6 && consists_of(host.substr(1), digit_bytes));
  }
  host = take_until(text, ':');
  return !host.empty() && consists_of(host, host_bytes) && text.size() <= 5 && consists_of(text, digit_bytes);
}

// What the request line and the fields say, before it is judged as a whole.
struct Reading {
  Head& head;
  std::string_view authority;  // of an absolute-form target
  std::string_view host;
  int hosts = 0;
  int content_lengths = 0;
  int transfer_encodings = 0;
  bool wants_close = false;
  bool wants_keep_alive = false;
  bool has_other_expectation = false;
};

bool read_version(std::string_view version, Head& head) {
  head.is_http_1_0 = version == "HTTP/1.0";
  return head.is_http_1_0 || version == "HTTP/1.1";
}

// Turns "http://host/path?query" into authority and origin form.
bool read_absolute_form(std::string_view target, Reading& reading) {
  const std::size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos) return false;
  const std::string_view scheme = target.substr(0, scheme_end);
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) return false;
  target.remove_prefix(scheme_end + 3);
  const std::size_t path_at = target.find_first_of("/?");
  reading.authority = target.substr(0, path_at);
  const std::string_view rest = path_at == std::string_view::npos ? std::string_view() : target.substr(path_at);
  if (!rest.starts_with('/')) reading.head.request.target = "/";
  reading.head.request.target += rest;
  return is_authority(reading.authority);
}

HeadFault read_request_line(std::string_view line, Reading& reading) {
  const std::string_view method = take_until(line, ' ');
  const std::string_view target = take_until(line, ' ');
  Request& request = reading.head.request;
  if (method.empty() || !consists_of(method, token_bytes)) return HeadFault::malformed;
  if (target.empty() || !consists_of(target, target_bytes)) return HeadFault::malformed;
  if (!read_version(line, reading.head)) return HeadFault::malformed;
  request.method = method_named(method);
  if (target[0] == '/') {
    request.target = target;
    return HeadFault::none;
  }
  if (target == "*" && request.method == Method::options) {
    request.target = target;
    return HeadFault::none;
  }
  if (method == "CONNECT") return is_authority(target) ? HeadFault::unsupported_method : HeadFault::malformed;
  return read_absolute_form(target, reading) ? HeadFault::none : HeadFault::malformed;
}

// 18 digits cannot overflow 64 bits, and nobody has a longer body.
bool read_content_length(std::string_view value, Reading& reading) {
  if (++reading.content_lengths > 1 || value.empty() || value.size() > 18 || !consists_of(value, digit_bytes))
    return false;
  for (const char c : value)
    reading.head.content_length = reading.head.content_length * 10 + static_cast<unsigned>(c - '0');
  return true;
}

void read_connection(std::string_view value, Reading& reading) {
  while (!value.empty()) {
    const std::string_view option = trimmed(take_until(value, ','));
    if (equals_ignoring_case(option, "close")) reading.wants_close = true;
    if (equals_ignoring_case(option, "keep-alive")) reading.wants_keep_alive = true;
  }
}

bool read_transfer_encoding(std::string_view value, Reading& reading) {
  reading.head.is_chunked = true;
  return ++reading.transfer_encodings == 1 && equals_ignoring_case(value, "chunked");
}

bool read_host(std::string_view value, Reading& reading) {
  reading.host = value;
  return ++reading.hosts == 1 && is_authority(value);
}

// The fields that frame the message or steer the connection; all others are for the application.
bool read_known_field(std::string_view lower_name, std::string_view value, Reading& reading) {
  if (lower_name == "host") return read_host(value, reading);
  if (lower_name == "content-length") return read_content_length(value, reading);
  if (lower_name == "transfer-encoding") return read_transfer_encoding(value, reading);
  if (lower_name == "connection") read_connection(value, reading);
  if (lower_name == "expect") {
    reading.head.expects_continue = equals_ignoring_case(value, "100-continue");
    if (!reading.head.expects_continue) reading.has_other_expectation = true;
  }
  return true;
}

// obs-fold and white space before the colon fail here: neither is part of a token.
bool read_field(std::string_view line, Reading& reading) {
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!consists_of(name, token_bytes) || !consists_of(value, value_bytes)) return false;
  auto& field = reading.head.request.headers.emplace_back(lowered(name), value);
  return read_known_field(field.first, value, reading);
}

HeadFault judge(Reading& reading) {
  Head& head = reading.head;
  if (reading.hosts == 0 && !head.is_http_1_0) return HeadFault::malformed;
  if (!reading.authority.empty() && reading.hosts == 1 && !equals_ignoring_case(reading.authority, reading.host))
    return HeadFault::malformed;
  if (head.is_chunked && (head.is_http_1_0 || reading.content_lengths > 0)) return HeadFault::malformed;
  if (reading.has_other_expectation && !head.is_http_1_0) return HeadFault::unsupported_expectation;
  head.expects_continue = head.expects_continue && !head.is_http_1_0;
  head.keeps_alive = !reading.wants_close && (!head.is_http_1_0 || reading.wants_keep_alive);
  return HeadFault::none;
}

}  // namespace

HeadScan head_scan(std::string_view bytes, std::size_t scanned) {
  for (std::size_t i = scanned; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const bool follows_cr = i > 0 && bytes[i - 1] == '\r';
    if ((c == '\n') != follows_cr || c == '\0') return {HeadScan::State::malformed, 0};
    if (c == '\n' && i >= 3 && bytes[i - 2] == '\n') return {HeadScan::State::complete, i + 1};
  }
  return {};
}

HeadFault head_parse(std::string_view bytes, Head& head) {
  Reading reading{head, {}, {}};
  if (const HeadFault fault = read_request_line(take_line(bytes), reading); fault != HeadFault::none) return fault;
  head.request.headers.reserve(8);
  for (std::string_view line = take_line(bytes); !line.empty(); line = take_line(bytes)) {
    if (head.request.headers.size() == head_fields_max) return HeadFault::too_many_fields;
    if (!read_field(line, reading)) return HeadFault::malformed;
  }
  return judge(reading);
}

}  // namespace fairward::http
