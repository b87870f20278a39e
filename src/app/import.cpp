// fairward import directory: the mapping, progress for people, the report for people or programs.
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "app/commands.h"
#include "app/files.h"
#include "app/recorded.h"
#include "modules/directory/importer.h"
#include "platform/api/codec.h"

namespace fairward::app {
namespace {

constexpr std::size_t notes_shown_max = 20;

// The names in the first line, for files whose delimiter is told but whose columns are not.
std::vector<std::string> header_read(const std::string& file, char delimiter) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  std::getline(in, line);
  std::vector<std::string> names(1);
  for (const char c : line) {
    if (c == delimiter) names.emplace_back();
    else if (c != '"' && c != '\r') names.back() += c;
  }
  return names;
}

// nullopt: the importer finds out by itself. The error is a sentence.
tl::expected<std::optional<directory::Mapping>, std::string> mapping_of(const ImportCommand& command) {
  std::optional<directory::Mapping> mapping;
  if (!command.mapping.empty()) {
    auto parsed = directory::mapping_parse(file_read(command.mapping));
    if (!parsed) return tl::unexpected<std::string>(command.mapping + ": " + parsed.error());
    mapping = std::move(*parsed);
  } else if (command.has_no_header) {
    return tl::unexpected<std::string>("a file without header needs --mapping, which numbers the columns");
  } else if (command.delimiter) {
    mapping = directory::mapping_detect(header_read(command.file, *command.delimiter), *command.delimiter);
    if (!mapping) return tl::unexpected<std::string>("no column of the header has a known name; use --mapping");
  }
  if (mapping && command.delimiter) mapping->delimiter = *command.delimiter;
  if (mapping && command.has_no_header) mapping->has_header = false;
  return mapping;
}

// A bar on stderr, redrawn in place; for a terminal only.
std::function<void(const directory::ImportProgress&)> progress_bar() {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [last = -1](const directory::ImportProgress& progress) mutable {
    const auto percent = static_cast<int>(progress.bytes_total > 0 ? progress.bytes * 100 / progress.bytes_total : 100);
    if (percent == last) return;
    last = percent;
    const std::string filled(static_cast<std::size_t>(percent) / 4, '#');
    fmt::print(stderr, "\r[{:<25}] {:3} %  {} rows{}", filled, percent, progress.rows, percent >= 100 ? "\n" : "");
  };
}

void notes_print(std::string_view what, const std::vector<directory::ImportNote>& notes) {
  for (std::size_t i = 0; i < notes.size() && i < notes_shown_max; ++i)
    fmt::print(stderr, "line {}: {}: {}\n", notes[i].line, what, notes[i].reason);
  if (notes.size() > notes_shown_max) fmt::print(stderr, "… {} more\n", notes.size() - notes_shown_max);
}

void report_print(const directory::ImportReport& report) {
  notes_print("rejected", report.rejections);
  notes_print("taken, but", report.warnings);
  if (!report.failure.empty()) fmt::print(stderr, "fairward: {}\n", report.failure);
  fmt::print("{} rows: {} imported, {} updated, {} unchanged, {} duplicate, {} rejected\n", report.rows,
             report.imported, report.updated, report.unchanged, report.duplicate, report.rejected);
}

std::string notes_json(const std::vector<directory::ImportNote>& notes) {
  std::string out = "[";
  for (const directory::ImportNote& note : notes) {
    out += fmt::format("{}{{\"line\":{},\"reason\":", out.size() > 1 ? "," : "", note.line);
    api::encode_text(out, note.reason);
    out += '}';
  }
  return out + ']';
}

std::string report_json(const directory::ImportReport& report) {
  std::string failure;
  api::encode_text(failure, report.failure);
  return fmt::format(
      "{{\"rows\":{},\"imported\":{},\"updated\":{},\"unchanged\":{},\"duplicate\":{},\"rejected\":{},"
      "\"without_postal_code\":{},\"without_place\":{},\"hospitals_located\":{},\"failure\":{},\"rejections\":{},"
      "\"warnings\":{}}}\n",
      report.rows, report.imported, report.updated, report.unchanged, report.duplicate, report.rejected,
      report.without_postal_code, report.without_place, report.hospitals_located, failure,
      notes_json(report.rejections), notes_json(report.warnings));
}

}  // namespace

ExitCode command_import_directory(const config::Settings& settings, const World& world, const ImportCommand& command) {
  if (!file_exists(command.file)) return refuse(exit_failure, command.file + " is not there");
  const auto mapping = mapping_of(command);
  if (!mapping) return refuse(exit_usage, mapping.error());
  return with_recorded_engine(settings, world, [&](sql::Engine& engine) {
    const auto report = directory::import_directory(engine, command.file, *mapping, progress_bar());
    if (command.is_json) fmt::print("{}", report_json(report));
    else report_print(report);
    return report.failure.empty() && report.rejected == 0 ? exit_ok : exit_failure;
  });
}

}  // namespace fairward::app
