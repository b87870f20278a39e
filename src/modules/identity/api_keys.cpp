#include "modules/identity/api_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "modules/identity/errors.h"
#include "modules/identity/people.h"
#include "modules/identity/secrets.h"

namespace fairward::identity {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t prefix_shown = api_key_prefix.size() + 6;
constexpr std::int64_t usage_days = 31;

constexpr KeyScope every_scope[] = {KeyScope::search, KeyScope::read, KeyScope::write, KeyScope::webhooks};

std::int64_t bit_of(KeyScope scope) { return std::int64_t{1} << static_cast<unsigned>(scope); }

std::int64_t bits_of(const std::optional<std::vector<KeyScope>>& scopes) {
  std::int64_t bits = bit_of(KeyScope::search);
  for (const KeyScope scope : scopes.value_or(std::vector<KeyScope>{})) bits |= bit_of(scope);
  return bits;
}

std::vector<KeyScope> scopes_of(std::int64_t bits) {
  std::vector<KeyScope> scopes;
  for (const KeyScope scope : every_scope)
    if ((bits & bit_of(scope)) != 0) scopes.push_back(scope);
  return scopes;
}

ApiKey view_of(const auto& row) {
  return {row.id,         row.owner,   row.name,       row.prefix,     scopes_of(row.scopes),
          row.per_minute, row.per_day, row.created_at, row.expires_at, row.revoked_at,
          row.used_at};
}

void key_emit(Txn& txn, std::string_view kind, const ApiKeyRow& row) {
  txn.emit({fmt::format("user/{}", row.owner.value), std::string(kind),
            fmt::format(R"({{"user_id":{},"key_id":{}}})", row.owner.value, row.id.value)});
}

bool is_mine(const Call& call, const std::optional<ApiKeyRow>& row) {
  return row && (row->owner == call.caller.user || call.scope == api::Scope::all);
}

Page<ApiKey> page_of(const std::vector<ApiKeyRow>& rows) {
  Page<ApiKey> page;
  for (const ApiKeyRow& row : rows) page.items.push_back(view_of(row));
  return page;
}

}  // namespace

Result<Created<NewKey>> ApiKeys::added(Txn& txn, Call& call, ApiKeyRow row) {
  user_lock(txn, row.owner);
  if (api_keys_good(txn, row.owner, call.now) >= keys_per_owner) return fail(keys_full);
  const std::string key = std::string(api_key_prefix) + call.random->token(key_bytes);
  row.prefix = key.substr(0, prefix_shown);
  row.created_at = call.now;
  row.id = api_key_insert(txn, row, secret_hash(key));
  key_emit(txn, "identity.key_added", row);
  call.header("Cache-Control", "no-store");
  return Created<NewKey>{{key, view_of(row)}, fmt::format("/api/me/keys/{}", row.id.value)};
}

Result<Created<NewKey>> ApiKeys::key_create(Txn& txn, Call& call, const KeyCreate& body) {
  ApiKeyRow row;
  row.owner = call.caller.user;
  row.name = body.name.value;
  row.scopes = bits_of(body.scopes);
  row.hospital = call.caller.hospital;
  row.per_minute = body.per_minute ? body.per_minute->value : options_.key_per_minute;
  row.per_day = body.per_day ? body.per_day->value : options_.key_per_day;
  row.expires_at = call.now + days(body.days ? body.days->value : key_days_max);
  const bool is_too_high = row.per_minute > options_.key_per_minute || row.per_day > options_.key_per_day;
  if (is_too_high && call.scope != api::Scope::all) return fail(quota_too_high);
  return added(txn, call, std::move(row));
}

Result<Page<ApiKey>> ApiKeys::key_list(Snapshot& db, Call& call, const api::Empty&) {
  return page_of(api_keys_of(db, call.caller.user));
}

Result<Page<ApiKey>> ApiKeys::user_key_list(Snapshot& db, Call&, const UserPath& path) {
  return page_of(api_keys_of(db, path.id));
}

Result<Page<KeyOfUser>> ApiKeys::key_list_all(Snapshot& db, Call& call, const AllKeysQuery& query) {
  FAIRWARD_TRY_AS(after, cursor_parse(query.cursor));
  KeyFilter filter;
  if (after > 0) filter.before = after;
  if (query.q) filter.words = query.q->value;
  if (query.state) filter.is_good = *query.state == KeyState::good;
  filter.limit = query.limit + 1;
  Page<KeyOfUser> page;
  for (const OwnedKeyRow& row : api_keys_page(db, filter, call.now))
    page.items.push_back({view_of(row), row.owner_name, row.owner_role});
  page.next = api::page_cut(page.items, query.limit,
                            [](const KeyOfUser& last) { return cursor_text(UserId{last.key.id.value}); });
  return page;
}

Result<Created<NewKey>> ApiKeys::key_rotate(Txn& txn, Call& call, const KeyRotation& body) {
  const auto old = api_key_find(txn, body.id);
  if (!old || old->owner != call.caller.user || old->revoked_at || old->expires_at <= call.now)
    return fail(key_not_found);
  ApiKeyRow row = *old;
  row.used_at.reset();
  row.expires_at = call.now + (old->expires_at - old->created_at);
  FAIRWARD_TRY_AS(made, added(txn, call, std::move(row)));
  const Instant ends_at = call.now + hours(body.overlap_hours ? body.overlap_hours->value : 24);
  api_key_end(txn, old->id, std::min(ends_at, old->expires_at));
  sessions_.forget(txn, old->owner);
  return made;
}

Result<NoContent> ApiKeys::key_delete(Txn& txn, Call& call, const KeyPath& path) {
  const auto row = api_key_find(txn, path.id);
  if (!is_mine(call, row) || !api_key_revoke(txn, path.id, call.now)) return fail(key_not_found);
  key_emit(txn, "identity.key_revoked", *row);
  sessions_.forget(txn, row->owner);
  return NoContent{};
}

Result<ApiKey> ApiKeys::key_quota_put(Txn& txn, Call&, const KeyQuotaPut& body) {
  api_key_quota_put(txn, body.id, body.per_minute.value, body.per_day.value);
  const auto row = api_key_find(txn, body.id);
  if (!row) return fail(key_not_found);
  key_emit(txn, "identity.key_quota_changed", *row);
  sessions_.forget(txn, row->owner);
  return view_of(*row);
}

Result<Page<KeyUsage>> ApiKeys::key_usage_list(Snapshot& db, Call& call, const KeyPath& path) {
  if (!is_mine(call, api_key_find(db, path.id))) return fail(key_not_found);
  Page<KeyUsage> page;
  page.items = api_usage_since(db, path.id, utc_day_text(utc_day(call.now) - usage_days));
  return page;
}

}  // namespace fairward::identity
