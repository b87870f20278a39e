// Names of many people at once.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "modules/identity/identity.h"
#include "sql/identity.h"

namespace fairward::identity {
namespace {

struct Named {
  UserId id;
  std::string name;
};

}  // namespace

std::unordered_map<UserId, std::string> names_of(Snapshot& db, const std::vector<UserId>& ids) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(ids.size());
  for (const UserId id : ids) numbers.push_back(id.value);
  std::unordered_map<UserId, std::string> names;
  db.each<Named>(
      sql_queries::user_names, [&](Named&& row) { names.emplace(row.id, std::move(row.name)); },
      fmt::format("[{}]", fmt::join(numbers, ",")));
  return names;
}

}  // namespace fairward::identity
