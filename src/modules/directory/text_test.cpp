// Folding, spelling distance, places, cursors, zones.
#include "modules/directory/text.h"

#include <gtest/gtest.h>

#include "modules/directory/cursor.h"
#include "modules/directory/geo.h"
#include "modules/directory/zones.h"

namespace fairward::directory {
namespace {

TEST(folded, makes_names_comparable) {
  const struct {
    std::string_view text, key;
  } cases[] = {{"Müller", "muller"},
               {"  D'Souza—Smith ", "dsouza smith"},
               {"Straße", "strasse"},
               {"Łódź", "lodz"},
               {"e\xCC\x81t\xC3\xA9", "ete"},
               {"ИВАН", "иван"},
               {"आशा राव", "आशा राव"},
               {"A.B.C.", "a b c"},
               {"", ""},
               {"...", ""},
               {"St. John's", "st johns"},
               {"a\xffz", "a z"}};
  for (const auto& [text, key] : cases) EXPECT_EQ(folded(text), key);
}

TEST(edit_distance, counts_mistakes) {
  EXPECT_EQ(edit_distance("cardeologist", "cardiologist", 3), 1);
  EXPECT_EQ(edit_distance("mumbia", "mumbai", 2), 1);
  EXPECT_EQ(edit_distance("abc", "abc", 0), 0);
  EXPECT_EQ(edit_distance("abc", "xyz", 2), 3);
  EXPECT_EQ(edit_distance("", "ab", 2), 2);
  EXPECT_EQ(edit_distance(std::string(100, 'a'), std::string(100, 'b'), 2), 3);
}

TEST(json_text, escapes_what_must_be) {
  std::string out;
  json_string_append(out, "a\"b\\c\n\x01\xff é");
  EXPECT_EQ(out, "\"a\\\"b\\\\c\\n\\u0001\xEF\xBF\xBD é\"");
}

TEST(distance, follows_the_great_circle) {
  EXPECT_NEAR(distance_km({19.0760, 72.8777}, {28.6139, 77.2090}), 1148, 3);  // Mumbai, Delhi
  EXPECT_NEAR(distance_km({0, 179.9}, {0, -179.9}), 22.24, 0.01);
  EXPECT_NEAR(distance_km({90, 0}, {-90, 0}), 20015.1, 0.2);
  EXPECT_EQ(distance_km({12, 77}, {12, 77}), 0);
}

TEST(place_parse, takes_two_numbers_on_the_globe) {
  EXPECT_EQ(place_parse("11.6357989, 92.7120575"), (Place{11.6357989, 92.7120575}));
  for (const auto bad : {"", ",", "1", "91,0", "0,181", "1,2,3", "nan,1", "1e1,2", "inf,0", "a,b", "0x1,2"})
    EXPECT_FALSE(place_parse(bad)) << bad;
}

TEST(cursor, comes_back_and_belongs_to_one_search) {
  const Position position{{-480, INT64_MAX, INT64_MIN}, "dr é", 17};
  EXPECT_EQ(cursor_read(cursor_write(position, 5), 5), position);
  EXPECT_FALSE(cursor_read(cursor_write(position, 5), 6));
  for (const auto bad : {"", "1", "5.1.2.3", "5.1.2.3.4.zz", "5.1.2.3.4.abc", "5.99999999999999999999.0.0.1."})
    EXPECT_FALSE(cursor_read(bad, 5)) << bad;
}

TEST(local_days, know_the_zone) {
  LocalDays local;
  const auto* india = zone_find("Asia/Kolkata");
  ASSERT_NE(india, nullptr);
  EXPECT_EQ(to_iso(local.day(india, *parse_rfc3339("2026-11-21T18:29:59Z"))), "2026-11-21");
  EXPECT_EQ(to_iso(local.day(india, *parse_rfc3339("2026-11-21T18:30:00Z"))), "2026-11-22");
  EXPECT_EQ(day_start(india, *parse_date("2026-11-22")).ms, parse_rfc3339("2026-11-21T18:30:00Z")->ms);
  EXPECT_EQ(zone_find("Nowhere/Land"), nullptr);
}

}  // namespace
}  // namespace fairward::directory
