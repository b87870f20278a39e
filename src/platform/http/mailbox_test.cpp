// Tasks of many threads for one: none lost, none twice, each sender's in its order.
#include "platform/http/mailbox.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace fairward::http {
namespace {

TEST(mailbox, runs_in_the_order_of_putting_and_says_who_must_see_to_it) {
  Mailbox box;
  std::vector<int> seen;
  EXPECT_EQ(box.put([&] { seen.push_back(1); }), Mailbox::Put::first);
  EXPECT_EQ(box.put([&] {
    seen.push_back(2);
    EXPECT_EQ(box.put([&] { seen.push_back(3); }), Mailbox::Put::first);  // while the box is being emptied
  }),
            Mailbox::Put::more);
  box.run_all();
  EXPECT_EQ(seen, (std::vector{1, 2}));
  box.run_all();
  EXPECT_EQ(seen, (std::vector{1, 2, 3}));
  box.run_all();
  EXPECT_EQ(seen.size(), 3U);
}

TEST(mailbox, runs_what_is_there_when_it_closes_and_takes_nothing_afterwards) {
  Mailbox box;
  int runs = 0;
  box.put([&] { ++runs; });
  box.close();
  EXPECT_EQ(runs, 1);
  const auto owned = std::make_shared<int>();
  EXPECT_EQ(box.put([&runs, owned] { ++runs; }), Mailbox::Put::closed);
  EXPECT_EQ(owned.use_count(), 1) << "what is refused is dropped at once";
  box.run_all();
  box.close();
  EXPECT_EQ(runs, 1);
}

TEST(mailbox, drops_what_nobody_ran) {
  const auto owned = std::make_shared<int>();
  {
    Mailbox box;
    box.put([owned] {});
    box.put([owned] {});
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(mailbox, loses_nothing_of_many_senders) {
  constexpr int senders = 4, letters = 20'000;
  Mailbox box;
  std::atomic<int> due = 0;  // calls of run_all that were asked for
  std::vector<std::vector<int>> seen(senders);
  std::vector<std::thread> threads;
  for (int s = 0; s < senders; ++s)
    threads.emplace_back([&, s] {
      for (int i = 0; i < letters; ++i)
        if (box.put([&seen, s, i] { seen[static_cast<std::size_t>(s)].push_back(i); }) == Mailbox::Put::first) ++due;
    });
  const auto is_all_there = [&] {
    std::size_t count = 0;
    for (const auto& one : seen) count += one.size();
    return count == std::size_t{senders} * letters;
  };
  while (!is_all_there()) {
    if (due.load() == 0) {
      std::this_thread::yield();
      continue;
    }
    --due;
    box.run_all();
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& one : seen)
    for (int i = 0; i < letters; ++i) ASSERT_EQ(one[static_cast<std::size_t>(i)], i);
}

}  // namespace
}  // namespace fairward::http
