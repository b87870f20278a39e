// The cache of callers: freshness, revocation, bounds.
#include "modules/identity/caller_cache.h"

#include <gtest/gtest.h>

namespace fairward::identity {
namespace {

const Instant start{1'790'000'000'000};

crypto::Digest token(int n) { return crypto::sha256(std::to_string(n)); }
KnownCaller known(std::int64_t user, std::int64_t session, Instant checked_at = start, std::uint64_t revocations = 0) {
  KnownCaller known;
  known.caller.user = UserId{user};
  known.caller.session = session;
  known.checked_at = checked_at;
  known.expires_at = start + minutes(15);
  known.seen_at = start;
  known.revocations = revocations;
  return known;
}

TEST(caller_cache, knows_what_was_put_until_it_is_to_be_checked_again) {
  CallerCache cache;
  cache.put(token(1), known(17, 5));
  EXPECT_EQ(cache.find(token(1), start)->caller.user, UserId{17});
  EXPECT_TRUE(cache.find(token(1), start + recheck_after - milliseconds(1)));
  EXPECT_FALSE(cache.find(token(1), start + recheck_after));
  EXPECT_FALSE(cache.find(token(2), start));
}

TEST(caller_cache, forgets_at_the_end_of_the_token) {
  CallerCache cache;
  cache.put(token(1), known(17, 5, start + minutes(15) - seconds(1)));
  EXPECT_TRUE(cache.find(token(1), start + minutes(15) - milliseconds(1)));
  EXPECT_FALSE(cache.find(token(1), start + minutes(15)));
}

TEST(caller_cache, heeds_revocations_of_users_and_sessions_at_once) {
  CallerCache cache;
  cache.put(token(1), known(17, 5));
  cache.put(token(2), known(17, 6));
  cache.put(token(3), known(18, 7));
  cache.revoke(SessionId{5}, start + seconds(1));
  EXPECT_FALSE(cache.find(token(1), start + seconds(1)));
  EXPECT_TRUE(cache.find(token(2), start + seconds(1)));
  cache.revoke(UserId{17}, start + seconds(2));
  EXPECT_FALSE(cache.find(token(2), start + seconds(2)));
  EXPECT_TRUE(cache.find(token(3), start + seconds(2)));
  cache.put(token(2), known(17, 6, start + seconds(2), 1));  // read before the revocation, stored after it
  EXPECT_FALSE(cache.find(token(2), start + seconds(3)));
  cache.put(token(2), known(17, 6, start + seconds(3), cache.revocations()));  // checked anew
  EXPECT_TRUE(cache.find(token(2), start + seconds(3)));
}

TEST(caller_cache, heeds_a_revocation_although_the_clock_was_set_back) {
  CallerCache cache;
  cache.put(token(1), known(17, 5, start + seconds(20)));
  cache.revoke(SessionId{5}, start);
  EXPECT_FALSE(cache.find(token(1), start + seconds(1)));
}

TEST(caller_cache, has_everybody_checked_again_when_revocations_may_be_lost) {
  CallerCache cache;
  cache.put(token(1), known(17, 5));
  cache.revoke_all();
  EXPECT_FALSE(cache.find(token(1), start));
  cache.put(token(1), known(17, 5, start, cache.revocations()));
  EXPECT_TRUE(cache.find(token(1), start));
}

TEST(caller_cache, checks_with_every_call_what_may_still_be_committed) {
  CallerCache cache;
  cache.put(token(1), known(17, 5));
  cache.put(token(2), known(18, 6));
  cache.doubt(UserId{17}, start);
  EXPECT_FALSE(cache.find(token(1), start));
  cache.put(token(1), known(17, 5, start, cache.revocations()));  // the commit had not come yet
  EXPECT_FALSE(cache.find(token(1), start + seconds(1)));
  EXPECT_FALSE(cache.find(token(1), start + recheck_after - milliseconds(1)));
  EXPECT_TRUE(cache.find(token(2), start + seconds(1))) << "nobody doubts the others";
  const Instant later = start + recheck_after;
  cache.put(token(1), known(17, 5, later, cache.revocations()));
  EXPECT_TRUE(cache.find(token(1), later));
}

TEST(caller_cache, is_bounded_and_keeps_who_comes_often) {
  CallerCache cache;
  cache.put(token(-1), known(17, 5));
  for (int i = 0; i < 300'000; ++i) {
    cache.put(token(i), known(i, i));
    if (i % 1000 == 0) { EXPECT_TRUE(cache.find(token(-1), start)) << i; }
  }
  EXPECT_LE(cache.size(), 16u * 2 * 2048);
}

TEST(caller_cache, keeps_revocations_while_they_matter_however_many) {
  CallerCache cache;
  cache.put(token(1), known(17, 5));
  cache.revoke(UserId{17}, start);
  for (int i = 100; i < 10'000; ++i) cache.revoke(UserId{i}, start + milliseconds(i));
  EXPECT_FALSE(cache.find(token(1), start + seconds(10)));
}

}  // namespace
}  // namespace fairward::identity
