#include "app/options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <thread>

#include "base/text.h"
#include "platform/crypto/crypto.h"

namespace fairward::app {
namespace {

api::RateLimits limits(const config::Settings& settings, const std::string& who) {
  api::RateLimits limits;
  limits.normal.quota = settings.integer("limits." + who + "_per_minute");
  limits.write.quota = settings.integer("limits." + who + "_writes_per_minute");
  limits.login.quota = settings.integer("limits.address_logins_per_minute");
  return limits;
}

api::DispatcherOptions dispatcher_options(const config::Settings& settings) {
  api::DispatcherOptions options;
  options.per_address = limits(settings, "address");
  options.per_user = limits(settings, "user");
  options.parked_max = static_cast<std::size_t>(settings.integer("limits.long_polls"));
  options.prepare_queue_max = static_cast<std::size_t>(settings.integer("limits.password_queue"));
  return options;
}

identity::IdentityOptions identity_options(const config::Settings& settings, const Addresses& addresses) {
  identity::IdentityOptions options;
  options.signing_key = addresses.signing_key;
  options.access_ttl = minutes(settings.integer("identity.access_minutes"));
  options.refresh_ttl = days(settings.integer("identity.refresh_days"));
  options.session_idle_ttl = minutes(settings.integer("identity.session_idle_minutes"));
  options.login_tries_per_minute = static_cast<int>(settings.integer("limits.login_failures_per_minute"));
  options.password_length_min = static_cast<int>(settings.integer("identity.password_length_min"));
  options.cookie_secure = settings.boolean("http.behind_tls");
  options.codes_per_address = static_cast<int>(settings.integer("limits.codes_per_address"));
  options.codes_in_all = static_cast<int>(settings.integer("limits.codes_in_all"));
  options.key_per_minute = static_cast<int>(settings.integer("limits.key_per_minute"));
  options.key_per_day = static_cast<int>(settings.integer("limits.key_per_day"));
  options.second_factor_required = settings.boolean("identity.second_factor_required");
  options.family_max = static_cast<int>(settings.integer("identity.family_max"));
  return options;
}

booking::BookingOptions booking_options(const config::Settings& settings) {
  booking::BookingOptions options;
  options.hold_ttl = seconds(settings.integer("booking.hold_seconds"));
  options.hold_grace = seconds(settings.integer("booking.grace_seconds"));
  options.wait_ttl = minutes(settings.integer("booking.wait_minutes"));
  options.open_holds_per_patient = static_cast<int>(settings.integer("booking.open_holds_per_patient"));
  return options;
}

// "a,b": blanks around commas do not count.
std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    words.push_back(trimmed(list.substr(0, comma)));
    list.remove_prefix(std::min(list.size(), comma + 1));
  }
  return words;
}

}  // namespace

static notifications::NotificationOptions notification_options(const config::Settings& settings,
                                                               const Addresses& addresses) {
  notifications::NotificationOptions options;
  options.public_url = addresses.public_url;
  while (options.public_url.ends_with('/')) options.public_url.pop_back();
  options.from = mail::mailbox_parse(settings.text("mail.from")).value_or(mail::Mailbox{});
  if (!settings.text("mail.smtp_url").empty()) {
    mail::SmtpOptions smtp;
    smtp.url = settings.text("mail.smtp_url");
    smtp.user = settings.text("mail.user");
    smtp.password = settings.text("mail.password");
    smtp.ca_file = settings.text("mail.ca_file");
    const std::string& tls = settings.text("mail.starttls");
    smtp.tls = tls == "required" ? mail::Tls::required : tls == "offered" ? mail::Tls::offered : mail::Tls::none;
    options.mailer = mail::make_smtp_mailer(std::move(smtp));
  }
  options.sms_url = settings.text("sms.gateway_url");
  options.sms_key = settings.text("sms.gateway_key");
  options.resolver = mail::make_resolver();
  options.allowed_networks = address_ranges_parse(settings.text("notifications.allowed_networks")).value();
  options.language = settings.text("notifications.language");
  options.reminders_at = {static_cast<std::int32_t>(settings.integer("notifications.reminder_hour") * 60)};
  options.secret_key = addresses.signing_key;
  options.is_sandbox = settings.boolean("notifications.sandbox");
  return options;
}

std::string own_url(const config::Settings& settings, std::uint16_t port) {
  const std::string& address = settings.text("http.address");
  const bool is_any = address == "0.0.0.0" || address == "::";
  const std::string host = is_any                                   ? "127.0.0.1"
                           : address.find(':') != std::string::npos ? "[" + address + "]"
                                                                    : address;
  return fmt::format("http://{}:{}", host, port);
}

http::ServerOptions server_options(const config::Settings& settings) {
  http::ServerOptions options;
  options.address = settings.text("http.address");
  options.port = static_cast<std::uint16_t>(settings.integer("http.port"));
  const auto threads = static_cast<unsigned>(settings.integer("http.threads"));
  options.threads = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  options.body_bytes_max = static_cast<std::size_t>(settings.integer("http.body_bytes_max"));
  options.connections_max = static_cast<std::size_t>(settings.integer("http.connections_max"));
  options.idle_seconds_max = static_cast<int>(settings.integer("http.idle_seconds_max"));
  options.trusted_proxies = address_ranges_parse(settings.text("http.trusted_proxies")).value();
  return options;
}

namespace {

constexpr std::array<std::string_view, 12> known_modules{"identity",  "directory", "billing",   "booking",
                                                         "reviews",   "records",   "reception", "notifications",
                                                         "reporting", "events",    "errors",    "audit"};

}  // namespace

std::optional<std::set<std::string, std::less<>>> modules_parse(std::string_view list) {
  std::set<std::string, std::less<>> modules;
  for (const std::string_view word : words_of(list))
    if (std::ranges::find(known_modules, word) == known_modules.end()) return std::nullopt;
    else modules.emplace(word);
  return modules;
}

std::optional<std::set<HospitalId>> hospitals_parse(std::string_view list) {
  std::set<HospitalId> hospitals;
  for (const std::string_view word : words_of(list)) {
    HospitalId id;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id.value);
    if (error != std::errc() || end != word.data() + word.size() || id.value < 1) return std::nullopt;
    hospitals.insert(id);
  }
  return hospitals;
}

std::string settings_fault(const config::Settings& settings) {
  const std::string& secret = settings.text("billing.gateway_secret");
  const bool is_made = settings.boolean("billing.sandbox") && secret.empty();
  if (!settings.text("billing.gateway_url").empty() && !is_made && !crypto::WebhookSecret::parse(secret))
    return "billing.gateway_secret must be whsec_ and base64 of at least 24 bytes";
  if (!modules_parse(settings.text("node.modules")))
    return fmt::format("node.modules knows {}", fmt::join(known_modules, ", "));
  if (!hospitals_parse(settings.text("node.hospitals"))) return "node.hospitals must be ids such as 12,17";
  if (!settings.text("mail.smtp_url").empty() && !mail::mailbox_parse(settings.text("mail.from")))
    return "mail.from must be an address such as Clinic <no-reply@clinic.example>";
  const std::string& scanner = settings.text("records.scanner");
  if (!scanner.empty() && !scan::is_clamd_address(scanner))
    return "records.scanner must be HOST:PORT or the path of clamd's socket";
  const std::string& key = settings.text("identity.signing_key");
  const auto seed = crypto::base64url_decode(key);
  if (!key.empty() && (!seed || seed->size() != 32)) return "identity.signing_key must be base64url of 32 bytes";
  return "";
}

// An address that stands for all of a machine's says nothing of which machine.
static std::string host_of(const std::string& address) {
  if (address != "0.0.0.0" && address != "::") return address;
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : address;
}

ProductOptions product_options(const config::Settings& settings, const Addresses& addresses) {
  ProductOptions options;
  options.identity = identity_options(settings, addresses);
  options.billing = {addresses.gateway_url, addresses.gateway_secret, addresses.callback_url};
  options.booking = booking_options(settings);
  options.notifications = notification_options(settings, addresses);
  options.reporting.secret_key = addresses.signing_key;
  options.reporting.folder = settings.text("data.folder");
  options.reporting.file_kept = hours(settings.integer("reporting.export_hours"));
  if (settings.boolean("identity.sandbox_messages"))
    options.sandbox_messages = settings.text("data.folder") + "/sandbox-messages.jsonl";
  if (const std::string& scanner = settings.text("records.scanner"); !scanner.empty())
    options.records.scanner = scan::make_clamd_scanner(
        {scanner, static_cast<int>(settings.integer("records.scanner_seconds_max")) * 1000, 1});
  options.dispatcher = dispatcher_options(settings);
  options.dispatcher.modules = modules_parse(settings.text("node.modules")).value();
  options.hospitals = hospitals_parse(settings.text("node.hospitals")).value();
  options.node_name = host_of(settings.text("http.address")) + ":" + std::to_string(settings.integer("http.port"));
  return options;
}

}  // namespace fairward::app
