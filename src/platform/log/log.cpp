// Where lines go: stderr, each in one write, so that lines of different threads do not mix.
#include "platform/log/log.h"

#include <atomic>
#include <cstdio>
#include <mutex>

#include "platform/log/line.h"

namespace fairward::log {
namespace {

std::atomic<Level> least{Level::info};
std::atomic<Format> shape{Format::json};
std::function<Instant()> stamp;  // set by configure before other threads exist

std::mutex listener_mutex;
std::function<void(std::string_view, std::span<const Field>)> listener;

void tell(std::string_view message, std::span<const Field> fields) {
  const std::lock_guard lock(listener_mutex);
  if (listener) listener(message, fields);
}

}  // namespace

void configure(Level level, Format format, std::function<Instant()> now) {
  least = level;
  shape = format;
  stamp = std::move(now);
}

bool enabled(Level level) { return level != Level::off && level >= least.load(std::memory_order_relaxed); }

void on_error(std::function<void(std::string_view, std::span<const Field>)> told) {
  const std::lock_guard lock(listener_mutex);
  listener = std::move(told);
}

void write(Level level, std::string_view message, std::span<const Field> fields) {
  if (level == Level::error) tell(message, fields);
  if (!enabled(level)) return;
  const auto at = stamp ? std::optional(stamp()) : std::nullopt;
  const std::string text = line_text(shape.load(std::memory_order_relaxed), at, level, message, fields);
  std::fwrite(text.data(), 1, text.size(), stderr);  // stderr is unbuffered: one call, one write
}

}  // namespace fairward::log
