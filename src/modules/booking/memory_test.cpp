// The structures in memory: taken cells, first fits, ActiveReservations, WaitingUsers; each against a naive twin.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "modules/booking/active_reservations.h"
#include "modules/booking/availability.h"
#include "modules/booking/errors.h"
#include "modules/booking/rules.h"
#include "modules/booking/waiting_users.h"

namespace fairward::booking {
namespace {

const HospitalId hospital{1};
const DoctorId doctor{1};
Instant at(const char* text) { return *parse_rfc3339(text); }

// Four slots of a quarter of an hour from 03:30 UTC, every day.
Schedule quarter_hours() {
  return {doctor, 0, 30, 1, {{1, hospital, zone_find("Asia/Kolkata"), 127, {540}, {600}, 15, {}, {}}}, {}};
}

TEST(taken_cells, agree_with_a_naive_map) {
  const auto chance = make_seeded_entropy(1);
  TakenCells taken;
  std::map<std::int64_t, SlotStatus> naive;
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t first = 5'000'000 + static_cast<std::int64_t>(chance->below(900)),
                       cells = 1 + static_cast<std::int64_t>(chance->below(6));
    if (chance->below(3) == 0) {
      SlotStatus worst = SlotStatus::free;
      for (std::int64_t c = first; c < first + cells; ++c)
        worst = std::max(worst, naive.contains(c) ? naive[c] : SlotStatus::free);
      ASSERT_EQ(taken.status(first, cells), worst) << i;
    } else {
      const auto status = static_cast<SlotStatus>(chance->below(3));
      taken.set(first, cells, status);
      for (std::int64_t c = first; c < first + cells; ++c) naive[c] = status;
    }
  }
  for (auto& [cell, status] : naive) taken.set(cell, 1, SlotStatus::free);
  EXPECT_TRUE(taken.empty());
}

TEST(first_fit, finds_consecutive_slots_around_taken_ones) {
  const Schedule schedule = quarter_hours();
  TakenCells taken;
  taken.set(cell_of(at("2026-12-01T03:45:00Z")), 3, SlotStatus::booked);
  const Wish wish{{}, at("2026-12-01T00:00:00Z"), at("2026-12-03T00:00:00Z"), 2};
  const BookableRange bookable{at("2026-12-01T00:00:00Z"), at("2026-12-30T00:00:00Z")};
  const auto is_free = [&](std::int64_t cell, std::int64_t n) { return taken.is_free(cell, n); };
  auto fit = first_fit(schedule, wish, bookable, is_free);
  ASSERT_TRUE(fit);
  EXPECT_EQ(to_rfc3339(fit->starts_at), "2026-12-01T04:00:00Z");
  EXPECT_EQ(to_rfc3339(fit->ends_at), "2026-12-01T04:30:00Z");
  taken.set(cell_of(at("2026-12-01T04:15:00Z")), 3, SlotStatus::held);
  fit = first_fit(schedule, wish, bookable, is_free);
  ASSERT_TRUE(fit);
  EXPECT_EQ(to_rfc3339(fit->starts_at), "2026-12-02T03:30:00Z");
}

TEST(first_fit, stays_inside_wish_and_bookable_range) {
  const Schedule schedule = quarter_hours();
  const auto all = [](std::int64_t, std::int64_t) { return true; };
  const BookableRange bookable{at("2026-12-01T04:01:00Z"), at("2026-12-01T04:10:00Z")};
  EXPECT_FALSE(first_fit(schedule, {{}, at("2026-12-01T00:00:00Z"), at("2026-12-09T00:00:00Z"), 1}, bookable, all));
  EXPECT_FALSE(first_fit(schedule, {HospitalId{9}, at("2026-12-01T00:00:00Z"), at("2026-12-09T00:00:00Z"), 1},
                         {{0}, {INT64_MAX}}, all));
}

TEST(availability, remembers_the_first_free_slot_only_while_it_is_true) {
  ManualClock clock(at("2026-12-01T00:00:00Z"));
  Availability availability(clock);
  availability.put_schedule(quarter_hours());
  const Instant far = at("2027-01-01T00:00:00Z");
  const auto first = [&](const char* from) {
    const auto found = availability.first_free(doctor, {}, at(from), far);
    return found ? to_rfc3339(*found) : "none";
  };
  EXPECT_EQ(first("2026-12-01T00:00:00Z"), "2026-12-01T03:30:00Z");
  EXPECT_EQ(first("2026-12-01T03:00:00Z"), "2026-12-01T03:30:00Z");
  EXPECT_EQ(first("2026-12-01T03:31:00Z"), "2026-12-01T03:45:00Z");
  EXPECT_EQ(first("2026-12-01T00:00:00Z"), "2026-12-01T03:30:00Z");
  availability.set(doctor, at("2026-12-01T03:30:00Z"), at("2026-12-01T04:30:00Z"), SlotStatus::held);
  EXPECT_EQ(first("2026-12-01T00:00:00Z"), "2026-12-02T03:30:00Z");
  availability.set(doctor, at("2026-12-01T04:00:00Z"), at("2026-12-01T04:15:00Z"), SlotStatus::free);
  EXPECT_EQ(first("2026-12-01T00:00:00Z"), "2026-12-01T04:00:00Z");
  clock.set(at("2026-12-01T04:00:00Z"));  // a slot that has begun cannot be booked
  EXPECT_EQ(first("2026-12-01T00:00:00Z"), "2026-12-02T03:30:00Z");
  EXPECT_EQ(availability.first_free(doctor, {}, at("2026-12-01T00:00:00Z"), at("2026-12-02T00:00:00Z")), std::nullopt);
  EXPECT_EQ(availability.first_free(DoctorId{9}, {}, {0}, far), std::nullopt);
}

TEST(availability, leaves_out_where_the_doctor_takes_no_bookings) {
  ManualClock clock(at("2026-12-01T00:00:00Z"));
  Availability availability(clock);
  availability.put_closed(doctor, {hospital});
  availability.put_schedule(quarter_hours());
  const auto first = [&] { return availability.first_free(doctor, {}, clock.now(), clock.now() + days(3)); };
  EXPECT_EQ(first(), std::nullopt);
  EXPECT_TRUE(availability.next_free(doctor, {}, clock.now(), 4).empty());
  EXPECT_EQ(availability.upcoming(doctor, clock.now()).count, 0U);
  EXPECT_TRUE(availability.open(doctor)->shifts.empty());
  EXPECT_EQ(availability.schedule(doctor)->shifts.size(), 1U);
  const std::uint64_t version = availability.version(doctor);
  availability.put_closed(doctor, {HospitalId{9}});
  EXPECT_GT(availability.version(doctor), version);
  EXPECT_EQ(first(), at("2026-12-01T03:30:00Z"));
}

// What is said to stay so does, to the millisecond, whatever the notice and however few slots are left.
TEST(availability, says_truly_how_long_the_upcoming_stay_so) {
  const auto chance = make_seeded_entropy(3);
  const Instant begin = at("2026-12-01T00:00:00Z");
  int kept = 0;
  for (int round = 0; round < 300; ++round) {
    ManualClock clock(begin);
    Availability availability(clock);
    Schedule schedule = quarter_hours();
    constexpr int notices[] = {0, 1, 7, 60};
    schedule.minimum_notice_minutes = notices[chance->below(4)];
    schedule.max_booking_days = static_cast<int>(chance->below(3));
    availability.put_schedule(schedule);
    for (int i = 0; i < 6; ++i) {
      const Instant slot = begin + days(static_cast<std::int64_t>(chance->below(4))) + minutes(210) +
                           minutes(15 * static_cast<std::int64_t>(chance->below(4)));
      availability.set(doctor, slot, slot + minutes(15), SlotStatus::held);
    }
    const auto some_time = [&] {
      const auto spread = std::array{0, 1, -1, 30'000}[chance->below(4)];
      return begin + minutes(static_cast<std::int64_t>(chance->below(2 * 24 * 60))) + milliseconds(spread);
    };
    const auto asked = some_time();
    const auto said = availability.upcoming(doctor, asked);
    EXPECT_LE(said.good_from, asked);
    for (const Instant later : {said.good_from, asked, said.good_until, some_time(), some_time()}) {
      clock.set(later);
      auto starts = availability.next_free(doctor, {}, later, directory::Upcoming::most);
      const auto now = availability.upcoming(doctor, later);
      EXPECT_EQ(starts, std::vector(now.starts.begin(), now.starts.begin() + static_cast<std::ptrdiff_t>(now.count)));
      if (later < said.good_from || later > said.good_until) continue;
      ++kept;
      EXPECT_EQ(now.starts, said.starts) << to_rfc3339(asked) << " " << to_rfc3339(later);
      EXPECT_EQ(now.count, said.count);
    }
  }
  EXPECT_GT(kept, 900);
}

TEST(availability, counts_the_changes_of_a_doctor) {
  ManualClock clock(at("2026-12-01T00:00:00Z"));
  Availability availability(clock);
  EXPECT_EQ(availability.changes(doctor), nullptr);
  availability.put_schedule(quarter_hours());
  const auto* changes = availability.changes(doctor);
  ASSERT_NE(changes, nullptr);
  auto before = changes->load();
  availability.set(doctor, at("2026-12-01T03:30:00Z"), at("2026-12-01T03:45:00Z"), SlotStatus::held);
  EXPECT_GT(changes->load(), before);
  before = changes->load();
  for (std::int64_t other = 2; other < 5000; ++other) availability.put_taken(DoctorId{other}, {});
  EXPECT_EQ(availability.changes(doctor), changes);
  EXPECT_EQ(changes->load(), before);
}

TEST(active_reservations, are_due_oldest_first_and_removed_at_once) {
  ActiveReservations active;
  const auto hold = [](std::int64_t id, std::int64_t d, std::int64_t lapses) {
    return ActiveReservations::Hold{AppointmentId{id},  DoctorId{d},  {id * 1000},
                                    {id * 1000 + 1000}, {lapses - 5}, {lapses}};
  };
  active.add(hold(1, 7, 100));
  active.add(hold(2, 7, 300));
  active.add(hold(3, 7, 200));  // a shorter time to live than the one before
  active.add(hold(4, 8, 50));
  EXPECT_EQ(active.due({49}), (std::vector<DoctorId>{}));
  EXPECT_EQ(active.due({100}), (std::vector<DoctorId>{{8}, {7}}));
  EXPECT_EQ(active.lapse_of(DoctorId{7}, 2), Instant{200});
  EXPECT_EQ(active.frees_by(DoctorId{7}, {3500}), Instant{200});
  EXPECT_EQ(active.frees_by(DoctorId{7}, {4500}), std::nullopt);
  active.remove(AppointmentId{1});
  active.remove(AppointmentId{1});
  active.remove(AppointmentId{4});
  EXPECT_EQ(active.due({199}), (std::vector<DoctorId>{}));
  EXPECT_EQ(active.next(), Instant{200});
  EXPECT_EQ(active.size(), 2u);
}

TEST(waiting_users, count_positions_like_a_naive_list) {
  const auto chance = make_seeded_entropy(2);
  WaitingUsers waiting;
  std::vector<std::int64_t> naive;  // ids in order of arrival
  std::int64_t next = 1;
  for (int i = 0; i < 5'000; ++i) {
    if (naive.empty() || chance->below(5) < 3) {
      waiting.add({WaitId{next}, doctor, next + 100, {next}});
      naive.push_back(next++);
    } else {
      const std::size_t victim = chance->below(naive.size());
      waiting.remove(WaitId{naive[victim]});
      naive.erase(naive.begin() + static_cast<std::ptrdiff_t>(victim));
    }
    if (naive.empty()) continue;
    const std::size_t asked = chance->below(naive.size());
    ASSERT_EQ(waiting.position(doctor, WaitId{naive[asked]}), static_cast<std::int64_t>(asked) + 1) << i;
  }
  EXPECT_EQ(waiting.size(), naive.size());
  EXPECT_EQ(waiting.position(doctor, WaitId{next + 5}), static_cast<std::int64_t>(naive.size()) + 1);
}

TEST(waiting_users, show_nobody_a_queue_half_replaced) {
  WaitingUsers waiting;
  const std::vector<WaitingUsers::Entry> queue{{WaitId{1}, doctor, 1, {10}}, {WaitId{2}, doctor, 2, {10}}};
  waiting.replace(doctor, queue);
  std::atomic<bool> is_over = false;
  std::thread reload([&] {
    for (int i = 0; i < 20'000; ++i) waiting.replace(doctor, queue);
    is_over = true;
  });
  std::set<std::int64_t> seen;
  do seen.insert(waiting.position(doctor, WaitId{2}));  // at least once, however busy the machine is
  while (!is_over);
  reload.join();
  EXPECT_EQ(seen, std::set<std::int64_t>{2});
}

// Joined at another node: the place was a guess, and somebody else joined there before.
TEST(waiting_users, say_that_a_queue_moved_when_a_place_was_guessed) {
  WaitingUsers waiting;
  waiting.add({WaitId{1}, doctor, 1, {10}});
  waiting.add({WaitId{2}, doctor, 2, {10}});
  EXPECT_TRUE(waiting.take_moved().empty()) << "nobody's place has changed";
  EXPECT_EQ(waiting.position(doctor, WaitId{4}), 3);
  waiting.add({WaitId{3}, doctor, 3, {10}});
  EXPECT_TRUE(waiting.take_moved().empty());
  waiting.add({WaitId{4}, doctor, 4, {10}});
  EXPECT_EQ(waiting.position(doctor, WaitId{4}), 4);
  EXPECT_EQ(waiting.take_moved(), std::vector<DoctorId>{doctor});
}

TEST(waiting_users, say_once_whose_queue_moved) {
  WaitingUsers waiting;
  waiting.add({WaitId{1}, doctor, 1, {10}});
  EXPECT_TRUE(waiting.take_moved().empty());
  waiting.remove(WaitId{1});
  EXPECT_EQ(waiting.take_moved(), std::vector<DoctorId>{doctor});
  EXPECT_TRUE(waiting.take_moved().empty());
}

using S = AppointmentStatus;
struct TransitionCase {
  S from, to;
  int hours_to_start;
  bool is_staff;
  const Problem* problem;
};
class transition : public ::testing::TestWithParam<TransitionCase> {};

TEST_P(transition, is_allowed_or_named) {
  const auto& c = GetParam();
  const Instant now{1'000'000'000};
  const auto result = check_transition(c.from, c.to, now + hours(c.hours_to_start), now, c.is_staff);
  EXPECT_EQ(result ? nullptr : result.error().problem, c.problem);
}

INSTANTIATE_TEST_SUITE_P(rules, transition,
                         ::testing::ValuesIn(std::vector<TransitionCase>{
                             {S::pending, S::booked, 1, false, nullptr},
                             {S::pending, S::cancelled, 1, false, nullptr},
                             {S::pending, S::arrived, 1, true, &appointment_status},
                             {S::booked, S::cancelled, 1, false, nullptr},
                             {S::booked, S::cancelled, -1, false, &appointment_too_late},
                             {S::booked, S::cancelled, -1, true, nullptr},
                             {S::booked, S::arrived, 1, true, nullptr},
                             {S::booked, S::noshow, 1, true, &appointment_too_early},
                             {S::booked, S::noshow, -1, true, nullptr},
                             {S::booked, S::fulfilled, 1, true, &appointment_too_early},
                             {S::booked, S::fulfilled, -1, true, nullptr},
                             {S::arrived, S::fulfilled, -1, true, nullptr},
                             {S::fulfilled, S::cancelled, 1, true, &appointment_status},
                             {S::cancelled, S::cancelled, 1, true, &appointment_status},
                             {S::noshow, S::arrived, -1, true, nullptr},
                             {S::expired, S::cancelled, 1, true, &appointment_status},
                         }));

TEST(reservation_code, is_that_of_document_c) {
  EXPECT_EQ(reservation_code(S::pending), 1);
  EXPECT_EQ(reservation_code(S::booked), 2);
  EXPECT_EQ(reservation_code(S::fulfilled), 2);
  EXPECT_EQ(reservation_code(S::expired), 3);
  EXPECT_EQ(reservation_code(S::cancelled), 3);
}

TEST(refund, is_due_with_notice_or_when_the_hospital_cancels) {
  EXPECT_TRUE(is_refunded({hours(2)}, {hours(2).ms}, {0}, false));
  EXPECT_FALSE(is_refunded({hours(2)}, {hours(2).ms - 1}, {0}, false));
  EXPECT_TRUE(is_refunded({hours(2)}, {0}, {0}, true));
}

}  // namespace
}  // namespace fairward::booking
