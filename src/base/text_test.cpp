// Hostile and foreign text.
#include "base/text.h"

#include <gtest/gtest.h>

namespace fairward {
namespace {

TEST(utf8_valid, tells_well_formed_text_from_the_rest) {
  struct {
    const char* text;
    bool is_valid;
  } cases[] = {
      {"", true},
      {"abc", true},
      {"\xC3\xA9", true},
      {"\xE0\xA4\xB9", true},
      {"\xF0\x9F\x98\x80", true},
      {"\xF4\x8F\xBF\xBF", true},
      {"\xF4\x90\x80\x80", false},
      {"\xC0\xAF", false},
      {"\xC1\xBF", false},
      {"\xE0\x80\x80", false},
      {"\xED\xA0\x80", false},
      {"\xED\x9F\xBF", true},
      {"\xF0\x80\x80\x80", false},
      {"\x80", false},
      {"\xC3", false},
      {"\xE2\x82", false},
      {"a\xFF", false},
      {"\xF5\x80\x80\x80", false},
  };
  for (const auto& c : cases) EXPECT_EQ(utf8_valid(c.text), c.is_valid) << c.text;
}

TEST(trimmed, cuts_blanks_of_unicode_at_both_ends) {
  EXPECT_EQ(trimmed(" \t a b \n"), "a b");
  EXPECT_EQ(trimmed("\xC2\xA0x\xE3\x80\x80"), "x");
  EXPECT_EQ(trimmed("   "), "");
  EXPECT_EQ(trimmed("\xC3\xA9"), "\xC3\xA9");
}

TEST(has_control_characters, finds_what_may_not_be_in_a_name) {
  EXPECT_FALSE(has_control_characters("Asha Rao", false));
  EXPECT_TRUE(has_control_characters("a\nb", false));
  EXPECT_FALSE(has_control_characters("a\nb", true));
  EXPECT_TRUE(has_control_characters(std::string_view("a\0b", 3), true));
  EXPECT_TRUE(has_control_characters("\x7F", true));
  EXPECT_TRUE(has_control_characters("\xC2\x85", true));
  EXPECT_TRUE(
      has_control_characters("a\xE2\x80\xAE"
                             "b",
                             true));  // right-to-left override
}

TEST(code_point_count, counts_characters_not_bytes) { EXPECT_EQ(code_point_count("h\xC3\xA9\xE2\x82\xAC"), 3u); }

TEST(json_pointer_escape, escapes_tilde_and_slash) { EXPECT_EQ(json_pointer_escape("a/b~c"), "a~1b~0c"); }

}  // namespace
}  // namespace fairward
