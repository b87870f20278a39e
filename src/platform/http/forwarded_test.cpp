// Whose word counts when requests come through proxies.
#include "platform/http/forwarded.h"

#include <gtest/gtest.h>

#include "platform/http/http.h"
#include "platform/http/test_peer.h"

namespace fairward::http {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(forwarded_client, is_the_rightmost_hop_that_is_no_proxy) {
  struct Case {
    Headers headers;
    std::string expected;
  };
  const Case cases[] = {
      {{}, "10.0.0.1"},
      {{{"x-forwarded-for", "203.0.113.9"}}, "203.0.113.9"},
      {{{"x-forwarded-for", "203.0.113.9:4711"}}, "203.0.113.9"},
      {{{"x-forwarded-for", "[2001:db8::9]:4711"}}, "2001:db8::9"},
      {{{"x-forwarded-for", "2001:DB8::9"}}, "2001:db8::9"},
      {{{"x-forwarded-for", "::ffff:203.0.113.9"}}, "203.0.113.9"},
      {{{"x-forwarded-for", "6.6.6.6, 203.0.113.9"}}, "203.0.113.9"},
      {{{"x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2 ,10.0.0.3"}}, "203.0.113.9"},
      {{{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "203.0.113.9"}}, "203.0.113.9"},
      {{{"x-forwarded-for", "203.0.113.9"}, {"accept", "6.6.6.6"}, {"x-forwarded-for", "10.0.0.2"}}, "203.0.113.9"},
      {{{"x-forwarded-for", "10.0.0.7, 10.0.0.8"}}, "10.0.0.7"},
      // What is no address was not written by a proxy of ours: nothing left of it counts.
      {{{"x-forwarded-for", ""}}, "10.0.0.1"},
      {{{"x-forwarded-for", "unknown"}}, "10.0.0.1"},
      {{{"x-forwarded-for", "203.0.113.9, unknown, 10.0.0.2"}}, "10.0.0.2"},
      {{{"x-forwarded-for", "203.0.113.9,"}}, "10.0.0.1"},
      {{{"x-forwarded-for", "["}}, "10.0.0.1"},
      {{{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-for", "x"}}, "10.0.0.1"},
  };
  const AddressRanges trusted = *address_ranges_parse("10.0.0.0/8");
  for (const auto& [headers, expected] : cases)
    EXPECT_EQ(forwarded_client("10.0.0.1", headers, trusted), expected)
        << (headers.empty() ? "" : headers.front().second);
}

std::string peer_seen(const std::string& trusted) {
  ServerOptions options;
  options.port = 0;
  options.trusted_proxies = *address_ranges_parse(trusted);
  const auto server = serve(options, [](Request&& request, Responder respond) {
    Response response;
    response.body = request.peer;
    respond(std::move(response));
  });
  Peer peer(server->port());
  peer.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
  const std::string reply = peer.read_reply();
  return reply.substr(reply.find("\r\n\r\n") + 4);
}

TEST(forwarded_client, is_asked_only_of_a_trusted_peer) {
  EXPECT_EQ(peer_seen(""), "127.0.0.1");
  EXPECT_EQ(peer_seen("10.0.0.0/8"), "127.0.0.1");
  EXPECT_EQ(peer_seen("10.0.0.0/8,127.0.0.1"), "203.0.113.9");
}

}  // namespace
}  // namespace fairward::http
