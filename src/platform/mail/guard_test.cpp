// The guard as a table: what may be posted to and what may not. Source: the security checklist, SSRF.
#include "platform/mail/guard.h"

#include <gtest/gtest.h>

#include <map>

namespace fairward::mail {
namespace {

class FakeResolver final : public Resolver {
 public:
  std::vector<Address> resolve(const std::string& host) override {
    ++asked;
    std::vector<Address> found;
    for (const auto& [name, text] : names)
      if (name == host) found.push_back(Address::parse(text).value());
    if (flips) names = {{"flips.example", "169.254.169.254"}};
    return found;
  }
  std::vector<std::pair<std::string, std::string>> names{
      {"good.example", "93.184.216.34"},  {"good6.example", "2606:2800:220:1::1"}, {"inside.example", "10.1.2.3"},
      {"mixed.example", "93.184.216.34"}, {"mixed.example", "127.0.0.1"},          {"flips.example", "93.184.216.34"}};
  bool flips = false;
  int asked = 0;
};

class FakeClient final : public http::Client {
 public:
  std::optional<http::OutgoingResponse> call(const http::OutgoingRequest& request, std::string*) override {
    sent.push_back(request);
    return http::OutgoingResponse{204, ""};
  }
  std::vector<http::OutgoingRequest> sent;
};

struct GuardTest : ::testing::Test {
  FakeClient client;
  FakeResolver resolver;
  PostResult post(const std::string& url, const char* allowed = "") {
    Poster poster(client, resolver, address_ranges_parse(allowed).value());
    return poster.post(url, {{"Content-Type", "application/json"}}, "{}");
  }
};

TEST_F(GuardTest, refuses_what_is_not_the_public_internet) {
  for (const char* url : {
           "https://127.0.0.1/",
           "https://127.1/",
           "https://0x7f.1/",
           "https://2130706433/",
           "https://017700000001/",
           "https://0/",
           "https://0.0.0.0/",
           "https://10.0.0.1/",
           "https://172.16.0.1/",
           "https://172.31.255.255/",
           "https://192.168.1.1/",
           "https://169.254.169.254/latest/meta-data/",
           "https://100.64.0.1/",
           "https://100.127.255.255/",
           "https://192.0.0.1/",
           "https://192.0.2.1/",
           "https://198.18.0.1/",
           "https://198.51.100.1/",
           "https://203.0.113.1/",
           "https://224.0.0.1/",
           "https://255.255.255.255/",
           "https://[::1]/",
           "https://[::]/",
           "https://[::ffff:127.0.0.1]/",
           "https://[::ffff:7f00:1]/",
           "https://[::127.0.0.1]/",
           "https://[64:ff9b::7f00:1]/",
           "https://[fe80::1]/",
           "https://[fe80::1%25eth0]/",
           "https://[fc00::1]/",
           "https://[fd12:3456::1]/",
           "https://[fec0::1]/",
           "https://[ff02::1]/",
           "https://[2001:db8::1]/",
           "https://[2001::1]/",
           "https://[2002:7f00:1::]/",
           "https://[100::1]/",
           "https://inside.example/",
           "https://mixed.example/",
           "http://good.example/",
           "http://93.184.216.34/",
           "https://user:pass@good.example/",
           "ftp://good.example/",
           "gopher://good.example/",
           "file:///etc/passwd",
           "good.example",
           "",
           "https://",
           "javascript:alert(1)",
           "https://good.example/\r\nX: y",
       }) {
    const PostResult result = post(url);
    EXPECT_TRUE(result.is_forbidden) << url << " " << result.why;
    EXPECT_FALSE(result.why.empty()) << url;
  }
  EXPECT_TRUE(client.sent.empty());
}

TEST_F(GuardTest, connects_to_what_it_has_checked) {
  EXPECT_EQ(post("https://good.example/hook?a=b").status, 204);
  EXPECT_EQ(post("https://good6.example:8443/").status, 204);
  EXPECT_EQ(post("https://93.184.216.34/").status, 204);
  ASSERT_EQ(client.sent.size(), 3U);
  EXPECT_EQ(client.sent[0].addresses, std::vector{Address::parse("93.184.216.34").value()});
  EXPECT_EQ(client.sent[1].addresses, std::vector{Address::parse("2606:2800:220:1::1").value()});
  EXPECT_EQ(client.sent[0].timeout_ms, 5000);
  EXPECT_EQ(client.sent[0].answer_bytes_max, 65536U);
}

// DNS rebinding: the second answer is never asked for.
TEST_F(GuardTest, asks_a_name_once) {
  resolver.flips = true;
  EXPECT_EQ(post("https://flips.example/").status, 204);
  EXPECT_EQ(resolver.asked, 1);
  EXPECT_EQ(client.sent[0].addresses, std::vector{Address::parse("93.184.216.34").value()});
  EXPECT_TRUE(post("https://flips.example/").is_forbidden);
}

TEST_F(GuardTest, lets_through_what_the_operator_allows) {
  EXPECT_EQ(post("http://inside.example/", "10.0.0.0/8").status, 204);
  EXPECT_TRUE(post("http://good.example/", "10.0.0.0/8").is_forbidden);
  EXPECT_TRUE(post("https://127.0.0.1/", "10.0.0.0/8").is_forbidden);
  EXPECT_EQ(post("http://127.0.0.1:8080/", "127.0.0.0/8").status, 204);
}

TEST_F(GuardTest, tries_again_when_a_name_is_not_known) {
  const PostResult result = post("https://unknown.example/");
  EXPECT_FALSE(result.is_forbidden);
  EXPECT_EQ(result.status, 0);
}

}  // namespace
}  // namespace fairward::mail
