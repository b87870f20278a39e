// Addresses from texts: one form, and which network they are in.
#include "base/address.h"

#include <gtest/gtest.h>

namespace fairward {
namespace {

std::string text_of(std::string_view text) {
  const auto address = Address::parse(text);
  return address ? address->to_text() : "refused";
}

TEST(address, has_one_form) {
  struct Case {
    std::string_view text, expected;
  };
  for (const auto& [text, expected] : {Case{"192.0.2.7", "192.0.2.7"},
                                       {"::ffff:192.0.2.7", "192.0.2.7"},
                                       {"2001:DB8:0:0::7", "2001:db8::7"},
                                       {"::1", "::1"},
                                       {"", "refused"},
                                       {"192.0.2", "refused"},
                                       {"192.0.2.256", "refused"},
                                       {"192.0.2.7 ", "refused"},
                                       {"192.0.2.7:80", "refused"},
                                       {"[::1]", "refused"},
                                       {"fe80::1%eth0", "refused"},
                                       {"localhost", "refused"},
                                       {std::string_view("1.2.3.4\0", 8), "refused"},
                                       {"1111111111111111111111111111111111111111111111111111111", "refused"}})
    EXPECT_EQ(text_of(text), expected) << text;
}

TEST(address_range, contains) {
  struct Case {
    std::string_view range, address;
    bool expected;
  };
  for (const auto& [range, address, expected] : {Case{"10.0.0.0/8", "10.255.255.255", true},
                                                 {"10.0.0.0/8", "11.0.0.0", false},
                                                 {"10.0.0.0/8", "::ffff:10.1.2.3", true},
                                                 {"10.1.2.3", "10.1.2.3", true},
                                                 {"10.1.2.3", "10.1.2.2", false},
                                                 {"192.168.128.0/17", "192.168.127.255", false},
                                                 {"192.168.128.0/17", "192.168.200.1", true},
                                                 {"0.0.0.0/0", "203.0.113.9", true},
                                                 {"0.0.0.0/0", "2001:db8::1", false},
                                                 {"::/0", "203.0.113.9", true},
                                                 {"fd00::/8", "fdff::1", true},
                                                 {"fd00::/8", "fe00::1", false}}) {
    const auto parsed = AddressRange::parse(range);
    ASSERT_TRUE(parsed.has_value()) << range;
    EXPECT_EQ(parsed->contains(*Address::parse(address)), expected) << range << " " << address;
  }
}

TEST(address_range, refuses_what_is_no_network) {
  for (const std::string_view text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8",
                                      "fd00::1/8", "::/129", "host/8"})
    EXPECT_FALSE(AddressRange::parse(text).has_value()) << text;
}

TEST(address_ranges, are_a_list) {
  EXPECT_EQ(address_ranges_parse("")->size(), 0U);
  EXPECT_EQ(address_ranges_parse(" ")->size(), 0U);
  EXPECT_EQ(address_ranges_parse("127.0.0.1, ::1,10.0.0.0/8")->size(), 3U);
  for (const std::string_view text : {",", "127.0.0.1,", "127.0.0.1 ::1", "127.0.0.1,,::1"})
    EXPECT_FALSE(address_ranges_parse(text).has_value()) << text;
  EXPECT_TRUE(contains(*address_ranges_parse("127.0.0.1,10.0.0.0/8"), *Address::parse("10.9.9.9")));
  EXPECT_FALSE(contains(*address_ranges_parse("127.0.0.1,10.0.0.0/8"), *Address::parse("127.0.0.2")));
  EXPECT_FALSE(contains({}, *Address::parse("127.0.0.1")));
}

}  // namespace
}  // namespace fairward
