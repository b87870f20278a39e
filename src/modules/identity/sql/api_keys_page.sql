-- With words: one pass over the keys, until the page is full.
SELECT k.id, k.owner_id, k.name, k.prefix, k.scopes, k.per_minute, k.per_day, k.created_at, k.expires_at, k.revoked_at, k.used_at,
  u.name, u.role
FROM identity_api_key k
JOIN identity_user u ON u.id = k.owner_id
WHERE k.id < $1
  AND (CAST($2 AS TEXT) IS NULL OR u.name_key LIKE $2 ESCAPE '\' OR LOWER(k.name) LIKE $2 ESCAPE '\')
  AND (CAST($3 AS BIGINT) IS NULL OR CASE WHEN k.revoked_at IS NULL AND k.expires_at > $4 THEN 1 ELSE 0 END = $3)
ORDER BY k.id DESC
LIMIT $5
