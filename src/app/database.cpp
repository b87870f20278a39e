#include "app/database.h"

#include "platform/http/http.h"

namespace fairward::app {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

bool is_postgres_url(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

void parameter_add(std::string& url, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += name;
  url += '=';
  url += http::url_encode(value);
}

}  // namespace

tl::expected<Database, std::string> database_of(const config::Settings& settings) {
  Database database;
  database.writers = static_cast<std::size_t>(settings.integer("database.writers"));
  database.readers = static_cast<std::size_t>(settings.integer("database.readers"));
  database.is_pooled = settings.boolean("database.pooled");
  database.queue_max = static_cast<std::size_t>(settings.integer("limits.database_queue"));
  const std::string& url = settings.text("database.url");
  if (url.empty()) {
    database.place = settings.text("data.folder") + "/fairward.db";
  } else if (url.starts_with(sqlite_scheme) && url.size() > sqlite_scheme.size()) {
    database.place = url.substr(sqlite_scheme.size());
  } else if (is_postgres_url(url)) {
    database.is_postgres = true;
    database.place = url;
    database.direct_place = settings.text("database.direct_url");
    for (std::string* place : {&database.place, &database.direct_place}) {
      if (place->empty()) continue;
      parameter_add(*place, "user", settings.text("database.user"));
      parameter_add(*place, "password", settings.text("database.password"));
    }
  } else {
    return tl::unexpected(settings.origin("database.url") +
                          ": database.url must be sqlite:FOLDER/fairward.db or postgresql://host/name");
  }
  return database;
}

void database_migrate(const Database& database, const std::function<void(const std::string&)>& say) {
  if (database.is_postgres) sql::migrate_postgres(database.place, say);
  else sql::migrate_sqlite(database.place, say);
}

std::unique_ptr<sql::Engine> database_open(const Database& database, const Clock& clock, bool is_durable) {
  if (database.is_postgres) {
    sql::PostgresOptions options;
    options.url = database.place;
    options.writers = database.writers;
    options.readers = database.readers;
    options.queue_max = database.queue_max;
    options.is_node = database.is_node;
    options.follow_url = database.direct_place;
    options.is_pooled = database.is_pooled;
    options.recorder = database.recorder;
    options.silence_max = std::chrono::seconds(database.silence_seconds_max);
    return sql::open_postgres(options, clock);
  }
  sql::SqliteOptions options;
  options.path = database.place;
  options.readers = database.readers;
  options.queue_max = database.queue_max;
  options.reserve_bytes = database.reserve_bytes;
  options.recorder = database.recorder;
  options.sync = is_durable ? sql::SqliteSync::full : sql::SqliteSync::off;
  return sql::open_sqlite(options, clock);
}

}  // namespace fairward::app
