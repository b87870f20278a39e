// Every setting of the program, in the order of the documentation. docs/configuration.md is generated from it.
#include <fmt/format.h>

#include "platform/config/config.h"

namespace fairward::config {
namespace {

constexpr Setting text(std::string_view name, std::string_view fallback, std::string_view description) {
  return {name, Kind::text, fallback, description};
}
constexpr Setting secret(std::string_view name, std::string_view description) {
  return {name, Kind::text, "", description, true};
}
constexpr Setting integer(std::string_view name, std::string_view fallback, std::int64_t minimum, std::int64_t maximum,
                          std::string_view description) {
  return {name, Kind::integer, fallback, description, false, minimum, maximum};
}
constexpr Setting boolean(std::string_view name, std::string_view fallback, std::string_view description) {
  return {name, Kind::boolean, fallback, description};
}
constexpr Setting choice(std::string_view name, std::string_view fallback, std::string_view choices,
                         std::string_view description) {
  return {name, Kind::choice, fallback, description, false, 0, 0, choices};
}

constexpr Setting networks(std::string_view name, std::string_view description) {
  return {name, Kind::networks, "", description};
}

constexpr Setting settings[] = {
    text("http.address", "127.0.0.1", "Address to listen on; 0.0.0.0 for every IPv4 interface."),
    integer("http.port", "8080", 0, 65535, "Port to listen on; 0 takes a free one, which is logged."),
    integer("http.threads", "0", 0, 256, "Threads that carry connections; 0 is one per core."),
    integer("http.body_bytes_max", "1048576", 1024, 104857600, "Longest request body in bytes; longer ones get 413."),
    integer("http.connections_max", "20000", 16, 1000000,
            "Open connections; more are answered 503 and closed. An address that is no trusted proxy gets a quarter."),
    integer("http.idle_seconds_max", "75", 1, 3600, "Seconds an idle connection is kept."),
    integer("http.stop_seconds_max", "20", 0, 600,
            "Seconds that requests in progress get to end when the program stops."),
    boolean("http.behind_tls", "false", "A proxy in front speaks TLS: session cookies are Secure and HSTS is sent."),
    text("http.public_url", "",
         "Where people reach the pages, such as https://clinic.example: links in messages begin with it, and passkeys "
         "are bound to its name; empty is the own address."),
    networks("http.trusted_proxies",
             "Networks of proxies in front, such as 10.0.0.0/8: their X-Forwarded-For says who the client is."),

    text("data.folder", "data", "Folder for the embedded database and generated keys."),
    text("database.url", "", "sqlite:FOLDER/fairward.db, or postgresql://host/name; empty is SQLite in data.folder."),
    text("database.direct_url", "",
         "Where database.url leads through a pooler that shares sessions: the server itself. A node hears there what "
         "others commit."),
    text("database.user", "", "Database user, when the address does not name one."),
    secret("database.password", "Database password, when the address does not bear one."),
    integer("database.writers", "4", 1, 64, "PostgreSQL connections that write."),
    integer("database.readers", "4", 1, 64, "PostgreSQL connections, or SQLite threads, that read."),
    boolean("database.pooled", "false",
            "PostgreSQL is reached through a pooler that gives each transaction another session (PgBouncer, "
            "pool_mode = transaction)."),
    integer("database.silence_seconds_max", "15", 0, 3600,
            "Seconds without a word after which a PostgreSQL server is given up and the call answered 503; 0 waits for "
            "ever."),
    integer("database.reserve_megabytes", "160", 0, 65536,
            "Space kept in fairward.db-reserve, so that a disk filled by the SQLite log can be made free again; 0 is "
            "none."),

    text("node.modules", "",
         "The modules that this node serves, with commas between: identity, directory, billing, booking, reviews, "
         "records, reception, notifications, reporting, events, errors, audit. Calls of others are answered 421. Empty "
         "is all."),
    text("node.hospitals", "",
         "Ids of the hospitals that this node serves, with commas between. Calls that name others, or doctors who "
         "practise only there, are answered 421. Empty is all."),

    secret("identity.signing_key",
           "Seed of the token signature and of the seals of the audit record, 32 bytes in base64url; generated into "
           "data.folder when empty."),
    integer("identity.access_minutes", "15", 1, 1440, "Life of an access token."),
    integer("identity.refresh_days", "30", 1, 365, "Life of a refresh token."),
    integer("identity.session_idle_minutes", "720", 5, 10080,
            "Minutes without use after which a browser session ends."),
    integer("identity.password_length_min", "8", 8, 64,
            "Shortest password; 15 is recommended where it is the only factor."),
    boolean("identity.second_factor_required", "false",
            "Staff and doctors without a second factor can do nothing but add one."),
    integer("identity.family_max", "8", 0, 100, "People whom one patient may act for, such as children."),
    boolean(
        "identity.sandbox_messages", "false",
        "Write messages about accounts, with their codes and links, into data.folder/sandbox-messages.jsonl instead of "
        "sending them. For tests only."),

    integer("booking.hold_seconds", "300", 1, 86400,
            "Seconds a held slot waits for its payment, as told to the client."),
    integer("booking.grace_seconds", "5", 0, 60, "Seconds the server waits longer than it tells."),
    integer("booking.wait_minutes", "60", 1, 1440, "Longest stay in the waiting queue."),
    integer("booking.open_holds_per_patient", "1", 1, 100, "Unpaid holds and waits a patient may have at a time."),

    text("billing.gateway_url", "", "Payment gateway; empty refuses payments, serve --sandbox sets it."),
    secret("billing.gateway_secret", "Signs the calls to and from the gateway; at least 24 bytes."),
    text("billing.callback_url", "", "Where the gateway reaches this program; empty is its own address."),
    boolean("billing.sandbox", "false", "Start the sandbox gateway with the server: payments without money."),

    text("mail.smtp_url", "",
         "Server that takes e-mail: smtp://HOST:587 (STARTTLS) or smtps://HOST:465; empty sends no e-mail."),
    text("mail.from", "Fairward <no-reply@localhost>", "Whom e-mails come from: Clinic <no-reply@clinic.example>."),
    text("mail.user", "", "Login at the mail server; empty is none."),
    secret("mail.password", "Password at the mail server."),
    choice("mail.starttls", "required", "required|offered|none",
           "Of smtp://: whether the connection must be encrypted, is when the server offers it, or is not."),
    text("mail.ca_file", "", "File of certificate authorities to believe; empty is the system's."),
    text("sms.gateway_url", "",
         "Gateway that takes SMS: a POST of {id, to, text} with an Idempotency-Key; empty sends none."),
    secret("sms.gateway_key", "Sent to the SMS gateway as a bearer token."),
    choice("notifications.language", "en", "en|hi", "Language of messages to people who have chosen none."),
    integer("notifications.reminder_hour", "18", 0, 23,
            "Hour of the evening before a visit, on the hospital's wall, at which patients are reminded."),
    networks("notifications.allowed_networks",
             "Networks such as 10.0.0.0/8 that webhooks may reach although they are not public, by http too."),
    boolean("notifications.sandbox", "false",
            "Send nothing: messages are kept in memory and shown to everybody at /api/sandbox/messages; serve "
            "--sandbox sets it. For demos and tests only."),

    integer("reporting.export_hours", "24", 1, 720, "How long the file of an export is kept, in hours."),
    text("records.scanner", "",
         "Virus scanner that sees each file before it is kept: clamd at HOST:3310, or the path of its socket; empty "
         "asks none. While it does not answer, no file is taken."),
    integer("records.scanner_seconds_max", "10", 1, 60, "Seconds that the virus scanner may be silent."),

    integer("limits.address_per_minute", "6000", 1, 100000000,
            "Requests a minute from one address; and as many for pages beside the API."),
    integer("limits.address_writes_per_minute", "1200", 1, 100000000, "Of these, how many may write."),
    integer("limits.address_logins_per_minute", "60", 1, 100000000, "Of these, how many may log in or register."),
    integer("limits.user_per_minute", "1200", 1, 100000000, "Requests a minute of one user."),
    integer("limits.user_writes_per_minute", "240", 1, 100000000, "Of these, how many may write."),
    integer("limits.login_failures_per_minute", "10", 1, 100000000,
            "Failed logins a minute, per account and address, before more are refused."),
    integer("limits.key_per_minute", "600", 1, 1000000, "Calls a minute of an API key, unless it was granted more."),
    integer("limits.key_per_day", "100000", 1, 1000000000, "Calls a day (UTC) of an API key."),
    integer("limits.codes_per_address", "30", 1, 100000000, "One-time codes sent in ten minutes for one address."),
    integer("limits.codes_in_all", "2000", 1, 100000000, "One-time codes sent in ten minutes in all."),
    integer("limits.database_queue", "20000", 16, 1000000,
            "Calls that wait for the database, reading and writing each; more are answered 503."),
    integer("limits.long_polls", "20000", 1, 1000000, "Long polls that wait; more are answered 503."),
    integer("limits.password_queue", "4096", 1, 1000000,
            "Logins and registrations that wait for a processor, of one address half of them; more are answered 503."),

    text("backup.folder", "", "Folder for backups that the server makes by itself; empty makes none."),
    integer("backup.every_hours", "24", 1, 8760, "Hours from one of them to the next."),
    integer("backup.keep_last", "7", 1, 10000, "The newest so many backups are kept however old they are."),
    integer("backup.keep_days", "30", 0, 36500, "Backups younger than so many days are kept, too; the others go."),
    integer("backup.max_age_hours", "48", 0, 87600,
            "Hours after which the last good backup is too old: an error in the log, a metric, a word in /health; 0 "
            "is never."),
    text("backup.key_file", "", "File of the key that seals backups, made by fairward backup key; empty seals none."),
    text("backup.postgres_bin", "", "Folder of pg_dump and pg_restore; empty looks for those that fit the server."),

    choice("log.level", "info", "debug|info|warning|error|off", "Least level that is logged."),
    choice("log.format", "json", "json|text",
           "Shape of the log on stderr: one JSON object a line, or text for people."),

    text("ui.contact_name", "", "Who runs this installation: told on the accessibility page."),
    text("ui.contact_email", "", "E-mail address for people whom the pages shut out."),
    text("ui.contact_phone", "", "Telephone number for people whom the pages shut out."),
    text("ui.web_dir", "", "Serve the web UI from this folder instead of the one inside the program."),
};

std::string type_text(const Setting& setting) {
  switch (setting.kind) {
    case Kind::text: return setting.is_secret ? "secret" : "text";
    case Kind::integer: return fmt::format("{} … {}", setting.minimum, setting.maximum);
    case Kind::boolean: return "true, false";
    case Kind::networks: return "networks";
    case Kind::choice: break;
  }
  std::string list;
  for (const char c : setting.choices) list += c == '|' ? std::string(", ") : std::string(1, c);
  return list;
}

constexpr std::string_view markdown_head = R"(# Settings

Generated by `fairward config table` from the table in `src/platform/config/table.cpp`; a test compares the two.

A setting comes from, the later the stronger: its default, the TOML file that `--config FILE` or `FAIRWARD_CONFIG`
names, the environment, the command line. `http.port` is key `port` of section `[http]` in the file,
`FAIRWARD_HTTP_PORT` in the environment, and `--http.port=8080` on the command line. A secret `x.y` may also be read
from the file that `FAIRWARD_X_Y_FILE` names. `DATABASE_URL`, `DATABASE_USER` and `DATABASE_PASSWORD` (or
`DATABASE_PASSWORD_FILE`) are read as well.

`fairward config check` names every mistake with file, line and column and ends with status 3.
`fairward config print` shows the values in effect and where each comes from; secrets are not shown.

| setting | values | default | what it does |
|---|---|---|---|
)";

}  // namespace

std::span<const Setting> table() { return settings; }

std::string table_markdown() {
  std::string out(markdown_head);
  for (const Setting& setting : settings) {
    const std::string fallback = setting.fallback.empty() ? "" : fmt::format("`{}`", setting.fallback);
    out += fmt::format("| `{}` | {} | {} | {} |\n", setting.name, type_text(setting), fallback, setting.description);
  }
  return out;
}

}  // namespace fairward::config
