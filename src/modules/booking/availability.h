// What is free, in memory: every doctor's schedule and the cells taken, as bitmaps. A cache of the database, rebuilt at
// start and updated after each commit; it answers slot lists and searches without SQL. The database has the last word.
// Thread-safe: many readers, one writer a doctor.
#pragma once

#include <array>
#include <atomic>
#include <bitset>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "modules/booking/calendar.h"
#include "modules/directory/directory.h"

namespace fairward::booking {

enum class SlotStatus : std::uint8_t { free, held, booked };

// The cells of one doctor that are taken: per UTC day one bit a cell, held and booked apart.
class TakenCells {
 public:
  void set(std::int64_t first_cell, std::int64_t cells, SlotStatus status);
  // booked wins over held, held over free.
  SlotStatus status(std::int64_t first_cell, std::int64_t cells) const;
  bool is_free(std::int64_t first_cell, std::int64_t cells) const {
    return status(first_cell, cells) == SlotStatus::free;
  }
  void forget_before(std::int64_t cell);
  bool empty() const { return days_.empty(); }

 private:
  struct Day {
    std::int32_t day;
    std::bitset<cells_per_day> held, booked;
  };
  const Day* find(std::int32_t day) const;
  Day& get(std::int32_t day);
  std::vector<Day> days_;  // ordered, sparse: a day with nothing taken has no entry
};

// A run of consecutive slots that fits a wish.
struct Fit {
  HospitalId hospital;
  Instant starts_at, ends_at;
};

// What somebody wants: `slots` consecutive ones, starting in [from, to), at one hospital or any (0).
struct Wish {
  HospitalId hospital;
  Instant from, to;
  int slots = 1;
  friend auto operator<=>(const Wish&, const Wish&) = default;
};

// The first run that fits, where `may_use(first_cell, cells)` says which slots count. Pure.
std::optional<Fit> first_fit(const Schedule& schedule, const Wish& wish, BookableRange bookable,
                             const std::function<bool(std::int64_t, std::int64_t)>& may_use);

class Availability final : public directory::FreeTimes {
 public:
  explicit Availability(const Clock& clock) : clock_(clock) {}

  void put_schedule(Schedule schedule);  // an older version than the present one changes nothing
  // Where the doctor takes no bookings, whatever the schedule says: free times and `open` leave it out.
  void put_closed(DoctorId doctor, std::vector<HospitalId> closed);
  void put_taken(DoctorId doctor, TakenCells taken);
  void set(DoctorId doctor, Instant starts_at, Instant ends_at, SlotStatus status);
  void forget_before(Instant at);  // whole days that nobody asks for any more

  // nullptr for a doctor without a schedule.
  std::shared_ptr<const Schedule> schedule(DoctorId doctor) const;
  std::shared_ptr<const Schedule> open(DoctorId doctor) const;
  // Runs f(open, taken) under the doctor's lock; false when the doctor has no schedule. f must be short.
  bool with(DoctorId doctor, const std::function<void(const Schedule&, const TakenCells&)>& f) const;
  // A number that changes whenever this doctor's schedule or cells do; 0 for a doctor without a schedule.
  std::uint64_t version(DoctorId doctor) const;

  std::optional<Instant> first_free(DoctorId doctor, HospitalId hospital, Instant from, Instant to) const override;
  std::vector<Instant> next_free(DoctorId doctor, HospitalId hospital, Instant from, int count) const override;
  int max_booking_days(DoctorId doctor) const override;
  directory::Upcoming upcoming(DoctorId doctor, Instant now) const override;
  const std::atomic<std::uint64_t>* changes(DoctorId doctor) const override;
  std::size_t doctors() const;
  std::vector<DoctorId> ids() const;

 private:
  struct Doctor {
    std::vector<HospitalId> closed;
    std::shared_ptr<const Schedule> schedule, open;  // replaced as a whole, so that readers keep theirs
    void open_make();
    TakenCells taken;
    std::atomic<std::uint64_t> version{1};  // grows under the shard's lock, after the change
    // Remembers "asked from `asked`, the first free slot of any hospital is `answer`", in minutes; 0 = nothing
    // remembered. It holds for every later question up to the answer, until a cell changes.
    mutable std::atomic<std::uint64_t> first_free{0};
  };
  static constexpr std::size_t shards = 256;
  struct Shard {
    mutable std::shared_mutex mutex;
    std::unordered_map<DoctorId, std::unique_ptr<Doctor>> doctors;  // nobody is ever removed
  };
  Shard& shard(DoctorId doctor) { return shards_[static_cast<std::uint64_t>(doctor.value) % shards]; }
  const Shard& shard(DoctorId doctor) const { return shards_[static_cast<std::uint64_t>(doctor.value) % shards]; }
  void change(DoctorId doctor, const std::function<void(Doctor&)>& f);

  const Clock& clock_;
  std::array<Shard, shards> shards_;
};

}  // namespace fairward::booking
