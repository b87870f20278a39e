// Orders by first free time: what is mended is what would be made anew; every order is what sorting everybody gives.
#include "modules/directory/free_order.h"

#include "modules/directory/demo.h"
#include "modules/directory/fixture_test.h"

namespace fairward::directory {
namespace {

std::vector<std::int64_t> numbers(Walk<FreeEntry> walk) {
  std::vector<std::int64_t> seen;
  while (const auto* entry = walk.next()) seen.push_back(entry->at * 10 + entry->ordinal);
  return seen;
}

TEST(walk, goes_both_ways_with_equals_in_their_order) {
  const std::vector<FreeEntry> free{{1, 0}, {2, 1}, {2, 2}, {3, 3}}, never{{9, 4}, {9, 5}};
  EXPECT_EQ(numbers({free, never, false}), (std::vector<std::int64_t>{10, 21, 22, 33, 94, 95}));
  EXPECT_EQ(numbers({free, never, true}), (std::vector<std::int64_t>{33, 21, 22, 10, 94, 95}));
  EXPECT_EQ(numbers({{}, never, true}), (std::vector<std::int64_t>{94, 95}));
  EXPECT_EQ(numbers({free, {}, false}), (std::vector<std::int64_t>{10, 21, 22, 33}));
  EXPECT_EQ(numbers({{}, {}, true}), std::vector<std::int64_t>());
}

class FreeOrderTest : public DirectoryTest {
 protected:
  FreeOrderTest() : made(demo_fill(*engine, {11, 4, 4, 400}, clock.now())) {
    for (const auto doctor : made.doctors) move(doctor, static_cast<std::int64_t>(chance->below(300)));
    load();
  }
  void move(DoctorId doctor, std::int64_t quarters) {
    if (quarters % 7 == 0) free.first.erase(doctor.value);
    else free.first[doctor.value] = clock.now() + minutes(15 * (1 + quarters));
  }
  const Segment& segment() const { return *module.current()->segments.front().segment; }
  std::shared_ptr<const FreeOrder> order() {
    return segment().free_orders().by_time(segment(), clock.now(), [&](const DoctorCard& doctor) {
      const auto at = free.first_free(doctor.row.id, {}, clock.now(), clock.now() + days(400));
      return at ? at->ms : DoctorCard::free_never;
    });
  }
  // By key and id, as sorting everybody gives.
  template <class KeyOf>
  std::vector<std::int64_t> sorted(KeyOf&& key_of) {
    std::vector<std::pair<decltype(key_of(segment().card(0))), std::int64_t>> all;
    for (const auto& card : segment().cards()) all.emplace_back(key_of(*card), card->row.id.value);
    std::ranges::sort(all);
    std::vector<std::int64_t> ids;
    for (const auto& [key, id] : all) ids.push_back(id);
    return ids;
  }
  std::int64_t first_of(const DoctorCard& doctor) {
    const auto at = free.first.find(doctor.row.id.value);
    return at == free.first.end() || at->second < clock.now() ? DoctorCard::free_never : at->second.ms;
  }

  std::unique_ptr<Entropy> chance = make_seeded_entropy(5);
  DemoDirectory made;
};

TEST_F(FreeOrderTest, is_mended_to_what_it_would_be_anew) {
  order();
  for (int round = 0; round < 20; ++round) {
    for (std::size_t i = 0; i < (round % 4 == 3 ? 500u : 5u); ++i) {
      const auto doctor = made.doctors[chance->below(made.doctors.size())];
      move(doctor, static_cast<std::int64_t>(chance->below(300)));
      module.free_times_changed(doctor);
    }
    clock.set(clock.now() + minutes(round % 3 * 20) + milliseconds(10));
    std::vector<std::int64_t> ids;
    for (const auto& entry : order()->entries) ids.push_back(segment().card(entry.ordinal).row.id.value);
    ASSERT_EQ(ids, sorted([&](const DoctorCard& doctor) { return first_of(doctor); })) << round;
  }
}

TEST_F(FreeOrderTest, pages_by_time_are_what_sorting_everybody_gives) {
  constexpr auto never = DoctorCard::free_never;
  const auto ist_day = [](std::int64_t at) { return (at + hours(5).ms + minutes(30).ms) / days(1).ms; };
  const auto rank = [&](const DoctorCard& doctor) {
    return module.current()->world.specialities.find(doctor.row.speciality.value)->name_folded;
  };
  std::map<std::string, std::int64_t> ranks;
  for (const auto& card : segment().cards()) ranks[rank(*card)] = 0;
  std::int64_t number = 0;
  for (auto& [name, place] : ranks) place = ++number;
  const auto key = [&](const DoctorCard& doctor, Order order) {
    const auto at = first_of(doctor), day = at == never ? never : ist_day(at), speciality = ranks[rank(doctor)];
    const auto back = [&](std::int64_t value) { return value == never ? never : -value; };
    switch (order) {
      case Order::first_free: return std::array{at, at, at};
      case Order::first_free_descending: return std::array{back(at), at, at};
      case Order::speciality_first_free: return std::array{speciality, at, at};
      case Order::speciality_first_free_descending: return std::array{-speciality, back(at), at};
      case Order::first_day_speciality: return std::array{day, speciality, at};
      default: return std::array{back(day), -speciality, back(at)};
    }
  };
  for (auto order = Order::first_free; order <= Order::first_day_speciality_descending;
       order = static_cast<Order>(static_cast<int>(order) + 1)) {
    if (order == Order::fee || order == Order::name) continue;
    Criteria criteria{.order = order, .limit = 30};
    std::vector<std::int64_t> ids;
    for (bool is_more = true; is_more && ids.size() < 5000;) {
      const auto found = find(criteria);
      for (const auto& hit : found.hits) ids.push_back(hit.doctor->row.id.value);
      is_more = found.is_more;
      if (is_more) criteria.after = found.hits.back().position;
    }
    auto expected = sorted([&](const DoctorCard& doctor) {
      auto keys = key(doctor, order);
      if (order == Order::first_free_descending) keys[1] = keys[2] = 0;
      if (order == Order::speciality_first_free_descending) keys[2] = 0;
      return keys;
    });
    EXPECT_EQ(ids, expected) << static_cast<int>(order);
  }
}

}  // namespace
}  // namespace fairward::directory
