// Brings hospitals and postal codes from CSV files (plain or gzip) into the directory. Run again it changes nothing;
// broken rows are told with line and reason, the others come in. For the command line: blocks, and writes in batches
// of about 500 rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "platform/sql/engine.h"

namespace fairward::directory {

enum class ImportField : std::uint8_t {
  ignored,
  hospital_name,
  city,
  state,
  postal_code,
  phone,
  address,
  coordinates,  // "lat, lon" in one field
  latitude,
  longitude
};
std::optional<ImportField> import_field_parse(std::string_view name);

// Which column is what. A mapping without hospital_name fills the table of postal codes.
struct Mapping {
  struct Column {
    std::string name;  // of the header, compared without case; or
    int index = -1;    // from 0, when the name is empty
    ImportField field = ImportField::ignored;
  };
  std::vector<Column> columns;
  char delimiter = ',';
  bool has_header = true;
  std::string source = "import";  // part of the identity of what is imported
  std::string country = "IN";     // decides what a postal code looks like
  std::string time_zone = "Asia/Kolkata";
};
// The mapping of a TOML text; the error is a sentence.
//   source = "state-list"   time_zone = "Asia/Kolkata"   country = "IN"   delimiter = ";"   header = true
//   [columns]               Hospital_Name = "hospital_name"   3 = "postal_code"
tl::expected<Mapping, std::string> mapping_parse(std::string_view toml);
// For headers of well-known names; nullopt when neither a hospital's name nor a postal code is among them.
std::optional<Mapping> mapping_detect(const std::vector<std::string>& header, char delimiter = ',');

struct ImportNote {
  std::int64_t line;
  std::string reason;
};
// rows = imported + updated + unchanged + duplicate + rejected.
struct ImportReport {
  std::int64_t rows = 0, imported = 0, updated = 0, unchanged = 0, duplicate = 0, rejected = 0;
  std::int64_t without_postal_code = 0;  // taken, but the postal code was not valid
  std::int64_t without_place = 0;        // taken, but the coordinates were not valid
  std::int64_t hospitals_located = 0;    // got a place by their postal code
  std::vector<ImportNote> rejections;    // the first import_notes_max
  std::vector<ImportNote> warnings;      // the same
  std::string failure;                   // the file as a whole could not be read; nothing after `rows` was done
};
inline constexpr std::size_t import_notes_max = 1000;

struct ImportProgress {
  std::int64_t rows, bytes, bytes_total;
};  // bytes of the file as it lies on the disk

// Throws sql::Error when the database fails; batches before it stay.
ImportReport import_directory(sql::Engine& engine, const std::string& path, const std::optional<Mapping>& mapping,
                              const std::function<void(const ImportProgress&)>& progress = {});

}  // namespace fairward::directory
