INSERT INTO identity_session (user_id, kind, token_hash, created_at, seen_at, expires_at, agent)
VALUES ($1, $2, $3, $4, $4, $5, $6)
RETURNING id
