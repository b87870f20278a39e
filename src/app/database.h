// The database that the settings name: which engine, where.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/config/config.h"
#include "platform/sql/engine.h"

namespace fairward::app {

struct Database {
  bool is_postgres = false;
  std::string place;  // a file, or a connection string with user and password; never logged
  std::size_t writers = 4, readers = 4;
  std::size_t queue_max = 20'000;        // calls that wait
  bool is_pooled = false;                // PostgreSQL behind a pooler in transaction mode
  std::int64_t silence_seconds_max = 0;  // of PostgreSQL towards a server; commands beside it wait
  std::int64_t reserve_bytes = 0;        // of a server; commands beside it have none
  sql::RecorderMaker recorder = {};      // of who did what; see app/audit.h
  // A server: it hears what others that share the database commit, on a session of its own at direct_place.
  bool is_node = false;
  std::string direct_place;  // "": place
};

// The error is a sentence for the operator: the address names neither sqlite: nor postgresql:.
tl::expected<Database, std::string> database_of(const config::Settings& settings);

// Both throw sql::Error.
void database_migrate(const Database& database, const std::function<void(const std::string&)>& say);
// is_durable = false: for filling demo data only.
std::unique_ptr<sql::Engine> database_open(const Database& database, const Clock& clock, bool is_durable = true);

}  // namespace fairward::app
