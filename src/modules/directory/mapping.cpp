// Mappings of the importer: from TOML, and by the names that columns usually bear. The only unit that reads TOML.
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>

#include "modules/directory/importer.h"
#include "modules/directory/zones.h"

namespace fairward::directory {
namespace {

constexpr std::pair<std::string_view, ImportField> field_names[] = {
    {"ignored", ImportField::ignored},
    {"hospital_name", ImportField::hospital_name},
    {"city", ImportField::city},
    {"state", ImportField::state},
    {"postal_code", ImportField::postal_code},
    {"phone", ImportField::phone},
    {"address", ImportField::address},
    {"coordinates", ImportField::coordinates},
    {"latitude", ImportField::latitude},
    {"longitude", ImportField::longitude},
};

// Small letters; what headers in the wild call it.
constexpr std::pair<std::string_view, ImportField> known_headers[] = {
    {"hospital_name", ImportField::hospital_name},
    {"hospital", ImportField::hospital_name},
    {"name", ImportField::hospital_name},
    {"district", ImportField::city},
    {"districtname", ImportField::city},
    {"city", ImportField::city},
    {"state", ImportField::state},
    {"statename", ImportField::state},
    {"pincode", ImportField::postal_code},
    {"postal_code", ImportField::postal_code},
    {"zip", ImportField::postal_code},
    {"ambulance_phone_no", ImportField::phone},
    {"phone", ImportField::phone},
    {"telephone", ImportField::phone},
    {"location", ImportField::address},
    {"address", ImportField::address},
    {"address_original_first_line", ImportField::address},
    {"location_coordinates", ImportField::coordinates},
    {"coordinates", ImportField::coordinates},
    {"lat", ImportField::latitude},
    {"latitude", ImportField::latitude},
    {"lon", ImportField::longitude},
    {"lng", ImportField::longitude},
    {"longitude", ImportField::longitude},
};

std::string small(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool has_field(const Mapping& mapping, ImportField field) {
  return std::ranges::any_of(mapping.columns, [&](const Mapping::Column& column) { return column.field == field; });
}

std::optional<std::string> columns_read(const toml::table& columns, Mapping& mapping) {
  for (const auto& [key, node] : columns) {
    const auto name = node.value<std::string>();
    const auto field = name ? import_field_parse(*name) : std::nullopt;
    if (!field) return "columns." + std::string(key.str()) + " names no known field";
    Mapping::Column column{std::string(key.str()), -1, *field};
    int index = 0;
    const auto text = key.str();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (error == std::errc() && end == text.data() + text.size() && index >= 0 && index < 256)
      column = {"", index, *field};
    mapping.columns.push_back(std::move(column));
  }
  return std::nullopt;
}

std::optional<std::string> mapping_fault(const Mapping& mapping, const std::string& delimiter) {
  if (delimiter.size() != 1 || delimiter == "\"" || delimiter == "\n" || delimiter == "\r")
    return "delimiter must be one character";
  if (zone_find(mapping.time_zone) == nullptr) return "time_zone is not an IANA zone";
  if (mapping.source.empty() || mapping.source.size() > 60) return "source must have 1 to 60 characters";
  if (!has_field(mapping, ImportField::hospital_name) && !has_field(mapping, ImportField::postal_code))
    return "columns must name hospital_name or postal_code";
  if (!mapping.has_header && std::ranges::any_of(mapping.columns, [](const auto& column) { return column.index < 0; }))
    return "without a header the columns are given by number, from 0";
  return std::nullopt;
}

}  // namespace

std::optional<ImportField> import_field_parse(std::string_view name) {
  for (const auto& [known, field] : field_names) {
    if (known == name) return field;
  }
  return std::nullopt;
}

tl::expected<Mapping, std::string> mapping_parse(std::string_view text) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {  // the library's way to refuse
    return tl::unexpected("line " + std::to_string(error.source().begin.line) + ": " +
                          std::string(error.description()));
  }
  Mapping mapping;
  const auto* columns = table["columns"].as_table();
  if (columns == nullptr) return tl::unexpected(std::string("[columns] is missing"));
  if (const auto fault = columns_read(*columns, mapping)) return tl::unexpected(*fault);
  const auto delimiter = table["delimiter"].value_or(std::string(","));
  mapping.has_header = table["header"].value_or(true);
  mapping.source = table["source"].value_or(mapping.source);
  mapping.country = table["country"].value_or(mapping.country);
  mapping.time_zone = table["time_zone"].value_or(mapping.time_zone);
  if (const auto fault = mapping_fault(mapping, delimiter)) return tl::unexpected(*fault);
  mapping.delimiter = delimiter[0];
  return mapping;
}

std::optional<Mapping> mapping_detect(const std::vector<std::string>& header, char delimiter) {
  Mapping mapping;
  mapping.delimiter = delimiter;
  for (const auto& name : header) {
    for (const auto& [known, field] : known_headers) {
      if (small(name) == known) mapping.columns.push_back({name, -1, field});
    }
  }
  if (!has_field(mapping, ImportField::hospital_name) && !has_field(mapping, ImportField::postal_code))
    return std::nullopt;
  return mapping;
}

}  // namespace fairward::directory
