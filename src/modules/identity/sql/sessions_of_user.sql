SELECT id, kind, agent, created_at, seen_at, expires_at
FROM identity_session
WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
ORDER BY seen_at DESC, id DESC
LIMIT 200
