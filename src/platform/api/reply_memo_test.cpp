// What is kept, for how long, and what is forgotten.
#include "platform/api/reply_memo.h"

#include <gtest/gtest.h>

namespace fairward::api {
namespace {

constexpr std::size_t plenty = 1 << 20;

KeptReply kept(std::string body) { return {std::move(body), "\"tag\""}; }

TEST(reply_memo, knows_a_reply_while_its_state_is_the_same) {
  ReplyMemo memo(plenty);
  EXPECT_EQ(memo.find("/a", {1, 1}), std::nullopt);
  memo.put("/a", {1, 1}, kept("one"));
  EXPECT_EQ(memo.find("/a", {1, 1}), kept("one"));
  EXPECT_EQ(memo.find("/a?", {1, 1}), std::nullopt);
  EXPECT_EQ(memo.find("/a", {2, 1}), std::nullopt);
  EXPECT_EQ(memo.find("/a", {1, 2}), std::nullopt);
  memo.put("/a", {2, 1}, kept("two"));
  EXPECT_EQ(memo.find("/a", {2, 1}), kept("two"));
  EXPECT_EQ(memo.find("/a", {1, 1}), std::nullopt);
}

TEST(reply_memo, forgets_what_nobody_asks_for_and_keeps_what_is_asked_for) {
  ReplyMemo memo(plenty);
  const std::string body(2000, 'x');
  memo.put("/wanted", {1, 1}, kept(body));
  memo.put("/unwanted", {1, 1}, kept(body));
  for (int i = 0; i < 2000; ++i) {
    memo.put("/other/" + std::to_string(i), {1, 1}, kept(body));
    ASSERT_EQ(memo.find("/wanted", {1, 1}), kept(body)) << i;
  }
  EXPECT_EQ(memo.find("/unwanted", {1, 1}), std::nullopt);
}

TEST(reply_memo, does_not_take_what_would_fill_it) {
  ReplyMemo memo(plenty);
  memo.put("/a", {1, 1}, kept(std::string(plenty, 'x')));
  memo.put("/" + std::string(1000, 'a'), {1, 1}, kept("small"));
  EXPECT_EQ(memo.find("/a", {1, 1}), std::nullopt);
  EXPECT_EQ(memo.find("/" + std::string(1000, 'a'), {1, 1}), std::nullopt);
}

}  // namespace
}  // namespace fairward::api
