// One JSON object a line to stderr. Never a name, phone, body, token or query string: ids only.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/time.h"

namespace fairward::log {

enum class Level : unsigned char { debug, info, warning, error, off };
enum class Format : unsigned char { json, text };

using Field = std::pair<std::string_view, std::variant<std::string_view, long long, double>>;

// Once, at start, before other threads write. Lines bear "at" when `now` is given: this folder has no clock of its own.
void configure(Level level, Format format, std::function<Instant()> now = {});
bool enabled(Level level);
// {"at":"…Z","level":"info","message":"…","route":"hold_create",…}. Control characters in values are escaped.
void write(Level level, std::string_view message, std::span<const Field> fields);
inline void write(Level level, std::string_view message, std::initializer_list<Field> fields = {}) {
  write(level, message, std::span(fields.begin(), fields.size()));
}
inline void info(std::string_view m, std::initializer_list<Field> f = {}) { write(Level::info, m, f); }
inline void warning(std::string_view m, std::initializer_list<Field> f = {}) { write(Level::warning, m, f); }
inline void error(std::string_view m, std::initializer_list<Field> f = {}) { write(Level::error, m, f); }

// Told of every error, whatever the level of the log, on the thread that has it; must be quick and log no errors. {}
// ends it: afterwards nobody is being told any more. See platform/errors.
void on_error(std::function<void(std::string_view message, std::span<const Field> fields)> listener);

}  // namespace fairward::log
