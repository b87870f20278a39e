// The commands that need the database, or only the route table.
#include "app/commands.h"

#include <fmt/format.h>

#include <iostream>

#include "app/audit.h"
#include "app/composition.h"
#include "app/database.h"
#include "app/files.h"
#include "app/options.h"
#include "app/policy.h"
#include "app/version.h"
#include "modules/billing/sandbox_gateway.h"
#include "platform/api/openapi.h"
#include "platform/log/log.h"

namespace fairward::app {
namespace {

constexpr std::size_t password_bytes = 12;

ExitCode say_config(const std::string& text) {
  fmt::print(stderr, "fairward: {}\n", text);
  return exit_config;
}

// The routes of a product over an empty database in memory: for what is printed, not served.
template <class F>
ExitCode with_routes(const World& world, F&& print) {
  const auto engine = sql::open_sqlite_inline(":memory:", world.clock);
  ProductOptions options;
  options.identity.signing_key = world.entropy.token(32);
  const Product product(*engine, world.clock, world.entropy, world.client, options);
  print(product.routes());
  return exit_ok;
}

std::optional<std::string> password_from_stdin() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

}  // namespace

ExitCode command_migrate(const config::Settings& settings) {
  const auto database = database_of(settings);
  if (!database) return say_config(database.error());
  if (!database->is_postgres) folder_make(settings.text("data.folder"));
  database_migrate(*database, [](const std::string& line) { fmt::print("{}\n", line); });
  return exit_ok;
}

ExitCode command_user_add(const config::Settings& settings, const World& world, const UserAddCommand& command) {
  auto database = database_of(settings);
  if (!database) return say_config(database.error());
  const auto role = api::role_parse(command.role);
  if (!role) {
    fmt::print(stderr, "fairward: there is no role {}\n", command.role);
    return exit_usage;
  }
  const auto password = command.is_password_from_stdin ? password_from_stdin() : world.entropy.token(password_bytes);
  if (!password) {
    fmt::print(stderr, "fairward: no password on stdin\n");
    return exit_usage;
  }
  audit_begin(*database, settings, world);
  const auto engine = database_open(*database, world.clock);
  const identity::UserAdd user{*role, command.name, command.login, *password, {command.hospital}, {command.doctor}};
  const auto added = identity::user_add(*engine, user, world.clock.now(), world.entropy);
  engine->stop();
  if (!added) {
    fmt::print(stderr, "fairward: {}\n", added.error().problem->title);
    return exit_failure;
  }
  fmt::print("user {} login {}{}\n", added->value, command.login,
             command.is_password_from_stdin ? "" : " password " + *password);
  return exit_ok;
}

ExitCode command_sandbox_gateway(const config::Settings& settings, const SandboxCommand& command) {
  billing::SandboxGatewayOptions options;
  options.address = command.address;
  options.port = static_cast<std::uint16_t>(command.port);
  options.secret = settings.text("billing.gateway_secret");
  options.webhook_delay_ms = command.webhook_delay_ms;
  options.late_after_ms = command.late_after_ms;
  options.duplicate_probability = command.duplicate_probability;
  options.loss_probability = command.loss_probability;
  options.seed = command.seed;
  options.print = [](const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  };
  return static_cast<ExitCode>(billing::run_sandbox_gateway(options));
}

ExitCode command_health(const config::Settings& settings, const World& world, const HealthCommand& command) {
  constexpr int timeout_ms = 4000;
  const auto port = static_cast<std::uint16_t>(settings.integer("http.port"));
  const std::string url = command.url.empty() ? own_url(settings, port) : command.url;
  http::OutgoingRequest request;
  request.url = url + (command.is_live ? "/health" : "/ready");
  request.timeout_ms = timeout_ms;
  std::string why;
  const auto answer = world.client.call(request, &why);
  if (answer && answer->status == 200) {
    fmt::print("{}", answer->body);
    return exit_ok;
  }
  fmt::print(stderr, "fairward: {}: {}\n", request.url,
             answer ? fmt::format("{} {}", answer->status, answer->body) : why);
  return exit_unavailable;
}

ExitCode command_openapi(const World& world) {
  return with_routes(world, [](const api::Routes& routes) { fmt::print("{}", api::openapi(routes, version)); });
}

ExitCode command_policy(const World& world, bool is_json) {
  return with_routes(world, [is_json](const api::Routes& routes) {
    fmt::print("{}", is_json ? policy_json(routes) : api::policy_matrix(routes));
  });
}

}  // namespace fairward::app
