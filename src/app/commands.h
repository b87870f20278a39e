// The commands beside serve. Each prints its answer on stdout and what went wrong on stderr.
// All throw sql::Error when the database does not answer and std::system_error for files.
#pragma once

#include <optional>
#include <string>

#include "app/exit_code.h"
#include "app/world.h"
#include "platform/config/config.h"

namespace fairward::app {

ExitCode command_migrate(const config::Settings& settings);

struct UserAddCommand {
  std::string role, login, name;
  std::int64_t hospital = 0, doctor = 0;
  bool is_password_from_stdin = false;  // else one is made and printed
};
ExitCode command_user_add(const config::Settings& settings, const World& world, const UserAddCommand& command);

struct DemoCommand {
  std::string folder;
  int cities = 20;
  int doctors = 6000;
  int imported_hospitals = 0;  // above 0: nothing is invented but doctors for so many imported hospitals
  int doctors_each = 3;
};
// Fills the folder once; a folder that is filled is left alone. Prints one login per role. With imported_hospitals it
// gives marked doctors and schedules to imported hospitals that have none, and may be run again for more.
ExitCode command_demo(config::Settings settings, const World& world, const DemoCommand& command);

struct ImportCommand {
  std::string file, mapping;
  bool has_no_header = false;
  std::optional<char> delimiter;
  bool is_json = false;
};
// exit_failure when rows were rejected or the file could not be read to its end; what was good before that is stored.
ExitCode command_import_directory(const config::Settings& settings, const World& world, const ImportCommand& command);

struct ImportFilesCommand {
  std::string path;  // a file, or a folder of files
};
// Codes of diagnoses. exit_failure when lines were rejected or a file could not be read.
ExitCode command_import_icd10(const config::Settings& settings, const World& world, const ImportFilesCommand& command);

struct ImportFhirCommand {
  std::string path;
  std::int64_t hospital = 0;  // that brings the patients; 0: none
};
// Patients and their history. exit_failure when a file could not be read to its end.
ExitCode command_import_fhir(const config::Settings& settings, const World& world, const ImportFhirCommand& command);

struct ImportAppointmentsCommand {
  std::string file;
  std::int64_t hospital = 0;  // whose they were; 0: of none here
};
// Appointments that were kept elsewhere, for the statistics of no-shows. exit_failure when the file could not be read
// to its end, or none of its rows could be taken.
ExitCode command_import_appointments(const config::Settings& settings, const World& world,
                                     const ImportAppointmentsCommand& command);

struct SandboxCommand {
  std::string address = "127.0.0.1";
  int port = 9090;
  std::int64_t webhook_delay_ms = 200, late_after_ms = 10'000;
  double duplicate_probability = 0, loss_probability = 0;
  std::uint64_t seed = 0;
};
ExitCode command_sandbox_gateway(const config::Settings& settings, const SandboxCommand& command);

// Proves the invariants in one snapshot, beside a server that runs; exit_failure when one is broken.
ExitCode command_check(const config::Settings& settings, const World& world);

struct BackupCommand {
  std::string folder;    // "": backup.folder
  std::string key_file;  // "": backup.key_file
  bool thin_out = false;
};
// Makes a backup beside a server that runs. exit_config: the key cannot be read.
ExitCode command_backup(const config::Settings& settings, const World& world, const BackupCommand& command);
ExitCode command_backup_key(const World& world, const std::string& file);
ExitCode command_backup_list(const config::Settings& settings, const BackupCommand& command);

struct RestoreCommand {
  std::string backup;  // a backup, or the folder of many: then the newest
  std::string into, scratch, key_file;
  bool verify = false, replace = false;
};
// exit_failure when the backup is not good or the place is not free, exit_config for a wrong key.
ExitCode command_restore(const config::Settings& settings, const World& world, const RestoreCommand& command);

struct HealthCommand {
  std::string url;       // "": where a server with these settings listens on this machine
  bool is_live = false;  // alive is enough, it need not be ready
};
// Asks a running server; says what it answered. exit_unavailable unless it is ready.
ExitCode command_health(const config::Settings& settings, const World& world, const HealthCommand& command);

struct TopCommand {
  std::string url;       // as of HealthCommand
  bool is_once = false;  // one page, plainly
};
// Shows the vital signs of a running server each second, until q or a signal. exit_unavailable when it does not answer,
// exit_failure when something else answers there.
ExitCode command_top(const config::Settings& settings, const World& world, const TopCommand& command);

struct ErrorsCommand {
  std::string code;        // "": all
  std::int64_t hours = 0;  // 0: as long as they are kept
  std::int64_t limit = 50;
};
// Prints what the error log holds, the newest last; from the database, whether a server runs or not.
ExitCode command_errors(const config::Settings& settings, const World& world, const ErrorsCommand& command);

ExitCode command_openapi(const World& world);
ExitCode command_policy(const World& world, bool is_json);

}  // namespace fairward::app
