// Who is woken, who is told, and that nobody sleeps through a change.
#include "platform/api/hub.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace fairward::api {
namespace {

std::vector<sql::Event> changed(std::string topic) { return {{std::move(topic), "x.changed", "{}"}}; }

TEST(hub, wakes_who_parked_when_the_topic_changes) {
  const auto hub = make_hub();
  int wakes = 0;
  hub->park({{"hold/1", hub->position("hold/1")}, {"wait/2", hub->position("wait/2")}}, {1000}, [&] { ++wakes; });
  EXPECT_EQ(hub->parked(), 1u);
  hub->publish(changed("wait/2"), {0});
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(hub->parked(), 0u);
  hub->publish(changed("hold/1"), {0});
  hub->tick({5000});
  EXPECT_EQ(wakes, 1);
}

TEST(hub, wakes_at_once_when_the_topic_has_changed_already) {
  const auto hub = make_hub();
  const auto before = hub->position("hold/1");
  hub->publish(changed("hold/1"), {0});
  int wakes = 0;
  hub->park({{"hold/1", before}}, {1000}, [&] { ++wakes; });
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(hub->parked(), 0u);
}

TEST(hub, wakes_at_the_deadline) {
  const auto hub = make_hub();
  int wakes = 0;
  hub->park({{"hold/1", 0}}, {1000}, [&] { ++wakes; });
  hub->tick({999});
  EXPECT_EQ(wakes, 0);
  hub->tick({1000});
  EXPECT_EQ(wakes, 1);
}

TEST(hub, a_cancelled_ticket_is_not_called) {
  const auto hub = make_hub();
  int calls = 0;
  hub->cancel(hub->park({{"hold/1", 0}}, {1000}, [&] { ++calls; }));
  hub->cancel(hub->subscribe({"hold/1"}, [&](const sql::Event&, Instant) { ++calls; }));
  hub->publish(changed("hold/1"), {0});
  hub->tick({2000});
  EXPECT_EQ(calls, 0);
}

TEST(hub, subscribers_hear_their_topics_only) {
  const auto hub = make_hub();
  std::vector<std::string> heard;
  hub->subscribe({"hold/1", "hold/2"}, [&](const sql::Event& event, Instant) { heard.push_back(event.topic); });
  hub->publish({{"hold/1", "k", ""}, {"hold/3", "k", ""}, {"hold/2", "k", ""}}, {0});
  EXPECT_EQ(heard, (std::vector<std::string>{"hold/1", "hold/2"}));
}

TEST(hub, whoever_may_have_missed_something_is_told) {
  const auto hub = make_hub();
  int wakes = 0;
  std::vector<std::string> heard;
  const auto before = hub->position("wait/2");
  hub->park({{"hold/1", hub->position("hold/1")}}, {1000}, [&] { ++wakes; });
  hub->subscribe({"queue/3"}, [&](const sql::Event& event, Instant) { heard.push_back(event.topic + event.kind); });
  hub->doubt_all({5});
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(heard, std::vector<std::string>{"queue/3events.missed"});
  hub->park({{"wait/2", before}}, {1000}, [&] { ++wakes; });
  EXPECT_EQ(wakes, 2) << "who looked before, and parks after";
  EXPECT_EQ(hub->parked(), 0u);
}

TEST(hub, nobody_sleeps_through_a_change_from_another_thread) {
  const auto hub = make_hub();
  std::atomic<int> wakes{0};
  constexpr int rounds = 5000;
  std::thread publisher([&] {
    while (wakes < rounds) hub->publish(changed("doctor/1"), {0});
  });
  for (int i = 0; i < rounds; ++i) hub->park({{"doctor/1", hub->position("doctor/1")}}, {1}, [&] { ++wakes; });
  publisher.join();
  EXPECT_EQ(wakes, rounds);
  EXPECT_EQ(hub->parked(), 0u);
}

}  // namespace
}  // namespace fairward::api
