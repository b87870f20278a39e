SELECT id, owner_id, name, prefix, scopes, hospital_id, per_minute, per_day, created_at, expires_at, revoked_at, used_at
FROM identity_api_key
WHERE owner_id = $1
ORDER BY id DESC
LIMIT 200
