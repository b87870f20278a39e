// fairward audit: proves the record, tells where it ends, shows what it has of a patient or a user.
#include "app/audit.h"

#include <fmt/format.h>

#include "app/files.h"
#include "base/text.h"
#include "fhir/audit_event.h"
#include "platform/api/codec.h"
#include "platform/audit/anchors.h"
#include "platform/audit/subjects.h"
#include "platform/crypto/crypto.h"
#include "platform/sql/schema_state.h"

namespace fairward::app {
namespace {

std::string signing_key_file(const config::Settings& settings) { return settings.text("data.folder") + "/signing.key"; }

// A sentence for the operator.
struct Refused {
  std::string sentence;
};

struct AnchorFile {
  std::vector<audit::Head> heads;
};
BOOST_DESCRIBE_STRUCT(AnchorFile, (), (heads))

std::vector<audit::Head> anchors_read(const std::string& path) {
  if (!file_exists(path)) throw Refused{fmt::format("there is no {}", path)};
  auto file = api::decode<AnchorFile>(file_read(path));
  if (!file) throw Refused{fmt::format("{} is not what fairward audit anchor prints", path)};
  return std::move(file->heads);
}

audit::Key key_read(const std::string& path) {
  if (!file_exists(path)) throw Refused{fmt::format("there is no {}", path)};
  auto key = audit_key_parse(file_read(path));
  if (!key) throw Refused{fmt::format("{} is not a signing key", path)};
  return std::move(*key);
}

// Reads a live database beside the server. Throws Refused.
void database_read(const config::Settings& settings, const World& world, const std::function<void(Snapshot&)>& work) {
  auto database = database_of(settings);
  if (!database) throw Refused{database.error()};
  if (!database->is_postgres && !file_exists(database->place))
    throw Refused{fmt::format("there is no database {}", database->place)};
  database->writers = database->readers = 1;
  const auto engine = database_open(*database, world.clock);
  std::string fault;
  engine->read_now([&](Snapshot& db) {
    fault = sql::schema_fault(db);
    if (fault.empty()) work(db);
  });
  engine->stop();
  if (!fault.empty()) throw Refused{fault};
}

template <class F>
ExitCode reporting(F&& command) {
  try {
    return command();
  } catch (const Refused& refused) {
    fmt::print(stderr, "fairward: {}\n", refused.sentence);
    return exit_config;
  }
}

std::vector<audit::Key> keys_of(const config::Settings& settings, const AuditCommand& command) {
  std::vector<audit::Key> keys;
  if (auto own = audit_key_find(settings)) keys.push_back(std::move(*own));
  for (const std::string& file : command.keys) keys.push_back(key_read(file));
  if (keys.empty())
    throw Refused{"the key of the record is not known: say --data.folder, --identity.signing_key or --key FILE"};
  return keys;
}

std::vector<audit::Head> anchors_of(const config::Settings& settings, const AuditCommand& command) {
  std::vector<audit::Head> anchors;
  if (file_exists(anchor_file(settings))) anchors = anchors_read(anchor_file(settings));
  for (const std::string& file : command.anchors)
    for (audit::Head& head : anchors_read(file)) anchors.push_back(std::move(head));
  return anchors;
}

bool is_wanted(const audit::Entry& entry, const AuditCommand& command) {
  const bool is_of =
      entry.of && std::find(entry.of->begin(), entry.of->end(), UserId{command.patient}) != entry.of->end();
  return (command.patient == 0 || is_of) && (command.user == 0 || entry.user == UserId{command.user});
}

}  // namespace

std::string signing_key_of(const config::Settings& settings, Entropy& entropy) {
  const std::string& text = settings.text("identity.signing_key");
  if (!text.empty()) return text;
  folder_make(settings.text("data.folder"));
  return key_load_or_make(signing_key_file(settings), entropy);
}

std::optional<audit::Key> audit_key_parse(std::string_view text) {
  const auto seed = crypto::base64url_decode(trimmed(text));
  return seed ? std::optional(audit::Key::of_signing_seed(*seed)) : std::nullopt;
}

std::optional<audit::Key> audit_key_find(const config::Settings& settings) {
  const std::string& text = settings.text("identity.signing_key");
  if (!text.empty()) return audit_key_parse(text);
  if (!file_exists(signing_key_file(settings))) return std::nullopt;
  return audit_key_parse(file_read(signing_key_file(settings)));
}

void audit_begin(Database& database, const config::Settings& settings, const World& world) {
  signing_key_of(settings, world.entropy);
  if (const auto key = audit_key_find(settings)) database.recorder = audit::recorder(*key);
}

std::string anchor_file(const config::Settings& settings) {
  return fmt::format("{}/{}", settings.text("data.folder"), anchor_name);
}

std::string anchors_text(const std::vector<audit::Head>& heads) {
  std::string json;
  api::encode(json, AnchorFile{heads});
  return json + "\n";
}

void anchors_keep(const std::string& path, const std::vector<audit::Head>& heads) {
  private_file_write(path, anchors_text(heads));
}

std::string report_text(const audit::Report& report) {
  std::string text;
  for (const audit::Fault& fault : report.faults)
    text += fmt::format("chain {} block {}: {}\n", fault.chain, fault.number, fault.what);
  if (report.unknown_keys > 0)
    text += fmt::format("{} of {} chains are sealed with a key that is not known: they were not proved\n",
                        report.unknown_keys, report.chains);
  if (report.is_good())
    text = fmt::format("{} deeds in {} blocks of {} chains, every seal is right\n", report.entries, report.blocks,
                       report.chains);
  text.pop_back();
  return text;
}

ExitCode command_audit_verify(const config::Settings& settings, const World& world, const AuditCommand& command) {
  return reporting([&] {
    const auto keys = keys_of(settings, command);
    const auto anchors = anchors_of(settings, command);
    audit::Report report;
    database_read(settings, world, [&](Snapshot& db) { report = audit::verify(db, keys, anchors); });
    fmt::print(report.is_good() ? stdout : stderr, "{}\n", report_text(report));
    if (report.is_good()) fmt::print("{} ends that were noted outside the database are there\n", anchors.size());
    return report.is_good() ? exit_ok : exit_failure;
  });
}

ExitCode command_audit_anchor(const config::Settings& settings, const World& world) {
  return reporting([&] {
    std::vector<audit::Head> heads;
    database_read(settings, world, [&](Snapshot& db) { heads = audit::heads_recent(db, world.clock.now()); });
    fmt::print("{}", anchors_text(heads));
    return exit_ok;
  });
}

ExitCode command_audit_show(const config::Settings& settings, const World& world, const AuditCommand& command) {
  return reporting([&] {
    database_read(settings, world, [&](Snapshot& db) {
      audit::each(db, [&](const audit::LineRead& read) {
        if (!is_wanted(read.entry, command)) return;
        if (command.is_fhir) fmt::print("{}\n", fhir::audit_event(read.id, read.at, read.entry));
        else fmt::print("{{\"at\":\"{}\",{}\n", to_rfc3339(read.at), read.line.substr(1));
      });
    });
    return exit_ok;
  });
}

ExitCode command_audit_index(const config::Settings& settings, const World& world) {
  return reporting([&] {
    auto database = database_of(settings);
    if (!database) throw Refused{database.error()};
    if (!database->is_postgres && !file_exists(database->place))
      throw Refused{fmt::format("there is no database {}", database->place)};
    database_migrate(*database, [](const std::string&) {});
    audit_begin(*database, settings, world);
    const auto engine = database_open(*database, world.clock);
    const std::int64_t rows = audit::index_rebuild(*engine);
    engine->stop();
    fmt::print("{} rows by patient\n", rows);
    return exit_ok;
  });
}

}  // namespace fairward::app
