// fairward import icd10, fhir and appointments: lists of codes, patients with their history, what became of
// appointments elsewhere; from files packed or not.
#include <fmt/format.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

#include "app/commands.h"
#include "app/files.h"
#include "app/recorded.h"
#include "app/text_file.h"
#include "fhir/import.h"
#include "modules/records/records.h"
#include "modules/reporting/reporting.h"

namespace fairward::app {
namespace {

constexpr std::size_t notes_shown_max = 20;

bool icd10_read(sql::Engine& engine, const std::string& path, records::CodesImport& all) {
  try {
    TextFile file(path);
    const auto report = records::icd10_import(engine, [&](std::string& line) { return file.line(line); });
    all.lines += report.lines;
    all.changed += report.changed;
    all.unchanged += report.unchanged;
    all.rejected += report.rejected;
    for (std::size_t i = 0; i < report.notes.size() && i < notes_shown_max; ++i)
      fmt::print(stderr, "{} line {}: {}\n", path, report.notes[i].line, report.notes[i].reason);
    return true;
  } catch (const std::system_error& error) {
    fmt::print(stderr, "fairward: {}\n", error.what());
  } catch (const std::runtime_error& error) { fmt::print(stderr, "fairward: {}\n", error.what()); }
  return false;
}

constexpr std::size_t piece_bytes = 1 << 16;

fhir::ImportReport fhir_read(sql::Engine& engine, const std::string& path, HospitalId hospital, Instant now) {
  try {
    return fhir::bundle_import(
        engine,
        [&](const std::function<void(std::string_view)>& take) {
          TextFile file(path);
          for (std::string piece; file.piece(piece, piece_bytes); piece.clear()) take(piece);
        },
        hospital, now);
  } catch (const std::system_error& error) {
    fmt::print(stderr, "fairward: {}\n", error.what());
  } catch (const std::runtime_error& error) { fmt::print(stderr, "fairward: {}\n", error.what()); }
  return {.files = 1, .damaged = 1};
}

void fhir_print(const fhir::ImportReport& report) {
  fmt::print("{} files: {} patients added, {} known; {} entries added, {} known\n", report.files, report.patients,
             report.patients_known, report.entries, report.entries_known);
  for (const auto& [why, count] : report.unmapped) fmt::print("left out {:>8}  {}\n", count, why);
  if (report.damaged > 0) fmt::print("{} files are damaged or no bundles\n", report.damaged);
}

}  // namespace

ExitCode command_import_fhir(const config::Settings& settings, const World& world, const ImportFhirCommand& command) {
  if (!file_exists(command.path)) return refuse(exit_failure, command.path + " is not there");
  const auto files = files_at(command.path, {".json", ".json.gz"});
  return with_recorded_engine(settings, world, [&](sql::Engine& engine) {
    fhir::ImportReport all;
    const bool is_shown = ::isatty(STDERR_FILENO) != 0;
    for (const std::string& path : files) {
      all.add(fhir_read(engine, path, HospitalId{command.hospital}, world.clock.now()));
      if (is_shown) fmt::print(stderr, "\r{} of {} files{}", all.files, files.size(), path == files.back() ? "\n" : "");
    }
    fhir_print(all);
    return all.damaged == 0 && !files.empty() ? exit_ok : exit_failure;
  });
}

ExitCode command_import_icd10(const config::Settings& settings, const World& world, const ImportFilesCommand& command) {
  if (!file_exists(command.path)) return refuse(exit_failure, command.path + " is not there");
  const auto files = files_at(command.path, {".csv", ".csv.gz", ".txt", ".txt.gz"});
  return with_recorded_engine(settings, world, [&](sql::Engine& engine) {
    records::CodesImport all;
    bool is_good = !files.empty();
    for (const std::string& path : files) is_good &= icd10_read(engine, path, all);
    fmt::print("{} files, {} lines: {} codes new or changed, {} unchanged, {} lines rejected\n", files.size(),
               all.lines, all.changed, all.unchanged, all.rejected);
    return is_good && all.rejected == 0 ? exit_ok : exit_failure;
  });
}

namespace {

reporting::OutcomesImport appointments_read(sql::Engine& engine, const ImportAppointmentsCommand& command) {
  reporting::OutcomesImport report;
  try {
    TextFile file(command.file);
    const bool is_shown = ::isatty(STDERR_FILENO) != 0;
    std::size_t bytes = 0;
    report = reporting::outcomes_import(engine, HospitalId{command.hospital}, [&](std::string& piece) {
      const bool is_more = file.piece(piece, piece_bytes);
      bytes += piece.size();
      if (is_shown) fmt::print(stderr, "\r{} kB{}", bytes / 1000, is_more ? "" : "\n");
      return is_more;
    });
  } catch (const std::exception& error) { report.failure = error.what(); }
  return report;
}

void appointments_print(const reporting::OutcomesImport& report) {
  for (std::size_t i = 0; i < report.notes.size() && i < notes_shown_max; ++i)
    fmt::print(stderr, "line {}: rejected: {}\n", report.notes[i].line, report.notes[i].reason);
  if (report.rejected > static_cast<std::int64_t>(notes_shown_max))
    fmt::print(stderr, "… {} more\n", report.rejected - static_cast<std::int64_t>(notes_shown_max));
  if (!report.failure.empty()) fmt::print(stderr, "fairward: {}\n", report.failure);
  for (const std::string& column : report.columns_left) fmt::print("column left out: {}\n", column);
  if (report.ages_left > 0) fmt::print("{} ages left out: nobody has them\n", report.ages_left);
  fmt::print("{} rows: {} new or changed, {} unchanged, {} rejected\n", report.rows, report.changed, report.unchanged,
             report.rejected);
}

}  // namespace

ExitCode command_import_appointments(const config::Settings& settings, const World& world,
                                     const ImportAppointmentsCommand& command) {
  if (!file_exists(command.file)) return refuse(exit_failure, command.file + " is not there");
  return with_recorded_engine(settings, world, [&](sql::Engine& engine) {
    const auto report = appointments_read(engine, command);
    appointments_print(report);
    const bool is_good = report.failure.empty() && report.changed + report.unchanged > 0;
    return is_good ? exit_ok : exit_failure;
  });
}

}  // namespace fairward::app
