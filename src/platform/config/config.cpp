// Layers the sources over the defaults. Every value passes the same check, whatever it came from, and every mistake is
// collected with its place.
#include "platform/config/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "base/address.h"
#include "base/check.h"

namespace fairward::config {
namespace {

const Setting* setting_find(std::string_view name) {
  const auto all = table();
  const auto found = std::ranges::find(all, name, &Setting::name);
  return found == all.end() ? nullptr : &*found;
}

std::optional<std::int64_t> integer_parse(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool choice_has(std::string_view choices, std::string_view value) {
  for (std::size_t start = 0; start <= choices.size();) {
    const std::size_t end = std::min(choices.find('|', start), choices.size());
    if (choices.substr(start, end - start) == value) return true;
    start = end + 1;
  }
  return false;
}

// What is wrong with the value, or "".
std::string value_fault(const Setting& setting, const std::string& value) {
  if (value.find('\0') != std::string::npos) return "contains a zero byte";
  switch (setting.kind) {
    case Kind::text: return "";
    case Kind::boolean: return value == "true" || value == "false" ? "" : "must be true or false";
    case Kind::choice:
      return choice_has(setting.choices, value) ? "" : fmt::format("must be one of {}", setting.choices);
    case Kind::networks:
      return address_ranges_parse(value) ? "" : "must be networks such as 10.0.0.0/8, with commas between";
    case Kind::integer: break;
  }
  const auto number = integer_parse(value);
  if (!number) return "must be a whole number";
  if (*number < setting.minimum || *number > setting.maximum)
    return fmt::format("must be from {} to {}", setting.minimum, setting.maximum);
  return "";
}

// The settings while they are gathered, and what was wrong on the way.
struct Loading {
  Settings settings = defaults();
  std::vector<ConfigError> errors;

  void error(std::string where, std::string text) { errors.push_back({std::move(where), std::move(text)}); }

  void take(std::string_view name, std::string value, const std::string& where) {
    const Setting* setting = setting_find(name);
    if (!setting) return error(where, fmt::format("there is no setting {}", name));
    if (std::string fault = value_fault(*setting, value); !fault.empty())
      return error(where, fmt::format("{} {}", name, fault));
    settings.set(name, std::move(value), where);
  }
};

// A secret's file may end with a line feed that the editor put there.
std::optional<std::string> secret_read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

std::string place(const std::string& file, const toml::source_region& region) {
  return fmt::format("{}:{}:{}", file, region.begin.line, region.begin.column);
}

void take_node(Loading& loading, const std::string& file, const std::string& name, const toml::node& node) {
  const std::string where = place(file, node.source());
  const Setting* setting = setting_find(name);
  if (!setting) return loading.error(where, fmt::format("there is no setting {}", name));
  const bool wants_text = setting->kind != Kind::integer && setting->kind != Kind::boolean;
  if (wants_text && node.is_string()) return loading.take(name, **node.as_string(), where);
  if (setting->kind == Kind::integer && node.is_integer())
    return loading.take(name, std::to_string(**node.as_integer()), where);
  if (setting->kind == Kind::boolean && node.is_boolean())
    return loading.take(name, **node.as_boolean() ? "true" : "false", where);
  const char* wanted = wants_text                       ? "a text in quotes"
                       : setting->kind == Kind::integer ? "a whole number"
                                                        : "true or false";
  loading.error(where, fmt::format("{} must be {}", name, wanted));
}

void take_file(Loading& loading, const std::string& file) {
  try {
    const toml::table root = toml::parse_file(file);
    for (const auto& [section, node] : root) {
      const toml::table* keys = node.as_table();
      if (!keys) {
        loading.error(place(file, node.source()), fmt::format("{} must be a section", section.str()));
        continue;
      }
      for (const auto& [key, value] : *keys)
        take_node(loading, file, fmt::format("{}.{}", section.str(), key.str()), value);
    }
  } catch (const toml::parse_error& error) {
    const bool is_unread = error.source().begin.line == 0;
    loading.error(is_unread ? file : place(file, error.source()), std::string(error.description()));
  }
}

void take_secret_file(Loading& loading, std::string_view setting, const std::string& variable,
                      const std::string& path) {
  if (auto value = secret_read(path)) loading.take(setting, std::move(*value), variable);
  else loading.error(variable, fmt::format("cannot read {}", path));
}

void take_variable(Loading& loading, const Environment& environment, std::string_view setting,
                   const std::string& variable) {
  const auto file = environment.find(variable + "_FILE");
  const Setting* known = setting_find(setting);
  if (known && known->is_secret && file != environment.end())
    take_secret_file(loading, setting, file->first, file->second);
  if (const auto found = environment.find(variable); found != environment.end())
    loading.take(setting, found->second, variable);
}

// A misspelt FAIRWARD_HTTP_PROT is a mistake; FAIRWARD_ names outside the sections belong to others (tests, scripts).
void refuse_unknown(Loading& loading, const Environment& environment) {
  for (const auto& [variable, value] : environment) {
    bool is_ours = false;
    bool is_known = false;
    for (const Setting& setting : table()) {
      const std::string name = environment_name(setting.name);
      const std::string section = environment_name(setting.name.substr(0, setting.name.find('.'))) + "_";
      is_ours = is_ours || variable.starts_with(section);
      is_known = is_known || variable == name || (setting.is_secret && variable == name + "_FILE");
    }
    if (is_ours && !is_known) loading.error(variable, "there is no such setting");
  }
}

void take_environment(Loading& loading, const Environment& environment) {
  for (const char* name : {"url", "user", "password"}) {
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    take_variable(loading, environment, fmt::format("database.{}", name), "DATABASE_" + upper);
  }
  for (const Setting& setting : table())
    take_variable(loading, environment, setting.name, environment_name(setting.name));
  refuse_unknown(loading, environment);
}

bool is_setting_flag(std::string_view argument) {
  if (!argument.starts_with("--")) return false;
  const std::string_view name = argument.substr(2, argument.find('=') - 2);
  return name.find('.') != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == std::string_view::npos;
}

std::string toml_value(const Setting& setting, const std::string& value) {
  if (setting.kind == Kind::integer || setting.kind == Kind::boolean) return value;
  if (setting.is_secret && !value.empty()) return "\"(set, not shown)\"";
  std::string out = "\"";
  for (const unsigned char c : value) {
    if (c == '"' || c == '\\') (out += '\\') += static_cast<char>(c);
    else if (c < 0x20 || c == 0x7F) out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    else out += static_cast<char>(c);
  }
  return out + '"';
}

}  // namespace

std::string to_text(const ConfigError& error) { return fmt::format("{}: {}", error.where, error.text); }

const Settings::Entry& Settings::entry(std::string_view name, bool (*fits)(Kind)) const {
  const Setting* setting = setting_find(name);
  FAIRWARD_CHECK(setting != nullptr && fits(setting->kind));
  return entries_.find(name)->second;
}
const std::string& Settings::text(std::string_view name) const {
  return entry(name, [](Kind kind) { return kind != Kind::integer && kind != Kind::boolean; }).value;
}
std::int64_t Settings::integer(std::string_view name) const {
  return integer_parse(entry(name, [](Kind kind) { return kind == Kind::integer; }).value).value();
}
bool Settings::boolean(std::string_view name) const {
  return entry(name, [](Kind kind) { return kind == Kind::boolean; }).value == "true";
}
const std::string& Settings::origin(std::string_view name) const {
  return entry(name, [](Kind) { return true; }).origin;
}
void Settings::set(std::string_view name, std::string value, std::string origin) {
  FAIRWARD_CHECK(setting_find(name) != nullptr);
  entries_.insert_or_assign(std::string(name), Entry{std::move(value), std::move(origin)});
}

Settings defaults() {
  Settings settings;
  for (const Setting& setting : table()) settings.set(setting.name, std::string(setting.fallback), "default");
  return settings;
}

Environment process_environment() {
  Environment found;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    if (const auto equals = text.find('='); equals != std::string_view::npos)
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

tl::expected<Settings, std::vector<ConfigError>> load(const std::string& file, const Environment& environment,
                                                      const Flags& flags) {
  Loading loading;
  if (!file.empty()) take_file(loading, file);
  take_environment(loading, environment);
  for (const auto& [name, value] : flags) loading.take(name, value, "--" + name);
  if (!loading.errors.empty()) return tl::unexpected(std::move(loading.errors));
  return std::move(loading.settings);
}

Flags flags_take(std::vector<std::string>& arguments) {
  Flags flags;
  std::vector<std::string> rest;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!is_setting_flag(argument)) {
      rest.push_back(argument);
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
    const bool has_next = equals == std::string::npos && i + 1 < arguments.size();
    flags.emplace_back(name, equals != std::string::npos ? argument.substr(equals + 1)
                             : has_next                  ? arguments[++i]
                                                         : "");
  }
  arguments = std::move(rest);
  return flags;
}

std::string environment_name(std::string_view setting) {
  std::string name = "FAIRWARD_";
  for (const char c : setting) name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

std::string settings_toml(const Settings& settings) {
  std::string out;
  std::string_view section;
  for (const Setting& setting : table()) {
    const std::string_view own = setting.name.substr(0, setting.name.find('.'));
    if (own != section) out += fmt::format("{}[{}]\n", section.empty() ? "" : "\n", own);
    section = own;
    const std::string& value = setting.kind == Kind::integer   ? std::to_string(settings.integer(setting.name))
                               : setting.kind == Kind::boolean ? (settings.boolean(setting.name) ? "true" : "false")
                                                               : settings.text(setting.name);
    out += fmt::format("{} = {}  # {}\n", setting.name.substr(own.size() + 1), toml_value(setting, value),
                       settings.origin(setting.name));
  }
  return out;
}

}  // namespace fairward::config
