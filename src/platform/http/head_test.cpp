// The pure parts: head, chunked coding, percent coding, reply heads.
#include "platform/http/head.h"

#include <gtest/gtest.h>

#include <random>

#include "platform/http/chunked.h"
#include "platform/http/reply.h"

namespace fairward::http {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view sample =
    "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-Two:  one two \t\r\nx-two: again\r\nContent-Length: 12\r\n\r\n";

TEST(head_scan, finds_the_end_wherever_the_bytes_were_cut) {
  for (std::size_t cut = 0; cut < sample.size(); ++cut) {
    EXPECT_EQ(head_scan(sample.substr(0, cut), 0).state, HeadScan::State::incomplete);
    const HeadScan scan = head_scan(sample, cut);
    EXPECT_EQ(scan.state, HeadScan::State::complete) << cut;
    EXPECT_EQ(scan.size, sample.size()) << cut;
  }
}

TEST(head_parse, gives_method_target_and_fields_in_order) {
  Head head;
  ASSERT_EQ(head_parse(sample, head), HeadFault::none);
  EXPECT_EQ(head.request.method, Method::post);
  EXPECT_EQ(head.request.target, "/a?b=c");
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_EQ(head.request.header("x-two"), "one two");
  EXPECT_EQ(head.request.header("absent"), "");
  ASSERT_EQ(head.request.headers.size(), 4U);
  EXPECT_EQ(head.request.headers[2], (std::pair<std::string, std::string>("x-two", "again")));
}

TEST(head_parse, turns_absolute_form_into_origin_form) {
  for (const auto& [sent, wanted] : {std::pair("http://h/a?b", "/a?b"), std::pair("http://h", "/"),
                                     std::pair("https://h?b", "/?b"), std::pair("http://h/", "/")}) {
    Head head;
    const std::string bytes = "GET " + std::string(sent) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    ASSERT_EQ(head_parse(bytes, head), HeadFault::none) << sent;
    EXPECT_EQ(head.request.target, wanted);
  }
}

TEST(head_parse, bounds_the_number_of_fields) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (std::size_t i = 1; i < head_fields_max; ++i) bytes += "x: y\r\n";
  Head full, over;
  EXPECT_EQ(head_parse(bytes + "\r\n", full), HeadFault::none);
  EXPECT_EQ(head_parse(bytes + "x: y\r\n\r\n", over), HeadFault::too_many_fields);
}

// Random damage: no crash, no overrun (under sanitizers), and what is accepted keeps the promises of head.h.
TEST(head_parse, survives_damage) {
  std::mt19937 random(7);
  constexpr std::string_view spice = "\r\n\0 :/,;HTTP[]%\x7f\xff\tchunked0"sv;
  for (int round = 0; round < 200'000; ++round) {
    std::string bytes(sample);
    for (unsigned hits = random() % 4; hits-- > 0;) {
      const std::size_t at = random() % bytes.size();
      if (random() % 2) bytes[at] = spice[random() % spice.size()];
      else if (random() % 2) bytes.erase(at, random() % 8 + 1);
      else bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 16));
      if (bytes.empty()) bytes = "G";
    }
    const HeadScan scan = head_scan(bytes, 0);
    if (scan.state != HeadScan::State::complete) continue;
    ASSERT_LE(scan.size, bytes.size());
    Head head;
    if (head_parse(std::string_view(bytes).substr(0, scan.size), head) != HeadFault::none) continue;
    EXPECT_TRUE(head.is_http_1_0 || !head.request.header("host").empty());
    EXPECT_TRUE(head.request.target.starts_with('/'));
    EXPECT_FALSE(head.is_chunked && head.content_length > 0);
  }
}

ChunkedBody::Verdict decode(std::string_view bytes, std::size_t piece, std::string& body, std::size_t& used) {
  ChunkedBody chunked;
  auto verdict = ChunkedBody::Verdict::incomplete;
  for (used = 0; used < bytes.size() && verdict == ChunkedBody::Verdict::incomplete;) {
    std::size_t step = 0;
    verdict = chunked.feed(bytes.substr(used, piece), 64, body, step);
    used += step;
  }
  return verdict;
}

TEST(chunked_body, is_the_same_in_pieces_of_any_size) {
  constexpr std::string_view bytes = "3;a=b\r\nabc\r\n0B\r\n0123456789\n\r\n0\r\nTrailer: x\r\n\r\nGET /";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    std::string body;
    std::size_t used = 0;
    EXPECT_EQ(decode(bytes, piece, body, used), ChunkedBody::Verdict::complete) << piece;
    EXPECT_EQ(body, "abc0123456789\n");
    EXPECT_EQ(bytes.substr(used), "GET /");
  }
}

TEST(chunked_body, is_bounded) {
  const std::string long_extension = "1;" + std::string(300, 'x');
  std::string long_trailer = "0\r\n";
  for (int i = 0; i < 1000; ++i) long_trailer += "abcdefgh: x\r\n";
  const std::vector<std::pair<std::string, ChunkedBody::Verdict>> table = {
      {"41\r\n", ChunkedBody::Verdict::too_large},
      {"3F\r\n" + std::string(63, 'x') + "\r\n2\r\n", ChunkedBody::Verdict::too_large},
      {"40\r\n" + std::string(64, 'x') + "\r\n0\r\n\r\n", ChunkedBody::Verdict::complete},
      {"000000001\r\n", ChunkedBody::Verdict::malformed},
      {long_extension, ChunkedBody::Verdict::malformed},
      {long_trailer, ChunkedBody::Verdict::malformed},
  };
  for (const auto& [bytes, wanted] : table) {
    std::string body;
    std::size_t used = 0;
    EXPECT_EQ(decode(bytes, bytes.size(), body, used), wanted) << bytes.substr(0, 20);
    EXPECT_LE(body.size(), 64U);
  }
}

TEST(url_decode, decodes_escapes_and_reports_broken_ones) {
  struct Line {
    std::string_view text, decoded;
    bool ok;
  };
  for (const Line& line : {Line{"", "", true}, Line{"a%20b+c", "a b+c", true}, Line{"%C3%a4", "\xc3\xa4", true},
                           Line{"%", "%", false}, Line{"%4", "%4", false}, Line{"%4g", "%4g", false},
                           Line{"%41%", "A%", false}, Line{"%00", "\0"sv, true}, Line{"%41", "A", true}}) {
    bool ok = false;
    EXPECT_EQ(url_decode(line.text, &ok), line.decoded);
    EXPECT_EQ(ok, line.ok) << line.text;
  }
}

TEST(url_encode, leaves_only_unreserved_characters) {
  EXPECT_EQ(url_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(url_encode("a b/\xc3\xa4+%"), "a%20b%2F%C3%A4%2B%25");
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  bool ok = false;
  EXPECT_EQ(url_decode(url_encode(all), &ok), all);
  EXPECT_TRUE(ok);
}

TEST(date_line, is_an_imf_fixdate) {
  EXPECT_EQ(date_line(784111777), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");  // the example of RFC 9110 5.6.7
}

TEST(append_head, leaves_out_fields_that_would_break_the_head) {
  Response response;
  response.headers = {{"A", "b"}, {"C", "d\r\nE: f"}, {"G\nH", "i"}, {"J", "k"}};
  response.body = "xyz";
  std::string out;
  append_head(out, response, {}, "Date: x\r\n");
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Length: 3\r\nA: b\r\nJ: k\r\n\r\n");
}

}  // namespace
}  // namespace fairward::http
