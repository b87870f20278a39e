// Files for the import: cut into pieces they read alike, what is written reads back, and an import done twice changes
// nothing the second time. The last byte chooses the delimiter, and whether the file goes all the way into a database.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <memory>

#include "base/csv.h"
#include "fuzz.h"
#include "modules/directory/importer.h"
#include "platform/log/log.h"

namespace fairward::fuzz {
namespace {

constexpr int imports_of_a_database = 500;

std::vector<CsvRow> read(char delimiter, const auto& feed) {
  std::vector<CsvRow> rows;
  CsvReader reader(delimiter, [&](CsvRow&& row) { rows.push_back(std::move(row)); });
  feed(reader);
  reader.finish();
  for (const CsvRow& row : rows) {
    demand(row.fields.size() <= csv_fields_max, "too many fields");
    for (const auto& field : row.fields) demand(field.size() <= csv_field_bytes_max, "too long a field");
  }
  return rows;
}

bool is_same(const std::vector<CsvRow>& a, const std::vector<CsvRow>& b, bool with_lines) {
  const auto same = [&](const CsvRow& x, const CsvRow& y) {
    return x.fields == y.fields && x.problem == y.problem && (!with_lines || x.line == y.line);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

std::string quoted(const std::vector<CsvRow>& rows, char delimiter) {
  std::string text;
  for (const CsvRow& row : rows) {
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      if (i > 0) text += delimiter;
      text += '"';
      for (const char c : row.fields[i]) text += c == '"' ? "\"\"" : std::string(1, c);
      text += '"';
    }
    text += "\r\n";
  }
  return text;
}

void check_reader(std::string_view text, char delimiter, FuzzedDataProvider& bounds) {
  const auto whole = read(delimiter, [&](auto& reader) { reader.feed(text); });
  const auto pieces = read(
      delimiter, [&](auto& reader) { in_pieces(bounds, text, [&](std::string_view piece) { reader.feed(piece); }); });
  demand(is_same(whole, pieces, true), "in pieces it reads otherwise");
  std::vector<CsvRow> good;
  for (const CsvRow& row : whole)
    if (row.problem.empty() && !row.fields.empty()) good.push_back(row);
  const std::string written = quoted(good, delimiter);
  const auto again = read(delimiter, [&](auto& reader) { reader.feed(written); });
  demand(is_same(good, again, false), "what was written reads otherwise");
}

// An engine for some hundred imports; then a new one, as the directory grows.
sql::Engine& engine() {
  static const ManualClock clock{Instant{0}};
  static std::unique_ptr<sql::Engine> engine;
  static int used = imports_of_a_database;
  if (++used >= imports_of_a_database) {
    engine = sql::open_sqlite_inline(":memory:", clock);
    sql::migrate_inline(*engine);
    used = 0;
  }
  return *engine;
}

void check_report(const directory::ImportReport& report) {
  demand(report.rows == report.imported + report.updated + report.unchanged + report.duplicate + report.rejected,
         "the rows of the report do not add up");
}

void check_import(std::string_view text) {
  static const int file = ::memfd_create("import", 0);
  static const std::string path = fmt::format("/proc/self/fd/{}", file);
  demand(::ftruncate(file, 0) == 0 && ::pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
         "the file could not be written");
  sql::Engine& db = engine();
  const auto first = directory::import_directory(db, path, std::nullopt);
  check_report(first);
  const auto second = directory::import_directory(db, path, std::nullopt);
  check_report(second);
  demand(second.imported == 0 && second.updated == 0,
         fmt::format("imported again, it changed {} and {} rows", second.imported, second.updated));
}

}  // namespace

void run(std::string_view input) {
  if (input.empty()) return;
  log::configure(log::Level::off, log::Format::json);
  const std::string_view text = input.substr(0, input.size() - 1);
  const auto choice = static_cast<unsigned char>(input.back());
  FuzzedDataProvider bounds = numbers_of(input);
  check_reader(text, ",;\t|"[choice & 3], bounds);
  if ((choice & 0x0c) == 0) check_import(text);
}

}  // namespace fairward::fuzz
