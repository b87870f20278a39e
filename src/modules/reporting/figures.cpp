#include "modules/reporting/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace fairward::reporting {

void Figures::add(const Figures& other) {
  appointments += other.appointments, fulfilled += other.fulfilled, cancelled += other.cancelled;
  no_shows += other.no_shows, arrived += other.arrived;
  for (std::size_t hour = 0; hour < hours.size(); ++hour) hours[hour] += other.hours[hour];
  for (const auto& [doctor, count] : other.doctors) {
    auto& sum = doctors[doctor];
    sum.appointments += count.appointments, sum.fulfilled += count.fulfilled, sum.no_shows += count.no_shows;
  }
  for (const auto& [minutes, visits] : other.waits) waits[minutes] += visits;
  for (const auto& [currency, sum] : other.money) {
    money[currency].paid_minor += sum.paid_minor;
    money[currency].refunded_minor += sum.refunded_minor;
  }
}

void count_visit(Figures& figures, DoctorId doctor, std::string_view status, TimeOfDay starts) {
  auto& of_doctor = figures.doctors[doctor];
  const std::int64_t fulfilled = status == "fulfilled" ? 1 : 0, missed = status == "noshow" ? 1 : 0;
  ++figures.appointments, ++of_doctor.appointments;
  figures.fulfilled += fulfilled, of_doctor.fulfilled += fulfilled;
  figures.no_shows += missed, of_doctor.no_shows += missed;
  figures.cancelled += status == "cancelled" ? 1 : 0;
  ++figures.hours[static_cast<std::size_t>(std::clamp(starts.minute / 60, 0, 23))];
}

void count_arrival(Figures& figures, Instant arrived_at, std::optional<Instant> called_at) {
  ++figures.arrived;
  if (!called_at) return;
  constexpr std::int64_t minute_ms = 60'000;
  const std::int64_t minutes = (*called_at - arrived_at).ms / minute_ms;
  ++figures.waits[std::clamp<std::int64_t>(minutes, 0, wait_minutes_max)];
}

WaitSum wait_sum(const std::map<std::int64_t, std::int64_t>& waits) {
  WaitSum sum;
  for (const auto& [minutes, visits] : waits) sum.measured += visits, sum.minutes += minutes * visits;
  return sum;
}

std::optional<std::int64_t> wait_percentile(const std::map<std::int64_t, std::int64_t>& waits, int percent) {
  const std::int64_t wanted = wait_sum(waits).measured * percent;
  std::int64_t visits_so_far = 0;
  for (const auto& [minutes, visits] : waits) {
    visits_so_far += visits;
    if (visits_so_far * 100 >= wanted) return minutes;
  }
  return std::nullopt;
}

std::int64_t no_show_per_mille(std::int64_t no_shows, std::int64_t fulfilled) {
  const std::int64_t all = no_shows + fulfilled;
  return all == 0 ? 0 : (no_shows * 1000 + all / 2) / all;
}

FigureTexts texts_of(const Figures& figures) {
  FigureTexts texts;
  const auto add = [](std::string& text, const std::string& item) {
    if (!text.empty()) text += ',';
    text += item;
  };
  for (std::size_t hour = 0; hour < figures.hours.size(); ++hour)
    if (figures.hours[hour] != 0) add(texts.hours, fmt::format("{}:{}", hour, figures.hours[hour]));
  for (const auto& [doctor, count] : figures.doctors)
    add(texts.doctors, fmt::format("{}:{}:{}:{}", doctor.value, count.appointments, count.fulfilled, count.no_shows));
  for (const auto& [minutes, visits] : figures.waits) add(texts.waits, fmt::format("{}:{}", minutes, visits));
  for (const auto& [currency, sum] : figures.money)
    add(texts.money, fmt::format("{}:{}:{}", currency, sum.paid_minor, sum.refunded_minor));
  return texts;
}

namespace {

// Calls take(first, numbers) for each item "first:number:…" that has `count` numbers after the first word.
template <std::size_t count, class Take>
bool items_read(std::string_view text, Take&& take) {
  while (!text.empty()) {
    std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const std::string_view first = item.substr(0, item.find(':'));
    item.remove_prefix(first.size());
    std::array<std::int64_t, count> numbers{};
    for (std::int64_t& number : numbers) {
      if (item.empty() || item.front() != ':') return false;
      item.remove_prefix(1);
      const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), number);
      if (error != std::errc()) return false;
      item.remove_prefix(static_cast<std::size_t>(end - item.data()));
    }
    if (!item.empty() || !take(first, numbers)) return false;
  }
  return true;
}

bool number_read(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

bool texts_read(Figures& figures, std::string_view hours, std::string_view doctors, std::string_view waits,
                std::string_view money) {
  std::int64_t first = 0;
  return items_read<1>(hours,
                       [&](std::string_view word, const auto& numbers) {
                         if (!number_read(word, first) || first < 0 || first > 23) return false;
                         figures.hours[static_cast<std::size_t>(first)] += numbers[0];
                         return true;
                       }) &&
         items_read<3>(doctors,
                       [&](std::string_view word, const auto& numbers) {
                         if (!number_read(word, first)) return false;
                         auto& count = figures.doctors[DoctorId{first}];
                         count.appointments += numbers[0], count.fulfilled += numbers[1];
                         count.no_shows += numbers[2];
                         return true;
                       }) &&
         items_read<1>(waits,
                       [&](std::string_view word, const auto& numbers) {
                         if (!number_read(word, first)) return false;
                         figures.waits[first] += numbers[0];
                         return true;
                       }) &&
         items_read<2>(money, [&](std::string_view word, const auto& numbers) {
           auto& sum = figures.money[std::string(word)];
           sum.paid_minor += numbers[0], sum.refunded_minor += numbers[1];
           return true;
         });
}

}  // namespace fairward::reporting
