// Requests as they come from a socket: however the bytes are cut into pieces, the same requests are read and the same
// refusal is given, and no request holds what a handler may not see.
#include <fmt/format.h>

#include <vector>

#include "fuzz.h"
#include "platform/http/chunked.h"
#include "platform/http/head.h"

namespace fairward::fuzz {
namespace {

// Small, so that the limits are met.
constexpr std::size_t head_bytes_max = 512, body_bytes_max = 256;

std::string text_of(const http::Request& request) {
  std::string text = fmt::format("{} {}", static_cast<int>(request.method), request.target);
  for (const auto& [name, value] : request.headers) text += fmt::format("\n{}: {}", name, value);
  return text + "\n\n" + request.body;
}

void check_request(const http::Head& head) {
  const http::Request& request = head.request;
  demand(request.target == "*" || request.target.starts_with('/'), "the target is not in origin form");
  demand(request.target.find_first_of(" \r\n") == std::string::npos, "the target has blanks");
  demand(request.headers.size() <= http::head_fields_max, "too many fields");
  std::size_t hosts = 0, lengths = 0, codings = 0;
  for (const auto& [name, value] : request.headers) {
    demand(!name.empty() && name.find_first_of(" \t:\r\n") == std::string::npos, "a name that is no token");
    demand(name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos, "a name in capitals");
    demand(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a value with a line break");
    hosts += name == "host";
    lengths += name == "content-length";
    codings += name == "transfer-encoding";
  }
  demand(hosts <= 1 && (hosts == 1 || head.is_http_1_0), "not one Host");
  demand(lengths == 0 || codings == 0, "two kinds of framing");
  demand(head.is_chunked == (codings > 0), "a coding that is not chunked");
  demand(request.body.size() <= body_bytes_max, "the body is larger than allowed");
}

// The reading half of http::Connection, over the same parsers.
class Reader {
 public:
  void feed(std::string_view bytes) {
    input_ += bytes;
    while (!is_refused_ && !input_.empty()) {
      const std::size_t used = is_in_body_ ? body(input_) : head(input_);
      if (used == 0) break;
      input_.erase(0, used);
    }
  }
  const std::vector<std::string>& seen() const { return seen_; }

 private:
  std::size_t refuse(std::string why) {
    seen_.push_back(std::move(why));
    is_refused_ = true;
    return 0;
  }

  std::size_t head(std::string_view bytes) {
    if (bytes.starts_with("\r\n")) {
      scanned_ = 0;
      return 2;
    }
    const auto scan = http::head_scan(bytes.substr(0, head_bytes_max), scanned_);
    if (scan.state == http::HeadScan::State::malformed) return refuse("malformed");
    if (scan.state == http::HeadScan::State::incomplete) {
      scanned_ = std::min(bytes.size(), head_bytes_max);
      return bytes.size() >= head_bytes_max ? refuse("head too large") : 0;
    }
    demand(scan.size <= std::min(bytes.size(), head_bytes_max), "the head is longer than what came");
    scanned_ = 0;
    head_ = {};
    chunked_ = {};
    const auto fault = http::head_parse(bytes.substr(0, scan.size), head_);
    if (fault != http::HeadFault::none) return refuse(fmt::format("fault {}", static_cast<int>(fault)));
    if (head_.content_length > body_bytes_max) return refuse("body too large");
    is_in_body_ = true;
    if (!head_.is_chunked && head_.content_length == 0) end();
    return scan.size;
  }

  std::size_t body(std::string_view bytes) {
    std::string& body = head_.request.body;
    if (!head_.is_chunked) {
      const std::size_t used = std::min<std::size_t>(head_.content_length - body.size(), bytes.size());
      body += bytes.substr(0, used);
      if (body.size() == head_.content_length) end();
      return used;
    }
    std::size_t used = 0;
    const auto verdict = chunked_.feed(bytes, body_bytes_max, body, used);
    demand(used <= bytes.size(), "the body is longer than what came");
    if (verdict == http::ChunkedBody::Verdict::malformed) return refuse("chunks malformed");
    if (verdict == http::ChunkedBody::Verdict::too_large) return refuse("chunks too large");
    if (verdict == http::ChunkedBody::Verdict::complete) end();
    return used;
  }

  void end() {
    check_request(head_);
    seen_.push_back(text_of(head_.request));
    is_in_body_ = false;
  }

  std::string input_;
  std::vector<std::string> seen_;
  http::Head head_;
  http::ChunkedBody chunked_;
  std::size_t scanned_ = 0;
  bool is_in_body_ = false, is_refused_ = false;
};

}  // namespace

void run(std::string_view input) {
  Reader whole, pieces, bytes;
  whole.feed(input);
  FuzzedDataProvider bounds = numbers_of(input);
  in_pieces(bounds, input, [&](std::string_view piece) { pieces.feed(piece); });
  demand(whole.seen() == pieces.seen(), "in pieces it reads otherwise");
  for (const char& byte : input) bytes.feed({&byte, 1});
  demand(whole.seen() == bytes.seen(), "byte by byte it reads otherwise");
}

}  // namespace fairward::fuzz
