// The figures of a day, or of many: counted, added up, stored as text. Pure.
//
// An appointment counts for the day on which it begins; money for the day on which it came in or went back; an arrival,
// and how long it waited, for the day of the arrival. Days are those of the hospital's wall.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.h"
#include "base/time.h"

namespace fairward::reporting {

struct DoctorCount {
  std::int64_t appointments = 0, fulfilled = 0, no_shows = 0;
  friend bool operator==(const DoctorCount&, const DoctorCount&) = default;
};
struct MoneySum {
  std::int64_t paid_minor = 0, refunded_minor = 0;
  friend bool operator==(const MoneySum&, const MoneySum&) = default;
};

struct Figures {
  std::int64_t appointments = 0, fulfilled = 0, cancelled = 0, no_shows = 0, arrived = 0;
  std::array<std::int64_t, 24> hours{};        // appointments, by the hour of the wall in which they begin
  std::map<DoctorId, DoctorCount> doctors;     // of those who had any
  std::map<std::int64_t, std::int64_t> waits;  // whole minutes from arrival to the first call: how many waited so
  std::map<std::string, MoneySum> money;       // by currency

  void add(const Figures& other);
  bool is_empty() const { return *this == Figures{}; }
  friend bool operator==(const Figures&, const Figures&) = default;
};

constexpr std::int64_t wait_minutes_max = 24 * 60;  // a longer wait counts as this one

void count_visit(Figures& figures, DoctorId doctor, std::string_view status, TimeOfDay starts);
void count_arrival(Figures& figures, Instant arrived_at, std::optional<Instant> called_at);

// ---- waits

struct WaitSum {
  std::int64_t measured = 0, minutes = 0;
};
WaitSum wait_sum(const std::map<std::int64_t, std::int64_t>& waits);
// The shortest wait that at least so many of a hundred did not exceed; nullopt: nobody waited.
std::optional<std::int64_t> wait_percentile(const std::map<std::int64_t, std::int64_t>& waits, int percent);

// Of visits that took place or were missed; rounded.
std::int64_t no_show_per_mille(std::int64_t no_shows, std::int64_t fulfilled);

// ---- as text: "9:4,10:2"

struct FigureTexts {
  std::string hours, doctors, waits, money;
};
FigureTexts texts_of(const Figures& figures);
// Into `figures`. False: not such texts.
bool texts_read(Figures& figures, std::string_view hours, std::string_view doctors, std::string_view waits,
                std::string_view money);

}  // namespace fairward::reporting
