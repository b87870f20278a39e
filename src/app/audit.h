// The record of who did what, as the command line and the server know it: its key, its proof, its ends kept in a file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/database.h"
#include "app/exit_code.h"
#include "app/world.h"
#include "platform/audit/verify.h"
#include "platform/config/config.h"

namespace fairward::app {

// The seed of the product's signatures: the setting, or the file in data.folder, which is made where there is neither.
std::string signing_key_of(const config::Settings& settings, Entropy& entropy);
// The key of the record, made of that seed. nullopt where there is none, or it is no seed.
std::optional<audit::Key> audit_key_find(const config::Settings& settings);
std::optional<audit::Key> audit_key_parse(std::string_view seed);
// What is written through this database is recorded. Makes the key where there is none.
void audit_begin(Database& database, const config::Settings& settings, const World& world);

// Ends of chains, kept in this file of data.folder.
constexpr std::string_view anchor_name = "audit-anchor.json";
std::string anchor_file(const config::Settings& settings);
std::string anchors_text(const std::vector<audit::Head>& heads);
void anchors_keep(const std::string& path, const std::vector<audit::Head>& heads);

// One line; or the faults, a line each.
std::string report_text(const audit::Report& report);

struct AuditCommand {
  std::vector<std::string> anchors, keys;  // files
  std::int64_t patient = 0, user = 0;      // 0: any
  bool is_fhir = false;                    // as AuditEvents
};
// Proves the record. exit_failure: it is not as it was kept. exit_config: a file cannot be read, or no key is known.
ExitCode command_audit_verify(const config::Settings& settings, const World& world, const AuditCommand& command);
// Prints where the chains end, for --anchor later.
ExitCode command_audit_anchor(const config::Settings& settings, const World& world);
// Prints the record, or what it has of a patient or of a user: an object of JSON a line, the oldest first.
ExitCode command_audit_show(const config::Settings& settings, const World& world, const AuditCommand& command);
// Makes the index by patient anew from the record.
ExitCode command_audit_index(const config::Settings& settings, const World& world);

}  // namespace fairward::app
