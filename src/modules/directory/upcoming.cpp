#include "modules/directory/upcoming.h"

#include <cstring>

#include "modules/directory/text.h"
#include "platform/api/codec.h"

namespace fairward::directory {
namespace {

constexpr std::uint64_t size_bits = 32;

}  // namespace

void starts_append(std::string& out, std::span<const Instant> starts) {
  if (!starts.empty()) api::encode_instant(out += ",\"first_free_at\":", starts.front());
  out += ",\"next_free\":[";
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (i > 0) out += ',';
    api::encode_instant(out, starts[i]);
  }
  out += ']';
}

// The counter is read last: with the counted changes what was read is true at that moment.
bool UpcomingMemo::read(Instant now, Summary& summary, Text* text, std::size_t& size) const {
  const Kept* kept = kept_.load(std::memory_order_acquire);
  if (kept == nullptr) return false;
  const auto get = [](const std::atomic<std::uint64_t>& word) { return word.load(std::memory_order_acquire); };
  const auto turn = get(kept->turn);
  summary.changes = get(kept->changes);
  const auto from = static_cast<std::int64_t>(get(kept->good_from)),
             until = static_cast<std::int64_t>(get(kept->good_until));
  summary.first_ms = static_cast<std::int64_t>(get(kept->first_ms));
  summary.text_mark = get(kept->text_mark);
  const auto sizes = get(kept->sizes);
  if (text != nullptr) {
    for (std::size_t i = 0; i < text_words; ++i) (*text)[i] = get(kept->text[i]);
  }
  if (turn % 2 != 0 || get(kept->turn) != turn) return false;
  size = sizes & 0xFFFFFFFF;
  summary.max_booking_days = static_cast<int>(sizes >> size_bits);
  return from <= now.ms && now.ms <= until &&
         counter_.load(std::memory_order_acquire)->load(std::memory_order_acquire) == summary.changes;
}

void UpcomingMemo::keep(const Summary& summary, const Upcoming& upcoming, const std::string& text) const {
  Text words{};
  if (text.size() > sizeof words || upcoming.good_from > upcoming.good_until) return;
  std::memcpy(words.data(), text.data(), text.size());
  Kept* kept = kept_.load(std::memory_order_acquire);
  if (kept == nullptr) {
    auto made = std::make_unique<Kept>();
    if (kept_.compare_exchange_strong(kept, made.get(), std::memory_order_acq_rel)) kept = made.release();
  }
  auto turn = kept->turn.load(std::memory_order_relaxed);
  if (turn % 2 != 0 || !kept->turn.compare_exchange_strong(turn, turn + 1, std::memory_order_acq_rel)) return;
  const auto put = [](std::atomic<std::uint64_t>& word, auto value) {
    word.store(static_cast<std::uint64_t>(value), std::memory_order_release);
  };
  put(kept->changes, summary.changes);
  put(kept->good_from, upcoming.good_from.ms);
  put(kept->good_until, upcoming.good_until.ms);
  put(kept->first_ms, summary.first_ms);
  put(kept->text_mark, summary.text_mark);
  put(kept->sizes, text.size() | static_cast<std::uint64_t>(summary.max_booking_days) << size_bits);
  for (std::size_t i = 0; i < text_words; ++i) put(kept->text[i], words[i]);
  put(kept->turn, turn + 2);
}

// The counter is read before the times: a change in between makes what is kept look old, never new.
UpcomingMemo::Summary UpcomingMemo::make(std::string& text, DoctorId doctor, const FreeTimes& free, Instant now) const {
  const auto* counter = counter_.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = free.changes(doctor);
    if (counter != nullptr) counter_.store(counter, std::memory_order_release);
  }
  Summary summary;
  if (counter != nullptr) summary.changes = counter->load(std::memory_order_acquire);
  const Upcoming upcoming = free.upcoming(doctor, now);
  if (upcoming.count > 0) summary.first_ms = upcoming.starts[0].ms;
  summary.max_booking_days = upcoming.max_booking_days;
  starts_append(text, std::span(upcoming.starts).first(upcoming.count));
  summary.text_mark = text_hash(text);
  if (counter != nullptr) keep(summary, upcoming, text);
  return summary;
}

UpcomingMemo::Summary UpcomingMemo::append(std::string& out, DoctorId doctor, const FreeTimes& free,
                                           Instant now) const {
  Summary summary;
  Text words;
  std::size_t size = 0;
  if (read(now, summary, &words, size)) {
    out.append(reinterpret_cast<const char*>(words.data()), size);
    return summary;
  }
  std::string text;
  summary = make(text, doctor, free, now);
  out += text;
  return summary;
}

UpcomingMemo::Summary UpcomingMemo::summary(DoctorId doctor, const FreeTimes& free, Instant now) const {
  Summary summary;
  std::size_t size = 0;
  if (read(now, summary, nullptr, size)) return summary;
  std::string text;
  return make(text, doctor, free, now);
}

std::optional<std::int64_t> UpcomingMemo::first_known(Instant now) const {
  Summary summary;
  std::size_t size = 0;
  return read(now, summary, nullptr, size) ? std::optional(summary.first_ms) : std::nullopt;
}

}  // namespace fairward::directory
