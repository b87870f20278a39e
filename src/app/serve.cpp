#include "app/serve.h"

#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>

#include <optional>

#include "app/audit.h"
#include "app/backup.h"
#include "app/database.h"
#include "app/files.h"
#include "app/front.h"
#include "app/options.h"
#include "app/sandbox_child.h"
#include "app/version.h"
#include "platform/api/codec.h"
#include "platform/crypto/crypto.h"
#include "platform/http/service_notify.h"
#include "platform/log/log.h"
#include "platform/metrics/process.h"

namespace fairward::app {
namespace {

constexpr std::int64_t megabyte = 1024 * 1024;

constexpr unsigned job_workers = 4;
constexpr std::size_t secret_bytes = 32;

// SIGTERM, SIGINT and SIGCHLD wait for sigwait in every thread that comes after.
sigset_t signals_block() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return set;
}

void wait_for_stop(const sigset_t& set, const std::optional<SandboxChild>& sandbox) {
  for (int number = 0; number != SIGTERM && number != SIGINT;) {
    sigwait(&set, &number);
    if (number == SIGCHLD && sandbox && ::waitpid(sandbox->pid(), nullptr, WNOHANG) == sandbox->pid())
      log::error("the sandbox gateway has ended; payments wait until the program is started again");
  }
}

// systemd waits for this word when its unit says Type=notify; others do not ask for it.
void tell_manager(std::string_view state) {
  const config::Environment environment = config::process_environment();
  const auto socket = environment.find("NOTIFY_SOCKET");
  if (socket != environment.end()) http::service_notify(socket->second, state);
}

// A commit frees at once what hundreds of requests had allocated. The allocator would give such memory back to the
// kernel page by page, and ask for it again with the next requests.
void freed_memory_keep() {
  constexpr int kept_bytes = 8 * 1024 * 1024;  // of each thread that allocates
  constexpr int apart_bytes = 1024 * 1024;     // what is larger comes from the kernel and goes back at once
  mallopt(M_TRIM_THRESHOLD, kept_bytes);
  mallopt(M_MMAP_THRESHOLD, apart_bytes);
}

std::string fresh_secret(Entropy& entropy) {
  std::string bytes(secret_bytes, '\0');
  entropy.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return "whsec_" + crypto::base64(bytes);
}

// Whom to ask: what is not set is left out.
struct SiteFacts {
  std::optional<std::string> contact_name, contact_email, contact_phone;
};
BOOST_DESCRIBE_STRUCT(SiteFacts, (), (contact_name, contact_email, contact_phone))

std::string site_facts(const config::Settings& settings) {
  const auto given = [&](std::string_view name) {
    const std::string& text = settings.text(name);
    return text.empty() ? std::nullopt : std::optional(text);
  };
  std::string json;
  api::encode(json, SiteFacts{given("ui.contact_name"), given("ui.contact_email"), given("ui.contact_phone")});
  return json;
}

// From here to its end, what is logged as an error is kept.
class ErrorsKept {
 public:
  explicit ErrorsKept(errors::ErrorLog& errors) {
    log::on_error(
        [&errors](std::string_view message, std::span<const log::Field> fields) { errors.note(message, fields); });
  }
  ~ErrorsKept() { log::on_error({}); }
  ErrorsKept(const ErrorsKept&) = delete;
  ErrorsKept& operator=(const ErrorsKept&) = delete;
};

class Running {
 public:
  Running(const config::Settings& settings, const World& world, Addresses addresses, const Database& database,
          backup::ScheduleOptions schedule)
      : settings_(settings),
        front_({world.assets, settings.text("ui.web_dir"), settings.boolean("http.behind_tls"), site_facts(settings)},
               {settings.integer("limits.address_per_minute")}, world.clock, world.entropy) {
    server_ = world.serve(server_options(settings), [this](http::Request&& request, http::Responder responder) {
      front_.handle(std::move(request), std::move(responder));
    });
    if (addresses.callback_url.empty())
      addresses.callback_url = own_url(settings, server_->port()) + "/api/payments/webhook";
    addresses.public_url = settings.text("http.public_url");
    if (addresses.public_url.empty()) addresses.public_url = own_url(settings, server_->port());
    database_migrate(database, [](const std::string& line) { log::info("migrate", {{"step", line}}); });
    engine_ = database_open(database, world.clock);
    auto options = product_options(settings, addresses);
    options.anchors_keep = [path = anchor_file(settings)](const auto& heads) { anchors_keep(path, heads); };
    product_ = std::make_unique<Product>(*engine_, world.clock, world.entropy, world.client, options);
    schedule_ = std::make_unique<backup::Schedule>(*engine_, world.clock, world.entropy, std::move(schedule));
    measure();
    errors_kept_.emplace(product_->errors());
    product_->load();
    product_->start(job_workers);
    front_.join(*product_, *engine_, *schedule_);
    log::info("ready", {{"address", settings.text("http.address")}, {"port", static_cast<long long>(server_->port())}});
    tell_manager("READY=1");
  }

  ~Running() {
    product_->drain();
    server_->stop(static_cast<int>(settings_.integer("http.stop_seconds_max")));
    front_.leave();
    product_->stop();
    schedule_.reset();
    engine_->stop();
  }

 private:
  void measure() {
    auto& metrics = product_->metrics();
    metrics::process_measure(metrics);
    metrics.gauge(
        "fairward_build_info", "The version of the program.", [] { return 1.0; },
        fmt::format("version=\"{}\"", version));
    metrics.gauge("fairward_http_connections", "Open connections.",
                  [server = server_.get()] { return double(server->stats().connections); });
    metrics.counter_from("fairward_http_refused_total", "Connections and requests refused before a route.",
                         [server = server_.get()] { return double(server->stats().refused); });
    metrics.counter_from("fairward_http_timed_out_total", "Connections closed because the client was too slow.",
                         [server = server_.get()] { return double(server->stats().timed_out); });
    measure_backups(metrics, *schedule_);
  }

  // The schedule goes before the metrics do, but after the server: nobody asks in between.
  static void measure_backups(metrics::Metrics& metrics, const backup::Schedule& schedule) {
    constexpr double second_ms = 1000;
    metrics.gauge("fairward_backup_last_good_timestamp_seconds", "When the last good backup was made; 0: never.",
                  [&schedule] { return double(schedule.good_at().ms) / second_ms; });
    metrics.gauge("fairward_backup_last_good_bytes", "How large the last good backup is.",
                  [&schedule] { return double(schedule.good_bytes()); });
    metrics.gauge("fairward_backup_overdue", "1 when the last good backup is older than backup.max_age_hours.",
                  [&schedule] { return schedule.is_overdue() ? 1.0 : 0.0; });
    metrics.counter_from("fairward_backup_failures_total", "Backups that this node could not make.",
                         [&schedule] { return double(schedule.failures()); });
  }

  const config::Settings& settings_;
  Front front_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<sql::Engine> engine_;
  std::unique_ptr<Product> product_;
  std::optional<ErrorsKept> errors_kept_;
  std::unique_ptr<backup::Schedule> schedule_;
};

// For people and tests that want to look at the gateway's books.
void sandbox_announce(const config::Settings& settings, const SandboxChild& sandbox) {
  private_file_write(settings.text("data.folder") + "/sandbox-gateway.json",
                     fmt::format("{{\"url\":\"{}\",\"pid\":{}}}\n", sandbox.url(), sandbox.pid()));
}

Addresses addresses_of(const config::Settings& settings, const World& world) {
  Addresses addresses{settings.text("identity.signing_key"), settings.text("billing.gateway_url"),
                      settings.text("billing.gateway_secret"), settings.text("billing.callback_url")};
  if (settings.boolean("billing.sandbox") && addresses.gateway_secret.empty())
    addresses.gateway_secret = fresh_secret(world.entropy);
  return addresses;
}

}  // namespace

ExitCode serve(const config::Settings& settings, const World& world) {
  freed_memory_keep();
  auto database = database_of(settings);
  Addresses addresses = addresses_of(settings, world);
  const std::string fault = database ? settings_fault(settings) : database.error();
  if (!fault.empty()) {
    fmt::print(stderr, "fairward: {}\n", fault);
    return exit_config;
  }
  std::optional<backup::ScheduleOptions> schedule;
  try {
    schedule = schedule_options(settings, *database);
  } catch (const backup::Trouble& trouble) {
    fmt::print(stderr, "fairward: backup.key_file: {}\n", trouble.what());
    return exit_config;
  }
  database->silence_seconds_max = settings.integer("database.silence_seconds_max");
  database->reserve_bytes = settings.integer("database.reserve_megabytes") * megabyte;
  database->is_node = true;
  folder_make(settings.text("data.folder"));
  addresses.signing_key = signing_key_of(settings, world.entropy);
  audit_begin(*database, settings, world);
  const sigset_t signals = signals_block();
  std::optional<SandboxChild> sandbox;
  if (settings.boolean("billing.sandbox")) {
    sandbox.emplace(addresses.gateway_secret);
    addresses.gateway_url = sandbox->url();
    sandbox_announce(settings, *sandbox);
  }
  const Running running(settings, world, std::move(addresses), *database, std::move(*schedule));
  wait_for_stop(signals, sandbox);
  log::info("stopping");
  tell_manager("STOPPING=1");
  return exit_ok;
}

}  // namespace fairward::app
