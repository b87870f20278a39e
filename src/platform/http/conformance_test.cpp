// What RFC 9110 and RFC 9112 ask of a server, one case a line: bytes sent, statuses expected in order.
// Every case runs in one write and again byte by byte.
#include <gtest/gtest.h>

#include "platform/http/http.h"
#include "platform/http/test_peer.h"

namespace fairward::http {
namespace {

enum class After : std::uint8_t { open, closed };

struct Case {
  const char* name;
  std::string_view sent;
  std::vector<int> statuses;  // of the replies, in order; none: the server waits for more
  After after;
};

using enum After;
using std::string_view_literals::operator""sv;

const std::vector<Case> cases = {
    // The request line, RFC 9112 3
    {"simple GET", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    {"GET with a query", "GET /x?a=1&b=%20 HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    {"an empty line before the request", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", {204}, open},
    {"GET *", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"absolute form", "GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    {"absolute form with a query only", "GET http://a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    {"absolute form, scheme in capitals", "GET HTTPS://a/ HTTP/1.1\r\nHost: A\r\n\r\n", {200}, open},
    {"absolute form, another host", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", {400}, closed},
    {"absolute form, user information", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"absolute form, unknown scheme", "GET httpz://a/ HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"absolute form, no host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"CONNECT is not implemented", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", {501}, closed},
    {"CONNECT without an authority", "CONNECT a/b HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"unknown method is the application's affair", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    {"bad method token", "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"empty method", " / HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"no version", "GET /\r\nHost: a\r\n\r\n", {400}, closed},
    {"no version, space", "GET / \r\nHost: a\r\n\r\n", {400}, closed},
    {"version 2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", {400}, closed},
    {"version 1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", {400}, closed},
    {"version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"version cut short", "GET / HTTP/1\r\nHost: a\r\n\r\n", {400}, closed},
    {"two spaces after the method", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"space after the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", {400}, closed},
    {"tab as separator", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"target without a slash", "GET x HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"target ^", "GET ^ HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"target with a fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"target with a control character", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"target with a byte above 127", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"target with <", "GET /< HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"target with a quotation mark", "GET /\" HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"nonsense before the method", "nonsense GET / HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"a TLS hello", "\x16\x03\x01\x00\xa5"sv, {400}, closed},
    // Lines and fields, RFC 9112 2.2 and 5
    {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", {400}, closed},
    {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", {400}, closed},
    {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", {400}, closed},
    {"bare CR in the request line", "GET /\rx HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nx: a\rb\r\n\r\n", {400}, closed},
    {"bare CR before a field", "GET / HTTP/1.1\r\nHost: a\r\n\rx: b\r\n\r\n", {400}, closed},
    {"NUL in a value", "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"sv, {400}, closed},
    {"NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nx\0: b\r\n\r\n"sv, {400}, closed},
    {"control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nx: \x07\r\n\r\n", {400}, closed},
    {"DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nx: \x7f\r\n\r\n", {400}, closed},
    {"obs-text in a value", "GET / HTTP/1.1\r\nHost: a\r\nx: \xe4\r\n\r\n", {200}, open},
    {"empty value", "GET / HTTP/1.1\r\nHost: a\r\nx:\r\n\r\n", {200}, open},
    {"name in mixed case, tab before the value", "GET / HTTP/1.1\r\nhOsT:\ta\t \r\n\r\n", {200}, open},
    {"space in a name", "GET / HTTP/1.1\r\nHost: a\r\nx y: b\r\n\r\n", {400}, closed},
    {"brackets in a name", "GET / HTTP/1.1\r\nHost: a\r\nx[]: b\r\n\r\n", {400}, closed},
    {"empty name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", {400}, closed},
    {"no colon", "GET / HTTP/1.1\r\nHost: a\r\nx\r\n\r\n", {400}, closed},
    {"space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", {400}, closed},
    {"tab before the colon", "GET / HTTP/1.1\r\nHost: a\r\nx\t: b\r\n\r\n", {400}, closed},
    {"obs-fold with a space", "GET / HTTP/1.1\r\nHost: a\r\nx: b\r\n c\r\n\r\n", {400}, closed},
    {"obs-fold with a tab", "GET / HTTP/1.1\r\nHost: a\r\nx: b\r\n\tc\r\n\r\n", {400}, closed},
    {"obs-fold that looks like a field", "GET / HTTP/1.1\r\nHost: a\r\n x: b\r\n\r\n", {400}, closed},
    {"white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", {400}, closed},
    // Host, RFC 9112 3.2
    {"no Host", "GET / HTTP/1.1\r\n\r\n", {400}, closed},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {400}, closed},
    {"the same Host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", {400}, closed},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", {400}, closed},
    {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", {400}, closed},
    {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", {400}, closed},
    {"Host with user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", {400}, closed},
    {"Host list", "GET / HTTP/1.1\r\nHost: a, b:x\r\n\r\n", {400}, closed},
    {"Host with a port", "GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n", {200}, open},
    {"Host with a bad port", "GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n", {400}, closed},
    {"Host with two ports", "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n", {400}, closed},
    {"Host is IPv6", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", {200}, open},
    {"Host is broken IPv6", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", {400}, closed},
    {"Host is IPv6 with a tail", "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", {400}, closed},
    // Content-Length, RFC 9112 6.2
    {"body with a length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", {200}, open},
    {"body of a GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", {200}, open},
    {"length with leading zeros", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello", {200}, open},
    {"two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", {400}, closed},
    {"the same length twice",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
     {400},
     closed},
    {"length list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", {400}, closed},
    {"empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", {400}, closed},
    {"negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", {400}, closed},
    {"length with a plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", {400}, closed},
    {"length in hexadecimal", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", {400}, closed},
    {"length with a tail", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\nhello", {400}, closed},
    {"length that overflows",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\nhello",
     {400},
     closed},
    {"length above the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\n\r\n", {413}, closed},
    {"no length, no body", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    // Transfer-Encoding, RFC 9112 6.1 and 7.1
    {"chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", {200}, open},
    {"chunked, sizes in any case, zeros before",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
     "chunked\r\n\r\n00A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n",
     {200},
     open},
    {"chunked, extension and trailer",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n0\r\nx: y\r\n\r\n",
     {200},
     open},
    {"chunked, bad size",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked, no size",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked, size with 0x",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked, negative size",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked, space after the size",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked, size that overflows",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n",
     {413, 400},
     closed},
    {"chunked, bare LF",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked, no CRLF after the data",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
     {400},
     closed},
    {"chunked, more data than the size",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked, folded trailer",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n x: y\r\n\r\n",
     {400},
     closed},
    {"chunked, above the limit",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n",
     {413},
     closed},
    {"chunked and a length",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"a length and chunked",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / "
     "HTTP/1.1\r\n\r\n",
     {400},
     closed},
    {"chunked on HTTP/1.0",
     "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
     {400},
     closed},
    {"unknown coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: nonsense\r\n\r\nhello", {400}, closed},
    {"identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", {400}, closed},
    {"empty coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", {400}, closed},
    {"chunked is not last",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
     {400},
     closed},
    {"a coding before chunked",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked twice",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
     {400},
     closed},
    {"two Transfer-Encodings",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     {400},
     closed},
    {"chunked in disguise",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
     {400},
     closed},
    // Connections, RFC 9112 9
    {"two requests", "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", {200, 200}, open},
    {"a body, then a request",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: a\r\n\r\n",
     {200, 200},
     open},
    {"a chunked body, then a request",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: "
     "a\r\n\r\n",
     {200, 200},
     open},
    {"nothing after a refusal", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", {400}, closed},
    {"Connection: close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", {200}, closed},
    {"close in a list", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", {200}, closed},
    {"nothing after a close",
     "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
     {200},
     closed},
    {"HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n", {200}, closed},
    {"HTTP/1.0 keep-alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", {200}, open},
    {"HTTP/1.0 with two Hosts", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", {400}, closed},
    {"HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", {200}, open},
    // Expect, RFC 9110 10.1.1
    {"100-continue with the body at once is answered once or twice",
     "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
     {100, 200},
     open},
    {"100-continue without a body", "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", {200}, open},
    {"another expectation", "GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", {417}, closed},
    {"HTTP/1.0 expectations are ignored",
     "POST / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
     {200},
     open},
    // Incomplete requests wait
    {"half a method", "GE", {}, open},
    {"half a target", "GET /he", {}, open},
    {"half a version", "GET / HTTP/1.", {}, open},
    {"a CR", "GET / HTTP/1.1\r", {}, open},
    {"a request line", "GET / HTTP/1.1\r\n", {}, open},
    {"half a name", "GET / HTTP/1.1\r\nHo", {}, open},
    {"half a value", "GET / HTTP/1.1\r\nHost: a", {}, open},
    {"a head without its empty line", "GET / HTTP/1.1\r\nHost: a\r\n", {}, open},
    {"a head without its last byte", "GET / HTTP/1.1\r\nHost: a\r\n\r", {}, open},
    {"half a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel", {}, open},
    {"half a chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", {}, open},
    {"chunks without their end", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", {}, open},
};

// Statuses of all replies in the bytes. The body of the handler below holds none.
std::vector<int> statuses_in(std::string_view bytes) {
  std::vector<int> statuses;
  for (std::size_t at = bytes.find("HTTP/1.1 "); at != std::string_view::npos; at = bytes.find("HTTP/1.1 ", at + 9))
    if (bytes.substr(at + 12, 1) == " ") statuses.push_back(status_of(bytes.substr(at)));
  return statuses;
}

// The interim reply may be left out when the body is there already; of two errors the first one found counts.
bool matches(const std::vector<int>& wanted, const std::vector<int>& got) {
  if (wanted == got) return true;
  if (wanted.size() == 2 && wanted[0] == 100) return got == std::vector{wanted[1]};
  return wanted.size() == 2 && wanted[0] >= 400 && (got == std::vector{wanted[0]} || got == std::vector{wanted[1]});
}

std::unique_ptr<Server> start_server() {
  ServerOptions options;
  options.port = 0;
  options.body_bytes_max = 1024;
  return serve(options, [](Request&&, Responder respond) {
    Response response;
    response.body = "ok";
    respond(std::move(response));
  });
}

std::string read_all(Peer& peer, const Case& c) {
  if (c.after == closed) return peer.read_to_end(10'000);
  std::string got = peer.read_to_end(1);
  for (int i = 0; i < 500 && !matches(c.statuses, statuses_in(got)); ++i) got += peer.read_to_end(10);
  return got;
}

// All at once: each case waits for silence, and silences can be shared.
void check_all(bool byte_by_byte) {
  const auto server = start_server();
  std::vector<Peer> peers;
  for (const Case& c : cases) {
    Peer& peer = peers.emplace_back(server->port());
    if (!byte_by_byte) peer.send(c.sent);
  }
  for (std::size_t i = 0; byte_by_byte && i < 256; ++i) {
    for (std::size_t k = 0; k < cases.size(); ++k)
      if (i < cases[k].sent.size()) peers[k].send(cases[k].sent.substr(i, 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (std::size_t k = 0; k < cases.size(); ++k) {
    const std::string got = read_all(peers[k], cases[k]);
    EXPECT_TRUE(matches(cases[k].statuses, statuses_in(got))) << cases[k].name << "\n" << got;
    EXPECT_EQ(peers[k].has_ended(), cases[k].after == closed) << cases[k].name << "\n" << got;
    const bool says_close = got.find("Connection: close\r\n") != std::string::npos;
    EXPECT_EQ(says_close, cases[k].after == closed) << cases[k].name;
  }
}

TEST(conformance, holds_in_one_write) { check_all(false); }
TEST(conformance, holds_byte_by_byte) { check_all(true); }

TEST(conformance, refusals_are_problem_documents) {
  const auto server = start_server();
  Peer peer(server->port());
  peer.send("GET / HTTP/1.1\r\n\r\n");
  const std::string reply = peer.read_to_end();
  EXPECT_NE(reply.find("Content-Type: application/problem+json\r\n"), std::string::npos);
  EXPECT_TRUE(
      reply.ends_with("{\"type\":\"/problems/http.bad_request\",\"title\":\"The request is not valid HTTP/1.1.\","
                      "\"status\":400,\"code\":\"http.bad_request\"}"));
  EXPECT_EQ(server->stats().refused, 1U);
}

}  // namespace
}  // namespace fairward::http
