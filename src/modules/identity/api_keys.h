// Keys of programs: shown once, kept as a hash, with a quota, an end and a successor. Source: mission I5.
#pragma once

#include "modules/identity/sessions.h"

namespace fairward::identity {

constexpr int keys_per_owner = 20;  // that are good
constexpr std::int64_t key_days_max = 366;

class ApiKeys {
 public:
  ApiKeys(Sessions& sessions, const IdentityOptions& options) : sessions_(sessions), options_(options) {}

  // Errors, in this order: quota_too_high, keys_full. Emits identity.key_added.
  Result<Created<NewKey>> key_create(Txn& txn, Call& call, const KeyCreate& body);
  Result<Page<ApiKey>> key_list(Snapshot& db, Call& call, const api::Empty&);
  Result<Page<ApiKey>> user_key_list(Snapshot& db, Call& call, const UserPath& path);
  // Everybody's, the newest first.
  Result<Page<KeyOfUser>> key_list_all(Snapshot& db, Call& call, const AllKeysQuery& query);
  // A successor with the same rights and quota; the old key is good for a while yet. Errors: key_not_found, keys_full.
  Result<Created<NewKey>> key_rotate(Txn& txn, Call& call, const KeyRotation& body);
  // At once on this node, on the others as soon as they hear of it. Errors: key_not_found. Emits identity.key_revoked.
  Result<NoContent> key_delete(Txn& txn, Call& call, const KeyPath& path);
  // Errors: key_not_found.
  Result<ApiKey> key_quota_put(Txn& txn, Call& call, const KeyQuotaPut& body);
  // The last month, by day of UTC. Errors: key_not_found.
  Result<Page<KeyUsage>> key_usage_list(Snapshot& db, Call& call, const KeyPath& path);

 private:
  Result<Created<NewKey>> added(Txn& txn, Call& call, ApiKeyRow row);
  Sessions& sessions_;
  const IdentityOptions options_;
};

}  // namespace fairward::identity
