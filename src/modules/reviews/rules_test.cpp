// Signing and weighing, case by case.
#include "modules/reviews/rules.h"

#include <gtest/gtest.h>

namespace fairward::reviews {
namespace {

TEST(author_of, tells_no_whole_name) {
  const struct {
    std::string_view name, author;
  } cases[] = {
      {"Asha Rao", "Asha R."}, {"Asha Devi Rao", "Asha R."}, {"Asha", "Asha"}, {"", ""}, {"  Asha  Rao ", "Asha R."},
      {"आशा राव", "आशा र."},   {"Élodie Ünal", "Élodie Ü."}};
  for (const auto& [name, author] : cases) EXPECT_EQ(author_of(name), author) << name;
}

TEST(weight_of, counts_what_is_shown) {
  EXPECT_EQ(weight_of(4, false), (Weight{4, 1}));
  EXPECT_EQ(weight_of(4, true), Weight{});
  EXPECT_EQ(weight_of(2, false) - weight_of(5, false), (Weight{-3, 0}));
  EXPECT_EQ(weight_of(5, true) - weight_of(5, false), (Weight{-5, -1}));
}

}  // namespace
}  // namespace fairward::reviews
