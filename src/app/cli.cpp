#include "app/cli.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <system_error>

#include "app/audit.h"
#include "app/commands.h"
#include "app/completion.h"
#include "app/database.h"
#include "app/options.h"
#include "app/serve.h"
#include "app/version.h"
#include "platform/log/log.h"
#include "platform/sql/sql.h"

namespace fairward::app {
namespace {

constexpr const char* footer = R"(
Settings: any command takes --section.name=value, see `fairward config table`.

Examples:
  fairward demo data/demo && fairward serve --sandbox --data.folder=data/demo
  fairward serve --database.url=postgresql://db/fairward --http.address=0.0.0.0
  fairward user add --role platform_admin --login root.admin --name "First Admin"
  fairward import directory doctors.csv --mapping mapping.toml
  fairward config check --config /etc/fairward/fairward.toml
  fairward check --data.folder=/srv/fairward
  fairward top --url http://127.0.0.1:8080
  fairward errors --hours 24 --data.folder=/srv/fairward
  fairward backup /backups --data.folder=/srv/fairward
  fairward restore /backups --verify
  fairward restore /backups --into /srv/fairward
  fairward openapi > openapi/api.json

Ends with 0 ok, 1 failure, 2 wrong usage, 3 wrong settings, 4 something is not available.)";

// Everything that can be said. The members that CLI11 fills must stay where they are while it parses.
class CommandLine {
 public:
  CommandLine() { declare(); }

  ExitCode run(std::vector<std::string> arguments, const World& world);

 private:
  void declare();
  void declare_serve();
  void declare_data();
  void declare_safety();
  void declare_seeing();
  void declare_sandbox();
  void declare_about();
  CLI::App* command(CLI::App& parent, const char* name, const char* summary, std::function<ExitCode()> action);
  ExitCode settings_load(const config::Flags& flags);
  ExitCode completion() const;
  void entries_add(const CLI::App& app, const std::string& path, std::vector<CompletionEntry>& entries) const;

  CLI::App app_{"Hospitals and fair appointment booking in one program.", "fairward"};
  std::function<ExitCode()> action_;
  std::string config_file_;
  config::Settings settings_ = config::defaults();
  const World* world_ = nullptr;

  bool is_sandbox_ = false;
  std::string modules_, hospitals_;
  std::string web_dir_;
  UserAddCommand user_;
  DemoCommand demo_;
  ImportCommand import_;
  ImportFilesCommand import_files_;
  ImportFhirCommand import_fhir_;
  ImportAppointmentsCommand import_appointments_;
  SandboxCommand sandbox_;
  BackupCommand backup_;
  RestoreCommand restore_;
  AuditCommand audit_;
  std::string key_file_made_;
  HealthCommand health_;
  TopCommand top_;
  ErrorsCommand errors_;
  std::string delimiter_;
  std::string shell_;
  bool is_policy_json_ = false;
};

CLI::App* CommandLine::command(CLI::App& parent, const char* name, const char* summary,
                               std::function<ExitCode()> action) {
  CLI::App* added = parent.add_subcommand(name, summary);
  if (action) added->callback([this, action = std::move(action)] { action_ = action; });
  else added->require_subcommand(1);
  return added;
}

void CommandLine::declare() {
  app_.set_version_flag("--version", fmt::format("fairward {}", version));
  app_.add_option("--config", config_file_, "Settings file (TOML)")->envname("FAIRWARD_CONFIG");
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.footer(footer);
  declare_serve();
  declare_data();
  declare_safety();
  declare_seeing();
  declare_sandbox();
  declare_about();
}

void CommandLine::declare_serve() {
  CLI::App* serve = command(app_, "serve", "Serve the API and the web UI until a signal", [this] {
    if (is_sandbox_)
      for (const char* name : {"billing.sandbox", "notifications.sandbox"}) settings_.set(name, "true", "--sandbox");
    if (!modules_.empty()) settings_.set("node.modules", modules_, "--modules");
    if (!hospitals_.empty()) settings_.set("node.hospitals", hospitals_, "--hospitals");
    if (!web_dir_.empty()) settings_.set("ui.web_dir", web_dir_, "--web-dir");
    return app::serve(settings_, *world_);
  });
  serve->add_flag("--sandbox", is_sandbox_,
                  "Start the sandbox payment gateway too, no real money; messages are kept to be looked at, not sent");
  serve->add_option("--modules", modules_, "Serve these modules only, such as booking,billing (node.modules)");
  serve->add_option("--hospitals", hospitals_, "Serve these hospitals only, such as 12,17 (node.hospitals)");
  serve->add_option("--web-dir", web_dir_, "Serve the UI from this folder");
  CLI::App* health = command(app_, "health", "Ask a running server whether it is ready",
                             [this] { return command_health(settings_, *world_, health_); });
  health->add_option("--url", health_.url, "http://host:port; else where these settings listen");
  health->add_flag("--live", health_.is_live, "Alive is enough");
  command(app_, "migrate", "Bring the database to the newest version", [this] { return command_migrate(settings_); });
}

void CommandLine::declare_data() {
  CLI::App* user = command(app_, "user", "People", nullptr);
  CLI::App* add = command(*user, "add", "Add a person with a login",
                          [this] { return command_user_add(settings_, *world_, user_); });
  add->add_option("--role", user_.role, "patient, doctor, front_desk, ward_admin, hospital_admin, platform_admin")
      ->required();
  add->add_option("--login", user_.login, "Phone, e-mail or logon id")->required();
  add->add_option("--name", user_.name, "Full name")->required();
  add->add_option("--hospital", user_.hospital, "Hospital id, for staff");
  add->add_option("--doctor", user_.doctor, "Doctor id, for a doctor's login");
  add->add_flag("--password-stdin", user_.is_password_from_stdin, "Read the password from stdin instead of making one");

  CLI::App* import = command(app_, "import", "Data from files", nullptr);
  CLI::App* directory = command(*import, "directory", "Hospitals and doctors from a CSV file", [this] {
    if (!delimiter_.empty()) import_.delimiter = delimiter_.front();
    return command_import_directory(settings_, *world_, import_);
  });
  directory->add_option("FILE", import_.file, "CSV in UTF-8")->required();
  directory->add_option("--mapping", import_.mapping, "TOML file that names the columns");
  directory->add_flag("--no-header", import_.has_no_header, "The first line is data");
  directory->add_option("--delimiter", delimiter_, "One character between columns")->check([](const std::string& text) {
    return text.size() == 1 ? "" : "must be one character";
  });
  directory->add_flag("--json", import_.is_json, "Print the result as JSON");

  command(*import, "icd10", "Codes of diagnoses, from a file or a folder of files",
          [this] { return command_import_icd10(settings_, *world_, import_files_); })
      ->add_option("PATH", import_files_.path, "CSV with the columns code and description, or the official lists")
      ->required();

  CLI::App* fhir = command(*import, "fhir", "Patients with their history from FHIR R4 bundles",
                           [this] { return command_import_fhir(settings_, *world_, import_fhir_); });
  fhir->add_option("PATH", import_fhir_.path, "A bundle, or a folder of them; packed with gzip or not")->required();
  fhir->add_option("--hospital", import_fhir_.hospital,
                   "Id of the hospital that brings them, and sees them from then on");

  CLI::App* past = command(*import, "appointments", "Appointments kept elsewhere, for the statistics of no-shows",
                           [this] { return command_import_appointments(settings_, *world_, import_appointments_); });
  past->add_option("FILE", import_appointments_.file, "CSV with a header, packed with gzip or not")->required();
  past->add_option("--hospital", import_appointments_.hospital, "Id of the hospital whose they were");

  CLI::App* demo = command(app_, "demo", "Fill a fresh data folder with a demo, once",
                           [this] { return command_demo(settings_, *world_, demo_); });
  demo->add_option("DATA_DIR", demo_.folder, "Data folder")->required();
  demo->add_option("--cities", demo_.cities, "Cities")->check(CLI::Range(1, 20))->capture_default_str();
  demo->add_option("--doctors", demo_.doctors, "Doctors")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  demo->add_option("--imported-hospitals", demo_.imported_hospitals, "Give demo doctors to so many imported hospitals")
      ->check(CLI::Range(1, 1'000'000));
  demo->add_option("--doctors-each", demo_.doctors_each, "Demo doctors for each of them")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
}

void CommandLine::declare_safety() {
  CLI::App* audit = command(app_, "audit", "The record of who did what to whom", nullptr);
  CLI::App* verify = command(*audit, "verify", "Prove that nothing in it was changed, left out or cut off",
                             [this] { return command_audit_verify(settings_, *world_, audit_); });
  verify->add_option("--anchor", audit_.anchors, "File that audit anchor printed earlier; several are allowed");
  verify->add_option("--key", audit_.keys, "File with a signing key that was used before; several are allowed");
  command(*audit, "anchor", "Print where it ends now, to be kept away from this database",
          [this] { return command_audit_anchor(settings_, *world_); });
  command(*audit, "index", "Make its indexes anew", [this] { return command_audit_index(settings_, *world_); });
  CLI::App* show = command(*audit, "show", "Print it, an object of JSON a line",
                           [this] { return command_audit_show(settings_, *world_, audit_); });
  show->add_option("--patient", audit_.patient, "What concerned this patient (user id)");
  show->add_option("--user", audit_.user, "What this user did (user id)");
  CLI::App* exported = command(*audit, "export", "Print it for another system, an object of JSON a line",
                               [this] { return command_audit_show(settings_, *world_, audit_); });
  exported->add_flag("--fhir", audit_.is_fhir, "As FHIR R4 AuditEvent resources (NDJSON)");
  exported->add_option("--patient", audit_.patient, "What concerned this patient (user id)");
  exported->add_option("--user", audit_.user, "What this user did (user id)");
  command(app_, "check", "Prove the invariants of the database, beside a running server",
          [this] { return command_check(settings_, *world_); });
  CLI::App* backup = app_.add_subcommand("backup", "Copy the database beside a running server");
  CLI::App* key = command(*backup, "key", "Make the key that seals backups",
                          [this] { return command_backup_key(*world_, key_file_made_); });
  key->add_option("FILE", key_file_made_, "File that is made; 0600")->required();
  CLI::App* list = command(*backup, "list", "List the whole backups of a folder, the newest last",
                           [this] { return command_backup_list(settings_, backup_); });
  for (CLI::App* one : {backup, list}) {
    one->add_option("DIR", backup_.folder, "Folder of the backups; backup.folder when it is not named");
    one->add_option("--key-file", backup_.key_file, "Key that seals them; backup.key_file when it is not named");
  }
  backup->add_flag("--thin-out", backup_.thin_out, "Remove old ones as backup.keep_last and backup.keep_days say");
  backup->callback([this, backup] {  // after that of a command below it
    if (backup->get_subcommands().empty()) action_ = [this] { return command_backup(settings_, *world_, backup_); };
  });
  CLI::App* restore = command(app_, "restore", "Prove a backup, or make a database of it",
                              [this] { return command_restore(settings_, *world_, restore_); });
  restore->add_option("BACKUP", restore_.backup, "A backup, or the folder of many: then the newest")->required();
  restore->add_flag("--verify", restore_.verify, "Restore into a place of its own, prove everything, remove it");
  restore->add_option("--into", restore_.into, "Data folder, or postgresql://host/name of an empty database");
  restore->add_flag("--replace", restore_.replace, "Put aside what is there");
  restore->add_option("--scratch", restore_.scratch, "Folder, or empty database, in which --verify works");
  restore->add_option("--key-file", restore_.key_file, "Key of a sealed backup; backup.key_file when it is not named");
}

void CommandLine::declare_seeing() {
  CLI::App* top = command(app_, "top", "Show the vital signs of a running server; q ends",
                          [this] { return command_top(settings_, *world_, top_); });
  top->add_option("--url", top_.url, "http://host:port; else where these settings listen");
  top->add_flag("--once", top_.is_once, "Print one page, of one second, and end");
  CLI::App* errors = command(app_, "errors", "Print what went wrong on the server's side, the newest last",
                             [this] { return command_errors(settings_, *world_, errors_); });
  errors->add_option("--code", errors_.code, "Of this problem code only, such as server.unavailable");
  errors->add_option("--hours", errors_.hours, "Of so many last hours only")->check(CLI::Range(1, 24 * 30));
  errors->add_option("--limit", errors_.limit, "Entries at most")->check(CLI::Range(1, 200))->capture_default_str();
}

void CommandLine::declare_sandbox() {
  CLI::App* gateway = command(app_, "sandbox-gateway", "A payment gateway to try payments with, in memory",
                              [this] { return command_sandbox_gateway(settings_, sandbox_); });
  gateway->add_option("--address", sandbox_.address, "Address")->capture_default_str();
  gateway->add_option("--port", sandbox_.port, "Port; 0 takes a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  gateway->add_option("--webhook-delay-ms", sandbox_.webhook_delay_ms, "From request to decision")
      ->capture_default_str();
  gateway->add_option("--late-after-ms", sandbox_.late_after_ms, "How late \"late\" is")->capture_default_str();
  gateway->add_option("--duplicates", sandbox_.duplicate_probability, "Share of webhooks sent twice")
      ->check(CLI::Range(0.0, 1.0));
  gateway->add_option("--losses", sandbox_.loss_probability, "Share of webhooks never sent")
      ->check(CLI::Range(0.0, 1.0));
  gateway->add_option("--seed", sandbox_.seed, "Replays these chances; 0 is unpredictable");
}

void CommandLine::declare_about() {
  command(app_, "openapi", "Print the API document", [this] { return command_openapi(*world_); });
  CLI::App* policy =
      command(app_, "policy", "Print who may do what", [this] { return command_policy(*world_, is_policy_json_); });
  policy->add_flag("--json", is_policy_json_, "As JSON");
  CLI::App* config = command(app_, "config", "Settings", nullptr);
  command(*config, "check", "Say what is wrong with the settings", [this] {
    const auto database = database_of(settings_);
    const std::string fault = database ? settings_fault(settings_) : database.error();
    if (fault.empty()) fmt::print("settings are fine\n");
    else fmt::print(stderr, "fairward: {}\n", fault);
    return fault.empty() ? exit_ok : exit_config;
  });
  command(*config, "print", "Print the settings in effect; secrets are not shown", [this] {
    fmt::print("{}", config::settings_toml(settings_));
    return exit_ok;
  });
  command(*config, "table", "Print the documentation of all settings", [] {
    fmt::print("{}", config::table_markdown());
    return exit_ok;
  });
  CLI::App* completion =
      command(app_, "completion", "Print a completion script", [this] { return this->completion(); });
  completion->add_option("SHELL", shell_, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

void CommandLine::entries_add(const CLI::App& app, const std::string& path,
                              std::vector<CompletionEntry>& entries) const {
  CompletionEntry entry{path, app.get_description(), {}};
  for (const CLI::App* sub : app.get_subcommands({})) entry.words.push_back(sub->get_name());
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) entry.words.push_back("--" + name);
  entries.push_back(std::move(entry));
  for (const CLI::App* sub : app.get_subcommands({}))
    entries_add(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), entries);
}

ExitCode CommandLine::completion() const {
  std::vector<CompletionEntry> entries;
  entries_add(app_, "", entries);
  fmt::print("{}", *completion_script(shell_, entries));
  return exit_ok;
}

ExitCode CommandLine::settings_load(const config::Flags& flags) {
  auto loaded = config::load(config_file_, config::process_environment(), flags);
  if (!loaded) {
    for (const config::ConfigError& error : loaded.error()) fmt::print(stderr, "{}\n", config::to_text(error));
    return exit_config;
  }
  settings_ = std::move(*loaded);
  return exit_ok;
}

log::Level level_of(const std::string& text) {
  if (text == "debug") return log::Level::debug;
  if (text == "info") return log::Level::info;
  if (text == "warning") return log::Level::warning;
  return text == "error" ? log::Level::error : log::Level::off;
}

ExitCode CommandLine::run(std::vector<std::string> arguments, const World& world) {
  world_ = &world;
  const config::Flags flags = config::flags_take(arguments);
  std::ranges::reverse(arguments);  // as CLI11 wants a vector
  try {
    app_.parse(arguments);
  } catch (const CLI::ParseError& error) { return app_.exit(error) == 0 ? exit_ok : exit_usage; }
  if (const ExitCode code = settings_load(flags); code != exit_ok) return code;
  const bool is_json = settings_.text("log.format") == "json";
  log::configure(level_of(settings_.text("log.level")), is_json ? log::Format::json : log::Format::text,
                 [clock = &world.clock] { return clock->now(); });
  return action_();
}

}  // namespace

ExitCode run(int argc, const char* const* argv, const World& world) {
  ::umask(0077);  // databases, keys and logins are the owner's alone
  try {
    CommandLine line;
    return line.run({argv + 1, argv + argc}, world);
  } catch (const sql::Error& error) {
    fmt::print(stderr, "fairward: database: {}\n", error.what());
    return error.kind() == sql::Error::Kind::bug ? exit_failure : exit_unavailable;
  } catch (const std::system_error& error) {
    fmt::print(stderr, "fairward: {}\n", error.what());
    return exit_unavailable;
  } catch (const std::exception& error) {
    fmt::print(stderr, "fairward: {}\n", error.what());
    return exit_failure;
  }
}

}  // namespace fairward::app
