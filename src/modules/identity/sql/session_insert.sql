INSERT INTO identity_session (user_id, kind, token_hash, created_at, seen_at, expires_at)
VALUES ($1, $2, $3, $4, $4, $5)
RETURNING id
