// Settings: one described table; a TOML file, then the environment, then flags decide, the later the stronger.
// The only folder that reads the environment. Not for anything that changes while the program runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace fairward::config {

enum class Kind : std::uint8_t { text, integer, boolean, choice, networks };

struct Setting {
  std::string_view name;  // "http.port": section.key of the file, --http.port, FAIRWARD_HTTP_PORT
  Kind kind;
  std::string_view fallback;     // as text; "" = not set
  std::string_view description;  // one sentence
  bool is_secret = false;        // never printed; may come from the file that FAIRWARD_…_FILE names
  std::int64_t minimum = 0;      // of integers
  std::int64_t maximum = 0;
  std::string_view choices = "";  // of choices: "json|text"
};
std::span<const Setting> table();

// One thing wrong, where it stands: "fairward.toml:3:8", "FAIRWARD_HTTP_PORT", "--http.port".
struct ConfigError {
  std::string where;
  std::string text;
};
std::string to_text(const ConfigError& error);

// The effective values. Asking for a name that the table does not have, or as another kind, is a bug: it stops the
// process.
class Settings {
 public:
  const std::string& text(std::string_view name) const;  // text, choice and networks
  std::int64_t integer(std::string_view name) const;
  bool boolean(std::string_view name) const;
  const std::string& origin(std::string_view name) const;                  // "default", or as in ConfigError::where
  void set(std::string_view name, std::string value, std::string origin);  // not checked: see load

 private:
  struct Entry {
    std::string value, origin;
  };
  const Entry& entry(std::string_view name, bool (*fits)(Kind)) const;
  std::map<std::string, Entry, std::less<>> entries_;
  friend Settings defaults();
};
Settings defaults();

using Environment = std::map<std::string, std::string>;
using Flags = std::vector<std::pair<std::string, std::string>>;
Environment process_environment();

// Reads everything and reports everything that is wrong at once: unknown names, wrong types, numbers out of range.
// file: "" = none. DATABASE_URL, DATABASE_USER and DATABASE_PASSWORD(_FILE) are read too; FAIRWARD_DATABASE_URL wins.
tl::expected<Settings, std::vector<ConfigError>> load(const std::string& file, const Environment& environment,
                                                      const Flags& flags);

// Takes "--section.name=value" and "--section.name value" out of the arguments; the rest stays in order.
Flags flags_take(std::vector<std::string>& arguments);

std::string environment_name(std::string_view setting);  // "FAIRWARD_HTTP_PORT"
std::string table_markdown();                            // docs/configuration.md
std::string settings_toml(const Settings& settings);     // effective values with their origin; secrets are not shown

}  // namespace fairward::config
